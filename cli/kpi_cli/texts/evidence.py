"""What is said about evidence, claims of objective causes, and published catalogues."""

EVIDENCE = {
    "Asks for": "Mức độ",
    "Ask that an objective cause of a fault be confirmed.": "Đề nghị xác nhận nguyên nhân khách quan của một"
    " sai sót.",
    "Attach a file or a link to a task of the plan in force.": "Đính kèm tệp hoặc đường dẫn làm minh chứng"
    " cho một nhiệm vụ.",
    "Attached at": "Đính kèm lúc",
    "Attached by": "Người đính kèm",
    "Cause": "Nguyên nhân",
    "Cell": "Ô",
    "Check a catalogue's file as it was published, row by row; with --propose, propose it.": "Kiểm tra từng"
    " dòng tệp danh mục như đã ban hành; có --propose thì đề xuất.",
    "Claim": "Lần",
    "Deadlines": "Số lần chậm",
    "Entries: {count}; groups: {groups}; standard unit: {points} points.": "Số mục: {count}; nhóm: {groups};"
    " sản phẩm chuẩn: {points} điểm.",
    "Evidence of what came of tasks: links and files.": "Minh chứng kết quả nhiệm vụ: đường dẫn và tệp.",
    "Evidence that shows it; may be given several times.": "Minh chứng kèm theo; có thể nêu nhiều lần.",
    "Expected": "Phải là",
    "Fault": "Sai sót",
    "Fetch a file of evidence exactly as it was attached.": "Lấy tệp minh chứng đúng như khi đính kèm.",
    "Find entries by words, with accents or without, code, group or unit.": "Tìm mục theo từ (có dấu hoặc"
    " không dấu), mã, nhóm hoặc đơn vị.",
    "Id": "Mã",
    "Link": "Đường dẫn",
    "List a month's claims of objective causes that you may see.": "Liệt kê các đề nghị xác nhận nguyên nhân"
    " khách quan của tháng mà bạn được xem.",
    "List the evidence of a person's month, withdrawn ones too.": "Liệt kê minh chứng tháng của một người, kể"
    " cả đã rút.",
    "Nothing was kept. Refused: {refused}; to correct or to accept: {to_accept}.": "Chưa lưu gì. Bị từ chối:"
    " {refused}; cần sửa hoặc chấp nhận: {to_accept}.",
    "Only codes that begin with this, such as DC.HN.": "Chỉ các mã bắt đầu như vậy, ví dụ DC.HN.",
    "Only for this unit, by its name in the catalogue.": "Chỉ của đơn vị này, theo tên trong danh mục.",
    "Only this complexity group, such as N3.": "Chỉ nhóm này, ví dụ N3.",
    "Only this section.": "Chỉ phần này.",
    "Propose it; without this nothing is kept.": "Đề xuất danh mục; nếu không thì chỉ kiểm tra.",
    "Proposed as version {version}.": "Đã đề xuất phiên bản {version}.",
    "Refuse a claim of an objective cause with a reason.": "Không chấp nhận đề nghị xác nhận nguyên nhân"
    " khách quan, kèm lý do.",
    "Requested at": "Đề nghị lúc",
    "Requested by": "Người đề nghị",
    "Reviews": "Số lần chưa đạt",
    "Take the computed coefficient where the file has another.": "Lấy hệ số tính lại ở dòng tệp ghi khác.",
    "Take the points where they are outside the range that the file gives.": "Lấy điểm của dòng nằm ngoài"
    " khung điểm trong tệp.",
    "The address, http or https.": "Địa chỉ http hoặc https.",
    "The evidence's id, such as t1/2.": "Mã minh chứng, ví dụ t1/2.",
    "The file, at most 10 MiB: .pdf .png .jpg .docx .xlsx .odt .ods .txt .csv.": "Tệp, tối đa 10 MiB: .pdf"
    " .png .jpg .docx .xlsx .odt .ods .txt .csv.",
    "What it shows.": "Nội dung minh chứng.",
    "Why withdrawn": "Lý do rút",
    "Withdraw evidence before the month is decided; it stays, marked.": "Rút minh chứng trước khi có quyết"
    " định; minh chứng vẫn được giữ và đánh dấu.",
    "Withdrawn at": "Rút lúc",
    "Withdrawn by": "Người rút",
    "Words of the code, task or output.": "Từ trong mã, nhiệm vụ hoặc sản phẩm.",
    "confirmed": "đã xác nhận",
    "note": "ghi chú",
    "objective cause": "nguyên nhân khách quan",
    "refused": "không chấp nhận",
    "requested": "chờ trả lời",
    "to accept": "cần chấp nhận",
    "{file} is larger than 10 MiB: shrink or divide it, or give a link.": "{file} lớn hơn 10 MiB: hãy nén,"
    " chia nhỏ, hoặc dùng đường dẫn.",
}
