"""How many figures of a document are held by two sums or more; null in results older than it."""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('results', sa.Column('tied_more', sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column('results', 'tied_more')
