"""R-31 at the door: documents are issued once, kept, and fetched as they were; R-29: by whom they concern."""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import grpc
import openpyxl
import pytest
from sqlalchemy import select

from approval.storage import evaluations, schema
from kpi.approval.v1 import approval_pb2 as pb
from kpi.planning.v1 import events_pb2 as planning
from kpi.planning.v1 import planning_pb2
from kpi.scoring.v1 import scoring_pb2
from kpi.types.v1 import types_pb2

from .ward import MONTH, WARD, OwnCaller, Ward, choose, refused


def work(
    ward: Ward, person_id: str, accepted: str = "2", revision: int = 1, name: str = "Báo cáo định kỳ"
) -> planning.ResultsRecorded:
    line = planning.WorkLine(
        task_id="T01",
        kind=types_pb2.TASK_KIND_PLANNED,
        catalogue_code="DC.05",
        name=name,
        coefficient="12.00",
        assigned="2",
        accepted=accepted,
        faults=[planning.WorkFault(outputs=1, failed_reviews=1)],
        accepted_on="2090-12-04",
    )
    month = planning.MonthWork(person_id=person_id, month=MONTH, revision=revision, lines=[line])
    return planning.ResultsRecorded(ward_id=WARD, work=month)


def time(person_id: str, worked: int = 43, revision: int = 1) -> planning.WorkingTimeRecorded:
    return planning.WorkingTimeRecorded(
        ward_id=WARD,
        month=MONTH,
        working_time=planning_pb2.WorkingTime(
            person_id=person_id, required_half_days=44, worked_half_days=worked
        ),
        revision=revision,
    )


def scored(ward: Ward, person_id: str, total: str) -> Any:
    event = ward.score(person_id, total)
    event.score.ratios.MergeFrom(scoring_pb2.Ratios(a="1.0000", b="0.8750", c="1.0000"))
    return event


@pytest.fixture
def published(ward: Ward) -> Ward:
    """The school's month, published: th-1 with 66.00, th-truong with 75.00."""
    totals = {"th-1": "66.00", "th-truong": "75.00"}
    ward.prepare(totals)
    ward.hear(*(scored(ward, each, total) for each, total in totals.items()))
    ward.hear(*(work(ward, each) for each in totals), *(time(each) for each in totals))
    ward.decide("th-truong", [choose("th-1")])
    ward.decide("ct", [choose("th-truong")])
    ward.publish("th")
    return ward


def make(ward: Ward, **fields: Any) -> tuple[dict[str, pb.Record], int]:
    request = pb.MakeRecordsRequest(ward_id=WARD, month=MONTH, **fields)
    pieces = list(ward.organizer.MakeRecords(request))
    return {each.record_id: each for piece in pieces for each in piece.records}, sum(
        piece.made for piece in pieces
    )


def fetch(caller: OwnCaller, record_id: str) -> tuple[bytes, pb.Record]:
    pieces = list(caller.GetRecord(pb.GetRecordRequest(ward_id=WARD, month=MONTH, record_id=record_id)))
    content = b"".join(each.chunk for each in pieces)
    record = pieces[-1].record
    assert record.sha256 == hashlib.sha256(content).hexdigest()
    assert record.size == len(content)
    return content, record


def listed(caller: OwnCaller, **fields: Any) -> list[str]:
    request = pb.ListRecordsRequest(ward_id=WARD, month=MONTH, **fields)
    return [each.record_id for each in caller.ListRecords(request).records]


def words(workbook: bytes) -> list[str]:
    book = openpyxl.load_workbook(io.BytesIO(workbook))
    return [
        str(cell)
        for page in book
        for row in page.iter_rows(values_only=True)
        for cell in row
        if cell is not None
    ]


SCHOOL = {
    f"{kind}/1.{form}"
    for kind in ("sheet/th-1", "sheet/th-truong", "unit_summary/th")
    for form in ("pdf", "xlsx")
}


def test_a_units_documents_are_issued_once_and_stay(published: Ward) -> None:
    first, made = make(published, unit_id="th")
    assert set(first) == SCHOOL
    assert made == len(SCHOOL)
    before = {each: fetch(published.organizer, each)[0] for each in sorted(SCHOOL)}
    assert all(content.startswith(b"%PDF") for each, content in before.items() if each.endswith("pdf"))

    # News that came later change nothing of what was issued.
    published.hear(published.person("th-1", full_name="Tên Khác"), work(published, "th-1", "1", revision=2))
    again, made = make(published, unit_id="th")

    assert made == 0
    assert again == first
    assert {each: fetch(published.organizer, each)[0] for each in sorted(SCHOOL)} == before


def test_a_sheet_says_what_was_assessed_and_how_the_total_came(published: Ward) -> None:
    make(published, person_id="th-1")

    content, record = fetch(published.organizer, "sheet/th-1/1.xlsx")

    told = words(content)
    assert "Số: 001/2090/12-PĐG" in told
    assert record.file_name == "th/phieu-th-1.xlsx"
    assert "Họ và tên: Họ Tên th-1" in told
    assert "04/12/2090" in told
    assert told.index("Hoàn thành") + 1 == told.index("Ngày nghiệm thu")
    assert "3. Tổng điểm theo dõi, đánh giá: 66,00 điểm" in told
    assert "2. Điểm tiêu chí kết quả thực hiện nhiệm vụ: 36 điểm" in told
    assert "DC.05" in told
    assert any("(b) = 87,50%" in each for each in told)


def test_r12_work_announced_without_its_date_is_issued_without_and_stays(published: Ward) -> None:
    """As planning of the version before announced it: no such field, and none in what was kept of it."""
    with published.service.sessions.begin() as session:
        kept = session.scalars(select(schema.Work).where(schema.Work.ward_id == published.id)).all()
        assert kept
        for row in kept:
            dates = {"accepted_on", "vouched_on"}
            assert all(dates <= each.keys() for each in row.lines)
            row.lines = [{name: each[name] for name in each.keys() - dates} for each in row.lines]
    make(published, person_id="th-1")
    first = {form: fetch(published.organizer, f"sheet/th-1/1.{form}")[0] for form in ("pdf", "xlsx")}
    assert "Ngày nghiệm thu" in words(first["xlsx"])
    assert "04/12/2090" not in words(first["xlsx"])

    published.hear(work(published, "th-1", revision=2))

    assert make(published, person_id="th-1")[1] == 0
    assert {form: fetch(published.organizer, f"sheet/th-1/1.{form}")[0] for form in first} == first


def test_a_later_grade_makes_a_later_version(published: Ward) -> None:
    make(published, unit_id="th")
    old, _ = fetch(published.organizer, "sheet/th-1/1.pdf")
    with published.service.sessions.begin() as session:
        [grade] = [
            each
            for each in evaluations.grades(session, published.id, MONTH, unit_ids=None, after=None, most=9)
            if each.person_id == "th-1"
        ]
        evaluations.publish(
            session, published.id, MONTH, [replace(grade, revision=grade.revision + 1)], by="to-chuc"
        )

    records, made = make(published, unit_id="th")

    assert made == 4
    assert {"sheet/th-1/2.pdf", "sheet/th-truong/1.pdf", "unit_summary/th/2.xlsx"} <= set(records)
    assert fetch(published.organizer, "sheet/th-1/1.pdf")[0] == old
    assert records["sheet/th-1/2.pdf"].number == "003/2090/12-PĐG"


@pytest.mark.parametrize(
    ("who", "roles", "sees"),
    [
        ("th-1", (), {"sheet/th-1"}),
        ("th-truong", (), {"sheet/th-1", "sheet/th-truong", "unit_summary/th"}),
        ("ct", (), {"sheet/th-1", "sheet/th-truong", "unit_summary/th"}),
        ("vp-1", (), set()),
        ("to-chuc", ("organizer",), {"sheet/th-1", "sheet/th-truong", "unit_summary/th"}),
        ("thanh-tra", ("auditor",), {"sheet/th-1", "sheet/th-truong", "unit_summary/th"}),
    ],
)
def test_documents_are_for_whom_they_concern(
    published: Ward, who: str, roles: tuple[str, ...], sees: Iterable[str]
) -> None:
    make(published, unit_id="th")
    caller = published.as_(who, *roles)

    assert set(listed(caller)) == {f"{each}/1.{form}" for each in sees for form in ("pdf", "xlsx")}
    for record_id in SCHOOL:
        if record_id.rsplit("/", 1)[0] in set(sees):
            fetch(caller, record_id)
        else:
            code, reason, _ = refused(fetch, caller, record_id)
            assert (code, reason) == (grpc.StatusCode.PERMISSION_DENIED, "NOT_YOUR_RECORD")


def test_the_archive_holds_every_document_and_is_the_same_again(published: Ward) -> None:
    records, _ = make(published, unit_id="th")

    def archived() -> tuple[bytes, pb.RecordArchiveSummary]:
        request = pb.GetRecordArchiveRequest(ward_id=WARD, month=MONTH)
        pieces = list(published.organizer.GetRecordArchive(request))
        return b"".join(each.chunk for each in pieces), pieces[-1].summary

    content, summary = archived()

    assert archived()[0] == content
    assert summary.sha256 == hashlib.sha256(content).hexdigest()
    assert summary.count == len(records)
    with zipfile.ZipFile(io.BytesIO(content)) as unpacked:
        assert unpacked.testzip() is None
        manifest = json.loads(unpacked.read("manifest.json"))
        assert {each["file"]: each["sha256"] for each in manifest["documents"]} == {
            each.file_name: each.sha256 for each in records.values()
        }
        for each in records.values():
            assert hashlib.sha256(unpacked.read(each.file_name)).hexdigest() == each.sha256


def test_nothing_is_issued_before_publication_or_without_the_tasks(ward: Ward) -> None:
    ward.prepare({"th-1": "66.00"})
    ward.hear(scored(ward, "th-1", "66.00"))
    assert refused(make, ward, person_id="th-1")[:2] == (
        grpc.StatusCode.FAILED_PRECONDITION,
        "NOT_PUBLISHED",
    )
    assert refused(make, ward)[1] == "NOT_PUBLISHED"
    ward.decide("th-truong", [choose("th-1")])
    ward.hear(ward.person("th-truong", active=False))
    ward.publish("th")

    assert refused(make, ward, person_id="th-1")[1] == "RECORDS_NOT_READY"
    # The tasks that came are older than those that were scored.
    ward.hear(work(ward, "th-1", "1"))
    assert refused(make, ward, person_id="th-1")[1] == "RECORDS_NOT_READY"
    ward.hear(work(ward, "th-1", "2", revision=3), work(ward, "th-1", "0", revision=2))
    assert refused(make, ward, person_id="th-1")[1] == "RECORDS_NOT_READY"
    ward.hear(time("th-1"))

    assert make(ward, person_id="th-1")[1] == 2
    assert refused(fetch, ward.organizer, "sheet/th-9/1.pdf")[:2] == (
        grpc.StatusCode.NOT_FOUND,
        "UNKNOWN_RECORD",
    )


def test_only_the_organizer_issues_and_staff_get_no_archive(published: Ward) -> None:
    staff = published.as_("th-truong")
    asked = pb.MakeRecordsRequest(ward_id=WARD, month=MONTH)
    archive = pb.GetRecordArchiveRequest(ward_id=WARD, month=MONTH)

    assert refused(lambda: list(staff.MakeRecords(asked)))[0] == grpc.StatusCode.PERMISSION_DENIED
    assert refused(lambda: list(staff.GetRecordArchive(archive)))[0] == grpc.StatusCode.PERMISSION_DENIED
    assert refused(lambda: list(published.organizer.GetRecordArchive(archive)))[1] == "NO_RECORDS"


def test_pages_follow_one_another(published: Ward) -> None:
    make(published, unit_id="th")
    found: list[str] = []
    token = ""
    while True:
        page = published.organizer.ListRecords(
            pb.ListRecordsRequest(ward_id=WARD, month=MONTH, page_size=4, page_token=token)
        )
        found += [each.record_id for each in page.records]
        token = page.next_page_token
        if not token:
            break

    assert found == sorted(SCHOOL)
    assert listed(published.organizer, kind=pb.RECORD_KIND_UNIT_SUMMARY) == [
        "unit_summary/th/1.pdf",
        "unit_summary/th/1.xlsx",
    ]
    assert listed(published.organizer, person_id="th-1") == ["sheet/th-1/1.pdf", "sheet/th-1/1.xlsx"]
