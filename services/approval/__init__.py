"""Approval runs a ward's month, from the self-assessment to the published grade.

It owns the regulations of evaluation (who decides whom, deadlines, criteria, the rate of A) and months with
the one that each was opened with; the three sets of values of the criteria (self, reviewer, deciding
authority), superiors' remarks, decisions, delegations, quota rates and published grades. It never computes a
score and never edits a decision: a later one supersedes it.
"""
