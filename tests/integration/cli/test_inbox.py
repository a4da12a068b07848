"""The command against the real notification service."""

import json
from pathlib import Path

from integration.cli.conftest import Kpi
from integration.notification import happenings as h
from support import tokens
from support.service import running


def test_a_person_reads_his_messages_and_sets_how_he_is_told(kpi: Kpi, tmp_path: Path) -> None:
    """R-42, from the event to the terminal."""
    with running("notification", f"sqlite:///{tmp_path}/notification.db") as service:
        h.happen(service.sessions, h.person("p-1", "Nguyễn Văn Minh"), h.decision("p-1"), h.payment("p-1"))
        here = {"KPI_NOTIFICATION_ADDRESS": service.address}

        listed = json.loads(kpi("inbox", "list", "--json", **here).stdout)
        topics = json.loads(kpi("inbox", "list", "--topic", "payment", "--json", **here).stdout)
        read = kpi("inbox", "read", **here)
        again = kpi("inbox", "list", "--unread", "--json", **here)
        one = kpi("inbox", "read", listed[0]["message_id"], **here)
        untouched = kpi("preferences", KPI_LANG="vi", **here)
        wanted = kpi("preferences", "--language", "en", "--no-mail", "--mute", "payment", "--json", **here)
        shown = kpi("preferences", "--unmute", "payment", "--json", **here)
        refused = kpi("mail", "list", **here)
        table = kpi("mail", "list", KPI_LANG="vi", KPI_TOKEN=tokens.token("o", "operator"), **here)
        mails = kpi(
            "mail", "list", "--state", "skipped", "--json", KPI_TOKEN=tokens.token("o", "operator"), **here
        )

    assert sorted(each["topic"] for each in listed) == ["TOPIC_DECISION", "TOPIC_PAYMENT"]
    assert [each["topic"] for each in topics] == ["TOPIC_PAYMENT"]
    assert "1.234.000 đồng" in read.stdout
    assert "91,17" not in read.stdout  # the month is not published
    assert again.stdout == "[]\n"
    assert listed[0]["body"] in one.stdout
    assert "theo hồ sơ nhân sự" in untouched.stdout
    assert "có gửi" in untouched.stdout
    assert json.loads(wanted.stdout) == {
        "language": "en",
        "mail_off": True,
        "muted_topics": ["TOPIC_PAYMENT"],
    }
    assert json.loads(shown.stdout) == {"language": "en", "mail_off": True, "muted_topics": []}
    assert refused.exit_code == 4
    assert {each["detail"] for each in json.loads(mails.stdout)} == {"mail is off"}
    assert "chưa bật gửi thư" in table.stdout
    assert "mail is off" not in table.stdout
