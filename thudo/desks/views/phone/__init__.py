"""The doors of the telephone desk: the call, call-backs, verdicts, sheets."""
