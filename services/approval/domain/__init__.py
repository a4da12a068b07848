"""The law of approval (R-2, R-14, R-18, R-20 to R-22, R-26 to R-29), as values and functions."""
