"""The small HTTP server beside every process, also beside a worker whose threads are greenlets."""

import os
import subprocess
import sys
import urllib.error
import urllib.request

import pytest

from chassis import metrics
from support.ports import free_port, listens

pytestmark = pytest.mark.enable_socket

WORKER = """
import sys, time, urllib.request, warnings
from chassis import metrics  # imported before the patching, as by a worker
warnings.simplefilter("ignore")
import eventlet
eventlet.monkey_patch()
stop = metrics.serve(sys.argv[1])
began = time.monotonic()
for _ in range(50):
    eventlet.sleep(0.01)
print("took", time.monotonic() - began)
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
print(opener.open(f"http://{sys.argv[1]}/live", timeout=5).read().decode())
stop()
"""


def test_a_worker_is_not_held_up_by_it() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WORKER, f"127.0.0.1:{free_port()}"],
        env=dict(os.environ),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    took, live = done.stdout.splitlines()[:2]
    # Fifty naps of 10 ms; polling in the greenlets' way made it 25 s.
    assert float(took.split()[1]) < 5
    assert live == "live"


def _get(port: int, path: str) -> tuple[int, str]:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"http://127.0.0.1:{port}{path}", timeout=5) as reply:
            return reply.status, reply.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_ready_says_what_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    readiness = metrics.Readiness()
    monkeypatch.setattr(metrics, "readiness", readiness)
    port = free_port()
    stop = metrics.serve(f"127.0.0.1:{port}")
    try:
        readiness.has("start")
        assert _get(port, "/ready") == (200, '{"ready": true, "waiting_for": {}}')
        readiness.waits("broker", "is away")
        assert _get(port, "/ready") == (503, '{"ready": false, "waiting_for": {"broker": "is away"}}')
        assert _get(port, "/live") == (200, "live\n")
        assert _get(port, "/nothing")[0] == 404
        assert "# TYPE kpi_outbox_length gauge" in _get(port, "/metrics")[1]
    finally:
        stop()
    assert not listens(port)
