"""What is said about weeks, units' plans, ad-hoc work and work handed over."""

PLANNING = {
    "Add work that came up: in force at once when the direct superior adds it.": "Thêm việc đột xuất: có hiệu"
    " lực ngay nếu cấp trên trực tiếp thêm.",
    "After the deadline": "Quá hạn",
    "An earlier edit.": "Một lần sửa trước.",
    "Approve a unit's plan, as the direct superior of its head.": "Phê duyệt kế hoạch đơn vị, với tư cách cấp"
    " trên trực tiếp của người đứng đầu.",
    "Assigned": "Được giao",
    "Code in the catalogue; empty for work outside it.": "Mã trong danh mục; để trống nếu ngoài danh mục.",
    "Coefficient, for work outside the catalogue.": "Hệ số quy đổi, với việc ngoài danh mục.",
    "Colleague": "Người liên quan",
    "Colleague's task": "Nhiệm vụ của người liên quan",
    "Days": "Ngày",
    "Deadline.": "Thời hạn.",
    "Done": "Đã làm",
    "Draft a unit's plan of a month from an earlier month's.": "Lập dự thảo kế hoạch tháng của đơn vị từ một"
    " tháng trước.",
    "Edited at": "Sửa lúc",
    "Edited by": "Người sửa",
    "Edits": "Số lần sửa",
    "Finished": "Hoàn thành",
    "First day": "Ngày đầu",
    "Hand a task over to a colleague, in both plans at once.": "Chuyển giao nhiệm vụ cho đồng nghiệp, cùng"
    " lúc trong cả hai kế hoạch.",
    "Handed over: {quantity}; {giver} gave {given}, {receiver} took {taken}.": "Đã chuyển giao {quantity}:"
    " {giver} giao {given}, {receiver} nhận {taken}.",
    "How": "Thế nào",
    "How much; by default all that is not accepted.": "Số lượng; mặc định là toàn bộ phần chưa nghiệm thu.",
    "Id of the task; by default DX and a number.": "Mã nhiệm vụ; mặc định là DX và số thứ tự.",
    "In force": "Đang hiệu lực",
    "Item": "Việc",
    "Items": "Số việc",
    "Leading unit": "Đơn vị chủ trì",
    "Led by": "Chủ trì",
    "Line": "Dòng",
    "List every edit of a week, oldest first.": "Liệt kê mọi lần sửa lịch tuần, cũ trước.",
    "List every version of a unit's plan, oldest first.": "Liệt kê mọi phiên bản kế hoạch đơn vị, cũ trước.",
    "List the weeks of those whose plans you may see.": "Liệt kê lịch tuần của những người mà bạn được xem kế"
    " hoạch.",
    "List where the plans of a ward's units stand.": "Liệt kê tình trạng kế hoạch của các đơn vị.",
    "Month plans of units, under which people's tasks stand.": "Kế hoạch tháng của đơn vị, gồm nhiệm vụ của"
    " từng người.",
    "Move a task to days of a week; the other entries stay as they are.": "Chuyển một nhiệm vụ sang các ngày"
    " trong tuần; các dòng khác giữ nguyên.",
    "Parts that differ": "Phần khác nhau",
    "People's tasks": "Nhiệm vụ của từng người",
    "Put a week in order from a JSON array of entries; the plan stays as it is.": "Sắp lịch tuần từ một mảng"
    " JSON; kế hoạch giữ nguyên.",
    "Quantity of outputs; by default 1.": "Số lượng sản phẩm; mặc định là 1.",
    "Responsibility, such as chủ trì.": "Trách nhiệm, như chủ trì.",
    "Return a unit's plan with a reason.": "Trả lại kế hoạch đơn vị kèm lý do.",
    "Save a unit's draft from a JSON array of items; on an approved plan, begin an amendment.": "Lưu dự thảo"
    " kế hoạch đơn vị từ một mảng JSON các việc; với kế hoạch đã duyệt thì bắt đầu điều chỉnh.",
    "Show a person's week.": "Xem lịch tuần của một người.",
    "Show a unit's plan, each item with the tasks under it and how far they are.": "Xem kế hoạch đơn vị, mỗi"
    " việc kèm nhiệm vụ của từng người và tiến độ.",
    "Show what differs between two versions of a person's plan.": "Xem khác biệt giữa hai phiên bản kế hoạch"
    " của một người.",
    "Show what differs between two versions of a unit's plan.": "Xem khác biệt giữa hai phiên bản kế hoạch"
    " của đơn vị.",
    "Submit a unit's draft to the direct superior of its head.": "Trình dự thảo kế hoạch đơn vị lên cấp trên"
    " trực tiếp của người đứng đầu.",
    "Task {task} is in force.": "Nhiệm vụ {task} đã có hiệu lực.",
    "Task {task} stands in the draft.": "Nhiệm vụ {task} đã ghi vào bản dự thảo.",
    "Task {task} waits for the direct superior.": "Nhiệm vụ {task} đang chờ cấp trên trực tiếp duyệt.",
    "The earlier version.": "Phiên bản trước.",
    "The item of the unit's plan that it belongs to.": "Việc trong kế hoạch đơn vị mà nhiệm vụ thuộc về.",
    "The later version; by default the newest.": "Phiên bản sau; mặc định là mới nhất.",
    "The month of the task's plan; by default where it stands.": "Tháng của kế hoạch có nhiệm vụ; mặc định là"
    " nơi nhiệm vụ đang đứng.",
    "The month; by default the deadline's.": "Tháng; mặc định theo thời hạn.",
    "The output; by default the catalogue's.": "Sản phẩm; mặc định theo danh mục.",
    "The task's id.": "Mã nhiệm vụ.",
    "The week of the year.": "Tuần trong năm.",
    "The work; by default the catalogue's.": "Công việc; mặc định theo danh mục.",
    "Unit's item": "Việc của đơn vị",
    "Version {earlier} → {later}": "Phiên bản {earlier} → {later}",
    "Waiting for approval": "Chờ duyệt",
    "Week": "Tuần",
    "Weekly schedules: drawn from the plan, put in order by hand.": "Lịch công tác tuần: lập từ kế hoạch, sắp"
    " lại bằng tay.",
    "Who decides about the output.": "Ai quyết định về sản phẩm.",
    "Who takes it over.": "Người nhận thay.",
    "Whose task it is.": "Người đang có nhiệm vụ.",
    "added": "thêm",
    "changed": "đổi",
    "removed": "bỏ",
    "{quantity} of the task went back to {person}.": "Đã trả lại {quantity} của nhiệm vụ cho {person}.",
    "{title}: no difference.": "{title}: không khác nhau.",
}
