"""The city's month end, through the real services and the real broker."""
