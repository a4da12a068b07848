"""Who calls."""

from datetime import UTC, datetime

import click

from kpi_cli import output
from kpi_cli.commanding import Command, Group, option
from kpi_cli.language import t
from kpi_cli.session import Session, pass_session


@click.group(cls=Group, help="Tokens for development machines.")
def token() -> None:
    pass


@token.command("issue", help="Issue a token with the local development key. Never for production.")
@option("--person", required=True, metavar="ID", help="Whom it speaks for.")
@option("--ward", "wards", multiple=True, metavar="ID", help="A ward it is for; by default every ward.")
@option(
    "--role",
    "roles",
    multiple=True,
    metavar="ROLE",
    help="A role it grants: staff (default), clerk, organizer, finance, auditor, operator.",
)
@option(
    "--hours", type=click.IntRange(1, 24 * 365), default=12, metavar="N", help="How long it is valid (12)."
)
@option("--save", is_flag=True, help="Keep it in the token file, for the commands that follow.")
@pass_session
def issue(
    session: Session, person: str, wards: tuple[str, ...], roles: tuple[str, ...], hours: int, *, save: bool
) -> None:
    made = session.issue(person, wards=wards or ("*",), roles=roles or ("staff",), hours=hours)
    if save:
        session.token_file.parent.mkdir(parents=True, exist_ok=True)
        session.token_file.touch(mode=0o600)
        session.token_file.write_text(made + "\n", "utf-8")
        output.note(t("Kept in {file}.", file=session.token_file))
    elif session.json:
        output.write_json({"token": made})
    else:
        output.say(made)


@click.command(cls=Command, help="Show whom the token speaks for.")
@pass_session
def whoami(session: Session) -> None:
    claims = session.claims
    if session.json:
        output.write_json(claims)
        return
    expires = datetime.fromtimestamp(claims["exp"], UTC) if "exp" in claims else None
    output.write_facts(
        [
            ("Person", str(claims.get("sub", ""))),
            ("Wards", ", ".join(claims.get("wards", []))),
            ("Roles", ", ".join(claims.get("roles", []))),
            ("Valid until", output.local(expires) if expires else ""),
        ]
    )
