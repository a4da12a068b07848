"""What no text of a request may hold, whatever the method: the character with code 0."""

from collections.abc import Iterator
from typing import Any

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from chassis.errors import Invalid


class NulInText(Invalid):
    """A text holds the character with code 0."""

    vi = "{field}: có ký tự mã 0, không lưu được: hãy bỏ ký tự này."
    en = "{field}: holds the character with code 0, which cannot be kept: leave it out."


def check_texts(request: Message) -> None:
    """Refuse a request of which a text holds the character with code 0.

    :raises NulInText: with the place of the first
    """
    # Most requests have no such byte at all, and then nothing is walked through.
    if b"\x00" in request.SerializeToString():
        for place in _places(request):
            raise NulInText(field=place)


def _places(message: Message, at: str = "") -> Iterator[str]:
    for field, value in message.ListFields():
        place = f"{at}{field.name}"
        if field.message_type and field.message_type.GetOptions().map_entry:
            for key, held in value.items():
                yield from _of(field.message_type.fields_by_name["value"], held, f"{place}[…]")
                if isinstance(key, str) and "\x00" in key:
                    yield place
        elif field.is_repeated:
            for number, held in enumerate(value):
                yield from _of(field, held, f"{place}[{number}]")
        else:
            yield from _of(field, value, place)


def _of(field: FieldDescriptor, value: Any, place: str) -> Iterator[str]:
    if field.type == FieldDescriptor.TYPE_STRING:
        if "\x00" in value:
            yield place
    elif field.message_type:
        yield from _places(value, f"{place}.")
