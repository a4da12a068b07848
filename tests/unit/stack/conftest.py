"""A made-up platform of two services, ``alpha`` and ``beta``, whose processes do as their files say."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from kpi_cli.stack import Stack

FAKE = '''
"""python -m SERVICE ROLE [BEHAVIOR]: a process that has a /ready and nothing else."""
import http.server, os, pathlib, signal, sys, threading

service, role = pathlib.Path(sys.argv[0]).stem, sys.argv[1]
behavior = sys.argv[2] if len(sys.argv) > 2 else ""
state = pathlib.Path(os.environ["FAKE_STATE"])
print(service, role, "starts", os.environ.get(f"GRPC_ADDRESS_{service.upper()}"), flush=True)
if role == "migrate":
    with (state / "migrated").open("a") as file:
        file.write(service + "\\n")
    sys.exit(3 if (state / f"{service}-cannot-migrate").exists() else 0)
assert "alpha" in (state / "migrated").read_text()
if behavior == "dies":
    sys.exit("this is why I die")
ready = threading.Event()
stopped = threading.Event()

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if behavior != "never-ready" else 503)
        self.end_headers()
        self.wfile.write(b'{"waiting_for": {"broker": "is away"}}')
    def log_message(self, *_):
        pass

host, port = os.environ["METRICS_ADDRESS"].split(":")
server = http.server.ThreadingHTTPServer((host, int(port)), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()

def stop(*_):
    print(service, role, "is asked to stop", flush=True)
    if behavior != "deaf":
        stopped.set()

signal.signal(signal.SIGTERM, stop)
while not stopped.wait(0.05):
    if behavior == "dies-later" and (state / "die").exists():
        os._exit(7)
print(service, role, "stops", flush=True)
'''


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Callable[..., Stack]]:
    """Make a stack of the given Procfile lines; everything it starts ends with the test."""
    for service in ("alpha", "beta"):
        (tmp_path / f"{service}.py").write_text(FAKE)
    with ExitStack() as stacks:

        def make(*lines: str) -> Stack:
            procfile = tmp_path / "Procfile"
            procfile.write_text("\n".join(lines))
            result = Stack(
                tmp_path / "state",
                {"PYTHONPATH": str(tmp_path), "FAKE_STATE": str(tmp_path)},
                procfile,
                "free",
                ("alpha", "beta"),
            )
            stacks.callback(result.stop)
            return result

        yield make
