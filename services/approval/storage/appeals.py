"""Appeals, their answers, and returns."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, insert, select
from sqlalchemy.orm import Session

from approval.domain.appeal import Answer, Appeal, AppealKind, Outcome
from approval.domain.evaluation import Return
from approval.storage.appeal_tables import AnswerRow, AppealRow, ReturnRow


def keep(session: Session, ward_id: str, given: Appeal) -> None:
    """Keep a new appeal or opinion."""
    session.execute(
        insert(AppealRow).values(
            ward_id=ward_id,
            appeal_id=UUID(given.id),
            month=given.month,
            person_id=given.person_id,
            kind=given.kind.value,
            decision_id=UUID(given.decision_id),
            decision_revision=given.decision_revision,
            text=given.text,
            document=given.document,
            submitted_by=given.by,
            submitted_at=given.at,
            last_day=given.last_day.isoformat() if given.last_day else None,
        )
    )


def answer(session: Session, ward_id: str, appeal_id: str, given: Answer) -> None:
    """Keep the answer to an appeal."""
    session.execute(
        insert(AnswerRow).values(
            ward_id=ward_id,
            appeal_id=UUID(appeal_id),
            outcome=given.outcome.value,
            text=given.text,
            document=given.document,
            answered_by=given.by,
            authority_id=given.authority_id,
            answered_at=given.at,
            late=given.late,
            new_decision_id=UUID(given.new_decision_id) if given.new_decision_id else None,
        )
    )


def one(session: Session, ward_id: str, appeal_id: str) -> Appeal | None:
    """Return an appeal or opinion, or ``None`` where the ward has none with that id."""
    try:
        wanted = UUID(appeal_id)
    except ValueError:
        return None
    found = session.execute(_all(ward_id).where(AppealRow.appeal_id == wanted)).mappings().first()
    return _appeal(found) if found else None


def listed(
    session: Session,
    ward_id: str,
    *,
    month: str = "",
    person_id: str = "",
    kind: AppealKind | None = None,
    open_only: bool = False,
    after: str | None = None,
) -> list[Appeal]:
    """Return a ward's appeals and opinions, oldest first: ids grow with time."""
    wanted = _all(ward_id).order_by(AppealRow.appeal_id)
    if month:
        wanted = wanted.where(AppealRow.month == month)
    if person_id:
        wanted = wanted.where(AppealRow.person_id == person_id)
    if kind:
        wanted = wanted.where(AppealRow.kind == kind.value)
    if open_only:
        wanted = wanted.where(AppealRow.kind == AppealKind.APPEAL.value, AnswerRow.appeal_id.is_(None))
    if after is not None:
        wanted = wanted.where(AppealRow.appeal_id > UUID(after))
    return [_appeal(each) for each in session.execute(wanted).mappings()]


def keep_return(session: Session, ward_id: str, month: str, person_id: str, given: Return) -> None:
    """Keep that a step was returned; the person's month is held."""
    row = ReturnRow
    number = session.execute(
        select(func.count()).where(row.ward_id == ward_id, row.month == month, row.person_id == person_id)
    ).scalar_one()
    session.execute(
        insert(row).values(
            ward_id=ward_id,
            month=month,
            person_id=person_id,
            number=number + 1,
            step=given.step,
            reason=given.reason,
            returned_by=given.by,
            authority_id=given.authority_id,
            returned_at=given.at,
        )
    )


def returns(session: Session, ward_id: str, month: str, person_id: str) -> Sequence[Return]:
    """Return what was returned in a person's month, oldest first."""
    row = ReturnRow
    found = session.execute(
        select(row.step, row.reason, row.returned_by, row.authority_id, row.returned_at)
        .where(row.ward_id == ward_id, row.month == month, row.person_id == person_id)
        .order_by(row.number)
    )
    return [
        Return(each.step, each.reason, each.returned_by, each.authority_id, each.returned_at)
        for each in found
    ]


def _all(ward_id: str) -> Select[Any]:
    return (
        select(
            AppealRow.__table__,
            AnswerRow.outcome,
            AnswerRow.text.label("answer"),
            AnswerRow.document.label("answer_document"),
            AnswerRow.answered_by,
            AnswerRow.authority_id,
            AnswerRow.answered_at,
            AnswerRow.late,
            AnswerRow.new_decision_id,
        )
        .outerjoin(
            AnswerRow,
            (AnswerRow.ward_id == AppealRow.ward_id) & (AnswerRow.appeal_id == AppealRow.appeal_id),
        )
        .where(AppealRow.ward_id == ward_id)
    )


def _appeal(row: Any) -> Appeal:
    answered = None
    if row["answered_at"] is not None:
        answered = Answer(
            outcome=Outcome(row["outcome"]),
            text=row["answer"],
            document=row["answer_document"],
            by=row["answered_by"],
            authority_id=row["authority_id"],
            at=row["answered_at"],
            late=row["late"],
            new_decision_id=str(row["new_decision_id"]) if row["new_decision_id"] else "",
        )
    return Appeal(
        id=str(row["appeal_id"]),
        month=row["month"],
        person_id=row["person_id"],
        kind=AppealKind(row["kind"]),
        decision_id=str(row["decision_id"]),
        decision_revision=row["decision_revision"],
        text=row["text"],
        document=row["document"],
        by=row["submitted_by"],
        at=row["submitted_at"],
        last_day=date.fromisoformat(row["last_day"]) if row["last_day"] else None,
        answer=answered,
    )
