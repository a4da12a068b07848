"""Policies for money as JSON: the shipped ones (R-37), and how any of them is read.

The fields of a policy::

    mode                  "pool" (R-35), "rate" (R-36) or "base_plus_pool" (a base share, then the pool)
    coefficients          by grade, A to D, exact decimals
    by_score, by_salary, by_attendance          true or false
    rounding_unit         đồng; 1000 if not given
    rate, base_salary     for rate and base_plus_pool: the part of the salary, and mức lương cơ sở in đồng
    floor, cap            for rate: đồng by grade
    coefficients_by_type  by personnel type: cadre, civil_servant, public_employee, contract_worker
    equal_grades          grades to which a published rule gives one coefficient; [] if not given
    min_spread            R-38 (c); "1.2" if not given
    id, version, name, legal_basis, note, confirmed, personnel_types, effective_from, effective_until
                          what the policy is; not needed to compute with it
"""

from collections.abc import Iterator
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Final

from chassis.errors import Invalid
from chassis.strict_json import BadInput, Object, parse
from reward.domain.policy import DEFAULT_SPREAD, DEFAULT_UNIT, Coefficients, Grade, Mode, Policy

SHIPPED: Final = ("da-nang-2026", "ha-noi-2026", "hai-phong-2025", "hcmc-2025", "phuc-loi")

PERSONNEL_TYPES: Final = frozenset({"cadre", "civil_servant", "public_employee", "contract_worker"})

LARGEST_MONEY: Final = 10**15
"""Đồng: a hundred times what Hà Nội pays in a year."""

_GRADES: Final = frozenset(grade.value for grade in Grade)
_LANGUAGES: Final = frozenset({"vi", "en"})
_NEEDED: Final = frozenset({"mode", "coefficients", "by_score", "by_salary", "by_attendance"})
_RATED: Final = frozenset({"rate", "base_salary"})
_BOUNDS: Final = frozenset({"floor", "cap"})
_OPTIONAL: Final = frozenset(
    {
        "rounding_unit",
        "coefficients_by_type",
        "equal_grades",
        "min_spread",
        "id",
        "version",
        "name",
        "legal_basis",
        "note",
        "confirmed",
        "personnel_types",
        "effective_from",
        "effective_until",
    }
)


class UnknownPolicy(Invalid):
    """A policy is named by its id, or by id and version."""

    vi = "Không có chính sách “{given}”; hiện có: {known}."
    en = "There is no policy “{given}”; there are {known}."


def document(policy_id: str) -> str:
    """Return the JSON of a shipped policy.

    :raises KeyError: if none has that id
    """
    if policy_id not in SHIPPED:
        raise KeyError(policy_id)
    return files(__name__).joinpath(f"{policy_id}.json").read_text("utf-8")


@cache
def shipped(policy_id: str) -> Policy:
    """Return a shipped policy.

    :raises KeyError: if none has that id
    """
    return read(parse(document(policy_id)))


def stored(written: str) -> Policy:
    """Return the policy that a run keeps as JSON.

    :raises BadInput: if it is none
    """
    return read(parse(written))


def every_shipped() -> Iterator[Policy]:
    """Iterate over the shipped policies, by id."""
    return (shipped(policy_id) for policy_id in SHIPPED)


def read(given: Object) -> Policy:
    """Read a policy.

    :raises BadInput: at the first field that is wrong
    """
    given.only(_NEEDED | _RATED | _BOUNDS | _OPTIONAL)
    mode = Mode(given.choice("mode", frozenset(mode.value for mode in Mode)))
    _check_fields(given, mode)
    coefficients = _coefficients(given.child("coefficients"))
    floor, cap = _amounts(given, "floor"), _amounts(given, "cap")
    for grade, least in floor.items():
        if least > cap.get(grade, least):
            raise given.child("cap").refuse(
                grade.value, f"is under the floor of {least}", f"thấp hơn mức sàn {least}"
            )
    return Policy(
        mode=mode,
        coefficients=coefficients,
        by_score=given.boolean("by_score"),
        by_salary=given.boolean("by_salary"),
        by_attendance=given.boolean("by_attendance"),
        rounding_unit=(
            given.integer("rounding_unit", least=1, most=10**9)
            if given.has("rounding_unit")
            else DEFAULT_UNIT
        ),
        rate=None if mode is Mode.POOL else given.decimal("rate", above=0, most=1_000, places=6),
        base_salary=None if mode is Mode.POOL else given.integer("base_salary", least=1, most=10**9),
        floor=floor,
        cap=cap,
        coefficients_by_type=_by_type(given),
        equal_grades=_equal_grades(given),
        min_spread=(
            given.decimal("min_spread", least=1, most=1_000, places=6)
            if given.has("min_spread")
            else DEFAULT_SPREAD
        ),
        id=_text(given, "id"),
        version=given.integer("version", least=1, most=10**6) if given.has("version") else 1,
        name=_texts(given, "name"),
        legal_basis=_text(given, "legal_basis"),
        note=_texts(given, "note"),
        confirmed=given.boolean("confirmed") if given.has("confirmed") else True,
        personnel_types=_personnel_types(given),
        effective_from=_day(given, "effective_from"),
        effective_until=_day(given, "effective_until"),
    )


def _check_fields(given: Object, mode: Mode) -> None:
    """Refuse what the mode would ignore: it would look as if it had counted."""
    unused = {Mode.POOL: _RATED | _BOUNDS, Mode.BASE_PLUS_POOL: _BOUNDS, Mode.RATE: frozenset[str]()}[mode]
    for name in given.names():
        if name in unused:
            raise given.refuse(
                name, f"is not used in mode {mode.value}", f"không dùng với mode {mode.value}; bỏ mục này"
            )


def _coefficients(given: Object) -> Coefficients:
    given.only(_GRADES)
    return {grade: given.decimal(grade.value, least=0, most=1_000, places=6) for grade in Grade}


def _by_type(given: Object) -> dict[str, Coefficients]:
    if not given.has("coefficients_by_type"):
        return {}
    tables = given.child("coefficients_by_type").only(PERSONNEL_TYPES)
    return {name: _coefficients(tables.child(name)) for name in tables.names()}


def _amounts(given: Object, name: str) -> dict[Grade, int]:
    if not given.has(name):
        return {}
    amounts = given.child(name).only(_GRADES)
    return {
        Grade(grade): amounts.integer(grade, least=0, most=LARGEST_MONEY)
        for grade in amounts.names()
        if not amounts.null(grade)
    }


def _equal_grades(given: Object) -> frozenset[Grade]:
    return frozenset(Grade(name) for name in _options(given, "equal_grades", _GRADES))


def _personnel_types(given: Object) -> tuple[str, ...]:
    return tuple(_options(given, "personnel_types", PERSONNEL_TYPES))


def _options(given: Object, name: str, options: frozenset[str]) -> list[str]:
    chosen = given.texts(name) if given.has(name) else []
    for index, option in enumerate(chosen):
        if option not in options:
            known = ", ".join(sorted(options))
            raise BadInput(
                f"{given.at(name)}[{index}]", f"must be one of {known}", f"phải là một trong {known}"
            )
        if option in chosen[:index]:
            raise BadInput(f"{given.at(name)}[{index}]", "given twice", "ghi hai lần; bỏ bớt một")
    return chosen


def _text(given: Object, name: str) -> str:
    return given.text(name) if given.has(name) else ""


def _texts(given: Object, name: str) -> dict[str, str]:
    if not given.has(name):
        return {}
    texts = given.child(name).only(_LANGUAGES)
    return {language: texts.text(language) for language in texts.names()}


def _day(given: Object, name: str) -> date | None:
    if not given.has(name) or given.null(name):
        return None
    text = given.text(name)
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise given.refuse(
            name, "must be a day such as 2026-03-31", "phải là ngày, ghi như 2026-03-31"
        ) from None
