"""Published catalogues behind the door (R-3)."""

from chassis.rpc import Call, command, one_at_a_time
from kpi.planning.v1 import planning_pb2_grpc
from kpi.planning.v1 import publication_pb2 as pb
from planning import usecases
from planning.domain.ids import given, month
from planning.wire import requests
from planning.wire.findings import finding
from planning.wire.messages import decimal


class PublicationApi(planning_pb2_grpc.PlanningServiceServicer):
    """Answers for catalogues in the layout in which they are published."""

    @one_at_a_time
    @command
    def ImportCatalogue(self, request: pb.ImportCatalogueRequest, call: Call) -> pb.ImportCatalogueResponse:
        done = usecases.import_catalogue(
            call.session,
            ward_id=given(request.ward_id, "ward_id"),
            from_month=month(request.from_month, "from_month"),
            file_name=request.file_name,
            content=request.content,
            standard_points=(
                requests.decimal(request.standard_points, "standard_points")
                if request.standard_points
                else None
            ),
            proposed_by=request.proposed_by,
            accepted=list(request.accept),
            dry_run=request.dry_run,
            actor=call.actor,
            at=call.at,
        )
        return pb.ImportCatalogueResponse(
            applied=done.proposed is not None,
            version=done.proposed.version if done.proposed else 0,
            entry_count=len(done.held.stated),
            sheets=[
                pb.CatalogueSheet(sheet=name, section=section, entry_count=count)
                for name, section, count in done.held.sheets
            ],
            complexity_groups=dict.fromkeys(each.entry.complexity_group for each in done.held.stated),
            standard_points=decimal(done.standard_points),
            findings=[finding(each) for each in done.told()],
            refused_count=done.refused,
            to_accept_count=done.to_accept,
            finding_count=len(done.findings),
        )
