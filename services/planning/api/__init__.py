"""Planning's gRPC side: read the request, call the use case, write the reply."""

from typing import Final

import grpc

from chassis.rpc import Call, Page, command, one_at_a_time, query
from chassis.sheets import Form
from kpi.planning.v1 import planning_pb2 as pb
from kpi.planning.v1 import planning_pb2_grpc
from planning import storage, usecases
from planning.api.amendments import AmendmentsApi
from planning.api.causes import CausesApi
from planning.api.deliveries import DeliveriesApi
from planning.api.drafting import DraftingApi
from planning.api.evidence import EvidenceApi
from planning.api.keys import after, key, number
from planning.api.okr import OkrApi
from planning.api.publication import PublicationApi
from planning.api.templates import TemplatesApi
from planning.api.unit_plans import UnitPlansApi
from planning.api.weeks import WeeksApi
from planning.domain.ids import given, month
from planning.domain.plan import PersonMonth
from planning.usecases.organization import sees_salary
from planning.wire import messages, requests

FORMS: Final = {
    pb.TABLE_FORMAT_UNSPECIFIED: None,
    pb.TABLE_FORMAT_XLSX: Form.XLSX,
    pb.TABLE_FORMAT_CSV: Form.CSV,
}


class PlanningApi(
    AmendmentsApi,
    CausesApi,
    DeliveriesApi,
    DraftingApi,
    EvidenceApi,
    OkrApi,
    PublicationApi,
    TemplatesApi,
    UnitPlansApi,
    WeeksApi,
):
    """Everything that planning answers."""

    @one_at_a_time
    @command
    def ImportWorkbook(self, request: pb.ImportWorkbookRequest, call: Call) -> pb.ImportWorkbookResponse:
        done = usecases.import_workbook(
            call.session,
            ward_id=given(request.ward_id, "ward_id"),
            month=month(request.month),
            file_name=request.file_name,
            content=request.content,
            form=FORMS.get(request.format),
            only=list(request.sheets),
            dry_run=request.dry_run,
            actor=call.actor,
            at=call.at,
        )
        return pb.ImportWorkbookResponse(
            applied=done.applied,
            errors=[
                pb.CellError(
                    sheet=each.sheet,
                    row=each.row,
                    column=each.column,
                    value=each.value,
                    reason_vi=each.reason_vi,
                    reason_en=each.reason_en,
                )
                for each in done.errors
            ],
            error_count=done.error_count,
            rows=done.rows,
        )

    @query
    def GetWard(self, request: pb.GetWardRequest, call: Call) -> pb.GetWardResponse:
        found = storage.ward(call.session, given(request.ward_id, "ward_id"))
        return pb.GetWardResponse(ward=messages.ward(found))

    @query
    def ListUnits(self, request: pb.ListUnitsRequest, call: Call) -> pb.ListUnitsResponse:
        page = Page.of(request, default=100, most=1000)
        ward = storage.ward(call.session, given(request.ward_id, "ward_id"))
        found = storage.units(call.session, ward.ward_id, after=after(page), limit=page.size + 1)
        shown = found[: page.size]
        return pb.ListUnitsResponse(
            units=[messages.unit(each) for each in shown],
            next_page_token=page.token([shown[-1].unit_id]) if len(found) > page.size else "",
        )

    @query
    def ListPeople(self, request: pb.ListPeopleRequest, call: Call) -> pb.ListPeopleResponse:
        page = Page.of(request, default=100, most=1000)
        found = usecases.list_people(
            call.session,
            ward_id=given(request.ward_id, "ward_id"),
            month=month(request.month),
            unit_id=given(request.unit_id, "unit_id") if request.unit_id else "",
            after=after(page),
            limit=page.size + 1,
        )
        shown = found[: page.size]
        return pb.ListPeopleResponse(
            people=[messages.person(each, salary=sees_salary(call.actor, each.person_id)) for each in shown],
            next_page_token=page.token([shown[-1].person_id]) if len(found) > page.size else "",
        )

    @query
    def GetPerson(self, request: pb.GetPersonRequest, call: Call) -> pb.GetPersonResponse:
        found = usecases.get_person(
            call.session,
            ward_id=given(request.ward_id, "ward_id"),
            person_id=given(request.person_id, "person_id"),
            month=month(request.month),
        )
        return pb.GetPersonResponse(
            person=messages.person(found, salary=sees_salary(call.actor, found.person_id))
        )

    @command
    def ProposeCatalogue(
        self, request: pb.ProposeCatalogueRequest, call: Call
    ) -> pb.ProposeCatalogueResponse:
        entries, coefficients = requests.entries(request.entries)
        proposed = usecases.propose_catalogue(
            call.session,
            ward_id=given(request.ward_id, "ward_id"),
            from_month=month(request.from_month, "from_month"),
            standard_points=requests.decimal(request.standard_points, "standard_points"),
            proposed_by=given(request.proposed_by, "proposed_by"),
            entries=entries,
            given=coefficients,
            actor=call.actor,
            at=call.at,
        )
        return pb.ProposeCatalogueResponse(catalogue=messages.catalogue(proposed))

    @command
    def ApproveCatalogue(
        self, request: pb.ApproveCatalogueRequest, call: Call
    ) -> pb.ApproveCatalogueResponse:
        approved = usecases.approve_catalogue(
            call.session,
            ward_id=given(request.ward_id, "ward_id"),
            version=request.version,
            decision=requests.text(request.decision, "decision"),
            actor=call.actor,
            at=call.at,
        )
        return pb.ApproveCatalogueResponse(catalogue=messages.catalogue(approved))

    @query
    def ListCatalogues(self, request: pb.ListCataloguesRequest, call: Call) -> pb.ListCataloguesResponse:
        page = Page.of(request, default=50, most=500)
        ward = storage.ward(call.session, given(request.ward_id, "ward_id"))
        last = key(page, 2)
        found = storage.catalogues(
            call.session,
            ward.ward_id,
            after=(last[0], number(last[1])) if last else None,
            limit=page.size + 1,
        )
        shown = found[: page.size]
        more = len(found) > page.size
        return pb.ListCataloguesResponse(
            catalogues=[messages.catalogue(each) for each in shown],
            next_page_token=(page.token([str(shown[-1].from_month), str(shown[-1].version)]) if more else ""),
        )

    @query
    def ListCatalogueEntries(
        self, request: pb.ListCatalogueEntriesRequest, call: Call
    ) -> pb.ListCatalogueEntriesResponse:
        page = Page.of(request, default=100, most=1000)
        ward_id = storage.ward(call.session, given(request.ward_id, "ward_id")).ward_id
        meant = (
            storage.catalogue(call.session, ward_id, request.version)
            if request.version
            else storage.catalogue_in_force(call.session, ward_id, month(request.month))
        )
        found = storage.entries(
            call.session,
            ward_id,
            meant.version,
            query=requests.text(request.query, "query"),
            code_prefix=requests.text(request.code_prefix, "code_prefix"),
            complexity_group=requests.text(request.complexity_group, "complexity_group"),
            section=requests.section(request.section, "section") if request.section else None,
            unit=requests.text(request.unit, "unit"),
            after=after(page),
            limit=page.size + 1,
        )
        shown = found[: page.size]
        return pb.ListCatalogueEntriesResponse(
            entries=[messages.entry(each) for each in shown],
            version=meant.version,
            next_page_token=page.token([shown[-1].code]) if len(found) > page.size else "",
        )

    @command
    def SavePlan(self, request: pb.SavePlanRequest, call: Call) -> pb.SavePlanResponse:
        saved = usecases.save_plan(
            call.session,
            ward_id=given(request.ward_id, "ward_id"),
            person_id=given(request.person_id, "person_id"),
            month=month(request.month),
            tasks=requests.tasks(request.tasks),
            expected_revision=request.expected_revision,
            actor=call.actor,
            at=call.at,
        )
        return pb.SavePlanResponse(plan=_plan(call, saved))

    @command
    def SubmitPlans(self, request: pb.SubmitPlansRequest, call: Call) -> pb.SubmitPlansResponse:
        requests.limited(len(request.person_ids), requests.MOST_PEOPLE, "person_ids")
        count = usecases.submit_plans(
            call.session,
            ward_id=given(request.ward_id, "ward_id"),
            month=month(request.month),
            person_ids=[given(each, "person_ids") for each in request.person_ids],
            unit_id=given(request.unit_id, "unit_id") if request.unit_id else "",
            everybody=request.all,
            actor=call.actor,
            at=call.at,
        )
        return pb.SubmitPlansResponse(count=count)

    @command
    def ApprovePlans(self, request: pb.ApprovePlansRequest, call: Call) -> pb.ApprovePlansResponse:
        requests.limited(len(request.person_ids), requests.MOST_PEOPLE, "person_ids")
        count = usecases.approve_plans(
            call.session,
            ward_id=given(request.ward_id, "ward_id"),
            month=month(request.month),
            person_ids=[given(each, "person_ids") for each in request.person_ids],
            actor=call.actor,
            at=call.at,
        )
        return pb.ApprovePlansResponse(count=count)

    @command
    def ReturnPlan(self, request: pb.ReturnPlanRequest, call: Call) -> pb.ReturnPlanResponse:
        returned = usecases.return_plan(
            call.session,
            ward_id=given(request.ward_id, "ward_id"),
            person_id=given(request.person_id, "person_id"),
            month=month(request.month),
            reason=requests.text(request.reason, "reason"),
            actor=call.actor,
            at=call.at,
        )
        return pb.ReturnPlanResponse(plan=_plan(call, returned))

    @query
    def GetPlan(self, request: pb.GetPlanRequest, call: Call) -> pb.GetPlanResponse:
        found = usecases.get_plan(
            call.session,
            ward_id=given(request.ward_id, "ward_id"),
            person_id=given(request.person_id, "person_id"),
            month=month(request.month),
            actor=call.actor,
            at=call.at,
        )
        return pb.GetPlanResponse(plan=_plan(call, found))

    @query
    def ListPlans(self, request: pb.ListPlansRequest, call: Call) -> pb.ListPlansResponse:
        page = Page.of(request, default=100, most=1000)
        when = month(request.month)
        found = usecases.list_plans(
            call.session,
            ward_id=given(request.ward_id, "ward_id"),
            month=when,
            unit_id=given(request.unit_id, "unit_id") if request.unit_id else "",
            state=requests.state(request.state),
            actor=call.actor,
            at=call.at,
            after=after(page),
            limit=page.size + 1,
        )
        shown = found[: page.size]
        lines = storage.lines(call.session, request.ward_id, when)
        return pb.ListPlansResponse(
            plans=[
                messages.head(
                    request.ward_id,
                    each.person_id,
                    when,
                    lines.get(each.person_id, ("", ""))[1],
                    number=each.version,
                    state=each.state,
                    reason=each.reason,
                    decided_by=each.decided_by,
                    decided_at=each.decided_at,
                    task_count=each.task_count,
                    revision=each.revision,
                )
                for each in shown
            ],
            next_page_token=page.token([shown[-1].person_id]) if len(found) > page.size else "",
        )

    @query
    def ListPlanVersions(
        self, request: pb.ListPlanVersionsRequest, call: Call
    ) -> pb.ListPlanVersionsResponse:
        page = Page.of(request, default=50, most=500)
        when = month(request.month)
        found = usecases.list_plan_versions(
            call.session,
            ward_id=given(request.ward_id, "ward_id"),
            person_id=given(request.person_id, "person_id"),
            month=when,
            actor=call.actor,
            at=call.at,
            after=number(key(page, 1)[0]) if page.after else 0,
            limit=page.size + 1,
        )
        shown = found[: page.size]
        unit_id = _unit_id(call, request.ward_id, request.person_id, request.month)
        return pb.ListPlanVersionsResponse(
            plans=[
                messages.version(request.ward_id, request.person_id, when, unit_id, each) for each in shown
            ],
            next_page_token=page.token([str(shown[-1].number)]) if len(found) > page.size else "",
        )

    @command
    def RecordResults(self, request: pb.RecordResultsRequest, call: Call) -> pb.RecordResultsResponse:
        recorded = usecases.record_results(
            call.session,
            ward_id=given(request.ward_id, "ward_id"),
            person_id=given(request.person_id, "person_id"),
            month=month(request.month),
            results=requests.results(request.results),
            actor=call.actor,
            at=call.at,
        )
        return pb.RecordResultsResponse(plan=_plan(call, recorded))

    @command
    def ConfirmObjectiveCause(
        self, request: pb.ConfirmObjectiveCauseRequest, call: Call
    ) -> pb.ConfirmObjectiveCauseResponse:
        confirmed = usecases.confirm_objective_cause(
            call.session,
            ward_id=given(request.ward_id, "ward_id"),
            person_id=given(request.person_id, "person_id"),
            month=month(request.month),
            task_id=request.task_id,
            fault_id=request.fault_id,
            excused_reviews=request.excused_reviews,
            excused_deadlines=request.excused_deadlines,
            cause=requests.text(request.cause, "cause"),
            actor=call.actor,
            at=call.at,
        )
        return pb.ConfirmObjectiveCauseResponse(plan=_plan(call, confirmed))

    @command
    def RecordWorkingTime(
        self, request: pb.RecordWorkingTimeRequest, call: Call
    ) -> pb.RecordWorkingTimeResponse:
        count = usecases.record_working_time(
            call.session,
            ward_id=given(request.ward_id, "ward_id"),
            month=month(request.month),
            entries=requests.working_times(request.entries),
            actor=call.actor,
            at=call.at,
        )
        return pb.RecordWorkingTimeResponse(count=count)


def register(server: grpc.Server) -> None:
    """Add planning to a server."""
    planning_pb2_grpc.add_PlanningServiceServicer_to_server(PlanningApi(), server)


def _plan(call: Call, of: PersonMonth) -> pb.Plan:
    return messages.plan(of, _unit_id(call, of.ward_id, of.person_id, str(of.month)))


def _unit_id(call: Call, ward_id: str, person_id: str, when: str) -> str:
    return storage.lines(call.session, ward_id, month(when)).get(person_id, ("", ""))[1]
