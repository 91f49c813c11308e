"""Our words and those of the JSON API: bodies, what they are made of, and the table of operations."""
