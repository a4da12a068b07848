"""What the commands say about who decides whom, who is waited for, and years."""

WATCHING = {
    "Check who decides whom, before a month opens or after: gaps and conflicts with remedies.": "Kiểm tra"
    " thẩm quyền trước hoặc sau khi mở tháng: chỗ thiếu, chỗ vướng và cách xử lý.",
    "Only what stands in somebody's way, warnings, or notices.": "Chỉ vướng mắc, cảnh báo hoặc lưu ý.",
    "People: {people}, in somebody's way: {count}.": "Số người: {people}, vướng mắc: {count}.",
    "{count} findings stand in somebody's way: see kpi month check.": "Còn {count}"
    " vướng mắc về thẩm quyền; xem kpi month check.",
    "Refuse while something stands in the way of somebody's decision.": "Từ chối khi còn vướng mắc về"
    " thẩm quyền.",
    "List who remarks on whom and who decides about whom in a month.": "Liệt kê ai nhận xét, ai quyết định"
    " xếp loại từng người trong tháng.",
    "List whom a month waits for, since when, and who was told.": "Liệt kê tháng đang chờ ai, từ bao giờ,"
    " đã báo cho ai.",
    "Only those whose deadline has passed.": "Chỉ những việc đã quá hạn.",
    "Only this step.": "Chỉ bước này.",
    "List delegations on record, newest first.": "Liệt kê các ủy quyền đã ghi, mới nhất trước.",
    "Only those in force on this day.": "Chỉ ủy quyền có hiệu lực trong ngày này.",
    "A person's year: the months' totals, their mean, what is recorded of it.": "Kết quả năm của một người:"
    " tổng điểm các tháng, điểm trung bình và mức xếp loại năm.",
    "Show a person's year as it goes onto the annual sheet.": "Xem kết quả năm của một người như ghi trên"
    " phiếu xếp loại năm.",
    "The year, YYYY.": "Năm, YYYY.",
    "Record what a person and the authority say of a year, from the signed paper.": "Ghi mức tự xếp loại và"
    " mức xếp loại năm theo phiếu đã ký.",
    "The person's own classification.": "Mức cá nhân tự xếp loại.",
    "The authority's classification.": "Mức cấp có thẩm quyền xếp loại.",
    "What the authority proposes to do.": "Đề xuất phương án xử lý.",
    "Nobody competent": "Chưa rõ thẩm quyền",
    "Days late": "Số ngày quá hạn",
    "Told": "Đã báo cho",
    "Delegation": "Ủy quyền",
    "From person": "Người ủy quyền",
    "To person": "Người được ủy quyền",
    "First day": "Từ ngày",
    "Recorded by": "Người ghi",
    "Recorded at": "Ghi lúc",
    "Note": "Ghi chú",
    "Proposal": "Đề xuất",
    "Months that count": "Số tháng được tính",
    "Mean": "Trung bình",
    "Severity": "Mức",
    "Finding": "Nội dung",
    "Remedy": "Cách xử lý",
    "Score policy": "Chính sách tính điểm",
    "Decision policy": "Chính sách khi quyết định",
    "blocking": "vướng mắc",
    "warning": "cảnh báo",
    "notice": "lưu ý",
    "before": "trước hạn",
    "passed": "quá hạn",
    "superior": "cấp trên",
    "above": "cấp trên của cấp trên",
    "deadline": "thời hạn",
    "not in the ward": "không công tác tại phường",
    "not published yet": "chưa công bố",
    "the city states no total": "thành phố không nêu điểm",
    "year sheet": "phiếu xếp loại năm",
}
