"""Why a person got an amount, from what the run keeps (R-23's duty, for money)."""

from sqlalchemy.orm import Session

from chassis.auth import Actor
from reward import policies
from reward.domain.explanation import explain
from reward.domain.run import Allocated, NotInRun, OwnAllocationOnly, allocation_of
from reward.storage import runs

BOOKKEEPERS = ("finance", "organizer", "auditor")
"""Roles that see everybody's money; others see their own."""


def explain_allocation(
    session: Session, *, ward_id: str, run_id: str, person_id: str, actor: Actor, language: str
) -> tuple[Allocated, list[str]]:
    """Return a person's allocation and its arithmetic line by line, in ``vi`` or ``en``.

    :raises OwnAllocationOnly: if somebody asks about another without keeping the books
    :raises UnknownRun, NotInRun: if there is none
    """
    if person_id != actor.person_id and not actor.has(*BOOKKEEPERS):
        raise OwnAllocationOnly(field="person_id")
    run = runs.take(session, ward_id, run_id)
    everybody = runs.allocated(session, ward_id, run_id)
    place = next((index for index, each in enumerate(everybody) if each.person_id == person_id), None)
    if place is None:
        raise NotInRun(person_id=person_id[:80], run_id=run_id, field="person_id")
    policy = policies.stored(run.policy_document)
    people = [each.member.person for each in everybody]
    [told] = explain(allocation_of(run, everybody), policy, people, chosen=[place])
    basis = "Chính sách" if language == "vi" else "Policy"
    return everybody[place], [
        f"{basis} {run.policy}: {policy.legal_basis}",
        *told.lines(language, policy.rounding_unit),
    ]
