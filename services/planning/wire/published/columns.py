"""What the columns of a published catalogue are called, and what may stand in them."""

from collections.abc import Mapping, Sequence
from typing import Final

from chassis import sheets
from chassis.sheets import Column
from chassis.sheets.columns import IGNORED_HEADERS, fold

CODE: Final = sheets.text("code", "Mã CV", "Code", longest=200)
SECTION: Final = sheets.choice(
    "section",
    "Phần",
    "Section",
    {
        "Lãnh đạo, quản lý": "leadership",
        "leadership": "leadership",
        "Dùng chung": "shared",
        "shared": "shared",
        "Riêng của đơn vị": "unit",
        "unit": "unit",
    },
)
UNIT: Final = sheets.text("unit", "Đơn vị", "Unit", longest=200)
TASK: Final = sheets.text("task", "Nhiệm vụ", "Task", longest=2_000)
OUTPUT: Final = sheets.text("output", "Sản phẩm đầu ra", "Output", longest=2_000)
GROUP: Final = sheets.text("complexity_group", "Nhóm", "Complexity group", longest=200)
RANGE: Final = sheets.text("points_range", "Khung điểm", "Points range", longest=200)
POINTS: Final = sheets.decimal("points", "Điểm chấm", "Points", places=15)
COEFFICIENT: Final = sheets.decimal("coefficient", "Hệ số quy đổi", "Coefficient", places=15)

NEEDED: Final = (CODE, TASK, OUTPUT, GROUP, POINTS)
"""Every entry has them."""

_ALSO: Final[Sequence[tuple[Column, tuple[str, ...]]]] = (
    (CODE, ("Mã", "Mã công việc", "Mã nhiệm vụ", "Mã sản phẩm")),
    (SECTION, ()),
    (UNIT, ("Phòng, ban chuyên môn", "Phòng ban", "Phòng chuyên môn", "Cơ quan, đơn vị", "Phòng, đơn vị")),
    (TASK, ("Tên nhiệm vụ", "Công việc", "Tên công việc", "Nhiệm vụ/công việc")),
    (OUTPUT, ("Sản phẩm", "Kết quả đầu ra", "Sản phẩm/kết quả")),
    (GROUP, ("Nhóm phức tạp", "Nhóm độ phức tạp", "Nhóm công việc", "Group")),
    (RANGE, ()),
    (POINTS, ("Điểm", "Số điểm")),
    (COEFFICIENT, ("Hệ số",)),
)

HEADERS: Final[Mapping[str, Column]] = {
    fold(header): column
    for column, others in _ALSO
    for header in (column.name, column.vi, column.en, *others)
}
"""From a header, folded, to its column."""

ASIDE: Final = IGNORED_HEADERS | {fold(each) for each in ("Công việc chi tiết", "Nội dung chi tiết", "Mô tả")}
"""Headers whose columns are left aside without a word."""

TOTALS: Final = frozenset({"cong", "tong", "tong cong", "total"})
"""What the first cell of a row of sums says, folded."""
