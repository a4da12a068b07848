"""R-24 and form 02 at the door: a year's totals, their mean, what is recorded of it, the annual sheets."""

import hashlib
import io
import json
import zipfile

import grpc
import openpyxl
import pytest

from kpi.approval.v1 import approval_pb2 as pb
from kpi.scoring.v1 import events_pb2 as scoring
from kpi.scoring.v1 import scoring_pb2
from kpi.types.v1 import types_pb2
from support.service import Running

from .ward import LETTERS, WARD, OwnCaller, Ward, refused

YEAR = "2090"
NOVEMBER = {
    "vp-1": "80.00", "vp-2": "71.00", "vp-3": "72.00", "vp-pho": "75.00",
    "th-1": "66.00", "vp-truong": "74.00", "th-truong": "75.00",
}  # fmt: skip
DECEMBER = NOVEMBER | {"vp-1": "81.01", "th-1": "66.01"}


def month_of(ward: Ward, month: str, totals: dict[str, str]) -> None:
    """Take a month from its opening to its publication."""
    ward.month = month
    ward.organizer.OpenMonth(pb.OpenMonthRequest(ward_id=WARD, month=month))
    ward.prepare(totals)
    for each in ("bt", "ct"):
        ward.organizer.RecordExternalResult(
            pb.RecordExternalResultRequest(
                ward_id=WARD, month=month, person_id=each, grade=types_pb2.GRADE_B, document="312-TB/TU"
            )
        )
    for decider in ("vp-truong", "th-truong", "ct"):
        ward.decide(decider, all=True)
    assert ward.publish().month_published


def make(ward: Ward, **fields: str) -> tuple[dict[str, pb.Record], int]:
    pieces = list(ward.organizer.MakeRecords(pb.MakeRecordsRequest(ward_id=WARD, month=YEAR, **fields)))
    return {each.record_id: each for piece in pieces for each in piece.records}, sum(
        piece.made for piece in pieces
    )


def fetch(caller: OwnCaller, record_id: str) -> bytes:
    pieces = caller.GetRecord(pb.GetRecordRequest(ward_id=WARD, month=YEAR, record_id=record_id))
    return b"".join(piece.chunk for piece in pieces)


def cells(content: bytes) -> list[str]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [str(cell.value) for row in book.worksheets[0] for cell in row if cell.value is not None]


def year(ward: Ward, person_id: str, caller: OwnCaller | None = None) -> pb.GetYearResponse:
    found: pb.GetYearResponse = (caller or ward.organizer).GetYear(
        pb.GetYearRequest(ward_id=WARD, year=YEAR, person_id=person_id)
    )
    return found


def _whole(ward: Ward) -> Ward:
    month_of(ward, "2090-11", NOVEMBER)
    month_of(ward, "2090-12", DECEMBER)
    return ward


@pytest.fixture
def whole(ward: Ward) -> Ward:
    """November and December, published whole."""
    return _whole(ward)


@pytest.fixture(scope="module")
def read(service: Running) -> Ward:
    """The same, played once for the tests that only read."""
    ward = Ward(service)
    ward.settle()
    return _whole(ward)


def test_a_year_is_the_plain_mean_of_the_decided_months_half_up(read: Ward) -> None:
    found = year(read, "vp-1", read.as_("vp-1"))

    # (80.00 + 81.01) / 2 = 80.505, which rounds up.
    assert found.mean == "80.51"
    assert found.counted == 2
    assert [each.total for each in found.months][-2:] == ["80.00", "81.01"]
    assert {each.total for each in found.months[:10]} == {""}
    assert not found.HasField("result")


def test_whom_the_city_decides_counts_no_total_where_the_document_states_none(read: Ward) -> None:
    found = year(read, "bt")

    assert (found.mean, found.counted) == ("", 0)
    assert [each.note for each in found.months][-2:] == ["external", "external"]


def test_a_year_is_for_the_person_and_the_competent_people(read: Ward) -> None:
    """R-29."""
    for colleague in ("vp-2", "th-1", "th-truong"):
        code, reason, _ = refused(year, read, "vp-1", read.as_(colleague))
        assert (code, reason) == (grpc.StatusCode.PERMISSION_DENIED, "NOT_YOURS")
    for competent in ("vp-pho", "vp-truong", "ct", "bt"):
        assert year(read, "vp-1", read.as_(competent)).mean == "80.51"


def test_the_authority_classifies_the_year_and_the_sheet_is_issued_anew(whole: Ward) -> None:
    """Form 02, II to IV; what was issued stays as it was."""
    first, made = make(whole, person_id="vp-1")
    before = fetch(whole.organizer, "year_sheet/vp-1/1.xlsx")
    said = cells(before)

    assert made == 2
    assert {each.kind for each in first.values()} == {pb.RECORD_KIND_YEAR_SHEET}
    assert all(each.number.endswith("/2090-PXL") for each in first.values())
    assert "X" not in said
    assert any("Phường Phúc Lợi".upper() in each for each in said)
    assert "(Năm 2090)" in said
    assert "80.51" in said

    record = pb.RecordYearResultRequest(
        ward_id=WARD,
        year=YEAR,
        person_id="vp-1",
        self_grade=types_pb2.GRADE_A,
        grade=types_pb2.GRADE_B,
        proposal="Đề nghị bồi dưỡng",
        document="15/QĐ",
    )
    told = whole.as_("vp-truong").RecordYearResult(record).result
    assert (told.revision, told.authority_id) == (1, "vp-truong")
    assert whole.as_("vp-truong").RecordYearResult(record).result.revision == 1

    second, made = make(whole, person_id="vp-1")
    later = cells(fetch(whole.as_("vp-1"), "year_sheet/vp-1/2.xlsx"))

    assert made == 2
    assert set(second) == {"year_sheet/vp-1/2.pdf", "year_sheet/vp-1/2.xlsx"}
    assert later.count("X") == 2
    assert "Đề nghị bồi dưỡng" in later
    assert fetch(whole.organizer, "year_sheet/vp-1/1.xlsx") == before
    assert make(whole, person_id="vp-1") == (second, 0)


def test_only_the_authority_or_the_organizer_classifies(whole: Ward) -> None:
    """R-2: nobody about himself."""

    def record(caller: OwnCaller, person_id: str, **fields: str) -> pb.RecordYearResultResponse:
        request = pb.RecordYearResultRequest(
            ward_id=WARD, year=YEAR, person_id=person_id, grade=types_pb2.GRADE_B, document="1", **fields
        )
        found: pb.RecordYearResultResponse = caller.RecordYearResult(request)
        return found

    assert refused(record, whole.as_("vp-1"), "vp-1")[1] == "OWN_CASE"
    assert refused(record, whole.as_("vp-pho"), "vp-1")[1] == "NOT_YEAR_AUTHORITY"
    assert refused(record, whole.as_("th-truong"), "vp-1")[1] == "NOT_YEAR_AUTHORITY"
    assert record(whole.organizer, "vp-1").result.recorded_by == "to-chuc"


def classify(ward: Ward, person_id: str, grade: str) -> pb.YearResult:
    request = pb.RecordYearResultRequest(
        ward_id=WARD, year=YEAR, person_id=person_id, grade=LETTERS[grade], document="15/QĐ"
    )
    found: pb.YearResult = ward.organizer.RecordYearResult(request).result
    return found


@pytest.fixture
def crowd(ward: Ward) -> Ward:
    """A December of six of one group in band B and one in band C: M = 6, so that one may be graded A."""
    more = [f"vp-{number}" for number in range(4, 8)]
    ward.hear(*(ward.person(each, superior_id="vp-truong") for each in more))
    month_of(ward, "2090-12", DECEMBER | {"vp-4": "76.00", "vp-5": "77.00", "vp-6": "78.00", "vp-7": "60.00"})
    return ward


def test_r24_the_year_has_a_quota_of_its_own(crowd: Ward) -> None:
    assert classify(crowd, "vp-1", "A").revision == 1

    code, reason, facts = refused(classify, crowd, "vp-2", "A")
    assert (code, reason) == (grpc.StatusCode.FAILED_PRECONDITION, "YEAR_QUOTA_BROKEN")
    assert {name: facts[name] for name in ("scope", "group", "members", "rate", "limit", "count")} == {
        "scope": "vp", "group": "chuyen-mon", "members": "6", "rate": "0.20", "limit": "1", "count": "2",
    }  # fmt: skip
    assert "Họ Tên vp-1" in facts["holders"]
    assert "Họ Tên vp-2" in facts["holders"]
    assert not year(crowd, "vp-2").HasField("result")

    # The place is free once its holder is recorded anew.
    assert classify(crowd, "vp-1", "B").revision == 2
    assert classify(crowd, "vp-2", "A").revision == 1


def test_r24_a_lower_grade_does_not_take_the_base_from_an_a_that_stands(crowd: Ward) -> None:
    """A_max is counted of those graded A or B; whom the mean leaves in band C was never among them."""
    classify(crowd, "vp-1", "A")
    assert classify(crowd, "vp-7", "C").revision == 1

    _, reason, facts = refused(classify, crowd, "vp-2", "C")

    assert (reason, facts["base"], facts["limit"]) == ("YEAR_QUOTA_BROKEN", "5", "0")
    assert classify(crowd, "vp-2", "B").revision == 1


def test_r24_the_year_s_own_words_and_another_group_take_no_place(crowd: Ward) -> None:
    """What a person says of himself counts nothing; a group too small for an A has none in the year."""
    own = pb.RecordYearResultRequest(
        ward_id=WARD, year=YEAR, person_id="vp-2", self_grade=types_pb2.GRADE_A, document="1"
    )
    assert crowd.organizer.RecordYearResult(own).result.revision == 1
    assert classify(crowd, "vp-1", "A").revision == 1
    _, reason, facts = refused(classify, crowd, "vp-truong", "A")
    assert (reason, facts["limit"], facts["members"]) == ("YEAR_QUOTA_BROKEN", "0", "2")


def test_r24_a_month_s_higher_rate_is_not_the_year_s(ward: Ward) -> None:
    """M = 5: A_max is 0 at 0.20 and 1 at 0.25."""
    ward.month = "2090-12"
    ward.hear(*(ward.person(each, superior_id="vp-truong") for each in ("vp-4", "vp-5")))
    rate = pb.DecideQuotaRateRequest(
        ward_id=WARD, month="2090-12", quota_scope="vp", rate="0.25", decision="9/QĐ",
        decided_on="2090-12-01", signer="ct", reason="thành tích",
    )  # fmt: skip
    ward.organizer.DecideQuotaRate(rate)
    month_of(ward, "2090-12", DECEMBER | {"vp-4": "76.00", "vp-5": "60.00"})
    _, reason, facts = refused(classify, ward, "vp-1", "A")

    assert (reason, facts["rate"], facts["limit"]) == ("YEAR_QUOTA_BROKEN", "0.20", "0")


def unit_grade(grade: str, revision: int) -> scoring.UnitGradeRecorded:
    told = scoring_pb2.UnitGrade(
        ward_id=WARD, unit_id="th", period=YEAR, grade=LETTERS[grade], document="88/QĐ", head_id="th-truong",
        revision=revision,
    )  # fmt: skip
    return scoring.UnitGradeRecorded(ward_id=WARD, unit_grade=told)


def test_r24_a_head_is_graded_no_higher_than_the_unit(whole: Ward) -> None:
    """NĐ 335/2025 Điều 20.6; older news that comes late changes nothing."""
    whole.hear(unit_grade("C", 2), unit_grade("A", 1))

    code, reason, facts = refused(classify, whole, "th-truong", "B")
    assert (code, reason) == (grpc.StatusCode.FAILED_PRECONDITION, "ABOVE_THE_UNIT")
    assert (facts["unit_id"], facts["unit"], facts["document"]) == ("th", "C", "88/QĐ")
    assert classify(whole, "th-truong", "C").revision == 1
    assert classify(whole, "th-1", "B").revision == 1

    whole.hear(unit_grade("B", 3))
    assert classify(whole, "th-truong", "B").revision == 2


def test_no_annual_sheet_before_december_is_published(ward: Ward) -> None:
    month_of(ward, "2090-11", NOVEMBER)

    assert refused(make, ward)[1] == "YEAR_NOT_OVER"


def test_the_ward_s_sheets_come_in_one_archive_and_in_the_log(whole: Ward) -> None:
    """R-31, R-32."""
    made, count = make(whole)
    again = list(whole.organizer.MakeRecords(pb.MakeRecordsRequest(ward_id=WARD, month=YEAR)))
    archive = pb.GetRecordArchiveRequest(ward_id=WARD, month=YEAR)
    content = b"".join(piece.chunk for piece in whole.organizer.GetRecordArchive(archive))
    packed = zipfile.ZipFile(io.BytesIO(content))
    manifest = json.loads(packed.read("manifest.json"))
    entries = whole.organizer.ListAuditEntries(
        pb.ListAuditEntriesRequest(ward_id=WARD, month=YEAR, page_size=1000)
    ).entries

    assert count == 2 * 9
    assert {piece.total for piece in again} == {sum(len(piece.records) for piece in again)}
    assert len(manifest["documents"]) == 18
    for each in manifest["documents"]:
        assert hashlib.sha256(packed.read(each["file"])).hexdigest() == each["sha256"]
    issued = [each for each in entries if each.action == "issue_record"]
    assert {each.subject_id for each in issued} == set(made)
    assert all(made[each.subject_id].sha256 in each.after for each in issued)


def test_an_annual_sheet_is_for_the_person_and_the_competent_people(whole: Ward) -> None:
    make(whole, person_id="vp-1")

    assert refused(fetch, whole.as_("vp-2"), "year_sheet/vp-1/1.pdf")[1] == "NOT_YOUR_RECORD"
    assert fetch(whole.as_("vp-1"), "year_sheet/vp-1/1.pdf").startswith(b"%PDF")
    listed = whole.as_("vp-2").ListRecords(pb.ListRecordsRequest(ward_id=WARD, month=YEAR)).records
    assert list(listed) == []
