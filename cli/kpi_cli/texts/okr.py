"""What is said about objectives, key results and readings."""

OKR = {
    "Aligned": "Mục tiêu gắn vào",
    "Aligned to": "Gắn lên",
    "As it is": "Chưa giới hạn",
    "Current": "Hiện tại",
    "Dropped": "Đã dừng",
    "Its key result.": "Kết quả then chốt của mục tiêu.",
    "Key result": "Kết quả then chốt",
    "List a key result's readings in the order in which they were recorded.": "Liệt kê số đo của một kết quả"
    " then chốt theo thứ tự ghi nhận.",
    "List the objectives of a month or quarter with how far they are.": "Liệt kê mục tiêu của một tháng hoặc"
    " quý cùng tiến độ.",
    "Measured": "Đo lường",
    "Measured at": "Đo lúc",
    "Objective": "Mục tiêu",
    "Objectives and key results (OKR).": "Mục tiêu và kết quả then chốt (OKR).",
    "Only of this kind of owner.": "Chỉ của loại chủ thể này.",
    "Only of this unit or person.": "Chỉ của đơn vị hoặc cá nhân này.",
    "Only those aligned to this objective.": "Chỉ các mục tiêu gắn lên mục tiêu này.",
    "Owner": "Chủ thể",
    "Period": "Kỳ",
    "Progress": "Tiến độ",
    "Record readings: a JSON array, or one by options.": "Ghi số đo: một mảng JSON, hoặc một số đo bằng tùy"
    " chọn.",
    "Recorded by": "Người ghi",
    "Reference": "Mã tham chiếu",
    "Save an objective with its key results from a JSON object.": "Lưu một mục tiêu cùng các kết quả then"
    " chốt từ một đối tượng JSON.",
    "Show an objective with its key results and what is aligned to it.": "Xem một mục tiêu, các kết quả then"
    " chốt và các mục tiêu gắn vào.",
    "Start": "Ban đầu",
    "Target": "Chỉ tiêu",
    "The key result's id.": "Mã kết quả then chốt.",
    "The month or quarter.": "Tháng hoặc quý.",
    "The objective's id.": "Mã mục tiêu.",
    "The objective.": "Mục tiêu.",
    "The reading's id in its source; repeated, it counts once.": "Mã số đo ở nguồn; gửi lại thì"
    " chỉ tính một lần.",
    "Unit of measure": "Đơn vị đo",
    "Weight": "Trọng số",
    "What else is to be said.": "Ghi chú thêm.",
    "What was measured.": "Giá trị đo được.",
    "When it was measured; by default now.": "Đo lúc nào; mặc định là bây giờ.",
    "Where it is from; by default manual.": "Số đo từ đâu; mặc định manual (nhập tay).",
    "Whose": "Của",
    "person": "cá nhân",
    "unit": "đơn vị",
    "ward": "phường",
    "{name} holds {count} objectives: give one.": "{name} có {count} mục tiêu: hãy nêu một.",
    "{value} is no time such as 2026-03-27T08:00.": "{value} không phải là thời điểm như 2026-03-27T08:00.",
}
