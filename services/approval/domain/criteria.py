"""The general criteria (tiêu chí chung): at most 30 of the 100 points (R-18; NĐ 335/2025, Phụ lục I).

Which criteria there are is data of the policy, by personnel type where the law tells them apart; here is what
holds for the values given to them. One set of values is stored for each of the three who judge: the person,
the reviewer, the deciding authority.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from chassis.errors import Invalid

DECIMALS = 2
"""The most decimals of a value: what a total is rounded to (R-19)."""

LONGEST_REASON = 2_000
"""Characters."""

GROUPS: Final = ("I", "II", "III")
"""The groups of criteria, in order."""

GROUP_POINTS: Final = 10
"""What the criteria of a group give together: the three make the 30 points that a total counts on."""


class UnknownCriterion(Invalid):
    """The policy of the month has no such criterion."""

    vi = "Không có tiêu chí {criterion}; các tiêu chí của tháng: {known}."
    en = "There is no criterion {criterion}; those of the month are {known}."


class CriterionTwice(Invalid):
    """Each criterion has one value."""

    vi = "Tiêu chí {criterion} được chấm hai lần; mỗi tiêu chí chỉ ghi một điểm."
    en = "Criterion {criterion} is given twice: give each one value."


class CriterionMissing(Invalid):
    """Every criterion has a value."""

    vi = "Chưa chấm điểm tiêu chí {criterion}; phải chấm đủ các tiêu chí."
    en = "No value is given for criterion {criterion}: give one for every criterion."


class PointsOutOfRange(Invalid):
    """A value is at least 0 and at most the criterion's maximum."""

    vi = "Điểm {points} của tiêu chí {criterion} phải từ 0 đến {maximum}."
    en = "{points} points for criterion {criterion} are not within 0 to {maximum}."


class PointsTooFine(Invalid):
    """A value has at most two decimals."""

    vi = "Điểm {points} của tiêu chí {criterion} có quá 2 chữ số thập phân."
    en = "{points} points for criterion {criterion} have more than 2 decimals."


class ReductionWithoutReason(Invalid):
    """A value below the maximum needs a reason."""

    vi = "Tiêu chí {criterion} chấm {points} dưới mức tối đa {maximum}: phải ghi lý do."
    en = "Criterion {criterion} is given {points}, below its maximum {maximum}: state the reason."


class TextTooLong(Invalid):
    """A text is longer than any form has room for."""

    vi = "Nội dung dài quá {most} ký tự: hãy rút gọn."
    en = "The text is longer than {most} characters: shorten it."


@dataclass(frozen=True, slots=True)
class Criterion:
    """Một tiêu chí; ``maximum`` in points."""

    id: str
    group: str
    name: str
    maximum: Decimal


DEFAULT_SET: Final = ""
"""The id of the criteria that a policy has for whoever no other set covers."""


@dataclass(frozen=True, slots=True)
class CriteriaSet:
    """A sheet of criteria, and whom it is for (bộ tiêu chí chung theo loại đối tượng).

    :param id: :data:`DEFAULT_SET` for the policy's default
    :param personnel_types: whom it covers, such as ``public_employee``; none for the default
    :param basis: the text of law it rests on; empty for the default, which rests on the policy's
    """

    id: str
    criteria: tuple[Criterion, ...]
    personnel_types: tuple[str, ...] = ()
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Value:
    """The points that somebody gives for one criterion, and why they are below the maximum."""

    criterion_id: str
    points: Decimal
    reason: str = ""


def check_values(
    values: Sequence[Value], criteria: Sequence[Criterion], *, place: str = "values"
) -> tuple[Value, ...]:
    """Return the values in the order of the criteria, one for each (R-18).

    :param place: where the values stand in the request, named by a refusal
    :raises Invalid: at the first value that is wrong
    """
    by_id = {each.id: each for each in criteria}
    found: dict[str, Value] = {}
    for index, value in enumerate(values):
        at = f"{place}[{index}]"
        criterion = by_id.get(value.criterion_id)
        if criterion is None:
            raise UnknownCriterion(
                criterion=value.criterion_id, known=", ".join(by_id), field=f"{at}.criterion_id"
            )
        if criterion.id in found:
            raise CriterionTwice(criterion=criterion.id, field=f"{at}.criterion_id")
        found[criterion.id] = _checked(value, criterion, at)
    for criterion in criteria:
        if criterion.id not in found:
            raise CriterionMissing(criterion=criterion.id, field=place)
    return tuple(found[each.id] for each in criteria)


def points(values: Sequence[Value]) -> Decimal:
    """Return the sum of a set of values, exact."""
    return sum((each.points for each in values), Decimal(0))


def check_text(text: str, *, place: str, most: int = LONGEST_REASON) -> str:
    """Return a text without white space around it.

    :raises TextTooLong: if it is longer than ``most`` characters
    """
    stripped = text.strip()
    if len(stripped) > most:
        raise TextTooLong(most=most, field=place)
    return stripped


def _checked(value: Value, criterion: Criterion, at: str) -> Value:
    facts = {"criterion": criterion.id, "points": f"{value.points:f}", "maximum": f"{criterion.maximum:f}"}
    if not (value.points.is_finite() and 0 <= value.points <= criterion.maximum):
        raise PointsOutOfRange(**facts, field=f"{at}.points")
    if value.points != round(value.points, DECIMALS):
        raise PointsTooFine(**facts, field=f"{at}.points")
    reason = check_text(value.reason, place=f"{at}.reason")
    if value.points < criterion.maximum and not reason:
        raise ReductionWithoutReason(**facts, field=f"{at}.reason")
    return Value(criterion.id, value.points, reason)
