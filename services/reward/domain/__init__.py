"""The law of money (R-33 to R-39) as values and functions of the standard library."""
