"""Plays the month end at several sizes, beside the sum of its bare parts, and looks at every process."""

import math
import resource
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench import bare, grades
from bench.city import processes
from bench.city.quiet import Quiet
from bench.city.ward import neighbor, story
from bench.hop.measuring import carry
from bench.measuring import Figure, Results, Size
from bench.places import Places, connect
from bench.telling import tell
from chassis import auth
from kpi_cli.client import SERVICES, Caller, Platform
from kpi_cli.demo.month import Month
from kpi_cli.stack import PROCFILE, Stack, embedded_environment
from support.waiting import eventually

WARD_SIZE = 1_191
"""People in a ward, at most: 126 wards make a city of 150,000, and a ward's workbook is one file."""
EMBEDDED_WARD = 871
AT_ONCE = 3
"""Wards that act at the same moment."""

FRAME = ("outbox", "inbox", "parked", "lease", "request", "alembic_version")


class Patient(Month):
    """A month that gives every call time: what is measured here may take long on a busy machine."""

    def as_(self, person_id: str, *roles: str) -> Caller:
        """Return the services as a person calls them who has all the time in the world."""
        return self.platform.as_(self.token(person_id, roles or ("staff",)), deadline_s=3_600)


class Played(Patient):
    """A month whose steps do not wait: the bench waits for all wards together."""

    def settle(self) -> None:
        """Go on."""


def measure(places: Places, size: Size, sizes: Sequence[int] = ()) -> Results:
    """Play each size once, the smallest first, then a ward on one machine without servers."""
    results = Results()
    found = [_city(places, people) for people in sizes]
    parts = _bare(places, size)
    for each in found:
        alone = each["rows"] / parts["copy rows/s"] + each["deliveries"] / parts["hop events/s"]
        each["bare seconds"] = alone
        people = f"{each['people']:,}".replace(",", " ")
        results.compare(
            f"month end of {people} people: results recorded → allocations posted",
            "the sum of the bare parts (rows by COPY, events by bare relay and consumer)",
            "people/s",
            {
                "ours": Figure("ours", (each["people"] / each["seconds"],)),
                "bare": Figure("bare", (each["people"] / alone,)),
            },
            "bare",
            0.4,
            note="One run; the bare parts know no rule, no workbook and no right.",
        )
        spent = sum(sum(each["processor"][step].values()) for step in each["measured steps"])
        bare_spent = each["rows"] * parts["copy processor s"] + each["deliveries"] * parts["hop processor s"]
        each["processor seconds"], each["bare processor seconds"] = spent, bare_spent
        results.compare(
            f"month end of {people} people: seconds of processor in all processes, servers among them",
            "the same sum",
            "people/s of one core",
            {
                "ours": Figure("ours", (each["people"] / spent,)),
                "bare": Figure("bare", (each["people"] / bare_spent,)),
            },
            "bare",
            None,
            note="What other work on the machine cannot change.",
        )
    if len(found) > 1:
        first, last = found[0], found[-1]
        slope = math.log(last["seconds"] / first["seconds"]) / math.log(last["people"] / first["people"])
        worked = math.log(last["processor seconds"] / first["processor seconds"])
        grown = max(last["memory"][name] / first["memory"][name] for name in first["memory"])
        results.facts["city slope"] = {
            "slope": slope, "slope of processor seconds": worked / math.log(last["people"] / first["people"]),
            "target": 1.1, "largest growth of a process": grown, "target growth": 1.2,
        }  # fmt: skip
    results.facts["city"] = found
    results.facts["city bare parts"] = parts
    results.facts["embedded"] = _embedded(places)
    return results


def _city(places: Places, people: int) -> dict[str, Any]:
    """Play a city of so many people."""
    count = math.ceil(people / WARD_SIZE)
    folder = places.folder / f"city-{people}"
    folder.mkdir()
    shares = [people // count + (number < people % count) for number in range(count)]
    first: dict[int, Any] = {}
    stories = []
    for number, share in enumerate(shares):
        ward_id = f"w{number:03d}"
        stories.append(
            neighbor(first[share], ward_id, folder) if share in first else story(ward_id, share, folder)
        )
        first.setdefault(share, stories[-1])
    auth.create_key(folder)
    with places.rabbitmq.fresh_vhost() as vhost:
        names = {service: f"city{people}_{service}" for service in SERVICES}
        databases = {service: places.postgres.create_database(name) for service, name in names.items()}
        environment = {
            **{f"DATABASE_URL_{service.upper()}": url for service, url in databases.items()},
            "AMQP_URL": vhost,
            "AUTH_JWKS": str(folder / "jwks.json"),
            "KPI_STATE": str(folder),
            "LOG_LEVEL": "warning",
        }
        try:
            with Stack(state=folder, environment=environment, procfile=PROCFILE, ports="free") as stack:
                platform = Platform(stack.grpc)
                play = _Play(
                    [Played(each, platform, _token(folder), folder) for each in stories],
                    Quiet(databases),
                    {name: stack.pid(name) for name in stack.processes},
                    {"PostgreSQL": places.postgres.pid, "RabbitMQ": places.rabbitmq.pid},
                )
                play.run(preparing=True)
                before = {service: _written(url) for service, url in databases.items()}
                begun = time.perf_counter()
                play.run(preparing=False)
                seconds = time.perf_counter() - begun
                time.sleep(1.5)  # until the statistics of the last transactions are in
                after = {service: _written(url) for service, url in databases.items()}
                memory = {name: processes.peak(stack.pid(name)) for name in stack.processes}
                play.quiet.close()
                platform.close()
        finally:
            for name in names.values():
                places.postgres.drop_database(name)
    gained = {
        key: sum(after[each][key] - before[each][key] for each in SERVICES)
        for key in ("rows", "outbox", "inbox")
    }
    return {
        "people": people, "wards": count, "tasks": 15 * people, "seconds": seconds, "steps": play.seconds,
        "processor": play.processor, "measured steps": play.measured,
        "rows": gained["rows"], "events": gained["outbox"], "deliveries": gained["inbox"], "memory": memory,
    }  # fmt: skip


@dataclass(slots=True)
class _Play:
    """All wards' months, step by step, and what each step took and cost.

    :param pids: the stack's processes, ``servers`` those below them
    """

    months: Sequence[Month]
    quiet: Quiet
    pids: Mapping[str, int]
    servers: Mapping[str, int]
    seconds: dict[str, float] = field(default_factory=dict)
    processor: dict[str, processes.Seconds] = field(default_factory=dict)
    measured: list[str] = field(default_factory=list)
    """The steps from the results to the allocation."""

    def run(self, *, preparing: bool) -> None:
        """Play the steps before the results, or those from the results to the allocation.

        All wards are in the same step together, a few of them at a moment.
        """
        by_name = [{step.name: step.run for step in month.steps()} for month in self.months]
        order = list(by_name[0])
        first = order.index("results")
        for name in order[:first] if preparing else order[first : order.index("allocate") + 1]:
            if name == "record":
                continue  # sheets in PDF for every person: asked for later, and no part of this path
            before = processes.processor(self.pids, self.servers)
            begun = time.perf_counter()
            with ThreadPoolExecutor(AT_ONCE) as pool:
                list(pool.map(lambda each, name=name: each[name](), by_name))
            self._settled()
            self.seconds[name] = time.perf_counter() - begun
            if not preparing:
                self.measured.append(name)
            self.processor[name] = processes.spent(before, processes.processor(self.pids, self.servers))
            tell(
                f"    {len(self.months)} wards, {name}: {self.seconds[name]:.1f} s,"
                f" {sum(self.processor[name].values()):.1f} s of processor"
            )

    def _settled(self) -> None:
        """Wait until nothing moves in any ward."""
        for _ in range(2):  # what is computed between the questions of one look shows in the next
            eventually(lambda: not self.quiet.moving(), within=3_600, every=0.1 + 0.05 * len(self.months))
        self.quiet.begin()


def _token(state: Path) -> Callable[[str, tuple[str, ...]], str]:
    kept: dict[tuple[str, tuple[str, ...]], str] = {}

    def token(person_id: str, roles: tuple[str, ...]) -> str:
        if (person_id, roles) not in kept:
            kept[person_id, roles] = auth.issue(
                state,
                person_id=person_id,
                wards=["*"],
                roles=roles,
                at=datetime.now(UTC),
                lifetime=timedelta(hours=12),
            )
        return kept[person_id, roles]

    return token


def _written(url: str) -> dict[str, int]:
    """Return how many rows a database's tables were given so far, and how many events it knows."""
    with connect(url) as connection:
        rows: list[tuple[Any, ...]] = connection.execute(
            "SELECT relname, n_tup_ins + n_tup_upd FROM pg_stat_user_tables"
        ).fetchall()
        counts = {}
        for table in ("outbox", "inbox"):
            found: Any = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
            counts[table] = int(found[0])
    return {"rows": sum(int(count) for name, count in rows if name not in FRAME), **counts}


def _bare(places: Places, size: Size) -> dict[str, float]:
    """Return what the bare parts do: rows by COPY, events by the bare hop."""
    log = places.folder / "bare.log"
    with places.fresh() as (database, vhost):
        bare.declare(vhost)
        with connect(database) as connection:
            rows = list(range(size.rows))
            before, begun = _cost(places), time.perf_counter()
            with connection.cursor().copy("COPY published_grade FROM STDIN") as copy:
                for number in rows:
                    copy.write_row(("ward", "2026-03", f"p{number:07d}", "unit", "B", f"d{number}", 1))
            connection.commit()
            copied = size.rows / (time.perf_counter() - begun)
            copy_cost = (_cost(places) - before) / size.rows
        before = _cost(places)
        carried = sorted(carry("bench.hop.bare", size.events, database, vhost, log) for _ in range(3))[1]
        hop_cost = (_cost(places) - before) / size.events / 3
        bare.purge(vhost, grades.QUEUE)
    return {
        "copy rows/s": copied, "hop events/s": carried,
        "copy processor s": copy_cost, "hop processor s": hop_cost,
    }  # fmt: skip


def _cost(places: Places) -> float:
    """Return the seconds of processor that the bench, its children that ended and the servers have had."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    servers = processes.processor({}, {"PostgreSQL": places.postgres.pid, "RabbitMQ": places.rabbitmq.pid})
    return sum(servers.values()) + children.ru_utime + children.ru_stime


def _embedded(places: Places) -> dict[str, Any]:
    """Play a whole month of one ward in the embedded mode."""
    folder = places.folder / "embedded"
    folder.mkdir()
    told = story("w000", EMBEDDED_WARD, folder)
    environment = {**embedded_environment(folder), "LOG_LEVEL": "warning"}
    with Stack(state=folder, environment=environment, ports="free") as stack:
        platform = Platform(stack.grpc)
        month = Patient(told, platform, _token(folder), folder)
        steps = {}
        for step in month.steps():
            begun = time.perf_counter()
            step.run()
            steps[step.name] = time.perf_counter() - begun
        memory = {name: processes.peak(stack.pid(name)) for name in stack.processes}
        platform.close()
    return {"people": EMBEDDED_WARD, "seconds": sum(steps.values()), "steps": steps, "memory": memory}
