"""Findings that a person accepted."""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

# Compared by code point on both databases, whatever the locale of the server.
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table('acceptances',
    sa.Column('finding', TEXT, nullable=False),
    sa.Column('accepted', sa.Integer(), nullable=False),
    sa.Column('decided_by', TEXT, nullable=False),
    sa.Column('at', TEXT, nullable=False),
    sa.Column('why', TEXT, nullable=False),
    sa.Column('decision', TEXT, nullable=False),
    sa.PrimaryKeyConstraint('finding', name=op.f('pk_acceptances')),
    sqlite_with_rowid=False
    )


def downgrade() -> None:
    op.drop_table('acceptances')
