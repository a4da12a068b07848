"""Why a person got an amount, from what the run keeps (R-23's duty, for money)."""

from sqlalchemy.orm import Session

from chassis.auth import Actor
from reward import policies
from reward.domain.explanation import explain
from reward.domain.figures import dong
from reward.domain.run import Allocated, NotInRun, OwnAllocationOnly, allocation_of
from reward.storage import adjustments, runs
from reward.storage.adjustments import Posted

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
    if adjusted := adjustments.of_person(session, ward_id, run_id, person_id):
        return everybody[place], _adjusted(adjusted, language)
    policy = policies.stored(run.policy_document)
    people = [each.member.person for each in everybody]
    [told] = explain(allocation_of(run, everybody), policy, people, chosen=[place])
    basis = "Chính sách" if language == "vi" else "Policy"
    return everybody[place], [
        f"{basis} {run.policy}: {policy.legal_basis}",
        *told.lines(language, policy.rounding_unit),
    ]


def _adjusted(posted: Posted, language: str) -> list[str]:
    """Tell of a difference that a new decision made (R-39)."""
    told = (
        "R-39: điều chỉnh theo quyết định {decision}, sau đợt {run}: đáng được {after} đồng theo giá trị của"
        " đợt đó, đã phân bổ {before} đồng, chi thêm {difference} đồng."
        if language == "vi"
        else "R-39: adjustment by decision {decision}, after run {run}: worth {after} đồng at the value of"
        " that run, {before} đồng were allocated, so {difference} đồng more."
    )
    return [
        told.format(
            decision=posted.decision_id,
            run=posted.adjusts,
            after=dong(posted.after, language),
            before=dong(posted.before, language),
            difference=dong(posted.after - posted.before, language),
        )
    ]
