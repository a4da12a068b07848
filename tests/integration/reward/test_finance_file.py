"""R-40: finance takes over the same bytes every time, and closes the run by their digest."""

import csv
import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import grpc
import openpyxl
import pytest
from sqlalchemy import select

from chassis.db import Sessions
from chassis.db.tables import outbox
from integration.reward import happenings as h
from kpi.reward.v1 import reward_pb2 as pb
from support.service import Running, refusal, running

RUN = f"{h.FUND}.1"
STEM = f"thu-nhap-tang-them-{h.WARD}-{h.MONTH}-{h.FUND}"


def acknowledge(service: Running, sha256: str, run_id: str = RUN) -> pb.Run:
    request = pb.AcknowledgeRunRequest(ward_id=h.WARD, run_id=run_id, sha256=sha256)
    reply: pb.AcknowledgeRunResponse = service.as_("k-2", "finance").AcknowledgeRun(request)
    return reply.run


@pytest.fixture
def posted(service: Running, sessions: Sessions) -> Running:
    h.happen(sessions, h.month())
    h.record_fund(service)
    h.allocate(service)
    return service


def test_the_csv_file(posted: Running) -> None:
    content, summary = h.export(posted, pb.EXPORT_FORMAT_CSV)

    assert summary.file_name == f"{STEM}.csv"
    assert summary.sha256 == hashlib.sha256(content).hexdigest()
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\r\n") == content.count(b"\n") == 6
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert [row["Mã người"] for row in rows] == ["p-anh", "p-binh", "p-chi", "p-dung", "p-em"]
    amounts = h.allocations(posted)
    assert {row["Mã người"]: row["Số tiền (đồng)"] for row in rows} == {
        person_id: str(amount) for person_id, amount in amounts.items()
    }
    assert rows[0] == {
        "Mã phường": h.WARD,
        "Tháng": h.MONTH,
        "Mã quỹ": h.FUND,
        "Mã đợt chi": RUN,
        "Mã người": "p-anh",
        "Họ và tên": "Người p-anh",
        "Mã đơn vị": "u-1",
        "Đơn vị": "Văn phòng",
        "Xếp loại": "A",
        "Điểm": "95.50",
        "Hệ số lương": "3.99",
        "Số nửa ngày làm việc": "44",
        "Số nửa ngày phải làm": "44",
        "Số tiền (đồng)": str(amounts["p-anh"]),
    }
    assert (rows[4]["Xếp loại"], rows[4]["Điểm"], rows[4]["Số tiền (đồng)"]) == ("", "", "0")
    assert (summary.count, summary.sum) == (5, sum(amounts.values()))
    assert h.export(posted, pb.EXPORT_FORMAT_UNSPECIFIED)[0] == content


def test_the_workbook(posted: Running) -> None:
    content, summary = h.export(posted, pb.EXPORT_FORMAT_XLSX)

    assert summary.file_name == f"{STEM}.xlsx"
    assert summary.sha256 == hashlib.sha256(content).hexdigest()
    book = openpyxl.load_workbook(io.BytesIO(content))
    payments, totals = book.worksheets
    amounts = h.allocations(posted)
    assert [row[-1] for row in payments.iter_rows(min_row=2, values_only=True)] == list(amounts.values())
    told = {str(item): value for item, value in totals.iter_rows(min_row=2, values_only=True)}
    assert told["Phường"] == "Phường Phúc Lợi"
    assert told["Chính sách"] == "phuc-loi@1"
    assert told["Số người"] == summary.count == 5
    assert told["Tổng số tiền chi (đồng)"] == summary.sum == sum(amounts.values())
    assert told["Tổng quỹ (đồng)"] == 10_000_000
    assert told["Chi cho loại A (đồng)"] == amounts["p-anh"]
    assert told["Chi cho không xếp loại (đồng)"] == 0


@pytest.mark.parametrize("form", [pb.EXPORT_FORMAT_CSV, pb.EXPORT_FORMAT_XLSX])
def test_a_large_file_comes_in_pieces(service: Running, sessions: Sessions, form: Any) -> None:
    h.happen(sessions, h.month([h.someone(f"p-{number:04d}") for number in range(1_200)]))
    h.record_fund(service, 4_000_000_000)
    h.allocate(service)

    content, summary = h.export(service, form)

    assert len(content) > 64 * 1024
    assert (summary.count, summary.sum) == (1_200, sum(h.allocations(service).values()))


def test_both_databases_and_any_order_write_the_same_bytes(database_url: str, tmp_path: Path) -> None:
    """The same input gives the same bytes: another database, another order, another day, news said twice."""
    people = [
        *h.FIVE,
        *(
            h.someone(f"p-{number:03d}", "B", f"{70 + number % 20}.{number % 100:02d}")
            for number in range(90)
        ),
    ]
    calm = h.month(people)
    late = [each for step in (3, 1, 0, 2) for each in list(reversed(calm))[step::4]]
    files = []
    for url, happened in (
        (database_url, calm),
        (f"sqlite:///{tmp_path}/one.db", [*late, *calm[::7]]),
    ):
        with _posted(url, happened) as service:
            files.append({form: h.export(service, form) for form in (1, 2)})
            digests = {summary.sha256 for _, summary in files[-1].values()}
            acknowledge(service, min(digests))
            assert {h.export(service, form)[1].sha256 for form in (1, 2)} == digests

    assert files[0] == files[1]


@contextmanager
def _posted(url: str, happened: list[Any]) -> Iterator[Running]:
    with running("reward", url) as service:
        h.happen(service.sessions, happened)
        h.record_fund(service, 400_000_000)
        h.allocate(service)
        yield service


NAMES = ['=HYPERLINK("http://x.example")', "+84 912", "-1+1", "@SUM(A1)", "\t=1", "=1\r\n2", 'Lê, "Ân"']


def test_no_name_becomes_a_formula_or_a_row(service: Running, sessions: Sessions) -> None:
    people = [h.someone(f"p-{number}") for number in range(len(NAMES))]
    named = [
        h.person(each["id"], full_name=name, revision=2) for each, name in zip(people, NAMES, strict=True)
    ]
    h.happen(sessions, [*h.month(people), *named])
    h.record_fund(service)
    h.allocate(service)

    content, _ = h.export(service, pb.EXPORT_FORMAT_CSV)
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    sheet, _ = h.export(service, pb.EXPORT_FORMAT_XLSX)
    cells = list(openpyxl.load_workbook(io.BytesIO(sheet)).worksheets[0]["F"][1:])

    assert len(rows) == len(cells) == len(NAMES)
    for name, row, cell in zip(NAMES, rows, cells, strict=True):
        shown = row["Họ và tên"]
        assert shown[0] not in "=+-@ "
        assert shown.removeprefix("'") == "".join(max(each, " ") for each in name).strip()
        assert (cell.data_type, cell.value) == ("s", shown.removeprefix("'"))


@pytest.mark.parametrize("form", [pb.EXPORT_FORMAT_CSV, pb.EXPORT_FORMAT_XLSX])
def test_finance_closes_a_run_by_either_file(posted: Running, form: Any) -> None:
    _, summary = h.export(posted, form)

    closed = acknowledge(posted, summary.sha256.upper())

    assert (closed.state, closed.acknowledged_by) == (pb.RUN_STATE_ACKNOWLEDGED, "k-2")
    assert closed.HasField("acknowledged_at")
    assert acknowledge(posted, summary.sha256) == closed
    assert h.export(posted, form)[1] == summary
    with posted.sessions() as session:
        types = session.scalars(select(outbox.c.type)).all()
    assert [each for each in types if each.endswith("RunAcknowledged")] == ["kpi.reward.v1.RunAcknowledged"]


def test_the_acknowledgement_leaves_the_ledger_alone(posted: Running) -> None:
    """What is owed stands until finance has paid, in its own books."""
    finance = posted.as_("k-1", "finance")
    request = pb.ListEntriesRequest(ward_id=h.WARD)
    before = finance.ListEntries(request)

    acknowledge(posted, h.export(posted, pb.EXPORT_FORMAT_CSV)[1].sha256)

    assert finance.ListEntries(request) == before


def test_another_file_closes_nothing(posted: Running) -> None:
    digests = {form: h.export(posted, form)[1].sha256 for form in (1, 2)}

    with pytest.raises(grpc.RpcError) as no:
        acknowledge(posted, "0" * 64)
    code, reason, facts = refusal(no.value)
    assert (code, reason) == (grpc.StatusCode.FAILED_PRECONDITION, "OTHER_FILE")
    assert (facts["csv"], facts["xlsx"]) == (digests[1], digests[2])

    acknowledge(posted, digests[1])
    with pytest.raises(grpc.RpcError) as no:
        acknowledge(posted, "0" * 64)
    assert refusal(no.value)[1] == "OTHER_FILE"


@pytest.mark.parametrize(
    ("sha256", "run_id", "reason"),
    [("", RUN, "BAD_DIGEST"), ("x" * 64, RUN, "BAD_DIGEST"), ("0" * 64, "f-9.1", "UNKNOWN_RUN")],
)
def test_a_wrong_acknowledgement_is_refused(shared: Running, sha256: str, run_id: str, reason: str) -> None:
    with pytest.raises(grpc.RpcError) as no:
        acknowledge(shared, sha256, run_id)

    assert refusal(no.value)[1] == reason


@pytest.mark.parametrize(
    ("form", "run_id", "reason"), [(7, RUN, "UNKNOWN_FORMAT"), (1, "f-9.1", "UNKNOWN_RUN")]
)
def test_a_wrong_export_is_refused(shared: Running, form: int, run_id: str, reason: str) -> None:
    with pytest.raises(grpc.RpcError) as no:
        h.export(shared, form, run_id)

    assert refusal(no.value)[1] == reason
