"""What visitors thought of answers."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the table."""
    op.create_table(
        "feedback",
        sa.Column("conversation", sa.String(255), nullable=False),
        sa.Column("position", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("entries", sa.Text, nullable=False),
        sa.Column("publication", sa.String(64), nullable=False),
        sa.Column("value", sa.Integer, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("conversation", "position", name="pk_feedback"),
    )


def downgrade() -> None:
    """Drops it, with every judgement."""
    op.drop_table("feedback")
