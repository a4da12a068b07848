"""An opened month under another policy; nothing is changed (R-2, R-18, R-21, R-26)."""

from datetime import datetime

from sqlalchemy.orm import Session

from approval.domain.simulation import Facts, Simulation, simulate
from approval.storage import months
from approval.usecases.decisions import quota_terms
from approval.usecases.policies import named
from approval.usecases.ward_month import cases, take


def simulate_policy(session: Session, *, ward_id: str, month: str, policy: str, at: datetime) -> Simulation:
    """Compare a month with what it would be under another policy, proposed or approved, whatever its months.

    :raises UnknownMonth: if it was not opened
    :raises UnknownPolicy: if the ward has no policy of that name
    """
    of = take(session, ward_id, month, reading=True)
    other = named(session, ward_id, policy, "policy").policy
    recorded = months.rates(session, ward_id, month)
    facts = Facts(
        month=month,
        extensions=of.opened.extensions,
        roster=of.roster,
        cases=cases(session, of, whole=True),
        terms=quota_terms(session, of),
        recorded={scope: rate for scope, (rate, _) in recorded.items()},
    )
    return simulate(facts, of.policy, other, at=at)
