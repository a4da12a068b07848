"""Several people at once: nobody's change is lost, nobody overwrites what he has not seen."""

from concurrent.futures import ThreadPoolExecutor

import grpc

from kpi.planning.v1 import events_pb2 as events
from kpi.planning.v1 import planning_pb2 as pb
from support.service import refusal

from .ward import Ward, message

WRITERS = 6


def test_of_those_who_saw_the_same_plan_one_changes_it(ward: Ward) -> None:
    seen = ward.saves("an", message("T0")).revision

    def save(number: int) -> str:
        try:
            ward.saves("an", message(f"T{number}"), expected_revision=seen, by=ward.clerk)
        except grpc.RpcError as error:
            return refusal(error)[1]
        return "saved"

    with ThreadPoolExecutor(WRITERS) as pool:
        said = sorted(pool.map(save, range(1, WRITERS + 1)))
    assert said == ["PLAN_CHANGED"] * (WRITERS - 1) + ["saved"]
    assert ward.plan("an").revision == seen + 1


def test_results_of_several_tasks_at_once_are_all_kept(ward: Ward) -> None:
    ward.in_force("an", *(message(f"T{number}") for number in range(WRITERS)))

    def record(number: int) -> int:
        result = pb.TaskResult(task_id=f"T{number}", accepted="1")
        return ward.records("an", result, by=ward.clerk).revision

    with ThreadPoolExecutor(WRITERS) as pool:
        revisions = list(pool.map(record, range(WRITERS)))
    assert len(set(revisions)) == WRITERS
    assert [each.accepted for each in ward.plan("an").tasks] == ["1"] * WRITERS
    works = {each.work.revision: each.work for each in ward.events(events.ResultsRecorded)}
    assert set(works) == set(revisions)
    assert sum(line.accepted == "1" for line in works[max(works)].lines) == WRITERS


def test_the_first_plans_of_many_people_at_once(ward: Ward) -> None:
    people = ["an", "binh", "deputy", "boss", "lan", "head"]
    with ThreadPoolExecutor(len(people)) as pool:
        saved = list(pool.map(lambda who: ward.saves(who, message("T1")), people))
    assert [each.version for each in saved] == [1] * len(people)
    assert ward.submits(all=True) == len(people)


def test_two_catalogues_proposed_at_once_are_two_versions(ward: Ward) -> None:
    entry = pb.CatalogueEntry(code="A", task="Việc", output="Văn bản", complexity_group="N1", points="5")

    def propose(number: int) -> int:
        request = pb.ProposeCatalogueRequest(
            ward_id=ward.id,
            from_month="2026-05",
            standard_points="5",
            proposed_by="vp",
            entries=[entry],
        )
        version: int = ward.clerk.ProposeCatalogue(request).catalogue.version
        return version

    with ThreadPoolExecutor(WRITERS) as pool:
        assert sorted(pool.map(propose, range(WRITERS))) == list(range(2, WRITERS + 2))
