"""The doors of Open311: what is read, what is written, and what every answer has in common."""
