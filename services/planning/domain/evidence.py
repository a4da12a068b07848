"""Evidence of what came of a task (minh chứng): a link or a file; withdrawn, never erased (R-8)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from chassis.days import Month
from chassis.errors import Blocked, Invalid, NotFound
from planning.domain.ids import valid
from planning.domain.problem import BadContent, Problem
from planning.domain.task import LONGEST_NAME, LONGEST_TEXT

MOST_BYTES: Final = 10 * 1024 * 1024
"""Bytes of a file."""
MOST_STANDING: Final = 20
"""Evidence of one task that is not withdrawn."""
MOST_KEPT: Final = 60
"""Evidence of one task, withdrawn ones too."""
MOST_BYTES_OF_MONTH: Final = 200 * 1024 * 1024
"""Bytes of all files of a person's month, of withdrawn ones too."""
LONGEST_LINK: Final = 2_000
LONGEST_FILE_NAME: Final = 200
_LONGEST_NUMBER: Final = 9


class UnknownEvidence(NotFound):
    """The person's month has no such evidence."""

    vi = "Không có minh chứng {evidence_id}."
    en = "There is no evidence {evidence_id}."


class NoFile(Blocked):
    """A link has no file to fetch."""

    vi = "Minh chứng {evidence_id} là đường dẫn, không có tệp."
    en = "The evidence {evidence_id} is a link and has no file: open the link."


class BadEvidence(BadContent):
    """What was handed in as evidence breaks rules."""

    vi = "Minh chứng chưa hợp lệ: {problems_vi}"
    en = "The evidence breaks rules: {problems_en}"


class TooMuchEvidence(Blocked):
    """A task has so many pieces of evidence at the most, a person's month so many bytes."""

    vi = "{place}: đã đủ {most}; hãy gộp các tệp, hoặc dùng đường dẫn."
    en = "{place}: {most} is the most there may be: join files, or give a link."


class EvidenceCited(Blocked):
    """What an authority was shown stays."""

    vi = "Minh chứng {evidence_id} được nêu trong đề nghị xác nhận nguyên nhân khách quan nên không rút được."
    en = "The evidence {evidence_id} is cited by a claim of an objective cause, so it is not withdrawn."


class WithdrawalReasonMissing(Invalid):
    """Evidence is withdrawn with a reason."""

    vi = "Cần lý do rút minh chứng, tối đa {most} ký tự."
    en = "Say why the evidence is withdrawn, in at most {most} characters."


class EvidenceDamaged(Exception):
    """Kept bytes no longer have their digest: a fault of the storage, never an answer."""


@dataclass(frozen=True, slots=True)
class File:
    """A file of evidence without its bytes."""

    name: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """One piece of evidence of a task."""

    person_id: str
    month: Month
    task_id: str
    number: int
    """Counts a task's evidence in the order in which it was attached, from 1."""
    title: str
    link: str
    file: File | None
    added_by: str
    added_at: datetime
    withdrawn_by: str = ""
    withdrawn_at: datetime | None = None
    withdrawn_reason: str = ""

    @property
    def evidence_id(self) -> str:
        """The id within the person's month."""
        return f"{self.task_id}/{self.number}"

    @property
    def stands(self) -> bool:
        """True unless it was withdrawn."""
        return self.withdrawn_at is None

    def same_as(self, other: "Evidence") -> bool:
        """True if both show the same thing: one file, or one link."""
        if self.file and other.file:
            return self.file.sha256 == other.file.sha256
        return bool(self.link) and self.link == other.link

    def withdraw(self, *, by: str, reason: str, at: datetime) -> "Evidence":
        """Mark it as withdrawn; what is marked already stays as it is.

        :raises WithdrawalReasonMissing: without a reason
        """
        if not reason or len(reason) > LONGEST_TEXT:
            raise WithdrawalReasonMissing(field="reason", most=LONGEST_TEXT)
        if not self.stands:
            return self
        return replace(self, withdrawn_by=by, withdrawn_at=at, withdrawn_reason=reason)


def number_of(evidence_id: str) -> tuple[str, int]:
    """Return the task and the number that an id is made of.

    :raises UnknownEvidence: if it is no id
    """
    task_id, slash, number = evidence_id.rpartition("/")
    counted = number.isascii() and number.isdigit() and len(number) <= _LONGEST_NUMBER
    if not slash or not valid(task_id) or not counted:
        raise UnknownEvidence(evidence_id=evidence_id[:80])
    return task_id, int(number)


def added(given: Evidence, standing: Sequence[Evidence], bytes_of_month: int) -> Evidence:
    """Return the evidence as it is attached: with its number, or the one that shows the same already.

    :param standing: all evidence of the task, withdrawn ones too, by number
    :param bytes_of_month: of all files of the person's month
    :raises TooMuchEvidence: if there would be too much
    """
    for each in standing:
        if each.stands and each.same_as(given):
            return each
    if sum(each.stands for each in standing) >= MOST_STANDING:
        raise TooMuchEvidence(place=given.task_id, most=MOST_STANDING)
    if len(standing) >= MOST_KEPT:
        raise TooMuchEvidence(place=given.task_id, most=MOST_KEPT)
    if given.file and bytes_of_month + given.file.size > MOST_BYTES_OF_MONTH:
        raise TooMuchEvidence(place=str(given.month), most=f"{MOST_BYTES_OF_MONTH // 1024**2} MiB")
    return replace(given, number=standing[-1].number + 1 if standing else 1)


def link_problems(link: str) -> Iterable[Problem]:
    """Return what is wrong with a link."""
    if len(link) > LONGEST_LINK:
        yield Problem("link", f"dài quá {LONGEST_LINK} ký tự", f"has more than {LONGEST_LINK} characters")
        return
    try:
        parts = urlsplit(link)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        secret = parts.username is not None or parts.password is not None
    except ValueError:
        good = secret = False
    if not good or any(each.isspace() for each in link):
        yield Problem(
            "link",
            "phải là địa chỉ http:// hoặc https://, không có dấu cách",
            "must be an address that begins with http:// or https://, without spaces",
        )
    elif secret:
        yield Problem(
            "link",
            "chứa tên đăng nhập hoặc mật khẩu: hãy bỏ phần trước dấu @",
            "holds a user name or password: leave out what stands before the @",
        )


def title_problems(title: str) -> Iterable[Problem]:
    """Return what is wrong with a title."""
    if len(title) > LONGEST_NAME:
        yield Problem("title", f"dài quá {LONGEST_NAME} ký tự", f"has more than {LONGEST_NAME} characters")
