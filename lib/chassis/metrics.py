"""What is counted at every door, and the small HTTP server that shows it.

``/metrics`` is Prometheus text; ``/ready`` answers 200 once the process does its work and 503 before and
while it stops; ``/live`` answers 200 while the process runs at all, whatever its neighbours do.
"""

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from prometheus_client import CONTENT_TYPE_LATEST, Counter, Gauge, Histogram, generate_latest

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

rpc_calls = Counter("kpi_rpc_calls_total", "gRPC calls answered", ["service", "method", "code"])
rpc_seconds = Histogram("kpi_rpc_seconds", "gRPC call duration", ["service", "method"], buckets=SECONDS)
events_handled = Counter(
    "kpi_events_handled_total", "Events by what became of them", ["service", "handler", "outcome"]
)
event_batch_seconds = Histogram(
    "kpi_event_batch_seconds", "Duration of one batch", ["service", "handler"], buckets=SECONDS
)
outbox_length = Gauge("kpi_outbox_length", "Events that wait in the outbox", ["service"])
outbox_age_seconds = Gauge("kpi_outbox_age_seconds", "Age of the oldest waiting event", ["service"])
relay_events = Counter(
    "kpi_relay_events_total", "Events the relay published, by outcome", ["service", "outcome"]
)
relay_blocked = Gauge("kpi_relay_blocked", "1 while the broker blocks publishers", ["service"])
queues_missing = Counter(
    "kpi_queues_missing_total", "Queues that were gone and were made again, empty", ["service", "queue"]
)
queue_down = Gauge(
    "kpi_queue_down", "1 while the broker has a queue but gives nothing from it", ["service", "queue"]
)
parked_events = Gauge("kpi_parked_events", "Parked events by state", ["service", "state"])
timer_runs = Counter("kpi_timer_runs_total", "Timer runs by outcome", ["service", "timer", "outcome"])
database_unavailable = Counter("kpi_database_unavailable_total", "Times the database was away", ["service"])


class Readiness:
    """Whether this process does its work, and what it waits for."""

    def __init__(self) -> None:
        self._waiting = {"start": "starting"}
        self._lock = threading.Lock()

    def waits(self, what: str, why: str) -> None:
        """Say that the process waits for something."""
        with self._lock:
            self._waiting[what] = why

    def has(self, what: str) -> None:
        """Say that it does not wait for it any more."""
        with self._lock:
            self._waiting.pop(what, None)

    def waiting(self) -> dict[str, str]:
        """Return what the process waits for and why; empty when it is ready."""
        with self._lock:
            return dict(self._waiting)


readiness = Readiness()


def serve(address: str) -> Callable[[], None]:
    """Serve ``/metrics``, ``/ready`` and ``/live`` on host:port from a thread; return what stops it."""
    host, _, port = address.rpartition(":")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/metrics":
                self._answer(200, CONTENT_TYPE_LATEST, generate_latest())
            elif self.path == "/ready":
                waiting = readiness.waiting()
                body = json.dumps({"ready": not waiting, "waiting_for": waiting}).encode()
                self._answer(503 if waiting else 200, "application/json", body)
            elif self.path == "/live":
                self._answer(200, "text/plain", b"live\n")
            else:
                self._answer(404, "text/plain", b"/metrics, /ready, /live\n")

        def _answer(self, code: int, content_type: str, body: bytes) -> None:
            self.send_response(code)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing: probes come every few seconds."""

    server = ThreadingHTTPServer((host, int(port)), Handler)
    server.daemon_threads = True
    server.socket.settimeout(0.2)
    stopped = threading.Event()

    def serve_until_stopped() -> None:
        # Not serve_forever: it polls through `selectors`, which eventlet does not patch, and would hold up a
        # worker's every greenlet for half a second at a time.
        while not stopped.is_set():
            try:
                request, client = server.get_request()
            except TimeoutError:
                continue
            except OSError:
                return
            server.process_request(request, client)

    thread = threading.Thread(target=serve_until_stopped, name="metrics", daemon=True)
    thread.start()

    def stop() -> None:
        stopped.set()
        thread.join(2)
        server.server_close()

    return stop
