"""The example's workbook as planning takes it, through its door."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from kpi.planning.v1 import planning_pb2 as pb
from support.service import Running, running

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "phuc-loi"
STORY = json.loads((EXAMPLE / "month.json").read_text("utf-8"))
CONTENT = (EXAMPLE / STORY["workbook"]).read_bytes()
WARD = {"ward_id": STORY["ward_id"], "month": STORY["month"]}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running("planning", f"sqlite:///{tmp_path_factory.mktemp('planning') / 'planning.db'}") as found:
        yield found


def take(service: Running, *roles: str, dry_run: bool = False) -> pb.ImportWorkbookResponse:
    request = pb.ImportWorkbookRequest(**WARD, file_name=STORY["workbook"], content=CONTENT, dry_run=dry_run)
    answer: pb.ImportWorkbookResponse = service.as_("van-thu", *roles).ImportWorkbook(request)
    return answer


def test_a_clerk_alone_cannot_put_its_catalogue_in_force(service: Running) -> None:
    answer = take(service, "clerk", dry_run=True)
    refused = {(each.sheet, each.column) for each in answer.errors if each.sheet == "ward"}
    assert refused == {("ward", "Quyết định danh mục")}


def test_the_whole_file_is_taken_and_every_plan_can_be_submitted_and_approved(service: Running) -> None:
    answer = take(service, "organizer")
    assert [(each.sheet, each.row, each.column, each.reason_en) for each in answer.errors[:20]] == []
    assert answer.applied

    # A plan that lacks one of the six clears is refused here.
    submitted = service.as_("van-thu", "clerk").SubmitPlans(pb.SubmitPlansRequest(**WARD, all=True)).count
    people = (
        service.as_("to-chuc", "organizer").ListPeople(pb.ListPeopleRequest(**WARD, page_size=1000)).people
    )
    approve = pb.ApprovePlansRequest(**WARD)
    approved = service.as_("to-chuc", "organizer").ApprovePlans(approve).count
    for superior in {each.superior_id for each in people} - {""}:
        approved += service.as_(superior).ApprovePlans(approve).count

    # Everybody but the one who has no work.
    assert submitted == approved == len(people) - len(STORY["not_evaluated"])
