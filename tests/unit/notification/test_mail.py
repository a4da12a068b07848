"""R-42: what becomes of a mail, and how it is written."""

from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.settings import BadSetting
from notification.domain import mail
from notification.domain.mail import Deferred, Mail, MailNotResendable, MailState, Refused, Sent, Unknown
from notification.domain.notice import Topic
from notification.domain.person import Person, Preferences
from notification.settings import MailServer
from notification.wire import smtp

HOA = Person("Trần Thị Hoa", "hoa@phucloi.example", "vi")
SENDER = Address("Lượng Hóa", addr_spec="kpi@phucloi.example")


def a_mail(full_name: str = HOA.full_name, subject: str = "Công bố", body: str = "Kính gửi\n") -> Mail:
    return Mail(
        mail_id="m-1",
        ward_id="phuc-loi",
        person_id="p-001",
        topic=Topic.PUBLICATION,
        full_name=full_name,
        address=HOA.email,
        subject=subject,
        body=body,
        language="vi",
        attempts=1,
        created_at=datetime(2026, 4, 1, tzinfo=UTC),
    )


def test_later_means_again_with_growing_delay_until_attempts_are_used_up() -> None:
    """R-42: for about two days, then given up."""
    tries = [mail.after(attempt, Deferred("450")) for attempt in range(1, mail.MOST_ATTEMPTS + 1)]
    delays = [delay for _, delay in tries if delay]

    assert tries[-1] == (MailState.FAILED, None)
    assert all(state is MailState.WAITING for state, _ in tries[:-1])
    assert all(one <= two for one, two in pairwise(delays))
    assert timedelta(days=1.5) < sum(delays, timedelta()) < timedelta(days=2.5)


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (Sent("250"), MailState.SENT),
        (Refused("550"), MailState.FAILED),
        (Unknown("gone"), MailState.UNCERTAIN),
    ],
)
def test_nothing_else_is_tried_again_by_itself(outcome: mail.Outcome, state: MailState) -> None:
    assert mail.after(1, outcome) == (state, None)


@pytest.mark.parametrize("state", [MailState.SENT, MailState.SENDING, MailState.SKIPPED])
def test_only_failed_and_uncertain_mails_are_sent_again(state: MailState) -> None:
    with pytest.raises(MailNotResendable):
        mail.resendable("m-1", state)


@pytest.mark.parametrize(
    ("wants", "email", "mail_on", "reason"),
    [
        (Preferences(), HOA.email, True, ""),
        (Preferences(), HOA.email, False, "mail is off"),
        (Preferences(mail_off=True), HOA.email, True, "the person wants no mail"),
        (Preferences(muted=frozenset({Topic.PAYMENT})), HOA.email, True, "the person muted this topic"),
        (Preferences(muted=frozenset({Topic.REMARKS})), HOA.email, True, ""),
        (Preferences(), "", True, "no address is known"),
        (Preferences(), "hoa@x.example\nBcc: all@x.example", True, "the address cannot be used"),
    ],
)
def test_why_no_mail_goes_out(wants: Preferences, email: str, *, mail_on: bool, reason: str) -> None:
    person = Person(HOA.full_name, email, "vi")

    assert mail.unwanted(person, wants, Topic.PAYMENT, mail_on=mail_on) == reason


@pytest.mark.parametrize("address", ["a@b.vn", "nguyen.van-a+kpi@phucloi.hanoi.gov.vn", "x@localhost"])
def test_addresses_that_can_be_used(address: str) -> None:
    assert mail.usable(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "a",
        "a@",
        "@b.vn",
        "a b@c.vn",
        "a@b",
        "a..b@c.vn",
        "a@b.vn,c@d.vn",
        "<a@b.vn>",
        "á@b.vn",
        "a@-b.vn",
    ],
)
def test_addresses_that_cannot(address: str) -> None:
    assert not mail.usable(address)


@given(st.emails())
def test_a_usable_address_is_the_one_recipient(address: str) -> None:
    if mail.usable(address):
        written = smtp.message(a_mail(), SENDER)
        del written["To"]
        written["To"] = Address("Hoa", addr_spec=address)
        assert [each.addr_spec for each in read(written.as_bytes())["To"].addresses] == [address]


def read(content: bytes) -> EmailMessage:
    found = message_from_bytes(content, policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def test_a_mail_is_plain_ascii_on_the_wire_and_vietnamese_to_read() -> None:
    content = smtp.message(a_mail(body="Kính gửi: Trần Thị Hoa\n\nLoại A\n"), SENDER).as_bytes()
    found = read(content)

    assert content.isascii()
    assert max(map(len, content.split(b"\r\n"))) <= 998
    assert found["Subject"] == "Công bố"
    assert found["From"].addresses[0].display_name == "Lượng Hóa"
    assert found["Message-ID"] == "<m-1@phucloi.example>"
    assert found.get_content().splitlines() == ["Kính gửi: Trần Thị Hoa", "", "Loại A"]


@given(st.text(max_size=300), st.text(max_size=300))
def test_no_text_becomes_a_header_or_another_recipient(name: str, subject: str) -> None:
    """What people are called and what their work is called comes from outside: it stays inside its header."""
    found = read(smtp.message(a_mail(full_name=name, subject=subject), SENDER).as_bytes())

    assert [each.addr_spec for each in found["To"].addresses] == [HOA.email]
    assert sorted(found.keys()) == [
        "Auto-Submitted",
        "Content-Language",
        "Content-Transfer-Encoding",
        "Content-Type",
        "Date",
        "From",
        "MIME-Version",
        "Message-ID",
        "Subject",
        "To",
    ]


def test_settings_of_the_mail_server() -> None:
    found = MailServer.read(
        {
            "SMTP_URL": "smtp://kpi%40x:p%3Aw@mail.example:587?starttls=1",
            "MAIL_FROM": "Lượng Hóa <kpi@x.example>",
        }
    )

    assert found
    assert (found.host, found.port, found.user, found.password) == ("mail.example", 587, "kpi@x", "p:w")
    assert (found.starttls, found.ssl) == (True, False)
    assert found.sender.addr_spec == "kpi@x.example"


def test_without_a_server_mail_is_off() -> None:
    assert MailServer.read({}) is None


@pytest.mark.parametrize(
    "environ",
    [
        {"SMTP_URL": "http://mail.example", "MAIL_FROM": "a@b.vn"},
        {"SMTP_URL": "smtp://", "MAIL_FROM": "a@b.vn"},
        {"SMTP_URL": "smtp://mail.example:port", "MAIL_FROM": "a@b.vn"},
        {"SMTP_URL": "smtp://user:secret@mail.example?starttsl=1", "MAIL_FROM": "a@b.vn"},
        {"SMTP_URL": "smtp://user:secret%E1%BA%A9@mail.example", "MAIL_FROM": "a@b.vn"},
        {"SMTP_URL": "smtp://mail.example"},
        {"SMTP_URL": "smtp://mail.example", "MAIL_FROM": "nobody"},
    ],
)
def test_a_bad_setting_names_itself_and_no_password(environ: dict[str, str]) -> None:
    with pytest.raises(BadSetting, match=r"SMTP_URL|MAIL_FROM") as told:
        MailServer.read(environ)

    assert "secret" not in str(told.value)
