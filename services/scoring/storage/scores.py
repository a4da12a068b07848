"""Scorecards and quotas as they were announced, and what they were computed from."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, func, select, tuple_
from sqlalchemy.orm import Session

from chassis import db
from scoring.domain.band import Band
from scoring.domain.facts import Line
from scoring.domain.grade import Grade, QuotaMark
from scoring.domain.person import Person, Role
from scoring.domain.policy import QuotaBase
from scoring.domain.score import Reason, Status
from scoring.domain.scorecard import Basis, Proposal, Scorecard
from scoring.storage import lines as stored_lines
from scoring.storage.rows import Lines, QuotaRow, Row, ScoreRow

CHUNK = 400
"""People in one statement."""

_CARD = [
    column
    for column in ScoreRow.__table__.columns
    if column.name not in ("ward_id", "month", "facts", "lines")
]
_ONE = select(*_CARD).where(
    *(ScoreRow.__table__.c[name] == bindparam(name) for name in ("ward_id", "month", "person_id"))
)
"""Built once: it is asked for with every look at a score, and building costs as much as asking."""


@dataclass(frozen=True, slots=True)
class Scored:
    """A scorecard as it is stored."""

    card: Scorecard
    basis: Basis
    revision: int
    computed_at: datetime


@dataclass(frozen=True, slots=True)
class Proposed:
    """A quota as it is stored."""

    proposal: Proposal
    revision: int
    empty: bool


def scores_of(session: Session, ward_id: str, month: str) -> dict[str, Scored]:
    """Return all scorecards of a month by person, those not in the month any more among them."""
    rows = session.execute(select(*_CARD).where(ScoreRow.ward_id == ward_id, ScoreRow.month == month))
    return {row.person_id: _scored(row) for row in rows}


def score(session: Session, ward_id: str, month: str, person_id: str) -> Scored | None:
    """Return a person's scorecard."""
    key = {"ward_id": ward_id, "month": month, "person_id": person_id}
    row = session.execute(_ONE, key).first()
    return None if row is None else _scored(row)


def scores_page(
    session: Session,
    ward_id: str,
    month: str,
    *,
    unit_id: str,
    among: Collection[str] | None,
    after: str,
    limit: int,
) -> list[Scored]:
    """Return scorecards of those who belong to a month, by person.

    :param unit_id: only this unit; empty for all
    :param among: only these people; ``None`` for all
    """
    asked = [
        ScoreRow.ward_id == ward_id,
        ScoreRow.month == month,
        ScoreRow.person_id > after,
        ScoreRow.reason != Reason.NOT_IN_MONTH,
    ]
    if unit_id:
        asked.append(ScoreRow.unit_id == unit_id)
    if among is not None:
        asked.append(ScoreRow.person_id.in_(sorted(among)))
    rows = session.execute(select(*_CARD).where(*asked).order_by(ScoreRow.person_id).limit(limit))
    return [_scored(row) for row in rows]


def cards_in(session: Session, ward_id: str, months: Collection[str]) -> list[tuple[str, Scorecard]]:
    """Return each month and scorecard of those who belong to it, by month and person."""
    rows = session.execute(
        select(ScoreRow.month, *_CARD)
        .where(
            ScoreRow.ward_id == ward_id,
            ScoreRow.month.in_(sorted(months)),
            ScoreRow.reason != Reason.NOT_IN_MONTH,
        )
        .order_by(ScoreRow.month, ScoreRow.person_id)
    )
    return [(row.month, _scored(row).card) for row in rows]


def evaluated_in(
    session: Session, ward_id: str, months: Collection[str], person_ids: Collection[str]
) -> list[tuple[Scorecard, Person, tuple[str, ...]]]:
    """Return the evaluated months of people, each with what it was computed from, by person and month.

    The last part is the ids of those whose totals halved d.
    """
    found = []
    ordered = sorted(person_ids)
    for start in range(0, len(ordered), CHUNK):
        rows = session.scalars(
            select(ScoreRow)
            .where(
                ScoreRow.ward_id == ward_id,
                ScoreRow.month.in_(sorted(months)),
                ScoreRow.person_id.in_(ordered[start : start + CHUNK]),
                ScoreRow.status == Status.EVALUATED,
            )
            .order_by(ScoreRow.person_id, ScoreRow.month)
            .execution_options(populate_existing=True)
        )
        for row in rows:
            scored = _scored(row)
            found.append((scored.card, _person(row), scored.basis.under))
    return found


def counts(session: Session, ward_id: str, month: str) -> dict[Status, int]:
    """Return how many of those who belong to a month have which status."""
    rows = session.execute(
        select(ScoreRow.status, func.count())
        .where(ScoreRow.ward_id == ward_id, ScoreRow.month == month, ScoreRow.reason != Reason.NOT_IN_MONTH)
        .group_by(ScoreRow.status)
    )
    return {Status(status): count for status, count in rows}


def score_with_facts(
    session: Session, ward_id: str, month: str, person_id: str
) -> tuple[Scored, Person, list[Line], Proposed | None] | None:
    """Return a person's scorecard, the facts it was computed from, and the quota of the group.

    One statement, so that all of it is of one computation.
    """
    row = session.execute(
        select(ScoreRow, QuotaRow)
        .outerjoin(
            QuotaRow,
            and_(
                QuotaRow.ward_id == ScoreRow.ward_id,
                QuotaRow.month == ScoreRow.month,
                QuotaRow.quota_scope == ScoreRow.quota_scope,
                QuotaRow.duty_group == ScoreRow.duty_group,
            ),
        )
        .where(ScoreRow.ward_id == ward_id, ScoreRow.month == month, ScoreRow.person_id == person_id)
        .execution_options(populate_existing=True)
    ).first()
    if row is None:
        return None
    found, quota = row
    lines = stored_lines.loaded(found.lines)
    return _scored(found), _person(found), lines, None if quota is None else _proposed(quota)


def put_scores(
    session: Session, ward_id: str, month: str, scores: Iterable[tuple[Scored, Person | None, Lines]]
) -> None:
    """Keep scorecards, each with the person and the lines that it was computed from."""
    rows = []
    for scored, person, lines in scores:
        card, basis = scored.card, scored.basis
        facts = {
            "leads": person is not None and person.role is Role.LEADER,
            "required": person.required_half_days if person else None,
            "worked": person.worked_half_days if person else 0,
            "organising": person.organising if person else None,
            "unity": person.unity if person else None,
            "set_aside": person.set_aside if person else False,
        }
        rows.append(
            {
                "ward_id": ward_id,
                "month": month,
                "person_id": card.person_id,
                "unit_id": card.unit,
                "quota_scope": card.scope,
                "duty_group": card.group,
                "policy": card.policy,
                "status": card.status.value,
                "reason": card.reason.value if card.reason else "",
                "waiting_for": list(card.waiting_for),
                "general": card.general,
                "blocker": card.blocker,
                "total": card.total,
                "band": card.band.value if card.band else "",
                "grade": card.grade.value if card.grade else "",
                "mark": card.mark.value if card.mark else "",
                "rank": card.rank,
                "ratios": [list(ratio) for ratio in card.ratios],
                "revision": scored.revision,
                "computed_at": scored.computed_at,
                "sources": basis.sources,
                "under": list(basis.under),
                "tied": basis.tied,
                "facts": facts,
                "lines": lines,
            }
        )
    db.upsert(session, ScoreRow, rows, key=["ward_id", "month", "person_id"])


def quotas_of(session: Session, ward_id: str, month: str) -> dict[tuple[str, str], Proposed]:
    """Return all quotas of a month by scope and group, empty ones among them."""
    rows = session.scalars(select(QuotaRow).where(QuotaRow.ward_id == ward_id, QuotaRow.month == month))
    return {(row.quota_scope, row.duty_group): _proposed(row) for row in rows}


def quotas_page(
    session: Session,
    ward_id: str,
    month: str,
    *,
    scopes: Collection[str] | None,
    after: tuple[str, str],
    limit: int,
) -> list[Proposed]:
    """Return the quotas of groups in which somebody has a total, by scope and group.

    :param scopes: only these; ``None`` for all
    """
    asked = [
        QuotaRow.ward_id == ward_id,
        QuotaRow.month == month,
        QuotaRow.empty.is_(False),
        tuple_(QuotaRow.quota_scope, QuotaRow.duty_group) > after,
    ]
    if scopes is not None:
        asked.append(QuotaRow.quota_scope.in_(sorted(scopes)))
    rows = session.scalars(
        select(QuotaRow).where(*asked).order_by(QuotaRow.quota_scope, QuotaRow.duty_group).limit(limit)
    )
    return [_proposed(row) for row in rows]


def put_quotas(session: Session, ward_id: str, month: str, quotas: Iterable[Proposed]) -> None:
    """Keep quotas."""
    rows: list[Row] = [
        {
            "ward_id": ward_id,
            "month": month,
            "quota_scope": each.proposal.scope,
            "duty_group": each.proposal.group,
            "members": each.proposal.members,
            "rate": each.proposal.rate,
            "quota_base": each.proposal.base.value,
            "quota_limit": each.proposal.limit,
            "decision": each.proposal.decision,
            "kept": list(each.proposal.kept),
            "lowered": list(each.proposal.lowered),
            "tied": list(each.proposal.tied),
            "empty": each.empty,
            "revision": each.revision,
        }
        for each in quotas
    ]
    db.upsert(session, QuotaRow, rows, key=["ward_id", "month", "quota_scope", "duty_group"])


def _person(row: ScoreRow) -> Person:
    facts = row.facts
    return Person(
        id=row.person_id,
        unit=row.unit_id,
        group=row.duty_group,
        quota_scope=row.quota_scope,
        role=Role.LEADER if facts["leads"] else Role.STAFF,
        required_half_days=facts["required"],
        worked_half_days=facts["worked"],
        tasks=stored_lines.tasks(row.lines),
        common_score=row.general,
        organising=facts["organising"],
        unity=facts["unity"],
        blocker=row.blocker or None,
        set_aside=facts["set_aside"],
    )


def _scored(row: Any) -> Scored:
    card = Scorecard(
        person_id=row.person_id,
        unit=row.unit_id,
        scope=row.quota_scope,
        group=row.duty_group,
        policy=row.policy,
        status=Status(row.status),
        reason=Reason(row.reason) if row.reason else None,
        waiting_for=tuple(row.waiting_for),
        general=row.general,
        blocker=row.blocker,
        total=row.total,
        band=Band(row.band) if row.band else None,
        grade=Grade(row.grade) if row.grade else None,
        mark=QuotaMark(row.mark) if row.mark else None,
        rank=row.rank,
        ratios=tuple((name, value) for name, value in row.ratios),
    )
    return Scored(card, Basis(row.sources, tuple(row.under), row.tied), row.revision, row.computed_at)


def _proposed(row: QuotaRow) -> Proposed:
    proposal = Proposal(
        scope=row.quota_scope,
        group=row.duty_group,
        members=row.members,
        rate=row.rate,
        base=QuotaBase(row.quota_base),
        limit=row.quota_limit,
        decision=row.decision,
        kept=tuple(row.kept),
        lowered=tuple(row.lowered),
        tied=tuple(row.tied),
    )
    return Proposed(proposal, row.revision, row.empty)
