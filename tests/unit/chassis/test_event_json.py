"""Events as JSON: the same bytes and the same answers as protobuf's own ``json_format``."""

import importlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.json_format import MessageToJson, Parse, ParseError
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from hypothesis import given, settings
from hypothesis import strategies as st

from chassis import event_json
from kpi.approval.v1.events_pb2 import GradePublished
from kpi.planning.v1.events_pb2 import ResultsRecorded
from kpi.reward.v1.events_pb2 import RunPosted

SERVICES = ("planning", "scoring", "approval", "reward", "notification")
EVENTS = {
    descriptor.full_name: GetMessageClass(descriptor)
    for service in SERVICES
    for descriptor in importlib.import_module(
        f"kpi.{service}.v1.events_pb2"
    ).DESCRIPTOR.message_types_by_name.values()
}

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
longs = st.integers(-(2**63), 2**63 - 1)
instants = st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31))  # noqa: DTZ001


def filled(data: st.DataObject, type_: type[Message], depth: int = 0) -> Message:
    """Return a message of which any field may be set."""
    message: Any = type_()
    fields: Any = type_.DESCRIPTOR.fields
    for field in fields:
        if not data.draw(st.booleans()):
            continue
        if field.message_type and field.message_type.GetOptions().map_entry:
            if field.message_type.fields_by_name["value"].message_type is None:
                getattr(message, field.name)["A"] = 3
        elif field.message_type and field.message_type.full_name == "google.protobuf.Timestamp":
            at = getattr(message, field.name)
            at.FromDatetime(data.draw(instants).replace(tzinfo=UTC))
            at.nanos = data.draw(st.sampled_from([0, 5_000_000, 5_000, 5, 999_999_999]))
        elif field.message_type and depth < 3:
            inner = GetMessageClass(field.message_type)
            if field.is_repeated:
                for _ in range(data.draw(st.integers(0, 2))):
                    getattr(message, field.name).append(filled(data, inner, depth + 1))
            else:
                getattr(message, field.name).CopyFrom(filled(data, inner, depth + 1))
        elif field.message_type is None:
            value = data.draw(st.lists(plain(field), max_size=2) if field.is_repeated else plain(field))
            if field.is_repeated:
                getattr(message, field.name).extend(value)
            else:
                setattr(message, field.name, value)
    return message  # type: ignore[no-any-return]


def plain(field: Any) -> st.SearchStrategy[Any]:
    match field.type:
        case FieldDescriptor.TYPE_STRING:
            return texts
        case FieldDescriptor.TYPE_BOOL:
            return st.booleans()
        case FieldDescriptor.TYPE_INT32:
            return st.integers(-(2**31), 2**31 - 1)
        case FieldDescriptor.TYPE_INT64:
            return longs
        case FieldDescriptor.TYPE_ENUM:
            return st.sampled_from([*(each.number for each in field.enum_type.values), 77])
    raise AssertionError(f"{field.full_name} has a type that no event had")


@pytest.mark.parametrize("name", sorted(EVENTS))
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_every_event_is_written_and_read_as_json_format_does(name: str, data: st.DataObject) -> None:
    event = filled(data, EVENTS[name])

    found = event_json.written(event)

    assert found == MessageToJson(
        event,
        preserving_proto_field_name=True,
        always_print_fields_with_no_presence=True,
        indent=None,
        ensure_ascii=False,
    )
    assert event_json.read(found.encode(), type(event)) == event
    assert event_json.read(json.dumps(json.loads(found)).encode(), type(event)) == event


ODD = [
    b"{}",
    b"[]",
    b"7",
    b"",
    b"{",
    b'{"revision": 7}',
    b'{"revision": "7"}',
    b'{"revision": "+7"}',
    b'{"revision": "\xd9\xa3"}',
    b'{"revision": "7_0"}',
    b'{"revision": 7.0}',
    b'{"revision": 7.5}',
    b'{"revision": true}',
    b'{"revision": "99999999999999999999"}',
    b'{"revision": null, "ward_id": null, "published_at": null}',
    b'{"wardId": "P", "personId": "a"}',
    b'{"ward_id": "P", "ward_id": "Q"}',
    b'{"ward_id": "P", "wardId": "Q"}',
    b'{"ward_id": 5}',
    b'{"ward_id": "\\ud800"}',
    b'{"ward_id": "\xff"}',
    b'{"new_field": {"a": [1]}, "ward_id": "P"}',
    b'{"grade": 2}',
    b'{"grade": "GRADE_A"}',
    b'{"grade": "GRADE_Z"}',
    b'{"grade": 77}',
    b'{"published_at": "2026-03-31T00:00:00Z"}',
    b'{"published_at": "2026-03-31T00:00:00.5Z"}',
    b'{"published_at": "2026-03-31T00:00:00.123456789Z"}',
    b'{"published_at": "2026-03-31T07:00:00+07:00"}',
    b'{"published_at": "2026-02-30T00:00:00Z"}',
    b'{"published_at": "2026-03-31 00:00:00Z"}',
    b'{"published_at": "2026-03-31T00:00:60Z"}',
    b'{"published_at": "0000-03-31T00:00:00Z"}',
    b'{"published_at": "2026-3-31T00:00:000Z"}',
    b'{"published_at": "2026-03-31T00:00:00.000.Z"}',
    b'{"published_at": {"seconds": 5}}',
    b'{"published_at": 5}',
]


@pytest.mark.parametrize("body", ODD)
def test_what_is_not_of_the_plain_form_is_answered_as_json_format_does(body: bytes) -> None:
    assert answer(lambda: event_json.read(body, GradePublished)) == answer(
        lambda: Parse(body, GradePublished(), ignore_unknown_fields=True)
    )


def answer(question: Callable[[], Message]) -> object:
    try:
        return question()
    except (ParseError, UnicodeDecodeError) as error:
        return type(error), str(error)


def test_the_plain_form_needs_no_json_format(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("json_format was asked")

    event = ResultsRecorded(ward_id="P")
    event.work.lines.add(task_id="T1", coefficient="1.50")
    monkeypatch.setattr(event_json, "MessageToJson", refuse)
    monkeypatch.setattr(event_json, "Parse", refuse)

    assert event_json.read(event_json.written(event).encode(), ResultsRecorded) == event
    with pytest.raises(AssertionError):
        event_json.written(RunPosted())  # it has a map
