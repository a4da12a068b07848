"""The sheets of the workbook that planning takes (docs/workbook.md); columns are called like attributes."""

from decimal import Decimal
from typing import Final

from chassis import sheets
from chassis.sheets import Sheet
from planning.domain.okr import LONGEST_MEASURE, MOST_VALUE, MOST_WEIGHT
from planning.domain.results import MOST_OUTPUTS, MOST_TIMES
from planning.domain.task import LONGEST_NAME, MOST_COEFFICIENT, MOST_QUANTITY
from planning.domain.working_time import MOST_HALF_DAYS

OTHERS: Final = (
    "assessments",
    "Đánh giá",
    "quota_rates",
    "Tỷ lệ loại A",
    "delegations",
    "Ủy quyền",
    "external_results",
    "Kết quả của thành phố",
    "decisions",
    "Quyết định",
    "appeals",
    "Kiến nghị",
)
"""Sheets of the workbook that another service takes."""

POSTS: Final = {
    "party_secretary": "Bí thư Đảng ủy",
    "party_standing_deputy": "Phó Bí thư thường trực",
    "council_chair": "Chủ tịch HĐND",
    "council_vice_chair": "Phó Chủ tịch HĐND",
    "council_committee_head": "Trưởng ban HĐND",
    "council_committee_deputy": "Phó Trưởng ban HĐND",
    "committee_chair": "Chủ tịch UBND",
    "committee_vice_chair": "Phó Chủ tịch UBND",
    "front_chair": "Chủ tịch UBMTTQ",
    "mass_org_head": "Trưởng tổ chức chính trị - xã hội",
    "mass_org_deputy": "Phó tổ chức chính trị - xã hội",
    "unit_head": "Cấp trưởng",
    "unit_deputy": "Cấp phó",
    "staff": "Không giữ chức vụ",
}


def _words(**preferred: str) -> dict[str, str]:
    """Return what people may write for each meaning: the word in the document, or the meaning itself."""
    return {word: meaning for meaning, word in preferred.items()} | {each: each for each in preferred}


YES_NO: Final = _words(yes="Có", no="Không")

WARD: Final = Sheet(
    "ward",
    "Phường",
    (
        sheets.text("ward_id", "Mã phường", "Ward id", required=True, longest=64),
        sheets.text("name", "Tên phường", "Ward name", required=True, longest=200),
        sheets.text("city", "Thành phố", "City", required=True, longest=200),
        sheets.choice(
            "window_rule",
            "Kỳ tháng",
            "Month window",
            {
                "25 đến 24": "25_to_24",
                "25_to_24": "25_to_24",
                "Tháng dương lịch": "calendar",
                "calendar": "calendar",
            },
        ),
        sheets.integer("december_cut_off", "Ngày chốt tháng 12", "December cut-off", least=1, most=31),
        sheets.choice(
            "annual_leave",
            "Phép năm",
            "Annual leave",
            _words(away="Không tính là làm việc", worked="Tính là làm việc"),
        ),
        sheets.choice(
            "acceptance_date",
            "Ngày nghiệm thu sau kỳ",
            "Acceptance date after window",
            _words(optional="Không bắt buộc", required="Bắt buộc"),
        ),
        sheets.decimal(
            "standard_points", "Điểm đơn vị chuẩn", "Standard points", least=Decimal("0.01"), places=2
        ),
        sheets.text("decision", "Quyết định danh mục", "Catalogue decision", longest=200),
        sheets.text("proposed_by", "Đơn vị đề xuất danh mục", "Catalogue proposed by", longest=64),
    ),
)

UNITS: Final = Sheet(
    "units",
    "Đơn vị",
    (
        sheets.text("unit_id", "Mã đơn vị", "Unit id", required=True, longest=64),
        sheets.text("name", "Tên đơn vị", "Unit name", required=True, longest=200),
        sheets.choice(
            "kind",
            "Loại đơn vị",
            "Unit kind",
            _words(
                leadership="Lãnh đạo phường",
                party_body="Cơ quan Đảng",
                front="Mặt trận, đoàn thể",
                council="Hội đồng nhân dân",
                office="Cơ quan UBND",
                centre="Trung tâm",
                school="Trường học",
            ),
            required=True,
        ),
    ),
)

PEOPLE: Final = Sheet(
    "people",
    "Nhân sự",
    (
        sheets.text("person_id", "Mã người", "Person id", required=True, longest=64),
        sheets.text("full_name", "Họ và tên", "Full name", required=True, longest=200),
        sheets.text("unit_id", "Mã đơn vị", "Unit id", required=True, longest=64),
        sheets.choice(
            "personnel_type",
            "Loại đối tượng",
            "Personnel type",
            _words(
                cadre="Cán bộ",
                civil_servant="Công chức",
                public_employee="Viên chức",
                contract_worker="Lao động hợp đồng",
            ),
            required=True,
        ),
        sheets.choice(
            "post",
            "Chức vụ",
            "Post",
            {code: code for code in POSTS} | {name: code for code, name in POSTS.items()},
            required=True,
        ),
        sheets.text("title", "Chức danh", "Title", required=True, longest=200),
        sheets.choice("role", "Vai trò", "Role", _words(leader="Lãnh đạo", staff="Nhân viên"), required=True),
        sheets.decimal(
            "salary_coefficient",
            "Hệ số lương",
            "Salary coefficient",
            required=True,
            least=0,
            most=20,
            places=3,
        ),
        sheets.text("superior_id", "Cấp trên trực tiếp", "Direct superior", longest=64),
        sheets.ids("in_charge_ids", "Phụ trách", "In charge of"),
        sheets.text("duty_group", "Nhóm nhiệm vụ tương đồng", "Duty group", required=True, longest=200),
        sheets.text("quota_scope", "Phạm vi tính tỷ lệ", "Quota scope", longest=200),
        sheets.text("email", "Thư điện tử", "E-mail", longest=254),
        sheets.choice(
            "language",
            "Ngôn ngữ",
            "Language",
            {"vi": "vi", "en": "en", "Tiếng Việt": "vi", "English": "en"},
        ),
        sheets.choice("active", "Đang công tác", "Active", YES_NO),
    ),
)

CATALOGUE: Final = Sheet(
    "catalogue",
    "Danh mục",
    (
        sheets.text("code", "Mã", "Code", required=True, longest=64),
        sheets.text("task", "Nhiệm vụ", "Task", required=True, longest=LONGEST_NAME),
        sheets.text("output", "Sản phẩm", "Output", required=True),
        sheets.text("complexity_group", "Nhóm phức tạp", "Complexity group", required=True, longest=64),
        sheets.text("points_range", "Khung điểm", "Points range", longest=40),
        sheets.decimal("points", "Điểm", "Points", required=True, places=2),
        sheets.decimal("coefficient", "Hệ số quy đổi", "Coefficient", places=2),
        sheets.choice(
            "section",
            "Phần",
            "Section",
            _words(leadership="Lãnh đạo, quản lý", shared="Dùng chung", unit="Riêng của đơn vị"),
        ),
        sheets.text("unit", "Đơn vị", "Unit", longest=200),
    ),
)

TASKS: Final = Sheet(
    "tasks",
    "Nhiệm vụ",
    (
        sheets.text("person_id", "Mã người", "Person id", required=True, longest=64),
        sheets.text("task_id", "Mã nhiệm vụ", "Task id", required=True, longest=64),
        sheets.choice(
            "kind",
            "Loại",
            "Kind",
            _words(
                planned="Kế hoạch",
                extra="Đột xuất",
                taken_over="Nhận thay",
                handed_over="Chuyển giao",
                withdrawn="Rút",
            ),
            required=True,
        ),
        sheets.text("catalogue_code", "Mã danh mục", "Catalogue code", longest=64),
        sheets.text("name", "Công việc", "Work", longest=LONGEST_NAME),
        sheets.text("output", "Sản phẩm", "Output"),
        sheets.day("due_on", "Thời hạn", "Deadline", required=True),
        sheets.text("responsibility", "Trách nhiệm", "Responsibility", required=True),
        sheets.text("authority", "Thẩm quyền", "Authority", required=True),
        sheets.decimal(
            "quantity", "Số lượng", "Quantity", required=True, least=0, most=MOST_QUANTITY, places=3
        ),
        sheets.decimal("coefficient", "Hệ số", "Coefficient", least=0, most=MOST_COEFFICIENT, places=2),
        sheets.text("counterpart_id", "Người liên quan", "Counterpart", longest=64),
        sheets.text("reason", "Lý do", "Reason"),
        sheets.text("unit_item_id", "Mã việc đơn vị", "Unit's item", longest=64),
    ),
)

UNIT_PLANS: Final = Sheet(
    "unit_plans",
    "Kế hoạch đơn vị",
    (
        sheets.text("unit_id", "Mã đơn vị", "Unit id", required=True, longest=64),
        sheets.text("item_id", "Mã việc", "Item id", required=True, longest=64),
        sheets.text("name", "Công việc", "Work", required=True, longest=LONGEST_NAME),
        sheets.text("lead_person_id", "Người chủ trì", "Led by person", longest=64),
        sheets.text("lead_unit_id", "Đơn vị chủ trì", "Led by unit", longest=64),
        sheets.day("due_on", "Thời hạn", "Deadline", required=True),
        sheets.text("responsibility", "Trách nhiệm", "Responsibility", required=True),
        sheets.text("output", "Sản phẩm", "Output", required=True),
        sheets.text("authority", "Thẩm quyền", "Authority", required=True),
    ),
)

RESULTS: Final = Sheet(
    "results",
    "Kết quả",
    (
        sheets.text("person_id", "Mã người", "Person id", required=True, longest=64),
        sheets.text("task_id", "Mã nhiệm vụ", "Task id", required=True, longest=64),
        sheets.decimal(
            "accepted",
            "Số lượng hoàn thành",
            "Accepted",
            required=True,
            least=0,
            most=MOST_QUANTITY,
            places=3,
        ),
        sheets.text("evidence", "Minh chứng", "Evidence"),
        sheets.day("accepted_on", "Ngày nghiệm thu", "Accepted on"),
    ),
)

FAULTS: Final = Sheet(
    "faults",
    "Sai sót",
    (
        sheets.text("person_id", "Mã người", "Person id", required=True, longest=64),
        sheets.text("task_id", "Mã nhiệm vụ", "Task id", required=True, longest=64),
        sheets.text("fault_id", "Mã sai sót", "Fault id", required=True, longest=64),
        sheets.integer("outputs", "Số sản phẩm", "Outputs", required=True, least=1, most=MOST_OUTPUTS),
        sheets.integer("failed_reviews", "Số lần chưa đạt", "Failed reviews", least=0, most=MOST_TIMES),
        sheets.integer("missed_deadlines", "Số lần chậm", "Missed deadlines", least=0, most=MOST_TIMES),
        sheets.text("note", "Nội dung", "Note"),
        sheets.integer("excused_reviews", "Chưa đạt được miễn", "Excused reviews", least=0, most=MOST_TIMES),
        sheets.integer("excused_deadlines", "Chậm được miễn", "Excused deadlines", least=0, most=MOST_TIMES),
        sheets.text("confirmed_by", "Người xác nhận", "Confirmed by", longest=64),
        sheets.text("cause", "Nguyên nhân khách quan", "Cause"),
        sheets.day("confirmed_on", "Ngày xác nhận", "Confirmed on"),
    ),
)

WORKING_TIME: Final = Sheet(
    "working_time",
    "Ngày công",
    (
        sheets.text("person_id", "Mã người", "Person id", required=True, longest=64),
        sheets.integer(
            "required_half_days",
            "Số buổi phải làm",
            "Required half-days",
            required=True,
            least=1,
            most=MOST_HALF_DAYS,
        ),
        sheets.integer(
            "worked_half_days", "Số buổi đã làm", "Worked half-days", least=0, most=MOST_HALF_DAYS
        ),
        sheets.integer("unpaid", "Nghỉ không lương", "Unpaid leave", least=0, most=MOST_HALF_DAYS),
        sheets.integer("sick", "Nghỉ ốm", "Sick leave", least=0, most=MOST_HALF_DAYS),
        sheets.integer("maternity", "Nghỉ thai sản", "Maternity leave", least=0, most=MOST_HALF_DAYS),
        sheets.integer("annual", "Nghỉ phép năm", "Annual leave", least=0, most=MOST_HALF_DAYS),
    ),
)

OBJECTIVES: Final = Sheet(
    "objectives",
    "Mục tiêu",
    (
        sheets.text("objective_id", "Mã mục tiêu", "Objective id", required=True, longest=64),
        sheets.text("title", "Mục tiêu", "Objective", required=True, longest=LONGEST_NAME),
        sheets.choice(
            "owner",
            "Cấp",
            "Level",
            _words(ward="Phường", unit="Đơn vị", person="Cá nhân"),
            required=True,
        ),
        sheets.text("owner_id", "Đơn vị hoặc người", "Unit or person", longest=64),
        sheets.text("period", "Kỳ", "Period", required=True, longest=7),
        sheets.text("above_id", "Mục tiêu cấp trên", "Objective above", longest=64),
        sheets.decimal("weight", "Trọng số", "Weight", least=0, most=MOST_WEIGHT, places=3),
        sheets.choice("dropped", "Đã dừng", "Dropped", YES_NO),
    ),
)

KEY_RESULTS: Final = Sheet(
    "key_results",
    "Kết quả then chốt",
    (
        sheets.text("objective_id", "Mã mục tiêu", "Objective id", required=True, longest=64),
        sheets.text("key_result_id", "Mã kết quả", "Key result id", required=True, longest=64),
        sheets.text("name", "Nội dung đo", "Measured", required=True, longest=LONGEST_NAME),
        sheets.text(
            "unit_of_measure", "Đơn vị đo", "Unit of measure", required=True, longest=LONGEST_MEASURE
        ),
        sheets.decimal("start", "Ban đầu", "Start", required=True, least=-MOST_VALUE, most=MOST_VALUE),
        sheets.decimal(
            "target", "Mục tiêu cần đạt", "Target", required=True, least=-MOST_VALUE, most=MOST_VALUE
        ),
        sheets.decimal("weight", "Trọng số", "Weight", least=0, most=MOST_WEIGHT, places=3),
        sheets.ids("tasks", "Nhiệm vụ", "Tasks"),
    ),
)

READINGS: Final = Sheet(
    "readings",
    "Số đo",
    (
        sheets.text("objective_id", "Mã mục tiêu", "Objective id", required=True, longest=64),
        sheets.text("key_result_id", "Mã kết quả", "Key result id", required=True, longest=64),
        sheets.decimal("value", "Số đo", "Value", required=True, least=-MOST_VALUE, most=MOST_VALUE),
        sheets.day("measured_on", "Ngày đo", "Measured on", required=True),
        sheets.text("source", "Nguồn", "Source", longest=64),
        sheets.text("reference", "Số tham chiếu", "Reference", longest=64),
        sheets.text("note", "Nội dung", "Note"),
    ),
)

SHEETS: Final = (
    WARD,
    UNITS,
    PEOPLE,
    CATALOGUE,
    TASKS,
    RESULTS,
    FAULTS,
    WORKING_TIME,
    UNIT_PLANS,
    OBJECTIVES,
    KEY_RESULTS,
    READINGS,
)
