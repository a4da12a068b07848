"""Any process may die at any time in the month: started again, the month ends the same."""

import random
import threading
from pathlib import Path

import pytest

from e2e.conftest import Letters, Play, on, production_environment
from kpi_cli.stack import PROCFILE, Stack, embedded_environment, read_procfile
from support.servers import Postgres, RabbitMQ

pytestmark = pytest.mark.timeout(900)


def _disturb(stack: Stack, names: list[str], over: threading.Event) -> None:
    """Kill one process after the other and start each again, until the month is over."""
    for name in names:
        if over.is_set():
            return
        stack.kill_process(name)
        stack.start_process(name)


def test_each_of_the_fifteen_killed_once(
    embedded_month: Play, postgres: Postgres, rabbitmq: RabbitMQ, letters: Letters, tmp_path: Path
) -> None:
    names = list(read_procfile(PROCFILE))
    random.Random(20260331).shuffle(names)
    with rabbitmq.fresh_vhost() as vhost:
        environment = production_environment(
            tmp_path,
            postgres,
            vhost,
            letters.port,
            "killed",
        )
        with Stack(state=tmp_path, environment=environment, procfile=PROCFILE, ports="free") as stack:
            play, over = on(stack, tmp_path, tmp_path / "out"), threading.Event()
            killer = threading.Thread(target=_disturb, args=(stack, names, over))
            killer.start()
            try:
                play.play(tries=5)
            finally:
                over.set()
                killer.join()

            assert play.exports() == embedded_month.exports()
            assert play.told["publish"] == embedded_month.told["publish"]


def test_the_embedded_processes_killed_at_every_step(embedded_month: Play, tmp_path: Path) -> None:
    environment = embedded_environment(tmp_path)
    with Stack(state=tmp_path, environment=environment, ports="free") as stack:
        play = on(stack, tmp_path, tmp_path / "out")

        def kill(step: str) -> None:
            for name in ("embedded-workers", "embedded-api"):
                stack.kill_process(name)
                stack.start_process(name)

        play.play(before=kill, tries=3)

        assert play.exports() == embedded_month.exports()


def test_every_process_stops_within_ten_seconds(
    postgres: Postgres, rabbitmq: RabbitMQ, letters: Letters, tmp_path: Path
) -> None:
    """SIGTERM, one by one: exit code 0 and no complaint of a stop that took too long."""
    with rabbitmq.fresh_vhost() as vhost:
        environment = production_environment(
            tmp_path,
            postgres,
            vhost,
            letters.port,
            "stopped",
        )
        with Stack(state=tmp_path, environment=environment, procfile=PROCFILE, ports="free") as stack:
            for name in read_procfile(PROCFILE):
                stack.stop_process(name)
                assert "not stopped in time" not in stack.log(name), name
                assert '"stopped"' in stack.log(name), name
