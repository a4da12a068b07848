"""Policies that one person proposes and another approves: what every service refuses alike."""

import re
from typing import Any, Final

from chassis.auth import Actor
from chassis.errors import Blocked, Forbidden, Invalid
from chassis.strict_json import plain

CITY: Final = "*"
"""The owner of what every ward inherits; a ward's own policies are owned by its id."""

LARGEST_DOCUMENT: Final = 64 * 1024
"""The most bytes of a policy."""

LONGEST_DECISION: Final = 500

_ID = re.compile(r"[a-z0-9]([a-z0-9-]{0,58}[a-z0-9])?")


class NotForTheCity(Forbidden):
    """The city's policies are for those whose token covers every ward."""

    vi = "Chính sách của thành phố chỉ do người có quyền trên mọi phường đề xuất và phê duyệt."
    en = "The city's policies are for those who may act in every ward."


class BadPolicyId(Invalid):
    """An id is short and plain."""

    vi = "{field}: {found} không phải mã chính sách; dùng chữ thường, số và gạch nối, nhiều nhất 60 ký tự."
    en = "{field}: {found} is no policy id; use lower-case letters, digits and hyphens, 60 at most."


class PolicyIdTaken(Blocked):
    """An id belongs to one owner, those of shipped policies to the product."""

    vi = "Mã chính sách {policy_id} đã thuộc về nơi khác: hãy chọn mã khác."
    en = "The policy id {policy_id} belongs to somebody else: choose another."


class BadDocument(Invalid):
    """A policy is a JSON object as the shipped ones are."""

    vi = "{field}: {problem_vi}"
    en = "{field}: {problem}"


class DecisionMissing(Invalid):
    """A policy is approved by a document."""

    vi = "{field}: ghi số văn bản, nhiều nhất 500 ký tự."
    en = "{field}: state the document's number, of 500 characters at most."


def check_may_act_for(actor: Actor, owner: str) -> None:
    """Refuse the city's policies to whose token is for some wards only.

    :raises NotForTheCity: to them
    """
    if owner == CITY and not actor.covers(CITY):
        raise NotForTheCity


def check_id(policy_id: str) -> None:
    """Refuse an id that is none.

    :raises BadPolicyId: naming it
    """
    if not _ID.fullmatch(policy_id):
        raise BadPolicyId(field="policy_id", found=repr(policy_id[:80]))


def check_decision(given: str) -> str:
    """Return the number of the document that approves.

    :raises DecisionMissing: without one, or if it is too long
    """
    decision = given.strip()
    if not 0 < len(decision) <= LONGEST_DECISION:
        raise DecisionMissing(field="decision")
    return decision


def check_size(document: str) -> None:
    """Refuse a document that is too large.

    :raises BadDocument: over :data:`LARGEST_DOCUMENT`
    """
    # A lone surrogate is refused where it stands; here it only counts.
    if len(document.encode(errors="surrogatepass")) > LARGEST_DOCUMENT:
        raise BadDocument(
            field="document",
            problem=f"more than {LARGEST_DOCUMENT} bytes",
            problem_vi=f"lớn hơn {LARGEST_DOCUMENT} byte",
        )


def read_document(document: str) -> dict[str, Any]:
    """Read a policy as it is written, to be laid over another one and kept.

    :raises BadDocument: if it is too large
    :raises BadInput: if it is no JSON object, or gives a name twice
    """
    check_size(document)
    return plain(document)
