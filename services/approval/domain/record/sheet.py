"""A person's sheet after Mẫu số 01, with the tasks as its annex (R-31; NĐ 335/2025 Phụ lục II)."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from approval.domain.criteria import Criterion, Value
from approval.domain.record.facts import Agency, PersonMonth, WorkLine
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
from approval.domain.record.printing import day, number, percent, plain
from approval.domain.record.printing import month as month_words

WHOM = {
    "cadre": "CÁN BỘ",
    "civil_servant": "CÔNG CHỨC",
    "public_employee": "VIÊN CHỨC",
    "contract_worker": "NGƯỜI LAO ĐỘNG",
}
"""The form's title by personnel type (R-1)."""

KINDS = {
    "planned": "Kế hoạch",
    "extra": "Đột xuất",
    "taken_over": "Nhận thêm",
    "handed_over": "Chuyển đi",
    "withdrawn": "Hoãn, hủy",
}

GROUPS = {
    "I": "Phẩm chất chính trị, đạo đức, văn hóa công vụ, kỷ luật, kỷ cương",
    "II": "Năng lực, đáp ứng nhiệm vụ, trách nhiệm, phục vụ và phối hợp",
    "III": "Đổi mới, sáng tạo, dám nghĩ, dám làm, dám chịu trách nhiệm",
}

GRADES = {
    "A": "Hoàn thành xuất sắc nhiệm vụ",
    "B": "Hoàn thành tốt nhiệm vụ",
    "C": "Hoàn thành nhiệm vụ",
    "D": "Không hoàn thành nhiệm vụ",
}

LETTERS = {"a": "a", "b": "b", "c": "c", "d": "d", "dd": "đ", "e": "e"}
"""The ratios as they are printed."""

NAMES = {
    "a": "Tỷ lệ hoàn thành về số lượng (a)",
    "b": "Tỷ lệ hoàn thành về chất lượng (b)",
    "c": "Tỷ lệ hoàn thành về tiến độ (c)",
    "d": "Kết quả hoạt động của lĩnh vực, đơn vị phụ trách (d)",
    "dd": "Khả năng tổ chức triển khai nhiệm vụ (đ)",
    "e": "Năng lực tập hợp, đoàn kết (e)",
}

BLANK = "…" * 30

_NAMES_CRITERIA = re.compile(r"[IVX]+\.[0-9]+:")

_NONE = "Không đánh giá trong tháng"


def sheet(
    of: PersonMonth,
    criteria: Sequence[Criterion],
    agency: Agency,
    month: str,
    number: str,
    *,
    basis: str = "",
) -> Paper:
    """Lay a person's sheet out.

    :param criteria: those that he was assessed with
    :param basis: what they rest on where they are those of his personnel type; empty for the default ones
    """
    whom = WHOM.get(of.personnel_type, "CÁN BỘ, CÔNG CHỨC, VIÊN CHỨC, NGƯỜI LAO ĐỘNG")
    title = f"PHIẾU THEO DÕI, ĐÁNH GIÁ {whom}"
    front = Part(
        name="Phiếu đánh giá",
        columns=(
            Column(9, "center"),
            Column(108),
            Column(14, "right"),
            Column(18, "right"),
            Column(21, "right"),
        ),
        blocks=(
            letterhead(agency, number),
            Line(title, align="center", bold=True, size=Decimal(13), before=12),
            Line(
                f"(Kỳ theo dõi, đánh giá: {month_words(month)})",
                align="center",
                italic=True,
                before=1,
            ),
            Line(of.name, label="Họ và tên: ", before=8),
            Line(plain(of.title) or "–", label="Chức vụ, chức danh: "),
            Line(plain(agency.unit) or "–", label="Đơn vị công tác: "),
            *_criteria(of, criteria, basis),
            *_results(of),
            Signatures(
                Signature(
                    f"{whom} TỰ ĐÁNH GIÁ" if of.personnel_type in WHOM else "NGƯỜI TỰ ĐÁNH GIÁ", name=of.name
                ),
                Signature("CẤP CÓ THẨM QUYỀN\nTHEO DÕI, ĐÁNH GIÁ", name=of.decider),
            ),
        ),
    )
    annex = Part(
        name="Phụ lục",
        landscape=True,
        columns=(
            Column(9, "center"),
            Column(18),
            Column(54),
            Column(19),
            Column(15, "right"),
            Column(15, "right"),
            Column(18, "right"),
            Column(21, "center"),
            Column(18, "right"),
            Column(20, "right"),
            Column(17, "right"),
            Column(15, "right"),
            Column(23),
        ),
        blocks=_annex(of, month),
    )
    return Paper(
        number, f"{title.capitalize()}: {of.name}", plain(agency.unit) or plain(agency.ward), (front, annex)
    )


def _criteria(of: PersonMonth, criteria: Sequence[Criterion], basis: str) -> list[Block]:
    evaluation = of.case.evaluation
    own = _by_id(evaluation.self_assessment.values if evaluation.self_assessment else ())
    judged = _by_id(
        evaluation.decision_values.values
        if evaluation.decision_values
        else evaluation.remarks.values
        if evaluation.remarks
        else ()
    )
    rows: list[tuple[Cell, ...]] = []
    group = ""
    for place, each in enumerate(criteria):
        if each.group != group:
            group = each.group
            members = [other for other in criteria[place:] if other.group == group]
            rows.append(
                (
                    words(group, bold=True),
                    words(GROUPS.get(group, f"Nhóm {group}"), bold=True),
                    figure(sum((other.maximum for other in members), Decimal(0)), bold=True),
                    figure(_sum(members, own), bold=True),
                    figure(_sum(members, judged), bold=True),
                )
            )
        rows.append(
            (
                words(each.id.partition(".")[2] or each.id),
                words(each.name),
                figure(each.maximum),
                figure(own[each.id].points if each.id in own else None),
                figure(judged[each.id].points if each.id in judged else None),
            )
        )
    rows.append(
        (
            words("Tổng cộng", bold=True, align="center", span=2),
            figure(sum((each.maximum for each in criteria), Decimal(0)), bold=True),
            figure(_sum(criteria, own), bold=True),
            figure(_sum(criteria, judged), bold=True),
        )
    )
    head = (
        "TT",
        "Tiêu chí chấm điểm",
        "Điểm tối đa",
        "Điểm do cá nhân tự chấm",
        "Điểm cấp có thẩm quyền chấm",
    )
    reasons = _reasons(criteria, judged)
    return [
        Line("I. KẾT QUẢ THEO DÕI, ĐÁNH GIÁ THEO TIÊU CHÍ CHUNG", bold=True, before=8),
        *([Line(f"(Tiêu chí theo {plain(basis)})", italic=True, size=Decimal("9.5"))] if basis else []),
        Table(head, tuple(rows), size=Decimal("9.5")),
        *([Line(reasons, label="Lý do chấm dưới mức tối đa: ", size=Decimal("9.5"))] if reasons else []),
    ]


def _results(of: PersonMonth) -> list[Block]:
    evaluation = of.case.evaluation
    own, remarks = evaluation.self_assessment, evaluation.remarks
    total, general = of.total, of.general
    task = total - general if of.scored_here and total is not None and general is not None else None
    return [
        Line("II. TỔNG HỢP KẾT QUẢ", bold=True, before=8),
        Line(_points(general), label="1. Điểm tiêu chí chung: "),
        Line(_points(task), label="2. Điểm tiêu chí kết quả thực hiện nhiệm vụ: "),
        Line(_points(total, 2), label="3. Tổng điểm theo dõi, đánh giá: "),
        Line(_text(own.strengths if own else ""), label="4. Ưu điểm: "),
        Line(_text(own.weaknesses if own else ""), label="5. Hạn chế, khuyết điểm: "),
        Line(
            _text(remarks.text if remarks else ""),
            label="6. Ý kiến nhận xét của cấp có thẩm quyền theo dõi, đánh giá: ",
        ),
        Line(_graded(of), label="7. Kết quả xếp loại: "),
    ]


def _graded(of: PersonMonth) -> str:
    decision = of.case.decision
    if of.grade is None:
        reason = plain(of.case.evaluation.not_evaluated.reason) if of.case.evaluation.not_evaluated else ""
        return f"{_NONE}: {reason}." if reason else f"{_NONE}."
    told = f"Loại {of.grade.value} – {GRADES[of.grade.value]}"
    if decision and decision.document:
        told += f" (theo {plain(decision.document)})"
    if decision and decision.reason and decision.grade != decision.proposed and not decision.document:
        told += f". Lý do: {plain(decision.reason)}"
    return told


def _annex(of: PersonMonth, month: str) -> tuple[Block, ...]:
    lines = of.work or ()
    rows = [_task(place, each) for place, each in enumerate(lines, start=1)]
    assigned = sum((each.converted_assigned for each in lines), Decimal(0))
    done = sum((each.converted_done for each in lines), Decimal(0))
    rows.append(
        (
            words("Tổng cộng", bold=True, align="center", span=8),
            figure(assigned, 2, bold=True),
            figure(done, 2, bold=True),
            figure(sum(each.failed for each in lines), bold=True),
            figure(sum(each.missed for each in lines), bold=True),
            Cell(),
        )
    )
    head = (
        "TT",
        "Mã",
        "Sản phẩm, công việc",
        "Loại",
        "Hệ số",
        "Giao",
        "Hoàn thành",
        "Ngày nghiệm thu",
        "Quy đổi giao",
        "Quy đổi hoàn thành",
        "Chưa đạt chất lượng",
        "Chậm tiến độ",
        "Ghi chú",
    )
    return (
        Line("PHỤ LỤC", align="center", bold=True, size=Decimal(12), before=0),
        Line(
            f"Sản phẩm, công việc và kết quả thực hiện nhiệm vụ của {of.name}, {month_words(month)}",
            align="center",
            bold=True,
            before=2,
        ),
        Table(head, tuple(rows), numbered=True, size=Decimal(9)),
        *_arithmetic(of),
        Line(
            "Ghi chú: “Chưa đạt chất lượng” và “Chậm tiến độ” là số lần tính trừ, không gồm số lần được cấp "
            "có thẩm quyền xác nhận nguyên nhân khách quan; việc đột xuất, nhận thêm chỉ tính vào quy đổi "
            "hoàn thành.",
            italic=True,
            size=Decimal(9),
            before=8,
        ),
    )


def _task(place: int, each: WorkLine) -> tuple[Cell, ...]:
    return (
        figure(place),
        words(each.code or each.id),
        words(each.name),
        words(KINDS.get(each.kind, "")),
        figure(each.coefficient),
        figure(each.assigned),
        figure(each.accepted),
        words(day(each.accepted_on) if each.accepted_on else ""),
        figure(each.converted_assigned, 2),
        figure(each.converted_done, 2),
        figure(each.failed or None),
        figure(each.missed or None),
        words("; ".join(_notes(each))),
    )


def _notes(each: WorkLine) -> Iterator[str]:
    if each.vouched_on:
        # Of several deliveries one may have stated its day and a later one not.
        told = "Một phần ghi nhận" if each.accepted_on else "Ghi nhận"
        yield f"{told} {day(each.vouched_on)}, chưa nêu ngày nghiệm thu"
    if each.excused:
        yield f"Miễn {each.excused} lần"


def _arithmetic(of: PersonMonth) -> list[Block]:
    """Spell the way from the ratios to the total (R-13, R-15, R-19)."""
    if not of.scored_here or of.total is None or of.general is None or not of.ratios:
        return [Line(_graded(of), label="Kết quả: ", before=8)]
    told = "; ".join(f"{NAMES[name]} = {percent(ratio)}" for name, ratio in of.ratios.items())
    letters = " + ".join(LETTERS[name] for name in of.ratios)
    task = of.total - of.general
    return [
        Line(told + ".", label="Các tỷ lệ: ", before=8, size=Decimal(10)),
        Line(
            f"({letters}) : {len(of.ratios)} × 70 = {number(task)} điểm (tối đa 70 điểm).",
            label="Điểm kết quả thực hiện nhiệm vụ: ",
            size=Decimal(10),
        ),
        Line(
            f"{number(of.general)} + {number(task)} = {number(of.total, 2)} điểm.",
            label="Tổng điểm (tiêu chí chung + kết quả thực hiện nhiệm vụ): ",
            size=Decimal(10),
        ),
    ]


def _by_id(values: Sequence[Value]) -> dict[str, Value]:
    return {each.criterion_id: each for each in values}


def _sum(criteria: Sequence[Criterion], values: dict[str, Value]) -> Decimal | None:
    found = [values[each.id].points for each in criteria if each.id in values]
    return sum(found, Decimal(0)) if found else None


def _reasons(criteria: Sequence[Criterion], values: dict[str, Value]) -> str:
    shared: dict[str, list[str]] = {}
    for each in criteria:
        if each.id in values and (reason := plain(values[each.id].reason)):
            shared.setdefault(reason, []).append(each.id)
    # From signed paper one text comes for all criteria, which names them itself.
    return "; ".join(
        reason if _NAMES_CRITERIA.match(reason) else f"{', '.join(ids)}: {reason}"
        for reason, ids in shared.items()
    )


def _points(value: Decimal | None, places: int | None = None) -> str:
    return "–" if value is None else f"{number(value, places)} điểm"


def _text(given: str) -> str:
    return plain(given) or BLANK
