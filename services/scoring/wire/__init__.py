"""Protobuf from and to the values of scoring."""

from scoring.wire.explanations import explanation
from scoring.wire.facts import assessment, closing, delegation, post, quota_rate, work, working_time
from scoring.wire.parsing import month
from scoring.wire.periods import explained_period, period_score, unit_grade, unit_grade_recorded
from scoring.wire.policies import (
    differences,
    grade,
    personnel_types,
    plans,
    policy,
    shown_policy,
    simulation,
    wanted,
)
from scoring.wire.scores import quota, quota_proposed, score, scorecard_computed

__all__ = [
    "assessment",
    "closing",
    "delegation",
    "differences",
    "explained_period",
    "explanation",
    "grade",
    "month",
    "period_score",
    "personnel_types",
    "plans",
    "policy",
    "post",
    "quota",
    "quota_proposed",
    "quota_rate",
    "score",
    "scorecard_computed",
    "shown_policy",
    "simulation",
    "unit_grade",
    "unit_grade_recorded",
    "wanted",
    "work",
    "working_time",
]
