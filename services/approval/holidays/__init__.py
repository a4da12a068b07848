"""Days off of public servants as JSON, one file a year.

The fields of a year::

    year, legal_basis     which year, and where the days stand
    days_off              days on which nobody works though they may be weekdays: day, name, provisional
    worked_days           Saturdays and Sundays that are worked in exchange: day, name, provisional

``provisional`` is true until the day is announced; a release with the announced days replaces the file. A
year without a file is refused: a deadline is never guessed.
"""

from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files

from approval.domain.working_days import Holiday, Year
from chassis.strict_json import Object, parse


@cache
def shipped() -> Mapping[int, Year]:
    """Return every year that this release knows."""
    found = [
        read(parse(each.read_text("utf-8")))
        for each in files(__name__).iterdir()
        if each.name.endswith(".json")
    ]
    return {each.year: each for each in found}


def read(given: Object) -> Year:
    """Read a year.

    :raises BadInput: at the first field that is wrong
    """
    given.only({"year", "legal_basis", "days_off", "worked_days"})
    year = given.integer("year", least=2000, most=2999)
    return Year(
        year=year,
        legal_basis=tuple(given.texts("legal_basis")),
        off=tuple(_holiday(each, year) for each in given.children("days_off")),
        worked=tuple(_holiday(each, year) for each in given.children("worked_days")),
    )


def _holiday(given: Object, year: int) -> Holiday:
    given.only({"day", "name", "provisional"})
    try:
        day = date.fromisoformat(given.text("day"))
    except ValueError:
        raise given.refuse("day", "must be a day such as 2026-02-16") from None
    if day.year != year:
        raise given.refuse("day", f"must be in {year}")
    return Holiday(day, given.text("name"), given.boolean("provisional"))
