"""One run of the command: who calls, where the services are, how results are shown."""

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import click
import jwt
from google.protobuf.json_format import ParseDict, ParseError
from google.protobuf.message import Message

from chassis import auth, days
from kpi_cli import output
from kpi_cli.client import Caller, Platform, Service, addresses
from kpi_cli.exits import Wrong
from kpi_cli.language import current, t
from kpi_cli.misfits import misfit
from kpi_cli.output import Column

M = TypeVar("M", bound=Message)

TRIES = 4
"""How often a call is tried while its service is away: for a second and a half."""
LONG_S = 600.0
"""Deadline of an import, a decision about a whole ward, an allocation; unless --timeout says otherwise."""
PAGE = 1000


@dataclass
class Session:
    """What the commands of a run share."""

    state: Path
    token_given: str = ""
    acting: str = ""
    """``--as``: a person, perhaps with roles: ``p-001:clerk,organizer``."""
    json: bool = False
    timeout_s: float | None = None
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)

    # -- Who ----------------------------------------------------------------------------------------------

    @cached_property
    def token(self) -> str:
        """The token of the caller.

        :raises Wrong: if there is none
        """
        if self.acting:
            return self._issued()
        if given := self.token_given or self.environ.get("KPI_TOKEN", ""):
            return given.strip()
        if self.token_file.exists():
            return self.token_file.read_text("utf-8").strip()
        raise Wrong(
            t(
                "No token: set KPI_TOKEN or {file}, or give --token; on a development machine --as PERSON.",
                file=self.token_file,
            )
        )

    @property
    def token_file(self) -> Path:
        """Where a token is kept: ``KPI_TOKEN_FILE``, else ``token`` in the state folder."""
        return Path(self.environ.get("KPI_TOKEN_FILE") or self.state / "token")

    @property
    def claims(self) -> dict[str, Any]:
        """What the token says; nobody has checked it here.

        :raises Wrong: if it is no token
        """
        try:
            found: dict[str, Any] = jwt.decode(self.token, options={"verify_signature": False})
        except jwt.PyJWTError as error:
            raise Wrong(t("The token cannot be read: {error}.", error=error)) from error
        return found

    def _issued(self) -> str:
        person_id, _, roles = self.acting.partition(":")
        return self.issue(person_id, wards=["*"], roles=roles.split(",") if roles else ["staff"], hours=1)

    def issue(self, person_id: str, *, wards: Sequence[str], roles: Sequence[str], hours: int) -> str:
        """Return a token signed by the local development key.

        :raises Wrong: if there is no such key here, or no such role
        """
        if unknown := sorted(set(roles) - auth.ROLES):
            names = ", ".join(sorted(auth.ROLES))
            raise Wrong(
                t("There is no role {role}; there are {names}.", role=", ".join(unknown), names=names)
            )
        try:
            return auth.issue(
                self.state,
                person_id=person_id,
                wards=wards,
                roles=roles,
                at=days.now(),
                lifetime=timedelta(hours=hours),
                issuer=self.environ.get("AUTH_ISSUER", "luong-hoa"),
                audience=self.environ.get("AUTH_AUDIENCE", "luong-hoa"),
            )
        except FileNotFoundError as error:
            raise Wrong(
                t(
                    "No development key in {folder}: tokens are issued here on development machines only;"
                    " set KPI_STATE to the folder of the running stack.",
                    folder=self.state,
                )
            ) from error

    def ward(self, given: str) -> str:
        """Return the ward that is meant.

        :raises Wrong: if neither the command line nor the token says so
        """
        if given:
            return given
        wards = self.claims.get("wards", [])
        if len(wards) == 1 and wards[0] != "*":
            return str(wards[0])
        raise Wrong(t("Which ward? Give --ward or set KPI_WARD."))

    # -- Where --------------------------------------------------------------------------------------------

    @cached_property
    def platform(self) -> Platform:
        """The services."""
        authority = self.environ.get("KPI_TLS_CA")
        return Platform(addresses(self.state, self.environ), Path(authority) if authority else None)

    def caller(self, *, long: bool = False) -> Caller:
        """Return the services as the caller of this run sees them."""
        deadline_s = self.timeout_s or (LONG_S if long else 60.0)
        return self.platform.as_(self.token, language=current(), deadline_s=deadline_s, tries=TRIES)

    def service(self, name: str, *, long: bool = False) -> Service:
        """Return one service."""
        found: Service = getattr(self.caller(long=long), name)
        return found

    def close(self) -> None:
        """Close what was opened."""
        if "platform" in self.__dict__:
            self.platform.close()

    # -- What ---------------------------------------------------------------------------------------------

    def call(self, service: str, method: str, request: Message, *, waiting: str = "") -> Any:
        """Call a method; ``waiting`` is shown meanwhile, and such a call may take long."""
        send = getattr(self.service(service, long=bool(waiting)), method)
        if not waiting:
            return send(request)
        with output.waiting(waiting):
            return send(request)

    def entries(self, service: str, method: str, request: Any, field: str) -> Iterator[Any]:
        """Give every entry of a list, through all pages."""
        request.page_size = PAGE
        return self.service(service).pages(method, request, field)

    def show_all(self, entries: Iterable[Any], columns: Sequence[Column], *, title: str = "") -> None:
        """Show a list: a table, or one JSON array."""
        if self.json:
            output.write_json([output.as_dict(each) for each in entries])
        else:
            output.write_table(columns, entries, title=title)

    def show(self, message: Message, columns: Sequence[Column]) -> None:
        """Show one message: a field a line, or one JSON object."""
        if self.json:
            output.write_json(output.as_dict(message))
        else:
            output.write_record(columns, message)

    def told(self, reply: Message, sentence: str) -> None:
        """Say what a command did: a sentence, or the reply as JSON."""
        if self.json:
            output.write_json(output.as_dict(reply))
        else:
            output.say(sentence)


pass_session = click.make_pass_decorator(Session)


def read_messages(source: Any, kind: type[M], name: str) -> list[M]:
    """Return the messages of a JSON file: one object or an array of them, protobuf JSON.

    :raises Wrong: if it is something else; it names the place
    """
    found = []
    given = read_json(source, name)
    for index, each in enumerate(given if isinstance(given, list) else [given]):
        try:
            found.append(ParseDict(each, kind()))
        except (ParseError, AttributeError, TypeError, ValueError) as error:
            told = misfit(each, kind) or str(error)
            raise Wrong(
                t("{name}, entry {number}: {error}", name=name, number=index + 1, error=told)
            ) from error
    return found


def read_json(source: Any, name: str) -> Any:
    """Return what a JSON file holds.

    :raises Wrong: if it is empty, not UTF-8 or no JSON, with line and column
    """
    try:
        written = source.read().removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise Wrong(t("{name} is no text in UTF-8: save it anew in that form.", name=name)) from error
    if not written.strip():
        raise Wrong(t("{name} is empty.", name=name))
    try:
        return json.loads(written)
    except json.JSONDecodeError as error:
        raise Wrong(
            t(
                "{name} is no JSON: see line {line}, column {column}.",
                name=name,
                line=error.lineno,
                column=error.colno,
            )
        ) from error


def one_of(**choices: object) -> None:
    """Refuse a command line that gives none or several of options that exclude each other.

    :raises Wrong: naming them
    """
    given = [name for name, value in choices.items() if value]
    if len(given) != 1:
        names = ", ".join(f"--{name.replace('_', '-')}" for name in choices)
        raise Wrong(t("Give exactly one of {names}.", names=names))
