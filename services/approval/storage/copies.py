"""Local copies of what planning and scoring announced: older news changes nothing."""

import functools
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import BindParameter, Select, bindparam, func, or_, select
from sqlalchemy.orm import Session

from approval.domain.grade import Grade
from approval.domain.person import Person, Roster, Unit
from approval.domain.quota import Group, QuotaBase, Terms
from approval.domain.score import Outcome, Score, ScoreStatus
from approval.storage import schema
from chassis import db

Rows = Iterable[Mapping[str, Any]]

_score_column = schema.Score.__table__.c
_SCORES = select(
    # All but what no decision rests on.
    *(each for each in _score_column if each.name not in ("ward_id", "month", "ratios"))
).where(_score_column.ward_id == bindparam("of_ward"), _score_column.month == bindparam("of_month"))
_FEW_SCORES = _SCORES.where(_score_column.person_id.in_(bindparam("people", expanding=True)))
"""Built once: they are asked with every look at an evaluation."""


def keep_wards(session: Session, rows: Rows) -> None:
    """Keep wards, each with every column of the table."""
    db.upsert(session, schema.Ward, rows, key=["ward_id"], revision="revision")


def keep_units(session: Session, rows: Rows) -> None:
    """Keep units, each with every column of the table."""
    db.upsert(session, schema.Unit, rows, key=["ward_id", "unit_id"], revision="revision")


def keep_posts(session: Session, rows: Rows) -> None:
    """Keep posts, each with every column of the table."""
    db.upsert(session, schema.Post, rows, key=["ward_id", "person_id", "from_month"], revision="revision")


def keep_scores(session: Session, rows: Rows) -> None:
    """Keep scores, each with every column of the table."""
    db.upsert(session, schema.Score, rows, key=["ward_id", "month", "person_id"], revision="revision")


def keep_quotas(session: Session, rows: Rows) -> None:
    """Keep quotas, each with every column of the table."""
    key = ["ward_id", "month", "quota_scope", "duty_group"]
    db.upsert(session, schema.Quota, rows, key=key, revision="revision")


def keep_work(session: Session, rows: Rows) -> None:
    """Keep the counted work of people's months, each with every column of the table."""
    db.upsert(session, schema.Work, rows, key=["ward_id", "month", "person_id"], revision="revision")


def keep_working_time(session: Session, rows: Rows) -> None:
    """Keep the half-days of people's months, each with every column of the table."""
    db.upsert(session, schema.WorkingTime, rows, key=["ward_id", "month", "person_id"], revision="revision")


def roster(session: Session, ward_id: str, month: str, *, about: Collection[str] | None = None) -> Roster:
    """Return who works in a ward in a month: the newest post of each that began by then, if it is active.

    Whoever was decided about before he left belongs to the month all the same.

    :param about: leave out everybody but these people, leaders and superiors: a tenth of a ward is enough to
        say who remarks on somebody, who decides about him, and who is above
    """
    key: dict[str, Any] = {"of_ward": ward_id, "of_month": month}
    if about is not None:
        key["people"] = list(about)
    people = [
        Person(
            id=row.person_id,
            full_name=row.full_name,
            unit_id=row.unit_id,
            post=row.post,
            leads=row.leads,
            superior_id=row.superior_id,
            in_charge_ids=tuple(row.in_charge_ids),
            duty_group=row.duty_group,
            quota_scope=row.quota_scope,
            active=row.active,
            personnel_type=row.personnel_type,
        )
        for row in session.execute(_at_work(few=about is not None), key)
    ]
    unit = schema.Unit.__table__.c
    known = session.execute(select(unit.unit_id, unit.name, unit.kind).where(unit.ward_id == ward_id))
    return Roster.of(month, people, [Unit(row.unit_id, row.name, row.kind) for row in known])


@functools.cache
def _at_work(*, few: bool) -> Select[Any]:
    """Return the question for a roster; built once, and about tables, whose rows are plain tuples."""
    post, evaluation = schema.Post.__table__.c, schema.EvaluationRow.__table__.c
    ward_id: BindParameter[str] = bindparam("of_ward")
    month: BindParameter[str] = bindparam("of_month")
    # Ranked, not joined with the greatest month of each: while PostgreSQL has no statistics of a ward, as
    # after its takeover, it joined the ward with itself row by row.
    begun = (
        select(
            post.person_id,
            post.full_name,
            post.unit_id,
            post.post,
            post.leads,
            post.superior_id,
            post.in_charge_ids,
            post.duty_group,
            post.quota_scope,
            post.active,
            post.personnel_type,
            func.row_number()
            .over(partition_by=post.person_id, order_by=post.from_month.desc())
            .label("place"),
        )
        .where(post.ward_id == ward_id, post.from_month <= month)
        .subquery()
        .c
    )
    decided = select(evaluation.person_id).where(
        evaluation.ward_id == ward_id, evaluation.month == month, evaluation.decided_revision > 0
    )
    wanted = select(*(each for each in begun if each.name != "place")).where(
        begun.place == 1, or_(begun.active, begun.person_id.in_(decided))
    )
    if few:
        superiors = select(post.superior_id).where(post.ward_id == ward_id)
        wanted = wanted.where(
            or_(
                begun.leads,
                begun.post != "staff",
                begun.person_id.in_(bindparam("people", expanding=True)),
                begun.person_id.in_(superiors),
            )
        )
    return wanted


def posts(session: Session, ward_id: str, month: str) -> dict[str, Person]:
    """Return everybody's newest post of a month, by person: those who left too, superiors as registered."""
    post = schema.Post
    found = session.execute(
        select(post.__table__)
        .where(post.ward_id == ward_id, post.from_month <= month)
        .order_by(post.person_id, post.from_month)
    )
    return {
        row.person_id: Person(
            id=row.person_id,
            full_name=row.full_name,
            unit_id=row.unit_id,
            post=row.post,
            leads=row.leads,
            superior_id=row.superior_id,
            in_charge_ids=tuple(row.in_charge_ids),
            duty_group=row.duty_group,
            quota_scope=row.quota_scope,
            active=row.active,
            personnel_type=row.personnel_type,
        )
        for row in found
    }


def known_ward(session: Session, ward_id: str) -> bool:
    """True if planning told of the ward."""
    found = select(schema.Ward.ward_id).where(schema.Ward.ward_id == ward_id)
    return session.execute(found).first() is not None


def known(session: Session, ward_id: str, person_id: str) -> bool:
    """True if a person ever held a post in the ward."""
    post = schema.Post
    found = select(post.person_id).where(post.ward_id == ward_id, post.person_id == person_id)
    return session.execute(found.limit(1)).first() is not None


def scores(
    session: Session, ward_id: str, month: str, person_ids: Sequence[str] | None = None
) -> dict[str, Score]:
    """Return the announced scores of a month by person, of everybody or of a few."""
    key: dict[str, Any] = {"of_ward": ward_id, "of_month": month}
    if person_ids is not None:
        key["people"] = list(person_ids)
    found = session.execute(_FEW_SCORES if person_ids is not None else _SCORES, key)
    return {row.person_id: _score(row) for row in found}


def competitors(session: Session, ward_id: str, month: str, groups: Collection[Group]) -> set[str]:
    """Return whose announced scores say that they compete in one of these scopes and groups.

    A score without a scope may compete in any, by the unit of its person.
    """
    if not groups:
        return set()
    score = _score_column
    found = session.execute(
        select(score.person_id).where(
            score.ward_id == ward_id,
            score.month == month,
            score.duty_group.in_(sorted({each.duty_group for each in groups})),
            score.quota_scope.in_(sorted({each.scope for each in groups} | {""})),
        )
    )
    return set(found.scalars())


def known_revisions(
    session: Session, ward_id: str, month: str, person_ids: Sequence[str] | None = None
) -> dict[str, tuple[int, int]]:
    """Return the revisions of working time and of work that planning told of people's month; 0 for none.

    :param person_ids: of a few; ``None`` for everybody
    """
    found: dict[str, tuple[int, int]] = {}
    tables: tuple[type[schema.WorkingTime | schema.Work], ...] = (schema.WorkingTime, schema.Work)
    for place, table in enumerate(tables):
        wanted = select(table.person_id, table.revision).where(table.ward_id == ward_id, table.month == month)
        if person_ids is not None:
            wanted = wanted.where(table.person_id.in_(person_ids))
        for person_id, revision in session.execute(wanted):
            known = found.get(person_id, (0, 0))
            found[person_id] = (revision, known[1]) if place == 0 else (known[0], revision)
    return found


def terms(session: Session, ward_id: str, month: str, usual: Terms) -> dict[Group, Terms]:
    """Return q and its base for every scope and group that scoring announced."""
    quota = schema.Quota
    found = session.execute(
        select(quota.quota_scope, quota.duty_group, quota.rate, quota.quota_base).where(
            quota.ward_id == ward_id, quota.month == month
        )
    )
    return {
        Group(row.quota_scope, row.duty_group): Terms(
            usual.rate if row.rate is None else row.rate,
            QuotaBase(row.quota_base) if row.quota_base else usual.base,
        )
        for row in found
    }


def hold_groups(session: Session, ward_id: str, month: str, groups: Iterable[Group]) -> None:
    """Wait until nobody else decides in these scopes and groups, and keep others waiting until the end.

    In one order for everybody, so that two deciders cannot lock each other out.
    """
    ordered = sorted(set(groups))
    quota = schema.Quota
    rows = [
        {"ward_id": ward_id, "month": month, "quota_scope": each.scope, "duty_group": each.duty_group}
        for each in ordered
    ]
    db.upsert(session, quota, rows, key=["ward_id", "month", "quota_scope", "duty_group"])
    for each in ordered:
        session.execute(
            db.locked(
                select(quota.revision).where(
                    quota.ward_id == ward_id,
                    quota.month == month,
                    quota.quota_scope == each.scope,
                    quota.duty_group == each.duty_group,
                )
            )
        )


def _score(row: Any) -> Score:
    return Score(
        status=ScoreStatus(row.status),
        revision=row.revision,
        reason=row.reason,
        total=row.total,
        band=Grade(row.band) if row.band else None,
        proposed=Grade(row.proposed) if row.proposed else None,
        outcome=Outcome(row.outcome) if row.outcome else None,
        general=row.general,
        organising=row.organising,
        unity=row.unity,
        quota_scope=row.quota_scope,
        duty_group=row.duty_group,
        blocker=row.blocker,
        policy=row.policy,
        computed_at=row.computed_at,
        working_time_revision=row.working_time_revision,
        work_revision=row.work_revision,
    )
