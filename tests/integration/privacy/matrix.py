"""Reads the matrix and asks the services what it says."""

import importlib
import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
from google.protobuf.json_format import ParseDict
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from integration.privacy.world import CALLERS, WARD, World
from kpi.operations.v1 import operations_pb2_grpc
from support import tokens

FILE = Path(__file__).parent / "matrix.toml"
PAGE = Path(__file__).parents[3] / "docs" / "privacy.md"
BEGIN, END = "<!-- matrix -->", "<!-- end of the matrix -->"
SERVICES = ("planning", "scoring", "approval", "reward", "notification", "operations")
HOST = "approval"
"""The operations door is the same in every service: it is asked at this one."""
PERSON = "an"
NOBODY = "nobody"
"""Whoever calls without a token."""
EVERYBODY = frozenset(CALLERS) - {"elsewhere"}
"""Who stands behind ``everybody`` in the file."""
DENIED = (grpc.StatusCode.PERMISSION_DENIED, grpc.StatusCode.UNAUTHENTICATED)


@dataclass(frozen=True, slots=True)
class Row:
    """A method: who may call it, and who sees which field of the person's.

    :param may: callers who are not refused for who they are; a rule may still refuse them
    :param sees: by field, callers for whom it is not empty
    """

    method: str
    request: Mapping[str, Any]
    may: frozenset[str]
    sees: Mapping[str, frozenset[str]]
    why: str = ""


def rows() -> dict[str, Row]:
    """Return every row of the matrix by method, such as ``approval.GetEvaluation``."""
    found = {}
    for service, methods in tomllib.loads(FILE.read_text("utf-8")).items():
        for name, row in methods.items():
            method = f"{service}.{name}"
            found[method] = Row(
                method,
                json.loads(row.get("request", "{}")),
                _callers(row["may"]),
                {field: _callers(who) for field, who in row.get("sees", {}).items()},
                row.get("why", ""),
            )
    return found


def methods() -> dict[str, Any]:
    """Return every method of every contract by name, from the descriptors."""
    found = {}
    for service in SERVICES:
        module = importlib.import_module(f"kpi.{service}.v1.{service}_pb2")
        for described in module.DESCRIPTOR.services_by_name.values():
            for method in described.methods:
                found[f"{service}.{method.name}"] = method
    return found


def table() -> str:
    """Return the matrix as docs/privacy.md shows it."""
    heads = [*CALLERS]
    lines = [f"| method, field | {' | '.join(heads)} |", f"| --- |{' :-: |' * len(heads)}"]
    for name, row in rows().items():
        lines.append(_line(f"**{name}**", row.may, heads))
        lines += [_line(f"`{field}`", who, heads) for field, who in row.sees.items()]
    return "\n".join(lines)


def _line(name: str, who: frozenset[str], heads: Iterable[str]) -> str:
    return f"| {name} | {' | '.join('✓' if each in who else '' for each in heads)} |"


def _callers(text: str) -> frozenset[str]:
    found = frozenset(text.split())
    found = found - {"everybody"} | EVERYBODY if "everybody" in found else found
    if unknown := found - CALLERS.keys():
        raise ValueError(f"the matrix names no such caller: {', '.join(sorted(unknown))}")
    return found


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call came to: replies, all of a stream, or the code of the refusal."""

    replies: tuple[Message, ...] = ()
    code: grpc.StatusCode = grpc.StatusCode.OK

    @property
    def allowed(self) -> bool:
        """True unless it was refused for who the caller is."""
        return self.code not in DENIED


def ask(world: World, row: Row, described: Any, caller: str, ward_id: str = WARD) -> Answer:
    """Call a method as somebody; without a token as ``nobody``."""
    service = row.method.partition(".")[0]
    running = world.services[HOST if service == "operations" else service]
    operators = operations_pb2_grpc.OperationsServiceStub(running.channel)
    call = getattr(operators if service == "operations" else running.stub, described.name)
    given = json.loads(json.dumps(row.request) % world.names)
    if "ward_id" in described.input_type.fields_by_name:
        given["ward_id"] = ward_id
    request = ParseDict(given, GetMessageClass(described.input_type)())
    metadata: Any = ()
    if caller != NOBODY:
        person_id, roles, ward = CALLERS[caller]
        metadata = tokens.bearer(person_id, *roles, wards=(ward,))
    try:
        if described.server_streaming:
            stream = call(request, metadata=metadata, timeout=20)
            return Answer(tuple(_some(stream, endless=service == "operations")))
        return Answer((call(request, metadata=metadata, timeout=20),))
    except grpc.RpcError as error:
        return Answer(code=error.code())


def shows(answer: Answer, path: str) -> bool:
    """True if a field of the person's is not empty in a reply."""
    return any(_present([each], path.split(".")) for each in answer.replies)


def _some(stream: Any, *, endless: bool) -> Iterator[Message]:
    for each in stream:
        yield each
        if endless:
            stream.cancel()
            return


def _present(found: Iterable[Any], path: list[str]) -> bool:
    for name in path:
        following: list[Any] = []
        for each in found:
            value = getattr(each, name)
            repeated = hasattr(value, "append") or hasattr(value, "add")
            following.extend(value if repeated else [value])
        found = [each for each in following if _of_the_person(each)]
    return any(_said(each) for each in found)


def _of_the_person(value: Any) -> bool:
    fields = value.DESCRIPTOR.fields_by_name if isinstance(value, Message) else {}
    return "person_id" not in fields or value.person_id in ("", PERSON)


def _said(value: Any) -> bool:
    return bool(value.ByteSize()) if isinstance(value, Message) else bool(value)


def rewrite(page: Path) -> str:
    """Return a page with the present matrix between its marks."""
    before, begin, rest = page.read_text("utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    return f"{before}{begin}\n{table()}\n{end}{after}"


if __name__ == "__main__":
    PAGE.write_text(rewrite(PAGE), "utf-8")
