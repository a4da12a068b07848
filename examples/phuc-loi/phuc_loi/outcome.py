"""What the month must come to, computed with the services' own rules and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass

from phuc_loi.assess import REQUIRED
from phuc_loi.month import Month
from phuc_loi.work import Task
from reward.domain.allocate import Allocation, allocate
from reward.domain.policy import Grade
from reward.domain.weight import Person as Paid
from reward.policies import shipped
from scoring.domain.person import Person, Role
from scoring.domain.policy import DEFAULT
from scoring.domain.score import Result, Status, score_month
from scoring.domain.work import Fault, Kind
from scoring.domain.work import Task as Counted

FUND = 600_000_000
"""Đồng."""

NO_WORK_REASON = (
    "Được cử đi học lớp bồi dưỡng tập trung từ 25/02 đến 27/3/2026, trong tháng không được giao nhiệm vụ"
)


@dataclass(frozen=True, slots=True)
class Choice:
    """What an authority decides that no rule decides for it (R-22, R-28)."""

    person_id: str
    grade: str
    reason: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """Results in the order of the people; ``grades`` by person, empty for those without one."""

    results: dict[str, Result]
    choices: tuple[Choice, ...]
    grades: dict[str, str]
    allocation: Allocation
    amounts: dict[str, int]


def counted(month: Month) -> list[Person]:
    """Return the people as scoring sees them, before anything was set aside."""
    return [
        Person(
            id=each.person_id,
            unit=each.unit.unit_id,
            group=each.duty_group,
            quota_scope=each.quota_scope,
            role=Role.LEADER if each.leader else Role.STAFF,
            manages=each.in_charge,
            required_half_days=REQUIRED,
            worked_half_days=month.times[each.person_id].worked,
            tasks=tuple(_counted(task) for task in month.tasks[each.person_id]),
            common_score=given.general,
            organising=int(given.organising) if given.organising else None,
            unity=int(given.unity) if given.unity else None,
            blocker=given.blocker or None,
            set_aside=each.case == "no_work",
        )
        for each in month.people
        for given in (month.assessments[each.person_id],)
    ]


def outcome(month: Month) -> Outcome:
    """Return what everybody's month comes to once the authorities have decided.

    :raises Refusal: if the month breaks a rule, R-38 among them
    """
    results = {each.person_id: each for each in score_month(DEFAULT, counted(month))}
    choices = tuple(_choices(month))
    grades = {
        person_id: result.score.grade.value if result.score else "" for person_id, result in results.items()
    }
    grades |= {each.person_id: each.grade for each in choices}
    allocation = allocate(FUND, shipped("phuc-loi"), _paid(month, results, grades))
    amounts = {each.person_id: each.amount for each in allocation.shares}
    return Outcome(results, choices, grades, allocation, amounts)


def _counted(task: Task) -> Counted:
    return Counted(
        coefficient=task.coefficient,
        assigned=task.quantity,
        accepted=task.accepted or task.quantity * 0,
        kind=Kind(task.kind),
        faults=tuple(
            Fault(
                each.outputs,
                each.failed_reviews,
                each.excused_reviews,
                each.missed_deadlines,
                each.excused_deadlines,
            )
            for each in task.faults
        ),
        code=task.code,
    )


def _choices(month: Month) -> list[Choice]:
    """Choose where the ranking could not, within the quota, and decide once otherwise than proposed."""
    office, counter = month.called("tie_office"), month.called("tie_counter")
    [deviation] = month.called("deviation")
    return [
        Choice(
            office[0], "A", "Chủ trì chuẩn bị kỳ họp HĐND, khối lượng phối hợp lớn hơn trong tháng cao điểm"
        ),
        Choice(office[1], "B", "Bằng điểm ở ngưỡng tỷ lệ; đã được xếp loại A tháng 02/2026"),
        Choice(
            counter[0],
            "A",
            "Trực thêm các sáng thứ Bảy tại bộ phận một cửa, không có hồ sơ trễ hạn trong quý I",
        ),
        Choice(counter[1], "A", "Hướng dẫn 3 đồng nghiệp mới, được người dân gửi thư khen trong tháng"),
        Choice(counter[2], "B", "Bằng điểm ở ngưỡng tỷ lệ; mức hài lòng tại quầy thấp hơn hai đồng nghiệp"),
        Choice(
            deviation,
            "C",
            "Để lộ lịch làm việc nội bộ của lãnh đạo, đã kiểm điểm tại Biên bản ngày 19/3/2026 của Văn phòng",
        ),
    ]


def _paid(month: Month, results: dict[str, Result], grades: dict[str, str]) -> Sequence[Paid]:
    return [
        Paid(
            id=each.person_id,
            grade=Grade(grades[each.person_id]) if grades[each.person_id] else None,
            score=score.total if (score := results[each.person_id].score) else None,
            salary_coefficient=each.salary,
            worked_half_days=month.times[each.person_id].worked,
            required_half_days=REQUIRED,
            personnel_type=each.personnel_type,
        )
        for each in month.people
    ]


def unscored(result: Result) -> bool:
    """True for those who are not evaluated."""
    return result.status is not Status.EVALUATED
