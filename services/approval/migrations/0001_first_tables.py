"""First tables"""

import sqlalchemy as sa
from alembic import op

import chassis.db.types

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


APPEND_ONLY = ("decision", "grade", "extension", "delegation", "quota_rate")


def upgrade() -> None:
    op.create_table(
        "decision",
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column(
            "ward_id",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column(
            "person_id",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column(
            "unit_id",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("grade", sa.String(length=1), nullable=True),
        sa.Column("proposed", sa.String(length=1), nullable=True),
        sa.Column("total", chassis.db.types.Exact(), nullable=True),
        sa.Column("score_revision", sa.BigInteger(), nullable=False),
        sa.Column("score_policy", sa.Text(), nullable=False),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column(
            "decided_by",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "authority_id",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("delegation_id", sa.String(length=40), nullable=False),
        sa.Column("decided_at", chassis.db.types.Instant(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "grade IS NULL OR grade IN ('A', 'B', 'C', 'D')", name=op.f("ck_decision_grade_known")
        ),
        sa.CheckConstraint("revision > 0", name=op.f("ck_decision_revision_positive")),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_decision")),
        sa.UniqueConstraint(
            "ward_id",
            "month",
            "person_id",
            "revision",
            name=op.f("uq_decision_ward_id_month_person_id_revision"),
        ),
    )
    op.create_table(
        "delegation",
        sa.Column(
            "ward_id",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("delegation_id", sa.Uuid(), nullable=False),
        sa.Column(
            "from_person_id",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "to_person_id",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("from_day", sa.String(length=10), nullable=False),
        sa.Column("to_day", sa.String(length=10), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column(
            "recorded_by",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("recorded_at", chassis.db.types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("ward_id", "delegation_id", name=op.f("pk_delegation")),
    )
    with op.batch_alter_table("delegation", schema=None) as batch_op:
        batch_op.create_index("ix_delegation_to", ["ward_id", "to_person_id"], unique=False)

    op.create_table(
        "evaluation",
        sa.Column(
            "ward_id",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column(
            "person_id",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("revision", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("self_values", sa.JSON(), nullable=True),
        sa.Column("self_points", chassis.db.types.Exact(), nullable=True),
        sa.Column("self_strengths", sa.Text(), nullable=True),
        sa.Column("self_weaknesses", sa.Text(), nullable=True),
        sa.Column("self_proposed", sa.String(length=1), nullable=True),
        sa.Column("self_document", sa.Text(), nullable=True),
        sa.Column(
            "self_by",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("self_at", chassis.db.types.Instant(), nullable=True),
        sa.Column("self_late", sa.Boolean(), nullable=True),
        sa.Column("review_values", sa.JSON(), nullable=True),
        sa.Column("review_points", chassis.db.types.Exact(), nullable=True),
        sa.Column("review_text", sa.Text(), nullable=True),
        sa.Column("review_organising", sa.BigInteger(), nullable=True),
        sa.Column("review_organising_fact", sa.Text(), nullable=True),
        sa.Column("review_unity", sa.BigInteger(), nullable=True),
        sa.Column("review_unity_fact", sa.Text(), nullable=True),
        sa.Column("review_blocker", sa.Text(), nullable=True),
        sa.Column("review_document", sa.Text(), nullable=True),
        sa.Column(
            "review_by",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("review_at", chassis.db.types.Instant(), nullable=True),
        sa.Column("review_late", sa.Boolean(), nullable=True),
        sa.Column("decision_values", sa.JSON(), nullable=True),
        sa.Column("decision_points", chassis.db.types.Exact(), nullable=True),
        sa.Column(
            "decision_by",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("decision_at", chassis.db.types.Instant(), nullable=True),
        sa.Column("not_evaluated_reason", sa.Text(), nullable=True),
        sa.Column(
            "not_evaluated_by",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("not_evaluated_at", chassis.db.types.Instant(), nullable=True),
        sa.Column("decided_revision", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("published_revision", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("ward_id", "month", "person_id", name=op.f("pk_evaluation")),
    )
    op.create_table(
        "extension",
        sa.Column(
            "ward_id",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("step", sa.String(length=40), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("last_day", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "extended_by",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("extended_at", chassis.db.types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("ward_id", "month", "step", "number", name=op.f("pk_extension")),
    )
    op.create_table(
        "grade",
        sa.Column(
            "ward_id",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column(
            "person_id",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column(
            "unit_id",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("full_name", sa.Text(), nullable=False),
        sa.Column("grade", sa.String(length=1), nullable=True),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column(
            "published_by",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("published_at", chassis.db.types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("ward_id", "month", "person_id", "revision", name=op.f("pk_grade")),
    )
    op.create_table(
        "inbox",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("handler", sa.String(length=200), nullable=False),
        sa.Column("handled_at", chassis.db.types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("event_id", "handler", name=op.f("pk_inbox")),
    )
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inbox_handled_at"), ["handled_at"], unique=False)

    op.create_table(
        "lease",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("holder", sa.String(length=200), nullable=True),
        sa.Column("held_until", chassis.db.types.Instant(), nullable=True),
        sa.Column("due_at", chassis.db.types.Instant(), nullable=False),
        sa.Column("asked", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lease")),
    )
    op.create_table(
        "month",
        sa.Column(
            "ward_id",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column(
            "opened_by",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("opened_at", chassis.db.types.Instant(), nullable=False),
        sa.Column("publication_revision", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("published_at", chassis.db.types.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("ward_id", "month", name=op.f("pk_month")),
    )
    op.create_table(
        "outbox",
        sa.Column(
            "position",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.String(length=200), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("correlation_id", sa.String(length=64), nullable=False),
        sa.Column("recorded_at", chassis.db.types.Instant(), nullable=False),
        sa.Column("sent_at", chassis.db.types.Instant(), nullable=True),
        sa.Column("returns", sa.Integer(), server_default="0", nullable=False),
        sa.Column("not_before", chassis.db.types.Instant(), nullable=True),
        sa.Column("queue", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_outbox")),
        sa.UniqueConstraint("event_id", name=op.f("uq_outbox_event_id")),
        postgresql_with={"autovacuum_vacuum_scale_factor": "0.02", "autovacuum_vacuum_threshold": "1000"},
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(
            "ix_outbox_fresh",
            ["position"],
            unique=False,
            postgresql_where=sa.text("sent_at IS NULL AND not_before IS NULL"),
            sqlite_where=sa.text("sent_at IS NULL AND not_before IS NULL"),
        )
        batch_op.create_index("ix_outbox_recorded_at", ["recorded_at"], unique=False)
        batch_op.create_index(
            "ix_outbox_refused",
            ["not_before"],
            unique=False,
            postgresql_where=sa.text("sent_at IS NULL AND not_before IS NOT NULL"),
            sqlite_where=sa.text("sent_at IS NULL AND not_before IS NOT NULL"),
        )
        batch_op.create_index("ix_outbox_type_recorded_at", ["type", "recorded_at"], unique=False)

    op.create_table(
        "parked",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("handler", sa.String(length=200), nullable=False),
        sa.Column("type", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("event_at", chassis.db.types.Instant(), nullable=True),
        sa.Column("correlation_id", sa.String(length=64), nullable=False),
        sa.Column("content_type", sa.String(length=200), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", chassis.db.types.Instant(), nullable=True),
        sa.Column("dead_at", chassis.db.types.Instant(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("parked_at", chassis.db.types.Instant(), nullable=False),
        sa.Column("replays", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parked")),
    )
    with op.batch_alter_table("parked", schema=None) as batch_op:
        batch_op.create_index("ix_parked_next_attempt_at", ["next_attempt_at"], unique=False)
        batch_op.create_index("uq_parked_handler_event_id", ["handler", "event_id"], unique=True)

    op.create_table(
        "post",
        sa.Column(
            "ward_id",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "person_id",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("from_month", sa.String(length=7), nullable=False),
        sa.Column("full_name", sa.Text(), nullable=False),
        sa.Column(
            "unit_id",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("post", sa.String(length=40), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("personnel_type", sa.String(length=40), nullable=False),
        sa.Column("leads", sa.Boolean(), nullable=False),
        sa.Column(
            "superior_id",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("in_charge_ids", sa.JSON(), nullable=False),
        sa.Column(
            "duty_group",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "quota_scope",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("ward_id", "person_id", "from_month", name=op.f("pk_post")),
    )
    op.create_table(
        "quota",
        sa.Column(
            "ward_id",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column(
            "quota_scope",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "duty_group",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("rate", chassis.db.types.Exact(), nullable=True),
        sa.Column("quota_base", sa.String(length=40), server_default="", nullable=False),
        sa.Column("members", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("maximum", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("kept_ids", sa.JSON(), nullable=True),
        sa.Column("lowered_ids", sa.JSON(), nullable=True),
        sa.Column("tied_ids", sa.JSON(), nullable=True),
        sa.Column("revision", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("ward_id", "month", "quota_scope", "duty_group", name=op.f("pk_quota")),
    )
    op.create_table(
        "quota_rate",
        sa.Column(
            "ward_id",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column(
            "quota_scope",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("rate", chassis.db.types.Exact(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("decided_on", sa.String(length=10), nullable=False),
        sa.Column("signer", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "recorded_by",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("recorded_at", chassis.db.types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("ward_id", "month", "quota_scope", "revision", name=op.f("pk_quota_rate")),
    )
    op.create_table(
        "request",
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("method", sa.String(length=200), nullable=False),
        sa.Column("request_id", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("reply", sa.LargeBinary(), nullable=False),
        sa.Column("answered_at", chassis.db.types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("actor", "method", "request_id", name=op.f("pk_request")),
    )
    with op.batch_alter_table("request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_request_answered_at"), ["answered_at"], unique=False)

    op.create_table(
        "score",
        sa.Column(
            "ward_id",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column(
            "person_id",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("total", chassis.db.types.Exact(), nullable=True),
        sa.Column("band", sa.String(length=1), nullable=True),
        sa.Column("proposed", sa.String(length=1), nullable=True),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.Column("general", chassis.db.types.Exact(), nullable=True),
        sa.Column("organising", sa.BigInteger(), nullable=False),
        sa.Column("unity", sa.BigInteger(), nullable=False),
        sa.Column(
            "quota_scope",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "duty_group",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("blocker", sa.Text(), nullable=False),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("computed_at", chassis.db.types.Instant(), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("ward_id", "month", "person_id", name=op.f("pk_score")),
    )
    op.create_table(
        "unit",
        sa.Column(
            "ward_id",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "unit_id",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("ward_id", "unit_id", name=op.f("pk_unit")),
    )
    op.create_table(
        "ward",
        sa.Column(
            "ward_id",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("city", sa.Text(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("ward_id", name=op.f("pk_ward")),
    )
    for name in APPEND_ONLY:
        guard(name)


def guard(name: str) -> None:
    """Have the database itself refuse to change or delete a row of the table."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE OR REPLACE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$ "
            "BEGIN RAISE EXCEPTION 'rows of % are never changed or deleted', TG_TABLE_NAME; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {name}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {name} "
            "EXECUTE FUNCTION append_only()"
        )
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {name}_no_{verb.lower()} BEFORE {verb} ON {name} "
            f"BEGIN SELECT RAISE(ABORT, 'rows of {name} are never changed or deleted'); END"
        )
