"""What the commands say about regulations of evaluation."""

REGULATIONS = {
    # Headings
    "A max then": "A tối đa khi đó",
    "An A without room": "Loại A vượt tỷ lệ",
    "Another set of criteria": "Người theo bộ tiêu chí khác",
    "Criteria": "Tiêu chí",
    "Decided by somebody else, or nobody": "Do người khác quyết định, hoặc không ai",
    "Decides": "Người quyết định",
    "Hold A": "Đang có A",
    "Last day then": "Ngày cuối khi đó",
    "Points that would not fit": "Người có điểm không còn hợp lệ",
    "Room for A": "Chỗ cho loại A",
    "Room for A then": "Chỗ cho loại A khi đó",
    "Steps": "Các bước",
    "Steps that would be in time": "Bước sẽ đúng hạn",
    "Steps that would be late": "Bước sẽ trễ hạn",
    "Would decide": "Người sẽ quyết định",
    "beyond": "vượt tỷ lệ",
    "default set": "bộ mặc định",
    "tied": "ngang nhau, phải chọn",
    "within": "trong tỷ lệ",
    # Commands
    "List the regulations: the shipped one, the city's and the ward's, every version.": "Liệt kê các quy chế"
    " đánh giá có sẵn, của thành phố và của phường, mọi phiên bản.",
    "Propose a new version of a regulation; somebody else approves it.": "Đề xuất phiên bản mới của quy chế"
    " đánh giá; người khác phê duyệt.",
    "Put a proposed regulation in force, by a document.": "Phê duyệt quy chế đã đề xuất, theo văn bản.",
    "Regulations of evaluation: criteria, deadlines, who decides whom, quota.": "Quy chế đánh giá: tiêu chí,"
    " thời hạn, thẩm quyền, tỷ lệ.",
    "Show a regulation with its whole document, or the one of a month.": "Xem toàn văn một quy chế, hoặc quy"
    " chế của một tháng.",
    "Tell in what two regulations differ.": "Cho biết hai quy chế khác nhau ở đâu.",
    "Tell whom another regulation would touch in a month; changes nothing.": "Cho biết ai bị tác động nếu"
    " tháng theo quy chế khác; không thay đổi gì.",
    # Options
    "The one that a month was or would be opened with.": "Quy chế mà tháng đã mở hoặc sẽ mở theo.",
    # Sentences
    "Which one? Name a policy, or give --of-month.": "Xem quy chế nào? Nêu mã, hoặc dùng --of-month.",
    "nobody: {reason}": "không ai: {reason}",
    "the city": "thành phố",
    "{before} → {after}: something would be another for {affected} of {people}.": "{before} → {after}: có"
    " thay đổi với {affected} trong {people} người.",
    "{criterion}: not there": "{criterion}: không còn",
    "{criterion}: without points": "{criterion}: chưa có điểm",
    "{criterion}: {points} over {maximum}": "{criterion}: {points} quá {maximum}",
    "{policy} is approved by {document}; months that are open keep theirs: {count}.": "{policy} đã được phê"
    " duyệt theo văn bản {document}; số tháng đang mở giữ quy chế cũ: {count}.",
    "{step}: in time": "{step}: đúng hạn",
    "{step}: late": "{step}: trễ hạn",
}
