"""The sheets of the workbook and their columns, as docs/workbook.md lays them down."""

from decimal import Decimal

from chassis.sheets import Column, Sheet, choice, day, decimal, ids, integer, text

PERSONNEL_TYPES = {
    "Cán bộ": "cadre",
    "Công chức": "civil_servant",
    "Viên chức": "public_employee",
    "Lao động hợp đồng": "contract_worker",
}
UNIT_KINDS = {
    "Lãnh đạo phường": "leadership",
    "Cơ quan Đảng": "party_body",
    "Mặt trận, đoàn thể": "front",
    "Hội đồng nhân dân": "council",
    "Cơ quan UBND": "office",
    "Trung tâm": "centre",
    "Trường học": "school",
}
POSTS = {
    "Bí thư Đảng ủy": "party_secretary",
    "Phó Bí thư thường trực": "party_standing_deputy",
    "Phó Chủ tịch HĐND": "council_vice_chair",
    "Trưởng ban HĐND": "council_committee_head",
    "Phó Trưởng ban HĐND": "council_committee_deputy",
    "Chủ tịch UBND": "committee_chair",
    "Phó Chủ tịch UBND": "committee_vice_chair",
    "Chủ tịch UBMTTQ": "front_chair",
    "Trưởng tổ chức chính trị - xã hội": "mass_org_head",
    "Phó tổ chức chính trị - xã hội": "mass_org_deputy",
    "Cấp trưởng": "unit_head",
    "Cấp phó": "unit_deputy",
    "Không giữ chức vụ": "staff",
}
KINDS = {
    "Kế hoạch": "planned",
    "Đột xuất": "extra",
    "Nhận thay": "taken_over",
    "Chuyển giao": "handed_over",
    "Rút": "withdrawn",
}
SECTIONS = {"Lãnh đạo, quản lý": "leadership", "Dùng chung": "shared", "Riêng của đơn vị": "unit"}
CRITERIA = {
    "I.1": 500,
    "I.2": 500,
    "II.1": 250,
    "II.2": 250,
    "II.3": 250,
    "II.4": 250,
    "III.1": 250,
    "III.2": 250,
    "III.3": 250,
    "III.4": 250,
}
"""The general criteria with their maxima in hundredths of a point (R-18; NĐ 335/2025, Phụ lục I)."""

WARD = Sheet(
    "ward",
    "Phường",
    (
        text("ward_id", "Mã phường", "Ward id", required=True, longest=64),
        text("name", "Tên phường", "Ward name", required=True),
        text("city", "Thành phố", "City", required=True),
        text("window", "Kỳ tháng", "Month window"),
        text("annual_leave", "Phép năm", "Annual leave"),
        decimal("standard_points", "Điểm đơn vị chuẩn", "Standard points", places=2),
        text("decision", "Quyết định danh mục", "Catalogue decision"),
        text("proposed_by", "Đơn vị đề xuất danh mục", "Catalogue proposed by", longest=64),
    ),
)
UNITS = Sheet(
    "units",
    "Đơn vị",
    (
        text("unit_id", "Mã đơn vị", "Unit id", required=True, longest=64),
        text("name", "Tên đơn vị", "Unit name", required=True),
        choice("kind", "Loại đơn vị", "Unit kind", UNIT_KINDS, required=True),
    ),
)
PEOPLE = Sheet(
    "people",
    "Nhân sự",
    (
        text("person_id", "Mã người", "Person id", required=True, longest=64),
        text("full_name", "Họ và tên", "Full name", required=True),
        text("unit_id", "Mã đơn vị", "Unit id", required=True, longest=64),
        choice("personnel_type", "Loại đối tượng", "Personnel type", PERSONNEL_TYPES, required=True),
        choice("post", "Chức vụ", "Post", POSTS, required=True),
        text("title", "Chức danh", "Title", required=True),
        choice("role", "Vai trò", "Role", {"Lãnh đạo": "leader", "Nhân viên": "staff"}, required=True),
        decimal("salary", "Hệ số lương", "Salary coefficient", required=True, least=0, most=20, places=3),
        text("superior_id", "Cấp trên trực tiếp", "Direct superior", longest=64),
        ids("in_charge", "Phụ trách", "In charge of"),
        text("duty_group", "Nhóm nhiệm vụ tương đồng", "Duty group", required=True),
        text("quota_scope", "Phạm vi tính tỷ lệ", "Quota scope"),
        text("email", "Thư điện tử", "E-mail"),
        choice("language", "Ngôn ngữ", "Language", {"vi": "vi", "en": "en"}),
        choice("active", "Đang công tác", "Active", {"Có": "yes", "Không": "no"}),
    ),
)
CATALOGUE = Sheet(
    "catalogue",
    "Danh mục",
    (
        text("code", "Mã", "Code", required=True, longest=64),
        text("task", "Nhiệm vụ", "Task", required=True),
        text("output", "Sản phẩm", "Output", required=True),
        text("group", "Nhóm phức tạp", "Complexity group", required=True),
        decimal("points", "Điểm", "Points", required=True, places=2),
        decimal("coefficient", "Hệ số quy đổi", "Coefficient", places=2),
        choice("section", "Phần", "Section", SECTIONS),
        text("unit", "Đơn vị", "Unit"),
    ),
)
TASKS = Sheet(
    "tasks",
    "Nhiệm vụ",
    (
        text("person_id", "Mã người", "Person id", required=True, longest=64),
        text("task_id", "Mã nhiệm vụ", "Task id", required=True, longest=64),
        choice("kind", "Loại", "Kind", KINDS, required=True),
        text("code", "Mã danh mục", "Catalogue code", longest=64),
        text("work", "Công việc", "Work"),
        text("output", "Sản phẩm", "Output"),
        day("due_on", "Thời hạn", "Deadline", required=True),
        text("responsibility", "Trách nhiệm", "Responsibility", required=True),
        text("authority", "Thẩm quyền", "Authority", required=True),
        decimal("quantity", "Số lượng", "Quantity", required=True, places=3),
        decimal("coefficient", "Hệ số", "Coefficient", places=2),
        text("counterpart_id", "Người liên quan", "Counterpart", longest=64),
        text("reason", "Lý do", "Reason"),
    ),
)
RESULTS = Sheet(
    "results",
    "Kết quả",
    (
        text("person_id", "Mã người", "Person id", required=True, longest=64),
        text("task_id", "Mã nhiệm vụ", "Task id", required=True, longest=64),
        decimal("accepted", "Số lượng hoàn thành", "Accepted", required=True, least=0, places=3),
        text("evidence", "Minh chứng", "Evidence"),
    ),
)
FAULTS = Sheet(
    "faults",
    "Sai sót",
    (
        text("person_id", "Mã người", "Person id", required=True, longest=64),
        text("task_id", "Mã nhiệm vụ", "Task id", required=True, longest=64),
        text("fault_id", "Mã sai sót", "Fault id", required=True, longest=64),
        integer("outputs", "Số sản phẩm", "Outputs", required=True, least=1),
        integer("failed_reviews", "Số lần chưa đạt", "Failed reviews", least=0, most=99),
        integer("missed_deadlines", "Số lần chậm", "Missed deadlines", least=0, most=99),
        text("note", "Nội dung", "Note"),
        integer("excused_reviews", "Chưa đạt được miễn", "Excused reviews", least=0, most=99),
        integer("excused_deadlines", "Chậm được miễn", "Excused deadlines", least=0, most=99),
        text("confirmed_by", "Người xác nhận", "Confirmed by", longest=64),
        text("cause", "Nguyên nhân khách quan", "Cause"),
        day("confirmed_on", "Ngày xác nhận", "Confirmed on"),
    ),
)
WORKING_TIME = Sheet(
    "working_time",
    "Ngày công",
    (
        text("person_id", "Mã người", "Person id", required=True, longest=64),
        integer("required", "Số buổi phải làm", "Required half-days", required=True, least=1, most=62),
        integer("worked", "Số buổi đã làm", "Worked half-days", least=0, most=62),
        integer("unpaid", "Nghỉ không lương", "Unpaid leave", least=0, most=62),
        integer("sick", "Nghỉ ốm", "Sick leave", least=0, most=62),
        integer("maternity", "Nghỉ thai sản", "Maternity leave", least=0, most=62),
        integer("annual", "Nghỉ phép năm", "Annual leave", least=0, most=62),
    ),
)


def _criteria(whose: str, vi: str, en: str, *, required: bool) -> tuple[Column, ...]:
    return tuple(
        decimal(
            f"{whose} {criterion}",
            f"{criterion} ({vi})",
            f"{criterion} ({en})",
            required=required,
            least=0,
            most=Decimal(most) / 100,
            places=2,
        )
        for criterion, most in CRITERIA.items()
    )


_MARKS = {"100": "100", "50": "50"}

ASSESSMENTS = Sheet(
    "assessments",
    "Đánh giá",
    (
        text("person_id", "Mã người", "Person id", required=True, longest=64),
        *_criteria("self", "tự chấm", "self", required=True),
        text("self_reason", "Lý do (tự chấm)", "Reason (self)"),
        text("strengths", "Ưu điểm", "Strengths"),
        text("weaknesses", "Hạn chế, khuyết điểm", "Weaknesses"),
        choice("own_grade", "Tự xếp loại", "Proposed grade", {each: each for each in "ABCD"}),
        *_criteria("reviewer", "cấp thẩm quyền", "reviewer", required=False),
        text("reviewer_reason", "Lý do (cấp thẩm quyền)", "Reason (reviewer)"),
        text("remarks", "Ý kiến nhận xét", "Remarks"),
        choice("organising", "Tổ chức thực hiện (đ)", "Organising (đ)", _MARKS),
        text("organising_fact", "Căn cứ (đ)", "Fact (đ)"),
        choice("unity", "Đoàn kết (e)", "Unity (e)", _MARKS),
        text("unity_fact", "Căn cứ (e)", "Fact (e)"),
        text("blocker", "Văn bản xếp loại D", "Blocker document"),
    ),
)

SHEETS = (
    WARD,
    UNITS,
    PEOPLE,
    CATALOGUE,
    TASKS,
    RESULTS,
    FAULTS,
    WORKING_TIME,
    ASSESSMENTS,
)
