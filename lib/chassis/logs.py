"""One JSON line for each thing that happened, with the id that ties a request to its events."""

import json
import logging
import sys
import traceback
import uuid
from contextvars import ContextVar
from datetime import UTC, datetime

correlation_id: ContextVar[str] = ContextVar("correlation_id", default="")
"""Travels from the gRPC call through the outbox and the broker into every handler."""

_PLAIN = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}


def new_correlation_id() -> str:
    """Return a fresh id, 32 hexadecimal digits: usable as the trace id of a ``traceparent``."""
    return uuid.uuid4().hex


class JsonLines(logging.Formatter):
    """Formats a record as one line of JSON; what is passed as ``extra`` becomes fields."""

    def __init__(self, service: str, role: str) -> None:
        super().__init__()
        self._fixed = {"service": service, "role": role}

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            **self._fixed,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if correlation := correlation_id.get():
            line["correlation_id"] = correlation
        line.update({key: value for key, value in record.__dict__.items() if key not in _PLAIN})
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["stack"] = "".join(traceback.format_exception(*record.exc_info))
        return json.dumps(line, ensure_ascii=False, default=str)


def configure(service: str, role: str, level: str) -> None:
    """Send every log line of this process to standard error as JSON."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines(service, role))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    # The broker's client tells every frame at INFO; a refused connection is told by the bus itself.
    for noisy in ("amqp", "kombu", "nameko", "alembic.runtime.plugins", "alembic.runtime.migration"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
