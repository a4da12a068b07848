"""Poison: a handler that raises, one that kills its process, bad JSON, unknown type and content type, 10 MB.

The neighbours go on; each ends as a dead letter with its reason; after the repair a
replay works, twice and at once too.
"""

import json
import threading
import uuid
from typing import Any

import amqp

from chassis import topology
from faults.checker import Verdict
from faults.load import Load
from faults.stage import Stage
from kpi.operations.v1 import operations_pb2 as operations

EVENT = "kpi.planning.v1.PersonChanged"
SERVICE = "reward"
WORKER = f"{SERVICE}-worker"
LARGE = 10 * 1024 * 1024


def run(stage: Stage) -> Verdict:
    """Give a service what it cannot digest."""
    rig = stage.rig
    queue = topology.queue(SERVICE, EVENT)

    def disturb(load: Load) -> None:
        stage.under_load(load, commands=10)
        letters = _letters(stage)
        with topology.connect(rig.amqp) as connection, connection.channel() as channel:
            for body, properties in letters.values():
                channel.basic_publish(amqp.Message(body, delivery_mode=2, **properties), "", queue)
        stage.wait(lambda: set(letters) <= set(_reasons(stage)), within=60)
        stage.notes.append(f"dead letters: {', '.join(sorted(letters))}")
        _drop(stage, load)
        _indigestible(stage, load)
        if not stage.short:
            _killer(stage, load)

    return stage.judge("s10", disturb, within=60)


def _letters(stage: Stage) -> dict[str, tuple[Any, dict[str, Any]]]:
    """Return messages that no handler can take, by the reason that must be told."""

    def headers(type_: str = EVENT) -> dict[str, Any]:
        id_ = uuid.UUID(int=stage.draw.getrandbits(128), version=4)
        stage.foreign.add(id_)
        names = {"cloudEvents_id": str(id_), "cloudEvents_type": type_, "cloudEvents_source": "planning"}
        return {"content_type": "application/json", "application_headers": names}

    large = json.dumps({"ward_id": "x" * LARGE})
    return {
        "MALFORMED": ("{bad json", headers()),
        "UNKNOWN_TYPE": ("{}", headers("kpi.planning.v1.Unheard")),
        "WRONG_CONTENT_TYPE": ("{}", headers() | {"content_type": "application/x-tar"}),
        "TOO_LARGE": (large, headers()),
    }


def _reasons(stage: Stage) -> list[str]:
    rows = stage.rig.rows(SERVICE, "SELECT reason FROM parked WHERE dead_at IS NOT NULL")
    return [str(row[0]) for row in rows]


def _drop(stage: Stage, load: Load) -> None:
    """The operator gives up what can never be read, with a reason."""
    rows = stage.rig.rows(SERVICE, "SELECT id FROM parked WHERE dead_at IS NOT NULL")
    request = operations.DropParkedEventsRequest(parked_ids=[str(row[0]) for row in rows], reason="junk")
    load.caller(("van-hanh", "operator")).operations(SERVICE).DropParkedEvents(request)


def _indigestible(stage: Stage, load: Load) -> None:
    """A handler that raises at one person's events; once repaired, the operator replays twice and at once."""
    rig = stage.rig
    victim = _next_person(load)
    rig.restart(WORKER, stage.plan(poison={victim: "raise"}))
    begun = load.months()
    load.guest()
    stage.wait(lambda: _parked(stage, victim) > 0, within=60)
    stage.wait(lambda: load.months() > begun, within=120)
    stage.notes.append(f"while {victim} was parked, {load.months() - begun} months of neighbours ended")
    rig.restart(WORKER, stage.plan())
    operator = load.caller(("van-hanh", "operator")).operations(SERVICE)
    replays = [
        threading.Thread(
            target=operator.ReplayParkedEvents, args=(operations.ReplayParkedEventsRequest(all=True),)
        )
        for _ in range(2)
    ]
    ids = [str(row[0]) for row in rig.rows(SERVICE, "SELECT id FROM parked WHERE subject = %s", victim)]
    if ids:
        operator.ReplayParkedEvents(operations.ReplayParkedEventsRequest(parked_ids=ids))
    for each in replays:
        each.start()
    for each in replays:
        each.join()
    stage.wait(lambda: _parked(stage, victim) == 0, within=60)


def _killer(stage: Stage, load: Load) -> None:
    """A handler that kills its process: started again and again, until the event is put aside."""
    rig = stage.rig
    victim = _next_person(load)
    plan = stage.plan(poison={victim: "kill"})
    rig.restart(WORKER, plan)
    load.guest()
    deaths = 0

    def put_aside() -> bool:
        nonlocal deaths
        if not rig.alive(WORKER):
            deaths += 1
            rig.begin(WORKER, plan, wait=False)
        rows = rig.rows(SERVICE, "SELECT attempts FROM parked WHERE subject = %s", victim)
        return bool(rows) and rows[0][0] >= 1

    stage.wait(put_aside, within=120)
    stage.notes.append(f"{deaths} deaths until the event that kills was put aside")
    rig.begin(WORKER, stage.plan())
    ids = [str(row[0]) for row in rig.rows(SERVICE, "SELECT id FROM parked WHERE subject = %s", victim)]
    operator = load.caller(("van-hanh", "operator")).operations(SERVICE)
    operator.ReplayParkedEvents(operations.ReplayParkedEventsRequest(parked_ids=ids))
    stage.wait(lambda: _parked(stage, victim) == 0, within=60)


def _parked(stage: Stage, subject: str) -> int:
    return int(stage.rig.rows(SERVICE, "SELECT count(*) FROM parked WHERE subject = %s", subject)[0][0])


def _next_person(load: Load) -> str:
    """Return a person of the ward that the load plays next as its guest."""
    return load.guest_id() + ".an"
