"""Entries of the log are not replaced either"""

from chassis.migrations import steps

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    steps.never_replaced("audit_entry", ("ward_id", "number"), ("ward_id", "previous"))
