"""What is said about appeals, returns, and the log."""

APPEALS = {
    "About": "Về",
    "Action": "Việc",
    "After": "Sau",
    "Answer": "Trả lời",
    "Answer an appeal; upheld, a new decision replaces the old one.": "Trả lời kiến nghị; nếu chấp nhận thì"
    " quyết định mới thay quyết định cũ.",
    "Answered at": "Trả lời lúc",
    "Answered by": "Người trả lời",
    "Answered by the city": "Thành phố trả lời",
    "Appeal": "Kiến nghị",
    "Appeal against a published grade to the superior of the decider.": "Kiến nghị về kết quả đã công bố lên"
    " cấp trên của người quyết định.",
    "At": "Lúc",
    "Before": "Trước",
    "Checkpoints: {file}.": "Điểm đối chiếu: {file}.",
    "Document of the answer": "Văn bản trả lời",
    "Entries written: {count}.": "Đã ghi {count} mục.",
    "Kind": "Loại",
    "List the appeals and opinions that you may see, oldest first.": "Liệt kê kiến nghị và ý kiến bảo lưu bạn"
    " được xem, cũ trước.",
    "Last entry": "Mục cuối",
    "List the changes in a ward, service by service, oldest first.": "Liệt kê các thay đổi của phường theo"
    " từng dịch vụ, cũ trước.",
    "Log": "Nhật ký",
    "New decision": "Quyết định mới",
    "Number": "Số",
    "On whose authority": "Theo thẩm quyền của",
    "Only about this person, plan, policy or other thing.": "Chỉ về người, kế hoạch, chính sách hoặc"
    " đối tượng khác này.",
    "Only of this month.": "Chỉ của tháng này.",
    "Only those not answered.": "Chỉ những kiến nghị chưa trả lời.",
    "Only those that wait for you to answer.": "Chỉ những kiến nghị chờ bạn trả lời.",
    "Outcome": "Kết quả",
    "Put an opinion about a published grade on record.": "Bảo lưu ý kiến về kết quả đã công bố.",
    "Replace a published decision that rests on a wrong result.": "Thay quyết định đã công bố vì dựa trên kết"
    " quả sai.",
    "Reserved opinions and appeals.": "Ý kiến bảo lưu và kiến nghị.",
    "Return a self-assessment, or remarks, for correction with a reason.": "Trả lại bản tự đánh giá hoặc nhận"
    " xét để sửa, kèm lý do.",
    "Returned; now: {state}.": "Đã trả lại; hiện: {state}.",
    "Show one appeal or opinion.": "Xem một kiến nghị hoặc ý kiến bảo lưu.",
    "Submitted at": "Nộp lúc",
    "Text": "Nội dung",
    "The answer with its reasons.": "Nội dung trả lời và lý do.",
    "The answer's document; required for the city's.": "Số văn bản trả lời; bắt buộc khi Thành phố trả lời.",
    "The appeal's id.": "Mã kiến nghị.",
    "The checkpoints that were kept.": "Các điểm đối chiếu đã lưu.",
    "The file to write.": "Tệp sẽ ghi.",
    "The logs are intact: {count} entries.": "Nhật ký nguyên vẹn: {count} mục.",
    "The log of who changed what.": "Nhật ký thay đổi.",
    "The new grade, where it is upheld.": "Mức xếp loại mới nếu chấp nhận.",
    "The person; by default yourself.": "Người được nói đến; mặc định là bạn.",
    "Verify the whole log of every service, also against checkpoints kept outside.": "Kiểm tra toàn bộ nhật"
    " ký của mọi dịch vụ, kể cả với các điểm đối chiếu lưu bên ngoài.",
    "Verifying": "Đang kiểm tra nhật ký",
    "What became of it.": "Kết quả trả lời.",
    "What holds for every ward instead, such as the city's policies.": "Nhật ký chung cho mọi phường, như"
    " chính sách của thành phố.",
    "What is returned.": "Nội dung được trả lại.",
    "What is said.": "Nội dung.",
    "Who": "Ai",
    "Write the new checkpoints there, to be kept outside.": "Ghi các điểm đối chiếu mới vào đó, để lưu bên"
    " ngoài.",
    "Write the whole log as JSON lines, and the checkpoints beside it.": "Ghi toàn bộ nhật ký dạng JSON từng"
    " dòng, kèm các điểm đối chiếu.",
    "Who answers": "Người phải trả lời",
    "appeal": "kiến nghị",
    "city": "thành phố",
    "dismissed": "không chấp nhận",
    "opinion": "ý kiến bảo lưu",
    "upheld": "chấp nhận",
    "{service}: the {log} log is not intact at entry {number}: {problem}.": "{service}: nhật ký {log} không"
    " nguyên vẹn ở mục {number}: {problem}.",
}
