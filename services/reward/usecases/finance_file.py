"""The file that finance takes over (R-40): the same bytes for the same run, on any machine and any day.

It is written from the run's own copy of its inputs, and holds nothing that differs between two installations
of one month: no time of writing, no made-up id.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Final

from sqlalchemy.orm import Session

from chassis import outbox
from chassis.auth import Actor
from chassis.errors import Invalid
from chassis.sheets import Page, Sheet, comma_separated, decimal, integer, text, workbook
from chassis.sheets.cells import Value
from reward import wire
from reward.domain.fund import Fund, FundKind
from reward.domain.run import UNGRADED, Acknowledgement, Allocated, BadDigest, OtherFile, Run
from reward.storage import funds, runs
from reward.usecases import log

CHUNK: Final = 64 * 1024
"""Bytes of a piece of a file."""

_STEMS: Final = {
    FundKind.SUPPLEMENTARY_INCOME: "thu-nhap-tang-them",
    FundKind.BONUS: "tien-thuong",
    FundKind.COMMENDATION: "thi-dua-khen-thuong",
}

PAYMENTS: Final = Sheet(
    "payments",
    "Danh sách chi",
    (
        text("ward_id", "Mã phường", "Ward"),
        text("month", "Tháng", "Month"),
        text("fund_id", "Mã quỹ", "Fund"),
        text("run_id", "Mã đợt chi", "Run"),
        text("person_id", "Mã người", "Person id"),
        text("full_name", "Họ và tên", "Full name"),
        text("unit_id", "Mã đơn vị", "Unit id"),
        text("unit_name", "Đơn vị", "Unit"),
        text("grade", "Xếp loại", "Grade"),
        decimal("score", "Điểm", "Score"),
        decimal("salary_coefficient", "Hệ số lương", "Salary coefficient"),
        integer("worked_half_days", "Số nửa ngày làm việc", "Worked half-days"),
        integer("required_half_days", "Số nửa ngày phải làm", "Required half-days"),
        integer("amount", "Số tiền (đồng)", "Amount (đồng)"),
    ),
)

SUMMARY: Final = Sheet(
    "summary", "Tổng hợp", (text("item", "Nội dung", "Item"), text("value", "Giá trị", "Value"))
)

_FORMULA = re.compile(r"[=+\-@]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ufffe\uffff]")


class UnknownFormat(Invalid):
    """A finance file is CSV or XLSX."""

    vi = "Không có định dạng {format}: chọn CSV hoặc XLSX."
    en = "There is no format {format}: ask for CSV or XLSX."


class FileFormat(Enum):
    """How a finance file is written; the value is the ending of its name."""

    CSV = "csv"
    XLSX = "xlsx"


@dataclass(frozen=True, slots=True)
class FinanceFile:
    """A finance file and what it holds; ``total`` in đồng."""

    name: str
    content: bytes
    count: int
    total: int

    @property
    def sha256(self) -> str:
        """SHA-256 of the bytes, hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()

    def pieces(self) -> Iterable[bytes]:
        """Yield the content in pieces of `CHUNK` bytes."""
        for start in range(0, len(self.content), CHUNK):
            yield self.content[start : start + CHUNK]


def export_run(session: Session, *, ward_id: str, run_id: str, form: FileFormat) -> FinanceFile:
    """Return a run's finance file, as often as it is asked for, after the acknowledgement too.

    :raises UnknownRun: if there is none
    """
    run = runs.take(session, ward_id, run_id)
    fund = funds.take(session, ward_id, run.fund_id)
    return write(run, fund, runs.allocated(session, ward_id, run_id), form)


def acknowledge_run(
    session: Session, *, ward_id: str, run_id: str, sha256: str, actor: Actor, at: datetime
) -> Run:
    """Close a run whose file finance has taken over; closed again it stays as it is.

    The ledger is left alone: what the ward owes each person stands there until finance has paid, which is
    entered in finance's own books.

    :raises BadDigest: if ``sha256`` is none
    :raises OtherFile: if it is the digest of neither file of the run
    :raises UnknownRun: if there is no such run
    """
    digest = sha256.strip().lower()
    if not re.fullmatch("[0-9a-f]{64}", digest):
        raise BadDigest(field="sha256")
    runs.hold(session, ward_id, run_id)
    run = runs.take(session, ward_id, run_id)
    _check_digest(session, run, digest)
    if run.acknowledgement:
        return run
    acknowledgement = Acknowledgement(digest, actor.person_id, at)
    runs.put_acknowledgement(session, run, acknowledgement)
    outbox.add(session, wire.run_acknowledged(run, acknowledgement), subject=run.run_id)
    log.run_acknowledged(session, run, acknowledgement)
    return runs.take(session, ward_id, run_id)


def write(run: Run, fund: Fund, allocated: Sequence[Allocated], form: FileFormat) -> FinanceFile:
    """Write a finance file: a row a person, by person, those with 0 đồng among them."""
    rows = [_row(run, each) for each in allocated]
    if form is FileFormat.CSV:
        guarded = [{name: _guarded(value) for name, value in row.items()} for row in rows]
        content = comma_separated(Page(PAYMENTS, guarded))
    else:
        content = workbook([Page(PAYMENTS, rows), Page(SUMMARY, _summary(run, fund))])
    return FinanceFile(
        name=f"{_STEMS[run.kind]}-{run.ward_id}-{run.month}-{run.fund_id}.{form.value}",
        content=content,
        count=len(allocated),
        total=sum(each.amount for each in allocated),
    )


def _check_digest(session: Session, run: Run, digest: str) -> None:
    found = {}
    for form in FileFormat:
        found[form.value] = export_run(session, ward_id=run.ward_id, run_id=run.run_id, form=form).sha256
        if found[form.value] == digest:
            return
    raise OtherFile(run_id=run.run_id, **found)


def _row(run: Run, each: Allocated) -> dict[str, Value | None]:
    person = each.member.person
    return {
        "ward_id": run.ward_id,
        "month": run.month,
        "fund_id": run.fund_id,
        "run_id": run.run_id,
        "person_id": _plain(person.id),
        "full_name": _plain(each.member.full_name),
        "unit_id": _plain(each.member.unit_id),
        "unit_name": _plain(each.member.unit_name),
        "grade": person.grade.value if person.grade else None,
        "score": person.score,
        "salary_coefficient": person.salary_coefficient,
        "worked_half_days": person.worked_half_days,
        "required_half_days": person.required_half_days,
        "amount": each.amount,
    }


def _summary(run: Run, fund: Fund) -> list[Mapping[str, Value | None]]:
    told: list[tuple[str, Value]] = [
        ("Phường", _plain(run.ward_name)),
        ("Tháng", run.month),
        ("Quỹ", run.fund_id),
        ("Loại quỹ", run.kind.vi),
        ("Nguồn kinh phí", fund.source),
        ("Căn cứ pháp lý", fund.legal_basis),
        ("Chính sách", run.policy),
        ("Đợt chi", run.run_id),
        ("Số người", run.people),
        ("Số người được chi", run.paid),
        ("Tổng quỹ (đồng)", run.distributed + run.undistributed),
        ("Tổng số tiền chi (đồng)", run.distributed),
        ("Còn lại chưa chi (đồng)", run.undistributed),
    ]
    for letter, total in sorted(run.by_grade.items(), key=lambda each: (each[0] == UNGRADED, each[0])):
        graded = "không xếp loại" if letter == UNGRADED else f"loại {letter}"
        told.append((f"Chi cho {graded} (đồng)", total))
    return [{"item": item, "value": value} for item, value in told]


def _plain(words: str) -> str:
    """Return words on one line: a workbook cannot hold control characters."""
    return _CONTROL.sub(" ", words).strip()


def _guarded(value: Value | None) -> Value | None:
    """Return a value as a text that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value
