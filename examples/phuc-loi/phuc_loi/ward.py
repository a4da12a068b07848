"""Who works in the ward, where, under whom, and in whose charge."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Protocol

from phuc_loi.draws import Draws
from phuc_loi.names import Names
from phuc_loi.units import BY_ID, GROUPS, HEADS, SCALES, Unit

WARD_ID = "phuc-loi"
WARD_NAME = "Phường Phúc Lợi"
CITY = "Hà Nội"

PARTY_HEADS, COMMITTEE_HEADS = "DANG-CAP-TRUONG", "UBND-CAP-TRUONG"
"""Quota scopes of heads: whom the Party secretary decides, and whom the UBND chair decides (R-21)."""


@dataclass(frozen=True, slots=True)
class Person:
    """A person of the ward.

    :param level: how well the month went, as `phuc_loi.units` says
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
        salary = Decimal(Draws(f"{person_id} salary").one(SCALES[scale]))
        self.people.append(
            Person(
                person_id,
                name,
                BY_ID[unit],
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
    unit = BY_ID[unit_id]
    official = "public_employee" if unit.kind == "school" else "civil_servant"
    party = unit.kind == "party_body"
    head = register.enter(
        unit_id,
        "unit_head",
        unit.head,
        HEADS[unit_id],
        "Lãnh đạo ban Đảng, đoàn thể" if party else "Cấp trưởng cơ quan, đơn vị thuộc UBND",
        "head",
        personnel_type=official,
        scale="head",
        superior=superior,
        scope=scope,
    )
    deputies: list[str] = []
    for group in GROUPS[unit_id]:
        marks = group.marks.split()
        own = [
            register.enter(
                unit_id,
                "unit_deputy",
                unit.deputy,
                mark,
                group.duty_group,
                group.pool if group.pool == "school_lead" else "head",
                personnel_type=official,
                scale="deputy",
                superior=head,
                women=group.women,
            )
            for mark in marks[: group.deputies]
        ]
        deputies += own
        # A group without deputies of its own is led by those before it.
        leaders = own or deputies
        staff = marks[group.deputies :]
        for place, mark in enumerate(staff):
            # The deputy whose d this one halves is the first, and a case of his own.
            leader = leaders[0 if mark == "D:low" else place * len(leaders) // len(staff)]
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
            charged(leader, person)
            charged(head, person)
    charged(head, *deputies)
    return head


def _with_charge(person: Person, charge: Mapping[str, Sequence[str]]) -> Person:
    return replace(person, in_charge=tuple(sorted(charge.get(person.person_id, ()))))
