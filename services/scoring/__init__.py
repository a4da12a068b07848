"""Scoring: what a month of work is worth.

Owns the scoring policies, the scorecards, the scores and their bands, the proposed grades under the quota,
and the means of quarter, half-year and year. The law itself is in :mod:`scoring.domain`; ``python -m scoring
score`` applies it to a file, with nothing running. It decides no grade, and asks no other service: it knows
what planning and approval announced.
"""
