"""Scoring's request side."""

import grpc

from kpi.scoring.v1 import scoring_pb2_grpc as pb_grpc
from scoring.api.periods import Periods
from scoring.api.policies import PolicyMethods
from scoring.api.scores import Scores


class ScoringApi(Scores, PolicyMethods, Periods):
    """Every method of the contract."""


def register(server: grpc.Server) -> None:
    """Add the service to a server."""
    pb_grpc.add_ScoringServiceServicer_to_server(ScoringApi(), server)
