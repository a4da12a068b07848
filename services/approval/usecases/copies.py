"""Taking over what other services announced. Late, doubled and reordered news ends in the same state."""

from approval.storage.copies import (
    keep_posts,
    keep_quotas,
    keep_scores,
    keep_units,
    keep_wards,
    keep_work,
    keep_working_time,
)
from approval.storage.watch import keep_unit_grades

__all__ = [
    "keep_posts",
    "keep_quotas",
    "keep_scores",
    "keep_unit_grades",
    "keep_units",
    "keep_wards",
    "keep_work",
    "keep_working_time",
]
