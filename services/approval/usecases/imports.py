"""Taking the assessments sheet of a workbook over: all of it or nothing, every bad cell told at once (R-18).

The clerk enters what stands on signed papers. The same file again changes and announces nothing; a
corrected file changes and announces what differs.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from approval.domain.access import PaperMissing, Viewer
from approval.domain.case import Case
from approval.domain.criteria import GROUPS, CriteriaSet, Criterion, Value
from approval.domain.deadlines import Step
from approval.domain.evaluation import (
    LONGEST_DOCUMENT,
    LONGEST_TEXT,
    Entry,
    Evaluation,
    GivenRemarks,
    GivenSelfAssessment,
)
from approval.domain.grade import Grade
from approval.usecases import log
from approval.usecases.assessments import announce, assess, held, remark
from approval.usecases.log import Change
from approval.usecases.ward_month import WardMonth, cases, take, viewer
from chassis.auth import Actor
from chassis.errors import Invalid, Refusal
from chassis.sheets import CellError, Column, Row, Sheet, choice, decimal, read, text

SHEET = "assessments"
SELF, REVIEW = "self", "review"
_OWN = ("strengths", "weaknesses")
_SUPERIORS = ("text", "organising", "organising_fact", "unity", "unity_fact", "blocker")


class NothingToImport(Invalid):
    """An import takes the self-assessments, the remarks, or both."""

    vi = "Hãy chọn nhập phần tự đánh giá, phần nhận xét, hoặc cả hai."
    en = "Say what to take: the self-assessments, the remarks, or both."


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, or every bad cell of the file; ``error_count`` may exceed those listed."""

    applied: bool
    errors: tuple[CellError, ...] = ()
    error_count: int = 0
    self_assessments: int = 0
    remarks: int = 0


@dataclass(frozen=True, slots=True)
class _Wanted:
    own: bool
    superiors: bool
    document: str
    own_entry: Entry
    superiors_entry: Entry


@dataclass(frozen=True, slots=True)
class _Taken:
    before: Evaluation
    after: Evaluation
    assessed: bool
    remarked: bool


class _BadRow(Exception):
    """A cell of a row that the law refuses."""

    def __init__(self, column: str, vi: str, en: str) -> None:
        super().__init__(en)
        self.column, self.vi, self.en = column, vi, en


def import_assessments(
    session: Session,
    *,
    ward_id: str,
    month: str,
    file_name: str,
    content: bytes,
    self_assessments: bool,
    remarks: bool,
    dry_run: bool,
    document: str,
    actor: Actor,
    at: datetime,
) -> Imported:
    """Take self-assessments, superiors' remarks, or both, from a file.

    A row in which nothing stands in the superior's columns has no remarks.

    :param dry_run: True to check only
    :param document: name or number of the signed papers
    :raises Unreadable: if the file is no table at all
    :raises PaperMissing: without the document
    """
    of = take(session, ward_id, month)
    if not (self_assessments or remarks):
        raise NothingToImport
    if not document.strip():
        raise PaperMissing(field="document")
    who = viewer(session, ward_id, actor, at)
    wanted = _Wanted(
        own=self_assessments,
        superiors=remarks,
        document=document[:LONGEST_DOCUMENT],
        own_entry=Entry(actor.person_id, at, of.deadlines[Step.SELF_ASSESSMENT].late(at)),
        superiors_entry=Entry(actor.person_id, at, of.deadlines[Step.REMARKS].late(at)),
    )
    layout = sheet(*(each.criteria for each in of.policy.all_sets), own=self_assessments)
    found = read(content, [layout], file_name=file_name, only=[SHEET], passed_over=None)
    table = found.tables.get(SHEET)
    rows = table.rows if table else ()
    people = {row.text("person_id") for row in rows} & of.roster.people.keys()
    known = cases(session, of, people, whole=True) if dry_run else held(session, of, people)
    taken: list[_Taken] = []
    seen: dict[str, int] = {}
    for row in rows:
        try:
            if each := _taken(row, known, seen, of, who, wanted):
                taken.append(each)
        except _BadRow as bad:
            if table and bad.column not in row.bad:
                found.errors.add(table.error(row, bad.column, vi=bad.vi, en=bad.en))
    if found.errors.count:
        return Imported(applied=False, errors=tuple(found.errors.in_order()), error_count=found.errors.count)
    if not dry_run:
        _keep(session, of, taken, known, wanted.own_entry)
    return Imported(
        applied=not dry_run,
        self_assessments=sum(each.assessed for each in taken),
        remarks=sum(each.remarked for each in taken),
    )


def layout_of(session: Session, *, ward_id: str, month: str) -> Sheet:
    """Return the layout of the assessments sheet of an open month, as it is for self-assessments.

    :raises UnknownMonth: if the month is not open, so that nobody can say its criteria
    """
    of = take(session, ward_id, month, about=[], reading=True)
    return sheet(*(each.criteria for each in of.policy.all_sets), own=True)


def sheet(*sets: Sequence[Criterion], own: bool) -> Sheet:
    """Return the layout of the assessments sheet for a month's criteria.

    Criteria of one id share their columns, whatever each set has them for; those of some sets only stand in
    columns that a file may lack. Whether a row keeps to the set of its person is checked row by row.

    :param own: True when the person's own columns must be filled
    """
    criteria = _together(sets)
    everywhere = {each.id for each in criteria if all(any(each.id == e.id for e in one) for one in sets)}
    return Sheet(
        SHEET,
        "Đánh giá",
        (
            text("person_id", "Mã người", "Person id", required=True, longest=200),
            *(
                _points(each, SELF, "tự chấm", "self", required=own and each.id in everywhere)
                for each in criteria
            ),
            text("self_reason", "Lý do (tự chấm)", "Reason (self)", longest=2_000),
            text("strengths", "Ưu điểm", "Strengths", longest=LONGEST_TEXT),
            text("weaknesses", "Hạn chế, khuyết điểm", "Weaknesses", longest=LONGEST_TEXT),
            choice("proposed", "Tự xếp loại", "Proposed grade", {each.value: each.value for each in Grade}),
            *(_points(each, REVIEW, "cấp thẩm quyền", "reviewer", required=False) for each in criteria),
            text("review_reason", "Lý do (cấp thẩm quyền)", "Reason (reviewer)", longest=2_000),
            text("text", "Ý kiến nhận xét", "Remarks", longest=LONGEST_TEXT),
            choice("organising", "Tổ chức thực hiện (đ)", "Organising (đ)", {"100": "100", "50": "50"}),
            text("organising_fact", "Căn cứ (đ)", "Fact (đ)", longest=2_000),
            choice("unity", "Đoàn kết (e)", "Unity (e)", {"100": "100", "50": "50"}),
            text("unity_fact", "Căn cứ (e)", "Fact (e)", longest=2_000),
            text("blocker", "Văn bản xếp loại D", "Blocker document", longest=LONGEST_DOCUMENT),
        ),
    )


def _together(sets: Sequence[Sequence[Criterion]]) -> list[Criterion]:
    """Return the criteria of all sets group by group, each id once with the highest maximum."""
    found: dict[str, Criterion] = {}
    for each in (criterion for one in sets for criterion in one):
        known = found.setdefault(each.id, each)
        if each.maximum > known.maximum:
            found[each.id] = replace(known, maximum=each.maximum)
    return sorted(found.values(), key=lambda each: GROUPS.index(each.group))


def _points(criterion: Criterion, stage: str, vi: str, en: str, *, required: bool) -> Column:
    return decimal(
        f"{stage}_{criterion.id}",
        f"{criterion.id} ({vi})",
        f"{criterion.id} ({en})",
        required=required,
        least=0,
        most=criterion.maximum,
        places=2,
    )


def _taken(
    row: Row, known: dict[str, Case], seen: dict[str, int], of: WardMonth, who: Viewer, wanted: _Wanted
) -> _Taken | None:
    """Return what a row changes; ``None`` for a row whose bad cells were told already.

    :raises _BadRow: at the first cell that the law refuses
    """
    person_id = row.text("person_id")
    if not person_id:
        return None
    if person_id in seen:
        raise _BadRow("person_id", f"đã có ở dòng {seen[person_id]}", f"stands in row {seen[person_id]} too")
    seen[person_id] = row.number
    case = known.get(person_id)
    if case is None:
        raise _BadRow(
            "person_id",
            f"không có người này trong tháng {of.month}",
            f"nobody with this id works here in {of.month}",
        )
    if row.bad:
        return None
    criteria = of.policy.criteria_of(case)
    _check_columns(row, criteria, of, wanted)
    remarked = wanted.superiors and _remarked(row, criteria.criteria)
    after = case
    if wanted.own:
        after = _assessed(row, after, of, who, wanted, remarks_follow=remarked)
    if remarked:
        after = _with_remarks(row, after, of, who, wanted)
    return _Taken(case.evaluation, after.evaluation, wanted.own, remarked)


def _check_columns(row: Row, own: CriteriaSet, of: WardMonth, wanted: _Wanted) -> None:
    """Refuse a row with points for criteria of another set, or without those of its person's (R-18).

    :raises _BadRow: at the first such cell
    """
    known = {each.id for each in own.criteria}
    every = [each.id for one in of.policy.all_sets for each in one.criteria]
    stages = [*([SELF] if wanted.own else []), *([REVIEW] if wanted.superiors else [])]
    for stage in stages:
        for id_ in every:
            if id_ not in known and row.has(f"{stage}_{id_}"):
                listed = ", ".join(each.id for each in own.criteria)
                raise _BadRow(
                    f"{stage}_{id_}",
                    f"không phải tiêu chí của người này, để trống; các tiêu chí của người này: {listed}",
                    f"not one of this person's criteria, leave it empty; those are {listed}",
                )
    for each in own.criteria if wanted.own else ():
        if not row.has(f"{SELF}_{each.id}"):
            raise _BadRow(f"{SELF}_{each.id}", "bắt buộc nhập", "it must not be empty")


def _assessed(
    row: Row, case: Case, of: WardMonth, who: Viewer, wanted: _Wanted, *, remarks_follow: bool
) -> Case:
    criteria = of.policy.criteria_of(case).criteria
    given = GivenSelfAssessment(
        person_id=case.person.id,
        values=tuple(_value(row, SELF, each) or Value(each.id, each.maximum) for each in criteria),
        strengths=row.text("strengths"),
        weaknesses=row.text("weaknesses"),
        proposed=Grade(row.text("proposed")) if row.has("proposed") else None,
        document=wanted.document,
    )
    present = case.evaluation.self_assessment
    if present and (
        (present.values, present.strengths, present.weaknesses, present.proposed)
        == (given.values, given.strengths, given.weaknesses, given.proposed)
    ):
        return case
    try:
        changed = assess(case, given, of, who, wanted.own_entry, remarks_follow=remarks_follow)
    except Refusal as refusal:
        raise _bad(refusal, SELF, criteria) from None
    return replace(case, evaluation=changed)


def _with_remarks(row: Row, case: Case, of: WardMonth, who: Viewer, wanted: _Wanted) -> Case:
    criteria = of.policy.criteria_of(case).criteria
    given = GivenRemarks(
        person_id=case.person.id,
        values=_reviewed(row, case, criteria),
        text=row.text("text"),
        organising=int(row.text("organising") or 0),
        organising_fact=row.text("organising_fact"),
        unity=int(row.text("unity") or 0),
        unity_fact=row.text("unity_fact"),
        blocker=row.text("blocker"),
        document=wanted.document,
    )
    present = case.evaluation.remarks
    if present and all(getattr(present, name) == getattr(given, name) for name in ("values", *_SUPERIORS)):
        return case
    try:
        changed = remark(case, given, of, who, wanted.superiors_entry)
    except Refusal as refusal:
        raise _bad(refusal, REVIEW, criteria) from None
    return replace(case, evaluation=changed)


def _reviewed(row: Row, case: Case, criteria: Sequence[Criterion]) -> tuple[Value, ...]:
    """Return the reviewer's values; an empty cell takes the person's own over, with its reason."""
    own = case.evaluation.self_assessment
    taken_over = {each.criterion_id: each for each in own.values} if own else {}
    found: list[Value] = []
    for criterion in criteria:
        value = _value(row, REVIEW, criterion) or taken_over.get(criterion.id)
        if value is None:
            raise _BadRow(
                f"{REVIEW}_{criterion.id}",
                "chưa có điểm tự chấm để lấy theo: hãy nhập điểm",
                "there is no value of the person's own to take over: give one",
            )
        found.append(value)
    return tuple(found)


def _value(row: Row, stage: str, criterion: Criterion) -> Value | None:
    points = row.decimal(f"{stage}_{criterion.id}")
    if points is None:
        return None
    return Value(criterion.id, points, row.text(f"{stage}_reason") if points < criterion.maximum else "")


def _remarked(row: Row, criteria: Sequence[Criterion]) -> bool:
    columns = (*_SUPERIORS, "review_reason", *(f"{REVIEW}_{each.id}" for each in criteria))
    return any(row.has(name) for name in columns)


def _bad(refusal: Refusal, stage: str, criteria: Sequence[Criterion]) -> _BadRow:
    """Return a refusal at the cell it is about; at the row where it is about no cell."""
    field = refusal.facts.get("field", "")
    column = field.rpartition(".")[2]
    if place := re.search(r"values\[(\d+)\]\.(points|reason)$", field):
        of_value = f"{stage}_{criteria[int(place[1])].id}"
        column = of_value if place[2] == "points" else f"{stage}_reason"
    elif column not in (*_OWN, *_SUPERIORS):
        column = ""
    return _BadRow(column, refusal.told("vi"), refusal.told("en"))


def _keep(
    session: Session, of: WardMonth, taken: Sequence[_Taken], known: Mapping[str, Case], entry: Entry
) -> None:
    changed = [each for each in taken if each.after is not each.before]
    announce(
        session,
        of,
        [each.after for each in changed],
        [_logged(each, known[each.after.person_id]) for each in changed],
        entry,
        remarked=[each.after for each in changed if each.after.remarks is not each.before.remarks],
    )


def _logged(each: _Taken, case: Case) -> Change:
    """Return an imported row as the log has it: on the authority of whoever signed the paper."""
    remarked = each.after.remarks is not each.before.remarks
    authority = case.reviewer_id if remarked else case.person.id
    return log.evaluated("import_assessment", each.before, each.after, authority)
