"""What the work of each group is drawn from: codes of the catalogue, some under the name they have here.

The catalogue was issued by a commune, so it knows neither Party bodies nor schools; their work is drawn from
its shared part and named as the unit would name it. Teaching is not in it at all, and stands as work outside
the catalogue.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

CATALOGUE = Path(__file__).resolve().parents[1] / "catalogue.csv"

HEAVIEST = Decimal(20)
"""Outputs that weigh more are rare enough to be left out of an ordinary month."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the catalogue as catalogue.csv has it."""

    code: str
    section: str
    unit: str
    task: str
    output: str
    group: str
    points: Decimal
    coefficient: Decimal


@dataclass(frozen=True, slots=True)
class Pool:
    """Work of a group.

    :param own: beginnings of codes that two thirds of the tasks come from
    :param shared: codes that the rest comes from
    :param named: what some of these are called here
    """

    own: Sequence[str]
    shared: Sequence[str]
    named: Mapping[str, str]


def catalogue() -> list[Entry]:
    """Return the entries of catalogue.csv, in its order."""
    with CATALOGUE.open(encoding="utf-8", newline="") as file:
        return [
            Entry(
                row["code"],
                row["section"],
                row["unit"],
                row["task"],
                row["output"],
                row["group"],
                Decimal(row["points"]),
                Decimal(row["coefficient"]),
            )
            for row in csv.DictReader(file)
        ]


_DESK = [
    "DC.02",
    "DC.03",
    "DC.04",
    "DC.05",
    "DC.07",
    "DC.11",
    "DC.14",
    "DC.15",
    "DC.17",
    "DC.18",
    "DC.19",
    "DC.26",
    "DC.27",
    "DC.30",
    "DC.31",
    "DC.32",
    "DC.35",
    "DC.42",
]
_LEADERS = [
    "DC.03",
    "DC.05",
    "DC.08",
    "DC.10",
    "DC.12",
    "DC.21",
    "DC.22",
    "DC.23",
    "DC.25",
    "DC.28",
    "DC.38",
    "DC.43",
]

POOLS: Mapping[str, Pool] = {
    "top": Pool(
        ("QL.",),
        _LEADERS,
        {
            "QL.01": "Chỉ đạo xây dựng chương trình công tác quý II của phường",
            "QL.05": "Chỉ đạo xử lý việc đột xuất, phức tạp trên địa bàn",
            "QL.06": "Chủ trì họp giao ban khối",
            "QL.10": "Báo cáo kết quả lãnh đạo, chỉ đạo tháng 3 với thành phố",
            "QL.13": "Giải quyết vướng mắc liên ngành giữa các phòng, đơn vị",
            "DC.21": "Tiếp công dân định kỳ của lãnh đạo phường",
            "DC.23": "Chỉ đạo giải quyết vụ việc phức tạp, kéo dài",
        },
    ),
    "head": Pool(
        ("QL.",),
        _LEADERS,
        {
            "QL.10": "Báo cáo kết quả hoạt động tháng 3 của đơn vị",
            "QL.16": "Rà soát danh mục sản phẩm/công việc của đơn vị",
            "DC.05": "Báo cáo công tác quý I",
        },
    ),
    "school_lead": Pool(
        ("QL.", "GD."),
        _LEADERS,
        {
            "QL.04": "Dự giờ, kiểm tra hồ sơ chuyên môn của giáo viên",
            "QL.06": "Chủ trì họp hội đồng sư phạm",
            "QL.10": "Báo cáo kết quả hoạt động tháng 3 của nhà trường",
        },
    ),
    "council": Pool(
        ("VP.23", "VP.24", "VP.25", "VP.26", "VP.27", "VP.28"),
        _DESK + _LEADERS,
        {
            "VP.23": "Chuẩn bị kỳ họp thường lệ giữa năm của HĐND phường",
            "VP.26": "Giám sát chuyên đề của Ban HĐND phường",
            "VP.27": "Tổ chức tiếp xúc cử tri theo tổ dân phố",
        },
    ),
    "party": Pool(
        ("DC.HN.", "DC.KT.", "DC.06", "DC.08", "DC.09", "DC.10", "DC.33", "DC.37", "DC.38"),
        _DESK,
        {
            "DC.05": "Báo cáo công tác xây dựng Đảng tháng 3",
            "DC.06": "Báo cáo sơ kết quý I thực hiện nghị quyết đại hội",
            "DC.08": "Kế hoạch học tập chuyên đề của Đảng bộ phường",
            "DC.09": "Dự thảo quyết định chuẩn y cấp ủy chi bộ",
            "DC.19": "Cập nhật cơ sở dữ liệu đảng viên",
            "DC.33": "Tổng hợp ý kiến góp ý của chi bộ tổ dân phố",
            "DC.KT.01": "Kế hoạch kiểm tra tổ chức đảng, đảng viên",
            "DC.KT.06": "Báo cáo kết quả kiểm tra chi bộ",
        },
    ),
    "front": Pool(
        ("DC.HN.", "DC.06", "DC.08", "DC.24", "DC.33", "DC.37", "DC.38", "VHTT.02", "VHTT.04"),
        _DESK,
        {
            "DC.05": "Báo cáo công tác Mặt trận và phong trào thi đua tháng 3",
            "DC.08": "Kế hoạch vận động Quỹ Vì người nghèo",
            "DC.24": "Tin, bài về hoạt động của đoàn viên, hội viên",
            "DC.33": "Tổng hợp ý kiến, kiến nghị của nhân dân",
            "DC.38": "Kế hoạch phối hợp giám sát, phản biện xã hội",
        },
    ),
    "office": Pool(("VP.",), _DESK, {"VP.09": "Tổng hợp báo cáo chỉ đạo, điều hành tháng 3 của UBND phường"}),
    "service": Pool(
        ("VP.08", "VP.13", "VP.14", "VP.32", "VP.33"),
        [
            "DC.11",
            "DC.17",
            "DC.20",
            "DC.27",
            "DC.29",
            "DC.32",
            "DC.34",
            "DC.35",
            "DC.39",
            "DC.HN.02",
            "DC.KT.04",
        ],
        {
            "VP.08": "Chuẩn bị phòng họp, phục vụ cuộc họp",
            "VP.14": "Kiểm tra, bảo quản trang thiết bị được giao",
            "VP.32": "Sửa chữa nhỏ, bảo dưỡng định kỳ trụ sở",
            "DC.20": "Việc phát sinh theo phân công",
            "DC.29": "Biên bản bàn giao ca trực, kiểm tra an toàn điện nước",
            "DC.39": "Ca trực theo lịch phân công",
            "DC.35": "Sắp xếp, đóng bìa hồ sơ đưa vào kho",
        },
    ),
    "land": Pool(("KTDC.", "KTMT.", "KTXD.", "GPMB."), _DESK, {}),
    "finance": Pool(("KTTC.", "KTNN.0"), _DESK, {}),
    "social": Pool(("NV.", "ASXH."), _DESK, {}),
    "culture": Pool(("VHTT.", "GD.", "YTE.", "VHXHKT."), _DESK, {}),
    "counter": Pool(
        ("HCC.", "VP.34", "VP.35", "VP.36", "VP.39"),
        ["DC.04", "DC.05", "DC.15", "DC.17", "DC.19", "DC.27", "DC.42"],
        {},
    ),
    "teacher": Pool(
        ("GD.02", "GD.05", "GD.07", "YTE.08", "VHTT.02"),
        [
            "DC.04",
            "DC.05",
            "DC.07",
            "DC.08",
            "DC.11",
            "DC.12",
            "DC.14",
            "DC.17",
            "DC.18",
            "DC.19",
            "DC.24",
            "DC.27",
            "DC.29",
            "DC.32",
            "DC.35",
            "DC.40",
            "DC.HN.04",
        ],
        {
            "GD.05": "Ôn tập và khảo sát chất lượng giữa học kỳ II",
            "GD.07": "Nội dung an toàn trường học, phòng chống bạo lực học đường của lớp",
            "YTE.08": "Phối hợp tiêm chủng, phòng dịch theo mùa tại lớp",
            "VHTT.02": "Hoạt động kỷ niệm ngày 8/3 và 26/3",
            "DC.04": "Báo cáo nhanh sĩ số, chuyên cần",
            "DC.05": "Báo cáo chất lượng lớp tháng 3",
            "DC.08": "Kế hoạch dạy học tuần",
            "DC.11": "Đồ dùng, học liệu cho tiết dạy",
            "DC.12": "Thư ký sinh hoạt tổ chuyên môn",
            "DC.14": "Theo dõi học sinh cần hỗ trợ",
            "DC.19": "Cập nhật học bạ số, cơ sở dữ liệu ngành",
            "DC.29": "Biên bản trao đổi với cha mẹ học sinh",
            "DC.40": "Tài liệu chuyên đề của tổ chuyên môn",
        },
    ),
    "preschool": Pool(
        ("GD.05", "GD.07", "YTE.05", "YTE.08", "VHTT.02"),
        [
            "DC.04",
            "DC.05",
            "DC.07",
            "DC.08",
            "DC.11",
            "DC.12",
            "DC.14",
            "DC.17",
            "DC.18",
            "DC.19",
            "DC.24",
            "DC.27",
            "DC.29",
            "DC.32",
            "DC.35",
            "DC.40",
            "DC.HN.04",
        ],
        {
            "GD.05": "Chuẩn bị tuyển sinh trẻ 3 tuổi năm học mới",
            "GD.07": "Nội dung an toàn cho trẻ tại lớp",
            "YTE.05": "Phối hợp kiểm tra an toàn thực phẩm bếp ăn bán trú",
            "YTE.08": "Theo dõi tiêm chủng, cân đo quý I của trẻ",
            "VHTT.02": "Hoạt động ngày hội 8/3 của bé",
            "DC.04": "Báo cáo nhanh số trẻ, suất ăn",
            "DC.05": "Báo cáo nuôi dạy trẻ tháng 3",
            "DC.08": "Kế hoạch chăm sóc, giáo dục trẻ theo tuần",
            "DC.11": "Đồ chơi, học liệu tự làm",
            "DC.12": "Thư ký sinh hoạt tổ chuyên môn",
            "DC.14": "Theo dõi trẻ cần chăm sóc đặc biệt",
            "DC.29": "Biên bản trao đổi với cha mẹ trẻ",
        },
    ),
}

OUTSIDE: Mapping[str, tuple[str, str, int]] = {
    "teacher": ("Giảng dạy theo thời khóa biểu", "Tiết dạy có ghi sổ đầu bài", 92),
    "preschool": ("Nuôi dạy trẻ trên lớp", "Buổi dạy có ghi nhật ký lớp", 40),
}
"""Work that the catalogue lacks: what, its output, how many in a month; each is one standard unit."""
