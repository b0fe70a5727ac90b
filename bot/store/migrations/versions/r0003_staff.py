"""Unanswered messages, and the sessions of the staff page."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "unanswered",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("conversation", sa.String(255), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("entry", sa.String(200), nullable=True),
        sa.Column("score", sa.Float, nullable=True),
        sa.Column("publication", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_unanswered"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_unanswered_conversation", "unanswered", ["conversation"])
    op.create_table(
        "staff_sessions",
        sa.Column("token", sa.String(64), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("csrf", sa.String(64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token", name="pk_staff_sessions"),
    )


def downgrade() -> None:
    """Drops them, with what visitors asked."""
    op.drop_table("staff_sessions")
    op.drop_table("unanswered")
