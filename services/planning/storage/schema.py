"""Planning's tables. Months are kept as YYYY-MM, whose text order is the order of time."""

from sqlalchemy import Boolean, Column, Date, Index, Integer, String, Table, Text, false

from chassis import db

tables = db.metadata()


def _key(name: str) -> Column[str]:
    return Column(name, db.Key, primary_key=True)


def _month() -> Column[str]:
    return Column("month", db.Key, primary_key=True)


ward = Table(
    "ward",
    tables,
    _key("ward_id"),
    Column("name", Text, nullable=False),
    Column("city", Text, nullable=False),
    Column("window_rule", String(20), nullable=False),
    Column("december_cut_off", Integer, nullable=False),
    Column("annual_leave_counts", Boolean, nullable=False),
    Column("acceptance_date_required", Boolean, nullable=False, server_default=false()),
    Column("revision", db.Position, nullable=False),
)

ward_counting = Table(
    "ward_counting",
    tables,
    _key("ward_id"),
    _key("from_month"),
    Column("window_rule", String(20), nullable=False),
    Column("december_cut_off", Integer, nullable=False),
    Column("annual_leave_counts", Boolean, nullable=False),
    Column("acceptance_date_required", Boolean, nullable=False),
)
"""How a ward counts, from a month on; each until the next."""

unit = Table(
    "unit",
    tables,
    _key("ward_id"),
    _key("unit_id"),
    Column("name", Text, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("revision", db.Position, nullable=False),
)

post = Table(
    "post",
    tables,
    _key("ward_id"),
    _key("person_id"),
    Column("from_month", db.Key, primary_key=True),
    Column("full_name", Text, nullable=False),
    Column("unit_id", db.Key, nullable=False),
    Column("personnel_type", String(20), nullable=False),
    Column("post", String(40), nullable=False),
    Column("title", Text, nullable=False),
    Column("role", String(20), nullable=False),
    Column("salary_coefficient", db.Exact, nullable=False),
    Column("superior_id", db.Key, nullable=False),
    Column("in_charge_ids", db.JSON, nullable=False),
    Column("duty_group", Text, nullable=False),
    Column("quota_scope", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("language", String(2), nullable=False),
    Column("active", Boolean, nullable=False),
    Column("revision", db.Position, nullable=False),
)
"""The post a person holds from a month on, until the next one."""

catalogue = Table(
    "catalogue",
    tables,
    _key("ward_id"),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("from_month", db.Key, nullable=False),
    Column("standard_points", db.Exact, nullable=False),
    Column("proposed_by", db.Key, nullable=False),
    Column("entry_count", Integer, nullable=False),
    Column("decision", Text, nullable=False),
    Column("approved_at", db.Instant),
)

catalogue_entry = Table(
    "catalogue_entry",
    tables,
    _key("ward_id"),
    Column("version", Integer, primary_key=True, autoincrement=False),
    _key("code"),
    Column("task", Text, nullable=False),
    Column("output", Text, nullable=False),
    Column("complexity_group", Text, nullable=False),
    Column("points", db.Exact, nullable=False),
    Column("coefficient", db.Exact, nullable=False),
    Column("section", String(20), nullable=False),
    Column("unit", Text, nullable=False),
    Column("searched", Text, nullable=False),
)
"""``searched`` is what a search looks at, case-folded, with accents and without: no database folds Vietnamese
as another does."""

plan = Table(
    "plan",
    tables,
    _key("ward_id"),
    _month(),
    _key("person_id"),
    Column("newest", Integer, nullable=False),
    Column("state", String(20), nullable=False),
    Column("in_force", Integer),
    Column("revision", db.Position, nullable=False),
)
"""A month of a person: the plan's newest version and its state, the approved one, the revision of it all."""

Index("ix_plan_state", plan.c.ward_id, plan.c.month, plan.c.state)

version = Table(
    "plan_version",
    tables,
    _key("ward_id"),
    _month(),
    _key("person_id"),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("state", String(20), nullable=False),
    Column("reason", Text, nullable=False),
    Column("decided_by", db.Key, nullable=False),
    Column("decided_at", db.Instant),
    Column("task_count", Integer, nullable=False),
)

task = Table(
    "task",
    tables,
    _key("ward_id"),
    _month(),
    _key("person_id"),
    Column("version", Integer, primary_key=True, autoincrement=False),
    _key("task_id"),
    Column("kind", String(20), nullable=False),
    Column("catalogue_code", db.Key, nullable=False),
    Column("name", Text, nullable=False),
    Column("output", Text, nullable=False),
    Column("due_on", Date),
    Column("responsibility", Text, nullable=False),
    Column("authority", Text, nullable=False),
    Column("quantity", db.Exact),
    Column("coefficient", db.Exact),
    Column("counterpart_id", db.Key, nullable=False),
    Column("reason", Text, nullable=False),
    Column("unit_item_id", db.Key, nullable=False),
    Column("counterpart_task_id", db.Key, nullable=False),
)

result = Table(
    "result",
    tables,
    _key("ward_id"),
    _month(),
    _key("person_id"),
    _key("task_id"),
    Column("accepted", db.Exact, nullable=False),
    Column("evidence", Text, nullable=False),
    Column("accepted_on", Date),
    Column("vouched_on", Date),
    Column("stated", db.Exact),
    Column("stated_by", db.Key, nullable=False, server_default=""),
)

fault = Table(
    "fault",
    tables,
    _key("ward_id"),
    _month(),
    _key("person_id"),
    _key("task_id"),
    _key("fault_id"),
    Column("place", Integer, nullable=False),
    Column("outputs", Integer, nullable=False),
    Column("failed_reviews", Integer, nullable=False),
    Column("missed_deadlines", Integer, nullable=False),
    Column("note", Text, nullable=False),
    Column("recorded_by", db.Key, nullable=False),
    Column("excused_reviews", Integer, nullable=False),
    Column("excused_deadlines", Integer, nullable=False),
    Column("confirmed_by", db.Key, nullable=False),
    Column("cause", Text, nullable=False),
    Column("confirmed_at", db.Instant),
)

decision = Table(
    "decision",
    tables,
    _key("ward_id"),
    _month(),
    _key("person_id"),
    Column("revision", Integer, nullable=False),
    Column("decided_at", db.Instant),
)
"""Months that approval announced as decided: nothing of them changes any more."""

working_time = Table(
    "working_time",
    tables,
    _key("ward_id"),
    _month(),
    _key("person_id"),
    Column("required_half_days", Integer, nullable=False),
    Column("worked_half_days", Integer, nullable=False),
    Column("revision", db.Position, nullable=False),
)

objective = Table(
    "objective",
    tables,
    _key("ward_id"),
    _key("objective_id"),
    Column("title", Text, nullable=False),
    Column("owner", String(20), nullable=False),
    Column("owner_id", db.Key, nullable=False),
    Column("period", db.Key, nullable=False),
    Column("quarter", db.Key, nullable=False),
    Column("above_id", db.Key, nullable=False),
    Column("weight", db.Exact, nullable=False),
    Column("dropped", Boolean, nullable=False),
    Column("revision", db.Position, nullable=False),
)
"""Objectives; ``quarter`` is the one their period lies in."""

Index("ix_objective_quarter", objective.c.ward_id, objective.c.quarter)
Index("ix_objective_above", objective.c.ward_id, objective.c.above_id)

key_result = Table(
    "key_result",
    tables,
    _key("ward_id"),
    _key("objective_id"),
    _key("key_result_id"),
    Column("place", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("measure", Text, nullable=False),
    Column("start", db.Exact, nullable=False),
    Column("target", db.Exact, nullable=False),
    Column("weight", db.Exact, nullable=False),
    Column("links", db.JSON, nullable=False),
    Column("current", db.Exact),
    Column("measured_at", db.Instant),
    Column("reading_count", Integer, nullable=False),
)
"""Key results, with what their readings say at present."""

reading = Table(
    "reading",
    tables,
    _key("ward_id"),
    _key("source"),
    _key("reference"),
    Column("objective_id", db.Key, nullable=False),
    Column("key_result_id", db.Key, nullable=False),
    Column("place", Integer, nullable=False),
    Column("value", db.Exact, nullable=False),
    Column("measured_at", db.Instant, nullable=False),
    Column("note", Text, nullable=False),
    Column("recorded_by", db.Key, nullable=False),
    Column("recorded_at", db.Instant, nullable=False),
)
"""Readings, only ever added to; ``place`` counts those of a key result in the order of recording."""

Index(
    "ux_reading_place",
    reading.c.ward_id,
    reading.c.objective_id,
    reading.c.key_result_id,
    reading.c.place,
    unique=True,
)

delivery = Table(
    "delivery",
    tables,
    _key("ward_id"),
    _key("system"),
    _key("reference"),
    Column("sequence", db.Position, nullable=False),
    Column("person_id", db.Key, nullable=False),
    Column("month", db.Key, nullable=False),
    Column("task_id", db.Key, nullable=False),
    Column("quantity", db.Exact, nullable=False),
    Column("evidence", Text, nullable=False),
    Column("accepted_on", Date),
    Column("delivered_by", db.Key, nullable=False),
    Column("delivered_at", db.Instant, nullable=False),
)
"""What other systems delivered, as it stands."""

Index("ix_delivery_person", delivery.c.ward_id, delivery.c.month, delivery.c.person_id)

unit_plan = Table(
    "unit_plan",
    tables,
    _key("ward_id"),
    _month(),
    _key("unit_id"),
    Column("newest", Integer, nullable=False),
    Column("state", String(20), nullable=False),
    Column("in_force", Integer),
    Column("revision", db.Position, nullable=False),
)
"""A month of a unit: the plan's newest version and its state, and the approved one."""

unit_plan_version = Table(
    "unit_plan_version",
    tables,
    _key("ward_id"),
    _month(),
    _key("unit_id"),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("state", String(20), nullable=False),
    Column("reason", Text, nullable=False),
    Column("decided_by", db.Key, nullable=False),
    Column("decided_at", db.Instant),
    Column("items", db.JSON, nullable=False),
)

week_edit = Table(
    "week_edit",
    tables,
    _key("ward_id"),
    _key("person_id"),
    _key("week"),
    Column("revision", db.Position, primary_key=True, autoincrement=False),
    Column("edited_by", db.Key, nullable=False),
    Column("edited_at", db.Instant, nullable=False),
    Column("items", db.JSON, nullable=False),
)
"""Edits of people's weeks, only ever added to."""
