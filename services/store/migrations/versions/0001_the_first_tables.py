"""The first tables: documents, submissions, filings, current results, stage runs, rejections."""

import sqlalchemy as sa
from alembic import op

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None

# Compared by code point on both databases, whatever the locale of the server.
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table('activations',
    sa.Column('stage', TEXT, nullable=False),
    sa.Column('version', TEXT, nullable=False),
    sa.PrimaryKeyConstraint('stage', name=op.f('pk_activations')),
    sqlite_with_rowid=False
    )
    op.create_table('documents',
    sa.Column('id', TEXT, nullable=False),
    sa.Column('bytes', sa.BigInteger(), nullable=True),
    sa.Column('pages', sa.Integer(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_documents')),
    sqlite_with_rowid=False
    )
    op.create_table('filings',
    sa.Column('id', TEXT, nullable=False),
    sa.Column('region', TEXT, nullable=True),
    sa.Column('entity', TEXT, nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('kind', TEXT, nullable=False),
    sa.Column('level', TEXT, nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_filings')),
    sqlite_with_rowid=False
    )
    op.create_table('filing_parts',
    sa.Column('filing_id', TEXT, nullable=False),
    sa.Column('part', TEXT, nullable=False),
    sa.Column('current_document', TEXT, nullable=True),
    sa.ForeignKeyConstraint(['filing_id'], ['filings.id'], name=op.f('fk_filing_parts_filing_id')),
    sa.PrimaryKeyConstraint('filing_id', 'part', name=op.f('pk_filing_parts')),
    sqlite_with_rowid=False
    )
    op.create_table('rejections',
    sa.Column('subject', TEXT, nullable=False),
    sa.Column('version', TEXT, nullable=False),
    sa.Column('code', TEXT, nullable=False),
    sa.Column('document_id', TEXT, nullable=True),
    sa.Column('page', sa.Integer(), nullable=True),
    sa.Column('message_zh', TEXT, nullable=False),
    sa.Column('message_en', TEXT, nullable=False),
    sa.Column('name', TEXT, nullable=False),
    sa.Column('bucket', TEXT, nullable=True),
    sa.Column('key', TEXT, nullable=True),
    sa.Column('object_version', TEXT, nullable=True),
    sa.Column('last_modified', TEXT, nullable=True),
    sa.ForeignKeyConstraint(['document_id'], ['documents.id'], name=op.f('fk_rejections_document_id')),
    sa.PrimaryKeyConstraint('subject', 'version', 'code', name=op.f('pk_rejections')),
    sqlite_with_rowid=False
    )
    op.create_index(op.f('ix_rejections_document_id'), 'rejections', ['document_id'], unique=False)
    op.create_table('results',
    sa.Column('document_id', TEXT, nullable=False),
    sa.Column('region', TEXT, nullable=True),
    sa.Column('entity', TEXT, nullable=True),
    sa.Column('entity_code', TEXT, nullable=True),
    sa.Column('year', sa.Integer(), nullable=True),
    sa.Column('kind', TEXT, nullable=False),
    sa.Column('level', TEXT, nullable=True),
    sa.Column('part', TEXT, nullable=False),
    sa.Column('filing_id', TEXT, nullable=True),
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
    sa.Column('unmapped', sa.Integer(), nullable=False),
    sa.Column('claims', sa.Integer(), nullable=False),
    sa.Column('extract_version', TEXT, nullable=False),
    sa.Column('normalize_version', TEXT, nullable=False),
    sa.Column('validate_version', TEXT, nullable=False),
    sa.Column('extract_digest', TEXT, nullable=False),
    sa.Column('normalize_digest', TEXT, nullable=False),
    sa.Column('validate_digest', TEXT, nullable=False),
    sa.Column('stored_at', TEXT, nullable=False),
    sa.ForeignKeyConstraint(['document_id'], ['documents.id'], name=op.f('fk_results_document_id')),
    sa.PrimaryKeyConstraint('document_id', name=op.f('pk_results')),
    sqlite_with_rowid=False
    )
    op.create_index('ix_results_entity_year', 'results', ['entity', 'year'], unique=False)
    op.create_index('ix_results_filing_id_part', 'results', ['filing_id', 'part'], unique=False)
    op.create_table('stage_runs',
    sa.Column('document_id', TEXT, nullable=False),
    sa.Column('stage', TEXT, nullable=False),
    sa.Column('version', TEXT, nullable=False),
    sa.Column('digest', TEXT, nullable=False),
    sa.ForeignKeyConstraint(['document_id'], ['documents.id'], name=op.f('fk_stage_runs_document_id')),
    sa.PrimaryKeyConstraint('document_id', 'stage', 'version', 'digest', name=op.f('pk_stage_runs')),
    sqlite_with_rowid=False
    )
    op.create_table('submissions',
    sa.Column('id', TEXT, nullable=False),
    sa.Column('document_id', TEXT, nullable=False),
    sa.Column('name', TEXT, nullable=False),
    sa.Column('department', TEXT, nullable=True),
    sa.Column('bucket', TEXT, nullable=True),
    sa.Column('key', TEXT, nullable=True),
    sa.Column('version', TEXT, nullable=True),
    sa.Column('last_modified', TEXT, nullable=True),
    sa.Column('arrived_at', TEXT, nullable=False),
    sa.ForeignKeyConstraint(['document_id'], ['documents.id'], name=op.f('fk_submissions_document_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_submissions')),
    sqlite_with_rowid=False
    )
    op.create_index(op.f('ix_submissions_document_id'), 'submissions', ['document_id'], unique=False)
    op.create_index(op.f('ix_submissions_key'), 'submissions', ['key'], unique=False)
    op.create_index(op.f('ix_submissions_name'), 'submissions', ['name'], unique=False)
    op.create_table('checks',
    sa.Column('document_id', TEXT, nullable=False),
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
    sa.ForeignKeyConstraint(['document_id'], ['results.document_id'], name=op.f('fk_checks_document_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('document_id', 'id', name=op.f('pk_checks')),
    sqlite_with_rowid=False
    )
    op.create_table('facts',
    sa.Column('document_id', TEXT, nullable=False),
    sa.Column('id', TEXT, nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('table_id', TEXT, nullable=False),
    sa.Column('row', sa.Integer(), nullable=False),
    sa.Column('col', sa.Integer(), nullable=False),
    sa.Column('list', sa.Integer(), nullable=False),
    sa.Column('label', TEXT, nullable=False),
    sa.Column('form', TEXT, nullable=True),
    sa.Column('function', TEXT, nullable=True),
    sa.Column('economic', TEXT, nullable=True),
    sa.Column('gov_economic', TEXT, nullable=True),
    sa.Column('line', TEXT, nullable=True),
    sa.Column('measure', TEXT, nullable=True),
    sa.Column('fund', TEXT, nullable=True),
    sa.Column('project', TEXT, nullable=True),
    sa.Column('amount', TEXT, nullable=False),
    sa.Column('decimals', sa.Integer(), nullable=False),
    sa.Column('precision', sa.Integer(), nullable=False),
    sa.Column('unit', TEXT, nullable=True),
    sa.Column('yuan', TEXT, nullable=True),
    sa.Column('yuan_fen', sa.BigInteger(), nullable=True),
    sa.Column('text', TEXT, nullable=False),
    sa.Column('page', sa.Integer(), nullable=False),
    sa.Column('bbox', TEXT, nullable=False),
    sa.Column('code_from', TEXT, nullable=False),
    sa.Column('confidence', sa.Double(), nullable=False),
    sa.Column('duplicate_of', TEXT, nullable=True),
    sa.ForeignKeyConstraint(['document_id'], ['results.document_id'], name=op.f('fk_facts_document_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('document_id', 'id', name=op.f('pk_facts')),
    sqlite_with_rowid=False
    )
    op.create_table('findings',
    sa.Column('document_id', TEXT, nullable=False),
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
    sa.ForeignKeyConstraint(['document_id'], ['results.document_id'], name=op.f('fk_findings_document_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('document_id', 'id', name=op.f('pk_findings')),
    sqlite_with_rowid=False
    )
    op.create_index(op.f('ix_findings_id'), 'findings', ['id'], unique=False)
    op.create_index('ix_findings_severity_rank_relative_ppm', 'findings', ['severity_rank', 'relative_ppm'], unique=False)
    op.create_table('forms',
    sa.Column('document_id', TEXT, nullable=False),
    sa.Column('table_id', TEXT, nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('form', TEXT, nullable=True),
    sa.Column('title', TEXT, nullable=True),
    sa.Column('unit', TEXT, nullable=True),
    sa.Column('scope', TEXT, nullable=True),
    sa.Column('pages', TEXT, nullable=False),
    sa.Column('confidence', sa.Double(), nullable=False),
    sa.Column('figures', sa.Integer(), nullable=False),
    sa.Column('tied', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['document_id'], ['results.document_id'], name=op.f('fk_forms_document_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('document_id', 'table_id', name=op.f('pk_forms')),
    sqlite_with_rowid=False
    )
    op.create_table('revisions',
    sa.Column('filing_id', TEXT, nullable=False),
    sa.Column('part', TEXT, nullable=False),
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('submission_id', TEXT, nullable=False),
    sa.Column('document_id', TEXT, nullable=False),
    sa.ForeignKeyConstraint(['filing_id', 'part'], ['filing_parts.filing_id', 'filing_parts.part'], name=op.f('fk_revisions_filing_id_part'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['submission_id'], ['submissions.id'], name=op.f('fk_revisions_submission_id')),
    sa.PrimaryKeyConstraint('filing_id', 'part', 'number', name=op.f('pk_revisions')),
    sqlite_with_rowid=False
    )
    op.create_table('tables',
    sa.Column('document_id', TEXT, nullable=False),
    sa.Column('id', TEXT, nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('title', TEXT, nullable=True),
    sa.Column('number', TEXT, nullable=True),
    sa.Column('pages', TEXT, nullable=False),
    sa.Column('n_rows', sa.Integer(), nullable=False),
    sa.Column('n_cols', sa.Integer(), nullable=False),
    sa.Column('unit', TEXT, nullable=True),
    sa.ForeignKeyConstraint(['document_id'], ['results.document_id'], name=op.f('fk_tables_document_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('document_id', 'id', name=op.f('pk_tables')),
    sqlite_with_rowid=False
    )


def downgrade() -> None:
    op.drop_table('tables')
    op.drop_table('revisions')
    op.drop_table('forms')
    op.drop_index('ix_findings_severity_rank_relative_ppm', table_name='findings')
    op.drop_index(op.f('ix_findings_id'), table_name='findings')
    op.drop_table('findings')
    op.drop_table('facts')
    op.drop_table('checks')
    op.drop_index(op.f('ix_submissions_name'), table_name='submissions')
    op.drop_index(op.f('ix_submissions_key'), table_name='submissions')
    op.drop_index(op.f('ix_submissions_document_id'), table_name='submissions')
    op.drop_table('submissions')
    op.drop_table('stage_runs')
    op.drop_index('ix_results_filing_id_part', table_name='results')
    op.drop_index('ix_results_entity_year', table_name='results')
    op.drop_table('results')
    op.drop_index(op.f('ix_rejections_document_id'), table_name='rejections')
    op.drop_table('rejections')
    op.drop_table('filing_parts')
    op.drop_table('filings')
    op.drop_table('documents')
    op.drop_table('activations')
