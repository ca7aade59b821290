"""What only the embedded database can show: kills, full disks, damaged files, its schema, orders of delivery by the hundred."""

from __future__ import annotations

import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, event

from services.store.adapters import schema
from services.store.adapters.engine import _MIGRATIONS
from services.store.adapters.sql_store import SqlStore, open_store
from services.store.domain.errors import DiskFull, StoreUnavailable
from tests.contract.test_store_contract import delivered, deliveries, rows
from tests.unit.store.store_documents import T0, VERSIONS, document_id, fact, result, versions


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'store.sqlite'}"


@pytest.fixture(scope="module")
def from_empty(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], SqlStore]:
    """Opens a copy of an empty database, faster than making one."""
    folder = tmp_path_factory.mktemp("stores")
    open_store(f"sqlite:///{folder / 'empty'}").close()
    numbers = iter(range(10**6))

    def opened() -> SqlStore:
        copy = folder / str(next(numbers))
        shutil.copy(folder / "empty", copy)
        return open_store(f"sqlite:///{copy}", clock=lambda: T0)

    return opened


ORDERS = st.permutations(range(len(deliveries()))).flatmap(
    lambda order: st.lists(st.sampled_from(order), max_size=6).map(lambda again: [*order, *again])
)


@pytest.mark.parametrize("activated", [None, "0.1.0", "0.2.0"])
def test_every_order_and_repetition_of_deliveries_leaves_the_same_rows(activated: str | None, from_empty: Callable[[], SqlStore]) -> None:
    def outcome(order: list[int]) -> object:
        work = deliveries()
        with from_empty() as store:
            if activated:
                store.activate(versions(activated))
            return delivered(store, [work[index] for index in order]), store.digest(), store.documents(), store.filings()

    expected = outcome(list(range(len(deliveries()))))

    @settings(max_examples=25, deadline=None, database=None)
    @given(order=ORDERS)
    def holds(order: list[int]) -> None:
        assert outcome(order) == expected

    holds()


_KILLED = """
import os, sys
from services.store.adapters import sql_writes
from services.store.adapters.sql_store import open_store
from tests.unit.store.store_documents import result
sql_writes.settle = lambda *_: os.kill(os.getpid(), 9)
result("B").store_in(open_store(sys.argv[1]))
"""


def test_a_process_killed_in_the_middle_of_a_result_leaves_nothing_of_it(url: str) -> None:
    with open_store(url) as store:
        result("A").store_in(store)
        before = rows(store)
    done = subprocess.run([sys.executable, "-c", _KILLED, url], check=False, env={"PYTHONPATH": ":".join(sys.path)}, timeout=60)
    assert done.returncode == -9
    with open_store(url) as store:
        assert rows(store) == before
        result("B").store_in(store)
        assert len(store.documents()) == 2


def test_a_full_disk_is_said_and_leaves_nothing_half_stored(url: str) -> None:
    with open_store(url) as store:
        result("A").store_in(store)
        before = rows(store)
        pages = sqlite3.connect(url.removeprefix("sqlite:///")).execute("PRAGMA page_count").fetchone()[0]
        store._engine.dispose()
        event.listen(store._engine, "connect", lambda connection, _: connection.execute(f"PRAGMA max_page_count = {pages + 2}"))
        with pytest.raises(DiskFull) as problem:
            result("B", facts=tuple(fact(f"t1/{row}/1", "1.00") for row in range(2000))).store_in(store)
        assert "store.sqlite" in problem.value.message.zh
        assert rows(store) == before


@pytest.mark.parametrize(
    ("make", "url"),
    [
        (lambda path: path.write_bytes(b"no database" * 100), "sqlite:///{}"),
        (lambda path: path.mkdir(), "sqlite:///{}"),
        (lambda path: None, "sqlite:///{}/no/such/folder"),
        (lambda path: None, "mysql://host/name"),
        (lambda path: None, "nonsense"),
    ],
)
def test_a_database_that_cannot_be_opened_is_said_in_both_languages(make: Callable[[Path], object], url: str, tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    make(path)
    with pytest.raises(StoreUnavailable) as problem:
        open_store(url.format(path))
    assert problem.value.message.zh
    assert problem.value.message.en
    assert "\n" not in problem.value.message.en


def test_a_database_in_use_for_too_long_is_said(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.store.adapters.engine._BUSY_SECONDS", 0.05)
    with open_store(url) as store:
        other = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailable, match="locked"):
            result("A").store_in(store)
        assert store.documents() == [], "readers go on"
        other.execute("ROLLBACK")
        other.close()


def test_the_database_is_durable_and_keeps_its_references(url: str) -> None:
    with open_store(url) as store, store._engine.connect() as connection:
        settings_of = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "foreign_keys", "synchronous")
        }
    assert settings_of == {"journal_mode": "wal", "foreign_keys": 1, "synchronous": 2}


def test_the_migrations_write_the_schema_of_the_code_to_the_letter(url: str) -> None:
    def definitions(connection: sqlite3.Connection) -> dict[str, list[str]]:
        query = "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name != 'alembic_version'"
        # By parts, in any order: a column that a later migration adds stands behind the constraints.
        return {name: sorted(re.split(r"\s*[(),]\s*", " ".join(sql.split()))) for name, sql in connection.execute(query)}

    open_store(url).close()
    other = url + ".models"
    schema.metadata.create_all(create_engine(other))
    migrated, declared = (definitions(sqlite3.connect(each.removeprefix("sqlite:///"))) for each in (url, other))
    assert migrated == declared
    assert " ".join(migrated["facts"]).count("WITHOUT ROWID") == 1


def test_the_newest_migration_is_the_one_that_the_code_expects() -> None:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_heads() == [schema.HEAD]


def test_a_migration_that_fails_leaves_no_half_made_schema(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from alembic import op

    made: list[object] = []

    def breaks(*arguments: object, **_: object) -> None:
        made.append(arguments)
        if len(made) == 3:
            raise RuntimeError("power cut")

    monkeypatch.setattr(op, "create_index", breaks)
    with pytest.raises(RuntimeError, match="power cut"):
        open_store(url)
    assert sqlite3.connect(url.removeprefix("sqlite:///")).execute("SELECT name FROM sqlite_master").fetchall() == []
    monkeypatch.undo()
    open_store(url).close()


@pytest.mark.parametrize("given", [{}, {"extract": "1"}, {**VERSIONS, "extractor": "1"}])
def test_stages_that_are_missing_or_misspelt_are_an_error(given: dict[str, str], url: str) -> None:
    with open_store(url) as store, pytest.raises(ValueError, match="stage"):
        store.known(document_id("A"), given)  # type: ignore[arg-type]


def test_a_lookup_by_document_uses_an_index_in_every_table(url: str) -> None:
    open_store(url).close()
    connection = sqlite3.connect(url.removeprefix("sqlite:///"))
    for table in ("submissions", "stage_runs", "results", "tables", "forms", "facts", "checks", "findings", "rejections"):
        plan = connection.execute(f"EXPLAIN QUERY PLAN SELECT * FROM {table} WHERE document_id = 'x'").fetchall()
        assert all("SEARCH" in row[3] for row in plan), (table, plan)
    for table in ("results", "revisions", "filing_parts"):
        plan = connection.execute(f"EXPLAIN QUERY PLAN SELECT * FROM {table} WHERE filing_id = 'x' AND part = 'y'").fetchall()
        assert all("SEARCH" in row[3] for row in plan), (table, plan)
