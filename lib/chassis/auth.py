"""Who calls: signed tokens (JWT), and what they grant.

A token's claims: ``sub`` the person's id, ``wards`` a list of ward ids or ``["*"]``, ``roles`` a list,
``exp``; ``iss`` and ``aud`` as the settings say. Signed with EdDSA (Ed25519) or RS256 by a key of the key
set (JWKS).
"""

import json
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
from jwt.algorithms import OKPAlgorithm

from chassis import key_files

ROLES = frozenset({"staff", "clerk", "organizer", "finance", "auditor", "operator"})
ALGORITHMS = ("EdDSA", "RS256")
LONGEST_TOKEN = 8192
"""Characters; a longer one is refused before it is parsed."""
KEYS_KEPT_S = 300.0
"""How long a fetched key set is trusted before it is read again."""
TOKEN_KEPT_S = 60.0
"""How long a checked token is not checked again: a check takes 0.14 ms of processor, a tenth of a small read.
A key that was withdrawn is trusted for :data:`KEYS_KEPT_S` anyway, and its tokens are this much longer."""
TOKENS_KEPT = 4096


class Unauthenticated(Exception):
    """The call carries no valid token; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Actor:
    """The person who calls."""

    person_id: str
    wards: frozenset[str]
    roles: frozenset[str]

    def has(self, *roles: str) -> bool:
        """True if the token grants one of the roles."""
        return not self.roles.isdisjoint(roles)

    def covers(self, ward_id: str) -> bool:
        """True if the token is for that ward."""
        return "*" in self.wards or ward_id in self.wards


class Keys:
    """The key set that tokens are checked with, from a file or a URL; read again when a key is unknown."""

    def __init__(self, source: str, *, issuer: str, audience: str) -> None:
        self._source, self._issuer, self._audience = source, issuer, audience
        self._lock = threading.Lock()
        self._read_at = float("-inf")
        self._keys: dict[str, jwt.PyJWK] = {}
        self._known: dict[str, tuple[Actor, float, float]] = {}
        self._client = (
            jwt.PyJWKClient(source, cache_jwk_set=True, lifespan=KEYS_KEPT_S, timeout=5)
            if source.startswith(("http://", "https://"))
            else None
        )

    def actor(self, token: str) -> Actor:
        """Return whom a token speaks for.

        :raises Unauthenticated: if it is malformed, expired, signed by nobody known, or lacks a claim
        """
        if len(token) > LONGEST_TOKEN:
            raise Unauthenticated("the token is too long")
        if known := self._known.get(token):
            actor, until, expires = known
            if time.monotonic() < until and time.time() < expires:
                return actor
            self._known.pop(token, None)
        began = time.monotonic()
        try:
            claims = jwt.decode(
                token,
                self._key(token),
                algorithms=list(ALGORITHMS),
                issuer=self._issuer,
                audience=self._audience,
                options={"require": ["exp", "sub", "iss", "aud"]},
                leeway=30,
            )
        except (jwt.PyJWTError, OSError, ValueError) as error:
            raise Unauthenticated(str(error)) from error
        actor = _actor(claims)
        if len(self._known) >= TOKENS_KEPT:
            self._known.clear()
        self._known[token] = (actor, began + TOKEN_KEPT_S, float(claims["exp"]))
        return actor

    def _key(self, token: str) -> jwt.PyJWK:
        if self._client:
            return self._client.get_signing_key_from_jwt(token)
        key_id = str(jwt.get_unverified_header(token).get("kid", ""))
        with self._lock:
            stale = time.monotonic() - self._read_at
            if stale > KEYS_KEPT_S or (key_id not in self._keys and stale > 1):
                found = jwt.PyJWKSet.from_json(Path(self._source).read_text("utf-8"))
                self._keys = {str(each.key_id): each for each in found.keys}
                self._read_at = time.monotonic()
            if key_id not in self._keys:
                raise Unauthenticated("the token is signed by an unknown key")
            return self._keys[key_id]


def _actor(claims: Mapping[str, Any]) -> Actor:
    wards, roles = claims.get("wards"), claims.get("roles")
    if not _strings(wards) or not _strings(roles) or not isinstance(claims["sub"], str) or not claims["sub"]:
        raise Unauthenticated("the token lacks sub, wards or roles")
    return Actor(claims["sub"], frozenset(wards or ()), frozenset(roles or ()) & ROLES)


def _strings(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def create_key(folder: Path) -> None:
    """Make a local development key and its key set, unless they exist. Never for production.

    Writes ``development-key.pem`` (private, readable by the owner only) and ``jwks.json``.
    """
    private = folder / "development-key.pem"
    if private.exists() and (folder / "jwks.json").exists():
        return
    key = key_files.create(private)
    public = json.loads(OKPAlgorithm.to_jwk(key.public_key()))
    public |= {"kid": "development", "use": "sig", "alg": "EdDSA"}
    (folder / "jwks.json").write_text(json.dumps({"keys": [public]}, indent=1) + "\n", "utf-8")


def issue(
    folder: Path,
    *,
    person_id: str,
    wards: Iterable[str],
    roles: Iterable[str],
    at: datetime,
    lifetime: timedelta = timedelta(hours=12),
    issuer: str = "luong-hoa",
    audience: str = "luong-hoa",
) -> str:
    """Return a token signed by the local development key of ``folder``.

    :raises FileNotFoundError: if the folder has no such key
    """
    claims = {
        "sub": person_id,
        "wards": sorted(wards),
        "roles": sorted(roles),
        "iss": issuer,
        "aud": audience,
        "iat": at,
        "exp": at + lifetime,
    }
    private = (folder / "development-key.pem").read_bytes()
    return jwt.encode(claims, private, algorithm="EdDSA", headers={"kid": "development"})
