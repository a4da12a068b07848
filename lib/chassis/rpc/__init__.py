"""Requests in: one gRPC server for every service, and the one place that turns a no into a code.

A service writes ::

    class PlanningApi(planning_pb2_grpc.PlanningServiceServicer):
        @command
        def SavePlan(self, request: pb.SavePlanRequest, call: Call) -> pb.SavePlanResponse: ...

        @query
        def GetPlan(self, request: pb.GetPlanRequest, call: Call) -> pb.GetPlanResponse: ...

and the frame has done before: the token, the role that the method's ``access`` option asks for, the ward; and
does after: the transaction, idempotence by ``request_id``, the status, the metrics, one line in the log.
"""

from chassis.rpc.calls import Call, command, feed, lookup, query, stream
from chassis.rpc.paging import Page
from chassis.rpc.serving import Served, serve
from chassis.rpc.turns import one_at_a_time

__all__ = ["Call", "Page", "Served", "command", "feed", "lookup", "one_at_a_time", "query", "serve", "stream"]
