"""A person's sheet of a year after Mẫu số 02 (R-24; NĐ 335/2025 Phụ lục II)."""

from dataclasses import dataclass
from decimal import Decimal

from approval.domain.grade import Grade
from approval.domain.record.facts import Agency
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
from approval.domain.record.printing import plain
from approval.domain.record.sheet import BLANK, GRADES, WHOM
from approval.domain.year import Counted, Year, YearMonth

WHY = {
    Counted.NOT_IN_WARD: "Không công tác tại phường",
    Counted.NOT_PUBLISHED: "Chưa công bố",
    Counted.NOT_EVALUATED: "Không đánh giá",
    Counted.EXTERNAL: "Thành phố đánh giá, không nêu điểm",
}
"""What the note says of a month that counts no total."""

NOT_OPENED = "Chưa thực hiện đánh giá theo tháng"


@dataclass(frozen=True, slots=True)
class PersonYear:
    """A person's year with everything that stands on the paper.

    :param title: of the last month in which the person belongs to the ward, and the rest likewise
    """

    name: str
    title: str
    personnel_type: str
    year: Year
    decider: str = ""


def year_sheet(of: PersonYear, agency: Agency, number: str) -> Paper:
    """Lay a person's annual sheet out. Boxes stay empty where nothing is recorded: they are ticked by pen."""
    whom = WHOM.get(of.personnel_type, "CÁN BỘ, CÔNG CHỨC, VIÊN CHỨC, NGƯỜI LAO ĐỘNG")
    title = f"PHIẾU XẾP LOẠI CHẤT LƯỢNG {whom}"
    result = of.year.result
    part = Part(
        name="Phiếu xếp loại",
        columns=(Column(24, "center"), Column(36, "right"), Column(110)),
        blocks=(
            letterhead(agency, number),
            Line(title, align="center", bold=True, size=Decimal(13), before=12),
            Line(f"(Năm {of.year.year})", align="center", italic=True, before=1),
            Line(of.name, label="Họ và tên: ", before=6),
            Line(plain(of.title) or "–", label="Chức vụ, chức danh: "),
            Line(plain(agency.unit) or "–", label="Đơn vị công tác: "),
            *_months(of.year),
            Line("II. CÁ NHÂN TỰ XẾP LOẠI CHẤT LƯỢNG", bold=True, before=4),
            _boxes(result.self_grade if result else None),
            Line("III. CẤP CÓ THẨM QUYỀN XẾP LOẠI CHẤT LƯỢNG", bold=True, before=4),
            _boxes(result.grade if result else None),
            *_document(of),
            Line("IV. ĐỀ XUẤT PHƯƠNG ÁN XỬ LÝ", bold=True, before=4),
            Line(plain(result.proposal if result else "") or BLANK),
            Signatures(
                Signature(
                    f"{whom} TỰ ĐÁNH GIÁ" if of.personnel_type in WHOM else "NGƯỜI TỰ ĐÁNH GIÁ", name=of.name
                ),
                Signature("CẤP CÓ THẨM QUYỀN\nTHEO DÕI, ĐÁNH GIÁ", name=of.decider),
            ),
        ),
    )
    return Paper(
        number,
        f"{title.capitalize()} năm {of.year.year}: {of.name}",
        plain(agency.unit) or plain(agency.ward),
        (part,),
    )


def _months(of: Year) -> list[Block]:
    rows = [
        (words(str(place)), figure(each.total, 2), words(_note(each)))
        for place, each in enumerate(of.months, start=1)
    ]
    counted = len(of.counted)
    told = "Tổng điểm trung bình cả năm" + (f" ({counted} tháng được đánh giá)" if counted else "")
    rows.append(
        (
            words("Cả năm", bold=True),
            figure(of.mean, 2, bold=True),
            words(told, bold=True),
        )
    )
    return [
        Line("I. KẾT QUẢ THEO DÕI, ĐÁNH GIÁ TRONG NĂM", bold=True, before=4),
        Table(("Tháng", "Tổng điểm", "Ghi chú"), tuple(rows), size=Decimal("8.8")),
    ]


def _note(each: YearMonth) -> str:
    if each.why is None and each.grade is None:
        return NOT_OPENED
    told = [f"Loại {each.grade.value}"] if each.grade else []
    if each.why:
        told.append(WHY[each.why])
    if each.document:
        told.append(f"theo {plain(each.document)}")
    return "; ".join(told)


def _boxes(grade: Grade | None) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (
            words(str(place)),
            words("X" if grade is not None and grade.value == letter else "", bold=True, align="center"),
            words(told),
        )
        for place, (letter, told) in enumerate(GRADES.items(), start=1)
    ]
    return Table(("TT", "Đánh dấu (X)", "Mức xếp loại chất lượng"), tuple(rows), size=Decimal("8.8"))


def _document(of: PersonYear) -> list[Block]:
    result = of.year.result
    if result is None or result.grade is None:
        return []
    return [Line(f"Theo {plain(result.document)}.", italic=True, size=Decimal(10), before=3)]
