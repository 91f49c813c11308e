"""What everybody sees of advisories and consultations. Staff's pages are the desks'."""
