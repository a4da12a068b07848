"""What is said about results that other systems deliver."""

DELIVERIES = {
    "Delivered at": "Chuyển lúc",
    "Delivered by": "Tài khoản chuyển",
    "Evidence": "Minh chứng",
    "List what other systems delivered for a person's month.": "Liệt kê kết quả mà hệ thống khác chuyển đến"
    " cho tháng của một người.",
    "Only this task.": "Chỉ nhiệm vụ này.",
    "Sequence": "Lần",
    "System": "Hệ thống",
    "Take results of another system from a JSON array; each reference counts once.": "Nhận kết quả của hệ"
    " thống khác từ một mảng JSON; mỗi mã tham chiếu chỉ tính một lần.",
}
