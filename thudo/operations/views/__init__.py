"""Doors of the public pages, one file per noun."""
