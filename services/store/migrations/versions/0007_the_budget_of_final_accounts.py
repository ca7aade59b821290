"""The budget that the result of final accounts is compared with; null in results older than it."""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

# Compared by code point on both databases, whatever the locale of the server.
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.add_column('filing_results', sa.Column('budget_id', TEXT, nullable=True))
    op.create_index(op.f('ix_filing_results_budget_id'), 'filing_results', ['budget_id'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_filing_results_budget_id'), table_name='filing_results')
    op.drop_column('filing_results', 'budget_id')
