"""One database with everything that the store keeps in it: results and the ledger, on one engine."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from types import TracebackType

from services.store.adapters.engine import open_engine
from services.store.adapters.sql_ledger import SqlLedger
from services.store.adapters.sql_store import SqlStore


def _now() -> datetime:
    return datetime.now(UTC)


def open_database(url: str, clock: Callable[[], datetime] = _now) -> Database:
    """Opens, and where needed makes or migrates, the database at `sqlite:///PATH` or `postgresql://…`.

    Raises: StoreUnavailable: it cannot be opened, or a newer release wrote it. DiskFull.
    """
    engine = open_engine(url)
    return Database(SqlStore(engine, clock), SqlLedger(engine))


class Database:
    """An open database: its store and its ledger, each for use from several threads."""

    def __init__(self, store: SqlStore, ledger: SqlLedger) -> None:
        self.store = store
        self.ledger = ledger

    def __enter__(self) -> Database:
        return self

    def __exit__(self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Gives the database back."""
        self.store.close()
