"""What the commended of a month are proposed for: form, amount and source (R-41)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from approval.domain.criteria import check_text
from approval.domain.evaluation import LONGEST_DOCUMENT, LONGEST_TEXT
from chassis.errors import Invalid

EVERYBODY: Final = ""
"""Stands where a person's id would: what holds for all of the list."""

MOST: Final = 1_000_000_000
"""Đồng for one person: far beyond what any decree allows, so that only a slip of the hand is refused."""

MOST_AT_ONCE: Final = 1_000


class BadCommendationAmount(Invalid):
    """A commendation is 0 to 10^9 whole đồng."""

    vi = "Mức tiền khen thưởng {amount} không hợp lệ: ghi số nguyên từ 0 đến 1.000.000.000 đồng."
    en = "{amount} is no amount of a commendation: give 0 to 1,000,000,000 whole đồng."


class CommendedTwice(Invalid):
    """A request states one thing for a person."""

    vi = "{person} được ghi hai lần: giữ lại một dòng."
    en = "{person} is stated twice: keep one line."


class NoCommendations(Invalid):
    """A request states 1 to 1,000 commendations."""

    vi = "Phải ghi từ 1 đến {most} dòng khen thưởng, đang có {count}."
    en = "State 1 to {most} commendations, not {count}."


class SharedAchievements(Invalid):
    """Achievements are one person's."""

    vi = "Tóm tắt thành tích là của từng người: hãy ghi kèm mã người."
    en = "Achievements are one person's: name the person."


@dataclass(frozen=True, slots=True)
class Terms:
    """What is stated: ``amount`` in đồng; empty words and no amount say nothing."""

    form: str = ""
    amount: int | None = None
    source: str = ""
    achievements: str = ""


@dataclass(frozen=True, slots=True)
class Commendation:
    """Terms as they were stated for a person or for everybody; a later revision replaces them."""

    person_id: str
    terms: Terms
    revision: int
    set_by: str
    set_at: datetime


def checked(given: Sequence[tuple[str, Terms]]) -> list[tuple[str, Terms]]:
    """Return what is stated, without white space around texts.

    :raises NoCommendations: unless there are 1 to 1,000
    :raises CommendedTwice: if a person stands there twice
    :raises BadCommendationAmount: beyond the limits
    :raises SharedAchievements: if everybody is to have the same achievements
    """
    if not 1 <= len(given) <= MOST_AT_ONCE:
        raise NoCommendations(count=len(given), most=MOST_AT_ONCE, field="commendations")
    seen: set[str] = set()
    result = []
    for index, (person_id, terms) in enumerate(given):
        place = f"commendations[{index}]"
        if person_id in seen:
            raise CommendedTwice(person=person_id or "*", field=f"{place}.person_id")
        seen.add(person_id)
        if terms.amount is not None and not 0 <= terms.amount <= MOST:
            raise BadCommendationAmount(amount=terms.amount, field=f"{place}.amount")
        clean = Terms(
            form=check_text(terms.form, place=f"{place}.form", most=LONGEST_DOCUMENT),
            amount=terms.amount,
            source=check_text(terms.source, place=f"{place}.source", most=LONGEST_DOCUMENT),
            achievements=check_text(terms.achievements, place=f"{place}.achievements", most=LONGEST_TEXT),
        )
        if person_id == EVERYBODY and clean.achievements:
            raise SharedAchievements(field=f"{place}.achievements")
        result.append((person_id, clean))
    return result


def proposed(person_id: str, stated: Mapping[str, Terms]) -> Terms:
    """Return what is proposed for a person: the person's own, filled up with everybody's."""
    own, all_ = stated.get(person_id, Terms()), stated.get(EVERYBODY, Terms())
    return Terms(
        form=own.form or all_.form,
        amount=all_.amount if own.amount is None else own.amount,
        source=own.source or all_.source,
        achievements=own.achievements,
    )
