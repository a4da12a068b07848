"""Numbers, days and names as people read them in Vietnamese and in English."""

import re
from datetime import date, datetime

from chassis.days import VIET_NAM, Month
from notification.domain.person import Language

_NOT_PRINTED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")

GRADES = {
    "vi": {
        "A": "Loại A (hoàn thành xuất sắc nhiệm vụ)",
        "B": "Loại B (hoàn thành tốt nhiệm vụ)",
        "C": "Loại C (hoàn thành nhiệm vụ)",
        "D": "Loại D (không hoàn thành nhiệm vụ)",
    },
    "en": {
        "A": "Grade A (outstanding)",
        "B": "Grade B (good)",
        "C": "Grade C (completed)",
        "D": "Grade D (not completed)",
    },
}

FUNDS = {
    "vi": {
        "supplementary_income": "thu nhập tăng thêm",
        "bonus": "tiền thưởng",
        "commendation": "thi đua, khen thưởng",
    },
    "en": {
        "supplementary_income": "supplementary income",
        "bonus": "bonus",
        "commendation": "commendation",
    },
}

STEPS = {
    "vi": {
        "self_assessment": "tự đánh giá",
        "remarks": "nhận xét của cấp trên",
        "decision": "quyết định xếp loại",
        "publication": "công bố kết quả",
    },
    "en": {
        "self_assessment": "self-assessment",
        "remarks": "superior's remarks",
        "decision": "decision",
        "publication": "publication",
    },
}


def money(dong: int, language: Language) -> str:
    """Return whole đồng: ``1.234.000 đồng``, in English ``1,234,000 đồng``."""
    grouped = f"{dong:,}"
    return f"{grouped.replace(',', '.') if language == 'vi' else grouped} đồng"


def month(value: Month, language: Language) -> str:
    """Return a month: ``03/2026``, in English ``2026-03``."""
    return f"{value.month:02d}/{value.year}" if language == "vi" else str(value)


def day(value: date) -> str:
    """Return a day as both languages write it here: ``24/03/2026``."""
    return f"{value:%d/%m/%Y}"


def instant(at: datetime, language: Language) -> str:
    """Return a time in Viet Nam: ``09:30 ngày 24/03/2026``, in English ``24/03/2026 09:30``."""
    local = at.astimezone(VIET_NAM)
    day = f"{local:%d/%m/%Y}"
    return f"{local:%H:%M} ngày {day}" if language == "vi" else f"{day} {local:%H:%M}"


def line(text: str) -> str:
    """Return ``text`` as one line: what stands in a header cannot begin another."""
    return " ".join(_NOT_PRINTED.sub(" ", text).split())


def prose(text: str) -> str:
    """Return ``text`` with its line breaks, without what does not print or turns the writing around."""
    return _NOT_PRINTED.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
