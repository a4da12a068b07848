"""What happens while a month runs: unit plans, weeks, hand-overs, ad-hoc work, claims, extensions."""

from collections.abc import Iterator

from kpi.approval.v1 import approval_pb2 as approval
from kpi.planning.v1 import amendments_pb2 as amendments
from kpi.planning.v1 import causes_pb2 as causes
from kpi.planning.v1 import evidence_pb2 as evidence
from kpi.planning.v1 import planning_pb2 as planning
from kpi.planning.v1 import unit_plans_pb2 as unit_plans
from kpi.planning.v1 import weeks_pb2 as weeks
from kpi_cli.demo.month import CLERK, ORGANIZER, Month, Step, refuse_errors


def before(month: Month) -> dict[str, list[Step]]:
    """Return what a story tells besides the steps that every month has, by the step it comes before."""
    told = month.story
    steps: dict[str, list[Step]] = {}

    def add(place: str, *these: Step) -> None:
        steps.setdefault(place, []).extend(these)

    if told.unit_plans:
        add("plans", Step("unit plans", "Kế hoạch đơn vị", "Unit plans", lambda: _unit_plans(month)))
    if told.weeks:
        add("results", Step("weeks", "Lịch công tác tuần", "Weekly schedules", lambda: _weeks(month)))
    if told.handovers:
        add("results", Step("hand over", "Chuyển giao việc", "Hand over", lambda: _hand_over(month)))
    if told.ad_hoc:
        add("results", Step("ad-hoc", "Giao việc đột xuất", "Ad-hoc work", lambda: _ad_hoc(month)))
    if told.claims:
        add(
            "open",
            Step(
                "claims", "Minh chứng, nguyên nhân khách quan", "Evidence and claims", lambda: _claims(month)
            ),
        )
    if told.extensions:
        add("self", Step("extend", "Gia hạn", "Extend a deadline", lambda: _extend(month)))
    return steps


def _unit_plans(month: Month) -> str:
    """Take the plans over, let each unit's head submit his, and the head's superior approve it."""
    story = month.story
    answer = month.as_(CLERK, "clerk").planning.ImportWorkbook(
        planning.ImportWorkbookRequest(
            ward_id=story.ward_id,
            month=story.month,
            file_name=story.workbook.name,
            content=story.workbook.read_bytes(),
            sheets=["unit_plans"],
        )
    )
    refuse_errors(answer)
    heads = {each.unit_id: each for each in month.people() if each.post == "unit_head"}
    for unit_id in story.unit_plans:
        about = {"ward_id": story.ward_id, "unit_id": unit_id, "month": story.month}
        head = heads[unit_id]
        month.as_(head.person_id).planning.SubmitUnitPlan(unit_plans.SubmitUnitPlanRequest(**about))
        month.as_(head.superior_id).planning.ApproveUnitPlan(unit_plans.ApproveUnitPlanRequest(**about))
    return ", ".join(story.unit_plans)


def _weeks(month: Month) -> str:
    """Let each person move a task to the days on which he does it; what else the plan has stays."""
    story = month.story
    for each in story.weeks:
        entry = weeks.WeekEntry(
            month=story.month, task_id=each["task_id"], days=each["days"], note=each["note"]
        )
        month.as_(each["person_id"]).planning.SaveWeek(
            weeks.SaveWeekRequest(
                ward_id=story.ward_id, person_id=each["person_id"], week=each["week"], entries=[entry]
            )
        )
    return ", ".join(f"{each['person_id']} {each['week']}" for each in story.weeks)


def _hand_over(month: Month) -> str:
    story = month.story
    for each in story.handovers:
        month.as_(each["by"]).planning.HandOverTask(
            amendments.HandOverTaskRequest(
                ward_id=story.ward_id,
                month=story.month,
                person_id=each["person_id"],
                task_id=each["task_id"],
                receiver_id=each["receiver_id"],
                quantity=each["quantity"],
                reason=each["reason"],
            )
        )
    return ", ".join(f"{each['person_id']} → {each['receiver_id']}" for each in story.handovers)


def _ad_hoc(month: Month) -> str:
    """Let superiors give work besides the plan: it is in force at once."""
    story = month.story
    for each in story.ad_hoc:
        month.as_(each["by"]).planning.AddAdHocTask(
            planning.AddAdHocTaskRequest(
                ward_id=story.ward_id,
                person_id=each["person_id"],
                month=story.month,
                task=planning.Task(
                    task_id=each["task_id"],
                    catalogue_code=each["code"],
                    name=each["work"],
                    quantity=each["quantity"],
                    due_on=each["due_on"],
                    responsibility="Chủ trì",
                    authority="Trưởng đơn vị",
                ),
            )
        )
    return ", ".join(f"{each['person_id']}: {each['work']}" for each in story.ad_hoc)


def _claims(month: Month) -> str:
    """Let people claim an objective cause with a file that shows it, and their superiors answer."""
    return ", ".join(_claimed(month))


def _claimed(month: Month) -> Iterator[str]:
    story = month.story
    for each in story.claims:
        person, superior = month.as_(each["person_id"]).planning, month.as_(each["by"]).planning
        task = {
            "ward_id": story.ward_id,
            "person_id": each["person_id"],
            "month": story.month,
            "task_id": each["task_id"],
        }
        shown = person.AttachEvidence(
            evidence.AttachEvidenceRequest(
                **task, file_name=each["file_name"], content=each["text"].encode("utf-8")
            )
        ).evidence
        about = {**task, "fault_id": each["fault_id"]}
        person.RequestObjectiveCause(
            causes.RequestObjectiveCauseRequest(
                **about,
                deadlines=each["deadlines"],
                cause=each["cause"],
                evidence_ids=[shown.evidence_id],
            )
        )
        if each["confirmed"]:
            superior.ConfirmObjectiveCause(
                planning.ConfirmObjectiveCauseRequest(
                    **about, excused_deadlines=each["deadlines"], cause=each["answer"]
                )
            )
        else:
            superior.RefuseObjectiveCause(causes.RefuseObjectiveCauseRequest(**about, reason=each["answer"]))
        yield f"{each['person_id']}: {'xác nhận' if each['confirmed'] else 'từ chối'}"


def _extend(month: Month) -> str:
    story = month.story
    for each in story.extensions:
        month.as_(ORGANIZER, "organizer").approval.ExtendDeadline(
            approval.ExtendDeadlineRequest(
                ward_id=story.ward_id,
                month=story.month,
                step=f"STEP_{each['step'].upper()}",
                last_day=each["last_day"],
                reason=each["reason"],
            )
        )
    return ", ".join(f"{each['step']} {each['last_day']}" for each in story.extensions)
