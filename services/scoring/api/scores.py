"""Scores, their explanations, quotas, and how far a month is."""
# methods are called and described as the contract does

from typing import Literal

from chassis.rpc import Call, Page, lookup, query
from kpi.scoring.v1 import scoring_pb2 as pb
from kpi.scoring.v1 import scoring_pb2_grpc as pb_grpc
from scoring import usecases, wire
from scoring.api.pages import DEFAULT_PAGE, LARGEST_PAGE
from scoring.domain.score import Status
from scoring.storage import Proposed, Scored


class Scores(pb_grpc.ScoringServiceServicer):
    """Scores of a month."""

    @lookup
    def GetScore(self, request: pb.GetScoreRequest, call: Call) -> pb.GetScoreResponse:
        month = wire.month(request.month)
        scored = usecases.get_score(
            call.session,
            call.actor,
            at=call.at,
            ward_id=request.ward_id,
            month=month,
            person_id=request.person_id,
        )
        return pb.GetScoreResponse(score=_score(request.ward_id, month, scored))

    @query
    def ListScores(self, request: pb.ListScoresRequest, call: Call) -> pb.ListScoresResponse:
        month = wire.month(request.month)
        page = Page.of(request, default=DEFAULT_PAGE, most=LARGEST_PAGE)
        found = usecases.list_scores(
            call.session,
            call.actor,
            at=call.at,
            ward_id=request.ward_id,
            month=month,
            unit_id=request.unit_id,
            after=page.after[0] if page.after else "",
            limit=page.size + 1,
        )
        shown = found[: page.size]
        return pb.ListScoresResponse(
            scores=[_score(request.ward_id, month, scored) for scored in shown],
            next_page_token=page.token([shown[-1].card.person_id]) if len(found) > page.size else "",
        )

    @query
    def ExplainScore(self, request: pb.ExplainScoreRequest, call: Call) -> pb.ExplainScoreResponse:
        month = wire.month(request.month)
        explained = usecases.explain_score(
            call.session,
            call.actor,
            at=call.at,
            ward_id=request.ward_id,
            month=month,
            person_id=request.person_id,
        )
        quota = explained.quota
        language: Literal["vi", "en"] = "en" if call.language == "en" else "vi"
        return wire.explanation(
            explained.policy,
            explained.person,
            explained.lines,
            explained.result,
            score=_score(request.ward_id, month, explained.scored),
            quota=_quota(request.ward_id, month, quota, explained.visible) if quota else None,
            language=language,
        )

    @query
    def ListQuotas(self, request: pb.ListQuotasRequest, call: Call) -> pb.ListQuotasResponse:
        month = wire.month(request.month)
        page = Page.of(request, default=DEFAULT_PAGE, most=LARGEST_PAGE)
        found = usecases.list_quotas(
            call.session,
            call.actor,
            at=call.at,
            ward_id=request.ward_id,
            month=month,
            after=(page.after[0], page.after[1]) if page.after else ("", ""),
            limit=page.size + 1,
        )
        shown = found[: page.size]
        last = shown[-1].proposal if len(found) > page.size else None
        return pb.ListQuotasResponse(
            quotas=[_quota(request.ward_id, month, each, None) for each in shown],
            next_page_token=page.token([last.scope, last.group]) if last else "",
        )

    @query
    def GetMonth(self, request: pb.GetMonthRequest, call: Call) -> pb.GetMonthResponse:
        progress = usecases.get_month(call.session, ward_id=request.ward_id, month=wire.month(request.month))
        counts = progress.counts
        return pb.GetMonthResponse(
            people=sum(counts.values()),
            evaluated=counts.get(Status.EVALUATED, 0),
            not_evaluated=counts.get(Status.NOT_EVALUATED, 0),
            insufficient_data=counts.get(Status.INSUFFICIENT_DATA, 0),
            waiting=counts.get(Status.WAITING, 0),
            stale=progress.stale,
            revision=progress.revision,
        )


def _score(ward_id: str, month: str, scored: Scored) -> pb.Score:
    return wire.score(
        ward_id, month, scored.card, scored.basis, revision=scored.revision, computed_at=scored.computed_at
    )


def _quota(ward_id: str, month: str, found: Proposed, visible: frozenset[str] | None) -> pb.Quota:
    return wire.quota(ward_id, month, found.proposal, revision=found.revision, visible=visible)
