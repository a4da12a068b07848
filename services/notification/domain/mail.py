"""What may become of a mail: it is handed over at most once by itself, and never silently given up."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from chassis.errors import Blocked, NotFound
from notification.domain.notice import Topic
from notification.domain.person import Person, Preferences

MOST_ATTEMPTS = 18
"""How often a mail is tried while its server is away or says "later": for about two days."""

FIRST_DELAY = timedelta(seconds=30)
LONGEST_DELAY = timedelta(hours=6)

LONGEST_ADDRESS = 254
"""Characters (RFC 5321, 4.5.3.1)."""

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]"
_LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"


class MailState(StrEnum):
    """Where a mail stands; the value is how it is kept.

    ::

        waiting ──▶ sending ──▶ sent
           ▲           ├──▶ waiting      the server said "later", or was away
           │           ├──▶ failed       it said "never", or attempts are used up
           │           └──▶ uncertain    nobody knows: the process or the connection died meanwhile
           └── an operator resends ── failed, uncertain
    """

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    UNCERTAIN = "uncertain"
    FAILED = "failed"
    SKIPPED = "skipped"


class UnknownMail(NotFound):
    """No mail of the ward has that id."""

    vi = "Không có thư {mail_id}."
    en = "There is no mail {mail_id}."


class MailNotResendable(Blocked):
    """Only a mail that failed or whose fate is uncertain is sent again."""

    vi = "Thư {mail_id} đang ở trạng thái {state}: chỉ gửi lại thư bị lỗi hoặc chưa rõ đã gửi hay chưa."
    en = "Mail {mail_id} is {state}: only failed and uncertain mails are sent again."


@dataclass(frozen=True, slots=True)
class Sent:
    """The server took it."""

    detail: str


@dataclass(frozen=True, slots=True)
class Deferred:
    """It was not taken, and may be later: the server said 4xx, or the connection broke before the text."""

    detail: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The server will never take it: 5xx."""

    detail: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """The connection broke after the text began: the server may have it."""

    detail: str


Outcome = Sent | Deferred | Refused | Unknown


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail with its text."""

    mail_id: str
    ward_id: str
    person_id: str
    topic: Topic
    full_name: str
    address: str
    subject: str
    body: str
    language: str
    attempts: int
    """How often it was tried, the present try included."""
    created_at: datetime


@dataclass(frozen=True, slots=True)
class MailStanding:
    """Where a mail stands, without its text."""

    mail_id: str
    person_id: str
    address: str
    subject: str
    state: MailState
    attempts: int
    detail: str
    created_at: datetime
    sent_at: datetime | None


def usable(address: str) -> bool:
    """True if ``address`` can be written to: a plain ``name@host.domain`` in ASCII (RFC 5321)."""
    local, _, domain = address.rpartition("@")
    return (
        len(address) <= LONGEST_ADDRESS
        and bool(re.fullmatch(rf"(?=.{{1,64}}\Z){_ATOM}+(\.{_ATOM}+)*", local))
        and bool(re.fullmatch(rf"{_LABEL}(\.{_LABEL})+|localhost", domain))
    )


def unwanted(person: Person, wants: Preferences, topic: Topic, *, mail_on: bool) -> str:
    """Return why a mail is not sent, or nothing if it is.

    :param mail_on: False where no mail server is set
    """
    if not mail_on:
        return "mail is off"
    if wants.mail_off:
        return "the person wants no mail"
    if topic in wants.muted:
        return "the person muted this topic"
    if not person.email:
        return "no address is known"
    if not usable(person.email):
        return "the address cannot be used"
    return ""


def after(attempts: int, outcome: Outcome) -> tuple[MailState, timedelta | None]:
    """Return where a mail stands after its ``attempts``-th try, and in how long it is tried again."""
    match outcome:
        case Sent():
            return MailState.SENT, None
        case Refused():
            return MailState.FAILED, None
        case Unknown():
            return MailState.UNCERTAIN, None
        case Deferred():
            if attempts >= MOST_ATTEMPTS:
                return MailState.FAILED, None
            return MailState.WAITING, min(FIRST_DELAY * 2 ** min(attempts - 1, 20), LONGEST_DELAY)


def resendable(mail_id: str, state: MailState) -> bool:
    """True if a mail can be put up again, False if it waits already.

    :raises MailNotResendable: if it was sent, is being sent, or was never wanted
    """
    if state is MailState.WAITING:
        return False
    if state not in (MailState.FAILED, MailState.UNCERTAIN):
        raise MailNotResendable(mail_id=mail_id, state=state)
    return True
