"""Readers of reception: what should be published, what is, who booked."""
