"""Where a booking is in its short life."""

BOOKED, ARRIVED, HELD, MISSED = "booked", "arrived", "held", "missed"
CANCELLED, CALLED_OFF = "cancelled", "called_off"
# A booking in one of these holds its seat; the others have given it back.
HOLDING = (BOOKED, ARRIVED, HELD, MISSED)

STATES: dict[str, str] = {
    BOOKED: "Booked",
    ARRIVED: "Arrived",
    HELD: "Was received",
    MISSED: "Did not come",
    CANCELLED: "Cancelled",
    CALLED_OFF: "Called off by the unit",
}

# What came of the talk.
OUTCOMES: dict[str, str] = {
    "answered": "Answered on the spot",
    "guided": "Shown the right office and procedure",
    "taken": "Papers taken, an answer will follow",
}


def link_key(number: str) -> str:
    """How a session remembers that the secret link of a booking was shown. Petitions keep bare
    numbers there, so one kind of number never opens the other."""
    return f"reception:{number}"
