"""The ledger: submissions, their steps, the outbox and whose turn it is, dead letters, decisions, the ways of all results."""

import hashlib
import json

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

# Compared by code point on both databases, whatever the locale of the server.
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table('ledger',
    sa.Column('object', TEXT, nullable=False),
    sa.Column('bucket', TEXT, nullable=False),
    sa.Column('key', TEXT, nullable=False),
    sa.Column('version', TEXT, nullable=True),
    sa.Column('last_modified', TEXT, nullable=True),
    sa.Column('name', TEXT, nullable=False),
    sa.Column('department', TEXT, nullable=True),
    sa.Column('size', sa.BigInteger(), nullable=False),
    sa.Column('etag', TEXT, nullable=False),
    sa.Column('document', TEXT, nullable=True),
    sa.Column('outcome', TEXT, nullable=True),
    sa.Column('place', TEXT, nullable=True),
    sa.Column('stage', TEXT, nullable=True),
    sa.Column('lane', TEXT, nullable=False),
    sa.Column('reason', TEXT, nullable=False),
    sa.Column('since', TEXT, nullable=True),
    sa.Column('arrived_at', TEXT, nullable=False),
    sa.Column('progressed_at', TEXT, nullable=False),
    sa.Column('settled_at', TEXT, nullable=True),
    sa.Column('restarts', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('object', name=op.f('pk_ledger')),
    sqlite_with_rowid=False
    )
    op.create_index(op.f('ix_ledger_document'), 'ledger', ['document'], unique=False)
    op.create_index(op.f('ix_ledger_key'), 'ledger', ['key'], unique=False)
    op.create_index(op.f('ix_ledger_name'), 'ledger', ['name'], unique=False)
    op.create_index(op.f('ix_ledger_outcome'), 'ledger', ['outcome'], unique=False)
    op.create_index(op.f('ix_ledger_place_lane_stage'), 'ledger', ['place', 'lane', 'stage'], unique=False)
    op.create_index(op.f('ix_ledger_settled_at'), 'ledger', ['settled_at'], unique=False)
    op.create_index(op.f('ix_ledger_since_object'), 'ledger', ['since', 'object'], unique=False)
    op.create_table('steps',
    sa.Column('object', TEXT, nullable=False),
    sa.Column('event', TEXT, nullable=False),
    sa.Column('kind', TEXT, nullable=False),
    sa.Column('at', TEXT, nullable=False),
    sa.Column('last_at', TEXT, nullable=False),
    sa.Column('document', TEXT, nullable=True),
    sa.Column('stage', TEXT, nullable=True),
    sa.Column('version', TEXT, nullable=True),
    sa.Column('reason', TEXT, nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('bytes', sa.BigInteger(), nullable=True),
    sa.Column('runs', TEXT, nullable=True),
    sa.Column('detail', TEXT, nullable=False),
    sa.PrimaryKeyConstraint('object', 'event', 'kind', name=op.f('pk_steps')),
    sqlite_with_rowid=False
    )
    op.create_table('outbox',
    sa.Column('id', TEXT, nullable=False),
    sa.Column('topic', TEXT, nullable=False),
    sa.Column('key', sa.LargeBinary(), nullable=True),
    sa.Column('headers', TEXT, nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.Column('scheduled', sa.Integer(), nullable=False),
    sa.Column('object', TEXT, nullable=True),
    sa.Column('department', TEXT, nullable=False),
    sa.Column('lane', TEXT, nullable=False),
    sa.Column('due', TEXT, nullable=False),
    sa.Column('waiting', TEXT, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outbox'))
    )
    op.create_index(op.f('ix_outbox_object'), 'outbox', ['object'], unique=False)
    op.create_index(op.f('ix_outbox_waiting'), 'outbox', ['waiting'], unique=False)
    op.create_index(op.f('ix_outbox_scheduled_due'), 'outbox', ['scheduled', 'due', 'id'], unique=False)
    op.create_index(op.f('ix_outbox_scheduled_lane_department_due'), 'outbox', ['scheduled', 'lane', 'department', 'due', 'id'], unique=False)
    op.create_table('turns',
    sa.Column('lane', TEXT, nullable=False),
    sa.Column('department', TEXT, nullable=False),
    sa.Column('served', sa.BigInteger(), nullable=False),
    sa.Column('at', TEXT, nullable=False),
    sa.PrimaryKeyConstraint('lane', 'department', name=op.f('pk_turns')),
    sqlite_with_rowid=False
    )
    op.create_table('dead_letters',
    sa.Column('id', TEXT, nullable=False),
    sa.Column('service', TEXT, nullable=False),
    sa.Column('topic', TEXT, nullable=False),
    sa.Column('partition', sa.Integer(), nullable=False),
    sa.Column('offset', sa.BigInteger(), nullable=False),
    sa.Column('key', sa.LargeBinary(), nullable=True),
    sa.Column('headers', TEXT, nullable=False),
    sa.Column('value', sa.LargeBinary(), nullable=False),
    sa.Column('event', TEXT, nullable=True),
    sa.Column('object', TEXT, nullable=True),
    sa.Column('document', TEXT, nullable=True),
    sa.Column('code', TEXT, nullable=False),
    sa.Column('error', TEXT, nullable=False),
    sa.Column('message', TEXT, nullable=False),
    sa.Column('stack', TEXT, nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('first_at', TEXT, nullable=False),
    sa.Column('last_at', TEXT, nullable=False),
    sa.Column('producer', TEXT, nullable=False),
    sa.Column('status', TEXT, nullable=False),
    sa.Column('decided', TEXT, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dead_letters'))
    )
    op.create_index(op.f('ix_dead_letters_object'), 'dead_letters', ['object'], unique=False)
    op.create_index(op.f('ix_dead_letters_status_last_at'), 'dead_letters', ['status', 'last_at'], unique=False)
    op.create_table('decisions_applied',
    sa.Column('id', TEXT, nullable=False),
    sa.Column('kind', TEXT, nullable=False),
    sa.Column('at', TEXT, nullable=False),
    sa.Column('applied_at', TEXT, nullable=False),
    sa.Column('stage', TEXT, nullable=True),
    sa.Column('dead_letter', TEXT, nullable=True),
    sa.Column('body', TEXT, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_decisions_applied')),
    sqlite_with_rowid=False
    )
    op.create_index(op.f('ix_decisions_applied_dead_letter'), 'decisions_applied', ['dead_letter'], unique=False)
    op.create_table('lineages',
    sa.Column('document_id', TEXT, nullable=False),
    sa.Column('id', TEXT, nullable=False),
    sa.Column('extract_version', TEXT, nullable=False),
    sa.Column('normalize_version', TEXT, nullable=False),
    sa.Column('validate_version', TEXT, nullable=False),
    sa.Column('extract_digest', TEXT, nullable=False),
    sa.Column('normalize_digest', TEXT, nullable=False),
    sa.Column('validate_digest', TEXT, nullable=False),
    sa.ForeignKeyConstraint(['document_id'], ['documents.id'], name=op.f('fk_lineages_document_id')),
    sa.PrimaryKeyConstraint('document_id', 'id', name=op.f('pk_lineages')),
    sqlite_with_rowid=False
    )
    op.create_index(op.f('ix_lineages_versions'), 'lineages', ['extract_version', 'normalize_version', 'validate_version'], unique=False)
    _keep_the_ways_of_what_is_stored()


def _keep_the_ways_of_what_is_stored() -> None:
    """A result stored before has been delivered as well: an activation of its versions may make it current again."""
    columns = [f'{stage}_{what}' for what in ('version', 'digest') for stage in ('extract', 'normalize', 'validate')]
    results = sa.table('results', *(sa.column(name) for name in ['document_id', *columns]))
    lineages = sa.table('lineages', *(sa.column(name) for name in ['document_id', 'id', *columns]))
    rows = [dict(row) for row in op.get_bind().execute(sa.select(results)).mappings()]
    for row in rows:
        way = json.dumps([row[name] for name in columns], ensure_ascii=True)
        row['id'] = hashlib.sha256(way.encode()).hexdigest()[:40]
    if rows:
        op.get_bind().execute(lineages.insert(), rows)


def downgrade() -> None:
    op.drop_index(op.f('ix_lineages_versions'), table_name='lineages')
    op.drop_table('lineages')
    op.drop_index(op.f('ix_decisions_applied_dead_letter'), table_name='decisions_applied')
    op.drop_table('decisions_applied')
    op.drop_index(op.f('ix_dead_letters_status_last_at'), table_name='dead_letters')
    op.drop_index(op.f('ix_dead_letters_object'), table_name='dead_letters')
    op.drop_table('dead_letters')
    op.drop_table('turns')
    op.drop_index(op.f('ix_outbox_scheduled_lane_department_due'), table_name='outbox')
    op.drop_index(op.f('ix_outbox_waiting'), table_name='outbox')
    op.drop_index(op.f('ix_outbox_scheduled_due'), table_name='outbox')
    op.drop_index(op.f('ix_outbox_object'), table_name='outbox')
    op.drop_table('outbox')
    op.drop_table('steps')
    op.drop_index(op.f('ix_ledger_since_object'), table_name='ledger')
    op.drop_index(op.f('ix_ledger_settled_at'), table_name='ledger')
    op.drop_index(op.f('ix_ledger_place_lane_stage'), table_name='ledger')
    op.drop_index(op.f('ix_ledger_outcome'), table_name='ledger')
    op.drop_index(op.f('ix_ledger_name'), table_name='ledger')
    op.drop_index(op.f('ix_ledger_key'), table_name='ledger')
    op.drop_index(op.f('ix_ledger_document'), table_name='ledger')
    op.drop_table('ledger')
