"""Who works in the ward, where, under whom: the units of the guideline's II.3 and the people in them.

A group of people is written as a line of marks, one for each person, the deputies first::

    A1 A2 A3   band A, the smaller the number the better      B B-    band B, B- near its lower bound
    C D        bands C and D                                  B:half  somebody who has the special case "half"
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Protocol

from phuc_loi.draws import Draws
from phuc_loi.names import Names

WARD_ID = "phuc-loi"
WARD_NAME = "Phường Phúc Lợi"
CITY = "Hà Nội"

PARTY_HEADS, COMMITTEE_HEADS = "DANG-CAP-TRUONG", "UBND-CAP-TRUONG"
"""Quota scopes of the heads: those whom the Party secretary decides, and those whom the UBND chair decides (R-21)."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit. ``short`` stands in numbers of documents, ``work`` names the pool that its tasks are drawn from."""

    unit_id: str
    name: str
    kind: str
    short: str
    head: str
    deputy: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """A person of the ward.

    :param level: how well the month went, as the module's docstring says
    :param case: the special case the person stands for; empty for most
    :param pool: where the tasks are drawn from
    """

    person_id: str
    full_name: str
    unit: Unit
    personnel_type: str
    post: str
    title: str
    leader: bool
    salary: Decimal
    superior_id: str
    duty_group: str
    quota_scope: str
    email: str
    level: str
    case: str
    pool: str
    in_charge: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Group:
    """People of similar duties in a unit: deputies, then staff."""

    duty_group: str
    pool: str
    title: str
    personnel_type: str
    marks: str
    deputies: int = 0
    women: int = 50


UNITS: Sequence[Unit] = (
    Unit("LD-PHUONG", "Lãnh đạo phường", "leadership", "PL", ""),
    Unit("HDND", "Hội đồng nhân dân phường", "council", "HĐND", ""),
    Unit("VP-DU", "Văn phòng Đảng ủy", "party_body", "VPĐU", "Chánh Văn phòng", "Phó Chánh Văn phòng"),
    Unit("BXD-DU", "Ban Xây dựng Đảng", "party_body", "BXDĐ", "Trưởng ban", "Phó Trưởng ban"),
    Unit("UBKT-DU", "Ủy ban Kiểm tra Đảng ủy", "party_body", "UBKT", "Chủ nhiệm", "Phó Chủ nhiệm"),
    Unit("MTTQ", "Ủy ban Mặt trận Tổ quốc Việt Nam phường", "front", "MTTQ", "Chủ tịch UBMTTQ"),
    Unit("VP-UBND", "Văn phòng HĐND và UBND", "office", "VP", "Chánh Văn phòng", "Phó Chánh Văn phòng"),
    Unit(
        "P-KTHTDT", "Phòng Kinh tế, Hạ tầng và Đô thị", "office", "KTHTĐT", "Trưởng phòng", "Phó Trưởng phòng"
    ),
    Unit("P-VHXH", "Phòng Văn hóa - Xã hội", "office", "VHXH", "Trưởng phòng", "Phó Trưởng phòng"),
    Unit("TT-HCC", "Trung tâm Phục vụ hành chính công", "centre", "HCC", "Giám đốc", "Phó Giám đốc"),
    Unit("TH-PL", "Trường Tiểu học Phúc Lợi", "school", "THPL", "Hiệu trưởng", "Phó Hiệu trưởng"),
    Unit("MN-PL", "Trường Mầm non Phúc Lợi", "school", "MNPL", "Hiệu trưởng", "Phó Hiệu trưởng"),
)
_UNIT = {each.unit_id: each for each in UNITS}

_HEADS: Mapping[str, str] = {
    "VP-DU": "A1",
    "BXD-DU": "B",
    "UBKT-DU": "B:organising_50",
    "VP-UBND": "A1",
    "P-KTHTDT": "B:d_50_head",
    "P-VHXH": "A2",
    "TT-HCC": "B",
    "TH-PL": "B:unity_50",
    "MN-PL": "B",
}

_GROUPS: Mapping[str, Sequence[_Group]] = {
    "VP-DU": (
        _Group(
            "Tham mưu công tác Đảng",
            "party",
            "Chuyên viên Văn phòng Đảng ủy",
            "civil_servant",
            "B A1 A3 B B B:withdrawn C",
            1,
        ),
    ),
    "BXD-DU": (
        _Group(
            "Xây dựng Đảng", "party", "Chuyên viên Ban Xây dựng Đảng", "civil_servant", "B A1 B A3 B B-", 1
        ),
    ),
    "UBKT-DU": (
        _Group("Kiểm tra, giám sát", "party", "Ủy viên Ủy ban Kiểm tra", "civil_servant", "B A2 B B B-", 1),
    ),
    "VP-UBND": (
        _Group(
            "Tham mưu tổng hợp",
            "office",
            "Chuyên viên Văn phòng",
            "civil_servant",
            "B B A1 B A2:tie_office A2:tie_office B B:deviation B B:handed_over B B:taken_over B-",
            2,
        ),
        _Group(
            "Hành chính, phục vụ",
            "service",
            "Nhân viên phục vụ",
            "contract_worker",
            "B A2 B B- B:annual_leave B",
            women=35,
        ),
    ),
    "P-KTHTDT": (
        _Group(
            "Đất đai, môi trường, xây dựng",
            "land",
            "Chuyên viên địa chính, xây dựng, môi trường",
            "civil_servant",
            "B:d_50_deputy B A1 B A2 B B A3 B B:excused B B- C D:low",
            2,
            35,
        ),
        _Group(
            "Kinh tế, tài chính",
            "finance",
            "Chuyên viên tài chính - kế toán",
            "civil_servant",
            "B A2 B B B B:blocker B:handed_over",
            1,
            65,
        ),
    ),
    "P-VHXH": (
        _Group(
            "Nội vụ, an sinh xã hội",
            "social",
            "Chuyên viên nội vụ, an sinh",
            "civil_servant",
            "B A1 A2 B B A3 B B:under_half B B:withdrawn B:handed_over B:taken_over B-",
            1,
            60,
        ),
        _Group(
            "Văn hóa, giáo dục, y tế",
            "culture",
            "Chuyên viên văn hóa, giáo dục, y tế",
            "civil_servant",
            "B A1 B B A3 B",
            1,
            60,
        ),
    ),
    "TT-HCC": (
        _Group(
            "Tiếp nhận và trả kết quả",
            "counter",
            "Chuyên viên một cửa",
            "civil_servant",
            "B B A1 B A2:tie_counter B A2:tie_counter B A2:tie_counter B B A3 B:excused B B B B:no_work C B B-",
            2,
            70,
        ),
    ),
    "TH-PL": (
        _Group("Cán bộ quản lý trường", "school_lead", "", "public_employee", "B A2", 2, 75),
        _Group(
            "Giáo viên tiểu học",
            "teacher",
            "Giáo viên tiểu học hạng III",
            "public_employee",
            "B A1:tie_school B B:half A1:tie_school B A2 B B:over_half B B:long_sick B- C B",
            women=80,
        ),
        _Group(
            "Nhân viên, phục vụ trường tiểu học",
            "service",
            "Nhân viên trường học",
            "contract_worker",
            "B A3 B B B- C B",
            women=55,
        ),
    ),
    "MN-PL": (
        _Group("Cán bộ quản lý trường", "school_lead", "", "public_employee", "B B", 2, 95),
        _Group(
            "Giáo viên mầm non",
            "preschool",
            "Giáo viên mầm non hạng III",
            "public_employee",
            "A1 B B A3 B C B",
            women=100,
        ),
        _Group(
            "Nuôi dưỡng, phục vụ",
            "service",
            "Nhân viên nuôi dưỡng",
            "contract_worker",
            "B A2 B C B B B:long_unpaid B-",
            women=85,
        ),
    ),
}

_SCALES: Mapping[str, Sequence[str]] = {
    "top": ("5.76", "6.10", "6.44", "6.78"),
    "cadre": ("4.40", "4.74", "5.08", "5.42"),
    "head": ("4.40", "4.74", "5.08", "5.42", "5.76"),
    "deputy": ("3.66", "3.99", "4.32", "4.65", "4.74"),
    "civil_servant": ("2.34", "2.67", "3.00", "3.33", "3.66", "3.99", "4.32", "4.65", "4.98"),
    "public_employee": ("2.34", "2.67", "3.00", "3.33", "3.66", "3.99", "4.32", "4.65", "4.98"),
    "contract_worker": ("2.34", "2.34", "2.67", "3.00"),
}


class Charged(Protocol):
    """Puts people in a leader's charge."""

    def __call__(self, leader: str, *others: str) -> None:
        """Take them in."""


@dataclass(slots=True)
class _Register:
    """People as they are entered, numbered in that order."""

    people: list[Person] = field(default_factory=list)
    names: Names = field(default_factory=Names)

    def enter(
        self,
        unit: str,
        post: str,
        title: str,
        mark: str,
        duty_group: str,
        pool: str,
        *,
        personnel_type: str,
        scale: str,
        superior: str = "",
        scope: str = "",
        women: int = 40,
    ) -> str:
        number = len(self.people) + 1
        person_id = f"PL-{number:03d}"
        name = self.names.name(women_in_hundred=women)
        level, _, case = mark.partition(":")
        salary = Decimal(Draws(f"{person_id} salary").one(_SCALES[scale]))
        self.people.append(
            Person(
                person_id,
                name,
                _UNIT[unit],
                personnel_type,
                post,
                title,
                post != "staff",
                salary,
                superior,
                duty_group,
                scope,
                self.names.address(name),
                level,
                case,
                pool,
            )
        )
        return person_id


def people() -> list[Person]:
    """Return everybody, leaders with the people in their charge (R-16)."""
    register = _Register()
    charge: dict[str, list[str]] = {}

    def charged(leader: str, *others: str) -> None:
        charge.setdefault(leader, []).extend(others)

    def top(post: str, title: str, mark: str, superior: str = "") -> str:
        return register.enter(
            "LD-PHUONG",
            post,
            title,
            mark,
            "Lãnh đạo phường",
            "top",
            personnel_type="cadre",
            scale="top",
            superior=superior,
        )

    secretary = top("party_secretary", "Bí thư Đảng ủy, Chủ tịch HĐND", "A1:external")
    standing = top("party_standing_deputy", "Phó Bí thư Thường trực Đảng ủy", "A2:external", secretary)
    council = top("council_vice_chair", "Phó Chủ tịch HĐND", "B", secretary)
    chair = top("committee_chair", "Phó Bí thư Đảng ủy, Chủ tịch UBND", "A3:external", secretary)
    economy = top("committee_vice_chair", "Phó Chủ tịch UBND (kinh tế, đô thị)", "B", chair)
    society = top("committee_vice_chair", "Phó Chủ tịch UBND (văn hóa, xã hội)", "B", chair)
    charged(secretary, standing, council, chair)
    charged(chair, economy, society)

    _council(register, charged, council)
    heads = {
        unit: _unit(register, charged, unit, superior, scope)
        for unit, superior, scope in (
            ("VP-DU", standing, PARTY_HEADS),
            ("BXD-DU", standing, PARTY_HEADS),
            ("UBKT-DU", secretary, PARTY_HEADS),
        )
    }
    charged(standing, heads["VP-DU"], heads["BXD-DU"])
    charged(secretary, *heads.values())
    charged(secretary, *_front(register, charged, secretary))
    for unit, superior in (
        ("VP-UBND", chair),
        ("P-KTHTDT", economy),
        ("P-VHXH", society),
        ("TT-HCC", economy),
        ("TH-PL", society),
        ("MN-PL", society),
    ):
        head = _unit(register, charged, unit, superior, COMMITTEE_HEADS)
        charged(chair, head)
        if superior != chair:
            charged(superior, head)
    return [_with_charge(each, charge) for each in register.people]


def _council(register: _Register, charged: Charged, superior: str) -> None:
    for name, marks in (("Pháp chế", ("A1", "B", "B")), ("Kinh tế - Xã hội", ("B", "A3", "B"))):
        head = ""
        for post, title, mark in zip(
            ("council_committee_head", "council_committee_deputy", "staff"),
            (f"Trưởng Ban {name} HĐND", f"Phó Trưởng Ban {name} HĐND", f"Chuyên viên giúp việc Ban {name}"),
            marks,
            strict=True,
        ):
            person = register.enter(
                "HDND",
                post,
                title,
                mark,
                "Hoạt động HĐND",
                "council",
                personnel_type="civil_servant" if post == "staff" else "cadre",
                scale="civil_servant" if post == "staff" else "cadre",
                superior=head or superior,
            )
            charged(head or superior, person)
            head = head or person


def _front(register: _Register, charged: Charged, superior: str) -> list[str]:
    """Enter the Front and its organisations; return whom the Party secretary decides."""

    def enter(post: str, title: str, mark: str, above: str, scope: str = "") -> str:
        staff = post == "staff"
        return register.enter(
            "MTTQ",
            post,
            title,
            mark,
            "Lãnh đạo ban Đảng, đoàn thể" if scope else "Mặt trận, đoàn thể",
            "front",
            personnel_type="civil_servant" if staff else "cadre",
            scale="civil_servant" if staff else "cadre",
            superior=above,
            scope=scope,
            women=60,
        )

    chair = enter(
        "front_chair", "Phó Bí thư Đảng ủy, Chủ tịch Ủy ban MTTQ", "A2:over_plan", superior, PARTY_HEADS
    )
    decided = [chair]
    for head_title, deputy_title, head_mark, deputy_mark in (
        ("Chủ tịch Hội Liên hiệp Phụ nữ", "Phó Chủ tịch Hội Liên hiệp Phụ nữ", "B", "A2"),
        (
            "Bí thư Đoàn TNCS Hồ Chí Minh",
            "Phó Bí thư Đoàn TNCS Hồ Chí Minh",
            "B",
            "B",
        ),
        ("Chủ tịch Hội Nông dân", "Phó Chủ tịch Hội Nông dân", "B-", "B:withdrawn"),
        ("Chủ tịch Hội Cựu chiến binh", "Phó Chủ tịch Hội Cựu chiến binh", "B", "B-"),
    ):
        head = enter("mass_org_head", head_title, head_mark, chair, PARTY_HEADS)
        deputy = enter("mass_org_deputy", deputy_title, deputy_mark, head)
        charged(head, deputy)
        charged(chair, head, deputy)
        decided.append(head)
    for mark in ("B", "A3", "B:maternity", "C", "B"):
        charged(chair, enter("staff", "Chuyên viên Cơ quan UBMTTQ", mark, chair))
    return decided


def _unit(register: _Register, charged: Charged, unit_id: str, superior: str, scope: str) -> str:
    """Enter a unit's head, deputies and staff; return the head."""
    unit = _UNIT[unit_id]
    public = "public_employee" if unit.kind == "school" else "civil_servant"
    party = unit.kind == "party_body"
    head = register.enter(
        unit_id,
        "unit_head",
        f"{unit.head} {unit.name}" if unit.kind != "school" else f"Hiệu trưởng {unit.name}",
        _HEADS[unit_id],
        "Lãnh đạo ban Đảng, đoàn thể" if party else "Cấp trưởng cơ quan, đơn vị thuộc UBND",
        "head",
        personnel_type=public,
        scale="head",
        superior=superior,
        scope=scope,
    )
    deputies: list[str] = []
    staff: list[tuple[str, list[str]]] = []
    for group in _GROUPS[unit_id]:
        marks = group.marks.split()
        own = [
            register.enter(
                unit_id,
                "unit_deputy",
                f"{unit.deputy} {unit.name}",
                mark,
                group.duty_group,
                group.pool if group.pool == "school_lead" else "head",
                personnel_type=public,
                scale="deputy",
                superior=head,
                women=group.women,
            )
            for mark in marks[: group.deputies]
        ]
        deputies += own
        # A group without deputies of its own is led by those before it.
        leaders = own or deputies
        rest = marks[group.deputies :]
        for place, mark in enumerate(rest):
            leader = leaders[place * len(leaders) // len(rest)]
            # The last in a group of deputies' fields is the first one's, so that d reaches a deputy and the head.
            if mark == "D:low":
                leader = leaders[0]
            person = register.enter(
                unit_id,
                "staff",
                group.title,
                mark,
                group.duty_group,
                group.pool,
                personnel_type=group.personnel_type,
                scale=group.personnel_type,
                superior=leader,
                women=group.women,
            )
            staff.append((leader, [person]))
    charged(head, *deputies)
    for leader, members in staff:
        charged(leader, *members)
        charged(head, *members)
    return head


def _with_charge(person: Person, charge: Mapping[str, Sequence[str]]) -> Person:
    return replace(person, in_charge=tuple(sorted(charge.get(person.person_id, ()))))
