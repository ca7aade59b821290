"""Places of a document's function codes in COFOG; null in results older than them."""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

# Compared by code point on both databases, whatever the locale of the server.
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.add_column('results', sa.Column('cofog', TEXT, nullable=True))


def downgrade() -> None:
    op.drop_column('results', 'cofog')
