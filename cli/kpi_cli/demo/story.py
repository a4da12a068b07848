"""What the people of the example decide that no rule decides for them: read from ``month.json``."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Story:
    """A ward's month.

    :param not_evaluated: person to reason (R-14)
    :param external: grade, document and total of those whom the city decides (R-2)
    :param choices: grade and reason where a tie is chosen or the authority decides otherwise (R-22, R-28)
    :param fund: id, kind, source, legal basis, amount in đồng (R-34)
    :param amendment: a workbook with plans that changed after their approval (R-5)
    :param objectives: True if the workbook has objectives or readings of them (R-6)
    :param unit_plans: units whose plan the workbook has (R-5)
    :param weeks: on which days of a week somebody does a task (R-5)
    :param handovers: work that goes to a colleague while the month runs (R-7)
    :param ad_hoc: work that a superior gives while the month runs (R-7)
    :param claims: objective causes that people claim with a file, and the superior's answer (R-8)
    :param extensions: deadlines that the organizer extends on record (R-26)
    :param quota_rates: decisions that allow a scope a higher rate (R-21)
    :param delegations: from whom, to whom, by which document, and for how many days from its giving (R-2)
    :param appeals: who appeals with which text, and the answer (R-30)
    :param adjustment_fund: pays what upheld appeals change after the run, as ``fund`` is told (R-39)
    """

    ward_id: str
    month: str
    workbook: Path
    document: str
    not_evaluated: Mapping[str, str]
    external: Sequence[Mapping[str, str]]
    choices: Mapping[str, tuple[str, str]]
    fund: Mapping[str, Any]
    policy: str
    amendment: Path | None = None
    objectives: bool = False
    unit_plans: Sequence[str] = field(default=())
    weeks: Sequence[Mapping[str, Any]] = field(default=())
    handovers: Sequence[Mapping[str, str]] = field(default=())
    ad_hoc: Sequence[Mapping[str, str]] = field(default=())
    claims: Sequence[Mapping[str, Any]] = field(default=())
    extensions: Sequence[Mapping[str, str]] = field(default=())
    quota_rates: Sequence[Mapping[str, str]] = field(default=())
    delegations: Sequence[Mapping[str, Any]] = field(default=())
    appeals: Sequence[Mapping[str, str]] = field(default=())
    adjustment_fund: Mapping[str, Any] | None = None

    @classmethod
    def read(cls, path: Path) -> Self:
        """Return the story that a file tells; the workbook lies beside it."""
        return cls.of(json.loads(path.read_text("utf-8")), path.parent)

    @classmethod
    def of(cls, told: Mapping[str, Any], folder: Path) -> Self:
        """Return the story of a month whose workbooks lie in a folder."""
        return cls(
            ward_id=told["ward_id"],
            month=told["month"],
            workbook=folder / told["workbook"],
            document=told["document"],
            not_evaluated={each["person_id"]: each["reason"] for each in told["not_evaluated"]},
            external=told["external"],
            choices={each["person_id"]: (each["grade"], each["reason"]) for each in told["choices"]},
            fund=told["fund"],
            policy=told["policy"],
            amendment=folder / told["amendment"] if "amendment" in told else None,
            objectives=told.get("objectives", False),
            unit_plans=told.get("unit_plans", ()),
            weeks=told.get("weeks", ()),
            handovers=told.get("handovers", ()),
            ad_hoc=told.get("ad_hoc", ()),
            claims=told.get("claims", ()),
            extensions=told.get("extensions", ()),
            quota_rates=told.get("quota_rates", ()),
            delegations=told.get("delegations", ()),
            appeals=told.get("appeals", ()),
            adjustment_fund=told.get("adjustment_fund"),
        )


@dataclass(frozen=True, slots=True)
class QuarterStory:
    """Months that follow one another in one ward, and the period they make up (R-24), such as 2026-Q4."""

    period: str
    months: Sequence[Story]

    @classmethod
    def read(cls, path: Path) -> Self:
        """Return the story that a file tells; the workbooks lie beside it."""
        told = json.loads(path.read_text("utf-8"))
        return cls(told["period"], [Story.of(each, path.parent) for each in told["months"]])
