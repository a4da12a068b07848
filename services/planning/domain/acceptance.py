"""By when something was accepted, and whose word about it stands (R-8, R-12).

What was not accepted by the end of the month's window (R-9) counts 0. ``accepted`` is the quantity accepted
so far, so a day after the window cannot be said of it: the quantity accepted by then is recorded, and the
rest is the next month's.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Self

from chassis.days import Month, legal_day
from chassis.errors import Forbidden
from planning.domain.organization import Ward
from planning.domain.problem import Problem
from planning.domain.results import Result
from planning.domain.window import Window


class ResultOfAnother(Forbidden):
    """What somebody else stated last about accepted outputs is not for the person to raise (R-8)."""

    vi = (
        "{field}: số lượng hoàn thành của nhiệm vụ {task_id} do {stated_by} ghi là {stated}, bạn không tự"
        " nâng được: hãy đề nghị cấp trên ghi lại, hoặc bảo lưu ý kiến."
    )
    en = (
        "{field}: {stated_by} stated {stated} as accepted of the task {task_id}, which you cannot raise"
        " yourself: ask your superior to record it, or reserve an opinion."
    )


@dataclass(frozen=True, slots=True)
class Recording:
    """Who records results of a person's month, and when."""

    person_id: str
    """Whose results."""
    actor_id: str
    today: date
    """The day in Viet Nam."""
    month: Month
    window: Window
    date_required: bool = False
    """True if the ward demands the date of acceptance once the window has ended."""

    @classmethod
    def of(cls, ward: Ward, person_id: str, month: Month, *, by: str, at: datetime) -> Self:
        """Return the recording of a person's month in a ward by somebody, at an instant."""
        required = ward.counts(month).acceptance_date_required
        return cls(person_id, by, legal_day(at), month, ward.window(month), date_required=required)

    @property
    def by_himself(self) -> bool:
        """True if the person records his own, whatever his office."""
        return self.actor_id == self.person_id

    @property
    def late(self) -> bool:
        """True once the window has ended."""
        return self.today > self.window.last_on

    def problems(self, given: Result, before: Result | None) -> Iterable[Problem]:
        """Return what is wrong with the date of acceptance (R-12)."""
        day, end = given.accepted_on, f"{self.window.last_on:%d/%m/%Y}"
        if day is None:
            rises = given.accepted > (before.accepted if before else 0)
            if self.date_required and self.late and rises:
                yield Problem(
                    "accepted_on",
                    f"nhiệm vụ {given.task_id}: kỳ tháng {self.month} đã kết thúc ngày {end}, phường yêu cầu"
                    " ghi ngày nghiệm thu",
                    f"task {given.task_id}: the window of {self.month} ended on {end}, and the ward demands"
                    " the date of acceptance",
                )
        elif not given.accepted:
            yield Problem(
                "accepted_on",
                f"nhiệm vụ {given.task_id}: số lượng là 0 thì bỏ trống ngày nghiệm thu",
                f"task {given.task_id}: nothing is accepted, so leave the date of acceptance out",
            )
        elif day > self.window.last_on:
            yield Problem(
                "accepted_on",
                f"nhiệm vụ {given.task_id}: ngày nghiệm thu {day:%d/%m/%Y} sau ngày cuối kỳ tháng"
                f" {self.month} ({end}): hãy ghi số lượng đã được nghiệm thu đến hết ngày {end} (không có thì"
                " ghi 0), phần còn lại thuộc tháng sau",
                f"task {given.task_id}: accepted on {day:%d/%m/%Y}, after the window of {self.month} ended on"
                f" {end}: state the quantity accepted by {end} (0 if none was), the rest belongs to the next"
                " month",
            )
        elif day > self.today:
            yield Problem(
                "accepted_on",
                f"nhiệm vụ {given.task_id}: ngày nghiệm thu {day:%d/%m/%Y} ở tương lai (hôm nay là"
                f" {self.today:%d/%m/%Y}): chỉ ghi những gì đã được nghiệm thu",
                f"task {given.task_id}: the date of acceptance {day:%d/%m/%Y} is in the future (today is"
                f" {self.today:%d/%m/%Y}): record what is accepted already",
            )

    def overstates(self, given: Result, before: Result | None) -> bool:
        """True if the person raises his own accepted quantity over what somebody else stated last (R-8)."""
        stated = before.stated if before else None
        return self.by_himself and stated is not None and given.accepted > stated

    def overstated(self, given: Result, before: Result | None, field: str) -> ResultOfAnother | None:
        """Return the refusal of a result that :meth:`overstates`; None for any other.

        :param field: the place of what was given
        """
        if before is None or not self.overstates(given, before):
            return None
        return ResultOfAnother(
            task_id=given.task_id, stated=f"{before.stated:f}", stated_by=before.stated_by, field=field
        )

    def recorded(self, given: Result, before: Result | None) -> Result:
        """Return a result as it is kept: with its date, or the mark that it has none, and whose word it is.

        Without a date, what is no more than what stands keeps its date or mark; what is more, and recorded
        after the window, is vouched for by its recording, and marked so.
        """
        day, vouched_on = given.accepted_on, None
        if not given.accepted:
            day = None
        elif day is None:
            if before and given.accepted <= before.accepted:
                day, vouched_on = before.accepted_on, before.vouched_on
            elif self.late:
                vouched_on = self.today
        return self._stated(replace(given, accepted_on=day, vouched_on=vouched_on), before)

    def delivered(self, result: Result, before: Result | None, day: date | None, *, rises: bool) -> Result:
        """Return a result that a delivery changed as it is kept.

        :param day: when the delivered part was accepted; the latest of the parts is the result's
        :param rises: True if the delivery brings more than it had brought
        """
        if not result.accepted:
            result = replace(result, accepted_on=None, vouched_on=None)
        elif day:
            result = replace(result, accepted_on=max(result.accepted_on or day, day))
        elif rises and self.late:
            result = replace(result, vouched_on=self.today)
        if not result.accepted and before and before.stated_by == self.actor_id:
            # What a system took back altogether says nothing about what the person may have done otherwise.
            return replace(result, stated=None, stated_by="")
        return self._stated(result, before)

    def _stated(self, result: Result, before: Result | None) -> Result:
        """Return a result with what somebody other than the person stated last."""
        stated, stated_by = (before.stated, before.stated_by) if before else (None, "")
        if not self.by_himself and result.accepted != stated:
            stated, stated_by = result.accepted, self.actor_id
        return replace(result, stated=stated, stated_by=stated_by)
