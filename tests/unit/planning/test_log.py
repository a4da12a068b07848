"""What the log of changes says of a person's month: of it, what differs (R-32)."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from chassis.auth import Actor
from chassis.days import Month
from planning.domain.catalogue import Catalogue
from planning.domain.plan import PersonMonth
from planning.domain.results import Result
from planning.domain.task import Kind, Task
from planning.usecases import log

AT = datetime(2026, 3, 1, tzinfo=UTC)
EMPTY = PersonMonth("w", "an", Month(2026, 3))
DRAFT = EMPTY.save([Task("t1", Kind.PLANNED, quantity=Decimal(1)), Task("t2", Kind.EXTRA)])


def actor(person_id: str, *roles: str) -> Actor:
    return Actor(person_id, frozenset({"w"}), frozenset(roles))


def test_r32_a_first_plan_is_new_as_a_whole() -> None:
    [found] = log.plans("save_plan", [(EMPTY, DRAFT)], actor("an", "staff"))

    assert (found.action, found.subject_kind, found.subject_id, found.authority_id) == (
        "save_plan",
        "plan",
        "an",
        "",
    )
    assert found.before == {"tasks": {}}
    assert isinstance(found.after, dict)
    assert found.after["tasks"].keys() == {"t1", "t2"}


def test_r32_of_a_change_only_what_differs_is_said() -> None:
    assert DRAFT.newest
    changed = DRAFT.save([replace(DRAFT.newest.tasks[0], quantity=Decimal(2)), Task("t3", Kind.EXTRA)])

    [found] = log.plans("save_plan", [(DRAFT, changed)], actor("an", "staff"))

    assert isinstance(found.before, dict)
    assert isinstance(found.after, dict)
    assert found.before["tasks"].keys() == {"t1", "t2"}
    assert found.after["tasks"].keys() == {"t1", "t3"}
    assert (found.before["tasks"]["t1"].quantity, found.after["tasks"]["t1"].quantity) == (1, 2)


def test_r32_results_are_said_beside_a_plan_that_stays() -> None:
    recorded = replace(DRAFT, results={"t1": Result("t1", Decimal(1))}, revision=9)

    [found] = log.plans("record_results", [(DRAFT, recorded)], actor("an", "staff"))

    assert found.before == {"results": {}}
    assert found.after == {"results": {"t1": Result("t1", Decimal(1))}}


def test_r32_nothing_is_said_of_what_did_not_change() -> None:
    assert log.plans("save_plan", [(DRAFT, DRAFT)], actor("an", "staff")) == []
    same = Task("t1", Kind.EXTRA)
    assert log.different("import_unit", "unit", [("an", same, same)]) == []


def test_r32_a_clerk_writes_on_the_persons_authority_and_an_office_keeps_records() -> None:
    [found] = log.plans("save_plan", [(EMPTY, DRAFT)], actor("clerk", "clerk"))
    assert found.authority_id == "an"
    [approved] = log.plans("approve_plan", [(EMPTY, DRAFT)], actor("clerk", "clerk"), "@organizer")
    assert approved.authority_id == "@organizer"
    assert log.by_office(actor("x", "staff", "organizer")) == "@organizer"
    assert log.by_office(actor("x", "staff")) == ""


def test_r32_a_new_catalogue_carries_the_digest_of_its_entries_and_an_approval_none() -> None:
    version = Catalogue("w", 1, Month(2026, 3), Decimal(5), "vp", 0)
    [proposed] = log.catalogue("propose_catalogue", None, version, [], "@clerk")
    approved = version.approve(decision="1/QĐ", at=AT)
    [found] = log.catalogue("approve_catalogue", version, approved, [], "@organizer")

    assert isinstance(proposed.after, dict)
    assert isinstance(found.after, dict)
    assert len(proposed.after["entries"]) == 64
    assert "entries" not in found.after
    assert found.after["decision"] == "1/QĐ"
