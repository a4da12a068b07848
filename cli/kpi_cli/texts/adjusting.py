"""What is said about what new decisions change after a run."""

ADJUSTING = {
    "Difference": "Chênh lệch",
    "Fund of the same kind that pays; it is not allocated otherwise.": "Quỹ cùng loại dùng để chi; không"
    " phân bổ việc khác.",
    "Grade before": "Loại cũ",
    "Grade now": "Loại mới",
    "Owed now: {sum} đồng.": "Cần chi thêm: {sum} đồng.",
    "Posted as run {run}: {sum} đồng.": "Đã ghi đợt chi {run}: {sum} đồng.",
    "Show what new decisions are worth since a run, and post what is owed.": "Xem quyết định mới đáng được"
    " bao nhiêu so với đợt chi, và ghi khoản chi thêm.",
    "Was allocated": "Đã phân bổ",
    "Worth now": "Nay đáng được",
}
