"""What scoring does: keeps facts, computes months, answers questions."""

from scoring.usecases.asking import (
    explain_score,
    get_month,
    get_score,
    list_quotas,
    list_scores,
)
from scoring.usecases.computing import (
    announce_month,
    compute,
    next_month,
    postpone_month,
    take_month,
)
from scoring.usecases.facts import (
    keep_assessments,
    keep_delegations,
    keep_posts,
    keep_quota_rates,
    keep_work,
    keep_working_times,
)
from scoring.usecases.periods import get_period, list_periods, record_unit_grade
from scoring.usecases.policies import (
    approve_policy,
    close_month,
    diff_policies,
    get_policy,
    list_policies,
    policies_of_month,
    propose_policy,
)
from scoring.usecases.quotas import plan_quota
from scoring.usecases.simulating import simulate_policy

__all__ = [
    "announce_month",
    "approve_policy",
    "close_month",
    "compute",
    "diff_policies",
    "explain_score",
    "get_month",
    "get_period",
    "get_policy",
    "get_score",
    "keep_assessments",
    "keep_delegations",
    "keep_posts",
    "keep_quota_rates",
    "keep_work",
    "keep_working_times",
    "list_periods",
    "list_policies",
    "list_quotas",
    "list_scores",
    "next_month",
    "plan_quota",
    "policies_of_month",
    "postpone_month",
    "propose_policy",
    "record_unit_grade",
    "simulate_policy",
    "take_month",
]
