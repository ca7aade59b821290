"""What every database under the store has to do with filings: their state, their results, and what becomes of both; on PostgreSQL in tests/stack."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import pytest
from filing_documents import budget_2024, by_year, claim, named, sum_of
from validator_documents import Block, Line, Paper, function, total

from services.store.adapters.sql_store import SqlStore, open_store
from services.store.domain.errors import Ambiguous
from services.store.domain.identity import Stage
from services.store.domain.views import Filter
from services.validator.adapters.rules_files import load_rules
from services.validator.domain.validate import validate
from services.validator.handlers import reconcile_filing
from shared.canonical import canonical_json, digest
from shared.contracts.extracted import DocumentInfo
from shared.contracts.filing import Filing, FilingChanged, Member
from shared.contracts.normalized import Normalized
from shared.filings import info_of
from tests.contract.test_store_contract import rows
from tests.unit.store.store_documents import T0, VERSIONS, finished, submission

INCOME = Paper(
    "t1", "income_expenditure_summary", [Block("income", ("金额=amount",), (total("90.00", line="income_total"),))], title="收支总表"
)
LAST_YEARS = by_year(sum_of("90.00", "95.00"), function("208", "62.00", "65.00"))

NARRATIVE = named("narrative", claims=[claim("2025年度收入总计", "91.23")], part="narrative")
CORRECTED = named("narrative, corrected", claims=[claim("2025年度收入总计", "90.00")], part="narrative")
TABLES = named("tables", INCOME, LAST_YEARS, part="tables")
LAST_YEAR = budget_2024()
FILING = info_of(TABLES.document)


def reception(name: str, heads: tuple[str, ...], *amounts: str, **about: Any) -> Normalized:
    line = Line("公务接待费", amounts, line="three_public.reception")
    return named(
        name, Paper("t9", "three_public", [Block("three_public", heads, [line])], title="三公经费表"), part="tables", year=2030, **about
    )


BUDGET = reception("budget", ("金额=amount",), "4.50", kind="budget")
BUDGET_AGAIN = reception("budget, corrected", ("金额=amount",), "4.00", kind="budget")
ACCOUNTS = reception("accounts", ("年初预算数=budget", "决算数=final"), "4.00", "3.00", kind="final_accounts")


def versions(validator: str) -> dict[Stage, str]:
    return {**VERSIONS, "normalize": "test", "validate": validator}


@dataclass
class Embedding:
    """A store with the artifacts of its documents, as the shell has both."""

    store: SqlStore
    artifacts: dict[str, Normalized] = field(default_factory=dict)

    def put(self, document: Normalized, modified: str = "2026-01-01T00:00:00Z", validator: str | None = None) -> None:
        """A document arrives and is stored."""
        validated = validate(document, load_rules())
        if validator is not None:
            validated = msgspec.structs.replace(validated, producer=msgspec.structs.replace(validated.producer, version=validator))
        info = DocumentInfo(id=document.document.id, bytes=100, pages=9)
        result = finished(info, document, validated)
        self.artifacts[result.artifacts["normalize"]] = document
        self.store.submit(submission(f"{document.document.part}.pdf", modified), info.id, 100, T0)
        result.store_in(self.store)

    def normalized(self, member: Member) -> Normalized:
        return self.artifacts[member.digest]

    def reconciled(self, state: FilingChanged, validator: str | None = None) -> Filing:
        filing = reconcile_filing(state, self.normalized, load_rules())
        assert filing is not None
        if validator is not None:
            filing = msgspec.structs.replace(filing, producer=msgspec.structs.replace(filing.producer, version=validator))
        return filing

    def reconcile_all(self) -> list[Filing]:
        """What the embedded run does after storing: reconciles whatever has no result."""
        made = [self.reconciled(state) for state in self.store.unreconciled_filings()]
        for filing in made:
            self.store.store_filing(filing, digest(canonical_json(filing)))
        return made


def store_filing(store: SqlStore, filing: Filing) -> bool:
    return store.store_filing(filing, digest(canonical_json(filing)))


class FilingStoreContract:
    """The suite. A subclass gives the fixture `new_url`: a function that makes an empty database and returns its URL."""

    @pytest.fixture
    def shell(self, new_url: Callable[[], str]) -> Any:
        with open_store(new_url(), clock=lambda: T0) as store:
            yield Embedding(store)

    # -- state -----------------------------------------------------------------------------------------------------------------------

    def test_the_state_is_the_current_document_of_each_part_and_last_years(self, shell: Embedding) -> None:
        assert FILING is not None
        assert shell.store.filing_state(FILING.id) is None
        shell.put(TABLES)
        shell.put(NARRATIVE, "2026-01-01T00:00:00Z")
        shell.put(CORRECTED, "2026-01-02T00:00:00Z")
        state = shell.store.filing_state(FILING.id)
        assert state is not None
        assert (state.filing, state.previous) == (FILING, None)
        assert [(member.part, member.document) for member in state.members] == [
            ("narrative", CORRECTED.document.id),
            ("tables", TABLES.document.id),
        ]
        assert state.members[1].digest == digest(canonical_json(TABLES))
        assert state.members[1].version == TABLES.producer.version
        shell.put(LAST_YEAR)
        state = shell.store.filing_state(FILING.id)
        assert state is not None
        assert state.previous is not None
        assert [member.document for member in state.previous.members] == [LAST_YEAR.document.id]
        assert state.previous.filing == info_of(LAST_YEAR.document)

    def test_a_stored_document_touches_its_filing_and_next_years(self, shell: Embedding) -> None:
        before, now = info_of(LAST_YEAR.document), FILING
        assert before is not None
        assert now is not None
        shell.put(LAST_YEAR)
        assert shell.store.changed_filings(LAST_YEAR.document.id) == [before.id]
        shell.put(TABLES)
        assert shell.store.changed_filings(TABLES.document.id) == [now.id]
        assert shell.store.changed_filings(LAST_YEAR.document.id) == sorted([before.id, now.id])
        assert shell.store.changed_filings("sha256:none") == []

    # -- what has to be done -----------------------------------------------------------------------------------------------------------

    def test_a_filing_of_one_document_waits_for_nothing(self, shell: Embedding) -> None:
        shell.put(NARRATIVE)
        assert shell.store.unreconciled_filings() == []
        shell.put(TABLES)
        assert [len(state.members) for state in shell.store.unreconciled_filings()] == [2]
        shell.reconcile_all()
        assert shell.store.unreconciled_filings() == []

    def test_a_filing_is_due_again_when_another_validator_counts(self, shell: Embedding) -> None:
        shell.put(NARRATIVE)
        shell.put(TABLES)
        (made,) = shell.reconcile_all()
        shell.store.activate({"validate": made.producer.version})
        assert shell.store.unreconciled_filings() == []
        shell.store.activate({"validate": "0.9.0"})
        assert len(shell.store.unreconciled_filings()) == 1
        assert shell.store.filing_result(made.filing.id) is not None, "the old result stays until there is a new one"

    # -- results -----------------------------------------------------------------------------------------------------------------------

    def test_a_result_comes_back_as_it_was_stored(self, shell: Embedding) -> None:
        for document in (NARRATIVE, TABLES, LAST_YEAR):
            shell.put(document)
        (made,) = shell.reconcile_all()
        found = shell.store.filing_result(made.filing.id)
        assert found is not None
        assert made.previous is not None
        assert (found.filing, found.members, found.previous) == (made.filing, made.members, made.previous.members)
        assert (found.verdict, found.counts, found.coverage) == (made.verdict, made.counts, made.coverage)
        assert (found.findings, found.version) == ({"error": 0, "warning": 2, "info": 0}, made.producer.version)
        assert found.artifact == digest(canonical_json(made))
        checks = [check for document in (NARRATIVE, TABLES) for _, check in shell.store.filing_checks(document.document.id)]
        assert checks == list(made.checks)
        assert shell.store.filing_result(made.filing.id[:20]) == found
        assert shell.store.filing_result(made.filing.id.removeprefix("filing:")[:8].upper()) == found
        assert shell.store.filing_result("%") is None
        assert shell.store.filing_result("filing:ffffff") is None

    def test_storing_a_result_twice_changes_nothing(self, shell: Embedding) -> None:
        shell.put(NARRATIVE)
        shell.put(TABLES)
        (made,) = shell.reconcile_all()
        before = rows(shell.store)
        assert store_filing(shell.store, made)
        assert rows(shell.store) == before

    def test_a_result_over_other_members_than_the_present_ones_is_not_taken(self, shell: Embedding) -> None:
        shell.put(NARRATIVE)
        shell.put(TABLES)
        (late,) = [shell.reconciled(state) for state in shell.store.unreconciled_filings()]
        shell.put(CORRECTED, "2026-01-02T00:00:00Z")
        assert not store_filing(shell.store, late)
        assert shell.store.filing_result(late.filing.id) is None
        other = msgspec.structs.replace(late, filing=msgspec.structs.replace(late.filing, id="filing:none"))
        assert not store_filing(shell.store, other)

    def test_a_superseded_member_takes_the_result_along_and_the_filing_is_due(self, shell: Embedding) -> None:
        shell.put(NARRATIVE)
        shell.put(TABLES)
        shell.reconcile_all()
        assert [view.code for view in shell.store.findings() if view.filing] == ["claim.contradiction"]
        shell.put(CORRECTED, "2026-01-02T00:00:00Z")
        assert [view for view in shell.store.findings() if view.filing] == []
        (made,) = shell.reconcile_all()
        assert made.verdict == "consistent"
        shell.store.submit(submission("narrative.pdf", "2026-01-03T00:00:00Z"), NARRATIVE.document.id, 100, T0)
        assert len(shell.store.unreconciled_filings()) == 1, "the first one came back"

    def test_what_is_left_alone_has_no_result(self, shell: Embedding) -> None:
        shell.put(NARRATIVE)
        shell.put(TABLES)
        (made,) = shell.reconcile_all()
        shell.store.activate(versions("0.2.0"))
        moved = msgspec.structs.replace(NARRATIVE, document=msgspec.structs.replace(NARRATIVE.document, year=2023))
        shell.put(moved, validator="0.2.0")
        shell.store.activate({"validate": made.producer.version})
        assert shell.store.filing_result(made.filing.id) is None
        assert shell.store.unreconciled_filings() == []

    def test_last_years_filing_that_changes_takes_the_result_of_this_year_along(self, shell: Embedding) -> None:
        shell.put(LAST_YEAR)
        shell.put(TABLES)
        (made,) = shell.reconcile_all()
        assert [check.rule for check in made.checks] == ["filing.previous_year.budget"] * 2
        shell.put(budget_2024("2024, corrected"), "2026-02-01T00:00:00Z")
        assert shell.store.filing_result(made.filing.id) is None
        (state,) = shell.store.unreconciled_filings()
        assert state.filing == made.filing
        assert state.previous != made.previous

    def test_the_budget_of_final_accounts_takes_their_result_along_when_it_changes_or_goes(self, shell: Embedding) -> None:
        """The budget may come before the accounts or after them; the result always speaks of the present one."""
        shell.put(ACCOUNTS)
        assert shell.reconcile_all() == []
        shell.put(BUDGET)
        (made,) = shell.reconcile_all()
        assert [(check.rule, check.status) for check in made.checks] == [("filing.year_budget", "failed")]
        assert made.filing == info_of(ACCOUNTS.document)
        assert made.budget
        assert [each.document for each in made.budget.members] == [BUDGET.document.id]
        assert set(shell.store.changed_filings(BUDGET.document.id)) >= {made.filing.id}
        shell.put(BUDGET_AGAIN, "2026-02-01T00:00:00Z")
        assert shell.store.filing_result(made.filing.id) is None
        (again,) = shell.reconcile_all()
        assert [check.status for check in again.checks] == ["exact"]
        assert store_filing(shell.store, made) is False, "a result over the budget that was superseded is not taken"

    def test_the_activated_validators_result_stays(self, shell: Embedding) -> None:
        for document in (NARRATIVE, TABLES):
            shell.put(document)
        (state,) = shell.store.unreconciled_filings()
        old, new = shell.reconciled(state, "0.1.0"), shell.reconciled(state, "0.2.0")
        shell.store.activate({"validate": "0.1.0"})
        assert store_filing(shell.store, old)
        assert not store_filing(shell.store, new)
        shell.store.activate({"validate": "0.2.0"})
        assert store_filing(shell.store, new)
        assert not store_filing(shell.store, old)
        found = shell.store.filing_result(state.filing.id)
        assert found is not None
        assert found.version == "0.2.0"

    # -- asking ------------------------------------------------------------------------------------------------------------------------

    def test_findings_of_filings_stand_among_the_others(self, shell: Embedding) -> None:
        for document in (NARRATIVE, TABLES, LAST_YEAR):
            shell.put(document)
        (made,) = shell.reconcile_all()
        own = {view.code: view for view in shell.store.findings() if view.filing}
        assert set(own) == {"claim.contradiction", "previous_year.mismatch"}
        claimed, older = own["claim.contradiction"], own["previous_year.mismatch"]
        assert (claimed.document, claimed.document_name, claimed.filing) == (NARRATIVE.document.id, "narrative.pdf", made.filing.id)
        assert (older.document, older.entity, older.year, older.kind, older.current) == (TABLES.document.id, "某某局", 2025, "budget", True)
        assert (str(older.reported), str(older.computed), str(older.difference), older.unit) == ("62.00", "60.00", "2.00", "万元")
        assert older.evidence == next(finding for finding in made.findings if finding.id == older.id).evidence
        assert shell.store.finding(older.id[:12]) == older
        assert shell.store.findings(code="previous_year.mismatch") == [older]
        found = shell.store.findings(document=TABLES.document.id, severity="warning", year=2025, entity="某")
        assert [view for view in found if view.filing] == [older]
        for nothing in ({"year": 2024}, {"entity": "别的"}, {"severity": "error"}, {"document": LAST_YEAR.document.id}):
            assert [view for view in shell.store.findings(**nothing) if view.filing] == []  # type: ignore[arg-type]
        for only, expected in (
            (Filter(year=2025, region=None, kind="budget", current=True), 2),
            (Filter(year=2024), 0),
            (Filter(documents=(NARRATIVE.document.id,)), 1),
            (Filter(entity="某某", verdict=made.verdict), 2),
        ):
            assert len([view for view in shell.store.findings(only=only) if view.filing]) == expected, only

    def test_the_beginning_of_two_filings_is_ambiguous(self, shell: Embedding) -> None:
        for document in (NARRATIVE, TABLES):
            shell.put(document)
        shell.reconcile_all()
        with shell.store._engine.begin() as connection:
            for table in ("filings", "filing_results"):
                columns = ", ".join(column.name for column in _table(table).columns if column.name not in ("id", "filing_id"))
                key = "id" if table == "filings" else "filing_id"
                twin = f"INSERT INTO {table} ({key}, {columns}) SELECT substr({key}, 1, 20) || 'x', {columns} FROM {table}"
                connection.exec_driver_sql(twin)
        assert FILING is not None
        with pytest.raises(Ambiguous):
            shell.store.filing_result(FILING.id[:19])

    def test_the_digest_sees_a_finding_of_a_filing(self, shell: Embedding, new_url: Callable[[], str]) -> None:
        shell.put(NARRATIVE)
        shell.put(TABLES)
        before = shell.store.digest()
        shell.reconcile_all()
        after = shell.store.digest()
        assert after != before
        with open_store(new_url()) as other:
            twin = Embedding(other)
            twin.put(TABLES, "2026-03-03T00:00:00Z")
            twin.put(NARRATIVE)
            twin.reconcile_all()
            assert other.digest() == after

    # -- any order ---------------------------------------------------------------------------------------------------------------------

    def test_any_order_of_arrival_ends_in_the_same_filings(self, new_url: Callable[[], str]) -> None:
        """Results are also delivered late, twice and over members that are no longer there."""
        work = arrivals()
        shuffle = random.Random(11)
        expected = None
        for _ in range(6):
            order = [*work, *shuffle.sample(work, 3)]
            shuffle.shuffle(order)
            with open_store(new_url(), clock=lambda: T0) as store:
                outcome = arrived(store, order, shuffle)
            expected = expected or outcome
            assert outcome == expected


Arrival = Callable[[Embedding], None]


def arrivals() -> list[Arrival]:
    """Narrative and its correction, tables, last year's budget and its correction, each as an arrival of its own."""
    return [
        lambda shell: shell.put(NARRATIVE, "2026-01-01T00:00:00Z"),
        lambda shell: shell.put(CORRECTED, "2026-01-02T00:00:00Z"),
        lambda shell: shell.put(NARRATIVE, "2026-01-03T00:00:00Z"),
        lambda shell: shell.put(TABLES),
        lambda shell: shell.put(LAST_YEAR),
        lambda shell: shell.put(budget_2024("2024, corrected"), "2026-02-01T00:00:00Z"),
    ]


def arrived(store: SqlStore, order: Sequence[Arrival], chance: random.Random) -> tuple[object, ...]:
    """Stores documents in this order; results of filings come now and then, also those that were made before. Returns all that is left."""
    shell = Embedding(store)
    made: list[Filing] = []
    for arrival in order:
        arrival(shell)
        made += [shell.reconciled(state) for state in store.unreconciled_filings()]
        for filing in chance.sample(made, chance.randrange(len(made) + 1)):
            store_filing(store, filing)
    shell.reconcile_all()
    for filing in chance.sample(made, len(made)):
        store_filing(store, filing)
    assert store.unreconciled_filings() == []
    return rows(store), store.digest(), store.findings()


def _table(name: str) -> Any:
    from services.store.adapters import schema

    return schema.metadata.tables[name]


class TestSqliteFilings(FilingStoreContract):
    """The suite on SQLite."""

    @pytest.fixture
    def new_url(self, tmp_path: Path) -> Callable[[], str]:
        made = iter(range(100))
        return lambda: f"sqlite:///{tmp_path / f'store-{next(made)}.sqlite'}"
