"""What scoring does: keeps facts, computes months, answers questions."""

from scoring.usecases.asking import (
    explain_score,
    get_month,
    get_policy,
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
    keep_posts,
    keep_quota_rates,
    keep_work,
    keep_working_times,
)

__all__ = [
    "announce_month",
    "compute",
    "explain_score",
    "get_month",
    "get_policy",
    "get_score",
    "keep_assessments",
    "keep_posts",
    "keep_quota_rates",
    "keep_work",
    "keep_working_times",
    "list_quotas",
    "list_scores",
    "next_month",
    "postpone_month",
    "take_month",
]
