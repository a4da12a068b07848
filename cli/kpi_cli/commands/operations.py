"""How the services are, and what they announce."""

import queue
import threading
import time
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import click
import grpc
from google.protobuf.timestamp_pb2 import Timestamp

from chassis.days import VIET_NAM
from chassis.topology import event_name
from kpi.operations.v1 import operations_pb2 as pb
from kpi_cli import exits, output
from kpi_cli.client import SERVICES, NoAddress, failure
from kpi_cli.commanding import Command, Enumerated, Group, argument, option
from kpi_cli.exits import Ended, Wrong
from kpi_cli.language import current, t
from kpi_cli.output import Column
from kpi_cli.session import PAGE, Session, one_of, pass_session

FOREVER_S = 10 * 365 * 24 * 3600.0

STATUS = (
    Column("Service", lambda row: row["service"], "id"),
    Column("Address", lambda row: row["address"]),
    Column("State", lambda row: t(row["state"])),
    Column("Latency ms", lambda row: row["latency_ms"], "number"),
    Column("Version", lambda row: row["version"]),
    Column("Schema", lambda row: row["schema_revision"]),
    Column("Outbox", lambda row: row["outbox_length"], "number"),
    Column("Oldest ms", lambda row: row["outbox_oldest_ms"], "number"),
    Column("Parked", lambda row: row["parked"], "number"),
    Column("Dead", lambda row: row["dead"], "number"),
    Column("Detail", lambda row: row["detail"]),
)
PARKED = (
    Column("Service", lambda row: row[0], "id"),
    Column("Parked event", lambda row: row[1].parked_id, "id"),
    Column("Type", lambda row: row[1].type.rpartition(".")[2]),
    Column("State", lambda row: output.text(row[1], "state")),
    Column("Attempts", lambda row: str(row[1].attempts), "number"),
    Column("Reason", lambda row: row[1].reason),
    Column("Detail", lambda row: row[1].detail),
    Column("Parked at", lambda row: output.text(row[1], "parked_at")),
    Column("Next attempt", lambda row: output.text(row[1], "next_attempt_at")),
)
PARKED_WHOLE = (
    Column("Parked event", "parked_id"),
    Column("Event", "event_id"),
    Column("Type", "type"),
    Column("Handler", "handler"),
    Column("State", "state"),
    Column("Attempts", "attempts", "number"),
    Column("Reason", "reason"),
    Column("Detail", "detail"),
    Column("Parked at", "parked_at"),
    Column("Next attempt", "next_attempt_at"),
    Column("Body", "body"),
)

services_option = option(
    "--service",
    "services",
    type=click.Choice(SERVICES),
    multiple=True,
    help="Only this service; may be given several times.",
)
service_argument = argument("service", type=click.Choice(SERVICES), help="The service.")


@click.command("status", cls=Command, help="Show how all services are.")
@services_option
@pass_session
def status(session: Session, services: tuple[str, ...]) -> None:
    rows = [_status(session, service) for service in services or SERVICES]
    if session.json:
        output.write_json(rows)
    else:
        output.write_table(STATUS, rows)
    if any(row["state"] == "away" for row in rows):
        raise Ended(exits.UNAVAILABLE)


def _status(session: Session, service: str) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(
        (
            "service", "address", "state", "latency_ms", "version", "schema_revision", "outbox_length",
            "outbox_oldest_ms", "parked", "dead", "started_at", "detail",
        ),
        "",
    )  # fmt: skip
    row |= {"service": service, "address": session.platform.addresses.get(service, "")}
    began = time.perf_counter()
    try:
        caller = session.platform.as_(
            session.token, language=current(), deadline_s=session.timeout_s or 5.0, tries=1
        )
        found = caller.operations(service).GetStatus(pb.GetStatusRequest())
    except NoAddress as error:
        told = t(
            "No address of {service}: start the services (make run), or set {setting}.",
            service=error.service,
            setting=error.setting,
        )
        return row | {"state": "away", "detail": told}
    except grpc.RpcError as error:
        said = failure(error, current())
        away = exits.exit_code(said.code) == exits.UNAVAILABLE
        return row | {"state": "away" if away else "answers", "detail": said.told}
    took = f"{(time.perf_counter() - began) * 1000:.1f}"
    row |= {name: str(value) for name, value in output.as_dict(found).items() if name in row}
    return row | {"service": service, "state": "runs", "latency_ms": took}


# -- Events ------------------------------------------------------------------------------------------------


@click.group(cls=Group, help="What the services announce.")
def events() -> None:
    pass


@events.command("tail", help="Follow what the services announce, until interrupted.")
@services_option
@option("--type", "type_", default="", metavar="EVENT", help="Only this event, such as grade_published.")
@option(
    "--since", default="", metavar="TIME", help="From this time on, such as 2026-03-27T08:00; by default now."
)
@option("--limit", type=click.IntRange(min=1), metavar="N", help="Stop after so many.")
@pass_session
def tail(session: Session, services: tuple[str, ...], type_: str, since: str, limit: int | None) -> None:
    from_time = instant(since) if since else None
    for count, (service, each) in enumerate(_merged(session, services or SERVICES, type_, from_time), 1):
        if session.json:
            output.write_json_line({"service": service, **output.as_dict(each)})
        else:
            name = event_name(each.type).key
            at = output.text(each, "recorded_at")
            output.say(f"{at}  {service}.{name}  {each.subject}  {each.body}")
        if count == limit:
            return


def _merged(
    session: Session, services: tuple[str, ...], type_: str, since: Timestamp | None
) -> Iterator[tuple[str, Any]]:
    """Give the events of several services as they come.

    :raises grpc.RpcError: if a stream ends with an error
    """
    arrived: queue.SimpleQueue[tuple[str, Any]] = queue.SimpleQueue()
    streams = []
    caller = session.platform.as_(session.token, language=current(), deadline_s=FOREVER_S)
    for service in services:
        request = pb.TailEventsRequest(type=full_type(service, type_) if type_ else "")
        if since:
            request.since.CopyFrom(since)
        streams.append((service, caller.operations(service).TailEvents(request)))

    def follow(service: str, stream: Any) -> None:
        try:
            for each in stream:
                arrived.put((service, each))
            arrived.put((service, None))
        except grpc.RpcError as error:
            arrived.put((service, error))

    for service, stream in streams:
        threading.Thread(target=follow, args=(service, stream), daemon=True).start()
    open_streams = len(streams)
    try:
        while open_streams:
            service, each = arrived.get()
            if isinstance(each, grpc.RpcError):
                raise each
            if each is None:
                open_streams -= 1
                continue
            yield service, each
    finally:
        for _, stream in streams:
            stream.cancel()


def full_type(service: str, name: str) -> str:
    """Return an event's full name: ``grade_published`` of approval is ``kpi.approval.v1.GradePublished``."""
    if "." in name:
        return name
    camel = name if name[:1].isupper() else "".join(part.capitalize() for part in name.split("_"))
    return f"kpi.{service}.v1.{camel}"


def instant(given: str) -> Timestamp:
    """Return the time that ``given`` spells, in Viet Nam unless it names a zone.

    :raises Wrong: if it spells none
    """
    try:
        found = datetime.fromisoformat(given)
    except ValueError as error:
        raise Wrong(t("{given} is no time such as 2026-03-27T08:00.", given=given)) from error
    result = Timestamp()
    result.FromDatetime(found if found.tzinfo else found.replace(tzinfo=VIET_NAM))
    return result


# -- Parked events -----------------------------------------------------------------------------------------


@click.group(cls=Group, help="Events that a handler could not take.")
def parked() -> None:
    pass


@parked.command("list", help="List parked events, oldest first.")
@services_option
@option("--state", type=Enumerated(pb.ParkedState.DESCRIPTOR), default=0, help="Only in this state.")
@pass_session
def list_parked(session: Session, services: tuple[str, ...], state: int) -> None:
    rows = []
    for service in services or SERVICES:
        request = pb.ListParkedEventsRequest(state=state, page_size=PAGE)  # type: ignore[arg-type]
        operations = session.caller().operations(service)
        rows += [(service, each) for each in operations.pages("ListParkedEvents", request, "parked_events")]
    if session.json:
        output.write_json([{"service": service, **output.as_dict(each)} for service, each in rows])
    else:
        output.write_table(PARKED, rows)


@parked.command("show", help="Show a parked event with its body and the reason.")
@service_argument
@argument("parked_id", metavar="ID", help="The parked event's id.")
@pass_session
def show_parked(session: Session, service: str, parked_id: str) -> None:
    request = pb.GetParkedEventRequest(parked_id=parked_id)
    session.show(session.caller().operations(service).GetParkedEvent(request).parked_event, PARKED_WHOLE)


@parked.command("replay", help="Hand parked events to their handlers again.")
@service_argument
@click.argument("parked_ids", nargs=-1, metavar="[ID]...")
@option("--all", "everything", is_flag=True, help="Every dead one.")
@pass_session
def replay_parked(session: Session, service: str, parked_ids: tuple[str, ...], *, everything: bool) -> None:
    one_of(id=parked_ids, all=everything)
    request = pb.ReplayParkedEventsRequest(parked_ids=parked_ids, all=everything)
    reply = session.caller().operations(service).ReplayParkedEvents(request)
    session.told(reply, t("Events that will be tried again: {count}.", count=reply.count))


@parked.command("drop", help="Give parked events up, with a reason that is kept.")
@service_argument
@click.argument("parked_ids", nargs=-1, metavar="ID...", required=True)
@option("--reason", required=True, metavar="TEXT", help="Why.")
@pass_session
def drop_parked(session: Session, service: str, parked_ids: tuple[str, ...], reason: str) -> None:
    request = pb.DropParkedEventsRequest(parked_ids=parked_ids, reason=reason)
    reply = session.caller().operations(service).DropParkedEvents(request)
    session.told(reply, t("Events given up: {count}.", count=reply.count))


@click.command(
    "replay", cls=Command, help="Publish kept events again, for a new subscriber or a queue that was lost."
)
@service_argument
@argument("event", help="The event, such as grade_published; all for every event.")
@option("--since", required=True, metavar="TIME", help="From when they were recorded, such as 2026-03-01.")
@option(
    "--queue",
    "queue_name",
    default="",
    metavar="QUEUE",
    help="Only into this queue; by default to every subscriber.",
)
@pass_session
def replay(session: Session, service: str, event: str, since: str, queue_name: str) -> None:
    request = pb.ReplayOutboxRequest(
        type="" if event == "all" else full_type(service, event), since=instant(since), queue=queue_name
    )
    reply = session.caller(long=True).operations(service).ReplayOutbox(request)
    session.told(reply, t("Events that will be published again: {count}.", count=reply.count))
