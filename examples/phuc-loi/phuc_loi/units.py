"""The units of the guideline's II.3, and how the month went for each place in them.

A group of people is written as a line of marks, one for each person, the deputies first::

    A1 A2 A3   band A, the smaller the number the better      B B-    band B, B- near its lower bound
    C D        bands C and D                                  B:half  somebody who has the special case "half"
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit. ``short`` stands in numbers of documents; ``head`` and ``deputy`` are titles."""

    unit_id: str
    name: str
    kind: str
    short: str
    head: str = ""
    deputy: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """People of similar duties in a unit: deputies, then staff."""

    duty_group: str
    pool: str
    title: str
    personnel_type: str
    marks: str
    deputies: int = 0
    women: int = 50


UNITS: Sequence[Unit] = (
    Unit("LD-PHUONG", "Lãnh đạo phường", "leadership", "PL"),
    Unit("HDND", "Hội đồng nhân dân phường", "council", "HĐND"),
    Unit(
        "VP-DU",
        "Văn phòng Đảng ủy",
        "party_body",
        "VPĐU",
        "Chánh Văn phòng Đảng ủy",
        "Phó Chánh Văn phòng Đảng ủy",
    ),
    Unit(
        "BXD-DU",
        "Ban Xây dựng Đảng",
        "party_body",
        "BXDĐ",
        "Trưởng Ban Xây dựng Đảng",
        "Phó Trưởng Ban Xây dựng Đảng",
    ),
    Unit(
        "UBKT-DU",
        "Ủy ban Kiểm tra Đảng ủy",
        "party_body",
        "UBKT",
        "Chủ nhiệm Ủy ban Kiểm tra Đảng ủy",
        "Phó Chủ nhiệm Ủy ban Kiểm tra Đảng ủy",
    ),
    Unit("MTTQ", "Ủy ban Mặt trận Tổ quốc Việt Nam phường", "front", "MTTQ"),
    Unit(
        "VP-UBND",
        "Văn phòng HĐND và UBND",
        "office",
        "VP",
        "Chánh Văn phòng HĐND và UBND",
        "Phó Chánh Văn phòng HĐND và UBND",
    ),
    Unit(
        "P-KTHTDT",
        "Phòng Kinh tế, Hạ tầng và Đô thị",
        "office",
        "KTHTĐT",
        "Trưởng phòng Kinh tế, Hạ tầng và Đô thị",
        "Phó Trưởng phòng Kinh tế, Hạ tầng và Đô thị",
    ),
    Unit(
        "P-VHXH",
        "Phòng Văn hóa - Xã hội",
        "office",
        "VHXH",
        "Trưởng phòng Văn hóa - Xã hội",
        "Phó Trưởng phòng Văn hóa - Xã hội",
    ),
    Unit(
        "TT-HCC",
        "Trung tâm Phục vụ hành chính công",
        "centre",
        "HCC",
        "Giám đốc Trung tâm Phục vụ hành chính công",
        "Phó Giám đốc Trung tâm Phục vụ hành chính công",
    ),
    Unit(
        "TH-PL",
        "Trường Tiểu học Phúc Lợi",
        "school",
        "THPL",
        "Hiệu trưởng Trường Tiểu học Phúc Lợi",
        "Phó Hiệu trưởng Trường Tiểu học Phúc Lợi",
    ),
    Unit(
        "MN-PL",
        "Trường Mầm non Phúc Lợi",
        "school",
        "MNPL",
        "Hiệu trưởng Trường Mầm non Phúc Lợi",
        "Phó Hiệu trưởng Trường Mầm non Phúc Lợi",
    ),
)
BY_ID = {each.unit_id: each for each in UNITS}

HEADS: Mapping[str, str] = {
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

GROUPS: Mapping[str, Sequence[Group]] = {
    "VP-DU": (
        Group(
            "Tham mưu công tác Đảng",
            "party",
            "Chuyên viên Văn phòng Đảng ủy",
            "civil_servant",
            "B A1 A3 B B B:withdrawn C",
            1,
        ),
    ),
    "BXD-DU": (
        Group(
            "Xây dựng Đảng", "party", "Chuyên viên Ban Xây dựng Đảng", "civil_servant", "B A1 B A3 B B-", 1
        ),
    ),
    "UBKT-DU": (
        Group("Kiểm tra, giám sát", "party", "Ủy viên Ủy ban Kiểm tra", "civil_servant", "B A2 B B B-", 1),
    ),
    "VP-UBND": (
        Group(
            "Tham mưu tổng hợp",
            "office",
            "Chuyên viên Văn phòng",
            "civil_servant",
            "B B A1 B A2:tie_office A2:tie_office B B:deviation B B:handed_over B B:taken_over B-",
            2,
        ),
        Group(
            "Hành chính, phục vụ",
            "service",
            "Nhân viên phục vụ",
            "contract_worker",
            "B A2 B B- B:annual_leave B",
            women=35,
        ),
    ),
    "P-KTHTDT": (
        Group(
            "Đất đai, môi trường, xây dựng",
            "land",
            "Chuyên viên địa chính, xây dựng, môi trường",
            "civil_servant",
            "B:d_50_deputy B A1 B A2 B B A3 B B:excused B B- C D:low",
            2,
            35,
        ),
        Group(
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
        Group(
            "Nội vụ, an sinh xã hội",
            "social",
            "Chuyên viên nội vụ, an sinh",
            "civil_servant",
            "B A1 A2 B B A3 B B:under_half B B:withdrawn B:handed_over B:taken_over B-",
            1,
            60,
        ),
        Group(
            "Văn hóa, giáo dục, y tế",
            "culture",
            "Chuyên viên văn hóa, giáo dục, y tế",
            "civil_servant",
            "B A1 B B:excused A3 B",
            1,
            60,
        ),
    ),
    "TT-HCC": (
        Group(
            "Tiếp nhận và trả kết quả",
            "counter",
            "Chuyên viên một cửa",
            "civil_servant",
            "B B A1 B A2:tie_counter B A2:tie_counter B A2:tie_counter B B A3 B:excused B B B "
            "B:no_work C B B-",
            2,
            70,
        ),
    ),
    "TH-PL": (
        Group("Cán bộ quản lý trường", "school_lead", "", "public_employee", "B A2", 2, 75),
        Group(
            "Giáo viên tiểu học",
            "teacher",
            "Giáo viên tiểu học hạng III",
            "public_employee",
            "B A1:tie_school B B:half A1:tie_school B A2 B B:over_half B B:long_sick B- C B",
            women=80,
        ),
        Group(
            "Nhân viên, phục vụ trường tiểu học",
            "service",
            "Nhân viên trường học",
            "contract_worker",
            "B A3 B B B- C B",
            women=55,
        ),
    ),
    "MN-PL": (
        Group("Cán bộ quản lý trường", "school_lead", "", "public_employee", "B B", 2, 95),
        Group(
            "Giáo viên mầm non",
            "preschool",
            "Giáo viên mầm non hạng III",
            "public_employee",
            "A1 B B:excused A3 B C B",
            women=100,
        ),
        Group(
            "Nuôi dưỡng, phục vụ",
            "service",
            "Nhân viên nuôi dưỡng",
            "contract_worker",
            "B A2 B C B B B:long_unpaid B-",
            women=85,
        ),
    ),
}

SCALES: Mapping[str, Sequence[str]] = {
    "top": ("5.76", "6.10", "6.44", "6.78"),
    "cadre": ("4.40", "4.74", "5.08", "5.42"),
    "head": ("4.40", "4.74", "5.08", "5.42", "5.76"),
    "deputy": ("3.66", "3.99", "4.32", "4.65", "4.74"),
    "civil_servant": ("2.34", "2.67", "3.00", "3.33", "3.66", "3.99", "4.32", "4.65", "4.98"),
    "public_employee": ("2.34", "2.67", "3.00", "3.33", "3.66", "3.99", "4.32", "4.65", "4.98"),
    "contract_worker": ("2.34", "2.34", "2.67", "3.00"),
}
