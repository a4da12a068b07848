"""After publication: opinions, appeals, replaced decisions; and steps returned for correction (R-30)."""

import click

from kpi.approval.v1 import approval_pb2 as pb
from kpi.types.v1 import types_pb2 as types
from kpi_cli import output
from kpi_cli.commanding import Command, Enumerated, Group, argument, month, option, ward
from kpi_cli.commands.evaluations import EVALUATION
from kpi_cli.language import t
from kpi_cli.output import Column
from kpi_cli.session import Session, pass_session

APPEAL = (
    Column("Appeal", "appeal_id", "id"),
    Column("Kind", "kind"),
    Column("Month", "month", "day"),
    Column("Person", "person_id", "id"),
    Column("Submitted at", "submitted_at"),
    Column("Last day", "last_day", "day"),
    Column("Who answers", "answerer_id", "id"),
    Column("Answered by the city", "external"),
    Column("Late", "late"),
    Column("Outcome", "outcome"),
)
APPEAL_WHOLE = (
    *APPEAL,
    Column("Text", "text"),
    Column("Document", "document"),
    Column("Answer", "answer"),
    Column("Document of the answer", "answer_document"),
    Column("Answered by", "answered_by"),
    Column("Answered at", "answered_at"),
    Column("New decision", "new_decision_id"),
)
grade_type = Enumerated(types.Grade.DESCRIPTOR)
_person = option("--person", default="", metavar="ID", help="The person; by default yourself.")
_text = option("--text", required=True, metavar="TEXT", help="What is said.")
_paper = option(
    "--document", default="", metavar="TEXT", help="For the clerk: name or number of the signed paper."
)


@click.group("appeal", cls=Group, help="Reserved opinions and appeals.")
def appeal() -> None:
    pass


@appeal.command("submit", help="Appeal against a published grade to the superior of the decider.")
@ward
@month
@_person
@_text
@_paper
@pass_session
def submit(session: Session, ward: str, month: str, person: str, text: str, document: str) -> None:
    request = pb.SubmitAppealRequest(
        ward_id=session.ward(ward), month=month, person_id=person, text=text, document=document
    )
    session.show(session.call("approval", "SubmitAppeal", request).appeal, APPEAL_WHOLE)


@appeal.command("reserve", help="Put an opinion about a published grade on record.")
@ward
@month
@_person
@_text
@_paper
@pass_session
def reserve(session: Session, ward: str, month: str, person: str, text: str, document: str) -> None:
    request = pb.ReserveOpinionRequest(
        ward_id=session.ward(ward), month=month, person_id=person, text=text, document=document
    )
    session.show(session.call("approval", "ReserveOpinion", request).appeal, APPEAL_WHOLE)


@appeal.command("answer", help="Answer an appeal; upheld, a new decision replaces the old one.")
@argument("appeal", help="The appeal's id.")
@ward
@option("--outcome", type=Enumerated(pb.AppealOutcome.DESCRIPTOR), required=True, help="What became of it.")
@option("--grade", type=grade_type, default=0, help="The new grade, where it is upheld.")
@option("--answer", "text", required=True, metavar="TEXT", help="The answer with its reasons.")
@option("--document", default="", metavar="NUMBER", help="The answer's document; required for the city's.")
@pass_session
def answer(
    session: Session, appeal: str, ward: str, outcome: int, grade: int, text: str, document: str
) -> None:
    request = pb.AnswerAppealRequest(
        ward_id=session.ward(ward),
        appeal_id=appeal,
        outcome=outcome,  # type: ignore[arg-type]
        grade=grade,  # type: ignore[arg-type]
        answer=text,
        document=document,
    )
    session.show(session.call("approval", "AnswerAppeal", request).appeal, APPEAL_WHOLE)


@appeal.command("list", help="List the appeals and opinions that you may see, oldest first.")
@ward
@option("--of-month", default="", metavar="YYYY-MM", help="Only of this month.")
@option("--open", "open_", is_flag=True, help="Only those not answered.")
@option("--mine", is_flag=True, help="Only those that wait for you to answer.")
@pass_session
def list_appeals(session: Session, ward: str, of_month: str, *, open_: bool, mine: bool) -> None:
    request = pb.ListAppealsRequest(ward_id=session.ward(ward), month=of_month, open=open_, awaiting_me=mine)
    session.show_all(session.entries("approval", "ListAppeals", request, "appeals"), APPEAL)


@appeal.command("show", help="Show one appeal or opinion.")
@argument("appeal", help="The appeal's id.")
@ward
@pass_session
def show(session: Session, appeal: str, ward: str) -> None:
    request = pb.GetAppealRequest(ward_id=session.ward(ward), appeal_id=appeal)
    session.show(session.call("approval", "GetAppeal", request).appeal, APPEAL_WHOLE)


@click.command(
    "replace-decision", cls=Command, help="Replace a published decision that rests on a wrong result."
)
@argument("person", help="The person's id.")
@ward
@month
@option("--grade", type=grade_type, required=True, help="The grade.")
@option("--reason", required=True, metavar="TEXT", help="Why.")
@option("--document", required=True, metavar="NUMBER", help="Number of the document.")
@pass_session
def replace_decision(
    session: Session, person: str, ward: str, month: str, grade: int, reason: str, document: str
) -> None:
    request = pb.ReplaceDecisionRequest(
        ward_id=session.ward(ward),
        month=month,
        person_id=person,
        grade=grade,  # type: ignore[arg-type]
        reason=reason,
        document=document,
    )
    session.show(session.call("approval", "ReplaceDecision", request).evaluation, EVALUATION)


@click.command(
    "return", cls=Command, help="Return a self-assessment, or remarks, for correction with a reason."
)
@argument("person", help="The person's id.")
@ward
@month
@option("--step", type=Enumerated(pb.Step.DESCRIPTOR), required=True, help="What is returned.")
@option("--reason", required=True, metavar="TEXT", help="Why.")
@pass_session
def return_step(session: Session, person: str, ward: str, month: str, step: int, reason: str) -> None:
    request = pb.ReturnEvaluationRequest(
        ward_id=session.ward(ward),
        month=month,
        person_id=person,
        step=step,  # type: ignore[arg-type]
        reason=reason,
    )
    reply = session.call("approval", "ReturnEvaluation", request)
    session.told(reply, t("Returned; now: {state}.", state=output.text(reply, "state")))
