"""Plans and results of the month: tasks, what was accepted, faults and what excuses them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import ROUND_FLOOR, Decimal

from phuc_loi.draws import Draws
from phuc_loi.pools import HEAVIEST, OUTSIDE, POOLS, Entry
from phuc_loi.ward import Person

FIRST, LAST = date(2026, 2, 25), date(2026, 3, 24)
"""The window of March 2026 (R-9)."""

WEEKEND = 5
MOST_TASKS = 18


@dataclass(frozen=True, slots=True)
class Fault:
    """A row of the sheet ``faults``."""

    outputs: int
    failed_reviews: int
    missed_deadlines: int
    note: str
    excused_reviews: int = 0
    excused_deadlines: int = 0
    confirmed_by: str = ""
    cause: str = ""
    confirmed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """A row of the sheet ``tasks`` with its row of ``results``.

    :param work: empty for the catalogue's words
    :param coefficient: of the catalogue, or its own
    :param accepted: None for work that is never done: handed over, withdrawn
    """

    kind: str
    code: str
    work: str
    output: str
    due_on: date
    responsibility: str
    authority: str
    quantity: Decimal
    coefficient: Decimal
    accepted: Decimal | None
    evidence: str = ""
    counterpart_id: str = ""
    reason: str = ""
    faults: tuple[Fault, ...] = field(default=())

    @property
    def units(self) -> Decimal:
        """Standard units of the whole quantity."""
        return self.quantity * self.coefficient


@dataclass(frozen=True, slots=True)
class _Course:
    """How a month went, least to most: percent of the units missing, faulty outputs, extra tasks."""

    shortfall: tuple[int, int]
    faults: tuple[int, int]
    extra: tuple[int, int]


_STAFF: Mapping[str, _Course] = {
    "A1": _Course((0, 0), (0, 1), (1, 3)),
    "A2": _Course((0, 1), (1, 1), (1, 2)),
    "A3": _Course((1, 2), (1, 2), (0, 1)),
    "B": _Course((9, 18), (1, 4), (0, 1)),
    "B-": _Course((20, 25), (2, 4), (0, 0)),
    "C": _Course((33, 40), (2, 5), (0, 0)),
    "D": _Course((60, 64), (3, 4), (0, 0)),
}
_LEADING: Mapping[str, _Course] = {
    **_STAFF,
    # d, đ and e carry half of a leader's ratio, so a leader in band B falls further short.
    "B": _Course((20, 30), (1, 4), (0, 1)),
    "B-": _Course((32, 38), (2, 4), (0, 0)),
}

_REVIEWS = (
    "Số liệu trong báo cáo chưa khớp với nguồn, phải làm lại",
    "Áp dụng sai căn cứ pháp lý, phải thay thế văn bản",
    "Thiếu thành phần hồ sơ, phải bổ sung và trình lại",
    "Nội dung chưa đạt yêu cầu, lãnh đạo trả lại để sửa",
)
_DELAYS = (
    "Hoàn thành sau thời hạn 1 ngày",
    "Hoàn thành sau thời hạn 2 ngày",
    "Trình muộn so với lịch họp",
    "Gửi báo cáo sau giờ chốt số liệu",
)
_CAUSES = (
    "Hệ thống một cửa của thành phố ngừng hoạt động từ 09/3 đến 11/3",
    "Cơ quan phối hợp cung cấp số liệu muộn, có công văn xác nhận",
    "Mất điện toàn khu vực do thi công hạ tầng",
    "Văn bản cấp trên thay đổi biểu mẫu khi đã lập xong báo cáo",
)
_WITHDRAWALS = (
    "Thành phố hoãn hội nghị sang quý II",
    "Tạm dừng theo chỉ đạo để chờ hướng dẫn mới của sở",
    "Chủ đầu tư điều chỉnh dự án, chưa thực hiện trong tháng",
)
_NUMBER = {
    "Báo cáo": "BC",
    "Tờ trình": "TTr",
    "Kế hoạch": "KH",
    "Công văn": "CV",
    "Thông báo": "TB",
    "Biên bản": "BB",
}

_TIES = ("tie_school", "tie_office", "tie_counter")
WHOLE_BELOW = Decimal(5)
"""Lighter outputs are done or not; of a heavier one half may be accepted."""

LIGHT_UNITS = Decimal(16)
"""What is handed over weighs no more than that."""


def plans(people: Sequence[Person], entries: Sequence[Entry]) -> dict[str, list[Task]]:
    """Return everybody's tasks by person, in the order of their deadlines; none for who has no work."""
    by_id = {each.person_id: each for each in people}
    found: dict[str, list[Task]] = {}
    twins: dict[str, str] = {}
    for person in people:
        if person.case == "no_work":
            found[person.person_id] = []
        elif person.case in _TIES and person.case in twins:
            # Those whom nothing can tell apart did the same work equally well.
            found[person.person_id] = _as_own(found[twins[person.case]], person)
        else:
            twins.setdefault(person.case, person.person_id)
            found[person.person_id] = _month(person, by_id, entries)
    _hand_over(people, found)
    return {each: sorted(tasks, key=lambda task: task.due_on) for each, tasks in found.items()}


def _month(person: Person, people: Mapping[str, Person], entries: Sequence[Entry]) -> list[Task]:
    draws = Draws(f"{person.person_id} tasks")
    course = (_LEADING if person.leader else _STAFF)[person.level]
    extra = 3 if person.case == "over_plan" else draws.within(*course.extra)
    count = draws.within(8, MOST_TASKS - 4)
    drawn = _drawn(person, entries, count + extra + 1, draws)
    tasks = [_task("planned", each, person, people, draws) for each in drawn[:count]]
    if outside := OUTSIDE.get(person.pool):
        tasks[0] = _outside(outside, person, people, draws)
    if person.case not in _TIES:
        tasks = _fall_short(tasks, draws.within(*course.shortfall), draws)
    tasks += [_task("extra", each, person, people, draws) for each in drawn[count:-1]]
    faults = draws.within(*course.faults)
    if person.case == "excused":
        tasks = _with_faults(tasks, 2, person, draws, excused=True)
    tasks = _with_faults(tasks, faults, person, draws)
    if person.case == "withdrawn":
        tasks.append(_withdrawn(drawn[-1], person, people, draws))
    return tasks


def _drawn(person: Person, entries: Sequence[Entry], count: int, draws: Draws) -> list[Entry]:
    pool = POOLS[person.pool]
    light = [each for each in entries if each.coefficient <= HEAVIEST]
    own = [each for each in light if each.code.startswith(tuple(pool.own))]
    rest = [each for each in light if each.code in pool.shared and each not in own]
    mine = draws.some(own, count * 2 // 3)
    return draws.some([*mine, *draws.some(rest, count - len(mine))], count)


def _task(kind: str, entry: Entry, person: Person, people: Mapping[str, Person], draws: Draws) -> Task:
    quantity = Decimal(_quantity(entry.coefficient, draws))
    if kind == "extra":
        quantity = Decimal(draws.within(1, 2)) if entry.coefficient > 2 else Decimal(5)  # noqa: PLR2004
    work = POOLS[person.pool].named.get(entry.code, "")
    return Task(
        kind=kind,
        code=entry.code,
        work=work,
        output="",
        due_on=_day(draws),
        responsibility="Chủ trì"
        if person.leader or draws.chance(75)
        else "Phối hợp, chịu trách nhiệm phần được giao",
        authority=_authority(person, people),
        quantity=quantity,
        coefficient=entry.coefficient,
        accepted=quantity,
        evidence=_evidence(entry.output, quantity, person, draws),
    )


def _outside(
    outside: tuple[str, str, int], person: Person, people: Mapping[str, Person], draws: Draws
) -> Task:
    work, output, most = outside
    # Somebody who was away for half the month was given half the lessons.
    quantity = Decimal(most // 2 if person.case in ("half", "over_half") else most - draws.within(0, 4))
    return Task(
        kind="planned",
        code="",
        work=work,
        output=output,
        due_on=LAST,
        responsibility="Chủ trì",
        authority=_authority(person, people),
        quantity=quantity,
        coefficient=Decimal("1.00"),
        accepted=quantity,
        evidence="Sổ đầu bài tháng 3/2026",
    )


def _quantity(coefficient: Decimal, draws: Draws) -> int:
    """Return how many there are in a month: the lighter, the more."""
    for most, (least, greatest) in ((Decimal(2), (12, 40)), (Decimal(5), (5, 16)), (Decimal(9), (1, 5))):
        if coefficient <= most:
            return draws.within(least, greatest)
    return draws.within(1, 2)


def _day(draws: Draws) -> date:
    while True:
        found = FIRST + timedelta(days=draws.below((LAST - FIRST).days + 1))
        if found.weekday() < WEEKEND:
            return found


def _authority(person: Person, people: Mapping[str, Person]) -> str:
    above = people.get(person.superior_id)
    return above.title if above else "Ban Thường vụ Đảng ủy phường"


def _evidence(output: str, quantity: Decimal, person: Person, draws: Draws) -> str:
    if quantity > 4:  # noqa: PLR2004
        return "Sổ theo dõi công việc tháng 3/2026"
    kind = next((short for words, short in _NUMBER.items() if output.startswith(words)), "HS")
    return f"{draws.within(11, 289)}/{kind}-{person.unit.short}"


def _fall_short(tasks: list[Task], percent: int, draws: Draws) -> list[Task]:
    """Take accepted outputs away until so much of the assigned is missing, now and then half an output."""
    left = sum((each.units for each in tasks), Decimal(0)) * percent / 100
    places = [place for place, task in enumerate(tasks) if task.code]
    for place in draws.some(places, len(places)):
        task = tasks[place]
        accepted = task.quantity
        most = int(task.quantity) if percent > 30 else max(1, int(task.quantity) // 2)  # noqa: PLR2004
        if left <= 0:
            break
        away = min(Decimal(most), (left / task.coefficient).to_integral_value(ROUND_FLOOR))
        if away == 0 and left * 2 >= task.coefficient >= WHOLE_BELOW:
            away = Decimal("0.5")
        accepted -= away
        left -= away * task.coefficient
        tasks[place] = replace(task, accepted=accepted, evidence=task.evidence if accepted else "")
    return tasks


def _with_faults(
    tasks: list[Task], count: int, person: Person, draws: Draws, *, excused: bool = False
) -> list[Task]:
    """Put so many faults on tasks that have none and something accepted."""
    places = [
        place
        for place, task in enumerate(tasks)
        if not task.faults and task.kind == "planned" and task.accepted and task.accepted >= 1
    ]
    for number, place in enumerate(draws.some(places, count)):
        review = draws.chance(50)
        times = 2 if draws.chance(15) or (excused and number) else 1
        fault = Fault(
            outputs=1,
            failed_reviews=times if review else 0,
            missed_deadlines=0 if review else times,
            note=draws.one(_REVIEWS if review else _DELAYS),
        )
        if excused:
            fault = replace(
                fault,
                # One of two times is excused where there were two.
                excused_reviews=min(1, fault.failed_reviews),
                excused_deadlines=min(1, fault.missed_deadlines),
                confirmed_by=person.superior_id,
                cause=draws.one(_CAUSES),
                confirmed_on=min(LAST, tasks[place].due_on + timedelta(days=1)),
            )
        tasks[place] = replace(tasks[place], faults=(fault,))
    return tasks


def _withdrawn(entry: Entry, person: Person, people: Mapping[str, Person], draws: Draws) -> Task:
    planned = _task("withdrawn", entry, person, people, draws)
    return replace(
        planned,
        accepted=None,
        evidence="",
        counterpart_id=person.superior_id,
        reason=draws.one(_WITHDRAWALS),
    )


def _as_own(tasks: Sequence[Task], person: Person) -> list[Task]:
    draws = Draws(f"{person.person_id} evidence")
    return [
        replace(task, evidence=f"{draws.within(11, 289)}/{task.evidence.partition('/')[2]}")
        if "/" in task.evidence and task.evidence[0].isdigit()
        else task
        for task in tasks
    ]


def _hand_over(people: Sequence[Person], found: dict[str, list[Task]]) -> None:
    """Let some hand a task of their plan over to a colleague of the same duties, who does it."""
    for giver in (each for each in people if each.case == "handed_over"):
        alike = [each for each in people if (each.unit, each.duty_group) == (giver.unit, giver.duty_group)]
        taker = next((each for each in alike if each.case == "taken_over"), None) or next(
            each for each in alike if each.level == "A2" and not each.leader
        )
        given, own = found[taker.person_id], found[giver.person_id]
        place = next(
            place
            for place, task in enumerate(own)
            if task.kind == "planned" and task.coefficient * task.quantity <= LIGHT_UNITS and not task.faults
        )
        task = own[place]
        own[place] = replace(
            task,
            kind="handed_over",
            accepted=None,
            evidence="",
            counterpart_id=taker.person_id,
            reason="Được điều động phục vụ đoàn kiểm tra của thành phố từ 12/3",
        )
        given.append(
            replace(
                task,
                kind="taken_over",
                accepted=task.quantity,
                evidence=task.evidence or "Sổ theo dõi công việc tháng 3/2026",
                counterpart_id=giver.person_id,
            )
        )
