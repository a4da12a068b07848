"""A month under another policy; nothing is changed."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from chassis.errors import NotFound
from scoring import storage
from scoring.domain.in_force import InForce
from scoring.domain.simulation import Simulation, simulate
from scoring.usecases.policies import get_policy, policies_of


class MonthNotKnown(NotFound):
    """Nothing is known of this month."""

    vi = "Chưa có số liệu nào của tháng {month}."
    en = "Nothing is known of {month} yet."


@dataclass(frozen=True, slots=True)
class Simulated:
    """A comparison, and the policies that the month is scored with."""

    simulation: Simulation
    current: InForce


def simulate_policy(session: Session, *, ward_id: str, month: str, policy: str) -> Simulated:
    """Score a month from its facts under its own policies and under another, proposed or approved.

    :raises NoSuchPolicy: if the ward has no policy of that name
    :raises MonthNotKnown: if there is nothing to score
    """
    other = get_policy(session, ward_id=ward_id, policy=policy).policy
    standing = storage.month_of(session, ward_id, month)
    if standing is None:
        raise MonthNotKnown(month=month)
    current = policies_of(session, standing)
    facts = storage.facts_of(session, ward_id, month).facts
    return Simulated(simulate(facts, current, current.under(other)), current)
