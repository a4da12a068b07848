"""Where an object of JSON does not fit a message of the contract, in the language of the run.

The parser of protobuf tells it in English and in its own terms; a person is told the place in the file, what
stands there, and what may stand there.
"""

from typing import Any, cast

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message

from kpi_cli.language import t

OWN_FORM = "google.protobuf."
"""Messages that JSON writes in a form of their own, such as times: the parser's to judge."""


def misfit(given: object, kind: type[Message]) -> str:
    """Return the first thing that does not fit, with its place; empty if it is none of those known here."""
    return _of_message(given, cast("Descriptor", kind.DESCRIPTOR), "")


def _of_message(given: object, expected: Descriptor, place: str) -> str:
    if not isinstance(given, dict):
        return (
            t("{place}: an object in braces is needed.", place=place)
            if place
            else t("an object in braces is needed.")
        )
    known = {name: field for field in expected.fields for name in (field.name, field.json_name)}
    for name, value in given.items():
        at = f"{place}.{name}" if place else str(name)
        field = known.get(name)
        if field is None:
            names = ", ".join(each.name for each in expected.fields)
            return t("{place}: there is no such field; there are {names}.", place=at, names=names)
        found = "" if value is None else _of_field(value, field, at)
        if found:
            return found
    return ""


def _of_field(value: object, field: FieldDescriptor, at: str) -> str:
    if field.message_type is not None and field.message_type.GetOptions().map_entry:
        return ""
    if not field.is_repeated:
        return _of_value(value, field, at)
    if not isinstance(value, list):
        return t("{place}: a list in brackets is needed.", place=at)
    told = (_of_value(each, field, f"{at}[{index}]") for index, each in enumerate(value))
    return next(filter(None, told), "")


def _of_value(value: Any, field: FieldDescriptor, at: str) -> str:
    if field.message_type is not None:
        own = field.message_type.full_name.startswith(OWN_FORM)
        return "" if own else _of_message(value, field.message_type, at)
    if field.enum_type is not None:
        names = [each.name for each in field.enum_type.values if each.number]
        if value in names or value in {each.number for each in field.enum_type.values}:
            return ""
        return t("{place}: {given} is none of {names}.", place=at, given=value, names=", ".join(names))
    if field.type == FieldDescriptor.TYPE_STRING and not isinstance(value, str):
        return t("{place}: write {given} as text, in quotation marks.", place=at, given=value)
    if field.type == FieldDescriptor.TYPE_BOOL and not isinstance(value, bool):
        return t("{place}: true or false is needed.", place=at)
    if field.cpp_type in _WHOLE and not _is_whole(value):
        return t("{place}: a whole number is needed, not {given}.", place=at, given=value)
    return ""


_WHOLE = {
    FieldDescriptor.CPPTYPE_INT32,
    FieldDescriptor.CPPTYPE_INT64,
    FieldDescriptor.CPPTYPE_UINT32,
    FieldDescriptor.CPPTYPE_UINT64,
}


def _is_whole(value: object) -> bool:
    if isinstance(value, bool):
        return False
    return isinstance(value, int) or (isinstance(value, str) and value.lstrip("-").isdecimal())
