"""Starts and stops a service's processes. Each loads only its own half: eventlet and grpcio never meet.

============================  =====================================================================
``python -m <service> api``      answers gRPC calls
``python -m <service> worker``   handles events, runs timers
``python -m <service> relay``    sends the outbox to the broker
``python -m <service> migrate``  brings the database and the broker's queues to this version
``python -m chassis embedded-api``       all five apis in one process
``python -m chassis embedded-workers``   all five workers and relays in one process, broker included
============================  =====================================================================

Every process waits for what it needs with growing pauses and says what it waits for, is ready when ``/ready``
says so, and on SIGTERM or SIGINT finishes what it has begun and exits within ten seconds.
"""

import importlib
import logging
import os
import random
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from chassis import logs, metrics
from chassis.settings import SERVICES, BadSetting, Settings

log = logging.getLogger(__name__)

STOP_WITHIN_S = 10.0
"""The whole of a stop; what still runs then is given up, and its transaction rolls back."""
GRACE_S = 8.0
"""Of which the calls and handlers under way have this much."""
LONGEST_PAUSE_S = 5.0
ROLES = ("api", "worker", "relay", "migrate")


def main(service: str, arguments: Sequence[str] | None = None) -> None:
    """Run the process that the command line names; exits the interpreter."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if len(given) != 1 or given[0] not in ROLES:
        sys.exit(f"usage: python -m {service} {' | '.join(ROLES)}")
    _run(given[0], [service])


def embedded(arguments: Sequence[str]) -> None:
    """Run one of the two processes of the embedded stack; exits the interpreter."""
    _run({"embedded-api": "api", "embedded-workers": "workers"}[arguments[0]], list(SERVICES))


def _run(role: str, services: list[str]) -> None:
    name = services[0] if len(services) == 1 else "embedded"
    setting_role = "worker" if role == "workers" else role
    if role in ("worker", "workers"):
        # psycopg's own wait would stop every greenlet: it does not notice eventlet.
        os.environ["PSYCOPG_WAIT_FUNC"] = "wait_selector"
        import warnings

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import eventlet
        eventlet.monkey_patch()
    try:
        settings = [Settings.read(each, setting_role) for each in services]
    except BadSetting as error:
        sys.exit(f"{name} {role}: {error}")
    logs.configure(name, role, settings[0].log_level)
    stop = threading.Event()
    stopping: list[float] = []

    def asked_to_stop(number: int, frame: Any) -> None:
        if not stopping:
            stopping.append(time.monotonic())
            _last_resort()
        stop.set()

    signal.signal(signal.SIGTERM, asked_to_stop)
    signal.signal(signal.SIGINT, asked_to_stop)
    code = 0
    try:
        if role == "migrate":
            _migrate(settings[0], stop)
        else:
            stop_metrics = metrics.serve(settings[0].metrics_address)
            {"api": _api, "worker": _workers, "workers": _workers, "relay": _relay}[role](settings, stop)
            stop_metrics()
    except OSError as error:
        log.error("cannot run", extra={"error": str(error)})  # noqa: TRY400  # the message says it all
        code = 1
    except Exception:
        log.exception("died of an unexpected failure")
        code = 1
    if stopping:
        log.info("stopped", extra={"seconds": round(time.monotonic() - stopping[0], 3)})
    logging.shutdown()
    # Threads of libraries (a broker's heartbeat, a pool) must not keep a process that is done.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _last_resort() -> None:
    """Exit hard when stopping takes longer than allowed: what was not committed rolls back.

    An alarm of the kernel, not a thread: the signal may find eventlet's hub running, where nothing may wait
    for a thread to start (nor for the lock of a log).
    """

    def give_up(number: int, frame: Any) -> None:
        os.write(2, b'{"level": "error", "message": "not stopped in time: giving up what still runs"}\n')
        os._exit(70)

    signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, STOP_WITHIN_S - 0.5)


def _migrate(settings: Settings, stop: threading.Event) -> None:
    from chassis import db, migrations
    from chassis.bus import lost

    _wait(
        f"database of {settings.service}",
        lambda: migrations.migrate(settings.service, settings.database_url),
        stop,
    )
    if not settings.embedded:
        sessions = db.sessions(settings.database_url)
        _wait("broker", lambda: lost.declare(settings.amqp_url, _worker(settings.service), sessions), stop)
    log.info("migrated")


def _api(many: list[Settings], stop: threading.Event) -> None:
    from chassis import auth, db, operations, rpc

    served = []
    for settings in many:
        _wait_for_schema(settings, stop)
        if stop.is_set():
            return
        if not settings.auth_jwks:
            raise OSError("AUTH_JWKS is not set: say where the key set that signs tokens is (file or URL)")
        register = importlib.import_module(f"{settings.service}.api").register
        sessions = db.sessions(settings.database_url, pool_size=settings.grpc_threads)
        keys = auth.Keys(settings.auth_jwks, issuer=settings.auth_issuer, audience=settings.auth_audience)

        def both(server: Any, register: Any = register, service: str = settings.service) -> None:
            register(server)
            operations.register(server, service)

        tls = None
        if settings.tls_certificate:
            tls = (Path(settings.tls_certificate), Path(settings.tls_key))
        served.append(
            rpc.serve(
                both,
                service=settings.service,
                sessions=sessions,
                keys=keys,
                address=settings.grpc_address,
                threads=settings.grpc_threads,
                tls=tls,
            )
        )
        log.info("serving", extra={"serves": settings.service, "address": settings.grpc_address})
    _ready()
    stop.wait()
    metrics.readiness.waits("stop", "stopping")
    enders = [threading.Thread(target=each.stop, args=(GRACE_S,)) for each in served]
    for ender in enders:
        ender.start()
    for ender in enders:
        ender.join()


def _workers(many: list[Settings], stop: threading.Event) -> None:
    from chassis import bus

    for settings in many:
        _wait_for_schema(settings, stop)
    _wait("broker", lambda: bus.reach(many[0].amqp_url), stop)
    if stop.is_set():
        return
    runner = bus.start([(_worker(each.service), each) for each in many])
    relays: list[threading.Thread] = []
    if many[0].embedded:
        relays = [_relay_thread(each, stop) for each in many]
    _ready()
    while not stop.wait(0.2) and all(each.is_alive() for each in relays) and runner.alive():
        pass
    died = not stop.is_set()
    metrics.readiness.waits("stop", "stopping")
    stop.set()
    runner.stop(GRACE_S)
    for each in relays:
        each.join(GRACE_S)
    if died:
        raise OSError("a worker or relay died: see the lines above")


def _relay(many: list[Settings], stop: threading.Event) -> None:
    _wait_for_schema(many[0], stop)
    if stop.is_set():
        return
    thread = _relay_thread(many[0], stop)
    _ready()
    while thread.is_alive() and not stop.wait(0.2):
        pass
    metrics.readiness.waits("stop", "stopping")
    died = not stop.is_set()
    thread.join(GRACE_S)
    if died:
        raise OSError("the relay died: see the lines above")


def _relay_thread(settings: Settings, stop: threading.Event) -> threading.Thread:
    from chassis import db, relay

    sessions = db.sessions(settings.database_url)

    def run() -> None:
        try:
            relay.run(sessions, settings.amqp_url, stop, service=settings.service)
        except Exception:
            log.exception("the relay failed", extra={"relay": settings.service})

    thread = threading.Thread(target=run, name=f"relay-{settings.service}", daemon=True)
    thread.start()
    return thread


def _worker(service: str) -> Any:
    return getattr(importlib.import_module(f"{service}.worker"), f"{service.capitalize()}Worker")


def _wait_for_schema(settings: Settings, stop: threading.Event) -> None:
    from chassis import migrations

    _wait(
        f"database of {settings.service}",
        lambda: migrations.check(settings.service, settings.database_url),
        stop,
    )


def _wait(what: str, attempt: Callable[[], object], stop: threading.Event) -> None:
    """Try until it works or somebody stops us, with pauses that grow from 0.1 to 5 seconds."""
    pause = 0.1
    while not stop.is_set():
        try:
            attempt()
        except Exception as error:
            if not _passing(error):
                raise
            why = f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
            metrics.readiness.waits(what, why)
            log.warning("waiting for %s", what, extra={"why": why, "again_in_s": round(pause, 2)})
            stop.wait(pause * random.uniform(0.8, 1.2))  # noqa: S311
            pause = min(pause * 1.7, LONGEST_PAUSE_S)
        else:
            metrics.readiness.has(what)
            return


def _passing(error: Exception) -> bool:
    from chassis import db, migrations

    return db.unavailable(error) or isinstance(error, migrations.Behind | ConnectionError | TimeoutError)


def _ready() -> None:
    metrics.readiness.has("start")
    log.info("ready")
