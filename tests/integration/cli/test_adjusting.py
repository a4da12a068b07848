"""What new decisions change after a run, from the command line (R-39)."""

from integration.cli.conftest import Kpi, Services
from kpi.reward.v1 import adjustments_pb2 as pb
from kpi.types.v1 import types_pb2 as types

RAISED = pb.Adjustment(
    person_id="p-binh",
    full_name="Bình",
    grade_before=types.GRADE_B,
    grade_after=types.GRADE_A,
    before=3_000_000,
    after=4_200_000,
    difference=1_200_000,
)


def test_it_is_shown_first_and_posted_on_a_fund(services: Services, kpi: Kpi) -> None:
    services.answers["AdjustRun"] = lambda request, _: pb.AdjustRunResponse(
        run_id="" if request.preview else f"{request.fund_id}.1", adjustments=[RAISED], payable=1_200_000
    )

    shown = kpi("run", "adjust", "f-1.1", "--ward", "phuc-loi", "--preview")
    done = kpi("run", "adjust", "f-1.1", "--ward", "phuc-loi", "--fund", "f-2")

    assert (shown.exit_code, done.exit_code) == (0, 0), done.output
    assert "4,200,000" in shown.output
    assert "Owed now: 1,200,000" in shown.output
    assert "Posted as run f-2.1: 1,200,000" in done.output
    preview, posted = services.requests("AdjustRun")
    assert (preview.run_id, preview.fund_id, preview.preview) == ("f-1.1", "", True)
    assert (posted.ward_id, posted.fund_id, posted.preview) == ("phuc-loi", "f-2", False)
    assert posted.request_id


def test_posting_names_the_fund(services: Services, kpi: Kpi) -> None:
    ran = kpi("run", "adjust", "f-1.1", "--ward", "phuc-loi")

    assert ran.exit_code != 0
    assert "--fund, --preview" in ran.output
    assert services.calls == []
