"""The command line's `thudo pack ...` and `thudo map ...`."""
