"""What the environment says, read once, at the start of a process."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

SERVICES = ("planning", "scoring", "approval", "reward", "notification")
"""Every service of the platform, in the order of the work. Ports are counted along it."""

EMBEDDED = "memory://"


class BadSetting(Exception):
    """A variable is missing or cannot be read; the message names it and the remedy."""


@dataclass(frozen=True, slots=True)
class Settings:
    """A process's settings; each comment names its environment variable."""

    service: str
    database_url: str
    """``DATABASE_URL_<SERVICE>``, else ``DATABASE_URL``."""
    amqp_url: str
    """``AMQP_URL``; ``memory://`` is the broker inside one process."""
    grpc_address: str
    """``GRPC_ADDRESS_<SERVICE>``, else ``GRPC_ADDRESS``: host:port to listen on."""
    metrics_address: str
    """``METRICS_ADDRESS``: host:port for /metrics, /ready and /live."""
    log_level: str
    """``LOG_LEVEL``."""
    auth_jwks: str
    """``AUTH_JWKS``: path or URL of the key set that signs tokens."""
    auth_issuer: str
    """``AUTH_ISSUER``."""
    auth_audience: str
    """``AUTH_AUDIENCE``."""
    tls_certificate: str
    """``GRPC_TLS_CERTIFICATE`` and ``GRPC_TLS_KEY``: PEM files; without them the server speaks plain text."""
    tls_key: str
    grpc_threads: int
    """``GRPC_THREADS``: calls handled at once."""
    state_dir: Path
    """``KPI_STATE``: where locks and local files are kept."""

    @property
    def embedded(self) -> bool:
        """True when the broker lives in one process with all workers and relays."""
        return self.amqp_url.startswith("memory:")

    @classmethod
    def read(cls, service: str, role: str, environ: Mapping[str, str] | None = None) -> Self:
        """Return the settings of one process.

        :param service: such as ``scoring``
        :param role: ``api``, ``worker``, ``relay`` or ``migrate``
        :raises BadSetting: if a variable is missing or wrong
        """
        env = os.environ if environ is None else environ
        index = SERVICES.index(service) if service in SERVICES else 0
        base = {"api": 9101, "worker": 9111, "relay": 9121}.get(role, 9131)
        upper = service.upper()
        database_url = env.get(f"DATABASE_URL_{upper}") or env.get("DATABASE_URL", "")
        if not database_url:
            raise BadSetting(f"DATABASE_URL_{upper} is not set: say where {service} keeps its database")
        amqp_url = env.get("AMQP_URL", "")
        if not amqp_url and role in ("worker", "relay", "migrate"):
            raise BadSetting("AMQP_URL is not set: say where RabbitMQ is, or memory:// for one machine")
        threads = env.get("GRPC_THREADS", "16")
        if not threads.isdigit() or not 1 <= int(threads) <= 256:  # noqa: PLR2004
            raise BadSetting(f"GRPC_THREADS is {threads!r}: give a whole number from 1 to 256")
        return cls(
            service=service,
            database_url=database_url,
            amqp_url=amqp_url,
            grpc_address=env.get(f"GRPC_ADDRESS_{upper}")
            or env.get("GRPC_ADDRESS", f"127.0.0.1:{50051 + index}"),
            metrics_address=env.get("METRICS_ADDRESS", f"127.0.0.1:{base + index}"),
            log_level=env.get("LOG_LEVEL", "INFO"),
            auth_jwks=env.get("AUTH_JWKS", ""),
            auth_issuer=env.get("AUTH_ISSUER", "luong-hoa"),
            auth_audience=env.get("AUTH_AUDIENCE", "luong-hoa"),
            tls_certificate=env.get("GRPC_TLS_CERTIFICATE", ""),
            tls_key=env.get("GRPC_TLS_KEY", ""),
            grpc_threads=int(threads),
            state_dir=Path(env.get("KPI_STATE", "var")),
        )
