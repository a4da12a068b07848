"""What a caller may see of an evaluation, as several replies show it (R-29)."""

from approval.usecases import reading
from approval.wire import after, replies, requests
from chassis.rpc import Call
from kpi.approval.v1 import approval_pb2 as pb


def evaluation(call: Call, ward_id: str, month: str, person_id: str) -> pb.Evaluation:
    """Return one evaluation as the caller may see it, with values and texts."""
    stated = requests.month(month)
    seen = reading.get_evaluation(
        call.session,
        ward_id=ward_id,
        month=stated,
        person_id=requests.identifier(person_id, field="person_id"),
        actor=call.actor,
        at=call.at,
    )
    result = replies.evaluation(ward_id, stated, seen, language=call.language, whole=True)
    if seen.view.score:
        returns = reading.list_returns(call.session, ward_id=ward_id, month=stated, person_id=person_id)
        result.returns.extend(after.returned(each) for each in returns)
    return result
