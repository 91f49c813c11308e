"""Readers of the doors: what the settings open, what waits, how each door does, what is answered."""
