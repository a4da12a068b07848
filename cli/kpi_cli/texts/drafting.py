"""What is said about copied plans and templates."""

DRAFTING = {
    "Add the tasks of a JSON array to the plans of many people, as drafts.": "Thêm các nhiệm vụ của một mảng"
    " JSON vào kế hoạch của nhiều người, ở dạng dự thảo.",
    "Draft a month's plan from an earlier month's planned tasks.": "Lập dự thảo kế hoạch tháng từ các nhiệm"
    " vụ kế hoạch của một tháng trước.",
    "Plans changed: {count}.": "Số kế hoạch thay đổi: {count}.",
    "Tasks copied: {count}; left out: {left_out}.": "Đã chép {count} nhiệm vụ; bỏ lại: {left_out}.",
    "The month to copy; by default the one before.": "Tháng được chép; mặc định là tháng liền trước.",
}
