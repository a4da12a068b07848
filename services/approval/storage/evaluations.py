"""Evaluations, decisions and published grades: rows, and the way between a row and its value."""

import functools
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, func, null, select
from sqlalchemy.orm import Session

from approval.domain.case import Decision, Published, PublishedGrade
from approval.domain.criteria import Value
from approval.domain.evaluation import DecisionValues, Evaluation, NotEvaluated, Remarks, SelfAssessment
from approval.domain.grade import Grade
from approval.storage import schema
from chassis import db

_KEY = ["ward_id", "month", "person_id"]
_TEXTS = frozenset(
    {
        "self_values",
        "self_strengths",
        "self_weaknesses",
        "review_values",
        "review_text",
        "review_organising_fact",
        "review_unity_fact",
        "decision_values",
    }
)
"""Columns that a list can do without."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What is recorded of a person's month."""

    evaluation: Evaluation
    decision: Decision | None = None
    published: Published | None = None


def kept(
    session: Session,
    ward_id: str,
    month: str,
    *,
    person_ids: Collection[str] | None = None,
    whole: bool = False,
) -> dict[str, Kept]:
    """Return what is recorded in a month by person, of everybody or of a few.

    :param whole: False to leave values and texts out (sums are there in any case)
    """
    key: dict[str, Any] = {"of_ward": ward_id, "of_month": month}
    if person_ids is not None:
        key["people"] = list(person_ids)
    found = session.execute(_wanted(whole=whole, few=person_ids is not None), key)
    return {row.person_id: _kept(row) for row in found}


@functools.cache
def _wanted(*, whole: bool, few: bool) -> Select[Any]:
    """Return the question for what is recorded; built once, as building costs as much as a short answer.

    It is about tables and not about mapped classes: a row is then a plain tuple.
    """
    evaluation, decision, grade = (
        each.__table__.c for each in (schema.EvaluationRow, schema.DecisionRow, schema.GradeRow)
    )
    wanted: Select[Any] = (
        select(
            *(null().label(each.name) if each.name in _TEXTS and not whole else each for each in evaluation),
            *(each.label(f"decision__{each.name}") for each in decision),
            grade.grade.label("published__grade"),
            grade.published_at.label("published__at"),
        )
        .select_from(schema.EvaluationRow.__table__)
        .outerjoin(
            schema.DecisionRow.__table__,
            (decision.ward_id == evaluation.ward_id)
            & (decision.month == evaluation.month)
            & (decision.person_id == evaluation.person_id)
            & (decision.revision == evaluation.decided_revision),
        )
        .outerjoin(
            schema.GradeRow.__table__,
            (grade.ward_id == evaluation.ward_id)
            & (grade.month == evaluation.month)
            & (grade.person_id == evaluation.person_id)
            & (grade.revision == evaluation.published_revision),
        )
        .where(evaluation.ward_id == bindparam("of_ward"), evaluation.month == bindparam("of_month"))
    )
    if few:
        wanted = wanted.where(evaluation.person_id.in_(bindparam("people", expanding=True)))
    return wanted


def hold(session: Session, ward_id: str, month: str, person_ids: Iterable[str]) -> None:
    """Wait until nobody else changes these people's month, and keep others waiting until the end."""
    ordered = sorted(set(person_ids))
    row = schema.EvaluationRow
    db.upsert(
        session,
        row,
        [{"ward_id": ward_id, "month": month, "person_id": each} for each in ordered],
        key=_KEY,
    )
    session.execute(
        db.locked(
            select(row.person_id)
            .where(row.ward_id == ward_id, row.month == month, row.person_id.in_(ordered))
            .order_by(row.person_id)
        )
    ).all()


def keep(session: Session, ward_id: str, month: str, evaluations: Sequence[Evaluation]) -> None:
    """Keep whole evaluations, new or changed; their rows are held."""
    rows = [{"ward_id": ward_id, "month": month, **_row(each)} for each in evaluations]
    db.upsert(session, schema.EvaluationRow, rows, key=_KEY)


def decide(session: Session, ward_id: str, month: str, decisions: Sequence[tuple[str, Decision]]) -> None:
    """Add decisions, each of a person, and put them in force."""
    if not decisions:
        return
    db.append(
        session,
        schema.DecisionRow,
        [
            {
                "ward_id": ward_id,
                "month": month,
                "person_id": person_id,
                "decision_id": UUID(each.id),
                "revision": each.revision,
                "unit_id": each.unit_id,
                "grade": each.grade,
                "proposed": each.proposed,
                "total": each.total,
                "score_revision": each.score_revision,
                "score_policy": each.score_policy,
                "policy": each.policy,
                "reason": each.reason,
                "document": each.document,
                "decided_by": each.decided_by,
                "authority_id": each.authority_id,
                "delegation_id": each.delegation_id,
                "decided_at": each.decided_at,
                "late": each.late,
            }
            for person_id, each in decisions
        ],
    )
    _point(session, ward_id, month, "decided_revision", [(p, each.revision) for p, each in decisions])


def ever_decided(
    session: Session, ward_id: str, month: str, person_ids: Collection[str]
) -> dict[str, list[tuple[Grade | None, str, str, Decimal | None]]]:
    """Return grade, reason, document and total of all decisions about these people, oldest first."""
    row = schema.DecisionRow
    found = session.execute(
        select(row.person_id, row.grade, row.reason, row.document, row.total)
        .where(row.ward_id == ward_id, row.month == month, row.person_id.in_(sorted(person_ids)))
        .order_by(row.person_id, row.revision)
    )
    result: dict[str, list[tuple[Grade | None, str, str, Decimal | None]]] = {}
    for each in found:
        result.setdefault(each.person_id, []).append(
            (_grade(each.grade), each.reason, each.document, each.total)
        )
    return result


def publish(session: Session, ward_id: str, month: str, grades: Sequence[PublishedGrade], *, by: str) -> None:
    """Add published grades and put them in force."""
    if not grades:
        return
    db.append(
        session,
        schema.GradeRow,
        [
            {
                "ward_id": ward_id,
                "month": month,
                "person_id": each.person_id,
                "revision": each.revision,
                "unit_id": each.unit_id,
                "full_name": each.full_name,
                "grade": each.grade,
                "decision_id": UUID(each.decision_id),
                "published_by": by,
                "published_at": each.published_at,
            }
            for each in grades
        ],
    )
    _point(
        session, ward_id, month, "published_revision", [(each.person_id, each.revision) for each in grades]
    )


def grades(
    session: Session,
    ward_id: str,
    month: str,
    *,
    unit_ids: Collection[str] | None,
    after: str | None,
    most: int,
) -> list[PublishedGrade]:
    """Return the published grades in force, by person.

    :param unit_ids: of these units only; ``None`` for all
    :param after: only people after this id
    """
    grade, evaluation = schema.GradeRow, schema.EvaluationRow
    wanted = (
        select(grade.__table__)
        .join(
            evaluation,
            (grade.ward_id == evaluation.ward_id)
            & (grade.month == evaluation.month)
            & (grade.person_id == evaluation.person_id)
            & (grade.revision == evaluation.published_revision),
        )
        .where(grade.ward_id == ward_id, grade.month == month)
        .order_by(grade.person_id)
        .limit(most)
    )
    if unit_ids is not None:
        wanted = wanted.where(grade.unit_id.in_(unit_ids))
    if after is not None:
        wanted = wanted.where(grade.person_id > after)
    return [
        PublishedGrade(
            person_id=row.person_id,
            full_name=row.full_name,
            unit_id=row.unit_id,
            grade=_grade(row.grade),
            decision_id=str(row.decision_id),
            revision=row.revision,
            published_at=row.published_at,
        )
        for row in session.execute(wanted)
    ]


def count_published(session: Session, ward_id: str, month: str) -> int:
    """Return how many people of a month have a published grade, those not evaluated among them."""
    row = schema.EvaluationRow
    return session.execute(
        select(func.count()).where(row.ward_id == ward_id, row.month == month, row.published_revision > 0)
    ).scalar_one()


def count_late(session: Session, ward_id: str, month: str) -> int:
    """Return how many steps of a month were taken late: self-assessments, remarks, decisions in force."""
    row, decision = schema.EvaluationRow, schema.DecisionRow
    of_month = (row.ward_id == ward_id, row.month == month)
    early = session.execute(
        select(
            func.count(row.person_id).filter(row.self_late.is_(True)),
            func.count(row.person_id).filter(row.review_late.is_(True)),
        ).where(*of_month)
    ).one()
    decided = session.execute(
        select(func.count())
        .select_from(row)
        .join(
            decision,
            (decision.ward_id == row.ward_id)
            & (decision.month == row.month)
            & (decision.person_id == row.person_id)
            & (decision.revision == row.decided_revision),
        )
        .where(*of_month, decision.late)
    ).scalar_one()
    return early[0] + early[1] + decided


def _point(
    session: Session, ward_id: str, month: str, column: str, revisions: Sequence[tuple[str, int]]
) -> None:
    rows = [
        {"ward_id": ward_id, "month": month, "person_id": person_id, column: revision}
        for person_id, revision in revisions
    ]
    db.upsert(session, schema.EvaluationRow, rows, key=_KEY)


def _row(given: Evaluation) -> dict[str, Any]:
    own, review, decided = given.self_assessment, given.remarks, given.decision_values
    set_aside = given.not_evaluated
    return {
        "person_id": given.person_id,
        "revision": given.revision,
        "self_values": _listed(own.values) if own else None,
        "self_points": own.points if own else None,
        "self_strengths": own.strengths if own else None,
        "self_weaknesses": own.weaknesses if own else None,
        "self_proposed": own.proposed if own else None,
        "self_document": own.document if own else None,
        "self_by": own.by if own else None,
        "self_at": own.at if own else None,
        "self_late": own.late if own else None,
        "review_values": _listed(review.values) if review else None,
        "review_points": review.points if review else None,
        "review_text": review.text if review else None,
        "review_organising": review.organising if review else None,
        "review_organising_fact": review.organising_fact if review else None,
        "review_unity": review.unity if review else None,
        "review_unity_fact": review.unity_fact if review else None,
        "review_blocker": review.blocker if review else None,
        "review_document": review.document if review else None,
        "review_by": review.by if review else None,
        "review_at": review.at if review else None,
        "review_late": review.late if review else None,
        "decision_values": _listed(decided.values) if decided else None,
        "decision_points": decided.points if decided else None,
        "decision_by": decided.by if decided else None,
        "decision_at": decided.at if decided else None,
        "not_evaluated_reason": set_aside.reason if set_aside else None,
        "not_evaluated_by": set_aside.by if set_aside else None,
        "not_evaluated_at": set_aside.at if set_aside else None,
        "criteria_set": given.criteria_set,
    }


def _kept(row: Any) -> Kept:
    decision = published = None
    if row.decision__decision_id is not None:
        decision = _decision(row)
    if row.published__at is not None:
        published = Published(row.published_revision, _grade(row.published__grade), row.published__at)
    return Kept(_evaluation(row), decision, published)


def _evaluation(row: Any) -> Evaluation:
    own = review = decided = set_aside = None
    if row.self_at is not None:
        own = SelfAssessment(
            values=_values(row.self_values),
            points=row.self_points,
            strengths=row.self_strengths or "",
            weaknesses=row.self_weaknesses or "",
            proposed=_grade(row.self_proposed),
            document=row.self_document,
            by=row.self_by,
            at=row.self_at,
            late=row.self_late,
        )
    if row.review_at is not None:
        review = Remarks(
            values=_values(row.review_values),
            points=row.review_points,
            text=row.review_text or "",
            organising=row.review_organising,
            organising_fact=row.review_organising_fact or "",
            unity=row.review_unity,
            unity_fact=row.review_unity_fact or "",
            blocker=row.review_blocker,
            document=row.review_document,
            by=row.review_by,
            at=row.review_at,
            late=row.review_late,
        )
    if row.decision_at is not None:
        decided = DecisionValues(
            _values(row.decision_values),
            row.decision_points,
            row.decision_by,
            row.decision_at,
        )
    if row.not_evaluated_at is not None:
        set_aside = NotEvaluated(row.not_evaluated_reason, row.not_evaluated_by, row.not_evaluated_at)
    return Evaluation(row.person_id, row.revision, own, review, decided, set_aside, row.criteria_set)


def _decision(row: Any) -> Decision:
    return Decision(
        id=str(row.decision__decision_id),
        revision=row.decision__revision,
        grade=_grade(row.decision__grade),
        proposed=_grade(row.decision__proposed),
        total=row.decision__total,
        score_revision=row.decision__score_revision,
        score_policy=row.decision__score_policy,
        policy=row.decision__policy,
        reason=row.decision__reason,
        decided_by=row.decision__decided_by,
        authority_id=row.decision__authority_id,
        decided_at=row.decision__decided_at,
        late=row.decision__late,
        unit_id=row.decision__unit_id,
        document=row.decision__document,
        delegation_id=row.decision__delegation_id,
    )


def _grade(letter: str | None) -> Grade | None:
    return Grade(letter) if letter else None


def _listed(values: Sequence[Value]) -> list[list[str]]:
    return [[each.criterion_id, f"{each.points:f}", each.reason] for each in values]


def _values(listed: Sequence[Sequence[str]] | None) -> tuple[Value, ...]:
    return tuple(
        Value(criterion_id, Decimal(points), reason) for criterion_id, points, reason in listed or ()
    )
