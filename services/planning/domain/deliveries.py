"""Results that other systems deliver: each reference counts once, a correction replaces (R-8)."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from chassis.days import Month
from chassis.errors import Blocked
from planning.domain.ids import valid
from planning.domain.plan import BadResults
from planning.domain.problem import Problem
from planning.domain.results import Result
from planning.domain.task import LONGEST_TEXT, MOST_QUANTITY, QUANTITY_PLACES

MOST_DELIVERIES: Final = 1_000
"""Deliveries of one request."""
MOST_SEQUENCE: Final = 2**62


class BadDeliveries(BadResults):
    """Deliveries break rules, or what comes of them does."""

    vi = "Kết quả chuyển đến chưa hợp lệ: {problems_vi}"
    en = "The deliveries break rules: {problems_en}"


class DeliveryTaken(Blocked):
    """What was delivered under a reference changes by a higher sequence only."""

    vi = "{field}: {system} đã gửi {reference} lần {sequence} với nội dung khác: hãy tăng số lần."
    en = "{field}: {system} sent another {reference} at {sequence}: correct it by a higher sequence."


@dataclass(frozen=True, slots=True)
class Delivery:
    """Outputs of a task that another system has seen accepted."""

    system: str
    reference: str
    sequence: int
    person_id: str
    month: Month
    task_id: str
    quantity: Decimal
    evidence: str = ""
    accepted_on: date | None = None
    """The day on which the last of it was accepted, where that was stated (R-12)."""
    delivered_by: str = field(default="", compare=False)
    delivered_at: datetime | None = field(default=None, compare=False)

    def replaces(self, before: "Delivery | None", at: str) -> bool:
        """True if this delivery changes what stands; False for a repeated or late one.

        :param at: where it stands in the request, for the refusal
        :raises DeliveryTaken: if another content has the same sequence
        """
        if before is None or self.sequence > before.sequence:
            return True
        if self.sequence == before.sequence and self != before:
            raise DeliveryTaken(
                system=self.system,
                reference=self.reference,
                sequence=self.sequence,
                field=f"{at}.sequence",
            )
        return False


def delivery_problems(given: Delivery) -> Iterable[Problem]:
    """Return what is wrong with a delivery by itself."""
    for part in ("system", "reference"):
        words = getattr(given, part)
        if not valid(words):
            yield Problem(part, f"“{words[:64]}” không hợp lệ", f"“{words[:64]}” is no id")
    if not 1 <= given.sequence <= MOST_SEQUENCE:
        yield Problem("sequence", "phải từ 1 trở lên", "must be 1 or more")
    quantity = given.quantity
    if not (
        quantity.is_finite()
        and 0 <= quantity <= MOST_QUANTITY
        and quantity == quantity.quantize(QUANTITY_PLACES)
    ):
        yield Problem(
            "quantity",
            f"phải từ 0 đến {MOST_QUANTITY}, không quá 3 chữ số thập phân",
            f"must be from 0 to {MOST_QUANTITY}, with at most 3 decimals",
        )
    if len(given.evidence) > LONGEST_TEXT:
        yield Problem("evidence", f"dài quá {LONGEST_TEXT} ký tự", f"has more than {LONGEST_TEXT} characters")


def without(result: Result, taken: Delivery) -> Result:
    """Return a result less what a delivery added to it."""
    lines = result.evidence.split("\n")
    if taken.evidence in lines:
        lines.remove(taken.evidence)
    return replace(result, accepted=result.accepted - taken.quantity, evidence="\n".join(lines).strip())


def with_(result: Result, added: Delivery) -> Result:
    """Return a result with what a delivery adds to it."""
    evidence = result.evidence
    if added.quantity and added.evidence and added.evidence not in evidence.split("\n"):
        longer = f"{evidence}\n{added.evidence}".strip()
        evidence = longer if len(longer) <= LONGEST_TEXT else evidence
    return replace(result, accepted=result.accepted + added.quantity, evidence=evidence)
