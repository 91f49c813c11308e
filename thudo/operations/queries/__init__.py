"""Readers of what everybody sees. Nothing here reads a private petition's words or point.

Counts count every case, the private ones too; rows, maps and feeds show public ones only.
"""
