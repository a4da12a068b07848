"""What the record's commands say."""

RECORDS = {
    "The record of a month: sheets, lists, the archive.": "Hồ sơ tháng: phiếu đánh giá, danh sách, tệp lưu.",
    "Issue the documents of a person, a unit or the whole ward; once for a grade.": "Lập hồ sơ của một người,"
    " một đơn vị hoặc cả phường; mỗi kết quả lập một lần.",
    "List the issued documents that you may see.": "Liệt kê hồ sơ đã lập mà bạn được xem.",
    "Fetch a document exactly as it was issued.": "Lấy một hồ sơ đúng như khi lập.",
    "Fetch a month's documents as one ZIP file.": "Lấy toàn bộ hồ sơ của tháng trong một tệp ZIP.",
    "The document's id, such as sheet/p-017/1.pdf.": "Mã hồ sơ, ví dụ sheet/p-017/1.pdf.",
    "Only this person's sheet.": "Chỉ phiếu của người này.",
    "Only this kind.": "Chỉ loại này.",
    "Issuing": "Đang lập hồ sơ",
    "Documents: {count}, new: {made}.": "Số hồ sơ: {count}, mới lập: {made}.",
    "State what the commendation list proposes, for everybody on it or for one person.": "Ghi nội dung"
    " đề nghị khen thưởng của danh sách: cho mọi người trong danh sách hoặc cho một người.",
    "Only for this person; what is left out is everybody's.": "Chỉ cho người này; mục nào"
    " bỏ trống thì theo mục chung.",
    "Form of the commendation.": "Hình thức khen thưởng.",
    "Whole đồng for a person.": "Số đồng cho một người, số nguyên.",
    "Where the money comes from.": "Nguồn kinh phí.",
    "Summary of the person's achievements.": "Tóm tắt thành tích của người đó.",
    "Form": "Hình thức",
    "Achievements": "Thành tích",
    "Record": "Hồ sơ",
    "Number": "Số",
    "Title": "Tên",
    "Size": "Dung lượng",
    "Issued at": "Lập lúc",
    "sheet": "phiếu đánh giá",
    "unit summary": "danh sách tổng hợp",
    "commendations": "danh sách khen thưởng",
    "pdf": "PDF",
}
