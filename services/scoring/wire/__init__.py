"""Protobuf from and to the values of scoring."""

from scoring.wire.explanations import explanation
from scoring.wire.facts import assessment, post, quota_rate, work, working_time
from scoring.wire.parsing import month
from scoring.wire.scores import policy, quota, quota_proposed, score, scorecard_computed

__all__ = [
    "assessment",
    "explanation",
    "month",
    "policy",
    "post",
    "quota",
    "quota_proposed",
    "quota_rate",
    "score",
    "scorecard_computed",
    "work",
    "working_time",
]
