"""The ledger on a real PostgreSQL: the same suite as SQLite, and what only a server with several writers can show."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable

import pytest
from sqlalchemy import create_engine, make_url, text

from services.store.adapters import sql_decisions
from services.store.adapters.database import open_database
from services.store.adapters.engine import writing
from services.store.adapters.ledger_schema import ledger as ledger_table
from services.store.adapters.postgres_lead import PostgresLead
from services.store.adapters.schema import metadata
from services.store.adapters.sql_ledger import open_ledger
from services.store.domain.positions import position
from tests.contract.test_ledger_contract import LedgerContract
from tests.stack.test_store_postgres import server  # noqa: F401 - a fixture
from tests.unit.store.ledger_story import T0, WAY, after, dead_letter, decision, dispatch, finished, found, step

pytestmark = pytest.mark.stack

NewUrl = Callable[[], str]


@pytest.fixture(scope="module")
def databases(server: str) -> list[str]:  # noqa: F811
    """Two migrated databases, made once: emptying one takes a tenth of the time of making it."""
    engine = create_engine(make_url(server).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    urls = []
    for name in ("ledger_1", "ledger_2"):
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        urls.append(engine.url.set(drivername="postgresql", database=name).render_as_string(hide_password=False))
        open_ledger(urls[-1]).close()
    engine.dispose()
    return urls


@pytest.fixture
def new_url(databases: list[str]) -> NewUrl:
    """Gives empty ledgers."""
    left = iter(databases)
    tables = ", ".join(f'"{table.name}"' for table in metadata.sorted_tables)

    def make() -> str:
        url = next(left)
        with open_ledger(url) as ledger, ledger._engine.begin() as connection:
            connection.execute(text(f"TRUNCATE {tables}"))
        return url

    return make


class TestPostgresLedger(LedgerContract):
    """The whole suite."""


def together(work: Iterable[Callable[[], object]]) -> list[BaseException]:
    """Runs everything at the same time; what went wrong."""
    problems: list[BaseException] = []

    def run(each: Callable[[], object]) -> None:
        try:
            each()
        except BaseException as problem:
            problems.append(problem)

    threads = [threading.Thread(target=run, args=(each,)) for each in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return problems


def test_an_object_that_several_stores_note_at_once_is_noted_once(new_url: NewUrl) -> None:
    with open_ledger(new_url()) as ledger:
        new: list[bool] = []
        assert together([lambda: new.append(ledger.note_object(found(), T0))] * 8) == []
        assert sorted(new) == [False] * 7 + [True]
        assert len(ledger.take(after(1), 8, 100)) == 1


@pytest.mark.parametrize("attempt", range(5))
def test_steps_told_by_several_stores_at_once_are_all_counted(new_url: NewUrl, attempt: int) -> None:
    """The object is noted and its steps are told at the same moment: whoever comes last sees what the others wrote."""
    with open_ledger(new_url()) as ledger:
        objects = [found(f"{number}.pdf") for number in range(4)]

        def note(each: object) -> Callable[[], object]:
            return lambda: ledger.note_object(each, T0)  # type: ignore[arg-type]

        def tell(each: object, kind: str, seconds: int) -> Callable[[], object]:
            return lambda: ledger.note_step(step(each, kind, seconds))  # type: ignore[arg-type]

        work = [tell(each, kind, seconds) for each in objects for seconds, kind in enumerate(WAY, 2)]
        assert together(work[: attempt * 2] + [note(each) for each in objects] + work[attempt * 2 :]) == []
        for each in objects:
            (row,) = ledger.row(each.object)
            now = position(ledger.trail(each.object))
            assert (row.outcome, row.stage, row.under_way) == ("stored", "validate", False)
            assert (row.outcome, row.stage, row.progressed_at) == (now.outcome, now.stage, now.progressed_at)


def test_several_stores_that_mark_the_same_events_do_not_wait_for_each_other_for_ever(new_url: NewUrl) -> None:
    url = new_url()
    with open_ledger(url) as one, open_ledger(url) as other:
        for number in range(30):
            one.note_object(found(f"{number}.pdf", f"d{number % 3}"), after(number))
        ids = [event.id for event in one.take(after(60), 100, 100)]
        assert together([lambda: one.sent(ids, after(61)), lambda: other.sent(ids[::-1], after(61))]) == []
        assert one.take(after(62), 200, 100) == []
        assert one.standing(after(62)).at_stage == {"extract": 30}


def test_marking_what_was_sent_and_starting_again_do_not_wait_for_each_other_for_ever(new_url: NewUrl) -> None:
    url = new_url()
    with open_ledger(url) as one, open_ledger(url) as other:
        objects = [found(f"{number}.pdf") for number in range(25)]
        for each in objects:
            one.note_object(each, T0)

        def mark() -> None:
            for second in range(10):
                ids = [event.id for event in one.take(after(100 + second), 100, 100)]
                one.sent(ids, after(100 + second))

        def start_again() -> None:
            for second in range(4):
                for each in objects:
                    other.restart(each.object, after(50 + second))

        assert together([mark, start_again]) == []


def test_a_decision_that_several_stores_carry_out_at_once_is_carried_out_once(new_url: NewUrl) -> None:
    with open_ledger(new_url()) as ledger:
        finished(ledger, found())
        done: list[bool] = []
        assert together([lambda: done.append(ledger.apply(decision("d1", "reprocess"), after(100)))] * 4) == []
        assert sorted(done) == [False, False, False, True]
        assert len(dispatch(ledger, 101)) == 1


def test_one_store_leads_and_another_follows_when_it_leaves_or_dies(new_url: NewUrl) -> None:
    url = new_url()
    with open_database(url) as first, open_database(url) as second:
        one, other = PostgresLead(first.ledger._engine), PostgresLead(second.ledger._engine)
        assert one.lead()
        assert one.lead()
        assert not other.lead()
        one.close()
        assert other.lead()
        assert not one.lead()
        with first.ledger._engine.connect() as connection:
            connection.execute(text("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted"))
        assert one.lead(), "the lock went with the connection"
        with pytest.raises(Exception, match="database"):
            other.lead()
        assert not other.lead()
        one.close()
        other.close()


def test_a_decision_and_its_dead_letter_at_the_same_time_meet(new_url: NewUrl) -> None:
    """As after a restore: the sweep carries the decision out while the dead letter is kept anew."""
    with open_ledger(new_url()) as ledger:
        letter = dead_letter(None)
        keeping = threading.Thread(target=ledger.note_dead_letter, args=(letter,))
        with writing(ledger._engine) as connection:
            sql_decisions.apply(connection, decision("d1", "discard", dead_letter=letter.id), after(50))
            keeping.start()
            keeping.join(0.5)  # it waits for the decision
        keeping.join(20)
        assert [each.status for each in ledger.dead_letters(status=None)] == ["discarded"]


def test_a_reprocess_of_more_objects_than_a_server_has_locks_for(new_url: NewUrl) -> None:
    """PostgreSQL keeps some 6,400 locks in memory by default; rows that are locked are not among them."""
    with open_ledger(new_url()) as ledger:
        many = [found(f"{number}.pdf", f"d{number % 7}") for number in range(3)]
        for number, each in enumerate(many):
            finished(ledger, each, number * 10, document=f"sha256:{number:064x}")
        with ledger._engine.begin() as connection:
            names = [column.name for column in ledger_table.columns]
            values = ["'obj:' || n" if name == "object" else "'sha256:' || n" if name == "document" else name for name in names]
            copies = f"INSERT INTO ledger ({', '.join(names)}) SELECT {', '.join(values)} FROM ledger, generate_series(1, 8000) n"
            connection.execute(text(f"{copies} WHERE object = :one"), {"one": many[0].object})
        assert ledger.apply(decision("d1", "reprocess"), after(100))
        assert ledger.standing(after(101)).outbox == 8003
