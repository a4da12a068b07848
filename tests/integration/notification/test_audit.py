"""What notification's commands leave in the log of changes, through the doors (R-32)."""

import json

from chassis.db import Sessions
from integration.notification import happenings as h
from kpi.notification.v1 import notification_pb2 as pb
from kpi.operations.v1 import audit_pb2
from support.service import Running


def entries(service: Running) -> list[audit_pb2.AuditEntry]:
    auditor = service.operations_as("kt", "auditor", wards=(h.WARD,))
    assert auditor.VerifyAudit(audit_pb2.VerifyAuditRequest(ward_id=h.WARD)).intact
    return list(auditor.ListAuditEntries(audit_pb2.ListAuditEntriesRequest(ward_id=h.WARD)).entries)


def test_r32_preferences_are_logged_when_they_change(service: Running, sessions: Sessions) -> None:
    h.happen(sessions, h.person("p-1"))
    wanted = pb.Preferences(language="en", muted_topics=[pb.TOPIC_PAYMENT])
    for _ in range(2):
        service.as_("p-1").SetPreferences(pb.SetPreferencesRequest(ward_id=h.WARD, preferences=wanted))

    [found] = entries(service)

    assert (found.action, found.actor_id, found.authority_id, found.subject_id) == (
        "set_preferences",
        "p-1",
        "p-1",
        "p-1",
    )
    assert json.loads(found.before) == {"language": None, "muted": []}
    assert json.loads(found.after) == {"language": "en", "muted": ["payment"]}


def test_r32_reading_is_not_logged(service: Running, sessions: Sessions) -> None:
    h.happen(sessions, h.person("p-1"), h.payment("p-1"))

    service.as_("p-1").MarkRead(pb.MarkReadRequest(ward_id=h.WARD))

    assert entries(service) == []
