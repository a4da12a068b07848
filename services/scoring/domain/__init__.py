"""The law of scoring (R-11 to R-25), as values and functions of the standard library.

:func:`scoring.domain.score.score_month` is the one way in, for the service and for the offline command.
"""
