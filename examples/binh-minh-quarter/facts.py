"""The quarter as it happened: people, work and assessments of a made-up ward, and nothing reckoned.

Plain values only. ``make_quarter.py`` writes them into the workbooks; ``reckon.py`` reads those back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

WARD_ID, WARD_NAME, CITY = "binh-minh", "Phường Bình Minh (dựng lên để minh họa)", "Hà Nội"

MONTHS = ("2026-10", "2026-11", "2026-12")
REQUIRED: Mapping[str, int] = {"2026-10": 44, "2026-11": 42, "2026-12": 20}
"""Half-days; December's window is short: from 25 November to 8 December (R-9)."""

UNITS = (
    ("LD", "Lãnh đạo phường", "leadership"),
    ("VP", "Văn phòng HĐND và UBND", "office"),
    ("KT", "Phòng Kinh tế, Hạ tầng và Đô thị", "office"),
)

CATALOGUE = (
    ("BC.01", "Báo cáo định kỳ", "Báo cáo", "N3", "60"),
    ("CD.01", "Chỉ đạo, chủ trì cuộc họp", "Thông báo kết luận", "N2", "12"),
    ("HS.01", "Giải quyết hồ sơ thủ tục hành chính", "Hồ sơ", "N1", "3"),
    ("KH.01", "Xây dựng kế hoạch, đề án chuyên đề", "Kế hoạch", "N4", "160"),
    ("KT.01", "Kiểm tra hiện trường", "Biên bản", "N2", "18"),
    ("VB.01", "Tham mưu văn bản, trả lời kiến nghị", "Văn bản", "N2", "10"),
)
"""Code, task, output, complexity group, points; the standard unit has 5 points."""

STANDARD_POINTS = "5"

ADVISERS, EXPERTS = "Chuyên viên tham mưu", "Chuyên viên chuyên ngành"
HEADS, WARD_LEADERS = "Cấp trưởng đơn vị", "Lãnh đạo phường"


@dataclass(frozen=True, slots=True)
class Person:
    """A post; ``scope`` is empty for the unit."""

    id: str
    name: str
    unit: str
    post: str
    title: str
    salary: str
    superior: str
    group: str
    charge: Sequence[str] = ()
    kind: str = "civil_servant"
    scope: str = ""

    @property
    def leader(self) -> bool:
        """True for everybody with a leading post."""
        return self.post != "staff"


def _staff(id_: str, name: str, unit: str, salary: str, group: str) -> Person:
    superior = {"VP": "BM-10", "KT": "BM-20"}[unit]
    return Person(id_, name, unit, "staff", "Chuyên viên", salary, superior, group)


OCTOBER: Sequence[Person] = (
    Person(
        "BM-01",
        "Nguyễn Đức Thành",
        "LD",
        "party_secretary",
        "Bí thư Đảng ủy, Chủ tịch HĐND",
        "6.10",
        "",
        WARD_LEADERS,
        ("BM-02",),
        "cadre",
    ),
    Person(
        "BM-02",
        "Trần Thị Minh Nguyệt",
        "LD",
        "committee_chair",
        "Chủ tịch UBND",
        "5.76",
        "BM-01",
        WARD_LEADERS,
        ("BM-03", "BM-10"),
        "cadre",
    ),
    Person(
        "BM-03",
        "Lê Văn Quang",
        "LD",
        "committee_vice_chair",
        "Phó Chủ tịch UBND",
        "5.08",
        "BM-02",
        WARD_LEADERS,
        ("BM-20",),
        "cadre",
    ),
    Person(
        "BM-10",
        "Phạm Thu Hà",
        "VP",
        "unit_head",
        "Chánh Văn phòng",
        "4.65",
        "BM-02",
        HEADS,
        ("BM-11", "BM-12", "BM-13", "BM-14", "BM-15", "BM-16", "BM-17"),
        scope="UBND-CAP-TRUONG",
    ),
    Person(
        "BM-11",
        "Vũ Đình Khải",
        "VP",
        "unit_deputy",
        "Phó Chánh Văn phòng",
        "4.32",
        "BM-10",
        "Cấp phó đơn vị",
        ("BM-12", "BM-13"),
    ),
    _staff("BM-12", "Đỗ Ngọc Lan", "VP", "3.33", ADVISERS),
    _staff("BM-13", "Bùi Hữu Phước", "VP", "3.00", ADVISERS),
    _staff("BM-14", "Hoàng Thị Mai", "VP", "2.67", ADVISERS),
    _staff("BM-15", "Ngô Quốc Bảo", "VP", "3.66", ADVISERS),
    _staff("BM-16", "Đặng Thùy Dương", "VP", "2.34", ADVISERS),
    _staff("BM-17", "Lý Anh Tuấn", "VP", "3.00", ADVISERS),
    Person(
        "BM-20",
        "Trịnh Xuân Hòa",
        "KT",
        "unit_head",
        "Trưởng phòng",
        "4.98",
        "BM-03",
        HEADS,
        ("BM-21", "BM-22", "BM-23", "BM-24", "BM-25"),
        scope="UBND-CAP-TRUONG",
    ),
    _staff("BM-21", "Phan Kim Oanh", "KT", "3.33", EXPERTS),
    _staff("BM-22", "Tạ Minh Đức", "KT", "3.00", EXPERTS),
    _staff("BM-23", "Cao Thị Hạnh", "KT", "3.33", EXPERTS),
    _staff("BM-24", "Mai Văn Sơn", "KT", "2.67", EXPERTS),
    _staff("BM-25", "Dương Gia Huy", "KT", "2.34", EXPERTS),
)

_AFTER_TRANSFER = {
    "BM-10": replace(OCTOBER[3], charge=("BM-11", "BM-12", "BM-13", "BM-14", "BM-15", "BM-16")),
    "BM-17": _staff("BM-17", "Lý Anh Tuấn", "KT", "3.00", EXPERTS),
    "BM-20": replace(OCTOBER[11], charge=("BM-17", "BM-21", "BM-22", "BM-23", "BM-24", "BM-25")),
}

PEOPLE: Mapping[str, Sequence[Person]] = {
    "2026-10": OCTOBER,
    "2026-11": tuple(_AFTER_TRANSFER.get(each.id, each) for each in OCTOBER),
    "2026-12": tuple(_AFTER_TRANSFER.get(each.id, each) for each in OCTOBER),
}
"""BM-17 moves from the office to the economic division with November."""


@dataclass(frozen=True, slots=True)
class Fault:
    """So many outputs, each with failed reviews and missed deadlines, and how many of these are excused."""

    outputs: int = 1
    failed: int = 0
    missed: int = 0
    failed_excused: int = 0
    missed_excused: int = 0
    confirmed_by: str = ""
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """A line of a plan with what came of it; ``accepted`` is empty where nothing is to be done."""

    id: str
    code: str
    quantity: str
    accepted: str
    due: str
    kind: str = "planned"
    faults: Sequence[Fault] = ()
    counterpart: str = ""
    reason: str = ""
    work: str = ""


@dataclass(frozen=True, slots=True)
class Deeds:
    """A person's month.

    :param lost: hundredths of a point that the superior takes off the general criteria, with the reason
    :param own_lost: those that the person takes off himself
    :param worked: half-days; all of them when None
    """

    tasks: Sequence[Task]
    lost: int = 0
    own_lost: int = 0
    worked: int | None = None
    organising: int = 100
    unity: int = 100
    facts: Mapping[str, str] = field(default_factory=dict)


LATE, WRONG = Fault(missed=1), Fault(failed=1)


def _led(due: str, *faults: Fault, lost: int = 0, held: str = "10", **more: object) -> Deeds:
    """A leader's month: meetings held and conclusions given, and one plan."""
    tasks = (
        Task("T1", "CD.01", "10", held, due, faults=faults),
        Task("T2", "KH.01", "1", "1", due),
    )
    return Deeds(tasks, lost=lost, **more)  # type: ignore[arg-type]


def _advised(
    due: str, *, texts: str = "12", files: str = "30", faults: Sequence[Fault] = (), lost: int = 0
) -> Deeds:
    """An adviser's month: texts, files and the regular report."""
    return Deeds(
        (
            Task("T1", "VB.01", "12", texts, due, faults=faults),
            Task("T2", "HS.01", "30", files, due),
            Task("T3", "BC.01", "1", "1", due),
        ),
        lost=lost,
    )


def _inspected(
    due: str, *, visits: str = "8", texts: str = "6", faults: Sequence[Fault] = (), lost: int = 0
) -> Deeds:
    """An expert's month: visits to sites, texts and the regular report."""
    return Deeds(
        (
            Task("T1", "KT.01", "8", visits, due, faults=faults),
            Task("T2", "VB.01", "6", texts, due),
            Task("T3", "BC.01", "1", "1", due),
        ),
        lost=lost,
    )


_OCT, _NOV, _DEC = "2026-10-20", "2026-11-12", "2026-12-04"

_THIRD_QUARTER = Task("T4", "BC.01", "1", "1", "2026-09-28", work="Báo cáo công tác quý III")
"""Due after 24 September, so October's work (R-9)."""

_STORM = Fault(
    missed=1, missed_excused=1, confirmed_by="BM-20", cause="Mưa lớn ngập tuyến đường phải kiểm tra"
)


def _with(deeds: Deeds, *tasks: Task) -> Deeds:
    known = {each.id: each for each in deeds.tasks} | {each.id: each for each in tasks}
    return replace(deeds, tasks=tuple(known.values()))


DEEDS: Mapping[str, Mapping[str, Deeds]] = {
    "2026-10": {
        "BM-01": _led(_OCT, lost=50),
        "BM-02": _led(_OCT, LATE, lost=75),
        "BM-03": _led(_OCT, LATE, lost=150),
        "BM-10": _led(_OCT, WRONG, lost=125),
        "BM-11": _led(_OCT, lost=350, held="9"),
        "BM-12": _advised(_OCT, lost=100),
        "BM-13": _advised(_OCT, lost=150, faults=(LATE,)),
        "BM-14": _with(_advised(_OCT, lost=400, faults=(Fault(2, missed=1),)), _THIRD_QUARTER),
        "BM-15": _advised(_OCT, lost=525, texts="10", faults=(Fault(2, failed=1, missed=2),)),
        "BM-16": _advised(_OCT, lost=450, files="27"),
        "BM-17": _advised(_OCT, lost=325, texts="11"),
        "BM-20": _led(_OCT, lost=200),
        "BM-21": _inspected(_OCT, lost=50),
        "BM-22": _with(
            _inspected(_OCT, lost=400),
            Task(
                "T4",
                "VB.01",
                "3",
                "",
                _OCT,
                "handed_over",
                counterpart="BM-23",
                reason="Tập trung kiểm tra đê",
            ),
        ),
        "BM-23": _with(
            _inspected(_OCT, lost=300, faults=(WRONG,)),
            Task("T4", "VB.01", "3", "3", _OCT, "taken_over", counterpart="BM-22"),
        ),
        "BM-24": _inspected(_OCT, lost=500, visits="7", faults=(Fault(3, missed=1),)),
        "BM-25": _inspected(_OCT, lost=600, visits="6.5"),
    },
    "2026-11": {
        "BM-01": _led(_NOV, LATE, lost=100),
        "BM-02": _led(_NOV, lost=50),
        "BM-03": _led(_NOV, lost=225, held="9"),
        "BM-10": _led(_NOV, lost=250),
        "BM-11": _led(
            _NOV,
            LATE,
            lost=300,
            unity=50,
            facts={"unity": "Để đơn thư kéo dài, Biên bản ngày 09/11/2026"},
        ),
        "BM-12": _advised(_NOV, lost=125, faults=(WRONG,)),
        "BM-13": _advised(_NOV, lost=100),
        "BM-14": _advised(_NOV, lost=350, faults=(LATE,)),
        "BM-15": _advised(_NOV, lost=475, texts="11"),
        "BM-16": _advised(_NOV, lost=500, files="26", faults=(Fault(1, failed=2),)),
        "BM-17": _inspected(_NOV, lost=75),
        "BM-20": _led(_NOV, lost=175),
        "BM-21": _inspected(_NOV, lost=125, faults=(LATE,)),
        "BM-22": _with(_inspected(_NOV, lost=250, faults=(_STORM,)), Task("T4", "KH.01", "1", "", _NOV)),
        "BM-23": _inspected(_NOV, lost=375, faults=(Fault(2, failed=1),)),
        "BM-24": replace(_inspected(_NOV, lost=425, texts="5"), worked=34),
        "BM-25": _inspected(_NOV, lost=575, visits="7"),
    },
    "2026-12": {
        "BM-01": _led(_DEC, lost=50),
        "BM-02": _led(_DEC, LATE, lost=100),
        "BM-03": _led(_DEC, lost=200),
        "BM-10": _led(_DEC, WRONG, lost=200),
        "BM-11": _led(_DEC, lost=325),
        "BM-12": _advised(_DEC, lost=50),
        "BM-13": _advised(_DEC, lost=175, faults=(LATE,)),
        "BM-14": _advised(_DEC, lost=275),
        "BM-15": _advised(_DEC, lost=550, texts="10", files="28"),
        "BM-16": replace(_advised(_DEC, lost=300), worked=9),
        "BM-17": _with(
            _inspected(_DEC, lost=150),
            Task("T4", "VB.01", "2", "2", _DEC, "extra", work="Trả lời kiến nghị cử tri đột xuất"),
        ),
        "BM-20": _led(_DEC, LATE, lost=150),
        "BM-21": _inspected(_DEC, lost=100),
        "BM-22": _inspected(_DEC, lost=350, visits="7.5"),
        "BM-23": _inspected(_DEC, lost=100),
        "BM-24": _inspected(_DEC, lost=450, faults=(Fault(2, missed=1),)),
        "BM-25": _inspected(_DEC, lost=1400, visits="3", texts="2", faults=(Fault(2, failed=2, missed=2),)),
    },
}
"""Everybody's month. What BM-22 has in November is amended: see `AMENDED`."""

AMENDED: Mapping[str, Mapping[str, Deeds]] = {
    "2026-11": {
        "BM-22": _with(
            DEEDS["2026-11"]["BM-22"],
            Task(
                "T4",
                "KH.01",
                "1",
                "",
                _NOV,
                "withdrawn",
                counterpart="BM-20",
                reason="Thành phố lùi hạn trình đề án sang năm 2027, Công văn 118/UBND-KT ngày 05/11/2026",
            ),
            Task("T5", "VB.01", "4", "4", _NOV, work="Rà soát vướng mắc mặt bằng"),
        ),
    },
}
"""Plans changed after their approval and approved again; results are of these."""


OBJECTIVES = (
    ("BM-Q4", "Hồ sơ, kiến nghị được giải quyết đúng hạn", "ward", "", "2026-Q4", "", "1"),
    ("KT-Q4", "Tháo gỡ vướng mắc mặt bằng", "unit", "KT", "2026-Q4", "BM-Q4", "1"),
    ("BM-21-10", "Kiểm tra đủ các điểm vướng mắc", "person", "BM-21", "2026-10", "KT-Q4", "1"),
)
"""Id, title, level, whose, period, objective above, weight (R-6); written in October."""

KEY_RESULTS = (
    ("BM-Q4", "KR1", "Tỷ lệ trễ hạn", "%", "8", "2", "1", ()),
    ("KT-Q4", "KR1", "Số điểm vướng mắc", "điểm", "40", "10", "3", ("BM-21/T1", "BM-24/T1")),
    ("BM-21-10", "KR1", "Số điểm đã kiểm tra", "điểm", "0", "8", "1", ("BM-21/T1",)),
)
"""Objective, id, what is measured, unit of measure, start, target, weight, tasks that serve it."""

READINGS: Mapping[str, Sequence[tuple[str, str, str, str]]] = {
    "2026-10": (("BM-Q4", "KR1", "6", "2026-10-20"), ("BM-21-10", "KR1", "8", "2026-10-20")),
    "2026-11": (("BM-Q4", "KR1", "5", "2026-11-12"), ("KT-Q4", "KR1", "22", "2026-11-12")),
}
"""Objective, key result, value, day."""

UNIT_PLANS: Mapping[str, Sequence[tuple[str, str, str, str, str]]] = {
    "2026-10": (
        ("KT", "V01", "Kiểm tra các điểm vướng mắc mặt bằng", "BM-21", "2026-10-20"),
        ("KT", "V02", "Báo cáo công tác tháng", "BM-24", "2026-10-20"),
    ),
}
"""Unit, item, work, led by, deadline (R-5)."""

WEEKS: Mapping[str, Sequence[Mapping[str, object]]] = {
    "2026-10": (
        {
            "person_id": "BM-21",
            "week": "2026-W43",
            "task_id": "T1",
            "days": ["2026-10-19", "2026-10-20"],
            "note": "Đi hiện trường cùng tổ dân phố",
        },
    ),
}
"""Schedules of a week that the person edits: of which task on which days (R-5)."""

HANDOVERS: Mapping[str, Sequence[Mapping[str, str]]] = {
    "2026-10": (
        {
            "person_id": "BM-15",
            "task_id": "T1",
            "receiver_id": "BM-16",
            "by": "BM-10",
            "quantity": "2",
            "reason": "Đi tập huấn từ ngày 12 đến ngày 16/10",
            "line": "T1.2",
        },
    ),
}
"""Work handed over while the month runs, in both plans at once (R-7); ``line`` is the id of the part."""

AD_HOC: Mapping[str, Sequence[Mapping[str, str]]] = {
    "2026-11": (
        {
            "person_id": "BM-13",
            "by": "BM-10",
            "task_id": "DX1",
            "code": "VB.01",
            "quantity": "1",
            "due_on": "2026-11-12",
            "work": "Trả lời đột xuất Đoàn giám sát HĐND",
        },
    ),
}
"""Work that a superior gives while the month runs (R-7)."""

LATER_RESULTS: Mapping[str, Sequence[tuple[str, str, str]]] = {
    "2026-10": (("BM-16", "T1.2", "2"),),
    "2026-11": (("BM-13", "DX1", "1"),),
}
"""Person, task and accepted quantity of what was not in the plan as it was imported."""

CLAIMS: Mapping[str, Sequence[Mapping[str, object]]] = {
    "2026-10": (
        {
            "person_id": "BM-13",
            "task_id": "T1",
            "fault_id": "F1",
            "deadlines": 1,
            "cause": "Mất điện toàn phường ngày 14 và 15/10",
            "file_name": "thong-bao-mat-dien.txt",
            "text": "Thông báo 77/TB-ĐL về việc ngừng cấp điện ngày 14 và 15/10/2026",
            "by": "BM-10",
            "confirmed": True,
            "answer": "Đúng theo Thông báo 77/TB-ĐL",
        },
        {
            "person_id": "BM-24",
            "task_id": "T1",
            "fault_id": "F1",
            "deadlines": 1,
            "cause": "Đường ngập",
            "file_name": "anh-chup.txt",
            "text": "Ghi nhận tại hiện trường ngày 18/10/2026",
            "by": "BM-20",
            "confirmed": False,
            "answer": "Ngày 18/10 không ngập, theo sổ trực",
        },
    ),
}
"""Objective causes that people claim with a file as evidence, and what the superior answers (R-8)."""

EXTENSIONS: Mapping[str, Sequence[Mapping[str, str]]] = {
    "2026-10": (
        {"step": "remarks", "last_day": "2026-10-27", "reason": "Phường diễn tập phòng thủ ngày 24 và 25/10"},
    ),
}
"""Deadlines that the organizer extends on record (R-26)."""
