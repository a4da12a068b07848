"""which set of criteria an evaluation was made with"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Empty: the policy's default set, the only one there was before.
    op.add_column(
        "evaluation", sa.Column("criteria_set", sa.String(length=40), server_default="", nullable=False)
    )
