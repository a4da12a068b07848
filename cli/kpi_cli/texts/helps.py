"""What each command does."""

HELPS = {
    "Plan, score, approve and reward a ward's month.\n\nTalks to the running services by gRPC. Lists are"
    " followed to their last page, commands carry a request id\nand are repeated safely while a service is"
    " away, every call has a deadline.": "Lập kế hoạch, chấm điểm, xếp loại và chi trả theo tháng của phường."
    "\n\nLệnh gọi các dịch vụ đang chạy qua gRPC. Danh sách được đọc đến trang cuối, mỗi lệnh thay đổi có mã"
    " yêu cầu nên được gửi lại an toàn khi dịch vụ tạm vắng, mọi cuộc gọi đều có thời hạn.",
    "Exit codes: 0 done; 1 unexpected; 2 bad input; 3 refused by a rule; 4 not permitted; 5 not found;\n"
    "6 service away or deadline passed; 130 interrupted; 141 the reader of a pipe has gone.": "Mã kết thúc:"
    " 0 xong; 1 lỗi bất ngờ; 2 dữ liệu vào sai; 3 bị quy định từ chối; 4 không có quyền; 5 không tìm thấy;"
    " 6 dịch vụ vắng hoặc quá thời hạn; 130 bị ngắt; 141 bên đọc đường ống đã đóng.",
    "Settings: KPI_TOKEN or KPI_TOKEN_FILE, KPI_WARD, KPI_MONTH, KPI_LANG, KPI_STATE (folder of the\nrunning"
    " stack, default var), KPI_<SERVICE>_ADDRESS (host:port), KPI_TLS_CA (PEM).": "Cài đặt: KPI_TOKEN hoặc"
    " KPI_TOKEN_FILE, KPI_WARD, KPI_MONTH, KPI_LANG, KPI_STATE (thư mục của hệ thống đang chạy, mặc định"
    " var), KPI_<DỊCH_VỤ>_ADDRESS (host:port), KPI_TLS_CA (PEM).",
    "Acknowledge a run by the file that finance took over; it is closed.": "Xác nhận đã tiếp nhận danh sách"
    " chi theo tệp kế toán đã lấy; đợt phân bổ được đóng.",
    "Allocate a fund to the month's published grades and post it, or only show it.": "Phân bổ quỹ theo kết"
    " quả đã công bố và ghi sổ, hoặc chỉ xem trước.",
    "Allocations of funds.": "Các đợt phân bổ quỹ.",
    "Approve submitted plans of those whose direct superior you are.": "Phê duyệt kế hoạch đã trình của"
    " những người mà bạn là cấp trên trực tiếp.",
    "A ward's month: deadlines and whom it waits for.": "Kỳ đánh giá tháng: thời hạn và đang chờ ai.",
    "Check a list of amounts against equal sharing; posts nothing.": "Kiểm tra danh sách tiền có cào bằng"
    " không; không ghi sổ.",
    "Confirm an objective cause that excuses failed reviews or missed deadlines.": "Xác nhận nguyên nhân"
    " khách quan cho sai sót hoặc trễ hạn.",
    "Decide grades of people whose competent authority you are.": "Quyết định xếp loại những người thuộc"
    " thẩm quyền của bạn.",
    "Evaluations of a month.": "Hồ sơ đánh giá của tháng.",
    "Events that a handler could not take.": "Sự kiện chưa xử lý được.",
    "Explain a score so that it can be checked by hand.": "Giải thích điểm để có thể kiểm tra bằng tay.",
    "Explain what a person was allocated.": "Giải thích số tiền phân bổ cho một người.",
    "Extend a deadline, on record.": "Gia hạn một thời hạn, có ghi nhận.",
    "Fetch the finance file of a run; it is there whole and checked, or not at all.": "Lấy tệp chi cho kế"
    " toán; tệp nguyên vẹn và đã kiểm tra, hoặc không có gì.",
    "Follow what the services announce, until interrupted.": "Theo dõi sự kiện các dịch vụ công bố, đến khi"
    " bị ngắt.",
    "Record that a delegation ends earlier, at once or on a day to come.": "Ghi nhận chấm dứt ủy quyền sớm,"
    " ngay hoặc từ một ngày tới.",
    "What is stated for the month's commendation list, by whom.": "Nội dung đã ghi cho danh sách khen thưởng"
    " của tháng, do ai ghi.",
    "Funds of a month.": "Các quỹ của tháng.",
    "Fetch a workbook to fill in: the month's for import, decisions for import-decisions, assessments"
    " for assess import and remarks import.": "Lấy tệp mẫu để điền: month cho lệnh import, decisions cho"
    " import-decisions, assessments cho assess import và remarks import.",
    "Give parked events up, with a reason that is kept.": "Bỏ sự kiện chưa xử lý được, lý do được lưu.",
    "Hand parked events to their handlers again.": "Xử lý lại sự kiện chưa xử lý được.",
    "Issue a token with the local development key. Never for production.": "Cấp mã đăng nhập bằng khóa phát"
    " triển của máy này. Không dùng khi vận hành thật.",
    "List a ward's funds, newest first.": "Liệt kê các quỹ, mới nhất trước.",
    "List a ward's months, newest first.": "Liệt kê các kỳ đánh giá, mới nhất trước.",
    "List a ward's runs, newest first.": "Liệt kê các đợt phân bổ, mới nhất trước.",
    "List a ward's units.": "Liệt kê cơ quan, đơn vị của phường.",
    "List every version of a person's plan, oldest first.": "Liệt kê mọi phiên bản kế hoạch của một người, cũ"
    " nhất trước.",
    "List ledger entries, oldest first.": "Liệt kê bút toán, cũ nhất trước.",
    "List mails, oldest first.": "Liệt kê thư, cũ nhất trước.",
    "List parked events, oldest first.": "Liệt kê sự kiện chưa xử lý được, cũ nhất trước.",
    "List people as they stand in a month.": "Liệt kê nhân sự tại một tháng.",
    "List the catalogue's versions, newest first.": "Liệt kê các phiên bản danh mục, mới nhất trước.",
    "List the entries in force in a month, or of a version.": "Liệt kê các mục có hiệu lực trong tháng, hoặc"
    " của một phiên bản.",
    "List the evaluations that you may see.": "Liệt kê hồ sơ đánh giá bạn được xem.",
    "List the general criteria with their maxima.": "Liệt kê tiêu chí chung và điểm tối đa.",
    "List the plans of a month.": "Liệt kê kế hoạch của tháng.",
    "List the policies for money with their legal basis.": "Liệt kê chính sách chi và căn cứ pháp lý.",
    "List the published class letters.": "Liệt kê kết quả xếp loại đã công bố.",
    "List the quota proposals of a month, by scope and duty group.": "Liệt kê đề xuất tỷ lệ loại A theo phạm"
    " vi và nhóm nhiệm vụ.",
    "List the scores that you may see.": "Liệt kê điểm bạn được xem.",
    "List the wards that the token is for.": "Liệt kê các phường của mã đăng nhập.",
    "List your messages, newest first.": "Liệt kê thông báo của bạn, mới nhất trước.",
    "Mail to people, for operators.": "Thư gửi mọi người, dành cho người vận hành.",
    "Open a month with its deadlines.": "Mở kỳ đánh giá với các thời hạn.",
    "People of a ward.": "Nhân sự của phường.",
    "People's month plans.": "Kế hoạch công tác tháng.",
    "Propose a version from a JSON array of entries.": "Đề xuất một phiên bản từ mảng JSON các mục.",
    "Publish a month, or one unit of it.": "Công bố kết quả tháng, hoặc của một đơn vị.",
    "Publish kept events again, for a new subscriber or a queue that was lost.": "Phát lại sự kiện đã lưu,"
    " cho bên nhận mới hoặc hàng đợi bị mất.",
    "Put a proposed version in force, by a decision on record.": "Ban hành phiên bản đã đề xuất theo quyết"
    " định.",
    "Quotas of grade A.": "Tỷ lệ xếp loại A.",
    "Record a fund and post it to the ledger.": "Ghi nhận quỹ và ghi sổ.",
    "Record a grade that the city decided.": "Ghi nhận kết quả xếp loại do thành phố quyết định.",
    "Record half-days: the sheet working_time of a workbook, or one person by options.": "Ghi ngày công (nửa"
    " ngày): trang working_time của tệp, hoặc một người qua tùy chọn.",
    "Record remarks on one person by options, or on several from JSON.": "Ghi nhận xét về một người qua tùy"
    " chọn, hoặc nhiều người từ JSON.",
    "Record results: sheets results and faults of a workbook, a JSON array, or one task by options.": "Ghi"
    " kết quả: trang results và faults của tệp, mảng JSON, hoặc một nhiệm vụ qua tùy chọn.",
    "Record that one person may decide for another, from day to day.": "Ghi nhận ủy quyền quyết định, từ ngày"
    " đến ngày.",
    "Record the decision that allows a scope a quota rate over 0.20.": "Ghi quyết định cho phép tỷ lệ loại A"
    " trên 0,20.",
    "Results of tasks.": "Kết quả nhiệm vụ.",
    "Return a submitted plan with a reason.": "Trả lại kế hoạch đã trình, nêu lý do.",
    "Save a draft from a JSON array of tasks; on an approved plan, begin an amendment.": "Lưu bản nháp từ"
    " mảng JSON các nhiệm vụ; với kế hoạch đã duyệt là bắt đầu điều chỉnh.",
    "Scores of a month.": "Điểm của tháng.",
    "Self-assessments.": "Tự đánh giá.",
    "Send mails again that failed or whose fate is uncertain.": "Gửi lại thư bị lỗi hoặc chưa rõ đã gửi hay"
    " chưa.",
    "Set a person to not evaluated, or take that back.": "Đưa một người vào diện không đánh giá, hoặc hủy.",
    "Set the deciding authority's values of the general criteria.": "Ghi điểm tiêu chí chung của cấp quyết"
    " định.",
    "Show a fund with its balance.": "Xem quỹ và số dư.",
    "Show a month: deadlines, counts by step, whom it waits for.": "Xem kỳ đánh giá: thời hạn, số lượng theo"
    " bước, đang chờ ai.",
    "Show a parked event with its body and the reason.": "Xem sự kiện chưa xử lý được, nội dung và lý do.",
    "Show a person's plan with its tasks and results.": "Xem kế hoạch của một người với nhiệm vụ và kết quả.",
    "Show a person's score.": "Xem điểm của một người.",
    "Show a run with its allocations, or only these; everybody may see his own.": "Xem đợt phân bổ và số"
    " tiền từng người, hoặc chỉ phần sau; ai cũng xem được phần của mình.",
    "Show how all services are.": "Xem tình trạng mọi dịch vụ.",
    "Show one evaluation with everything you may see of it.": "Xem một hồ sơ đánh giá với mọi phần bạn được"
    " xem.",
    "Show one person as of a month.": "Xem một người tại một tháng.",
    "Show or set how you are told.": "Xem hoặc đặt cách nhận thông báo.",
    "Show the policy that a month is scored with.": "Xem chính sách chấm điểm của tháng.",
    "Show unread messages with their text, or those named, and mark them as read.": "Đọc thông báo chưa đọc,"
    " hoặc các thông báo nêu tên, và đánh dấu đã đọc.",
    "Show whom the token speaks for.": "Xem mã đăng nhập là của ai.",
    "Submit drafts to the direct superiors.": "Trình bản nháp lên cấp trên trực tiếp.",
    "Submit one self-assessment by options, or several from JSON.": "Nộp một bản tự đánh giá qua tùy chọn,"
    " hoặc nhiều bản từ JSON.",
    "Superiors' remarks.": "Nhận xét của cấp trên.",
    "Take a workbook (XLSX) or one sheet (CSV) over: all of it or nothing.": "Nhập tệp bảng tính (XLSX) hoặc"
    " một trang (CSV): toàn bộ hoặc không gì cả.",
    "Take a workbook's quota rates, delegations, external results, decisions and appeals over: all of it"
    " or nothing.": "Nhập tỷ lệ loại A, ủy quyền, kết quả của thành phố, quyết định và kiến nghị từ tệp:"
    " toàn bộ hoặc không gì cả.",
    "Take the self-assessments of a workbook's sheet over: all of it or nothing.": "Nhập bản tự đánh giá từ"
    " trang của tệp: toàn bộ hoặc không gì cả.",
    "Take the superiors' remarks of a workbook's sheet over: all of it or nothing.": "Nhập nhận xét của cấp"
    " trên từ trang của tệp: toàn bộ hoặc không gì cả.",
    "Tell how far a month is computed.": "Cho biết tháng đã tính điểm đến đâu.",
    "The catalogue of outputs with their coefficients.": "Danh mục sản phẩm, công việc và hệ số.",
    "Tokens for development machines.": "Mã đăng nhập cho máy phát triển.",
    "Units of a ward.": "Cơ quan, đơn vị của phường.",
    "Wards.": "Các phường.",
    "What the services announce.": "Sự kiện các dịch vụ công bố.",
    "Your messages.": "Thông báo của bạn.",
}
