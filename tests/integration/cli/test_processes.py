"""The command as a process: pipes, interrupts, TLS, tables for terminals only."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent import futures
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import grpc
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from integration.cli.conftest import Kpi, Services
from kpi.approval.v1 import approval_pb2 as approval
from kpi.operations.v1 import operations_pb2 as operations
from support.waiting import eventually


def started(kpi: Kpi, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    wanted = {name: value for name, value in (kpi.environment | environment).items() if value is not None}
    inherited = {name: value for name, value in os.environ.items() if name not in kpi.environment}
    return subprocess.Popen(
        # A shell's background job ignores Ctrl-C and hands that down; a person's terminal does not. Not by
        # preexec_fn: Python's fork beside the threads of the test's gRPC server can end in a dead child.
        ["env", "--default-signal=INT", sys.executable, "-m", "kpi_cli", *arguments],
        env=inherited | wanted | {"PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def endless(request: object, context: grpc.ServicerContext) -> Iterator[operations.TailEventsResponse]:
    while context.is_active():
        yield operations.TailEventsResponse(type="kpi.approval.v1.GradePublished", body="{}" * 1000)


def test_a_reader_that_leaves_ends_the_run_quietly(services: Services, kpi: Kpi) -> None:
    services.answers["TailEvents"] = endless
    process = started(kpi, "events", "tail", "--service", "approval", "--json")
    assert process.stdout
    assert process.stderr

    assert process.stdout.readline(), process.stderr.read()
    process.stdout.close()

    assert process.wait(20) == 141
    assert process.stderr.read() == ""


def test_ctrl_c_ends_a_run_with_130(services: Services, kpi: Kpi) -> None:
    waits = []

    def quiet(request: object, context: grpc.ServicerContext) -> Iterator[operations.TailEventsResponse]:
        yield operations.TailEventsResponse(type="kpi.approval.v1.GradePublished")
        waits.append(context)
        while context.is_active():
            eventually(lambda: not context.is_active(), within=30)

    services.answers["TailEvents"] = quiet
    process = started(kpi, "events", "tail", "--service", "approval")
    assert process.stdout
    assert process.stdout.readline()

    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=20)

    assert process.returncode == 130
    assert said.strip() == "Interrupted."


def test_nothing_moves_on_standard_error_unless_it_is_a_terminal(services: Services, kpi: Kpi) -> None:
    services.answers["Publish"] = approval.PublishResponse(count=3)

    process = started(kpi, "publish", "--month", "2026-03")
    result, said = process.communicate(timeout=20)

    assert (result, said, process.returncode) == ("Grades published: 3.\n", "", 0)


def test_a_missing_locale_does_not_hurt_vietnamese(services: Services, kpi: Kpi) -> None:
    services.answers["Publish"] = approval.PublishResponse(count=3)

    process = started(kpi, "publish", "--month", "2026-03", KPI_LANG="vi", LC_ALL="C", PYTHONUTF8="0")
    result, said = process.communicate(timeout=20)

    assert (result, said) == ("Đã công bố 3 kết quả.\n", "")


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, bytes]:
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
    path = tmp_path / "ca.pem"
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return path, private


def test_tls(kpi: Kpi, certificate: tuple[Path, bytes]) -> None:
    authority, key = certificate
    secured = Services(answers={"ListMonths": approval.ListMonthsResponse()})
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=2), handlers=[secured])
    pair = [(key, authority.read_bytes())]
    port = server.add_secure_port("127.0.0.1:0", grpc.ssl_server_credentials(pair))
    server.start()
    address = {"KPI_APPROVAL_ADDRESS": f"127.0.0.1:{port}"}

    trusted = kpi("month", "list", "--json", KPI_TLS_CA=str(authority), **address)
    plain = kpi("month", "list", "--json", "--timeout", "2", **address)
    server.stop(None).wait()

    assert (trusted.exit_code, trusted.stdout) == (0, "[]\n")
    assert plain.exit_code == 6
