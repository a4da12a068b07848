"""What planning does, one function a wish. The caller opens the transaction.

Writers of one ward take turns (``turn``), so that what a rule was checked against is still so when it is
kept.
"""

from planning.usecases.catalogues import approve_catalogue, propose_catalogue
from planning.usecases.decisions import lock_months
from planning.usecases.deliveries import deliver_results, list_deliveries
from planning.usecases.drafting import apply_template, copy_plan
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
from planning.usecases.results import confirm_objective_cause, record_results
from planning.usecases.working_time import record_working_time

__all__ = [
    "Imported",
    "apply_template",
    "approve_catalogue",
    "approve_plans",
    "confirm_objective_cause",
    "copy_plan",
    "deliver_results",
    "get_objective",
    "get_person",
    "get_plan",
    "import_workbook",
    "list_deliveries",
    "list_objectives",
    "list_people",
    "list_plan_versions",
    "list_plans",
    "list_readings",
    "lock_months",
    "propose_catalogue",
    "record_readings",
    "record_results",
    "record_working_time",
    "return_plan",
    "save_objective",
    "save_plan",
    "submit_plans",
]
