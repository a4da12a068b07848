"""Approval runs a ward's month, from the self-assessment to the published grade.

It owns months and their deadlines, the general criteria with the three sets of values (self, reviewer,
deciding authority), superiors' remarks, decisions, delegations, quota rates and published grades. It never
computes a score and never edits a decision: a later one supersedes it.
"""
