"""People's months for the tests of decisions."""

from datetime import UTC, datetime
from decimal import Decimal

from approval.domain.case import Case, Decision, Published
from approval.domain.competence import Competence
from approval.domain.evaluation import DecisionValues, Evaluation, Remarks, SelfAssessment
from approval.domain.grade import Grade
from approval.domain.person import Person
from approval.domain.score import Outcome, Score, ScoreStatus

AT = datetime(2026, 3, 20, 2, tzinfo=UTC)
HEAD = "truong"


def band_of(total: str) -> Grade:
    number = Decimal(total)
    return Grade.A if number >= 90 else Grade.B if number >= 70 else Grade.C if number >= 50 else Grade.D


def person(person_id: str, **fields: object) -> Person:
    known: dict[str, object] = {
        "full_name": f"Họ Tên {person_id}",
        "unit_id": "vp",
        "post": "staff",
        "superior_id": HEAD,
        "duty_group": "g",
    }
    return Person(person_id, **{**known, **fields})  # type: ignore[arg-type]


def evaluation(
    person_id: str,
    *,
    steps: int = 2,
    blocker: str = "",
    leads: bool = False,
    by: str = "",
    general: str = "30",
) -> Evaluation:
    """A month after 0 to 3 steps: self-assessment, remarks, the authority's values."""
    both = 100 if leads else 0
    own = SelfAssessment((), Decimal(general), "", "", None, "", by or person_id, AT, late=False)
    remarks = Remarks((), Decimal(general), "", both, "", both, "", blocker, "", by or HEAD, AT, late=False)
    decided = DecisionValues((), Decimal(general), HEAD, AT)
    return Evaluation(
        person_id,
        steps,
        own if steps > 0 else None,
        remarks if steps > 1 else None,
        decided if steps > 2 else None,
    )


def score(
    total: str,
    *,
    outcome: str = "",
    scope: str = "vp",
    group: str = "g",
    blocker: str = "",
    revision: int = 7,
    leads: bool = False,
    general: str = "30",
) -> Score:
    """A score; one over 90 is lowered unless the outcome says otherwise."""
    band = band_of(total)
    told = Outcome(outcome or ("lowered" if band is Grade.A else "none"))
    proposed = Grade.B if told in (Outcome.LOWERED, Outcome.TIE) else band
    both = 100 if leads else 0
    return Score(
        ScoreStatus.EVALUATED,
        revision,
        total=Decimal(total),
        band=band,
        proposed=Grade.D if blocker else proposed,
        outcome=told,
        general=Decimal(general),
        organising=both,
        unity=both,
        quota_scope=scope,
        duty_group=group,
        blocker=blocker,
        policy="default@1",
    )


def case(
    person_id: str,
    total: str = "",
    *,
    outcome: str = "",
    scope: str = "vp",
    group: str = "g",
    blocker: str = "",
    decider: str = HEAD,
    in_charge: tuple[str, ...] = (),
    steps: int = 2,
    grade: Grade | None = None,
    published: bool = False,
) -> Case:
    leads = bool(in_charge)
    return Case(
        person=person(person_id, leads=leads, in_charge_ids=in_charge),
        competence=Competence(decider_id=decider),
        evaluation=evaluation(person_id, steps=steps, blocker=blocker, leads=leads),
        score=score(total, outcome=outcome, scope=scope, group=group, blocker=blocker, leads=leads)
        if total
        else None,
        decision=decision(grade) if grade else None,
        published=Published(1, grade, AT) if published else None,
    )


def decision(grade: Grade | None, revision: int = 1) -> Decision:
    return Decision(
        id="d",
        revision=revision,
        grade=grade,
        proposed=grade,
        total=Decimal(80),
        score_revision=7,
        score_policy="default@1",
        policy="phuc-loi@1",
        reason="",
        decided_by=HEAD,
        authority_id=HEAD,
        decided_at=AT,
        late=False,
        unit_id="vp",
    )
