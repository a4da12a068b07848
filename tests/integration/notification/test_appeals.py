"""R-30, R-42: an appeal is told to whoever answers, its answer to whoever appealed, to nobody else."""

from chassis.db import Sessions
from integration.notification import happenings as h
from integration.notification.test_inbox import inbox
from kpi.approval.v1.events_pb2 import AppealAnswered, AppealSubmitted
from kpi.notification.v1 import notification_pb2 as pb
from support.service import Running


def submitted(answerer_id: str = "p-boss") -> AppealSubmitted:
    told = AppealSubmitted(
        ward_id=h.WARD,
        person_id="p-1",
        month="2026-03",
        appeal_id="k-1",
        decision_id="d-1",
        answerer_id=answerer_id,
        last_day="2026-04-07",
    )
    told.submitted_at.CopyFrom(h.timestamp())
    return told


def answered(*, upheld: bool) -> AppealAnswered:
    told = AppealAnswered(
        ward_id=h.WARD, person_id="p-1", month="2026-03", appeal_id="k-1", upheld=upheld, answered_by="p-boss"
    )
    told.answered_at.CopyFrom(h.timestamp())
    return told


def test_an_appeal_is_told_to_whoever_answers(service: Running, sessions: Sessions) -> None:
    people = (h.person("p-1", "Nguyễn Văn Minh"), h.person("p-boss", "Trần Thị Hoa"))
    h.happen(sessions, *people, submitted(), submitted())

    [told] = inbox(service, "p-boss")
    assert told.topic == pb.TOPIC_APPEAL
    assert "Người kiến nghị: Nguyễn Văn Minh" in told.body
    assert "07/04/2026" in told.body
    assert inbox(service, "p-1") == []


def test_its_answer_is_told_to_the_person(service: Running, sessions: Sessions) -> None:
    people = (h.person("p-1", "Nguyễn Văn Minh"), h.person("p-boss", "Trần Thị Hoa"))
    h.happen(sessions, *people, answered(upheld=False))

    [told] = inbox(service, "p-1")
    assert "không được chấp nhận" in told.body
    assert "Trần Thị Hoa" in told.body
    assert "chấp nhận" not in told.subject
    assert inbox(service, "p-boss") == []


def test_an_appeal_that_the_city_answers_is_told_to_nobody_here(service: Running, sessions: Sessions) -> None:
    h.happen(sessions, h.person("p-1"), submitted(answerer_id=""), answered(upheld=True))

    [told] = inbox(service, "p-1")
    assert "quyết định mới" in told.body
