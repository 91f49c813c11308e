"""What may come of asking a neighbour, other than an answer. The texts are for logs: no secrets."""


class Failed(Exception):
    """The neighbour did not do what was asked, as far as we know."""


class Unavailable(Failed):
    """No answer, or "later": it may have been done or not. Ask again with the same key."""


class Declined(Failed):
    """It understood and said no: asking again is of no use."""
