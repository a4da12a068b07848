"""A policy's settings by name, as they are proposed, shown and compared."""

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from scoring.domain.exact import plain
from scoring.domain.policy import Cap, FaultScope, Policy, QuotaBase
from scoring.domain.unfit import Unfit

MOST_DIGITS = 12


class UnknownSetting(Unfit):
    """A policy has no such setting."""

    vi = "{place}: không có thông số {name}; có: {names}"
    en = "{place}: there is no setting {name}; there are: {names}"


class BadSetting(Unfit):
    """A setting has no such value."""

    vi = "{place}: {found} không hợp lệ; ghi {expected}"
    en = "{place}: {found} is not allowed; write {expected}"


def _amount(text: str) -> Decimal:
    whole, point, rest = text.partition(".")
    if (
        len(text) > MOST_DIGITS
        or not (whole.isascii() and whole.isdigit())
        or (point and not (rest.isascii() and rest.isdigit()))
    ):
        raise ValueError(text)
    return Decimal(text)


def _choice(kind: type[StrEnum]) -> tuple[Callable[[str], Any], str]:
    return kind, " | ".join(each.value for each in kind)


_NUMBER = (_amount, "0.5")
_SETTINGS: dict[str, tuple[Callable[[str], Any], str]] = {
    "attendance_threshold": _NUMBER,
    "cap": _choice(Cap),
    "excellent": _NUMBER,
    "fault_scope": _choice(FaultScope),
    "good": _NUMBER,
    "quota_base": _choice(QuotaBase),
    "quota_rate": _NUMBER,
    "satisfactory": _NUMBER,
}
NAMES = tuple(sorted(_SETTINGS))
"""Every setting that a proposal may change."""


def changed(policy: Policy, settings: Mapping[str, str]) -> Policy:
    """Return the policy with other settings.

    :param settings: values as text, by name
    :raises Unfit: at ``settings.…``, for a name or a value that there is not, or that the law does not allow
    """
    changes: dict[str, Any] = {}
    for name in sorted(settings):
        place = f"settings.{name}"
        if name not in _SETTINGS:
            raise UnknownSetting(place=place, field=place, name=name, names=", ".join(NAMES))
        read, expected = _SETTINGS[name]
        try:
            changes[name] = read(settings[name])
        except ValueError:
            raise BadSetting(
                place=place, field=place, found=repr(settings[name][:40]), expected=expected
            ) from None
    result = replace(policy, **changes)
    try:
        result.check()
    except Unfit as refusal:
        place = refusal.place.replace("policy.", "settings.")
        raise type(refusal)(**{**refusal.facts, "place": place, "field": place}) from None
    return result


def shown(policy: Policy) -> dict[str, str]:
    """Return every setting as text, by name."""
    return {name: _text(getattr(policy, name)) for name in NAMES}


def difference(left: Policy, right: Policy) -> dict[str, tuple[str, str]]:
    """Return in what two policies differ, by name: what it is in the one, and in the other.

    Their ids and versions are no difference: policies that score alike have none.
    """
    names = sorted(each.name for each in fields(Policy) if each.name not in ("id", "version"))
    both = {name: (_text(getattr(left, name)), _text(getattr(right, name))) for name in names}
    wire = {"effective_on": "from_month", "effective_until": "until_month"}
    found = {wire.get(name, name): pair for name, pair in both.items() if pair[0] != pair[1]}
    return dict(sorted(found.items()))


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case Decimal():
            return plain(value)
        case date():
            return f"{value:%Y-%m}"
        case frozenset():
            return ", ".join(sorted(value))
        case tuple():
            return "; ".join(value)
    return str(value)
