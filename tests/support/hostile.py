"""Requests that no honest client sends, drawn by the shape of a contract's messages."""

from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Any

from google.protobuf.descriptor import FieldDescriptor, MethodDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

TEXTS: Sequence[str] = (
    "",
    " ",
    "\x00",
    "a\x00b",
    "x" * 20_000,
    "\u202eđảo",
    "٣",
    "😀",
    "NaN",
    "-Infinity",
    "1e999999",
    "1e-400",
    "-1",
    "0",
    "0.1",
    "1,5",
    "99999999999999999999999",
    "2026-13",
    "2026-02-30",
    "0000-00-00",
    "9999-12-31",
    "2026-Q9",
    "2026-Q1",
    "2026",
    "default@1",
    "default@99999999999999999999",
    "'; DROP TABLE person; --",
    "../../etc/passwd",
    "{field}",
    "%s",
    "*",
)
WHOLE: Sequence[int] = (0, 1, -1, 50, 2**31 - 1, -(2**31), 2**63 - 1, -(2**63))
PIECES: Sequence[bytes] = (
    b"",
    b"\x00",
    b"PK\x03\x04no archive",
    "Mã người,x\n1,2\n".encode(),
    b"\xff\xfe\x00",
)
_WIDE = (FieldDescriptor.CPPTYPE_INT64, FieldDescriptor.CPPTYPE_UINT64)
_NARROW = (FieldDescriptor.CPPTYPE_INT32, FieldDescriptor.CPPTYPE_UINT32)
DEEPEST = 4


def requests(
    method: MethodDescriptor, known: Mapping[str, Sequence[str]], *, seed: int, count: int
) -> Iterator[Message]:
    """Give requests of a method, the same for the same seed.

    :param known: values that are right for fields of a name, which get them more often than not
    """
    chance = Random(f"{method.full_name} {seed}")
    for _ in range(count):
        yield _message(GetMessageClass(method.input_type)(), known, chance, 0)


def _message(target: Any, known: Mapping[str, Sequence[str]], chance: Random, depth: int) -> Any:
    for field in target.DESCRIPTOR.fields:
        left_out = chance.random() < (0.05 if field.name in known else 0.3)
        if left_out or depth > DEEPEST or field.name == "request_id":
            continue
        if field.message_type and field.message_type.GetOptions().map_entry:
            for _ in range(chance.randrange(3)):
                getattr(target, field.name)[chance.choice(TEXTS)] = chance.choice(TEXTS)
        elif field.is_repeated:
            for _ in range(chance.randrange(4)):
                if field.message_type:
                    _message(getattr(target, field.name).add(), known, chance, depth + 1)
                else:
                    getattr(target, field.name).append(_value(field, known, chance))
        elif field.message_type:
            _message(getattr(target, field.name), known, chance, depth + 1)
            getattr(target, field.name).SetInParent()
        else:
            setattr(target, field.name, _value(field, known, chance))
    return target


def _value(field: FieldDescriptor, known: Mapping[str, Sequence[str]], chance: Random) -> Any:
    if field.type == FieldDescriptor.TYPE_BYTES:
        return chance.choice(PIECES)
    if field.cpp_type == FieldDescriptor.CPPTYPE_STRING:
        right = known.get(field.name) or known.get(field.name.removesuffix("s"), ())
        return chance.choice(right) if right and chance.random() < 0.8 else chance.choice(TEXTS)
    if field.cpp_type == FieldDescriptor.CPPTYPE_BOOL:
        return chance.random() < 0.5
    if field.enum_type:
        return chance.choice([0, 1, 2, 3, 4, 99, -1])
    if field.cpp_type in _WIDE:
        return chance.choice(WHOLE)
    if field.cpp_type in _NARROW:
        return chance.choice([each for each in WHOLE if -(2**31) <= each < 2**31])
    raise TypeError(f"{field.full_name}: nothing is drawn for its type")
