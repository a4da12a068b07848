"""R-31, R-41: what stands on the papers, in Vietnamese print; a paper is the same bytes every time."""

import importlib.util
import io
import re
import zlib
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from approval import policies
from approval.domain.case import Case, Decision, Published
from approval.domain.commendation import EVERYBODY, Terms, proposed
from approval.domain.competence import Competence
from approval.domain.criteria import Value
from approval.domain.evaluation import Evaluation, NotEvaluated, Remarks, SelfAssessment
from approval.domain.grade import Grade
from approval.domain.person import Person
from approval.domain.record import printing
from approval.domain.record.document import Format, Kind, file_name, numbered, record_id
from approval.domain.record.facts import Agency, Fault, Half, PersonMonth, WorkLine
from approval.domain.record.heads import letterhead
from approval.domain.record.lists import QuotaLine, commendations, summary
from approval.domain.record.paper import Letterhead, Line, Paper, Signatures, Table
from approval.domain.record.sheet import WHOM, sheet
from approval.domain.record.year_sheet import PersonYear, year_sheet
from approval.domain.score import Outcome, Score, ScoreStatus
from approval.domain.year import Year, YearMonth, YearResult
from approval.wire.papers import pdf as drawing
from approval.wire.papers.pdf import pdf
from approval.wire.papers.xlsx import xlsx

CRITERIA = policies.built_in().criteria
AT = datetime(2026, 4, 1, tzinfo=UTC)
AGENCY = Agency("Phường Phúc Lợi", "Hà Nội", "Văn phòng HĐND và UBND", "office")
LETTERS = (
    "ạảãàáâậầấẩẫăắằặẳẵẹẻẽèéêềếểễệỉĩìíịọỏõòóôồốổỗộơờớởỡợụủũùúưừứửữựỳýỵỷỹđ"
    "ẠẢÃÀÁÂẬẦẤẨẪĂẮẰẶẲẴẸẺẼÈÉÊỀẾỂỄỆỈĨÌÍỊỌỎÕÒÓÔỒỐỔỖỘƠỜỚỞỠỢỤỦŨÙÚƯỪỨỬỮỰỲÝỴỶỸĐ…–“”"
)


def person(person_id: str = "p-1", grade: Grade | None = Grade.A, *, leads: bool = False) -> PersonMonth:
    reasons = {"II.3": Decimal("2.25"), "III.1": Decimal("2.25")}
    values = tuple(
        Value(each.id, reasons.get(each.id, each.maximum), "chưa có sáng kiến" if each.id in reasons else "")
        for each in CRITERIA
    )
    points = Decimal("29.5")
    own = SelfAssessment(
        values, points, "Hoàn thành kế hoạch", "Cần chủ động", grade, "", "p", AT, late=False
    )
    remarks = Remarks(values, points, "Kết quả nổi trội", 0, "", 0, "", "", "", "b", AT, late=False)
    total = Decimal("92.33")
    case = Case(
        Person(person_id, "Nguyễn Thị Hường", "vp", "staff", leads, duty_group="Tham mưu"),
        Competence(decider_id="b"),
        Evaluation(person_id, 1, own, remarks),
        Score(ScoreStatus.EVALUATED, 1, total=total, band=Grade.A, proposed=grade),
        Decision("d", 1, grade, grade, total, 1, "", "", "", "b", "b", AT, late=False),
        Published(1, grade, AT),
    )
    work = (
        WorkLine("T01", "planned", "DC.05", "Báo cáo định kỳ", Decimal("12.50"), Decimal(100), Decimal(90)),
        WorkLine(
            "T02",
            "extra",
            "",
            "Việc đột xuất",
            Decimal("0.6"),
            Decimal(0),
            Decimal(4),
            (Fault(1, 2, 1, 1, 0),),
        ),
    )
    ratios = {"a": Decimal("0.9019"), "b": Decimal("0.9"), "c": Decimal("0.9")}
    return PersonMonth(
        case, "Chuyên viên", "civil_servant", ratios, work, Half(44, 43), decider="Lê Quốc Khánh"
    )


def lines(paper: Paper) -> list[str]:
    blocks = [block for part in paper.parts for block in part.blocks]
    return [block.label + block.words for block in blocks if isinstance(block, Line)]


def tables(paper: Paper) -> list[Table]:
    return [block for part in paper.parts for block in part.blocks if isinstance(block, Table)]


def rows(table: Table) -> list[list[str]]:
    return [[cell.words for cell in row] for row in table.rows]


@pytest.mark.parametrize(
    ("value", "places", "printed"),
    [
        (Decimal("92.33"), 2, "92,33"),
        (Decimal(1234000), None, "1.234.000"),
        (Decimal("1234.5"), 2, "1.234,50"),
        (Decimal("2.50"), None, "2,5"),
        (Decimal("0.005"), 2, "0,01"),
        (Decimal("-1500.25"), None, "-1.500,25"),
        (Decimal(0), 2, "0,00"),
    ],
)
def test_numbers_in_vietnamese_print(value: Decimal, places: int | None, printed: str) -> None:
    assert printing.number(value, places) == printed


@given(st.decimals(-(10**9), 10**9, places=2))
def test_no_print_loses_a_number(value: Decimal) -> None:
    assert Decimal(printing.number(value, 2).replace(".", "").replace(",", ".")) == value


def test_percent_and_month() -> None:
    assert printing.percent(Decimal("0.9233")) == "92,33%"
    assert printing.month("2026-03") == "tháng 3 năm 2026"


def test_words_are_composed_and_hold_nothing_that_cannot_be_drawn() -> None:
    assert printing.plain("Nguye\u0302\u0303n\u200b Va\u0306n\x00\tA ") == "Nguyễn Văn A"


@pytest.mark.parametrize(("personnel_type", "whom"), WHOM.items())
def test_a_sheet_is_titled_by_personnel_type(personnel_type: str, whom: str) -> None:
    paper = sheet(replace(person(), personnel_type=personnel_type), CRITERIA, AGENCY, "2026-03", "001")
    assert f"PHIẾU THEO DÕI, ĐÁNH GIÁ {whom}" in lines(paper)
    assert "(Kỳ theo dõi, đánh giá: tháng 3 năm 2026)" in lines(paper)
    [signed] = [block for block in paper.parts[0].blocks if isinstance(block, Signatures)]
    assert signed.left.title == f"{whom} TỰ ĐÁNH GIÁ"
    assert (signed.left.name, signed.right.name) == ("Nguyễn Thị Hường", "Lê Quốc Khánh")


def test_a_sheet_has_the_criteria_with_both_columns_and_sums() -> None:
    criteria, _ = tables(sheet(person(), CRITERIA, AGENCY, "2026-03", "001"))
    found = rows(criteria)
    assert len(found) == len(CRITERIA) + 3 + 1
    assert found[0][2:] == ["10", "10", "10"]
    assert ["3", "Tinh thần trách nhiệm", "2,5", "2,25", "2,25"] in found
    assert found[-1] == ["Tổng cộng", "30", "29,5", "29,5"]


def test_a_sheet_tells_the_way_to_the_total() -> None:
    told = lines(sheet(person(), CRITERIA, AGENCY, "2026-03", "001"))
    assert "2. Điểm tiêu chí kết quả thực hiện nhiệm vụ: 62,83 điểm" in told
    assert "3. Tổng điểm theo dõi, đánh giá: 92,33 điểm" in told
    assert "7. Kết quả xếp loại: Loại A – Hoàn thành xuất sắc nhiệm vụ" in told
    assert "Lý do chấm dưới mức tối đa: II.3, III.1: chưa có sáng kiến" in told
    assert any("(a + b + c) : 3 × 70 = 62,83 điểm" in each for each in told)
    assert any("29,5 + 62,83 = 92,33 điểm" in each for each in told)


def test_the_annex_has_every_task_with_what_it_counts_for() -> None:
    """R-7: extra work counts as done only; R-12: excused faults do not count."""
    _, tasks = tables(sheet(person(), CRITERIA, AGENCY, "2026-03", "001"))
    found = rows(tasks)
    assert found[0] == [
        "1", "DC.05", "Báo cáo định kỳ", "Kế hoạch", "12,5", "100", "90", "",
        "1.250,00", "1.125,00", "", "", "",
    ]  # fmt: skip
    assert found[1][7:] == ["", "0,00", "2,40", "1", "1", "Miễn 1 lần"]
    assert found[2] == ["Tổng cộng", "1.250,00", "1.127,40", "1", "1", ""]


def accepted(*days: tuple[date | None, date | None]) -> PersonMonth:
    """A month with a line of work for each pair of date of acceptance and day of recording without one."""
    of = person()
    assert of.work
    _, other = of.work
    return replace(of, work=tuple(replace(other, accepted_on=on, vouched_on=late) for on, late in days))


def test_the_annex_has_a_column_for_the_date_of_acceptance() -> None:
    """R-12: the date, or in the notes the day of recording where some came after the window without one."""
    stated, late = date(2026, 3, 5), date(2026, 3, 26)
    days = ((stated, None), (None, late), (stated, late), (None, None))
    _, tasks = tables(sheet(accepted(*days), CRITERIA, AGENCY, "2026-03", "001"))
    place = tasks.head.index("Ngày nghiệm thu")
    assert tasks.head[place - 1] == "Hoàn thành"
    *found, total = rows(tasks)
    assert [(row[place], row[-1]) for row in found] == [
        ("05/03/2026", "Miễn 1 lần"),
        ("", "Ghi nhận 26/03/2026, chưa nêu ngày nghiệm thu; Miễn 1 lần"),
        ("05/03/2026", "Một phần ghi nhận 26/03/2026, chưa nêu ngày nghiệm thu; Miễn 1 lần"),
        ("", "Miễn 1 lần"),
    ]
    assert sum(cell.span for cell in tasks.rows[-1]) == len(tasks.head) == len(tasks.rows[0])
    assert total[1:3] == ["0,00", "9,60"]


def test_the_date_of_acceptance_stands_in_its_cell_of_the_workbook() -> None:
    """R-12, R-31."""
    paper = sheet(accepted((date(2026, 3, 5), None), (None, None)), CRITERIA, AGENCY, "2026-03", "001")
    page = openpyxl.load_workbook(io.BytesIO(xlsx(paper)))["Phụ lục"]
    [head] = [cell for row in page.iter_rows() for cell in row if cell.value == "Ngày nghiệm thu"]
    # A row that numbers the columns stands between the head and the tasks.
    below = [page.cell(head.row + down, head.column).value for down in (2, 3)]
    assert below == ["05/03/2026", None]
    # The sums stand in the columns that they are of.
    sums = {
        page.cell(head.row, each).value: str(page.cell(head.row + 4, each).value) for each in range(1, 14)
    }
    assert (sums["TT"], sums["Quy đổi giao"], sums["Quy đổi hoàn thành"]) == ("Tổng cộng", "0", "4.8")


def test_the_date_of_acceptance_stands_under_its_head_in_the_pdf() -> None:
    """R-12, R-31: on one line, in the bytes that are kept."""
    undated, dated = (
        sheet(accepted((on, None)), CRITERIA, AGENCY, "2026-03", "001") for on in (None, date(2026, 3, 5))
    )
    # Digits are written as they are; other letters by their place in the font.
    assert b"(05/03/2026)" in contents(pdf(dated))
    assert b"(05/03/2026)" not in contents(pdf(undated))
    assert pdf(dated) == pdf(dated)
    drawing._fonts()
    pages: list[drawing._Page] = []
    drawing._Setter(pages, dated.parts[1]).set()
    [page] = pages
    [day] = [each for each in page.texts if each.words == "05/03/2026"]
    head = [each for each in page.texts if each.words in ("Ngày", "Ngày nghiệm", "nghiệm thu", "thu")]
    assert " ".join(each.words for each in head) == "Ngày nghiệm thu"
    middles = [each.x + drawing._width(each.words, each.font, each.size) / 2 for each in (day, *head)]
    assert max(middles) - min(middles) < 1
    assert day.y < min(each.y for each in head)


def contents(written: bytes) -> bytes:
    """Return what a PDF's streams hold, unpacked."""
    streams = re.findall(rb"stream\r?\n(.*?)endstream", written, re.DOTALL)
    return b"".join(zlib.decompressobj().decompress(each) for each in streams)


def test_work_that_the_score_was_not_computed_from_is_not_ready() -> None:
    of = person()
    assert of.ready
    assert not replace(of, work=None).ready
    assert not replace(of, time=None).ready
    assert not replace(of, work=of.work and of.work[:1]).ready
    assert not replace(of, ratios={}).ready


def test_whoever_is_not_evaluated_has_a_sheet_that_says_so() -> None:
    """R-14."""
    of = person(grade=None)
    away = replace(of.case.evaluation, not_evaluated=NotEvaluated("nghỉ thai sản", "b", AT))
    case = replace(of.case, evaluation=away, decision=None, score=None)
    paper = sheet(replace(of, case=case, ratios={}), CRITERIA, AGENCY, "2026-03", "001")
    assert "7. Kết quả xếp loại: Không đánh giá trong tháng: nghỉ thai sản." in lines(paper)


def test_a_summary_has_a_row_for_everybody_the_counts_and_the_quota() -> None:
    people = [person(f"p-{number}", Grade.A if number else Grade.B) for number in range(3)]
    quota = QuotaLine("Văn phòng", "Tham mưu", 17, Decimal("0.20"), 2, 2)
    paper = summary(people, [quota], AGENCY, "2026-03", "001", head="Lê Quốc Khánh")
    [table] = tables(paper)
    assert len(table.rows) == 3
    assert rows(table)[0] == [
        "1", "Nguyễn Thị Hường", "Chuyên viên", "Tham mưu", "21,5", "29,5",
        "90,19", "90,00", "90,00", "", "", "", "92,33", "A", "B", "",
    ]  # fmt: skip
    told = lines(paper)
    assert any(each.startswith("Tổng số: 3 người; trong đó loại A") for each in told)
    assert any("M = 17; tỷ lệ 20%; số tối đa 2; số đã xếp loại A 2." in each for each in told)


def test_a_summary_tells_apart_whom_the_city_graded_beyond_the_quota() -> None:
    """R-2, R-21: the city's results are not bound by the ward's quota, and the list must not look broken."""
    quota = QuotaLine("Lãnh đạo phường", "Lãnh đạo phường", 3, Decimal("0.20"), 0, 1, by_city=1)
    paper = summary([person()], [quota], AGENCY, "2026-03", "001", head="")
    assert any(
        each.endswith("số tối đa 0; số đã xếp loại A 1 (trong đó 1 do thành phố quyết định).")
        for each in lines(paper)
    )


def test_a_summary_notes_why_a_grade_is_not_the_bands() -> None:
    """R-22, R-28, R-31: the form's last column."""
    plain, lowered, tied, other, away = (person(f"p-{number}", Grade.B) for number in range(5))

    def proposed(of: PersonMonth, outcome: Outcome) -> PersonMonth:
        assert of.case.score
        return replace(of, case=replace(of.case, score=replace(of.case.score, outcome=outcome)))

    assert other.case.decision
    other = replace(other, case=replace(other.case, decision=replace(other.case.decision, proposed=Grade.A)))
    aside = replace(away.case.evaluation, not_evaluated=NotEvaluated("nghỉ thai sản", "b", AT))
    away = replace(
        away, case=replace(away.case, evaluation=aside, decision=None, published=Published(1, None, AT))
    )
    people = [plain, proposed(lowered, Outcome.LOWERED), proposed(tied, Outcome.TIE), other, away]

    [table] = tables(summary(people, [], AGENCY, "2026-03", "001", head="Lê Quốc Khánh"))

    assert [each[-1] for each in rows(table)] == [
        "",
        "vượt tỷ lệ loại A",
        "bằng điểm ở ngưỡng tỷ lệ loại A",
        "đề xuất loại A",
        "không đánh giá (nghỉ thai sản)",
    ]


def test_commendations_are_the_months_a_without_amounts() -> None:
    """R-41."""
    people = [person("p-1"), person("p-2", Grade.B)]
    paper = commendations(people, {"vp": "Văn phòng"}, Agency("Phường Phúc Lợi", "Hà Nội"), "2026-03", "001")
    [table] = tables(paper)
    [row] = rows(table)
    assert row[:8] == [
        "1", "Nguyễn Thị Hường", "Chuyên viên", "Văn phòng", "Tham mưu", "92,33", "A", "Kết quả nổi trội",
    ]  # fmt: skip
    assert row[8:11] == ["", "", ""]
    assert any("để trống" in each for each in lines(paper))


@given(st.lists(st.integers(0, 1_000_000_000), min_size=1, max_size=5), st.integers(0, 1_000_000_000))
def test_r41_amounts_sum_and_a_person_without_one_has_everybodys(amounts: list[int], usual: int) -> None:
    """R-41."""
    people = [person(f"p-{place}") for place in range(len(amounts) + 1)]
    stated = {f"p-{place}": Terms(amount=amount) for place, amount in enumerate(amounts)}
    stated[EVERYBODY] = Terms("Giấy khen", usual, "Quỹ thi đua, khen thưởng")
    terms = {each.case.person.id: proposed(each.case.person.id, stated) for each in people}

    paper = commendations(people, {}, Agency("Phường", "Hà Nội"), "2026-03", "001", terms=terms)

    [table] = tables(paper)
    assert [row[9].number for row in table.rows[:-1]] == [*amounts, usual]
    assert table.rows[-1][1].number == sum(amounts) + usual
    assert {row[8].words for row in table.rows[:-1]} == {"Giấy khen"}
    assert not any("để trống" in each for each in lines(paper))
    assert xlsx(paper) == xlsx(paper)


def test_a_party_bodys_paper_bears_the_partys_name() -> None:
    party = letterhead(replace(AGENCY, kind="party_body", unit="Ban Xây dựng Đảng"), "01")
    assert (party.party, party.above, party.agency) == (True, "ĐẢNG ỦY PHƯỜNG PHÚC LỢI", "BAN XÂY DỰNG ĐẢNG")
    office = letterhead(AGENCY, "01")
    assert (office.party, office.above) == (False, "ỦY BAN NHÂN DÂN PHƯỜNG PHÚC LỢI")
    assert office.place == "Phúc Lợi, ngày …… tháng …… năm ……"


def test_the_same_paper_is_the_same_bytes() -> None:
    paper = sheet(person(), CRITERIA, AGENCY, "2026-03", "001/2026/03-PĐG")
    assert pdf(paper) == pdf(paper)
    assert xlsx(paper) == xlsx(paper)
    assert pdf(paper) != pdf(sheet(person(), CRITERIA, AGENCY, "2026-03", "002/2026/03-PĐG"))


def test_a_workbook_computes_with_what_it_prints() -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx(sheet(person(), CRITERIA, AGENCY, "2026-03", "001"))))
    assert book.sheetnames == ["Phiếu đánh giá", "Phụ lục"]
    cells = [cell for row in book["Phụ lục"].iter_rows() for cell in row]
    assert [cell.number_format for cell in cells if cell.value == 1250] == ["#,##0.00", "#,##0.00"]
    assert book["Phụ lục"].print_title_rows == "$3:$4"
    assert book["Phụ lục"].page_setup.orientation == "landscape"


def test_every_vietnamese_letter_is_in_every_face() -> None:
    from fontTools.ttLib import TTFont

    spec = importlib.util.find_spec("matplotlib")
    assert spec
    assert spec.submodule_search_locations
    folder = Path(spec.submodule_search_locations[0]) / "mpl-data" / "fonts" / "ttf"
    for face in ("", "-Bold", "-Italic", "-BoldItalic"):
        known = TTFont(folder / f"DejaVuSerif{face}.ttf").getBestCmap()
        assert [each for each in LETTERS if ord(each) not in known] == []


def test_a_long_table_repeats_its_head_and_stays_on_the_page() -> None:
    of = person()
    many = replace(of, work=(of.work or ()) * 40)
    part = sheet(many, CRITERIA, AGENCY, "2026-03", "001").parts[1]
    drawing._fonts()
    pages: list[drawing._Page] = []
    drawing._Setter(pages, part).set()
    assert len(pages) > 2
    for page in pages[:-1]:
        assert any(text.words == "Sản phẩm, công việc" for text in page.texts)
    for page in pages:
        for text in page.texts:
            assert drawing.BOTTOM <= text.y <= page.height - drawing.TOP
            assert text.x >= drawing.LEFT
            wide = drawing._width(text.words, text.font, text.size)
            assert text.x + wide <= page.width - drawing.RIGHT + 0.1


@given(people=st.integers(1, 40), quotas=st.integers(0, 3))
@settings(max_examples=40, deadline=None)
@example(people=7, quotas=3)
def test_signatures_never_stand_alone_on_a_page(people: int, quotas: int) -> None:
    """R-31: nobody signs an empty page."""
    line = QuotaLine("Văn phòng", "Tham mưu", 17, Decimal("0.20"), 2, 2)
    paper = summary([person()] * people, [line] * quotas, AGENCY, "2026-03", "001", head="Lê Quốc Khánh")
    drawing._fonts()
    pages: list[drawing._Page] = []
    drawing._Setter(pages, paper.parts[0]).set()
    last = [each.words for each in pages[-1].texts]
    assert "THỦ TRƯỞNG ĐƠN VỊ" in last
    assert any(each.startswith(("Tổng số:", "Tỷ lệ loại A")) for each in last)


def test_an_annual_sheet_is_one_page_under_a_long_head() -> None:
    """R-24, R-31: Mẫu số 02, with everything recorded and an agency of three lines."""
    agency = replace(AGENCY, ward="Phường Văn Miếu - Quốc Tử Giám", unit="Phòng Kinh tế, Hạ tầng và Đô thị")
    months = tuple(YearMonth(f"2026-{each:02d}", Decimal("98.50"), Grade.B) for each in range(1, 13))
    result = YearResult(1, Grade.B, Grade.B, "Khen thưởng", "5/QĐ", "to-chuc", "@organizer", AT)
    year = Year("2026", months, result)
    of = PersonYear("Nguyễn Thị Hường", "Chuyên viên", "civil_servant", year, "Lê Quốc Khánh")
    [part] = year_sheet(of, agency, "001/2026-PXL").parts
    drawing._fonts()
    pages: list[drawing._Page] = []
    drawing._Setter(pages, part).set()
    assert len(pages) == 1
    [place] = [each for each in pages[0].texts if "tháng ……" in each.words]
    left = max(
        each.x + drawing._width(each.words, each.font, each.size)
        for each in pages[0].texts
        if "VĂN MIẾU" in each.words or "KINH TẾ" in each.words
    )
    assert place.x > left


@given(st.text(st.sampled_from("aăâbđeê ôơưnhg\n"), max_size=400))
@example("aaaaaaaabbb \n")
def test_wrapping_loses_no_letter_and_keeps_to_the_width(words: str) -> None:
    found = drawing._wrapped(words, drawing._REGULAR, 10, 60)
    assert "".join("".join(found).split()) == "".join(words.split())
    assert all(drawing._width(each, drawing._REGULAR, 10) <= 60.1 for each in found)


def test_numbers_and_names() -> None:
    assert numbered(Kind.UNIT_SUMMARY, 7, "2026-03") == "007/2026/03-DSTH"
    assert record_id(Kind.COMMENDATIONS, "", 1, Format.PDF) == "commendations/1.pdf"
    assert file_name(Kind.SHEET, "vp", "p/../1", 2, Format.PDF) == "vp/phieu-p_2f.._2f1-2.pdf"
    assert file_name(Kind.COMMENDATIONS, "", "", 1, Format.XLSX) == "khen-thuong.xlsx"
    assert Letterhead("a", "b", "c", "d").party is False
