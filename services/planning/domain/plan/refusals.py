"""Why a plan, or what came of it, is not taken (R-4, R-5, R-7, R-8)."""

from chassis.errors import Blocked, Forbidden, Invalid, NotFound
from planning.domain.problem import BadContent


class UnknownPlan(NotFound):
    """The person has no plan of that month."""

    vi = "Chưa có kế hoạch tháng {month} của {person_id}."
    en = "There is no plan of {person_id} for {month}."


class UnknownTask(NotFound):
    """The plan in force has no such task."""

    vi = "Kế hoạch của {person_id} không có nhiệm vụ {task_id}."
    en = "The plan of {person_id} has no task {task_id}."


class UnknownFault(NotFound):
    """No such fault was recorded for the task."""

    vi = "Nhiệm vụ {task_id} không có sai sót {fault_id}."
    en = "No fault {fault_id} is recorded for the task {task_id}."


class MonthDecided(Blocked):
    """Once a person's month is decided, its plan, results and working time stay what they were decided on."""

    vi = "Tháng {month} của {person_id} đã có quyết định xếp loại nên không sửa được."
    en = "The month {month} of {person_id} is decided, so nothing of it changes."


class PlanSubmitted(Blocked):
    """A plan that waits for the superior does not change under his eyes."""

    vi = "Kế hoạch của {person_id} đang chờ duyệt: hãy đề nghị cấp trên trả lại trước khi sửa."
    en = "The plan of {person_id} waits for approval: ask the superior to return it first."


class NothingToSubmit(Blocked):
    """Only a draft is submitted."""

    vi = "Kế hoạch của {person_id} đã bị trả lại: hãy sửa và lưu trước khi trình lại."
    en = "The plan of {person_id} was returned: change and save it before it is submitted again."


class NotSubmitted(Blocked):
    """Only a submitted plan is approved or returned."""

    vi = "Kế hoạch của {person_id} chưa được trình."
    en = "The plan of {person_id} is not submitted."


class NotApproved(Blocked):
    """Results belong to an approved plan."""

    vi = "Kế hoạch của {person_id} chưa được duyệt nên chưa ghi được kết quả."
    en = "The plan of {person_id} is not approved, so no results can be recorded."


class NotInForce(Blocked):
    """Work is only added to or handed over between plans that are in force."""

    vi = "Kế hoạch tháng {month} của {person_id} chưa được duyệt: hãy trình và duyệt trước."
    en = "The plan of {person_id} for {month} is not approved: have it submitted and approved first."


class AmendmentWaiting(Blocked):
    """What waits for the superior is decided about before anything else changes."""

    vi = "Kế hoạch của {person_id} có bản điều chỉnh đang chờ duyệt: hãy duyệt hoặc trả lại trước."
    en = "An amendment of the plan of {person_id} waits for approval: approve or return it first."


class FaultOfAnother(Forbidden):
    """A fault that somebody else found is not for the person to take away."""

    vi = (
        "{field}: sai sót {fault_id} của nhiệm vụ {task_id} do người khác ghi nhận: hãy gửi kèm nguyên như đã"
        " ghi; nếu không đồng ý, đề nghị cấp trên sửa hoặc bảo lưu ý kiến."
    )
    en = (
        "{field}: the fault {fault_id} of the task {task_id} was found by somebody else: send it along as it"
        " is; if you disagree, ask your superior to correct it, or reserve an opinion."
    )


class ReasonMissing(Invalid):
    """A plan is returned with a reason."""

    vi = "Cần lý do trả lại kế hoạch."
    en = "Say why the plan is returned."


class SixClears(BadContent):
    """A task that lacks one of the six clears cannot be submitted (6 rõ, R-4)."""

    vi = "Kế hoạch chưa đủ 6 rõ: {problems_vi}"
    en = "The plan lacks some of the six clears: {problems_en}"


class BadPlan(BadContent):
    """The tasks of a plan break rules."""

    vi = "Kế hoạch chưa hợp lệ: {problems_vi}"
    en = "The plan breaks rules: {problems_en}"


class BadResults(BadContent):
    """The results of a plan break rules."""

    vi = "Kết quả chưa hợp lệ: {problems_vi}"
    en = "The results break rules: {problems_en}"


class BadConfirmation(BadContent):
    """The confirmation of an objective cause breaks rules."""

    vi = "Xác nhận chưa hợp lệ: {problems_vi}"
    en = "The confirmation breaks rules: {problems_en}"
