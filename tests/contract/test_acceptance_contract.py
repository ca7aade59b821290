"""Accepted findings, on every database: the last decision counts, it stays with the finding's id, and no result knows of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import permutations
from pathlib import Path

import pytest

from services.store.adapters.sql_store import SqlStore, open_store
from services.store.domain.views import Acceptance
from shared.contracts.events import Decision, DecisionKind
from tests.unit.store.store_documents import T0, result, versions


def decision(kind: DecisionKind, finding: str, minute: int, why: str = "省厅批复口径", by: str = "李四") -> Decision:
    """A decision of some minute of a morning."""
    at = f"2026-03-02T08:{minute:02}:00.000000Z"
    return Decision(id=f"decision:{kind}{finding}{minute}", kind=kind, by=by, at=at, why=why, finding=finding)


class AcceptanceContract:
    """The suite. A subclass gives the fixture `new_url`: a function that makes an empty database and returns its URL."""

    @pytest.fixture
    def store(self, new_url: Callable[[], str]) -> Iterator[SqlStore]:
        with open_store(new_url(), clock=lambda: T0) as store:
            yield store

    @staticmethod
    def finding_of(store: SqlStore) -> str:
        (only,) = store.findings()
        return only.id

    def test_an_accepted_finding_is_still_there_with_who_when_and_why(self, store: SqlStore) -> None:
        given = result("A")
        given.store_in(store)
        identifier = self.finding_of(store)
        assert store.findings()[0].accepted is None
        assert store.decide(decision("accept", identifier, 1))
        expected = Acceptance(finding=identifier, by="李四", at="2026-03-02T08:01:00.000000Z", why="省厅批复口径")
        assert [view.accepted for view in store.findings()] == [expected]
        found = store.finding(identifier)
        assert found is not None
        assert found.accepted == expected
        assert store.accepted() == [expected]
        view = store.document(given.id)
        assert view is not None
        assert (view.accepted, view.verdict, view.findings["error"]) == (1, "inconsistent", 1)

    def test_it_stays_through_a_new_version_of_the_stages(self, store: SqlStore) -> None:
        store.activate(versions("0.1.0"))
        result("A", of=versions("0.1.0")).store_in(store)
        store.decide(decision("accept", self.finding_of(store), 1))
        store.activate(versions("0.2.0"))
        result("A", of=versions("0.2.0"), region="白湖市").store_in(store)
        (found,) = store.findings()
        assert (found.region, found.accepted is not None) == ("白湖市", True)

    def test_a_decision_may_come_before_the_result_as_after_a_restore(self, store: SqlStore, new_url: Callable[[], str]) -> None:
        with open_store(new_url()) as other:
            result("A").store_in(other)
            identifier = self.finding_of(other)
        store.decide(decision("accept", identifier, 1))
        assert [each.finding for each in store.accepted()] == [identifier]
        result("A").store_in(store)
        assert store.findings()[0].accepted is not None

    def test_the_last_decision_counts_in_whatever_order_they_come_and_however_often(self, new_url: Callable[[], str]) -> None:
        made = [decision("accept", "f-1", 1), decision("withdraw", "f-1", 2, ""), decision("accept", "f-1", 3, "复核后认可", "王五")]
        for order in permutations(made):
            with open_store(new_url()) as store:
                done = [store.decide(each) for each in (*order, *order)]
                assert done == [True] * 3 + [False] * 3
                assert [(each.by, each.why) for each in store.accepted()] == [("王五", "复核后认可")]

    def test_what_was_taken_back_is_open_again(self, store: SqlStore) -> None:
        result("A").store_in(store)
        identifier = self.finding_of(store)
        store.decide(decision("accept", identifier, 1))
        store.decide(decision("withdraw", identifier, 2, ""))
        view = store.document(result("A").id)
        assert view is not None
        assert (store.accepted(), store.findings()[0].accepted, view.accepted) == ([], None, 0)

    def test_the_digest_is_that_of_the_results_whatever_was_accepted(self, store: SqlStore) -> None:
        result("A").store_in(store)
        before = store.digest()
        store.decide(decision("accept", self.finding_of(store), 1))
        assert store.digest() == before

    def test_other_decisions_are_not_the_stores_to_carry_out_here(self, store: SqlStore) -> None:
        with pytest.raises(ValueError, match="discard"):
            store.decide(decision("discard", "f-1", 1))


class TestSqliteAcceptances(AcceptanceContract):
    """SQLite in a file."""

    @pytest.fixture
    def new_url(self, tmp_path: Path) -> Callable[[], str]:
        numbers = iter(range(100))
        return lambda: f"sqlite:///{tmp_path / f'{next(numbers)}.sqlite'}"
