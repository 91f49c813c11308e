"""The other doors: mail, Zalo, short messages, and the app that people know.

Coming in, everything is written down first (`Incoming`, whole and sealed) and read afterwards, in
one transaction with what came of it; going out, everything waits in `Outgoing` until the neighbour
has taken it. A process may die between any two lines: nothing is lost, nothing happens twice.
"""
