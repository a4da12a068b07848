# ruff: noqa: D102, ARG002  # what click calls, as click says
"""The command ``kpi``: its options, its groups, and how every run ends."""

import os
import re
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

import click
import grpc

from kpi_cli import exits, language, output
from kpi_cli.client import Failure, NoAddress, failure
from kpi_cli.commanding import Group, Option
from kpi_cli.exits import Broken, Ended, Wrong
from kpi_cli.language import t
from kpi_cli.session import Session

HELP = """Plan, score, approve and reward a ward's month.

Talks to the running services by gRPC. Lists are followed to their last page, commands carry a request id
and are repeated safely while a service is away, every call has a deadline."""

EXITS = """Exit codes: 0 done; 1 unexpected; 2 bad input; 3 refused by a rule; 4 not permitted; 5 not found;
6 service away or deadline passed; 130 interrupted; 141 the reader of a pipe has gone."""

SETTINGS = """Settings: KPI_TOKEN or KPI_TOKEN_FILE, KPI_WARD, KPI_MONTH, KPI_LANG, KPI_STATE (folder of the
running stack, default var), KPI_<SERVICE>_ADDRESS (host:port), KPI_TLS_CA (PEM)."""

COMMANDS = {
    "token": "tokens:token",
    "whoami": "tokens:whoami",
    "template": "templates:template",
    "import": "imports:import_workbook",
    "wards": "people:wards",
    "units": "people:units",
    "people": "people:people",
    "catalogue": "catalogue:catalogue",
    "unit-plan": "unit_plans:unit_plan",
    "plan": "amending:plan",
    "week": "weeks:week",
    "result": "causes:result",
    "evidence": "evidence:evidence",
    "working-time": "results:working_time",
    "okr": "okr:okr",
    "month": "watching:month_group",
    "criteria": "months:criteria",
    "regulation": "regulations:regulation",
    "evaluation": "evaluations:evaluation",
    "assess": "evaluations:assess",
    "remarks": "evaluations:remarks",
    "decision-values": "decisions:decision_values",
    "not-evaluated": "decisions:not_evaluated",
    "quota-rate": "decisions:quota_rate",
    "decide": "decisions:decide",
    "external": "decisions:external",
    "delegate": "decisions:delegate",
    "end-delegation": "watching:end_delegation",
    "delegations": "watching:delegations",
    "waiting": "watching:waiting",
    "year": "watching:year",
    "import-decisions": "imports:import_decisions",
    "publish": "decisions:publish",
    "grades": "decisions:grades",
    "return": "appeals:return_step",
    "appeal": "appeals:appeal",
    "replace-decision": "appeals:replace_decision",
    "audit": "audit:audit",
    "commend": "commending:commend",
    "commendations": "commending:commendations",
    "record": "records:record",
    "policy": "policies:policy",
    "score": "scores:score",
    "quota": "scores:quota",
    "fund": "money:fund",
    "policies": "money:policies",
    "pay-policy": "pay_policies:pay_policy",
    "allocate": "money:allocate",
    "check": "money:check",
    "run": "runs:run",
    "export": "runs:export",
    "acknowledge": "runs:acknowledge",
    "ledger": "runs:ledger",
    "inbox": "inbox:inbox",
    "preferences": "inbox:preferences",
    "mail": "inbox:mail",
    "status": "operations:status",
    "events": "operations:events",
    "parked": "operations:parked",
    "replay": "operations:replay",
}
"""Where each command is, in the order of the work."""

TAKING_VALUE = frozenset({"--lang", "--token", "--as", "--timeout"})
GLOBAL = TAKING_VALUE | {"--json"}


class Program(Group):
    """The whole command. Its own options may stand anywhere on the line."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*COMMANDS, "demo"]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name == "demo":
            return _demo()
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        found: click.Command = getattr(import_module(f"kpi_cli.commands.{module}"), name)
        return found

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, hoisted(args))

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for paragraph in (EXITS, SETTINGS):
            formatter.write_paragraph()
            formatter.write_text(t(paragraph))

    def main(  # type: ignore[override]
        self, args: Sequence[str] | None = None, prog_name: str | None = None, **extra: Any
    ) -> NoReturn:
        """Run, say what went wrong in the language of the run, and exit with a documented code."""
        given = list(sys.argv[1:] if args is None else args)
        language.choose(given, os.environ)
        as_json = "--json" in hoisted(given)
        extra.pop("standalone_mode", None)
        name = prog_name or "kpi"
        if "_KPI_COMPLETE" in os.environ:
            super().main(given, prog_name=name, complete_var="_KPI_COMPLETE", **extra)
        try:
            with self.make_context(name, given, **extra) as ctx:
                self.invoke(ctx)
            sys.stdout.flush()
            code = exits.DONE
        except click.exceptions.Exit as ended:
            code = ended.exit_code
        except (KeyboardInterrupt, EOFError):
            code = _told(click.Abort(), as_json=as_json)
        except Exception as error:  # noqa: BLE001  # this is the outermost place: a person never sees a stack
            code = _told(error, as_json=as_json)
        sys.exit(code)


def hoisted(args: Sequence[str]) -> list[str]:
    """Return the command line with the program's own options ahead of everything else."""
    own, others = [], []
    rest = iter(args)
    for argument in rest:
        if argument == "--":
            others += [argument, *rest]
        elif argument.partition("=")[0] not in GLOBAL:
            others.append(argument)
        elif argument in TAKING_VALUE:
            own += [argument, *([value] if (value := next(rest, None)) is not None else [])]
        else:
            own.append(argument)
    return own + others


def _demo() -> click.Command:
    try:
        found: click.Command = import_module("kpi_cli.demo.command").demo
    except ImportError as error:
        raise Wrong(t("The demonstration is not installed: {error}", error=error)) from error
    return found


@click.command(cls=Program, help=HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--json", "as_json", is_flag=True, cls=Option, help="Print protobuf JSON instead of tables.")
@click.option("--lang", type=click.Choice(["vi", "en"]), cls=Option, help="Language of texts (KPI_LANG).")
@click.option("--token", default="", cls=Option, metavar="TOKEN", help="The caller's token (KPI_TOKEN).")
@click.option(
    "--as",
    "acting",
    default="",
    metavar="PERSON[:ROLE,…]",
    cls=Option,
    help="Act as a person, with a token of the local development key.",
)
@click.option(
    "--timeout", type=click.FloatRange(min=0.1), cls=Option, metavar="SECONDS", help="Deadline of each call."
)
@click.pass_context
def cli(
    ctx: click.Context, *, as_json: bool, lang: str | None, token: str, acting: str, timeout: float | None
) -> None:
    del lang  # read ahead of everything else: help is in a language too
    state = Path(os.environ.get("KPI_STATE", "var"))
    ctx.obj = Session(state=state, token_given=token, acting=acting, json=as_json, timeout_s=timeout)
    ctx.call_on_close(ctx.obj.close)


def _told(error: Exception, *, as_json: bool) -> int:
    """Say what ended the run, and return the exit code."""
    match error:
        case Ended():
            return error.code
        case click.Abort():
            output.note(t("Interrupted."))
            return exits.INTERRUPTED
        case BrokenPipeError():
            _leave_the_pipe()
            return exits.BROKEN_PIPE
        case grpc.RpcError():
            return _refused(failure(error, language.current()), as_json=as_json)
        case NoAddress():
            told = t(
                "No address of {service}: start the services (make run), or set {setting}.",
                service=error.service,
                setting=error.setting,
            )
            return _wrong("UNAVAILABLE", "NO_ADDRESS", told, exits.UNAVAILABLE, as_json=as_json)
        case Broken():
            return _wrong("DATA_LOSS", "DAMAGED", str(error), exits.UNEXPECTED, as_json=as_json)
        case Wrong():
            return _wrong("INVALID_ARGUMENT", "BAD_INPUT", str(error), exits.BAD_INPUT, as_json=as_json)
        case click.exceptions.NoArgsIsHelpError():
            output.note(error.format_message())
            return exits.BAD_INPUT
        case click.ClickException():
            code = _wrong("INVALID_ARGUMENT", "USAGE", _usage(error), exits.BAD_INPUT, as_json=as_json)
            if isinstance(error, click.UsageError) and error.ctx and not as_json:
                output.note(t("Help: {command} --help", command=error.ctx.command_path))
            return code
        case OSError():
            return _wrong("INVALID_ARGUMENT", "FILE", _of_file(error), exits.BAD_INPUT, as_json=as_json)
        case _:
            kind = type(error).__name__
            told = t("Unexpected: {kind}: {error}", kind=kind, error=error)
            return _wrong("UNKNOWN", "UNEXPECTED", told, exits.UNEXPECTED, as_json=as_json)


def _of_file(error: OSError) -> str:
    """Return why a file cannot be used in the language of the run: the system speaks its own."""
    match error:
        case FileNotFoundError():
            return t("{file}: there is no such file or folder.", file=error.filename)
        case PermissionError():
            return t("{file}: you may not read or write it.", file=error.filename)
        case IsADirectoryError() | NotADirectoryError():
            return t("{file}: name a file in a folder that exists.", file=error.filename)
        case _:
            return str(error)


def _usage(error: click.ClickException) -> str:
    match error:
        case click.MissingParameter():
            param = error.param
            name = (
                param.opts[0]
                if isinstance(param, click.Option)
                else (param.make_metavar(error.ctx) if param and error.ctx else "")
            )
            return t("{name} is missing.", name=name)
        case click.NoSuchOption():
            return t("There is no option {name}.", name=error.option_name)
        case click.exceptions.NoSuchCommand():
            return t("There is no command {name}.", name=error.command_name)
        case click.BadParameter():
            name = error.param.opts[0] if error.param else str(error.param_hint or "")
            return t("{name}: {message}", name=name, message=_unfit(error))
        case click.UsageError() if found := re.search(r"unexpected extra arguments? \((.*)\)", error.message):
            return t("This stands on the line too much: {words}.", words=found[1])
        case click.BadOptionUsage() if "requires an argument" in error.message:
            return t("{name} needs a value.", name=error.option_name)
        case click.BadOptionUsage() if "does not take a value" in error.message:
            return t("{name} takes no value.", name=error.option_name)
        case _:
            return error.format_message()


def _unfit(error: click.BadParameter) -> str:
    """Return what is wrong with a value in the language of the run: click speaks English only."""
    match error.param.type if error.param else None:
        case click.IntRange() as expected:
            return t("a whole number {range} is needed.", range=_range(expected.min, expected.max))
        case click.FloatRange() as expected:
            return t("a number {range} is needed.", range=_range(expected.min, expected.max))
        case click.Choice() as expected:
            return t("one of {names} is needed.", names=", ".join(map(str, expected.choices)))
        case click.Path() if found := re.search(r"'(.*)' does not exist", error.message):
            return t("there is no file {file}.", file=found[1])
        case _:
            return error.message


def _range(least: float | None, most: float | None) -> str:
    if most is None:
        return f"≥ {least}"
    return f"≤ {most}" if least is None else f"{least}…{most}"


def _refused(said: Failure, *, as_json: bool) -> int:
    code = exits.exit_code(said.code)
    told = said.told
    if code == exits.UNAVAILABLE and said.reason == said.code.name:
        # The transport's own words, in which a person finds an address at best.
        told = t("The service does not answer: {detail}", detail=told)
    if as_json:
        output.note(_as_json(said.code.name, said.reason, told, dict(said.facts)))
        return code
    output.note(told)
    facts = "".join(f" {name}={value}" for name, value in sorted(said.facts.items()))
    output.note(f"[{said.reason}]{facts}")
    return code


def _wrong(code: str, reason: str, told: str, ends: int, *, as_json: bool) -> int:
    output.note(_as_json(code, reason, told, {}) if as_json else told)
    return ends


def _as_json(code: str, reason: str, told: str, facts: dict[str, str]) -> str:
    import json

    error = {"code": code, "reason": reason, "message": told, "facts": facts}
    return json.dumps({"error": error}, ensure_ascii=False)


def _leave_the_pipe() -> None:
    """Keep the interpreter from complaining, when it exits, about what it cannot flush."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
