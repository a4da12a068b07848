"""Tokens: EdDSA and RS256, keys from a file or a URL, keys that change."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key as generate_rsa
from jwt.algorithms import RSAAlgorithm

from chassis import auth

NOW = datetime.now(UTC)
CLAIMS: dict[str, Any] = {
    "sub": "PL-001",
    "wards": ["phuc-loi"],
    "roles": ["staff", "clerk"],
    "iss": "luong-hoa",
    "aud": "luong-hoa",
    "exp": NOW + timedelta(hours=1),
}


@pytest.fixture(scope="module")
def rsa() -> RSAPrivateKey:
    return generate_rsa(public_exponent=65537, key_size=2048)


@pytest.fixture
def jwks(rsa: RSAPrivateKey, tmp_path: Path) -> Path:
    public = json.loads(RSAAlgorithm.to_jwk(rsa.public_key())) | {"kid": "city-1", "alg": "RS256"}
    path = tmp_path / "jwks.json"
    path.write_text(json.dumps({"keys": [public]}))
    return path


def keys(source: object) -> auth.Keys:
    return auth.Keys(str(source), issuer="luong-hoa", audience="luong-hoa")


def signed(rsa: RSAPrivateKey, **changes: Any) -> str:
    claims = {key: value for key, value in (CLAIMS | changes).items() if value is not None}
    return jwt.encode(claims, rsa, algorithm="RS256", headers={"kid": "city-1"})


def test_rs256_from_a_file(rsa: RSAPrivateKey, jwks: Path) -> None:
    actor = keys(jwks).actor(signed(rsa))

    assert actor == auth.Actor("PL-001", frozenset({"phuc-loi"}), frozenset({"staff", "clerk"}))
    assert actor.covers("phuc-loi")
    assert not actor.covers("ba-dinh")


@pytest.mark.parametrize(
    "changes",
    [
        {"sub": None},
        {"sub": ""},
        {"exp": None},
        {"exp": NOW - timedelta(hours=1)},
        {"nbf": NOW + timedelta(hours=1)},
        {"iss": "somebody"},
        {"aud": "something"},
        {"wards": None},
        {"wards": "phuc-loi"},
        {"roles": None},
        {"roles": [1]},
    ],
    ids="-".join,
)
def test_a_claim_that_is_missing_or_wrong(rsa: RSAPrivateKey, jwks: Path, changes: dict[str, Any]) -> None:
    with pytest.raises(auth.Unauthenticated):
        keys(jwks).actor(signed(rsa, **changes))


def test_an_unknown_role_grants_nothing(rsa: RSAPrivateKey, jwks: Path) -> None:
    assert keys(jwks).actor(signed(rsa, roles=["root"])).roles == frozenset()


def test_other_algorithms_are_refused(rsa: RSAPrivateKey, jwks: Path) -> None:
    """A token may not choose how it is checked."""
    for token in (
        jwt.encode(CLAIMS, "", algorithm="none", headers={"kid": "city-1"}),
        jwt.encode(CLAIMS, "x" * 64, algorithm="HS256", headers={"kid": "city-1"}),
        jwt.encode(CLAIMS, generate_private_key(SECP256R1()), algorithm="ES256", headers={"kid": "city-1"}),
        jwt.encode(CLAIMS, rsa, algorithm="RS512", headers={"kid": "city-1"}),
    ):
        with pytest.raises(auth.Unauthenticated):
            keys(jwks).actor(token)


def test_a_token_that_is_too_long_is_not_even_read(jwks: Path) -> None:
    with pytest.raises(auth.Unauthenticated, match="too long"):
        keys(jwks).actor("x" * (auth.LONGEST_TOKEN + 1))


def test_the_development_key_issues_tokens_that_its_key_set_takes(tmp_path: Path) -> None:
    auth.create_key(tmp_path)
    auth.create_key(tmp_path)
    token = auth.issue(tmp_path, person_id="PL-002", wards=["*"], roles=["finance"], at=NOW)

    assert keys(tmp_path / "jwks.json").actor(token) == auth.Actor(
        "PL-002", frozenset({"*"}), frozenset({"finance"})
    )
    assert (tmp_path / "development-key.pem").stat().st_mode & 0o777 == 0o600


class _KeySet(BaseHTTPRequestHandler):
    content = b""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(type(self).content)

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def url(jwks: Path) -> Iterator[str]:
    _KeySet.content = jwks.read_bytes()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _KeySet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/jwks.json"
    server.shutdown()
    server.server_close()


@pytest.mark.enable_socket
def test_keys_from_a_url(rsa: RSAPrivateKey, url: str) -> None:
    assert keys(url).actor(signed(rsa)).person_id == "PL-001"


@pytest.mark.enable_socket
def test_a_key_server_that_is_away_admits_nobody(rsa: RSAPrivateKey) -> None:
    with pytest.raises(auth.Unauthenticated):
        keys("http://127.0.0.1:9/jwks.json").actor(signed(rsa))
