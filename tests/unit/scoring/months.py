"""Short ways to write people and tasks down."""

from collections.abc import Iterable
from decimal import Decimal

from scoring.domain.person import Person, Role
from scoring.domain.policy import DEFAULT, Policy
from scoring.domain.quota import Scope
from scoring.domain.score import Result, Score, score_month
from scoring.domain.work import Fault, Kind, Task


def task(
    coefficient: str = "1",
    assigned: str = "1",
    accepted: str | None = None,
    *faults: Fault,
    kind: Kind = Kind.PLANNED,
) -> Task:
    return Task(
        Decimal(coefficient),
        Decimal(assigned),
        Decimal(assigned if accepted is None else accepted),
        kind,
        faults,
    )


def staff(id_: str = "p", *tasks: Task, common: str | None = "30", **changes: object) -> Person:
    """A person of unit VP who worked all of the month; one task well done unless told otherwise."""
    given: dict[str, object] = {
        "id": id_,
        "unit": "VP",
        "group": "specialist",
        "required_half_days": 44,
        "worked_half_days": 44,
        "common_score": None if common is None else Decimal(common),
        "tasks": tasks or (task(),),
    }
    return Person(**(given | changes))  # type: ignore[arg-type]


def leader(id_: str, *manages: str, common: str | None = "30", **changes: object) -> Person:
    given: dict[str, object] = {
        "role": Role.LEADER,
        "manages": manages,
        "organising": 100,
        "unity": 100,
        "group": "heads",
    }
    return staff(id_, common=common, **(given | changes))


def results(*people: Person, policy: Policy = DEFAULT, scopes: Iterable[Scope] = ()) -> dict[str, Result]:
    return {result.person_id: result for result in score_month(policy, people, tuple(scopes))}


def score(person: Person, policy: Policy = DEFAULT) -> Score:
    """The score of a person who is evaluated alone."""
    found = results(person, policy=policy)[person.id].score
    assert found is not None
    return found


def ratio(of: Score, name: str, *, capped: bool = True) -> str:
    return next(str(each.shown(capped=capped)) for each in of.ratios if each.name == name)
