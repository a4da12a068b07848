"""A unit's summary list and the ward's commendation list (R-31, R-41)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from approval.domain.commendation import Terms
from approval.domain.record.facts import Agency, PersonMonth
from approval.domain.record.heads import letterhead
from approval.domain.record.paper import (
    Block,
    Cell,
    Column,
    Line,
    Paper,
    Part,
    Signature,
    Signatures,
    Table,
    figure,
    words,
)
from approval.domain.record.printing import month as month_words
from approval.domain.record.printing import number, plain
from approval.domain.record.sheet import GRADES
from approval.domain.score import Outcome

SUMMARY_TITLE = "DANH SÁCH TỔNG HỢP KẾT QUẢ ĐÁNH GIÁ, XẾP LOẠI"
COMMENDATION_TITLE = "DANH SÁCH ĐỀ NGHỊ KHEN THƯỞNG"
_PROPOSED = {
    # By hand there is more to write in the last column; in print the sum of a ward stays on one line.
    False: (Column(15), Column(18, "right"), Column(16), Column(30)),
    True: (Column(15), Column(24, "right"), Column(22), Column(18)),
}
_LEFT_OPEN = Line(
    "Ghi chú: “Hình thức”, “Mức tiền”, “Nguồn quỹ” để trống, ghi theo quyết định khen thưởng.",
    italic=True,
    size=Decimal(9),
)


@dataclass(frozen=True, slots=True)
class QuotaLine:
    """The quota of a scope and group in a unit's list: M, q, the most, and how many were graded A (R-21)."""

    scope: str
    duty_group: str
    members: int
    rate: Decimal | None
    maximum: int
    graded: int
    by_city: int = 0
    """How many of them by the city, whose results the quota does not bind."""


def summary(
    people: Sequence[PersonMonth],
    quotas: Sequence[QuotaLine],
    agency: Agency,
    month: str,
    number: str,
    *,
    head: str,
) -> Paper:
    """Lay a unit's summary list out; ``head`` is the name of whoever leads the unit."""
    rows = tuple(_summary_row(place, each) for place, each in enumerate(people, start=1))
    columns = (
        Column(9, "center"),
        Column(33),
        Column(33),
        Column(27),
        Column(13, "right"),
        Column(14, "right"),
        *([Column(12, "right")] * 6),
        Column(15, "right"),
        Column(12, "center"),
        Column(11, "center"),
        Column(25),
    )
    titles = (
        "TT",
        "Họ và tên",
        "Chức vụ, chức danh",
        "Nhóm nhiệm vụ tương đồng",
        "Ngày công",
        "Tiêu chí chung",
        "a (%)",
        "b (%)",
        "c (%)",
        "d (%)",
        "đ (%)",
        "e (%)",
        "Tổng điểm",
        "Khung điểm",
        "Xếp loại",
        "Ghi chú",
    )
    part = Part(
        name="Tổng hợp",
        landscape=True,
        columns=columns,
        blocks=(
            letterhead(agency, number),
            Line(SUMMARY_TITLE, align="center", bold=True, size=Decimal(13), before=14),
            Line(f"({month_words(month).capitalize()})", align="center", italic=True, before=1),
            Line("", before=2, size=Decimal(6)),
            Table(titles, rows, numbered=True, size=Decimal("8.5")),
            *_counts(people),
            *_quota_lines(quotas),
            Signatures(Signature("NGƯỜI LẬP DANH SÁCH"), Signature("THỦ TRƯỞNG ĐƠN VỊ", name=head)),
        ),
    )
    title = f"Danh sách tổng hợp kết quả đánh giá, xếp loại: {plain(agency.unit)}"
    return Paper(number, title, plain(agency.unit), (part,))


def commendations(
    people: Sequence[PersonMonth],
    units: Mapping[str, str],
    agency: Agency,
    month: str,
    number: str,
    *,
    terms: Mapping[str, Terms] | None = None,
) -> Paper:
    """Lay the ward's commendation list out: everybody graded A, with what is proposed (R-41).

    :param terms: by person; where nothing is stated the cells are left empty to be filled in by hand
    """
    graded = [each for each in people if each.grade == "A"]
    stated = {each.case.person.id: (terms or {}).get(each.case.person.id, Terms()) for each in graded}
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            figure(place),
            words(each.name, bold=True),
            words(each.title),
            words(units.get(each.case.person.unit_id, each.case.person.unit_id)),
            words(each.case.person.duty_group),
            figure(each.total, 2),
            words("A"),
            words(proposed.achievements or _achievements(each)),
            words(proposed.form),
            figure(proposed.amount),
            words(proposed.source),
            words(_document(each)),
        )
        for place, each in enumerate(graded, start=1)
        for proposed in (stated[each.case.person.id],)
    )
    amounts = [each.amount for each in stated.values() if each.amount is not None]
    if amounts:
        together = Cell("Tổng cộng", bold=True, align="center", span=9)
        rows += ((together, figure(sum(amounts), bold=True), Cell(), Cell()),)
    open_ = not all(each.form and each.amount is not None and each.source for each in stated.values())
    titles = (
        "TT",
        "Họ và tên",
        "Chức vụ, chức danh",
        "Đơn vị",
        "Nhóm",
        "Điểm",
        "Loại",
        "Tóm tắt thành tích",
        "Hình thức",
        "Mức tiền (đồng)",
        "Nguồn quỹ",
        "Ghi chú",
    )
    part = Part(
        name="Khen thưởng",
        landscape=True,
        columns=(
            Column(9, "center"),
            Column(28),
            Column(30),
            Column(28),
            Column(22),
            Column(13, "right"),
            Column(9, "center"),
            Column(44),
            *_PROPOSED[any(each != Terms() for each in stated.values())],
        ),
        blocks=(
            letterhead(agency, number),
            Line(COMMENDATION_TITLE, align="center", bold=True, size=Decimal(13), before=14),
            Line(
                f"(Cá nhân xếp loại A, {month_words(month)})",
                align="center",
                italic=True,
                before=1,
            ),
            Line("", before=2, size=Decimal(6)),
            Table(titles, rows, numbered=True, size=Decimal("8.5")),
            Line(f"{len(graded)} người.", label="Tổng số: ", before=8, size=Decimal(10)),
            *([_LEFT_OPEN] if open_ or not graded else []),
            Signatures(Signature("NGƯỜI LẬP DANH SÁCH"), Signature("NGƯỜI CÓ THẨM QUYỀN")),
        ),
    )
    return Paper(number, "Danh sách đề nghị khen thưởng", plain(agency.ward), (part,))


def _summary_row(place: int, each: PersonMonth) -> tuple[Cell, ...]:
    band = each.case.score.band if each.case.score and each.scored_here else None
    days = Decimal(each.time.worked) / 2 if each.time else None
    return (
        figure(place),
        words(each.name),
        words(each.title),
        words(each.case.person.duty_group),
        figure(days),
        figure(each.general),
        *(_ratio(each, letter) for letter in ("a", "b", "c", "d", "dd", "e")),
        figure(each.total, 2, bold=True),
        words(band.value if band else "–"),
        words(each.grade.value if each.grade else "–", bold=True),
        words(_note(each)),
    )


def _ratio(each: PersonMonth, letter: str) -> Cell:
    found = each.ratios.get(letter)
    return figure(None if found is None else found * 100, 2 if letter in "abc" else 0)


def _counts(people: Sequence[PersonMonth]) -> list[Block]:
    told = [
        f"loại {letter} ({words_.lower()}): {sum(each.grade == letter for each in people)}"
        for letter, words_ in GRADES.items()
    ]
    told.append(f"không đánh giá: {sum(each.grade is None for each in people)}")
    return [
        Line(
            f"{len(people)} người; trong đó {'; '.join(told)}.", label="Tổng số: ", before=8, size=Decimal(10)
        )
    ]


def _quota_lines(quotas: Sequence[QuotaLine]) -> list[Block]:
    return [
        Line(
            f"M = {number(each.members)}; tỷ lệ {'–' if each.rate is None else number(each.rate * 100)}%; "
            f"số tối đa {number(each.maximum)}; số đã xếp loại A {number(each.graded)}"
            f"{f' (trong đó {number(each.by_city)} do thành phố quyết định)' if each.by_city else ''}.",
            label=f"Tỷ lệ loại A, phạm vi {plain(each.scope)}, nhóm {plain(each.duty_group) or '–'}: ",
            before=2,
            size=Decimal(10),
        )
        for each in quotas
    ]


def _note(each: PersonMonth) -> str:
    """Tell why somebody has no grade, or another one than the score's band."""
    decision, score, grade = each.case.decision, each.case.score, each.grade
    if grade is None:
        set_aside = each.case.evaluation.not_evaluated
        return "không đánh giá" + (f" ({plain(set_aside.reason)})" if set_aside else "")
    if decision and decision.document:
        return _document(each)
    if decision and decision.proposed and grade is not decision.proposed:
        return f"đề xuất loại {decision.proposed.value}"
    if score is None or grade is score.band:
        return ""
    if score.blocker:
        return f"có văn bản {plain(score.blocker)}"
    return {Outcome.LOWERED: "vượt tỷ lệ loại A", Outcome.TIE: "bằng điểm ở ngưỡng tỷ lệ loại A"}.get(
        score.outcome or Outcome.NONE, ""
    )


def _document(each: PersonMonth) -> str:
    decision = each.case.decision
    return f"theo {plain(decision.document)}" if decision and decision.document else ""


def _achievements(each: PersonMonth) -> str:
    remarks, own = each.case.evaluation.remarks, each.case.evaluation.self_assessment
    return (remarks.text if remarks else "") or (own.strengths if own else "")
