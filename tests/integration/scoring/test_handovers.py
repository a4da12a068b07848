"""Work handed over between two plans, as planning announces it, scored on both sides (R-7, R-12, R-13)."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from chassis.days import Month
from integration.scoring.ward import MONTH, Ward
from kpi.planning.v1.events_pb2 import PlanApproved, ResultsRecorded
from planning.domain.handover import hand_over
from planning.domain.plan import PersonMonth
from planning.domain.results import Result
from planning.domain.task import Kind, Task
from planning.wire import messages

AT = datetime(2026, 5, 20, 2, tzinfo=UTC)
TEN = Task(
    task_id="T1",
    kind=Kind.PLANNED,
    name="Báo cáo",
    output="Văn bản",
    due_on=date(2026, 5, 20),
    responsibility="Chủ trì",
    authority="Trưởng phòng",
    quantity=Decimal(10),
    coefficient=Decimal(2),
)


def in_force(ward: Ward, person_id: str, quantity: int, accepted: int) -> PersonMonth:
    month = PersonMonth(ward.ward_id, person_id, Month.parse(MONTH))
    owed = month.save([replace(TEN, quantity=Decimal(quantity))]).submit().approve(by="deputy", at=AT)
    return owed.record([Result("T1", Decimal(accepted))])


def approved(month: PersonMonth) -> PlanApproved:
    return messages.plan_approved(month, "VP")


def recorded(month: PersonMonth) -> ResultsRecorded:
    return messages.results_recorded(month, "VP")


def ratios(ward: Ward) -> dict[str, tuple[str, str]]:
    ward.compute()
    return {person_id: (score.ratios.a, score.total) for person_id, score in ward.scores().items()}


@pytest.mark.parametrize("later_first", [False, True], ids=["in order", "out of order"])
def test_the_giver_still_owes_it_and_the_receiver_has_done_it(
    ward: Ward,
    later_first: bool,  # noqa: FBT001
) -> None:
    an, binh = in_force(ward, "an", 10, 6), in_force(ward, "binh", 10, 5)
    for person_id in ("an", "binh"):
        ward.tell(ward.person(person_id), ward.time(person_id), ward.assessed(person_id))
    ward.tell(recorded(an), recorded(binh))
    assert ratios(ward) == {"an": ("0.6000", "72.00"), "binh": ("0.5000", "65.00")}

    done = hand_over(
        an, binh, task_id="T1", quantity=None, reason="đi học", same_unit=True, by="deputy", at=AT
    )
    worked = done.receiver.record([Result(done.taken_id, Decimal(4))])
    told = [approved(done.giver), approved(done.receiver), recorded(worked)]
    if later_first:
        for each in reversed(told):
            ward.tell(each)
    else:
        ward.tell(*told[:2])
        # Handing over alone changes nobody's score.
        assert ratios(ward) == {"an": ("0.6000", "72.00"), "binh": ("0.5000", "65.00")}
        ward.tell(told[2])
    # Ten are still assigned to each; nine of them, four taken over, are Bình's.
    assert ratios(ward) == {"an": ("0.6000", "72.00"), "binh": ("0.9000", "93.00")}
