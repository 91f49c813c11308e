"""Readers of petitions, one file per noun."""
