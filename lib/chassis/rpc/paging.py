"""Lists by pages (AIP-158): a token says after which key to go on, and for which question."""

import base64
import binascii
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from google.protobuf.message import Message

from chassis.errors import Invalid

_DIGEST = 12


class BadPageSize(Invalid):
    """A page holds no fewer than 0 entries."""

    vi = "page_size không được âm."
    en = "page_size is below 0: leave it out, or give a whole number from 1."


class BadPageToken(Invalid):
    """A page token goes on with the list it came from, with the same filters."""

    vi = "page_token không hợp lệ hoặc thuộc về một danh sách khác: hãy bắt đầu lại từ trang đầu."
    en = "page_token is malformed or belongs to another list: begin again without it."


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list is asked for."""

    size: int
    """How many entries to answer with; ask the database for one more to know whether there are more."""
    after: tuple[str, ...] | None
    """The key of the last entry of the page before, or ``None`` for the first page."""
    _question: bytes

    @classmethod
    def of(cls, request: Message, *, default: int, most: int) -> Self:
        """Return the page that a request with ``page_size`` and ``page_token`` asks for.

        :raises BadPageSize: if the size is below 0
        :raises BadPageToken: if the token is not from this list with these filters
        """
        asked: Any = request
        if asked.page_size < 0:
            raise BadPageSize(field="page_size")
        size = min(asked.page_size or default, most)
        filters: Any = type(request)()
        filters.CopyFrom(request)
        filters.ClearField("page_token")
        filters.ClearField("page_size")
        name = request.DESCRIPTOR.full_name.encode()
        question = name + b"\0" + filters.SerializeToString(deterministic=True)
        after = _opened(asked.page_token, question) if asked.page_token else None
        return cls(size, after, question)

    def after_instant(self) -> tuple[datetime, str] | None:
        """Return the instant and id that key the last entry of the page before, in a list ordered by time.

        :raises BadPageToken: if the token's key is another
        """
        if self.after is None:
            return None
        try:
            at, entry_id = self.after
            return datetime.fromisoformat(at), entry_id
        except ValueError as error:
            raise BadPageToken(field="page_token") from error

    def token(self, last_key: Sequence[str]) -> str:
        """Return the token of the page that follows the entry with that key."""
        key = json.dumps(list(last_key), ensure_ascii=False, separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(_digest(self._question, key) + key).decode().rstrip("=")


def _digest(question: bytes, key: bytes) -> bytes:
    # A seal against mistakes, not a secret: every page asks for the caller's rights anew.
    return hashlib.sha256(question + b"\0" + key).digest()[:_DIGEST]


def _opened(token: str, question: bytes) -> tuple[str, ...]:
    try:
        sealed = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        key = sealed[_DIGEST:]
        if sealed[:_DIGEST] != _digest(question, key):
            raise BadPageToken(field="page_token")
        return tuple(json.loads(key))
    except (binascii.Error, ValueError) as error:
        raise BadPageToken(field="page_token") from error
