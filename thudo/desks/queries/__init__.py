"""Readers of the desks, one file per noun."""
