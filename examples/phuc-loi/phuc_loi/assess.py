"""Working time and assessments: self-assessment, the superior's column, đ and e, the blocker."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from phuc_loi.draws import Draws
from phuc_loi.sheets import CRITERIA
from phuc_loi.ward import Person

REQUIRED = 44
"""Half-days of the month."""

STEP = 25
"""Hundredths of a point that a value of a criterion moves by."""

BLOCKER = "18/QĐ-UBND ngày 17/3/2026 (khiển trách do vi phạm quy định về quản lý tài chính)"

LEAVE: Mapping[str, Mapping[str, int]] = {
    "half": {"sick": 22},
    "under_half": {"sick": 15, "unpaid": 8},
    "over_half": {"unpaid": 21},
    "maternity": {"maternity": 44},
    "long_sick": {"sick": 26},
    "long_unpaid": {"unpaid": 30},
    "annual_leave": {"annual": 10},
}
"""Leave in half-days, by special case."""


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """A row of the sheet ``working_time``; some wards note the leave, some the time worked."""

    worked: int
    leave: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Assessment:
    """A row of the sheet ``assessments``; values in hundredths of a point, by criterion.

    :param reviewer: empty where the superior takes the person's own values over
    """

    own: Mapping[str, int]
    own_reason: str
    strengths: str
    weaknesses: str
    own_grade: str
    reviewer: Mapping[str, int]
    reviewer_reason: str
    remarks: str
    organising: str = ""
    organising_fact: str = ""
    unity: str = ""
    unity_fact: str = ""
    blocker: str = ""
    general: Decimal = field(default=Decimal(0))
    """The sum that counts."""


_LOST: Mapping[str, tuple[int, int]] = {
    "A1": (25, 100),
    "A2": (125, 225),
    "A3": (250, 375),
    "B": (475, 775),
    "B-": (800, 900),
    "C": (900, 1200),
    "D": (1500, 1600),
}
"""Hundredths of a point that the superior takes off, least to most; from which criteria is drawn."""

_LIKELY = tuple(
    criterion
    for criterion, often in zip(CRITERIA, (1, 2, 3, 3, 3, 3, 7, 5, 4, 4), strict=True)
    for _ in range(often)
)
"""Criteria as often as points are lost on them: initiative more than conduct."""

_REASONS: Mapping[str, str] = {
    "I.1": "Chưa thật gương mẫu trong sinh hoạt cơ quan",
    "I.2": "Đi muộn trong buổi giao ban",
    "II.1": "Còn sai sót nghiệp vụ phải sửa lại",
    "II.2": "Việc đột xuất xử lý còn chậm",
    "II.3": "Chưa chủ động báo cáo khi việc vướng mắc",
    "II.4": "Phối hợp với bộ phận liên quan chưa kịp thời",
    "III.1": "Chưa có sáng kiến, giải pháp mới trong tháng",
    "III.2": "Chưa nhận thêm nhiệm vụ khó, đột xuất",
    "III.3": "Khắc phục sai sót còn chậm",
    "III.4": "Còn chờ chỉ đạo ở việc thuộc thẩm quyền",
}
_STRENGTHS: Mapping[str, Sequence[str]] = {
    "A": (
        "Hoàn thành toàn bộ kế hoạch, nhận thêm việc đột xuất, được các bộ phận phối hợp đánh giá tốt",
        "Chủ động, xử lý nhanh việc khó; sản phẩm không phải sửa lại",
    ),
    "B": (
        "Hoàn thành phần lớn nhiệm vụ được giao, bảo đảm chất lượng",
        "Nắm chắc nghiệp vụ, phối hợp tốt với đồng nghiệp",
        "Chấp hành nghiêm giờ giấc, thái độ phục vụ hòa nhã",
    ),
    "C": ("Có cố gắng trong các nhiệm vụ thường xuyên",),
    "D": ("Chấp hành sự phân công của đơn vị",),
}
_WEAKNESSES: Mapping[str, Sequence[str]] = {
    "A": ("Chưa có sáng kiến được công nhận", "Cần chia sẻ kinh nghiệm nhiều hơn với đồng nghiệp"),
    "B": (
        "Còn một số việc chưa hoàn thành trong tháng",
        "Có việc phải bổ sung, chỉnh sửa sau khi trình",
        "Tiến độ một vài báo cáo còn sát hạn",
    ),
    "C": ("Nhiều việc chưa hoàn thành, tiến độ chậm so với kế hoạch",),
    "D": ("Không hoàn thành quá nửa khối lượng được giao, đã được nhắc nhở nhiều lần",),
}
_REMARKS: Mapping[str, Sequence[str]] = {
    "A": (
        "Hoàn thành xuất sắc kế hoạch tháng, đề nghị biểu dương",
        "Kết quả nổi trội, tinh thần trách nhiệm cao",
    ),
    "B": (
        "Hoàn thành tốt nhiệm vụ, cần đẩy nhanh việc còn tồn",
        "Nhất trí với tự đánh giá, lưu ý tiến độ",
        "Có trách nhiệm, cần kiểm tra kỹ trước khi trình",
    ),
    "C": ("Hoàn thành nhiệm vụ ở mức tối thiểu, phải có kế hoạch khắc phục trong tháng 4",),
    "D": ("Không hoàn thành nhiệm vụ, đã làm việc trực tiếp và giao kèm cặp",),
}
_HALVED = {
    "organising_50": "Chậm kết thúc 2 cuộc kiểm tra của quý I, Thông báo 31-TB/ĐU ngày 20/3/2026",
    "unity_50": "Tổ Văn phòng có đơn phản ánh kéo dài về phân công, Biên bản làm việc ngày 16/3/2026",
}


def working_time(person: Person) -> WorkingTime:
    """Return a person's month in half-days (R-10)."""
    leave = LEAVE.get(person.case, {})
    draws = Draws(f"{person.person_id} time")
    if not leave and draws.chance(22):
        leave = {"annual" if draws.chance(70) else "sick": draws.within(1, 4)}
    return WorkingTime(REQUIRED - sum(leave.values()), leave)


def assessment(person: Person, twin_of: str = "") -> Assessment:
    """Return a person's assessment.

    :param twin_of: the id of the one whom nothing tells this one apart from; empty for most
    """
    draws = Draws(f"{twin_of or person.person_id} assessment")
    reviewer = _values(draws.within(*(each // STEP for each in _LOST[person.level])), draws)
    own = _kinder(reviewer, draws)
    # A superior who agrees need not repeat the values.
    repeats = own != reviewer or draws.chance(60)
    band = person.level[0]
    lead = {"organising": "100", "unity": "100"} if person.leader else {}
    if person.case == "organising_50":
        lead |= {"organising": "50", "organising_fact": _HALVED["organising_50"]}
    if person.case == "unity_50":
        lead |= {"unity": "50", "unity_fact": _HALVED["unity_50"]}
    return Assessment(
        own=own,
        own_reason=_reason(own),
        strengths=draws.one(_STRENGTHS[band]),
        weaknesses=draws.one(_WEAKNESSES[band]),
        own_grade=band if band != "D" else "C",
        reviewer=reviewer if repeats else {},
        reviewer_reason=_reason(reviewer) if repeats else "",
        remarks=draws.one(_REMARKS[band]),
        blocker=BLOCKER if person.case == "blocker" else "",
        general=Decimal(sum(reviewer.values())) / 100,
        **lead,
    )


def _values(steps: int, draws: Draws) -> dict[str, int]:
    """Return the criteria with so many steps taken off, never more than two thirds of one."""
    values = dict(CRITERIA)
    while steps:
        criterion = draws.one(_LIKELY)
        if (values[criterion] - STEP) * 3 >= CRITERIA[criterion]:
            values[criterion] -= STEP
            steps -= 1
    return values


def _kinder(values: Mapping[str, int], draws: Draws) -> dict[str, int]:
    """Return the values as the person sees them: here and there a step or two better."""
    return {
        criterion: min(CRITERIA[criterion], value + STEP * draws.below(3)) if draws.chance(30) else value
        for criterion, value in values.items()
    }


def _reason(values: Mapping[str, int]) -> str:
    """Return why values are below the maximum, the worst first, three at most; empty when none is."""
    below = sorted(
        (each for each in CRITERIA if values[each] < CRITERIA[each]),
        key=lambda each: Decimal(values[each]) / CRITERIA[each],
    )
    return "; ".join(f"{each}: {_REASONS[each][0].lower()}{_REASONS[each][1:]}" for each in below[:3])
