"""A database of the first release gets the ledger, and keeps what it has."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import inspect

from services.store.adapters import engine
from services.store.adapters.database import open_database
from services.store.adapters.sql_store import open_store
from tests.unit.store.ledger_story import T0, finished, found
from tests.unit.store.store_documents import document_id, result, submission, versions


def test_a_database_of_the_first_schema_is_brought_up_and_its_results_can_be_called_back(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'old.sqlite'}"
    old, new = versions("0.1.0"), versions("0.2.0")
    with open_store(url, clock=lambda: T0) as store:
        store.submit(submission(), document_id("A"), 1001, T0)
        result("A", of=old).store_in(store)
        digest = store.digest()
        with engine.writing(store._engine) as connection:
            config = Config()
            config.set_main_option("script_location", str(engine._MIGRATIONS))
            config.attributes["connection"] = connection
            command.downgrade(config, "0001")
        assert not {"ledger", "steps", "outbox", "lineages"} & set(inspect(store._engine).get_table_names())
    with open_database(url) as database:
        assert database.store.digest() == digest
        result("A", of=new).store_in(database.store)
        assert [way.versions for _, way in database.store.adoptable(old)] == [old]
        result("A", of=old).store_in(database.store)
        assert len(database.store.adoptable(old)) == 1, "delivered again it is the same way"
        finished(database.ledger, found())
        assert database.ledger.row(found().object)[0].outcome == "stored"
