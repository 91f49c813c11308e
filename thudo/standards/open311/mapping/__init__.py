"""Our words and those of Open311 GeoReport v2: what is asked, what is told, and its two formats."""
