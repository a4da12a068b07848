"""The mail server, as the environment states it."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.utils import parseaddr
from typing import Self
from urllib.parse import parse_qs, unquote, urlsplit

from chassis.settings import BadSetting

_PORTS = {"smtp": 25, "smtps": 465}
_QUERY = {"starttls", "ca", "timeout"}


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed over, and in whose name."""

    host: str
    port: int
    sender: Address
    """``MAIL_FROM``, such as ``Lượng Hóa <kpi@phucloi.example>``."""
    ssl: bool = False
    """``smtps://``: TLS from the first byte."""
    starttls: bool = False
    """``?starttls=1``: TLS is asked for, and without it nothing is sent."""
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    ca: str = ""
    """``?ca=/path.pem``: whom to trust instead of the system's authorities."""
    timeout_s: int = 30
    """``?timeout=30``: seconds to wait for each answer."""

    @classmethod
    def read(cls, environ: Mapping[str, str] | None = None) -> Self | None:
        """Return what ``SMTP_URL`` and ``MAIL_FROM`` say, or None where mail is off: no ``SMTP_URL``.

        ``smtp://user:password@host:587?starttls=1`` or ``smtps://user:password@host``; special characters of
        user and password are percent-encoded.

        :raises BadSetting: if either cannot be read; the password is not told
        """
        env = os.environ if environ is None else environ  # noqa: TID251
        url = env.get("SMTP_URL", "")
        if not url:
            return None
        try:
            parts = urlsplit(url)
            port = parts.port or _PORTS[parts.scheme]
            query = parse_qs(parts.query, strict_parsing=bool(parts.query))
            timeout = int(query.get("timeout", ["30"])[0])
        except (KeyError, ValueError) as error:
            raise BadSetting(_SMTP_URL) from error
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        if not parts.hostname or parts.path not in ("", "/") or set(query) - _QUERY or timeout < 1:
            raise BadSetting(_SMTP_URL)
        if not (user + password).isascii():
            raise BadSetting("SMTP_URL: user and password can hold ASCII characters only")
        return cls(
            host=parts.hostname,
            port=port,
            sender=_sender(env.get("MAIL_FROM", "")),
            ssl=parts.scheme == "smtps",
            starttls=query.get("starttls", ["0"])[0] in ("1", "true", "yes"),
            user=user,
            password=password,
            ca=query.get("ca", [""])[0],
            timeout_s=timeout,
        )


_SMTP_URL = (
    "SMTP_URL cannot be read: give smtp://host, smtp://user:password@host:587?starttls=1 or "
    "smtps://user:password@host, or leave it unset to send no mail"
)


def _sender(text: str) -> Address:
    name, address = parseaddr(text)
    try:
        found = Address(name, addr_spec=address)
    except (HeaderParseError, ValueError, IndexError) as error:
        raise BadSetting(_MAIL_FROM) from error
    if not found.domain or not found.username or not address.isascii():
        raise BadSetting(_MAIL_FROM)
    return found


_MAIL_FROM = (
    "MAIL_FROM cannot be read: give the address that mail comes from, such as Lượng Hóa <kpi@ward.example>"
)
