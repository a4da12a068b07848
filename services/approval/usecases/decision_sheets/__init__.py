"""Taking over what is decided on paper: all of it or nothing, every wrong row told at once.

Rates of the quota (R-21), delegations and the city's results (R-2), decisions (R-28), opinions and appeals
with their answers (R-30). Each row goes the way that its own call goes, with the same checks of who may; the
same file again changes and announces nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Final

from sqlalchemy.orm import Session

from approval.domain import appeal, decision, quota
from approval.domain.access import Delegation, PaperMissing, Viewer
from approval.domain.appeal import AppealKind, Outcome
from approval.domain.decision import Choice
from approval.domain.evaluation import LONGEST_DOCUMENT
from approval.domain.grade import Grade
from approval.domain.person import UnknownPerson
from approval.domain.quota import Rate
from approval.storage import appeals as kept_appeals
from approval.storage import copies, evaluations, months, watch
from approval.usecases import appeals, decisions
from approval.usecases.decision_sheets import layout
from approval.usecases.ward_month import WardMonth, cases, take, viewer
from chassis.auth import Actor
from chassis.errors import Forbidden, Refusal
from chassis.sheets import CellError, Errors, Row, Table, read

_OF_THE_ORGANIZER: Final = (
    layout.QUOTA_RATES.name,
    layout.DELEGATIONS.name,
    layout.EXTERNAL_RESULTS.name,
)


class SheetNotYours(Forbidden):
    """Rates, delegations and the city's results are the organizer's to enter."""

    vi = "Trang {sheet} chỉ cán bộ tổ chức được nhập; hãy chọn các trang khác của tệp."
    en = "Only the organizer enters the sheet {sheet}: name the other sheets of the file."


@dataclass(frozen=True, slots=True)
class ImportedDecisions:
    """What an import did, or every wrong cell of the file.

    :param rows: of each sheet
    :param changed: rows of each sheet that changed something
    """

    applied: bool
    errors: tuple[CellError, ...] = ()
    error_count: int = 0
    rows: Mapping[str, int] = field(default_factory=dict)
    changed: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Import:
    session: Session
    of: WardMonth
    who: Viewer
    actor: Actor
    at: datetime
    paper: str
    errors: Errors

    def tell(self, table: Table, row: Row, refusal: Refusal, column: str | None = None) -> None:
        """Tell a refusal at the cell that it is about; at the row where it is about no cell."""
        found = refusal.facts.get("field", "").rpartition(".")[2] if column is None else column
        if isinstance(refusal, UnknownPerson):
            found = "person_id"
        if found not in {each.name for each in table.sheet.columns}:
            found = ""
        self.errors.add(table.error(row, found, vi=refusal.told("vi"), en=refusal.told("en")))

    def paper_of(self, row: Row, column: str = "document") -> str:
        """Return the number of a row's paper, by default the one that stands for the whole file."""
        return row.text(column) or self.paper


def import_decisions(
    session: Session,
    *,
    ward_id: str,
    month: str,
    file_name: str,
    content: bytes,
    sheets: Sequence[str],
    dry_run: bool,
    document: str,
    actor: Actor,
    at: datetime,
) -> ImportedDecisions:
    """Take the sheets of decisions from a file.

    :param sheets: which; empty for all that the file has
    :param dry_run: True to check only: everything is tried, and undone
    :param document: name or number of the signed papers, for rows that name none
    :raises Unreadable: if the file is no table at all, or has not a sheet that is named
    :raises SheetNotYours: if a sheet with rows is the organizer's and the caller is not
    """
    of = take(session, ward_id, month)
    who = viewer(session, ward_id, actor, at)
    found = read(content, layout.SHEETS, file_name=file_name, only=tuple(sheets), passed_over=None)
    for name in _OF_THE_ORGANIZER:
        if name in found.tables and found.tables[name].rows and not who.organizer:
            raise SheetNotYours(sheet=f"{name} ({found.tables[name].sheet.vi})")
    changed: dict[str, int] = {}
    with session.begin_nested() as tried:
        taking = _Import(session, of, who, actor, at, document[:LONGEST_DOCUMENT].strip(), found.errors)
        _hold(taking, found.tables)
        for name, takes in _TAKEN.items():
            if name in found.tables:
                changed[name] = takes(taking, found.tables[name])
        if found.errors.count or dry_run:
            tried.rollback()
    if found.errors.count:
        return ImportedDecisions(
            applied=False, errors=tuple(found.errors.in_order()), error_count=found.errors.count
        )
    return ImportedDecisions(
        applied=not dry_run,
        rows={name: len(table.rows) for name, table in found.tables.items()},
        changed=changed,
    )


def _hold(taking: _Import, tables: Mapping[str, Table]) -> None:
    """Hold the month, the people and their groups, as deciders do, before anything is logged."""
    session, of = taking.session, taking.of
    if layout.QUOTA_RATES.name in tables:
        take(session, of.ward_id, of.month, about=[], hold=True)
    named = {
        row.text("person_id")
        for sheet in (layout.EXTERNAL_RESULTS, layout.DECISIONS, layout.APPEALS)
        if sheet.name in tables
        for row in tables[sheet.name].rows
    } & of.roster.people.keys()
    if named:
        evaluations.hold(session, of.ward_id, of.month, named)
        groups = {group for each in cases(session, of, named).values() if (group := quota.group_of(each))}
        copies.hold_groups(session, of.ward_id, of.month, groups)


def _rows(taking: _Import, table: Table, keys: Sequence[str]) -> Iterator[Row]:
    """Give the rows that can be read; of two rows about the same, the second is told."""
    seen: dict[tuple[str, ...], int] = {}
    for row in table.rows:
        key = tuple(row.text(each) for each in keys)
        if not all(key):
            continue
        if key in seen:
            taking.errors.add(
                table.error(
                    row,
                    keys[0],
                    vi=f"đã có ở dòng {seen[key]}",
                    en=f"stands in row {seen[key]} too",
                )
            )
            continue
        seen[key] = row.number
        if not row.bad:
            yield row


def _each(taking: _Import, table: Table, keys: Sequence[str], one: Callable[[_Import, Row], bool]) -> int:
    """Take a sheet over row by row, and return how many changed something."""
    changed = 0
    for row in _rows(taking, table, keys):
        try:
            changed += one(taking, row)
        except Refusal as refusal:
            taking.tell(table, row, refusal)
    return changed


def _rates(taking: _Import, table: Table) -> int:
    return _each(taking, table, ["quota_scope"], _rate)


def _rate(taking: _Import, row: Row) -> bool:
    decided_on, rate = row.day("decided_on"), row.decimal("rate")
    given = Rate(
        scope=row.text("quota_scope"),
        rate=rate or Decimal(0),
        decision=row.text("decision"),
        decided_on=decided_on.isoformat() if decided_on else "",
        signer=row.text("signer"),
        reason=row.text("reason"),
    )
    of = taking.of
    before = months.rates(taking.session, of.ward_id, of.month).get(given.scope)
    revision = decisions.decide_quota_rate(
        taking.session, ward_id=of.ward_id, month=of.month, given=given, actor=taking.actor, at=taking.at
    )
    return before is None or before[1] != revision


def _delegations(taking: _Import, table: Table) -> int:
    known = {_meant(each.delegation) for each in watch.delegations(taking.session, taking.of.ward_id)}

    def one(taking: _Import, row: Row) -> bool:
        first, last = row.day("from_day"), row.day("to_day")
        if first is None or last is None:
            return False
        given = Delegation(
            "", row.text("from_person_id"), row.text("to_person_id"), first, last, row.text("document")
        )
        if _meant(given) in known:
            return False
        decisions.delegate(
            taking.session, ward_id=taking.of.ward_id, given=given, actor=taking.actor, at=taking.at
        )
        return True

    return _each(taking, table, ("from_person_id", "to_person_id", "from_day", "to_day", "document"), one)


def _meant(given: Delegation) -> tuple[object, ...]:
    return (given.from_person_id, given.to_person_id, given.from_day, given.to_day, given.document)


def _externals(taking: _Import, table: Table) -> int:
    return _each(taking, table, ["person_id"], _external)


def _external(taking: _Import, row: Row) -> bool:
    of, person_id = taking.of, row.text("person_id")
    of.roster.person(person_id)
    grade, total, document = Grade(row.text("grade")), row.decimal("total"), row.text("document")
    case = cases(taking.session, of, [person_id])[person_id]
    ever = evaluations.ever_decided(taking.session, of.ward_id, of.month, [person_id]).get(person_id, [])
    made = ever if case.published else ever[-1:]
    if case.competence.external and any(
        (was, paper, sum_) == (grade, document, total) for was, _, paper, sum_ in made
    ):
        return False
    decisions.record_external_result(
        taking.session,
        ward_id=of.ward_id,
        month=of.month,
        person_id=person_id,
        grade=grade,
        document=document,
        total=total,
        actor=taking.actor,
        at=taking.at,
    )
    return True


def _decisions(taking: _Import, table: Table) -> int:
    """Decide everybody of the sheet together: the quota binds groups, and leaders come last (R-21, R-27)."""
    of, who = taking.of, taking.who
    rows: dict[str, Row] = {}
    for row in _rows(taking, table, ["person_id"]):
        try:
            rows[of.roster.person(row.text("person_id")).id] = row
        except Refusal as refusal:
            taking.tell(table, row, refusal)
    present = cases(taking.session, of, rows)
    signed: dict[str, str] = {}
    for person_id, row in list(rows.items()):
        competence = present[person_id].competence
        own = competence.decider_id in who.acting_for
        if who.organizer and not own and competence.decider_id:
            if document := taking.paper_of(row):
                signed[person_id] = document
            else:
                taking.tell(table, row, PaperMissing(field="document"))
                del rows[person_id]
    acting = who.acting_for | decisions.authorities(of, signed)
    ever = evaluations.ever_decided(taking.session, of.ward_id, of.month, rows)
    choices: list[Choice] = []
    for person_id, row in rows.items():
        case, reason, grade = present[person_id], row.text("reason"), Grade(row.text("grade"))
        document = signed.get(person_id, "")
        # What was published and replaced since is no news: the same file may be taken over after an appeal.
        made = ever.get(person_id, ()) if case.published else ever.get(person_id, ())[-1:]
        stands = any((was, why) == (grade, reason) and paper in ("", document) for was, why, paper, _ in made)
        # Who is not competent learns nothing of what stands: the refusal says so below.
        if stands and person_id != who.person_id and case.competence.decider_id in acting:
            continue
        choices.append(Choice(person_id, grade, reason, place=f"rows[{row.number}]"))
    if not choices:
        return 0
    everybody = cases(taking.session, of)
    refused = decision.refusals(
        everybody,
        choices,
        actor_id=who.person_id,
        acting_for=acting,
        terms=decisions.quota_terms(taking.session, of),
    )
    for person_id, why in refused.items():
        taking.tell(table, rows[person_id], why)
    if refused:
        return 0
    decisions.decide(
        taking.session,
        ward_id=of.ward_id,
        month=of.month,
        choices=choices,
        unit_id="",
        everybody=False,
        actor=taking.actor,
        at=taking.at,
        signed={each.person_id: signed[each.person_id] for each in choices if each.person_id in signed},
    )
    return len(choices)


def _appeals(taking: _Import, table: Table) -> int:
    changed = 0
    for row in _rows(taking, table, ["person_id", "kind", "text"]):
        answering = False
        try:
            known, submitted = _said(taking, row)
            answering = known is not None and row.has("outcome")
            answered = known is not None and answering and _answered(taking, row, known)
        except Refusal as refusal:
            field = refusal.facts.get("field", "").rpartition(".")[2]
            column = {"document": "answer_document"}.get(field, field) if answering else None
            taking.tell(table, row, refusal, column)
        else:
            changed += submitted or answered
    return changed


def _said(taking: _Import, row: Row) -> tuple[appeal.Appeal | None, bool]:
    """Take an opinion or an appeal over; return it, and whether it is new."""
    of, who, person_id = taking.of, taking.who, row.text("person_id")
    of.roster.person(person_id)
    kind, text = AppealKind(row.text("kind")), row.text("text").strip()
    answers = any(row.has(each) for each in ("outcome", "grade", "answer", "answer_document"))
    if kind is AppealKind.OPINION and answers:
        raise appeal.OpinionNotAnswered(field="outcome")
    if answers and not row.has("outcome"):
        raise appeal.OutcomeMissing(field="outcome")
    known = _submitted(taking, person_id, kind, text)
    # Whoever may neither speak nor answer learns nothing of what was said: submitting refuses him.
    if known and (person_id == who.person_id or who.clerk or (answers and _replies(taking, known))):
        return known, False
    standing = appeals.submit(
        taking.session,
        ward_id=of.ward_id,
        month=of.month,
        person_id=person_id,
        kind=kind,
        text=text,
        document=taking.paper_of(row),
        actor=taking.actor,
        at=taking.at,
    )
    return standing.appeal, True


def _answered(taking: _Import, row: Row, known: appeal.Appeal) -> bool:
    """Answer an appeal; False if it was answered so already."""
    outcome, answer = Outcome(row.text("outcome")), row.text("answer").strip()
    given = known.answer
    if given and _replies(taking, known) and (given.outcome, given.text) == (outcome, answer):
        return False
    appeals.answer(
        taking.session,
        ward_id=taking.of.ward_id,
        appeal_id=known.id,
        outcome=outcome,
        grade=Grade(row.text("grade")) if row.has("grade") else None,
        text=answer,
        document=taking.paper_of(row, "answer_document"),
        actor=taking.actor,
        at=taking.at,
        signed=not _answers(taking, known),
    )
    return True


def _answers(taking: _Import, known: appeal.Appeal) -> bool:
    """True if the caller himself is who answers."""
    case = cases(taking.session, taking.of, [known.person_id])[known.person_id]
    return appeal.answers(
        appeal.answerer(case, taking.of.roster, taking.of.policy.competence), case, taking.who
    )


def _replies(taking: _Import, known: appeal.Appeal) -> bool:
    """True if the caller answers an appeal, has answered it, or enters the answer from paper."""
    if known.person_id == taking.who.person_id:
        return False
    if taking.who.organizer or (known.answer and known.answer.authority_id in taking.who.acting_for):
        return True
    return _answers(taking, known)


def _submitted(taking: _Import, person_id: str, kind: AppealKind, text: str) -> appeal.Appeal | None:
    """Return what the person has said already in these words, the newest of it."""
    said: Iterable[appeal.Appeal] = kept_appeals.listed(
        taking.session, taking.of.ward_id, month=taking.of.month, person_id=person_id, kind=kind
    )
    return next((each for each in reversed(list(said)) if each.text == text), None)


_TAKEN: Final[Mapping[str, Callable[[_Import, Table], int]]] = {
    layout.QUOTA_RATES.name: _rates,
    layout.DELEGATIONS.name: _delegations,
    layout.EXTERNAL_RESULTS.name: _externals,
    layout.DECISIONS.name: _decisions,
    layout.APPEALS.name: _appeals,
}
