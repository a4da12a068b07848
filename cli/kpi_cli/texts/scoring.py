"""Policies, quarters and years, plans of quotas."""

SCORING = {
    # Headings
    "A max at best": "A tối đa nếu tất cả đạt",
    "Approved by": "Người phê duyệt",
    "Based on": "Dựa trên",
    "Blockers": "Văn bản chặn",
    "Formula": "Cách tính",
    "From": "Từ",
    "Head": "Người đứng đầu",
    "Left": "Bên trái",
    "Months": "Số tháng",
    "Owner": "Thuộc về",
    "People for one A": "Số người để có một A",
    "Period": "Kỳ",
    "Personnel types": "Loại đối tượng",
    "Proposed then": "Đề xuất khi đó",
    "Quota then": "Hạn mức khi đó",
    "Result": "Kết quả",
    "Right": "Bên phải",
    "Setting": "Thông số",
    "Start from A": "Dự kiến A",
    "Still open": "Còn chờ",
    "The unit's grade": "Xếp loại đơn vị",
    "Tied places": "Số chỗ cho người bằng nhau",
    "To": "Thành",
    "Too many": "Vượt",
    "Total then": "Tổng điểm khi đó",
    "Until month": "Đến tháng",
    "proposed": "đề xuất",
    # Why there is no total
    "worked under half of the time": "làm việc dưới một nửa thời gian",
    "set aside by the authority": "cấp có thẩm quyền quyết định không đánh giá",
    "not of the ward in this month": "không thuộc phường trong tháng",
    "no working time recorded": "chưa có ngày công",
    "no work assigned": "chưa được giao việc",
    "no general assessment yet": "chưa có điểm tiêu chí chung",
    "no values of organising and unity yet": "chưa có điểm đ và e",
    "waits for people in charge": "chờ người thuộc quyền",
    "people are in one another's charge": "quan hệ phụ trách thành vòng",
    # Commands
    "List the shipped policies, the city's and the ward's, every version.": "Liệt kê các chính sách chi kèm"
    " theo phần mềm, của thành phố và của phường, mọi phiên bản.",
    "List the policies of the city and of the ward, every version.": "Liệt kê các chính sách của thành phố và"
    " của phường, mọi phiên bản.",
    "Plan the fewest changes that bring a scope within its quota; decides nothing.": "Lập phương án ít thay"
    " đổi nhất để một phạm vi đúng tỷ lệ; không quyết định gì.",
    "Policies that funds are shared out by.": "Các chính sách dùng để phân bổ quỹ.",
    "Policies that months are scored with.": "Các chính sách dùng để chấm điểm tháng.",
    "Propose a new version of a policy for money; somebody else approves it.": "Đề xuất phiên bản mới của một"
    " chính sách chi; người khác phê duyệt.",
    "Propose a new version of a policy; somebody else approves it.": "Đề xuất phiên bản mới của một chính"
    " sách; người khác phê duyệt.",
    "Put a proposed policy for money in force, by a document.": "Phê duyệt một chính sách chi đã đề xuất,"
    " theo văn bản.",
    "Put a proposed policy in force, by a document.": "Phê duyệt một chính sách đã đề xuất, theo văn bản.",
    "Record a unit's grade of a year; its head is graded no higher (R-24).": "Ghi xếp loại năm của đơn vị;"
    " người đứng đầu không được xếp cao hơn (R-24).",
    "Show a policy for money with its whole document.": "Xem toàn văn một chính sách chi.",
    "Show a policy with every setting.": "Xem một chính sách với mọi thông số.",
    "Show quarters, half-years or years: everybody's, or one person's with its arithmetic.": "Xem quý, 6"
    " tháng hoặc năm: của mọi người, hoặc của một người kèm cách tính.",
    "Tell in what two policies for money differ.": "Cho biết hai chính sách chi khác nhau ở đâu.",
    "Tell in what two policies differ.": "Cho biết hai chính sách khác nhau ở đâu.",
    "Tell who would get another amount of a fund; changes nothing.": "Cho biết ai sẽ nhận số tiền khác từ"
    " quỹ; không thay đổi gì.",
    "Tell who would move in a month under another policy; changes nothing.": "Cho biết ai sẽ thay đổi nếu"
    " chấm tháng theo chính sách khác; không thay đổi gì.",
    # Options and arguments
    "A grade to start from; by default the band of the score.": "Xếp loại dự kiến; mặc định là khung điểm.",
    "A setting that differs.": "Thông số khác với chính sách gốc.",
    "For the city: every ward inherits it.": "Cho thành phố: mọi phường kế thừa.",
    "Last month it is for.": "Tháng cuối áp dụng.",
    "Only this person.": "Chỉ người này.",
    "Only this scope.": "Chỉ phạm vi này.",
    "The one policy.": "Chính sách thứ nhất.",
    "The other policy.": "Chính sách thứ hai.",
    "The period: 2026-Q1, 2026-H1 or 2026.": "Kỳ: 2026-Q1, 2026-H1 hoặc 2026.",
    "The policy's id.": "Mã chính sách.",
    "The policy as JSON; with --based-on only what differs.": "Chính sách dạng JSON; có --based-on thì chỉ"
    " ghi phần khác.",
    "The policy: its id, and @n for a version.": "Chính sách: mã, và @n nếu nêu phiên bản.",
    "The unit's head.": "Người đứng đầu đơn vị.",
    "The unit's id.": "Mã đơn vị.",
    "The year, such as 2026.": "Năm, ví dụ 2026.",
    "Where the other settings come from.": "Các thông số còn lại lấy từ đâu.",
    "Whom it covers; by default everybody.": "Áp dụng cho ai; mặc định mọi người.",
    # Sentences
    "{moved} of {people} would move.": "{moved} trong {people} người sẽ thay đổi.",
    "shipped": "có sẵn",
    "Amount then": "Số tiền khi đó",
    "What to compare with while nothing is posted.": "Chính sách để so sánh khi quỹ chưa phân bổ.",
    "Where the rest comes from.": "Phần còn lại lấy từ đâu.",
    "{moved} of {people} would get another amount.": "{moved} trong {people} người sẽ nhận số tiền khác.",
    "{policy} is approved by {document}.": "{policy} đã được phê duyệt theo văn bản {document}.",
    "{policy} is in force; months scored again: {count}.": "{policy} đã có hiệu lực; số tháng được chấm lại:"
    " {count}.",
    "{scope}, {group}: with {count} people no A is possible; it takes {least}.": "{scope}, {group}: có"
    " {count} người nên không thể có loại A; cần {least} người.",
    "{scope}: {candidates} start from A, {planned} of at most {limit} keep it.": "{scope}: {candidates}"
    " dự kiến A, giữ {planned} trong tối đa {limit}.",
    "{value} is no grade; write it like p-001=B.": "{value} không phải xếp loại; ghi như p-001=B.",
    "{value} is no setting; write it like cap=total.": "{value} không phải thông số; ghi như cap=total.",
}
