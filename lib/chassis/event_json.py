"""Events as proto3 JSON, as protobuf's own ``json_format`` writes and reads them, byte for byte.

That module asks each field of each message anew what it is. Here the questions are asked once a type.
Whatever is not of the plain form that services of ours write (another spelling of a name or a number, a field
that this version does not know, a fault) is left to ``json_format``, whose answer or refusal then counts.
"""

import contextlib
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final, TypeVar

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.json_format import MessageToJson, Parse
from google.protobuf.message import Message

M = TypeVar("M", bound=Message)

Converter = Callable[[Any], Any]

_TIMESTAMP: Final = "google.protobuf.Timestamp"
_TEXT = (FieldDescriptor.TYPE_STRING,)
_LONG = (FieldDescriptor.TYPE_INT64, FieldDescriptor.TYPE_UINT64)
_SHORT = (FieldDescriptor.TYPE_INT32, FieldDescriptor.TYPE_UINT32)
_ENCODER = json.JSONEncoder(ensure_ascii=False)


class _Unusual(Exception):
    """``json_format`` must look at it."""


def written(event: Message) -> str:
    """Return a message as JSON: proto field names, every plain field present."""
    writer = _writer(event.DESCRIPTOR)
    if writer is not None:
        # An instant that JSON has no form for: json_format says so.
        with contextlib.suppress(ValueError):
            return _ENCODER.encode(writer(event))
    return MessageToJson(
        event,
        preserving_proto_field_name=True,
        always_print_fields_with_no_presence=True,
        indent=None,
        ensure_ascii=False,
    )


def read(body: bytes, type_: type[M]) -> M:
    """Return the message that a body holds; fields that this version does not know are passed over.

    :raises ParseError: if it is not of the type's form
    :raises UnicodeDecodeError: if it is no UTF-8
    :raises RecursionError: if it is too deep
    """
    reader = _reader(type_.DESCRIPTOR)
    if reader is not None:
        # Whatever it is, json_format says it as it always did.
        with contextlib.suppress(Exception):
            return type_(**reader(_DECODER.decode(body.decode())))
    return Parse(body, type_(), ignore_unknown_fields=True)


# -- Writing ----------------------------------------------------------------------------------------------

_writers: dict[str, Converter | None] = {}


def _writer(descriptor: Any) -> Converter | None:
    name = descriptor.full_name
    if name not in _writers:
        _writers[name] = None  # a type within itself is left to json_format
        _writers[name] = _make_writer(descriptor)
    return _writers[name]


def _make_writer(descriptor: Any) -> Converter | None:
    if descriptor.full_name == _TIMESTAMP:
        return lambda value: value.ToJsonString()
    converters: dict[str, Converter | None] = {}
    plain: list[tuple[str, Any]] = []
    lists: list[str] = []
    for field in descriptor.fields:
        one = _one_writer(field)
        if one is _Unusual:
            return None
        converters[field.name] = _each(one) if field.is_repeated else one
        if field.is_repeated:
            lists.append(field.name)
        elif not field.has_presence:
            plain.append((field.name, one(field.default_value) if one else field.default_value))
    order = [field.name for field in descriptor.fields]
    missing = sorted([*plain, *((name, None) for name in lists)], key=lambda each: order.index(each[0]))

    def write(message: Any) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for field, value in message.ListFields():
            name = field.name
            convert = converters[name]
            found[name] = convert(value) if convert else value
        for name, default in missing:
            if name not in found:
                found[name] = [] if default is None else default
        return found

    return write


def _one_writer(field: Any) -> Any:
    """Return what writes a value of a field: None for one that is written as it is."""
    if field.type == FieldDescriptor.TYPE_MESSAGE and not _is_map(field):
        return _writer(field.message_type) or _Unusual
    if field.type == FieldDescriptor.TYPE_ENUM:
        return _names(field.enum_type)
    if field.type in _LONG:
        return str
    if field.type in _TEXT or field.type in _SHORT or field.type == FieldDescriptor.TYPE_BOOL:
        return None
    return _Unusual


def _each(one: Converter | None) -> Converter:
    if one is None:
        return list
    return lambda values: [one(each) for each in values]


def _names(enum: Any) -> Converter:
    names = {number: value.name for number, value in enum.values_by_number.items()}
    return lambda value: names.get(value, value)


def _is_map(field: Any) -> bool:
    return bool(field.message_type and field.message_type.GetOptions().map_entry)


# -- Reading ----------------------------------------------------------------------------------------------

_readers: dict[str, Converter | None] = {}


def _reader(descriptor: Any) -> Converter | None:
    name = descriptor.full_name
    if name not in _readers:
        _readers[name] = None
        _readers[name] = _make_reader(descriptor)
    return _readers[name]


def _make_reader(descriptor: Any) -> Converter | None:
    if descriptor.full_name == _TIMESTAMP:
        return _instant
    converters: dict[str, Converter] = {}
    for field in descriptor.fields:
        one = _one_reader(field)
        if one is None or field.containing_oneof is not None:
            return None
        converters[field.name] = _every(one) if field.is_repeated else one

    def build(given: Any) -> dict[str, Any]:
        if type(given) is not dict:
            raise _Unusual
        # A name that is not known ends in a KeyError.
        return {name: converters[name](value) for name, value in given.items()}

    return build


def _one_reader(field: Any) -> Converter | None:
    if field.type == FieldDescriptor.TYPE_MESSAGE and not _is_map(field):
        return _reader(field.message_type)
    if field.type == FieldDescriptor.TYPE_ENUM:
        numbers: Mapping[str, int] = {
            name: value.number for name, value in field.enum_type.values_by_name.items()
        }
        return numbers.__getitem__
    if field.type in _LONG:
        return _long
    if field.type in _TEXT:
        return _exactly(str)
    if field.type in _SHORT:
        return _exactly(int)
    if field.type == FieldDescriptor.TYPE_BOOL:
        return _exactly(bool)
    return None


def _exactly(type_: type) -> Converter:
    def same(value: Any) -> Any:
        if type(value) is not type_:
            raise _Unusual
        return value

    return same


def _every(one: Converter) -> Converter:
    def each(values: Any) -> list[Any]:
        if type(values) is not list:
            raise _Unusual
        return [one(value) for value in values]

    return each


def _long(value: Any) -> int:
    if type(value) is not str or not value.isascii() or not value.removeprefix("-").isdigit():
        raise _Unusual
    return int(value)


def _instant(value: Any) -> dict[str, int]:
    """Read an instant as protobuf writes it: in UTC, with no fraction or one of 3, 6 or 9 digits."""
    second, _, fraction = value.removesuffix("Z").partition(".")
    if not value.endswith("Z") or len(second) != len("2026-03-31T00:00:00") or len(fraction) not in _DIGITS:
        raise _Unusual
    if fraction and not (fraction.isascii() and fraction.isdigit()):
        raise _Unusual
    since = datetime.strptime(second + "+0000", "%Y-%m-%dT%H:%M:%S%z") - _EPOCH
    return {"seconds": since.days * 86_400 + since.seconds, "nanos": int(fraction.ljust(9, "0"))}


_DIGITS = (0, 3, 6, 9)
_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Unusual
    return found


_DECODER = json.JSONDecoder(object_pairs_hook=_once)
