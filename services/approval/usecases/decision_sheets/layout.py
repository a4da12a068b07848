"""What the sheets of decisions hold: quota rates, delegations, external results, decisions, appeals."""

from typing import Final

from approval.domain.appeal import LONGEST_TEXT, AppealKind, Outcome
from approval.domain.criteria import LONGEST_REASON
from approval.domain.evaluation import LONGEST_DOCUMENT
from approval.domain.grade import Grade
from chassis.sheets import Column, Sheet, choice, day, decimal, text

LONGEST_ID: Final = 200
LONGEST_NAME: Final = 200

KINDS: Final = {
    "Kiến nghị": AppealKind.APPEAL.value,
    "appeal": AppealKind.APPEAL.value,
    "Bảo lưu ý kiến": AppealKind.OPINION.value,
    "opinion": AppealKind.OPINION.value,
}

OUTCOMES: Final = {
    "Chấp nhận": Outcome.UPHELD.value,
    "upheld": Outcome.UPHELD.value,
    "Không chấp nhận": Outcome.DISMISSED.value,
    "dismissed": Outcome.DISMISSED.value,
}


def _who(name: str, vi: str, en: str) -> Column:
    return text(name, vi, en, required=True, longest=LONGEST_ID)


def _grade(name: str, vi: str, en: str, *, required: bool) -> Column:
    return choice(name, vi, en, {each.value: each.value for each in Grade}, required=required)


def _paper(name: str, vi: str, en: str, *, required: bool = False) -> Column:
    return text(name, vi, en, required=required, longest=LONGEST_DOCUMENT)


QUOTA_RATES: Final = Sheet(
    "quota_rates",
    "Tỷ lệ loại A",
    (
        _who("quota_scope", "Phạm vi tính tỷ lệ", "Quota scope"),
        decimal("rate", "Tỷ lệ", "Rate", required=True, least=0, most=1, places=4),
        _paper("decision", "Số quyết định", "Decision", required=True),
        day("decided_on", "Ngày quyết định", "Decided on", required=True),
        text("signer", "Người ký", "Signer", required=True, longest=LONGEST_NAME),
        text("reason", "Lý do", "Reason", required=True, longest=LONGEST_REASON),
    ),
)

DELEGATIONS: Final = Sheet(
    "delegations",
    "Ủy quyền",
    (
        _who("from_person_id", "Người ủy quyền", "Delegated by"),
        _who("to_person_id", "Người được ủy quyền", "Delegated to"),
        day("from_day", "Từ ngày", "From day", required=True),
        day("to_day", "Đến ngày", "To day", required=True),
        _paper("document", "Số văn bản", "Document", required=True),
    ),
)

EXTERNAL_RESULTS: Final = Sheet(
    "external_results",
    "Kết quả của thành phố",
    (
        _who("person_id", "Mã người", "Person id"),
        _grade("grade", "Xếp loại", "Grade", required=True),
        decimal("total", "Tổng điểm", "Total", least=0, most=100, places=2),
        _paper("document", "Số văn bản", "Document", required=True),
    ),
)

DECISIONS: Final = Sheet(
    "decisions",
    "Quyết định",
    (
        _who("person_id", "Mã người", "Person id"),
        _grade("grade", "Xếp loại", "Grade", required=True),
        text("reason", "Lý do", "Reason", longest=LONGEST_REASON),
        _paper("document", "Số văn bản", "Document"),
    ),
)

APPEALS: Final = Sheet(
    "appeals",
    "Kiến nghị",
    (
        _who("person_id", "Mã người", "Person id"),
        choice("kind", "Hình thức", "Kind", KINDS, required=True),
        text("text", "Nội dung", "Text", required=True, longest=LONGEST_TEXT),
        _paper("document", "Số đơn", "Document"),
        choice("outcome", "Kết quả giải quyết", "Outcome", OUTCOMES),
        _grade("grade", "Xếp loại lại", "New grade", required=False),
        text("answer", "Trả lời", "Answer", longest=LONGEST_TEXT),
        _paper("answer_document", "Số văn bản trả lời", "Answer document"),
    ),
)

SHEETS: Final = (QUOTA_RATES, DELEGATIONS, EXTERNAL_RESULTS, DECISIONS, APPEALS)
"""In the order in which they are taken: a rate binds the decisions, and what is decided may be appealed."""
