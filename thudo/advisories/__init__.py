"""What the city announces for a place and a time, and what a ward asks its people."""
