"""A fund of a ward's month (quỹ): R-34. The three kinds are never mixed."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Final

from chassis.days import Month
from chassis.errors import Blocked, Invalid, NotFound

LARGEST: Final = 10**15
"""Đồng: a hundred times what Hà Nội pays in a year."""

LONGEST_TEXT: Final = 1_000

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class FundKind(Enum):
    """What a fund is for."""

    SUPPLEMENTARY_INCOME = "supplementary_income"
    """Thu nhập tăng thêm."""
    BONUS = "bonus"
    """Tiền thưởng, NĐ 73/2024."""
    COMMENDATION = "commendation"
    """Thi đua, khen thưởng."""

    @property
    def vi(self) -> str:
        """What it is called in Vietnamese."""
        return _NAMES[self]


_NAMES = {
    FundKind.SUPPLEMENTARY_INCOME: "Thu nhập tăng thêm",
    FundKind.BONUS: "Tiền thưởng",
    FundKind.COMMENDATION: "Thi đua, khen thưởng",
}


class BadFundId(Invalid):
    """A fund's id stands in the names of files, so it is plain."""

    vi = "Mã quỹ “{given}” không hợp lệ: chỉ dùng chữ không dấu, số, dấu . _ -, tối đa 64 ký tự."
    en = "“{given}” is no id for a fund: use letters without accents, digits, . _ -, at most 64 characters."


class BadMonth(Invalid):
    """A month is written YYYY-MM."""

    vi = "“{given}” không phải là tháng: viết như 2026-03."
    en = "“{given}” is not a month: write it as 2026-03."


class KindNotStated(Invalid):
    """A fund is for one of three purposes (R-34)."""

    vi = "Chưa nêu loại quỹ: thu nhập tăng thêm, tiền thưởng, hoặc thi đua, khen thưởng."
    en = "The kind is not stated: supplementary income, bonus or commendation."


class TextNeeded(Invalid):
    """A fund states its source and its legal basis (R-34)."""

    vi = "Thiếu {field}: ghi nguồn kinh phí và căn cứ pháp lý, tối đa 1.000 ký tự trên một dòng."
    en = "{field} is needed: one line of at most 1,000 characters."


class BadAmount(Invalid):
    """A fund has 1 to 10^15 đồng."""

    vi = "Số tiền {amount} không hợp lệ: từ 1 đến 1.000.000.000.000.000 đồng."
    en = "{amount} is no amount for a fund: give 1 to 1,000,000,000,000,000 đồng."


class FundIdTaken(Blocked):
    """A fund is never rewritten (R-33)."""

    vi = "Quỹ {fund_id} đã ghi nhận với nội dung khác ({differs}): dùng mã khác."
    en = "Fund {fund_id} is recorded with another {differs}: use another id."


class UnknownFund(NotFound):
    """The ward has no such fund."""

    vi = "Phường không có quỹ {fund_id}."
    en = "The ward has no fund {fund_id}."


@dataclass(frozen=True, slots=True)
class Fund:
    """A fund as it was recorded; ``amount`` in đồng."""

    ward_id: str
    fund_id: str
    month: str
    kind: FundKind
    source: str
    legal_basis: str
    amount: int
    created_at: datetime
    created_by: str

    @classmethod
    def of(
        cls,
        *,
        ward_id: str,
        fund_id: str,
        month: str,
        kind: FundKind | None,
        source: str,
        legal_basis: str,
        amount: int,
        created_at: datetime,
        created_by: str,
    ) -> "Fund":
        """Return a fund that somebody asks to record.

        :raises BadFundId, BadMonth, KindNotStated, TextNeeded, BadAmount: naming the field
        """
        if not _ID.fullmatch(fund_id):
            raise BadFundId(field="fund_id", given=fund_id[:80])
        if kind is None:
            raise KindNotStated(field="kind")
        if not 1 <= amount <= LARGEST:
            raise BadAmount(field="amount", amount=amount)
        return cls(
            ward_id=ward_id,
            fund_id=fund_id,
            month=valid_month(month),
            kind=kind,
            source=_text(source, "source"),
            legal_basis=_text(legal_basis, "legal_basis"),
            amount=amount,
            created_at=created_at,
            created_by=created_by,
        )

    def check_same(self, other: "Fund") -> None:
        """Refuse another fund under this one's id.

        :raises FundIdTaken: naming what differs
        """
        for name in ("month", "kind", "source", "legal_basis", "amount"):
            if getattr(self, name) != getattr(other, name):
                raise FundIdTaken(fund_id=self.fund_id, differs=name, field="fund_id")


def valid_month(given: str, field: str = "month") -> str:
    """Return a month that a caller gave.

    :raises BadMonth: if it is none
    """
    try:
        return str(Month.parse(given))
    except ValueError as error:
        raise BadMonth(field=field, given=given[:80]) from error


def _text(given: str, field: str) -> str:
    text = given.strip()
    if not text or len(text) > LONGEST_TEXT or _CONTROL.search(text):
        raise TextNeeded(field=field)
    return text
