"""Checking a list that a unit made by hand against R-38; nothing is posted."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from chassis.auth import Actor
from chassis.errors import Forbidden, Invalid
from reward.domain.fairness import Verdict, check
from reward.domain.fund import LARGEST, valid_month
from reward.storage import copies
from reward.usecases import policies

LONGEST_LIST = 5_000


class BadProposal(Invalid):
    """A list names each person once, with 0 đồng or more."""

    vi = "{field}: {problem_vi}."
    en = "{field}: {problem_en}."


class NotCovered(Invalid):
    """A policy pays those whose personnel type it covers."""

    vi = "{field}: chính sách không áp dụng cho loại nhân sự của {person_id}."
    en = "{field}: the policy does not cover the personnel type of {person_id}."


class OtherUnit(Forbidden):
    """Whether a list is fair tells who did better than whom (R-29)."""

    vi = "Chỉ lãnh đạo đơn vị được kiểm tra danh sách, và chỉ của đơn vị mình."
    en = "Only a leader may check a list, and only of his own unit."


def check_proposal(
    session: Session,
    *,
    ward_id: str,
    month: str,
    policy: str,
    amounts: Sequence[tuple[str, int]],
    actor: Actor,
) -> Verdict:
    """Check a list of people and đồng against the published grades of a month.

    :raises BadProposal: if the list is empty, too long, or names somebody twice
    :raises OtherUnit: if neither finance nor organizer nor the people's own leader asks
    :raises InputsMissing: if something that the check needs is not known of somebody
    """
    valid_month(month)
    chosen = policies.usable(session, ward_id, policy, post=False).policy
    _check_list(amounts)
    proposed = dict(amounts)
    if not actor.has("finance", "organizer"):
        _check_leads(session, ward_id, month, actor.person_id, list(proposed))
    known = copies.published_month(session, ward_id, month)
    members = known.members(chosen, proposed)
    covered = {each.person.id for each in members}
    for index, (person_id, amount) in enumerate(amounts):
        if amount and person_id not in covered:
            raise NotCovered(field=f"amounts[{index}].person_id", person_id=person_id[:80])
    people = [each.person for each in members]
    return check(chosen, people, [proposed[each.id] for each in people])


def _check_list(amounts: Sequence[tuple[str, int]]) -> None:
    if not amounts or len(amounts) > LONGEST_LIST:
        raise BadProposal(
            field="amounts",
            problem_vi=f"danh sách cần từ 1 đến {LONGEST_LIST} người",
            problem_en=f"a list has 1 to {LONGEST_LIST} people",
        )
    seen: set[str] = set()
    for index, (person_id, amount) in enumerate(amounts):
        if not person_id or person_id in seen:
            raise BadProposal(
                field=f"amounts[{index}].person_id",
                problem_vi="mã người để trống hoặc đã có trong danh sách",
                problem_en="the person is not named, or is on the list already",
            )
        if not 0 <= amount <= LARGEST:
            raise BadProposal(
                field=f"amounts[{index}].amount",
                problem_vi=f"{amount} không phải là số tiền",
                problem_en=f"{amount} is no amount of money",
            )
        seen.add(person_id)


def _check_leads(session: Session, ward_id: str, month: str, actor_id: str, person_ids: list[str]) -> None:
    posts = copies.posts(session, ward_id, month, [actor_id, *person_ids])
    own = posts.get(actor_id)
    if own is None or not own.leads:
        raise OtherUnit
    for person_id in person_ids:
        if person_id not in posts or posts[person_id].unit_id != own.unit_id:
            raise OtherUnit
