"""Who is scored after whom: leaders after the people in their charge (R-16; NĐ 335/2025 Điều 15)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from scoring.domain.person import Person
from scoring.domain.unfit import Unfit


class SameIdTwice(Unfit):
    """Two people have one id."""

    vi = "mã {id} đã dùng ở {first}; mỗi người chỉ có một mã và một dòng"
    en = "the id {id} is taken by {first}; each person has one id and one entry"


class UnknownSubordinate(Unfit):
    """A leader is in charge of somebody who is not in the month."""

    vi = "không có người nào mang mã {id}; thêm người đó hoặc bỏ mã này khỏi manages"
    en = "nobody has the id {id}; add that person, or take the id out of manages"


class SubordinateTwice(Unfit):
    """A leader names one person twice."""

    vi = "mã {id} ghi hai lần; bỏ bớt một"
    en = "the id {id} is named twice; take one out"


class ChargeCycle(Unfit):
    """Somebody is, over others or directly, in his own charge."""

    vi = "quan hệ quản lý thành vòng: {cycle}; bỏ một quan hệ trong vòng này"
    en = "the people in charge form a cycle: {cycle}; take out one of these relations"


def indices(people: Sequence[Person]) -> dict[str, int]:
    """Return where each id stands.

    :raises SameIdTwice: at the second
    """
    found: dict[str, int] = {}
    for index, person in enumerate(people):
        first = found.setdefault(person.id, index)
        if first != index:
            raise SameIdTwice(place=f"people[{index}].id", id=person.id, first=f"people[{first}]")
    return found


def order(people: Sequence[Person], where: Mapping[str, int]) -> list[int]:
    """Return the indices of the people so that everybody comes after those in his charge (R-16).

    :raises UnknownSubordinate: if ``manages`` names nobody in ``people``
    :raises SubordinateTwice: if it names somebody twice
    :raises ChargeCycle: if someone would have to wait for himself, naming the cycle
    """
    leaders = [index for index, person in enumerate(people) if person.manages]
    for index in leaders:
        _check_manages(people[index], index, where)
    # 0 untouched, 1 on the path that is being followed, 2 placed.
    state = bytearray(len(people))
    placed = [index for index, person in enumerate(people) if not person.manages]
    for index in placed:
        state[index] = 2
    for leader in leaders:
        if state[leader]:
            continue
        path = [(leader, iter(people[leader].manages))]
        state[leader] = 1
        while path:
            current, remaining = path[-1]
            for id_ in remaining:
                below = where[id_]
                if state[below] == 1:
                    raise _cycle(people, [index for index, _ in path], below)
                if state[below] == 0:
                    state[below] = 1
                    path.append((below, iter(people[below].manages)))
                    break
            else:
                state[current] = 2
                placed.append(current)
                path.pop()
    return placed


def untangled(people: Sequence[Person]) -> list[Person]:
    """Return the people so that no management relation forms a cycle.

    Facts of different times may form one where each was right when it was recorded. Whoever is on a cycle
    keeps only those in his charge who are not on it with him, and names the whole circle in ``entangled``.
    """
    where = {person.id: index for index, person in enumerate(people)}
    result = list(people)
    for circle in _circles(people, where):
        ids = tuple(sorted(people[index].id for index in circle))
        for index in circle:
            manages = tuple(id_ for id_ in people[index].manages if id_ not in ids)
            result[index] = replace(people[index], manages=manages, entangled=ids)
    return result


def _circles(people: Sequence[Person], where: Mapping[str, int]) -> list[list[int]]:
    """Return the strongly connected components that hold a cycle (Tarjan's algorithm, without recursion)."""
    found: list[list[int]] = []
    number: dict[int, int] = {}
    lowest: dict[int, int] = {}
    open_: list[int] = []
    is_open: set[int] = set()

    def enter(index: int) -> tuple[int, Iterator[int]]:
        number[index] = lowest[index] = len(number)
        open_.append(index)
        is_open.add(index)
        return index, iter([where[id_] for id_ in people[index].manages if id_ in where])

    for leader in (index for index, person in enumerate(people) if person.manages):
        if leader in number:
            continue
        path = [enter(leader)]
        while path:
            current, remaining = path[-1]
            for below in remaining:
                if below not in number:
                    path.append(enter(below))
                    break
                if below in is_open:
                    lowest[current] = min(lowest[current], number[below])
            else:
                path.pop()
                if path:
                    above = path[-1][0]
                    lowest[above] = min(lowest[above], lowest[current])
                if lowest[current] == number[current]:
                    cut = open_.index(current)
                    component = open_[cut:]
                    del open_[cut:]
                    is_open.difference_update(component)
                    if len(component) > 1 or people[current].id in people[current].manages:
                        found.append(component)
    return found


def _check_manages(leader: Person, index: int, where: Mapping[str, int]) -> None:
    seen: set[str] = set()
    for position, id_ in enumerate(leader.manages):
        if id_ not in where:
            raise UnknownSubordinate(place=f"people[{index}].manages[{position}]", id=id_)
        if id_ in seen:
            raise SubordinateTwice(place=f"people[{index}].manages[{position}]", id=id_)
        seen.add(id_)


def _cycle(people: Sequence[Person], path: Sequence[int], back_to: int) -> ChargeCycle:
    round_trip = path[path.index(back_to) :]
    named = " → ".join(people[index].id for index in (*round_trip, back_to))
    return ChargeCycle(place=f"people[{min(round_trip)}].manages", cycle=named)
