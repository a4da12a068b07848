"""Who may do what: being somebody's superior is no role, it is looked up (R-5, R-8)."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from chassis import db
from chassis.auth import Actor
from chassis.days import Month, legal_day
from chassis.errors import Forbidden
from planning import storage
from planning.domain.organization import subordinates, superiors


class NotYours(Forbidden):
    """Plans and results are for the person, those above him, and the offices that need them."""

    vi = "Bạn không có quyền xem kế hoạch, kết quả của {person_id}."
    en = "The plan and results of {person_id} are not for you."


class NotOwnPlan(Forbidden):
    """A plan is written by the person himself, or by the clerk from signed paper."""

    vi = "Chỉ {person_id} hoặc văn thư được ghi kế hoạch, kết quả của {person_id}."
    en = "Only {person_id} or the clerk writes the plan and results of {person_id}."


class NotRecorder(Forbidden):
    """What came of work is recorded by the person, those who lead him, or the clerk (R-8; HD I.6)."""

    vi = "Chỉ {person_id}, cấp trên của {person_id} hoặc văn thư được ghi kết quả của {person_id}."
    en = "Only {person_id}, those above, or the clerk record the results of {person_id}."


class NotDirectSuperior(Forbidden):
    """A plan is approved by the direct superior; by the organizer for those whom nobody in the ward leads."""

    vi = "Bạn không phải cấp trên trực tiếp của {person_id}."
    en = "You are not the direct superior of {person_id}."


class NotAbove(Forbidden):
    """An objective cause is confirmed by somebody above the person or by the organizer (R-8)."""

    vi = "Nguyên nhân khách quan của {person_id} phải do cấp trên hoặc bộ phận tổ chức xác nhận."
    en = "An objective cause of {person_id} is confirmed by somebody above, or by the organizer."


class ClerkOnly(Forbidden):
    """Everybody's plans are submitted at once by the clerk only."""

    vi = "Chỉ văn thư được trình kế hoạch của mọi người."
    en = "Only the clerk submits everybody's plans."


def turn(session: Session, ward_id: str) -> None:
    """Wait until no other transaction writes in this ward, and keep it so until this one ends."""
    db.exclusive(session, f"planning {ward_id}")


def command_lines(session: Session, ward_id: str, month: Month, *, leaver: str = "") -> dict[str, str]:
    """Return from everybody who holds a post in the month to the direct superior, empty for none there.

    :param leaver: somebody who is among them even if he has left
    """
    return above(storage.lines(session, ward_id, month, leaver=leaver))


def above(lines: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    """Return from everybody to the direct superior, empty where that person holds no post."""
    return {each: superior if superior in lines else "" for each, (superior, _) in lines.items()}


def sees_everybody(actor: Actor) -> bool:
    """True for offices that see everybody's plans."""
    return actor.has("clerk", "organizer", "auditor")


def check_sees(
    session: Session, *, ward_id: str, person_id: str, month: Month, actor: Actor, at: datetime
) -> None:
    """Refuse whoever may not see a person's plan.

    :raises NotYours: unless it is the caller's own, or of somebody whom the caller leads or, that day, whom
        a person leads who delegated to the caller (R-2, R-29)
    """
    if sees_everybody(actor) or actor.person_id == person_id:
        return
    over = superiors(command_lines(session, ward_id, month, leaver=person_id), person_id)
    if actor.person_id in over:
        return
    if not storage.delegators(session, ward_id, actor.person_id, legal_day(at)).intersection(over):
        raise NotYours(person_id=person_id)


def seen(session: Session, ward_id: str, lines: Mapping[str, str], actor: Actor, at: datetime) -> set[str]:
    """Return whose plans somebody without an office sees: his own, and those of the people whom he leads.

    For the days of a delegation he sees those of the people whom the delegator leads too, not the delegator's
    own (R-2, R-29).

    :param lines: from each person to the direct superior
    """
    acting_for = storage.delegators(session, ward_id, actor.person_id, legal_day(at))
    return {actor.person_id}.union(*(subordinates(lines, each) for each in {actor.person_id} | acting_for))


def check_writes(*, person_id: str, actor: Actor) -> None:
    """Refuse whoever may not write a person's plan and results.

    :raises NotOwnPlan: unless it is the caller's own or the caller is a clerk
    """
    if person_id != actor.person_id and not actor.has("clerk"):
        raise NotOwnPlan(person_id=person_id)


def check_records(session: Session, *, ward_id: str, person_id: str, month: Month, actor: Actor) -> None:
    """Refuse whoever may not record what came of a person's work.

    :raises NotRecorder: unless it is the caller's own, or of somebody whom the caller leads, or the caller is
        a clerk
    """
    if actor.person_id == person_id or actor.has("clerk"):
        return
    if actor.person_id not in superiors(command_lines(session, ward_id, month), person_id):
        raise NotRecorder(person_id=person_id)


def approves(lines: Mapping[str, str], person_id: str, actor: Actor) -> bool:
    """True if the caller is the direct superior, or the organizer where there is none."""
    if person_id == actor.person_id:
        return False
    above = lines.get(person_id, "")
    return above == actor.person_id if above else actor.has("organizer")
