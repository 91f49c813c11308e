"""The deeds of reception, one file per noun."""

from thudo.reception.actions.booking import (
    Booked,
    BookedAlready,
    HourTaken,
    Wish,
    book_hour,
    cancel_booking,
    move_booking,
)
from thudo.reception.actions.days import call_off_day, open_day, publish_days
from thudo.reception.actions.receiving import (
    file_from_booking,
    hold_booking,
    mark_absence,
    mark_arrival,
    read_visitors,
)

__all__ = [
    "Booked",
    "BookedAlready",
    "HourTaken",
    "Wish",
    "book_hour",
    "call_off_day",
    "cancel_booking",
    "file_from_booking",
    "hold_booking",
    "mark_absence",
    "mark_arrival",
    "move_booking",
    "open_day",
    "publish_days",
    "read_visitors",
]
