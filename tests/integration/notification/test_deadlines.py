"""R-26, R-42: reminders of deadlines reach the inbox, each once, and tell superiors who is late."""

from datetime import timedelta

from chassis.db import Sessions
from integration.notification import happenings as h
from integration.notification.test_inbox import inbox
from kpi.approval.v1 import approval_pb2 as approval
from kpi.approval.v1.events_pb2 import DeadlineReminded
from kpi.notification.v1 import notification_pb2 as pb
from support.service import Running


def reminded(person_id: str, kind: approval.ReminderKind, **fields: object) -> DeadlineReminded:
    told = DeadlineReminded(
        ward_id=h.WARD,
        month="2026-03",
        person_id=person_id,
        step=approval.STEP_REMARKS,
        kind=kind,
        last_day="2026-03-25",
        count=4,
        **fields,  # type: ignore[arg-type]
    )
    told.told_at.CopyFrom(h.timestamp())
    return told


def test_each_kind_says_what_it_is_about(service: Running, sessions: Sessions) -> None:
    late = {"late_ids": ["p-1", "p-2"], "late_count": 2, "late_names": ["Nguyễn Văn Minh", "Lê Thị Lan"]}
    h.happen(
        sessions,
        h.ward(),
        *(h.person(each) for each in ("p-1", "p-boss", "p-chair")),
        reminded("p-1", approval.REMINDER_KIND_BEFORE, days_left=3),
        reminded("p-1", approval.REMINDER_KIND_PASSED),
        reminded("p-boss", approval.REMINDER_KIND_SUPERIOR, **late),
        reminded("p-chair", approval.REMINDER_KIND_ABOVE, **late),
    )

    own = {each.subject for each in inbox(service, "p-1")}
    [boss], [chair] = inbox(service, "p-boss"), inbox(service, "p-chair")
    assert own == {
        "Nhắc hạn: còn 3 ngày đến hạn nhận xét của cấp trên tháng 03/2026",
        "Đã quá hạn nhận xét của cấp trên tháng 03/2026",
    }
    assert (boss.topic, chair.topic) == (pb.TOPIC_DEADLINE, pb.TOPIC_DEADLINE)
    for each in (boss, chair):
        assert "25/03/2026" in each.body
        assert "Nguyễn Văn Minh, Lê Thị Lan" in each.body
        assert "Nguyễn" not in each.subject
    assert boss.subject != chair.subject


def test_r14_a_person_without_work_and_his_superior_are_told(service: Running, sessions: Sessions) -> None:
    """A superior who has no work himself is told both."""
    below = {"late_ids": ["p-5"], "late_count": 1, "late_names": ["Lê Thị Lan"]}
    nothing = approval.REMINDER_KIND_NOTHING_ASSIGNED
    h.happen(
        sessions,
        h.ward(),
        h.person("p-5"),
        h.person("p-head"),
        reminded("p-5", nothing, days_left=3),
        reminded("p-head", nothing, days_left=3),
        reminded("p-head", nothing, days_left=3, **below),
        reminded("p-head", nothing, days_left=3, **below),
    )

    assert [each.subject for each in inbox(service, "p-5")] == ["Ông/bà chưa được giao việc tháng 03/2026"]
    told = {each.subject: each.body for each in inbox(service, "p-head")}
    assert set(told) == {
        "Ông/bà chưa được giao việc tháng 03/2026",
        "1 người do ông/bà phụ trách chưa được giao việc tháng 03/2026",
    }
    assert "Lê Thị Lan" in told["1 người do ông/bà phụ trách chưa được giao việc tháng 03/2026"]


def test_one_cause_is_told_once_and_another_deadline_again(service: Running, sessions: Sessions) -> None:
    """An extended deadline is another cause."""
    again = reminded("p-1", approval.REMINDER_KIND_PASSED)
    later = reminded("p-1", approval.REMINDER_KIND_PASSED)
    later.last_day = "2026-03-27"
    later.told_at.CopyFrom(h.timestamp(h.AT + timedelta(days=2)))
    h.happen(sessions, h.person("p-1"), again, again, reminded("p-1", approval.REMINDER_KIND_PASSED), later)

    assert len(inbox(service, "p-1")) == 2


def test_more_than_are_named_are_counted(service: Running, sessions: Sessions) -> None:
    told = reminded(
        "p-boss",
        approval.REMINDER_KIND_SUPERIOR,
        late_count=23,
        late_names=[f"Người {number}" for number in range(20)],
    )
    h.happen(sessions, h.person("p-boss"), told)

    [message] = inbox(service, "p-boss")
    assert "Người 19 … (+3)" in message.body
