"""What searches the questions, kept once for all publications that have the same."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the table. What is live has to be published again, as after any change of its form."""
    op.create_table(
        "question_indexes",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_question_indexes"),
    )
    op.add_column(
        "publications",
        sa.Column("question_index", sa.String(64), nullable=False, server_default=""),
    )


def downgrade() -> None:
    """Drops it; what is live has to be published again."""
    op.drop_column("publications", "question_index")
    op.drop_table("question_indexes")
