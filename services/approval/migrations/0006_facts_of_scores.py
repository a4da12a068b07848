"""which facts a score was computed from"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # 0: not told, as by publishers before. Nothing is compared then.
    for name in ("working_time_revision", "work_revision"):
        op.add_column("score", sa.Column(name, sa.BigInteger(), server_default="0", nullable=False))
