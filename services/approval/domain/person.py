"""Who works where in a month, and who leads whom (R-1)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Self

from chassis.errors import NotFound

PERSONNEL_TYPES: Final = ("cadre", "civil_servant", "public_employee", "contract_worker")
"""Cán bộ, công chức, viên chức, người lao động (R-1)."""

MOST_NAMED = 20
"""How many people a refusal names; it counts the rest."""


class UnknownPerson(NotFound):
    """Nobody with that id works in the ward in that month, as far as is known here."""

    vi = "Không tìm thấy người có mã {person} trong tháng {month} của phường."
    en = "Nobody with id {person} works in the ward in {month}: check the id."


class UnknownUnit(NotFound):
    """The ward has no such unit, as far as is known here."""

    vi = "Phường không có đơn vị {unit}."
    en = "The ward has no unit {unit}."


@dataclass(frozen=True, slots=True)
class Unit:
    """Cơ quan, đơn vị; ``kind`` is a code such as ``party_body``, empty while the unit is unknown."""

    id: str
    name: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """A person with the main post held in the month.

    :param post: code of the post for R-2, such as ``unit_head``
    :param leads: holds a leading post (cán bộ lãnh đạo, quản lý), deputies too
    :param superior_id: direct superior; empty when nobody in the ward is
    :param quota_scope: empty for the unit
    :param active: False for somebody who left after he was decided about: his grade stays, his post
        is another's
    :param personnel_type: one of :data:`PERSONNEL_TYPES`; empty while planning has not told of it
    """

    id: str
    full_name: str
    unit_id: str
    post: str
    leads: bool = False
    superior_id: str = ""
    in_charge_ids: tuple[str, ...] = ()
    duty_group: str = ""
    quota_scope: str = ""
    active: bool = True
    personnel_type: str = ""

    def __str__(self) -> str:
        return f"{self.full_name} ({self.id})" if self.full_name else self.id


@dataclass(frozen=True, slots=True)
class Roster:
    """Everybody who works in a ward in a month, by id, and the ward's units."""

    month: str
    people: Mapping[str, Person]
    units: Mapping[str, Unit]
    _holders: Mapping[str, tuple[str, ...]] = field(repr=False)
    _in_unit: Mapping[tuple[str, str], tuple[str, ...]] = field(repr=False)

    @classmethod
    def of(cls, month: str, people: Iterable[Person], units: Iterable[Unit]) -> Self:
        """Return the roster of these people and units; a superior who is not among them is none."""
        ordered = sorted(people, key=lambda each: each.id)
        known = {each.id for each in ordered}
        by_id = {
            each.id: each if each.superior_id in known else replace(each, superior_id="") for each in ordered
        }
        holders: dict[str, tuple[str, ...]] = {}
        in_unit: dict[tuple[str, str], tuple[str, ...]] = {}
        for each in by_id.values():
            if each.active and each.post != "staff":
                key = (each.unit_id, each.post)
                holders[each.post] = (*holders.get(each.post, ()), each.id)
                in_unit[key] = (*in_unit.get(key, ()), each.id)
        return cls(month, by_id, {each.id: each for each in units}, holders, in_unit)

    def person(self, person_id: str) -> Person:
        """Return a person.

        :raises UnknownPerson: if nobody has that id
        """
        if person_id not in self.people:
            raise UnknownPerson(person=person_id, month=self.month)
        return self.people[person_id]

    def holders(self, post: str, unit_id: str = "") -> tuple[str, ...]:
        """Return who holds a leading post, in one unit or in the whole ward, by id."""
        return self._in_unit.get((unit_id, post), ()) if unit_id else self._holders.get(post, ())

    def check_unit(self, unit_id: str) -> None:
        """Refuse a unit that nobody has heard of.

        :raises UnknownUnit: if it is neither known nor anybody's
        """
        if unit_id not in self.units and all(each.unit_id != unit_id for each in self.people.values()):
            raise UnknownUnit(unit=unit_id, field="unit_id")

    def unit(self, unit_id: str) -> Unit:
        """Return a unit; one that is not known here yet has only its id."""
        return self.units.get(unit_id) or Unit(unit_id)

    def above(self, person: Person) -> frozenset[str]:
        """Return the superior, the superior's superior and so on, without the person himself."""
        found: set[str] = set()
        at = person.superior_id
        while at and at not in found:
            found.add(at)
            at = self.people[at].superior_id
        return frozenset(found - {person.id})


def named(people: Iterable[object]) -> str:
    """Return the first twenty of these people as text, and how many more there are."""
    texts = [str(each) for each in people]
    more = f" … (+{len(texts) - MOST_NAMED})" if len(texts) > MOST_NAMED else ""
    return ", ".join(texts[:MOST_NAMED]) + more
