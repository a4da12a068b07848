"""R-42, R-29: what lands in whose inbox, through the handlers and the gRPC door, on both databases."""

import grpc
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from chassis.db import Sessions
from integration.notification import happenings as h
from kpi.approval.v1.approval_pb2 import STEP_REMARKS, STEP_SELF_ASSESSMENT
from kpi.notification.v1 import notification_pb2 as pb
from kpi.planning.v1.causes_pb2 import CAUSE_STATE_CONFIRMED, CAUSE_STATE_REFUSED
from kpi.planning.v1.unit_plans_pb2 import UNIT_PLAN_STATE_APPROVED, UNIT_PLAN_STATE_RETURNED
from kpi.types.v1.types_pb2 import GRADE_B, GRADE_UNSPECIFIED
from notification.storage import tables
from notification.storage.rows import MailRow, MessageRow, PendingRow, PostRow
from support.service import Running, refusal


def inbox(service: Running, person_id: str, **filters: object) -> list[pb.Message]:
    reply = service.as_(person_id).ListMessages(pb.ListMessagesRequest(ward_id=h.WARD, **filters))  # type: ignore[arg-type]
    return list(reply.messages)


def topics(service: Running, person_id: str) -> list[int]:
    return sorted(each.topic for each in inbox(service, person_id))


def test_a_month_is_told_to_the_person_and_to_nobody_else(service: Running, sessions: Sessions) -> None:
    """R-42, R-29."""
    h.happen(
        sessions,
        h.ward(),
        h.person("p-boss", "Trần Thị Hoa"),
        h.person("p-1", "Nguyễn Văn Minh"),
        h.person("p-2"),
        h.plan_approved("p-1"),
        h.plan_returned("p-1"),
        h.remarks("p-1"),
        h.decision("p-1"),
        h.publication("p-1"),
        h.payment("p-1"),
    )

    found = {each.topic: each for each in inbox(service, "p-1")}
    assert sorted(found) == [1, 2, 3, 4, 5, 6]
    assert "Trần Thị Hoa" in found[pb.TOPIC_PLAN_APPROVED].body
    assert "thiếu sản phẩm" in found[pb.TOPIC_PLAN_RETURNED].body
    # what was decided is the person's from publication on.
    assert "Loại" not in found[pb.TOPIC_DECISION].body
    assert "91" not in found[pb.TOPIC_DECISION].body
    assert "Loại A" in found[pb.TOPIC_PUBLICATION].body
    assert "1.234.000 đồng" in found[pb.TOPIC_PAYMENT].body
    assert "Phường Phúc Lợi" in found[pb.TOPIC_PAYMENT].body
    assert {each.month for each in found.values()} == {"2026-03"}
    assert inbox(service, "p-2") == []
    assert inbox(service, "p-boss") == []


def test_a_cause_announced_again_is_told_once(service: Running, sessions: Sessions) -> None:
    """R-42: never twice for one cause, whatever the event's id."""
    h.happen(sessions, h.person("p-1"))
    for _ in range(2):
        h.happen(
            sessions, h.plan_approved("p-1"), h.plan_returned("p-1"), h.remarks("p-1"), h.decision("p-1"),
            h.publication("p-1"), h.payment("p-1"),
        )  # fmt: skip

    assert topics(service, "p-1") == [1, 2, 3, 4, 5, 6]
    with sessions() as session:
        assert session.query(MailRow).count() == 6


def test_a_claimed_cause_is_told_to_the_superior_and_its_answer_to_the_person(
    service: Running, sessions: Sessions
) -> None:
    """R-8, R-42: each once, however often it is announced."""
    h.happen(sessions, h.person("p-boss", "Trần Thị Hoa"), h.person("p-1", "Nguyễn Văn Minh"))
    for _ in range(2):
        h.happen(sessions, h.cause_requested("p-1", "p-boss"), h.cause_requested("p-1", ""))

    [asked] = inbox(service, "p-boss")
    assert asked.topic == pb.TOPIC_OBJECTIVE_CAUSE
    assert "Người đề nghị: Nguyễn Văn Minh" in asked.body
    assert "bão số 3" in asked.body
    assert inbox(service, "p-1") == []

    for _ in range(2):
        h.happen(sessions, h.cause_answered("p-1", CAUSE_STATE_REFUSED, "bão tan từ ngày 10"))

    [answered] = inbox(service, "p-1")
    assert answered.subject == "Không chấp nhận nguyên nhân khách quan tháng 03/2026"
    assert "Người trả lời: Trần Thị Hoa" in answered.body
    assert "Lý do: bão tan từ ngày 10" in answered.body
    h.happen(sessions, h.cause_answered("p-1", CAUSE_STATE_CONFIRMED, "đúng"))
    assert topics(service, "p-1") == [pb.TOPIC_OBJECTIVE_CAUSE] * 2


def test_a_units_plan_is_told_to_who_approves_it_and_its_answer_to_the_leaders(
    service: Running, sessions: Sessions
) -> None:
    """R-5, R-42: each once; whoever submits a plan that he approves himself knows it waits."""
    h.happen(sessions, *(h.person(each) for each in ("p-boss", "p-1", "p-2")))
    for _ in range(2):
        h.happen(
            sessions,
            h.unit_plan_submitted("p-1", "p-boss"),
            h.unit_plan_submitted("p-boss", "p-boss", version=2),
        )

    [asked] = inbox(service, "p-boss")
    assert asked.topic == pb.TOPIC_UNIT_PLAN
    assert asked.subject == "Kế hoạch tháng 03/2026 của Trường Tiểu học chờ ông/bà phê duyệt"
    assert "Người trình: Người p-1" in asked.body
    assert inbox(service, "p-1") == []

    for _ in range(2):
        h.happen(
            sessions,
            h.unit_plan_answered(UNIT_PLAN_STATE_RETURNED, "thiếu việc", "p-1", "p-2"),
            h.unit_plan_answered(UNIT_PLAN_STATE_APPROVED, "", "p-1", version=2),
        )

    returned, approved = sorted(inbox(service, "p-1"), key=lambda each: "phê duyệt lúc" in each.body)
    assert "Lý do: thiếu việc" in returned.body
    assert approved.subject == "Kế hoạch tháng 03/2026 của Trường Tiểu học đã được phê duyệt"
    assert topics(service, "p-2") == [pb.TOPIC_UNIT_PLAN]


def test_what_was_returned_is_told_to_who_corrects_it(service: Running, sessions: Sessions) -> None:
    """R-26, R-42: with the reason, each time; nobody is told where nobody in the ward corrects."""
    h.happen(sessions, *(h.person(each) for each in ("p-head", "p-boss", "p-1")))
    for _ in range(2):
        h.happen(
            sessions,
            h.evaluation_returned("p-1", STEP_SELF_ASSESSMENT),
            h.evaluation_returned("p-boss", STEP_REMARKS, 5),
            h.evaluation_returned("p-boss", STEP_REMARKS, 7),
            h.evaluation_returned("", STEP_REMARKS, 9),
        )

    [own] = inbox(service, "p-1")
    assert own.topic == pb.TOPIC_RETURNED
    assert own.subject == "Bản tự đánh giá tháng 03/2026 của ông/bà bị trả lại"
    assert "Lý do: thiếu minh chứng" in own.body
    assert "Người trả lại: Người p-head" in own.body
    remarks = inbox(service, "p-boss")
    assert [each.topic for each in remarks] == [pb.TOPIC_RETURNED] * 2
    assert all("của Người p-1 đã bị trả lại" in each.body for each in remarks)


def test_two_causes_of_one_topic_are_both_told(service: Running, sessions: Sessions) -> None:
    h.happen(sessions, h.person("p-1"), h.plan_approved("p-1", 1), h.plan_approved("p-1", 2))
    h.happen(sessions, h.payment("p-1", run_id="r-1"), h.payment("p-1", run_id="r-2"))

    assert topics(service, "p-1") == [1, 1, 6, 6]


def test_a_notice_that_comes_before_its_person_waits(service: Running, sessions: Sessions) -> None:
    """R-42: nothing is lost when events overtake each other."""
    h.happen(sessions, h.decision("p-1"), h.payment("p-1"))
    h.write_pending(sessions)
    assert inbox(service, "p-1") == []

    h.happen(sessions, h.person("p-1", "Nguyễn Văn Minh"))
    h.happen(sessions, h.decision("p-1"))
    h.write_pending(sessions)
    h.write_pending(sessions)

    found = inbox(service, "p-1")
    assert sorted(each.topic for each in found) == [pb.TOPIC_DECISION, pb.TOPIC_PAYMENT]
    assert all("Nguyễn Văn Minh" in each.body for each in found)
    with sessions() as session:
        assert session.query(PendingRow).count() == 0


def test_an_older_decision_is_no_news_after_a_later_one(service: Running, sessions: Sessions) -> None:
    """R-30: what was told last is what holds."""
    h.happen(sessions, h.person("p-1"), h.decision("p-1", 2, GRADE_B), h.decision("p-1", 1))

    [message] = inbox(service, "p-1")
    assert "lần thứ 2" in message.body


def test_not_even_whether_he_is_graded_shows_before_publication(service: Running, sessions: Sessions) -> None:
    """R-29: two decisions that differ in everything are told in the same words."""
    h.happen(sessions, h.person("p-1", "Lê An"), h.person("p-2", "Lê An"))
    h.happen(sessions, h.decision("p-1"), h.decision("p-2", grade=GRADE_UNSPECIFIED, total=""))

    [first], [second] = inbox(service, "p-1"), inbox(service, "p-2")
    assert (first.subject, first.body) == (second.subject, second.body)


def test_language_of_planning_and_of_the_person(service: Running, sessions: Sessions) -> None:
    """R-42: Vietnamese by default, English for whom planning or the person says so."""
    h.happen(sessions, h.person("p-1", language="en"), h.person("p-2"), h.person("p-3"))
    service.as_("p-2").SetPreferences(
        pb.SetPreferencesRequest(ward_id=h.WARD, preferences=pb.Preferences(language="en"))
    )
    h.happen(sessions, h.publication("p-1"), h.publication("p-2"), h.publication("p-3"))

    assert [inbox(service, each)[0].language for each in ("p-1", "p-2", "p-3")] == ["en", "en", "vi"]
    assert inbox(service, "p-1")[0].subject == "Your grade for 2026-03 was published"


def test_the_newest_post_says_how_a_person_is_called(service: Running, sessions: Sessions) -> None:
    """An older revision of a post, or an older post, arriving late changes nothing."""
    h.happen(
        sessions,
        h.person("p-1", "Tên mới", from_month="2026-03", revision=2),
        h.person("p-1", "Tên cũ", from_month="2026-03", revision=1),
        h.person("p-1", "Tên rất cũ", from_month="2025-12", revision=9),
        h.payment("p-1"),
    )

    assert "Tên mới" in inbox(service, "p-1")[0].body


def test_reading_marks_only_ones_own(service: Running, sessions: Sessions) -> None:
    """R-29."""
    h.happen(sessions, h.person("p-1"), h.person("p-2"))
    h.happen(sessions, h.decision("p-1"), h.publication("p-1"), h.publication("p-2"))
    first, second = inbox(service, "p-1")
    [other] = inbox(service, "p-2")

    ids = [first.message_id, other.message_id, "unknown"]
    reply = service.as_("p-1").MarkRead(pb.MarkReadRequest(ward_id=h.WARD, message_ids=ids))

    assert reply.count == 1
    assert [each.message_id for each in inbox(service, "p-1", unread=True)] == [second.message_id]
    assert len(inbox(service, "p-2", unread=True)) == 1
    listed = service.as_("p-1").ListMessages(pb.ListMessagesRequest(ward_id=h.WARD))
    assert listed.unread_count == 1
    assert sum(each.HasField("read_at") for each in listed.messages) == 1
    assert service.as_("p-1").MarkRead(pb.MarkReadRequest(ward_id=h.WARD)).count == 1
    assert service.as_("p-1").MarkRead(pb.MarkReadRequest(ward_id=h.WARD)).count == 0


def test_pages_show_every_message_once_newest_first(service: Running, sessions: Sessions) -> None:
    h.happen(sessions, h.person("p-1"))
    for run in range(5):
        h.happen(sessions, h.payment("p-1", run, f"r-{run}"))
    everything = inbox(service, "p-1")

    paged: list[pb.Message] = []
    token = ""
    pages = 0
    while pages == 0 or token:
        pages += 1
        reply = service.as_("p-1").ListMessages(
            pb.ListMessagesRequest(ward_id=h.WARD, page_size=2, page_token=token)
        )
        paged += reply.messages
        token = reply.next_page_token

    assert pages == 3
    assert paged == everything
    times = [each.created_at.ToNanoseconds() for each in paged]
    assert times == sorted(times, reverse=True)
    assert [each.topic for each in inbox(service, "p-1", topic=pb.TOPIC_PAYMENT)] == [6] * 5
    assert inbox(service, "p-1", topic=pb.TOPIC_DECISION) == []


def test_preferences_come_back_as_they_were_set(service: Running) -> None:
    wanted = pb.Preferences(language="en", mail_off=True, muted_topics=[pb.TOPIC_REMARKS, pb.TOPIC_PAYMENT])
    request = pb.SetPreferencesRequest(ward_id=h.WARD, preferences=wanted)

    assert service.as_("p-1").SetPreferences(request).preferences == wanted
    assert service.as_("p-1").GetPreferences(pb.GetPreferencesRequest(ward_id=h.WARD)).preferences == wanted
    other = service.as_("p-2").GetPreferences(pb.GetPreferencesRequest(ward_id=h.WARD))
    assert other.preferences == pb.Preferences()


@pytest.mark.parametrize(
    ("preferences", "reason"),
    [
        (pb.Preferences(language="fr"), "UNKNOWN_LANGUAGE"),
        (pb.Preferences(muted_topics=[pb.TOPIC_UNSPECIFIED]), "UNKNOWN_TOPIC"),
        (pb.Preferences(muted_topics=[99]), "UNKNOWN_TOPIC"),  # type: ignore[list-item]
    ],
)
def test_bad_preferences_are_refused(service: Running, preferences: pb.Preferences, reason: str) -> None:
    with pytest.raises(grpc.RpcError) as no:
        service.as_("p-1").SetPreferences(pb.SetPreferencesRequest(ward_id=h.WARD, preferences=preferences))

    assert refusal(no.value)[:2] == (grpc.StatusCode.INVALID_ARGUMENT, reason)


def test_mail_is_not_for_everybodys_eyes(service: Running) -> None:
    """R-29: addresses and fates of mails are for operators and organizers."""
    with pytest.raises(grpc.RpcError) as no:
        service.as_("p-1").ListMails(pb.ListMailsRequest(ward_id=h.WARD))

    assert no.value.code() is grpc.StatusCode.PERMISSION_DENIED


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(7)), repeated=st.lists(st.integers(0, 6), max_size=4))
def test_any_order_and_repetition_of_events_gives_the_same_inbox(
    service: Running, sessions: Sessions, order: list[int], repeated: list[int]
) -> None:
    """Events arrive late, reordered and twice: everybody is told everything once (R-42)."""
    happened = [
        h.ward(), h.person("p-1"), h.plan_approved("p-1"), h.remarks("p-1"), h.decision("p-1"),
        h.publication("p-1"), h.payment("p-1"),
    ]  # fmt: skip
    with sessions.begin() as session:
        for row in (MessageRow, MailRow, PendingRow, PostRow):
            session.execute(delete(row))

    h.happen(sessions, *(happened[each] for each in [*order, *repeated]))
    h.write_pending(sessions)

    assert topics(service, "p-1") == [1, 3, 4, 5, 6]
    assert "message" in tables.tables
