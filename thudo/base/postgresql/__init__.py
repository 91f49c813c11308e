"""Django's PostgreSQL backend, less one question per request (see base.py)."""
