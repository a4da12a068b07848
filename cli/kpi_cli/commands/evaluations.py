"""Evaluations, self-assessments, superiors' remarks (R-17, R-18)."""

from collections.abc import Sequence
from pathlib import Path
from typing import IO

import click

from kpi.approval.v1 import approval_pb2 as pb
from kpi.types.v1 import types_pb2 as types
from kpi_cli import output
from kpi_cli.commanding import Enumerated, Group, argument, month, option, unit, ward
from kpi_cli.commands.imports import content, report
from kpi_cli.exits import Wrong
from kpi_cli.language import t
from kpi_cli.output import Column
from kpi_cli.session import Session, one_of, pass_session, read_messages

EVALUATION = (
    Column("Person", "person_id", "id"),
    Column("Full name", "full_name"),
    Column("Unit", "unit_id"),
    Column("State", "state"),
    Column("Self", "self_points", "decimal"),
    Column("Review", "review_points", "decimal"),
    Column("Total", "total", "decimal"),
    Column("Band", "band"),
    Column("Proposed", "proposed_grade"),
    Column("Quota", lambda each: t(each.quota) if each.quota else ""),
    Column("Grade", lambda each: output.text(each.decision, "grade")),
)
EVALUATION_WHOLE = (
    *EVALUATION,
    Column("Reviewer", "reviewer_id"),
    Column("Decider", "decider_id"),
    Column("Decided by the city", "external"),
    Column("Self-assessed at", "self_assessed_at"),
    Column("Strengths", lambda each: each.self_assessment.strengths),
    Column("Weaknesses", lambda each: each.self_assessment.weaknesses),
    Column("Remarked by", "remarked_by"),
    Column("Remarked at", "remarked_at"),
    Column("Remarks", lambda each: each.remarks.text),
    Column("Blocker", lambda each: each.remarks.blocker),
    Column("Decision points", "decision_points", "decimal"),
    Column("Score status", lambda each: t(each.score_status.replace("_", " ")) if each.score_status else ""),
    Column("Duty group", "duty_group"),
    Column("Quota scope", "quota_scope"),
    Column("Decided by", lambda each: each.decision.decided_by),
    Column("Decided at", lambda each: output.text(each.decision, "decided_at")),
    Column("Reason", lambda each: each.decision.reason or each.not_evaluated_reason),
    Column("Document", lambda each: each.decision.document),
    Column("Policy", "policy"),
    Column("Set of criteria", "criteria_set"),
    Column("Score policy", "score_policy"),
    Column("Decision policy", lambda each: each.decision.policy),
)
RETURNED = (
    Column("Returned", "step"),
    Column("Why returned", "reason"),
    Column("Returned by", "returned_by", "id"),
    Column("Returned at", "returned_at"),
)

values_option = option(
    "--value",
    "points",
    multiple=True,
    metavar="CRITERION=POINTS",
    help="Points of a criterion, such as I.1=4.5; what is not named gets its maximum.",
)
because_option = option(
    "--because", multiple=True, metavar="CRITERION=TEXT", help="Why a criterion is below its maximum."
)
document_option = option(
    "--document", default="", metavar="TEXT", help="For the clerk: name or number of the signed paper."
)
file_option = option(
    "--file",
    type=click.File("r", encoding="utf-8"),
    metavar="FILE",
    help="Read protobuf JSON from a file; - for input.",
)


@click.group(cls=Group, help="Evaluations of a month.")
def evaluation() -> None:
    pass


@evaluation.command("list", help="List the evaluations that you may see.")
@ward
@month
@unit
@option("--state", type=Enumerated(pb.EvaluationState.DESCRIPTOR), default=0, help="Only in this state.")
@option("--mine", is_flag=True, help="Only those that wait for you to act.")
@pass_session
def list_evaluations(session: Session, ward: str, month: str, unit: str, state: int, *, mine: bool) -> None:
    request = pb.ListEvaluationsRequest(
        ward_id=session.ward(ward),
        month=month,
        unit_id=unit,
        state=state,  # type: ignore[arg-type]
        awaiting_me=mine,
    )
    session.show_all(session.entries("approval", "ListEvaluations", request, "evaluations"), EVALUATION)


@evaluation.command("show", help="Show one evaluation with everything you may see of it.")
@argument("person", help="The person's id.")
@ward
@month
@pass_session
def show(session: Session, person: str, ward: str, month: str) -> None:
    request = pb.GetEvaluationRequest(ward_id=session.ward(ward), person_id=person, month=month)
    found = session.call("approval", "GetEvaluation", request).evaluation
    session.show(found, EVALUATION_WHOLE)
    if not session.json:
        _values(found)
        if found.returns:
            output.write_table(RETURNED, found.returns)


def _values(found: pb.Evaluation) -> None:
    sets = (found.self_assessment.values, found.remarks.values, found.decision_values)
    points = [{each.criterion_id: each for each in values} for values in sets]
    names = list(dict.fromkeys(name for values in points for name in values))

    def of(index: int) -> Column:
        heading = ("Self", "Review", "Decision")[index]
        return Column(
            heading,
            lambda name: output.decimal(points[index][name].points) if name in points[index] else "",
            "decimal",
        )

    if names:
        reasons = Column(
            "Reason",
            lambda name: "; ".join(
                each[name].reason for each in points if name in each and each[name].reason
            ),
        )
        output.write_table([Column("Criterion", str, "id"), of(0), of(1), of(2), reasons], names)


def values(
    session: Session, ward: str, month: str, person: str, points: Sequence[str], because: Sequence[str]
) -> list[pb.CriterionValue]:
    """Return a value for every criterion that a person is assessed with in a month, as the options say.

    :raises Wrong: if an option names no criterion
    """
    given, reasons = _pairs(points), _pairs(because)
    request = pb.ListCriteriaRequest(ward_id=ward, month=month, person_id=person)
    criteria = list(session.entries("approval", "ListCriteria", request, "criteria"))
    if unknown := sorted((given.keys() | reasons.keys()) - {each.criterion_id for each in criteria}):
        raise Wrong(
            t(
                "There is no criterion {name}; see kpi criteria --person {person}.",
                name=", ".join(unknown),
                person=person,
            )
        )
    return [
        pb.CriterionValue(
            criterion_id=each.criterion_id,
            points=given.get(each.criterion_id, each.maximum),
            reason=reasons.get(each.criterion_id, ""),
        )
        for each in criteria
    ]


def _pairs(given: Sequence[str]) -> dict[str, str]:
    found = {}
    for each in given:
        name, sign, value = each.partition("=")
        if not sign or not name.strip() or not value.strip():
            raise Wrong(t("{given} is not of the form CRITERION=VALUE.", given=each))
        found[name.strip()] = value.strip()
    return found


@click.group(cls=Group, help="Self-assessments.")
def assess() -> None:
    pass


@assess.command("submit", help="Submit one self-assessment by options, or several from JSON.")
@ward
@month
@file_option
@option("--person", default="", metavar="ID", help="The person; by default yourself.")
@values_option
@because_option
@option("--strengths", default="", metavar="TEXT", help="Strengths.")
@option("--weaknesses", default="", metavar="TEXT", help="Weaknesses.")
@option("--grade", type=Enumerated(types.Grade.DESCRIPTOR), default=0, help="The grade you propose.")
@document_option
@pass_session
def submit_assessment(
    session: Session,
    ward: str,
    month: str,
    file: IO[str] | None,
    person: str,
    points: tuple[str, ...],
    because: tuple[str, ...],
    strengths: str,
    weaknesses: str,
    grade: int,
    document: str,
) -> None:
    ward_id = session.ward(ward)
    if file:
        given = read_messages(file, pb.SelfAssessment, file.name)
    else:
        person = person or str(session.claims.get("sub", ""))
        given = [
            pb.SelfAssessment(
                person_id=person,
                values=values(session, ward_id, month, person, points, because),
                strengths=strengths,
                weaknesses=weaknesses,
                proposed_grade=grade,  # type: ignore[arg-type]
                document=document,
            )
        ]
    request = pb.SubmitSelfAssessmentsRequest(ward_id=ward_id, month=month, self_assessments=given)
    reply = session.call("approval", "SubmitSelfAssessments", request)
    session.told(
        reply,
        t("Self-assessments submitted: {count}, late: {late}.", count=reply.count, late=reply.late),
    )


@click.group(cls=Group, help="Superiors' remarks.")
def remarks() -> None:
    pass


@remarks.command("submit", help="Record remarks on one person by options, or on several from JSON.")
@ward
@month
@file_option
@option("--person", default="", metavar="ID", help="The person remarked on.")
@values_option
@because_option
@option("--text", default="", metavar="TEXT", help="The remarks.")
@option("--organising", type=click.Choice(["100", "50"]), help="Leaders: organising, 100 or 50.")
@option("--organising-fact", default="", metavar="TEXT", help="The recorded fact; required with 50.")
@option("--unity", type=click.Choice(["100", "50"]), help="Leaders: unity, 100 or 50.")
@option("--unity-fact", default="", metavar="TEXT", help="The recorded fact; required with 50.")
@option("--blocker", default="", metavar="NUMBER", help="Document number of a blocker.")
@document_option
@pass_session
def submit_remarks(
    session: Session,
    ward: str,
    month: str,
    file: IO[str] | None,
    person: str,
    points: tuple[str, ...],
    because: tuple[str, ...],
    text: str,
    organising: str | None,
    organising_fact: str,
    unity: str | None,
    unity_fact: str,
    blocker: str,
    document: str,
) -> None:
    one_of(file=file, person=person)
    ward_id = session.ward(ward)
    if file:
        given = read_messages(file, pb.Remarks, file.name)
    else:
        given = [
            pb.Remarks(
                person_id=person,
                values=values(session, ward_id, month, person, points, because) if points or because else [],
                text=text,
                organising=int(organising or 0),
                organising_fact=organising_fact,
                unity=int(unity or 0),
                unity_fact=unity_fact,
                blocker=blocker,
                document=document,
            )
        ]
    request = pb.SubmitRemarksRequest(ward_id=ward_id, month=month, remarks=given)
    reply = session.call("approval", "SubmitRemarks", request)
    session.told(reply, t("Remarks recorded: {count}, late: {late}.", count=reply.count, late=reply.late))


def _import(
    session: Session, file: Path, ward: str, month: str, document: str, *, dry_run: bool, own: bool
) -> None:
    request = pb.ImportAssessmentsRequest(
        ward_id=session.ward(ward),
        month=month,
        file_name=file.name,
        content=content(file),
        self_assessments=own,
        remarks=not own,
        document=document,
        dry_run=dry_run,
    )
    reply = session.call(
        "approval", "ImportAssessments", request, waiting=t("Importing {file}", file=file.name)
    )
    count = {t("self-assessments"): reply.self_assessments} if own else {t("remarks"): reply.remarks}
    report(session, reply, count, dry_run=dry_run)


_file = argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="The file.")
_papers = option("--document", required=True, metavar="TEXT", help="Name or number of the signed papers.")
_dry_run = option("--dry-run", is_flag=True, help="Check only.")


@assess.command("import", help="Take the self-assessments of a workbook's sheet over: all of it or nothing.")
@_file
@ward
@month
@_papers
@_dry_run
@pass_session
def import_assessments(
    session: Session, file: Path, ward: str, month: str, document: str, *, dry_run: bool
) -> None:
    _import(session, file, ward, month, document, dry_run=dry_run, own=True)


@remarks.command(
    "import", help="Take the superiors' remarks of a workbook's sheet over: all of it or nothing."
)
@_file
@ward
@month
@_papers
@_dry_run
@pass_session
def import_remarks(
    session: Session, file: Path, ward: str, month: str, document: str, *, dry_run: bool
) -> None:
    _import(session, file, ward, month, document, dry_run=dry_run, own=False)
