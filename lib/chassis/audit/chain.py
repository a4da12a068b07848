"""A log whose every change shows: entries chained by SHA-256, and signed checkpoints to be kept outside.

Each entry's digest is taken over the digest before it and the entry's canonical JSON, so that altering,
removing or reordering an entry breaks the chain at that place. Whoever can write the whole table could also
write the whole chain anew, or cut its end off: that shows against a checkpoint (:class:`Checkpoint`), the
last entry's number and digest signed with Ed25519, which is kept where that person cannot write.
"""

import base64
import binascii
import dataclasses
import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum, StrEnum
from pathlib import Path
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from chassis import key_files
from chassis.settings import BadSetting

START: Final = "0" * 64
"""What stands for the digest before the first entry."""


class Problem(StrEnum):
    """What is wrong at an entry."""

    GAP = "gap"
    """Its number does not follow the one before: an entry was removed, or two were exchanged."""
    BROKEN_LINK = "broken_link"
    """It does not name the digest of the entry before."""
    ALTERED = "altered"
    """Its own digest is not that of its content."""
    CUT_OFF = "cut_off"
    """The checkpoint knows more entries than there are."""
    REWRITTEN = "rewritten"
    """The entry of the checkpoint has another digest: the chain was written anew."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One change: who did what, when, on whose authority, from which value to which.

    :param number: 1 and up, without gaps
    :param at: ISO 8601 in UTC with microseconds, as it is hashed
    :param before: canonical JSON; ``null`` for nothing, and ``after`` likewise
    :param previous: digest of the entry before, 64 hexadecimal digits
    """

    ward_id: str
    number: int
    at: str
    actor_id: str
    authority_id: str
    action: str
    subject_kind: str
    subject_id: str
    month: str
    before: str
    after: str
    previous: str = START
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """The first place where a log is not what was written."""

    number: int
    problem: Problem


@dataclass(frozen=True, slots=True)
class Verified:
    """What a verification found; ``number`` and ``digest`` are the last entry's."""

    number: int
    digest: str
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Where a log stood: kept outside, it shows what was cut off or written anew since.

    :param at: ISO 8601 in UTC
    :param signature: Ed25519 over the canonical JSON of ward, number, digest, time and service; base64
    :param public_key: base64 of its 32 bytes
    :param service: whose log; empty in one that was signed before services were named, and then not signed
    """

    ward_id: str
    number: int
    digest: str
    at: str
    signature: str = ""
    public_key: str = ""
    service: str = ""


def canonical(value: object) -> str:
    """Return the one JSON text of a value: sorted names, no spaces, decimals and instants as text.

    Dataclasses are objects, enumerations their values, sets sorted lists.

    :raises TypeError: for a binary float and for what has no JSON
    """
    return json.dumps(_plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def instant(at: datetime) -> str:
    """Return an instant as it is hashed: ISO 8601 in UTC with microseconds."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def digest(entry: Entry) -> str:
    """Return the digest of an entry: SHA-256 over the digest before and the canonical JSON of the content."""
    content = {each.name: getattr(entry, each.name) for each in dataclasses.fields(entry)}
    del content["previous"], content["digest"]
    return hashlib.sha256(bytes.fromhex(entry.previous) + canonical(content).encode()).hexdigest()


def chained(entry: Entry, *, number: int, previous: str) -> Entry:
    """Return an entry at its place in a chain."""
    placed = dataclasses.replace(entry, number=number, previous=previous)
    return dataclasses.replace(placed, digest=digest(placed))


def verify(entries: Iterable[Entry], checkpoint: Checkpoint | None = None) -> Verified:
    """Hold a whole log, in order of its numbers, against its chain and a checkpoint; stop at the first fault.

    The checkpoint's signature is checked by :func:`signed_by` before.
    """
    number, last = 0, START
    for entry in entries:
        fault = _fault(entry, number + 1, last)
        if fault:
            return Verified(number, last, Fault(number + 1, fault))
        number, last = entry.number, entry.digest
        if checkpoint and number == checkpoint.number and last != checkpoint.digest:
            return Verified(number, last, Fault(number, Problem.REWRITTEN))
    if checkpoint and checkpoint.number > number:
        return Verified(number, last, Fault(number + 1, Problem.CUT_OFF))
    return Verified(number, last)


def signing_key(environ: Mapping[str, str] | None = None) -> Ed25519PrivateKey | None:
    """Return the key of the setting ``AUDIT_KEY``: PEM text (PKCS 8, unencrypted) or the path of such a file.

    :returns: ``None`` where nothing is set: there are no checkpoints then
    :raises BadSetting: if it is something else
    """
    given = os.environ if environ is None else environ  # read once, when the service starts
    setting = given.get("AUDIT_KEY", "")
    if not setting:
        return None
    try:
        pem = setting.encode() if setting.startswith("-----") else Path(setting).read_bytes()
        key = serialization.load_pem_private_key(pem, password=None)
    except (OSError, ValueError, TypeError) as error:
        raise BadSetting(
            "AUDIT_KEY must be an Ed25519 private key as PEM, or the path of one"
            " (openssl genpkey -algorithm ed25519 -out audit.pem)"
        ) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise BadSetting("AUDIT_KEY must be an Ed25519 key, not another kind")
    return key


def create_key(file: Path) -> None:
    """Make a key for ``AUDIT_KEY`` on a development machine, unless it exists; readable by the owner only."""
    if not file.exists():
        key_files.create(file)


def sign(
    key: Ed25519PrivateKey, *, ward_id: str, number: int, digest: str, at: datetime, service: str = ""
) -> Checkpoint:
    """Return a signed checkpoint."""
    unsigned = Checkpoint(ward_id, number, digest, instant(at), service=service)
    return dataclasses.replace(
        unsigned,
        signature=base64.b64encode(key.sign(_signed(unsigned))).decode(),
        public_key=base64.b64encode(_raw(key.public_key())).decode(),
    )


def signed_by(key: Ed25519PublicKey, checkpoint: Checkpoint) -> bool:
    """True if the checkpoint carries this key's signature; the key it names itself proves nothing."""
    try:
        key.verify(base64.b64decode(checkpoint.signature, validate=True), _signed(checkpoint))
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def _fault(entry: Entry, number: int, previous: str) -> Problem | None:
    if entry.number != number:
        return Problem.GAP
    if entry.previous != previous:
        return Problem.BROKEN_LINK
    return None if entry.digest == digest(entry) else Problem.ALTERED


def _signed(checkpoint: Checkpoint) -> bytes:
    said = {
        "ward_id": checkpoint.ward_id,
        "number": checkpoint.number,
        "digest": checkpoint.digest,
        "at": checkpoint.at,
    }
    return canonical(said | ({"service": checkpoint.service} if checkpoint.service else {})).encode()


def _raw(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def _plain(value: object) -> object:
    match value:
        case Enum():
            return _plain(value.value)
        case None | bool() | int() | str():
            return value
        case Decimal():
            return f"{value:f}"
        case datetime():
            return instant(value)
        case date():
            return value.isoformat()
        case UUID():
            return str(value)
        case Mapping():
            return {str(name): _plain(each) for name, each in value.items()}
        case frozenset() | set():
            return sorted(_plain(each) for each in value)  # type: ignore[type-var]
        case list() | tuple():
            return [_plain(each) for each in value]
        case _ if dataclasses.is_dataclass(value) and not isinstance(value, type):
            return {each.name: _plain(getattr(value, each.name)) for each in dataclasses.fields(value)}
    raise TypeError(f"{type(value).__name__} has no canonical JSON")
