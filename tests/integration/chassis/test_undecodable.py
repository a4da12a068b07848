"""What no handler can take is kept, with its body and the reason, and holds up nothing."""

import json
import uuid
from typing import Any

from chassis import outbox, parked, topology
from integration.chassis import happenings
from integration.chassis.conftest import Broker, Stack
from support.waiting import eventually

GOOD = b'{"thing_id": "x", "note": "ok"}'
HEADERS = {"cloudEvents_type": happenings.TYPE}
JSON = "application/json"


def id_() -> str:
    return str(uuid.uuid4())


def message(reason: str, body: bytes = GOOD, **properties: Any) -> tuple[str, dict[str, Any]]:
    """Return a reason, and a message that should be refused for it; a property of None is left out."""
    all_ = {"content_type": JSON, "message_id": id_()} | properties
    return reason, {"body": body} | {name: value for name, value in all_.items() if value is not None}


MESSAGES = {
    "no JSON": message("MALFORMED", b"{"),
    "no UTF-8": message("MALFORMED", b"\xff\xfe\x00"),
    "a wrong field type": message("MALFORMED", b'{"thing_id": 5}'),
    "a list": message("MALFORMED", b"[]"),
    "a deep nest": message("MALFORMED", b'{"x":' * 50_000),
    "a wrong content type": message("WRONG_CONTENT_TYPE", content_type="text/plain"),
    "no content type": message("WRONG_CONTENT_TYPE", content_type=None),
    "no id": message("NO_ID", message_id=None),
    "a huge body": message("TOO_LARGE", b'{"note":"' + b"x" * outbox.LARGEST + b'"}'),
    "another version": message(
        "UNKNOWN_TYPE", application_headers={"cloudEvents_type": "kpi.testing.v2.Happened"}
    ),
    "a header that no column holds": message(
        "UNKNOWN_TYPE",
        application_headers={"cloudEvents_type": "x" * 500, "cloudEvents_subject": "nul\0" + "é" * 300},
    ),
}


def test_what_cannot_be_read_is_dead_and_kept(production: Stack, broker: Broker) -> None:
    production.start()

    for _, refused in MESSAGES.values():
        for _ in range(2):
            broker.publish(**refused)
    good = production.announce(["ok"])

    production.once(good)
    eventually(lambda: len(letters(production)) == len(MESSAGES), within=20)
    found = letters(production)
    assert {(each.reason, each.body) for each in found} == {
        (reason, refused["body"]) for reason, refused in MESSAGES.values()
    }
    assert all(each.dead_at for each in found)
    assert broker.length() == 0


def letters(stack: Stack) -> list[parked.Parked]:
    with stack.sessions() as session:
        return parked.list_(session)


def test_an_id_of_another_form_is_known_again(production: Stack, broker: Broker) -> None:
    production.start()

    for _ in range(3):
        broker.publish(GOOD, content_type=JSON, message_id="foreign-1", application_headers=HEADERS)
    production.once(production.announce(["ok"]))

    assert sorted(production.effects().values()) == [1, 1]


def test_a_newer_contract_is_understood(production: Stack, broker: Broker) -> None:
    production.start()
    body = json.dumps({"thing_id": "later", "note": "ok", "brand_new": {"deep": [1]}})

    broker.publish(body, content_type=f"{JSON}; charset=utf-8", message_id=id_(), application_headers=HEADERS)

    eventually(lambda: production.thing("later"), within=20)


def test_three_copies_at_once_on_three_workers_take_effect_once(production: Stack, broker: Broker) -> None:
    ids = [id_() for _ in range(300)]
    with broker.channel() as channel:
        for _ in range(3):
            for each in ids:
                broker.put(channel, GOOD, content_type=JSON, message_id=each, application_headers=HEADERS)

    production.start("worker", "worker", "worker", TEST_BATCH="20")

    eventually(lambda: broker.length() == 0 and len(production.effects()) == 300, within=60)
    assert [process.terminate() for process in production.processes] == [0, 0, 0]
    assert broker.length() == 0
    assert set(production.effects().values()) == {1}


def test_what_the_broker_gave_up_on_is_kept_with_the_others(production: Stack, broker: Broker) -> None:
    broker.publish(
        GOOD, queue=topology.dead(happenings.QUEUE), content_type=JSON, message_id=id_(),
        application_headers=HEADERS,
    )  # fmt: skip

    production.start("worker")

    (found,) = eventually(lambda: letters(production), within=20)
    assert (found.reason, found.handler) == ("GIVEN_UP_BY_BROKER", happenings.QUEUE)
    with production.sessions.begin() as session:
        parked.replay(session, [found.id])
    eventually(lambda: production.thing("x"), within=20)
    assert broker.length(topology.dead(happenings.QUEUE)) == 0
