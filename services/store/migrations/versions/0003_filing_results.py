"""What reconciling a filing's documents found: results, checks, findings."""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

# Compared by code point on both databases, whatever the locale of the server.
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table('filing_results',
    sa.Column('filing_id', TEXT, nullable=False),
    sa.Column('previous_id', TEXT, nullable=False),
    sa.Column('state', TEXT, nullable=False),
    sa.Column('members', TEXT, nullable=False),
    sa.Column('previous', TEXT, nullable=False),
    sa.Column('verdict', TEXT, nullable=False),
    sa.Column('exact', sa.Integer(), nullable=False),
    sa.Column('rounding', sa.Integer(), nullable=False),
    sa.Column('suspicious', sa.Integer(), nullable=False),
    sa.Column('failed', sa.Integer(), nullable=False),
    sa.Column('not_assessable', sa.Integer(), nullable=False),
    sa.Column('figures', sa.Integer(), nullable=False),
    sa.Column('tied', sa.Integer(), nullable=False),
    sa.Column('untied', sa.Integer(), nullable=False),
    sa.Column('errors', sa.Integer(), nullable=False),
    sa.Column('warnings', sa.Integer(), nullable=False),
    sa.Column('infos', sa.Integer(), nullable=False),
    sa.Column('version', TEXT, nullable=False),
    sa.Column('digest', TEXT, nullable=False),
    sa.Column('stored_at', TEXT, nullable=False),
    sa.ForeignKeyConstraint(['filing_id'], ['filings.id'], name=op.f('fk_filing_results_filing_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('filing_id', name=op.f('pk_filing_results')),
    sqlite_with_rowid=False
    )
    op.create_index(op.f('ix_filing_results_previous_id'), 'filing_results', ['previous_id'], unique=False)
    op.create_table('filing_checks',
    sa.Column('filing_id', TEXT, nullable=False),
    sa.Column('id', TEXT, nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('rule', TEXT, nullable=False),
    sa.Column('form', TEXT, nullable=True),
    sa.Column('status', TEXT, nullable=False),
    sa.Column('target', TEXT, nullable=False),
    sa.Column('terms', TEXT, nullable=False),
    sa.Column('reported', TEXT, nullable=True),
    sa.Column('computed', TEXT, nullable=True),
    sa.Column('difference', TEXT, nullable=True),
    sa.Column('possible', TEXT, nullable=True),
    sa.Column('plausible', TEXT, nullable=True),
    sa.Column('unit', TEXT, nullable=True),
    sa.Column('reason', TEXT, nullable=True),
    sa.Column('document_id', TEXT, nullable=False),
    sa.ForeignKeyConstraint(['filing_id'], ['filing_results.filing_id'], name=op.f('fk_filing_checks_filing_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['document_id'], ['documents.id'], name=op.f('fk_filing_checks_document_id')),
    sa.PrimaryKeyConstraint('filing_id', 'id', name=op.f('pk_filing_checks')),
    sqlite_with_rowid=False
    )
    op.create_index(op.f('ix_filing_checks_document_id'), 'filing_checks', ['document_id'], unique=False)
    op.create_table('filing_findings',
    sa.Column('filing_id', TEXT, nullable=False),
    sa.Column('id', TEXT, nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('severity_rank', sa.Integer(), nullable=False),
    sa.Column('relative_ppm', sa.BigInteger(), nullable=True),
    sa.Column('code', TEXT, nullable=False),
    sa.Column('severity', TEXT, nullable=False),
    sa.Column('message_zh', TEXT, nullable=False),
    sa.Column('message_en', TEXT, nullable=False),
    sa.Column('form', TEXT, nullable=True),
    sa.Column('title', TEXT, nullable=True),
    sa.Column('table_id', TEXT, nullable=True),
    sa.Column('row', sa.Integer(), nullable=True),
    sa.Column('col', sa.Integer(), nullable=True),
    sa.Column('page', sa.Integer(), nullable=True),
    sa.Column('text', TEXT, nullable=True),
    sa.Column('rule', TEXT, nullable=True),
    sa.Column('reported', TEXT, nullable=True),
    sa.Column('computed', TEXT, nullable=True),
    sa.Column('difference', TEXT, nullable=True),
    sa.Column('unit', TEXT, nullable=True),
    sa.Column('checks', TEXT, nullable=False),
    sa.Column('evidence', TEXT, nullable=False),
    sa.Column('diagnosis', TEXT, nullable=True),
    sa.Column('document_id', TEXT, nullable=False),
    sa.ForeignKeyConstraint(['filing_id'], ['filing_results.filing_id'], name=op.f('fk_filing_findings_filing_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['document_id'], ['documents.id'], name=op.f('fk_filing_findings_document_id')),
    sa.PrimaryKeyConstraint('filing_id', 'id', name=op.f('pk_filing_findings')),
    sqlite_with_rowid=False
    )
    op.create_index(op.f('ix_filing_findings_document_id'), 'filing_findings', ['document_id'], unique=False)
    op.create_index(op.f('ix_filing_findings_id'), 'filing_findings', ['id'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_filing_findings_id'), table_name='filing_findings')
    op.drop_index(op.f('ix_filing_findings_document_id'), table_name='filing_findings')
    op.drop_table('filing_findings')
    op.drop_index(op.f('ix_filing_checks_document_id'), table_name='filing_checks')
    op.drop_table('filing_checks')
    op.drop_index(op.f('ix_filing_results_previous_id'), table_name='filing_results')
    op.drop_table('filing_results')
