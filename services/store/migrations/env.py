"""Alembic's entry: runs the migrations on the connection, and in the transaction, of the caller (services/store/adapters/engine.py)."""

from alembic import context

from services.store.adapters.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=True)
context.run_migrations()
