"""Rate limits: how much of what anybody may ask for, counted without a trip to the server."""
