"""A mail server that asks for TLS and a password (SMTP_URL)."""

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from chassis.db import Sessions
from integration.notification import happenings as h
from integration.notification.conftest import Post
from notification import worker
from notification.settings import MailServer
from notification.storage.rows import MailRow
from support.ports import free_port
from support.service import Running


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    at = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(at - timedelta(hours=1))
        .not_valid_after(at + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "mail.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


def lets_in(server: object, session: object, envelope: object, mechanism: str, given: object) -> AuthResult:
    login, password = given.login, given.password  # type: ignore[attr-defined]
    return AuthResult(success=(login, password) == (b"kpi", b"m@t khau"), handled=False)


@pytest.fixture
def port(post: Post, certificate: Path) -> Iterator[int]:
    """A server that takes mail only after STARTTLS and a login."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    found = free_port()
    controller = Controller(
        post,
        hostname="127.0.0.1",
        port=found,
        tls_context=context,
        require_starttls=True,
        auth_required=True,
        authenticator=lets_in,
    )
    controller.start()
    yield found
    controller.stop()


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("address", "sent", "told"),
    [
        ("smtp://kpi:m%40t%20khau@127.0.0.1:{port}?starttls=1&ca={ca}", True, ""),
        ("smtp://kpi:wrong@127.0.0.1:{port}?starttls=1&ca={ca}", False, "535"),
        ("smtp://kpi:m%40t%20khau@127.0.0.1:{port}?starttls=1", False, "CERTIFICATE_VERIFY_FAILED"),
        ("smtp://127.0.0.1:{port}", False, "530"),
    ],
)
def test_mail_goes_over_tls_to_whom_we_trust(
    service: Running,
    sessions: Sessions,
    post: Post,
    port: int,
    certificate: Path,
    monkeypatch: pytest.MonkeyPatch,
    address: str,
    *,
    sent: bool,
    told: str,
) -> None:
    server = MailServer.read(
        {"SMTP_URL": address.format(port=port, ca=certificate), "MAIL_FROM": "KPI <kpi@x.example>"}
    )
    assert server
    monkeypatch.setattr(worker, "mail_server", lambda: server)
    h.happen(sessions, h.person("p-1"), h.payment("p-1"))

    h.deliver(sessions, server, h.Clock(h.AT + timedelta(days=10_000)))

    with sessions() as session:
        [mail] = session.query(MailRow).all()
    assert bool(post.taken) is sent
    assert told in mail.detail
    assert "khau" not in mail.detail
