"""What planning does, one function a wish. The caller opens the transaction.

Writers of one ward take turns (``turn``), so that what a rule was checked against is still so when it is
kept.
"""

from planning.usecases.amendments import add_ad_hoc_task, diff_plan_versions, hand_over_task
from planning.usecases.catalogues import approve_catalogue, propose_catalogue
from planning.usecases.causes import (
    list_objective_causes,
    refuse_objective_cause,
    request_objective_cause,
)
from planning.usecases.decisions import lock_months
from planning.usecases.delegations import keep_delegations
from planning.usecases.deliveries import deliver_results, list_deliveries
from planning.usecases.drafting import apply_template, copy_plan
from planning.usecases.evidence import attach_evidence, get_evidence, list_evidence, withdraw_evidence
from planning.usecases.imports import Imported, import_workbook
from planning.usecases.okr import (
    get_objective,
    list_objectives,
    list_readings,
    record_readings,
    save_objective,
)
from planning.usecases.organization import get_person, list_people
from planning.usecases.plans import (
    approve_plans,
    get_plan,
    list_plan_versions,
    list_plans,
    return_plan,
    save_plan,
    submit_plans,
)
from planning.usecases.publication import ImportedCatalogue, import_catalogue
from planning.usecases.results import confirm_objective_cause, record_results
from planning.usecases.unit_plans import (
    UnitWork,
    approve_unit_plan,
    copy_unit_plan,
    diff_unit_plan_versions,
    get_unit_plan,
    list_unit_plan_versions,
    list_unit_plans,
    return_unit_plan,
    save_unit_plan,
    submit_unit_plan,
)
from planning.usecases.weeks import get_week, list_week_edits, list_weeks, save_week
from planning.usecases.working_time import record_working_time

__all__ = [
    "Imported",
    "ImportedCatalogue",
    "UnitWork",
    "add_ad_hoc_task",
    "apply_template",
    "approve_catalogue",
    "approve_plans",
    "approve_unit_plan",
    "attach_evidence",
    "confirm_objective_cause",
    "copy_plan",
    "copy_unit_plan",
    "deliver_results",
    "diff_plan_versions",
    "diff_unit_plan_versions",
    "get_evidence",
    "get_objective",
    "get_person",
    "get_plan",
    "get_unit_plan",
    "get_week",
    "hand_over_task",
    "import_catalogue",
    "import_workbook",
    "keep_delegations",
    "list_deliveries",
    "list_evidence",
    "list_objective_causes",
    "list_objectives",
    "list_people",
    "list_plan_versions",
    "list_plans",
    "list_readings",
    "list_unit_plan_versions",
    "list_unit_plans",
    "list_week_edits",
    "list_weeks",
    "lock_months",
    "propose_catalogue",
    "record_readings",
    "record_results",
    "record_working_time",
    "refuse_objective_cause",
    "request_objective_cause",
    "return_plan",
    "return_unit_plan",
    "save_objective",
    "save_plan",
    "save_unit_plan",
    "save_week",
    "submit_plans",
    "submit_unit_plan",
    "withdraw_evidence",
]
