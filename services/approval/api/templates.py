"""Empty workbooks behind the door."""

from approval.usecases import imports
from approval.usecases.decision_sheets import layout
from approval.wire import requests
from chassis.rpc import Call, query
from chassis.sheets import Sheet, template
from kpi.approval.v1 import approval_pb2_grpc
from kpi.approval.v1 import templates_pb2 as pb


class TemplatesApi(approval_pb2_grpc.ApprovalServiceServicer):
    """Answers with workbooks to fill in."""

    @query
    def GetTemplate(self, request: pb.GetTemplateRequest, call: Call) -> pb.GetTemplateResponse:
        sheets: tuple[Sheet, ...]
        match request.kind:
            case pb.TEMPLATE_KIND_DECISIONS:
                sheets, name = layout.SHEETS, f"{request.ward_id}-decisions.xlsx"
            case pb.TEMPLATE_KIND_ASSESSMENTS:
                month = requests.month(request.month)
                sheets = (imports.layout_of(call.session, ward_id=request.ward_id, month=month),)
                name = f"{request.ward_id}-{month}-assessments.xlsx"
            case _:
                raise requests.Missing(field="kind")
        made = template(sheets, request.sheets, vietnamese=call.language == "vi")
        return pb.GetTemplateResponse(file_name=name, content=made.content, sha256=made.sha256)
