"""A person's month plan in versions, with what came of it (kế hoạch công tác tháng, R-5, R-8).

::

    draft ──submit──▶ submitted ──approve──▶ approved ──a later one is approved──▶ superseded
                          └──────return────▶ returned

A draft is the only thing that changes. Saving on a returned or an approved version begins the next one, so
every version that anybody decided about is kept. What is owed is the approved version; an amendment owes
nothing until it is approved too.
"""

from planning.domain.plan.month import PersonMonth, State, Version
from planning.domain.plan.refusals import (
    AmendmentWaiting,
    BadConfirmation,
    BadPlan,
    BadResults,
    FaultOfAnother,
    MonthDecided,
    NotApproved,
    NothingToSubmit,
    NotInForce,
    NotSubmitted,
    PlanSubmitted,
    ReasonMissing,
    SixClears,
    UnknownFault,
    UnknownPlan,
    UnknownTask,
)

__all__ = [
    "AmendmentWaiting",
    "BadConfirmation",
    "BadPlan",
    "BadResults",
    "FaultOfAnother",
    "MonthDecided",
    "NotApproved",
    "NotInForce",
    "NotSubmitted",
    "NothingToSubmit",
    "PersonMonth",
    "PlanSubmitted",
    "ReasonMissing",
    "SixClears",
    "State",
    "UnknownFault",
    "UnknownPlan",
    "UnknownTask",
    "Version",
]
