"""Which of several stores dispatches and sweeps: an advisory lock of PostgreSQL, held by a connection of its own.

The lock ends with its connection, so a store that was killed gives the lead away at once, and one that lost the database does not lead.
A store that was stopped (SIGSTOP) and goes on may send what another one sent meanwhile: consumers know repeats by the event's id.
"""

from __future__ import annotations

import contextlib
import threading
from typing import Final

from sqlalchemy import Connection, Engine, text

from services.store.adapters.engine import place_of, typed_errors
from services.store.domain.errors import StoreUnavailable

LOCK: Final = 0x7469656F_6C656164
""" "tieolead" """


class PostgresLead:
    """A `Leadership` (services/store/ports.py) among all stores on one database. Safe to use from several threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None
        self._lock = threading.Lock()

    def lead(self) -> bool:
        """Whether this store leads. Raises StoreUnavailable, and then it does not."""
        with self._lock:
            try:
                with typed_errors(place_of(self._engine)):
                    return self._confirmed() if self._connection is not None else self._taken()
            except StoreUnavailable:
                self._drop()
                raise

    def close(self) -> None:
        """Leaves the lead to others."""
        with self._lock:
            self._drop()

    def _taken(self) -> bool:
        # Without a transaction: one that stays open for days would keep the database from cleaning up.
        connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        won = False
        try:
            won = bool(connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": LOCK}).scalar())
        finally:
            if not won:
                connection.close()
        self._connection = connection if won else None
        return won

    def _confirmed(self) -> bool:
        """The lock is the connection's: one that answers still has it."""
        assert self._connection is not None
        self._connection.execute(text("SELECT 1"))
        return True

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            # Back in the pool it would keep the lock.
            with contextlib.suppress(Exception):
                connection.invalidate()
            with contextlib.suppress(Exception):
                connection.close()


class AloneLead:
    """The lead where there is only one store: on SQLite, and in tests."""

    def lead(self) -> bool:
        """Always."""
        return True

    def close(self) -> None:
        """Nothing to leave."""
