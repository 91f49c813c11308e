"""Doors of notices: what browsers ask for (push), the way out, and "where I live"."""
