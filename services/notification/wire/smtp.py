"""Mail over SMTP, step by step, so that it is always known how far a mail got."""

import contextlib
import smtplib
import ssl
from collections.abc import Iterator
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from chassis.days import VIET_NAM
from notification.domain import formats
from notification.domain.mail import Deferred, Mail, Outcome, Refused, Sent, Unknown
from notification.settings import MailServer

TAKEN, FORWARDED, HANGS_UP = 250, 251, 421
"""Reply codes (RFC 5321, 4.2.3)."""


class Unreachable(Exception):
    """The server cannot be reached, or does not let us in: no mail is to blame."""


class Connection:
    """An open session with the mail server."""

    def __init__(self, client: smtplib.SMTP, sender: Address) -> None:
        self._client, self._sender = client, sender
        self.open = True

    def hand_over(self, mail: Mail) -> Outcome:
        """Give one mail to the server and return what became of it."""
        content = message(mail, self._sender).as_bytes()
        try:
            refusal = self._envelope(mail.address)
        except (OSError, smtplib.SMTPException) as error:
            self._lost()
            return Deferred(f"the connection broke before the text: {_told(error)}")
        if refusal:
            return refusal
        try:
            code, said = self._client.data(content)
        except smtplib.SMTPDataError as error:
            self._again(error.smtp_code)
            return _refusal(error.smtp_code, error.smtp_error)
        except (OSError, smtplib.SMTPException) as error:
            self._lost()
            return Unknown(f"the connection broke while the text was handed over: {_told(error)}")
        if code == TAKEN:
            return Sent(_line(code, said))
        self._again(code)
        return _refusal(code, said)

    def _envelope(self, address: str) -> Outcome | None:
        """Tell the server from whom and for whom; return its refusal, if it refuses."""
        code, said = self._client.mail(self._sender.addr_spec)
        if code == TAKEN:
            code, said = self._client.rcpt(address)
        if code in (TAKEN, FORWARDED):
            return None
        self._again(code)
        return _refusal(code, said)

    def _again(self, code: int) -> None:
        """Make the session ready for the next mail after a refusal; 421 means that the server hangs up."""
        if code == HANGS_UP:
            self._lost()
            return
        try:
            self._client.rset()
        except (OSError, smtplib.SMTPException):
            self._lost()

    def _lost(self) -> None:
        self.open = False
        self._client.close()


@contextlib.contextmanager
def connect(server: MailServer) -> Iterator[Connection]:
    """Open a session: TLS and login as the server's settings say.

    :raises Unreachable: if that fails; nothing was handed over
    """
    try:
        client = _opened(server)
    except (OSError, smtplib.SMTPException, ValueError) as error:
        raise Unreachable(_told(error)) from error
    connection = Connection(client, server.sender)
    try:
        yield connection
    finally:
        with contextlib.suppress(OSError, smtplib.SMTPException):
            if connection.open:
                client.quit()
        client.close()


def message(mail: Mail, sender: Address) -> EmailMessage:
    """Return a mail as it is sent. The same mail gives the same ``Message-ID``, however often it is sent."""
    result = EmailMessage(policy=SMTP)
    result["From"] = sender
    result["To"] = Address(formats.line(mail.full_name), addr_spec=mail.address)
    result["Subject"] = formats.line(mail.subject)
    result["Date"] = format_datetime(mail.created_at.astimezone(VIET_NAM))
    result["Message-ID"] = f"<{mail.mail_id}@{sender.domain}>"
    # No answering machine may answer (RFC 3834).
    result["Auto-Submitted"] = "auto-generated"
    result.set_content(mail.body, cte="quoted-printable" if mail.body.isascii() else "base64")
    result["Content-Language"] = mail.language
    return result


def _opened(server: MailServer) -> smtplib.SMTP:
    context = ssl.create_default_context(cafile=server.ca or None) if server.ssl or server.starttls else None
    client: smtplib.SMTP
    if server.ssl:
        client = smtplib.SMTP_SSL(server.host, server.port, timeout=server.timeout_s, context=context)
    else:
        client = smtplib.SMTP(server.host, server.port, timeout=server.timeout_s)
    try:
        client.ehlo_or_helo_if_needed()
        if server.starttls:
            client.starttls(context=context)
            client.ehlo()
        if server.user:
            client.login(server.user, server.password)
    except BaseException:
        client.close()
        raise
    return client


def _refusal(code: int, said: bytes | str) -> Outcome:
    return Refused(_line(code, said)) if code // 100 == 5 else Deferred(_line(code, said))  # noqa: PLR2004


def _line(code: int, said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return formats.line(f"{code} {text}")[:500]


def _told(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return _line(error.smtp_code, error.smtp_error)
    return formats.line(f"{type(error).__name__}: {error}")[:500]
