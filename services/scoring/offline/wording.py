"""An explanation in words and figures, Vietnamese or English, for whoever checks a month by hand."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from scoring.domain.exact import plain
from scoring.domain.explanation import Contribution, ExplainedQuota, ExplainedRatio, Explanation
from scoring.domain.person import Person
from scoring.domain.policy import QuotaBase
from scoring.domain.score import Result

Language = Literal["vi", "en"]

_SAID: dict[str, dict[Language, str]] = {
    "heading": {"vi": "{id} (đơn vị {unit}, nhóm {group})", "en": "{id} (unit {unit}, group {group})"},
    "policy": {"vi": "Chính sách {id}, phiên bản {version}", "en": "Policy {id}, version {version}"},
    "attendance": {
        "vi": "Thời gian làm việc: {worked}/{required} nửa ngày; mức tối thiểu {threshold} % [R-11]",
        "en": "Working time: {worked}/{required} half-days; at least {threshold} % needed [R-11]",
    },
    "no_attendance": {
        "vi": "Thời gian làm việc: chưa có số liệu [R-10, R-11]",
        "en": "Working time: not recorded [R-10, R-11]",
    },
    "tasks": {
        "vi": "Nhiệm vụ, quy đổi ra đơn vị sản phẩm/công việc chuẩn [R-7, R-12]",
        "en": "Tasks, converted to standard units [R-7, R-12]",
    },
    "no_tasks": {"vi": "không có nhiệm vụ nào", "en": "no tasks"},
    "not_counted": {
        "vi": "không tính vào số giao và số hoàn thành",
        "en": "counts neither as assigned nor as done",
    },
    "sums": {
        "vi": "Cộng: giao {assigned}; hoàn thành {done}; đạt chất lượng {good}; đúng tiến độ {timely}",
        "en": "Sums: assigned {assigned}; done {done}; good {good}; timely {timely}",
    },
    "capped": {"vi": "tính {counted}", "en": "counts as {counted}"},
    "task_ratio": {
        "vi": "Tỷ lệ kết quả = {formula} = {ratio} [R-15]",
        "en": "Task ratio = {formula} = {ratio} [R-15]",
    },
    "total": {"vi": "Tổng điểm = {arithmetic} [R-19]", "en": "Total = {arithmetic} [R-19]"},
    "band": {"vi": "Khung điểm: {band} [R-20]", "en": "Band: {band} [R-20]"},
    "quota": {
        "vi": "Hạn mức loại A ({place}): {base}; M = {members}; tối đa {arithmetic}{decision} [R-21]",
        "en": "Quota of A ({place}): {base}; M = {members}; at most {arithmetic}{decision} [R-21]",
    },
    "decision": {"vi": "; theo quyết định {decision}", "en": "; by decision {decision}"},
    "good": {"vi": "tính trên số xếp loại B", "en": "of those graded B"},
    "good_or_better": {"vi": "tính trên số xếp loại A và B", "en": "of those graded A or B"},
    "rank": {
        "vi": "Xếp thứ {rank} trong {candidates} người ở khung A [R-22]",
        "en": "Rank {rank} of {candidates} in band A [R-22]",
    },
    "ranked_by": {
        "vi": "So theo: tổng điểm {total}; tỷ lệ kết quả {task_ratio}; b {b}; c {c}; khối lượng {done}",
        "en": "Compared by: total {total}; task ratio {task_ratio}; b {b}; c {c}; volume done {done}",
    },
    "kept": {"vi": "Trong hạn mức: giữ loại A", "en": "Within the quota: keeps A"},
    "lowered": {
        "vi": "Vượt hạn mức: đề xuất loại B, điểm giữ nguyên",
        "en": "Over the quota: proposed for B, the score as it is",
    },
    "tie": {
        "vi": "Bằng nhau ở ngưỡng hạn mức ({tied} người): ở loại B đến khi cấp có thẩm quyền chọn, có lý do",
        "en": "Tied at the cut ({tied} people): stand at B until the authority chooses, with a reason",
    },
    "blocker": {
        "vi": "Có văn bản {blocker}: đề xuất loại D, điểm giữ nguyên [R-20]",
        "en": "Document {blocker}: proposed for D, the score as it is [R-20]",
    },
    "grade": {"vi": "Đề xuất xếp loại: {grade} [R-25]", "en": "Proposed grade: {grade} [R-25]"},
    "halved_by": {"vi": "do tổng điểm dưới 50 của: {ids}", "en": "because of totals under 50: {ids}"},
    "assigned": {"vi": "giao", "en": "assigned"},
    "done": {"vi": "hoàn thành", "en": "done"},
    "good_units": {"vi": "đạt chất lượng", "en": "good"},
    "lost_quality": {"vi": "trừ chất lượng", "en": "lost in quality"},
    "lost_timeliness": {"vi": "trừ tiến độ", "en": "lost in timeliness"},
    "timely": {"vi": "đúng tiến độ", "en": "timely"},
    "planned": {"vi": "theo kế hoạch", "en": "planned"},
    "extra": {"vi": "đột xuất, phát sinh", "en": "extra"},
    "taken_over": {"vi": "nhận từ người khác", "en": "taken over"},
    "handed_over": {"vi": "chuyển cho người khác", "en": "handed over"},
    "withdrawn": {"vi": "hoãn hoặc hủy", "en": "withdrawn"},
    "attendance_reason": {
        "vi": "Không đánh giá: làm việc dưới mức tối thiểu [R-11]",
        "en": "Not evaluated: worked less than needed [R-11]",
    },
    "set_by_authority": {
        "vi": "Không đánh giá theo quyết định của cấp có thẩm quyền [R-14]",
        "en": "Not evaluated, by decision of the authority [R-14]",
    },
    "no_working_time": {
        "vi": "Chưa đủ dữ liệu: chưa có thời gian làm việc của tháng [R-11]",
        "en": "Insufficient data: the month's working time is not recorded [R-11]",
    },
    "no_assigned_work": {
        "vi": "Chưa đủ dữ liệu: chưa được giao nhiệm vụ nào [R-14]",
        "en": "Insufficient data: nothing was assigned [R-14]",
    },
    "no_general_assessment": {
        "vi": "Chưa đủ dữ liệu: chưa chấm tiêu chí chung [R-18]",
        "en": "Insufficient data: the general criteria are not assessed [R-18]",
    },
    "no_leadership_assessment": {
        "vi": "Chưa đủ dữ liệu: chưa chấm đ, e [R-17]",
        "en": "Insufficient data: đ and e are not assessed [R-17]",
    },
    "subordinates": {
        "vi": "Chờ kết quả của: {waiting_for} [R-16]",
        "en": "Waits for: {waiting_for} [R-16]",
    },
    "management_cycle": {
        "vi": "Chờ: quan hệ phụ trách thành vòng giữa {waiting_for}; cần sửa lại [R-16]",
        "en": "Waits: {waiting_for} are in one another's charge; this must be corrected [R-16]",
    },
    "not_in_month": {
        "vi": "Không đánh giá: không thuộc danh sách của tháng [R-1]",
        "en": "Not evaluated: does not belong to the month [R-1]",
    },
}


@dataclass(frozen=True, slots=True)
class Wording:
    """Sentences and figures in one language."""

    language: Language

    def say(self, what: str, **facts: object) -> str:
        """Return a sentence with the facts in it; figures are given as :meth:`figures` writes them."""
        return _SAID[what][self.language].format(**facts)

    def figures(self, arithmetic: str) -> str:
        """Return arithmetic as it is printed: with a decimal comma in Vietnamese."""
        return arithmetic.replace(".", ",") if self.language == "vi" else arithmetic


def worded(person: Person, result: Result, explanation: Explanation, language: Language) -> str:
    """Return the explanation of one result as lines of text, the last one ended."""
    return "".join(f"{line}\n" for line in _lines(person, result, explanation, Wording(language)))


def _lines(person: Person, result: Result, explained: Explanation, words: Wording) -> Iterator[str]:
    say, figures = words.say, words.figures
    yield say("heading", id=person.id, unit=person.unit, group=person.group)
    yield "  " + say("policy", id=explained.policy_id, version=explained.policy_version)
    attendance = explained.attendance
    if attendance.required is None:
        yield "  " + say("no_attendance")
    else:
        yield "  " + say(
            "attendance",
            worked=attendance.worked,
            required=attendance.required,
            threshold=figures(plain(100 * attendance.threshold)),
        )
    yield "  " + say("tasks")
    if not explained.tasks:
        yield "    " + say("no_tasks")
    for number, task in enumerate(explained.tasks, 1):
        yield "    " + _task(number, task, words)
    sums = explained.sums
    yield "    " + say(
        "sums",
        assigned=figures(plain(sums.assigned)),
        done=figures(plain(sums.done)),
        good=figures(plain(sums.good)),
        timely=figures(plain(sums.timely)),
    )
    if explained.total is None or explained.graded is None or explained.quota is None:
        yield "  " + _unscored(result, words)
        return
    for ratio in explained.ratios:
        line = "  " + _ratio(ratio, words)
        if ratio.name == "d" and explained.halved_by:
            line += f" ({say('halved_by', ids=', '.join(explained.halved_by))})"
        yield line
    total = explained.total
    yield "  " + say("task_ratio", formula=total.formula, ratio=total.task_ratio)
    yield "  " + say("total", arithmetic=figures(total.arithmetic))
    yield "  " + say("band", band=explained.graded.band)
    yield from ("  " + line for line in _quota(explained.quota, words))
    if explained.graded.blocker is not None:
        yield "  " + say("blocker", blocker=explained.graded.blocker)
    yield "  " + say("grade", grade=explained.graded.grade)


def _task(number: int, task: Contribution, words: Wording) -> str:
    names = {"good": "good_units"}
    parts = [
        f"{words.say(names.get(name, name))} {words.figures(written)}"
        for name, written in task.arithmetic.items()
    ]
    title = (
        f"{number}. {task.code} ({words.say(task.kind)})"
        if task.code
        else f"{number}. ({words.say(task.kind)})"
    )
    return f"{title}: {'; '.join(parts) or words.say('not_counted')}"


def _ratio(ratio: ExplainedRatio, words: Wording) -> str:
    name = "đ" if ratio.name == "dd" else ratio.name
    sign = "=" if ratio.exact else "≈"
    written = f"{plain(ratio.numerator)} / {plain(ratio.denominator)} {sign} {plain(ratio.uncapped)}"
    line = f"{name} = {words.figures(written)}"
    if ratio.counted != ratio.uncapped:
        line += ", " + words.say("capped", counted=words.figures(plain(ratio.counted)))
    return f"{line} [{ratio.rule}]"


def _quota(quota: ExplainedQuota, words: Wording) -> Iterator[str]:
    decision = words.say("decision", decision=quota.decision) if quota.decision else ""
    yield words.say(
        "quota",
        place=f"{quota.scope}, {quota.group}",
        base=words.say("good" if quota.base is QuotaBase.GOOD else "good_or_better"),
        members=quota.members,
        arithmetic=words.figures(quota.arithmetic),
        decision=decision,
    )
    if quota.rank is not None:
        yield words.say("rank", rank=quota.rank, candidates=quota.candidates)
        ranked_by = {name: words.figures(value) for name, value in quota.ranked_by.items()}
        yield words.say("ranked_by", **ranked_by)
        yield words.say(quota.mark, tied=quota.tied)


def _unscored(result: Result, words: Wording) -> str:
    reason = result.reason
    if reason is None:
        raise ValueError("a result with neither score nor reason")
    what = "attendance_reason" if reason == "attendance" else reason.value
    return words.say(what, waiting_for=", ".join(result.waiting_for))
