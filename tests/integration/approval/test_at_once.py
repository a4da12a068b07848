"""Several who act at once on PostgreSQL: they take turns, and no quota is ever broken."""

import random
import threading
from collections import Counter
from collections.abc import Callable

import grpc
import pytest

from kpi.approval.v1 import approval_pb2 as pb
from support.service import refusal

from .test_steps import delegate
from .ward import MONTH, WARD, Ward, choose, literal_limit

BAND_A = [f"a-{n:02d}" for n in range(8)]
BAND_B = [f"b-{n:02d}" for n in range(10)]
DECIDERS = ("vp-truong", "uq-1", "uq-2", "uq-3")


def together(*actions: Callable[[], object]) -> list[BaseException]:
    """Run actions at the same time; return what they raised."""
    barrier = threading.Barrier(len(actions))
    raised: list[BaseException] = []

    def run(action: Callable[[], object]) -> None:
        barrier.wait(10)
        try:
            action()
        except BaseException as error:  # noqa: BLE001  # handed to the test
            raised.append(error)

    threads = [threading.Thread(target=run, args=(each,)) for each in actions]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    return raised


@pytest.fixture
def crowd(postgres_ward: Ward) -> Ward:
    """Eight of band A and ten of band B in one group, and four who may decide about them."""
    ward = postgres_ward
    ward.hear(*(ward.person(each, superior_id="vp-truong") for each in (*BAND_A, *BAND_B)))
    ward.hear(*(ward.person(each, unit_id="th") for each in DECIDERS[1:]))
    for each in DECIDERS[1:]:
        delegate(ward, "vp-truong", each)
    document = "phiếu 1"
    everybody = [*BAND_A, *BAND_B]
    from .test_steps import remarks, self_assessments

    ward.clerk.SubmitSelfAssessments(self_assessments(*everybody, document=document))
    ward.clerk.SubmitRemarks(remarks(*everybody, document=document))
    # All of band A are tied: the authority chooses each, so that every one of them can become A.
    ward.score_all({**dict.fromkeys(BAND_A, "95.00"), **dict.fromkeys(BAND_B, "80.00")})
    return ward


@pytest.mark.parametrize("seed", range(2))
def test_r21_deciders_at_once_never_break_a_quota(crowd: Ward, seed: int) -> None:
    limit = literal_limit(18)
    refusals: list[str] = []

    def decider(number: int) -> Callable[[], None]:
        def decide() -> None:
            mine = random.Random(seed * 10 + number).sample(BAND_A, len(BAND_A))
            for each in mine:
                try:
                    crowd.decide(DECIDERS[number], [choose(each, "A", "có sáng kiến")])
                except grpc.RpcError as error:
                    refusals.append(refusal(error)[1])

        return decide

    assert together(*(decider(n) for n in range(len(DECIDERS)))) == []

    holders = [each for each in BAND_A if crowd.evaluation(each).decision.grade == 1]
    assert len(holders) == limit == 3
    assert set(refusals) == {"QUOTA_BROKEN"}
    revisions = Counter((each["person_id"], each["revision"]) for each in crowd.announced("DecisionMade"))
    assert set(revisions.values()) == {1}


def test_two_who_decide_the_same_person_take_turns(crowd: Ward) -> None:
    raised = together(
        lambda: crowd.decide("vp-truong", [choose("b-00", "C", "vì")]),
        lambda: crowd.decide("uq-1", [choose("b-00", "D", "vì")]),
    )

    assert raised == []
    made = [each for each in crowd.announced("DecisionMade") if each["person_id"] == "b-00"]
    assert sorted(each["revision"] for each in made) == [1, 2]
    last = max(made, key=lambda each: each["revision"])
    assert crowd.evaluation("b-00").decision.decision_id == last["decision_id"]


def test_steps_of_one_person_at_once_lose_nothing(postgres_ward: Ward) -> None:
    ward = postgres_ward

    raised = together(*(lambda: ward.assess("vp-2") for _ in range(6)))

    assert raised == []
    revisions = sorted(int(each["revision"]) for each in ward.announced("GeneralAssessed"))
    assert revisions == [1, 2, 3, 4, 5, 6]


def test_a_decision_and_a_publication_at_once_agree(crowd: Ward) -> None:
    crowd.hear(
        *(
            crowd.person(each, active=False)
            for each in list(crowd.people)
            if each not in [*BAND_B, "vp-truong"]
        )
    )
    crowd.decide("vp-truong", [choose(each) for each in BAND_B])
    crowd.as_("ct")
    crowd.hear(crowd.score("vp-truong", "", status=2, reason="attendance", proposed_grade=0))

    together(
        lambda: crowd.publish("vp"),
        *(lambda each=each: crowd.decide("vp-truong", [choose(each, "C", "vì")]) for each in BAND_B[:5]),
    )

    if not crowd.announced("GradePublished"):
        crowd.publish("vp")
    shown = {each["person_id"]: each["decision_id"] for each in crowd.announced("GradePublished")}
    for each in BAND_B:
        assert crowd.evaluation(each).decision.decision_id == shown[each]


def test_opening_at_once_opens_once(postgres_ward: Ward) -> None:
    request = pb.OpenMonthRequest(ward_id=WARD, month="2090-11")

    raised = together(*(lambda: postgres_ward.organizer.OpenMonth(request) for _ in range(5)))

    assert raised == []
    assert [each["month"] for each in postgres_ward.announced("MonthOpened")] == [MONTH, "2090-11"]
