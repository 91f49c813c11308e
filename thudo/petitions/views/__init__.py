"""Doors of petitions for residents: filing, tracking, following up."""
