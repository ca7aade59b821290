"""Failures of the database in the store's words: what passes is never the fault of what was being stored."""

from __future__ import annotations

import pytest
from psycopg import errors
from sqlalchemy.exc import InternalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as NoConnectionError

from services.store.adapters.engine import typed_errors
from services.store.domain.errors import StoreUnavailable


@pytest.mark.parametrize(
    "problem",
    [
        InternalError("INSERT", {}, errors.ReadOnlySqlTransaction("cannot execute INSERT in a read-only transaction")),
        ProgrammingError("INSERT", {}, errors.InsufficientPrivilege("permission denied for table ledger")),
        NoConnectionError("QueuePool limit of size 5 overflow 13 reached"),
    ],
    ids=["read only", "no right", "no connection free"],
)
def test_a_server_that_refuses_for_now_is_unavailable(problem: Exception) -> None:
    with pytest.raises(StoreUnavailable), typed_errors("postgresql://db"):
        raise problem


def test_a_defect_of_ours_passes_unchanged() -> None:
    with pytest.raises(ProgrammingError), typed_errors("postgresql://db"):
        raise ProgrammingError("SELEC", {}, errors.SyntaxError("syntax error"))
