"""Which of several stores dispatches and sweeps: the one that holds an advisory lock of the database.

The lock ends with its connection, so a store that was killed gives the lead away at once, and one that lost the database does not lead.
"""

from __future__ import annotations

import contextlib
from threading import Lock
from typing import Final

from sqlalchemy import Connection, Engine, text

from services.store.adapters.engine import place_of, typed_errors
from services.store.domain.errors import StoreUnavailable

_LOCK: Final = 0x7469656F_6C656164  # "tieolead"


class DatabaseLeadership:
    """A `Leadership` (services/store/ports.py) among all stores on one database. Safe to use from several threads.

    SQLite is one person's: its store always leads. A store whose connection broke may for a moment believe that it still leads while another
    one does already, as one that was stopped and goes on: what both send, consumers know as repeats.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None
        self._guard = Lock()

    def lead(self) -> bool:
        """Whether this one leads: takes the lead where nobody has it, and makes sure that it still has it.

        Raises StoreUnavailable, and then it does not lead.
        """
        if self._engine.dialect.name != "postgresql":
            return True
        with self._guard:
            try:
                with typed_errors(place_of(self._engine)):
                    return self._confirmed(self._connection) if self._connection is not None else self._taken()
            except StoreUnavailable:
                self._drop()
                raise

    def close(self) -> None:
        """Leaves the lead to others."""
        with self._guard:
            self._drop()

    def _confirmed(self, connection: Connection) -> bool:
        """The lock is the connection's: one that answers still has it."""
        connection.execute(text("SELECT 1"))
        return True

    def _taken(self) -> bool:
        # Without a transaction: one that stays open for days would keep the database from cleaning up.
        connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        won = False
        try:
            won = bool(connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": _LOCK}).scalar())
        finally:
            if not won:
                connection.close()
        self._connection = connection if won else None
        return won

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            # Back in the pool the session would live on, and keep the lock.
            with contextlib.suppress(Exception):
                connection.invalidate()
            with contextlib.suppress(Exception):
                connection.close()
