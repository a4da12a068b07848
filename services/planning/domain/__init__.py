"""What the regulations say about planning a month and about what came of it, as values and functions."""
