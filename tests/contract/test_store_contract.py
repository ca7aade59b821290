"""What every database under the store has to do; run here on SQLite, in tests/stack on PostgreSQL."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from services.store.adapters import schema, sql_writes
from services.store.adapters.sql_store import SqlStore, open_store
from services.store.domain.errors import Ambiguous, StoreUnavailable, TooShort
from services.store.domain.views import Filter
from shared.contracts.common import Submission
from tests.unit.store.store_documents import (
    T0,
    VERSIONS,
    check,
    document_id,
    fact,
    finding,
    rejection,
    result,
    submission,
    versions,
    with_findings,
)

Delivery = Callable[[SqlStore], object]


def rows(store: SqlStore) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, in an order of its own."""
    with store._engine.connect() as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(table.select())), key=repr)
            for table in schema.metadata.sorted_tables
        }


def deliveries() -> list[Delivery]:
    """Everything that happens to three documents: results of two releases, arrivals, a correction and its withdrawal, refusals."""
    old, new = versions("0.1.0"), versions("0.2.0")
    first, second = submission("a.pdf", "2026-01-01T00:00:00Z"), submission("a.pdf", "2026-02-01T00:00:00+00:00")
    third = submission("a.pdf", "2026-03-01T08:00:00+08:00")
    corrected = result("B", of=new)
    moved = result("A", of=new, year=2024)
    return [
        lambda store: result("A", of=old).store_in(store),
        moved.store_in,
        lambda store: result("B", of=old).store_in(store),
        corrected.store_in,
        lambda store: result("C", of=new, entity=None).store_in(store),
        lambda store: store.submit(first, document_id("A"), 1001, T0),
        lambda store: store.submit(first, document_id("A"), 1001, T0 + timedelta(days=9)),
        lambda store: store.submit(second, document_id("B"), 1001, T0),
        lambda store: store.submit(third, document_id("A"), 1001, T0),
        lambda store: store.submit(submission("c.pdf"), document_id("C"), 1001, T0),
        lambda store: store.store_rejection(document_id("D"), submission("d.pdf"), rejection(), new["extract"]),
        lambda store: store.store_rejection(document_id("D"), submission("d.pdf"), rejection("timeout"), new["extract"]),
        lambda store: store.store_rejection(None, submission("gone.pdf"), rejection("unreadable"), new["extract"]),
    ]


def delivered(store: SqlStore, order: list[Delivery]) -> dict[str, list[tuple[Any, ...]]]:
    for deliver in order:
        deliver(store)
    return rows(store)


class StoreContract:
    """The suite. A subclass gives the fixture `new_url`: a function that makes an empty database and returns its URL."""

    @pytest.fixture
    def store(self, new_url: Callable[[], str]) -> Any:
        with open_store(new_url(), clock=lambda: T0) as store:
            yield store

    # -- results ---------------------------------------------------------------------------------------------------------------------

    def test_what_is_stored_comes_back_exactly(self, store: SqlStore) -> None:
        odd = (
            fact("t1/1/1", "378.80"),
            fact("t1/2/1", "0"),
            fact("t1/3/1", "-0.00"),
            fact("t1/4/1", "12345678901234567890.123456", function="0020801", label="=1+1"),
            fact("t1/5/1", "1E+3", unit=None, yuan=None, duplicate_of="t1/1/1", confidence=0.07),
        )
        given = result("A", facts=odd)
        given.store_in(store)
        facts = store.facts(given.id)
        assert facts == list(odd)
        assert [str(each.amount) for each in facts] == ["378.80", "0", "-0.00", "12345678901234567890.123456", "1E+3"]
        assert [str(each.yuan) for each in facts] == [str(each.yuan) for each in odd]
        assert store.checks(given.id) == list(given.validated.checks)
        view = store.document(given.id)
        assert view is not None
        assert (view.status, view.verdict, view.counts, view.coverage) == (
            "stored",
            "inconsistent",
            given.validated.counts,
            given.validated.coverage,
        )
        assert (view.pages, view.bytes, view.unmapped, view.findings) == (5, 1001, 1, {"error": 1, "warning": 0, "info": 0})
        assert (view.versions, view.artifacts) == (VERSIONS, given.artifacts)
        assert [(form.table, form.form, form.number, form.pages, form.figures) for form in view.forms] == [
            ("t1", "expenditure_summary", "表03", (3, 4), 5)
        ]

    def test_storing_twice_changes_nothing_and_keeps_the_first_time(self, store: SqlStore, new_url: Callable[[], str]) -> None:
        result("A").store_in(store)
        before = rows(store)
        later = SqlStore(store._engine, clock=lambda: T0 + timedelta(days=1))
        result("A").store_in(later)
        assert rows(store) == before

    def test_any_order_and_any_repetition_leave_the_same_rows(self, new_url: Callable[[], str]) -> None:
        shuffle = random.Random(7)
        expected = None
        for _ in range(4):
            order = deliveries() + shuffle.sample(deliveries(), 5)
            shuffle.shuffle(order)
            with open_store(new_url(), clock=lambda: T0) as store:
                store.activate(versions("0.1.0"))
                now = delivered(store, order)
            expected = expected or now
            assert now == expected

    def test_results_of_other_versions_never_overwrite_the_activated_ones(self, store: SqlStore) -> None:
        old, new = result("A", of=versions("0.1.0"), year=2024), result("A", of=versions("0.2.0"))
        store.activate(versions("0.1.0"))
        for each in (old, new, old):
            each.store_in(store)
        assert store.documents()[0].year == 2024
        store.activate(versions("0.2.0"))
        assert store.documents()[0].year == 2024, "old results stay until there is a new one"
        new.store_in(store)
        old.store_in(store)
        assert store.documents()[0].year == 2025

    def test_a_document_that_has_fewer_figures_in_a_new_version_keeps_no_old_ones(self, store: SqlStore) -> None:
        result("A", of=versions("0.1.0")).store_in(store)
        result("A", facts=(fact("t1/9/9", "1.00"),), of=versions("0.2.0")).store_in(store)
        assert [each.id for each in store.facts(document_id("A"))] == ["t1/9/9"]

    def test_a_failure_in_the_middle_of_a_result_leaves_nothing_of_it(self, store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
        result("A", of=versions("0.1.0")).store_in(store)
        before = rows(store)

        def breaks(*_: object) -> None:
            raise RuntimeError("power cut")

        monkeypatch.setattr(sql_writes, "settle", breaks)
        for each in (result("B"), result("A", of=versions("0.2.0"))):
            with pytest.raises(RuntimeError, match="power cut"):
                each.store_in(store)
        assert rows(store) == before

    def test_results_of_two_documents_are_not_mixed(self, store: SqlStore) -> None:
        one, other = result("A"), result("B")
        with pytest.raises(ValueError, match="two documents"):
            store.store_result(one.document, one.extracted, one.normalized, other.validated, one.artifacts)

    # -- what is known ---------------------------------------------------------------------------------------------------------------

    def test_a_document_is_known_in_the_versions_of_its_result_only(self, store: SqlStore) -> None:
        new = versions("0.2.0")
        assert not store.known(document_id("A"), VERSIONS)
        result("A").store_in(store)
        assert store.known(document_id("A"), VERSIONS)
        assert not store.known(document_id("A"), {**VERSIONS, "validate": "0.2.0"})
        assert not store.known(document_id("B"), VERSIONS)
        store.activate(new)
        result("A", of=new).store_in(store)
        assert store.known(document_id("A"), VERSIONS), "done, and not what counts now"
        store.activate(VERSIONS)
        assert not store.known(document_id("A"), VERSIONS), "activated again: its rows have to come back"

    def test_a_rejected_document_is_known_to_the_version_that_refused_it(self, store: SqlStore) -> None:
        store.store_rejection(document_id("A"), submission(), rejection(), VERSIONS["extract"])
        assert store.known(document_id("A"), VERSIONS)
        assert not store.known(document_id("A"), versions("0.2.0"))

    # -- rejections ------------------------------------------------------------------------------------------------------------------

    def test_rejections_are_shown_with_their_reason_and_never_remove_a_result(self, store: SqlStore) -> None:
        store.store_rejection(document_id("A"), submission("a.pdf"), rejection(), "0.1.0")
        refused = store.documents()[0]
        assert (refused.status, refused.name, refused.verdict) == ("rejected", "a.pdf", None)
        assert refused.rejection is not None
        assert refused.rejection.message.zh == "文件已加密"
        result("A").store_in(store)
        assert (store.documents()[0].status, store.documents()[0].rejection) == ("stored", None)
        store.activate({"extract": "0.9.0"})
        store.store_rejection(document_id("A"), submission("a.pdf"), rejection("timeout"), "0.9.0")
        both = store.documents()[0]
        assert both.status == "stored"
        assert both.rejection is not None
        assert both.rejection.code == "timeout"

    def test_a_file_whose_bytes_were_not_read_is_not_lost(self, store: SqlStore) -> None:
        for _ in range(2):
            store.store_rejection(None, submission("locked.pdf"), rejection("unreadable"), "0.1.0")
        assert [(view.name, view.document, view.code) for view in store.rejections()] == [("locked.pdf", None, "unreadable")]
        assert store.documents() == []

    # -- filings ---------------------------------------------------------------------------------------------------------------------

    def test_a_corrected_file_becomes_the_current_revision_and_the_first_one_again_when_it_comes_back(self, store: SqlStore) -> None:
        for name in ("A", "B"):
            result(name).store_in(store)
        for modified, name in (("2026-01-01T00:00:00Z", "A"), ("2026-01-02T00:00:00Z", "B"), ("2026-01-03T00:00:00Z", "A")):
            store.submit(submission("x.pdf", modified), document_id(name), 1001, T0)
            views = {view.id: view.current for view in store.documents()}
            assert views[document_id(name)]
        (filing,) = store.filings()
        assert (filing.entity, filing.year, filing.kind, filing.region) == ("青禾市林业事务中心", 2025, "budget", "青禾市")
        (part,) = filing.parts
        assert [(revision.number, revision.document, revision.current) for revision in part.revisions] == [
            (1, document_id("A"), False),
            (2, document_id("B"), False),
            (3, document_id("A"), True),
        ]
        assert {view.id: view.current for view in store.documents()} == {document_id("A"): True, document_id("B"): False}
        assert [view.document for view in store.findings(only=Filter(current=True))] == [document_id("A")]
        assert len(store.findings()) == 2

    def test_equal_times_are_ordered_by_version(self, store: SqlStore) -> None:
        for name, version in (("B", "v2"), ("A", "v1")):
            result(name).store_in(store)
            store.submit(submission(version=version), document_id(name), 1001, T0)
        assert [revision.document for revision in store.filings()[0].parts[0].revisions] == [document_id("A"), document_id("B")]

    def test_narrative_and_tables_are_parts_of_one_filing(self, store: SqlStore) -> None:
        result("A", part="narrative").store_in(store)
        result("B", part="tables").store_in(store)
        (filing,) = store.filings()
        assert [part.part for part in filing.parts] == ["narrative", "tables"]
        assert all(view.current for view in store.documents())

    def test_documents_that_do_not_say_what_they_are_about_never_supersede_each_other(self, store: SqlStore) -> None:
        for name, about in (("A", {"entity": None}), ("B", {"entity": None}), ("C", {"year": None}), ("D", {"kind": "other"})):
            result(name, **about).store_in(store)
            store.submit(submission(f"{name}.pdf"), document_id(name), 1001, T0)
        assert store.filings() == []
        assert all(view.current and view.filing is None for view in store.documents())

    def test_a_filing_that_lost_its_last_document_disappears(self, store: SqlStore) -> None:
        result("A", of=versions("0.1.0"), year=2024).store_in(store)
        store.submit(submission(), document_id("A"), 1001, T0)
        result("A", of=versions("0.2.0"), year=2025).store_in(store)
        (filing,) = store.filings()
        assert filing.year == 2025
        assert [revision.document for revision in filing.parts[0].revisions] == [document_id("A")]

    # -- asking ----------------------------------------------------------------------------------------------------------------------

    def test_a_document_is_found_by_id_by_its_beginning_by_name_and_by_path(self, store: SqlStore) -> None:
        result("A").store_in(store)
        store.submit(submission("甲 (1).pdf"), document_id("A"), 1001, T0)
        identifier = document_id("A")
        for asked in (identifier, identifier[7:], identifier[7:13], identifier[7:15].upper(), "甲 (1).pdf", "/in/甲 (1).pdf"):
            view = store.document(asked)
            assert view is not None, asked
            assert view.id == identifier
        for asked in ("", identifier[7:12], "%", "_", "乙.pdf", "/in/", "ffffff"):
            assert store.document(asked) is None, asked

    def test_a_path_means_the_file_that_lies_there_now(self, store: SqlStore) -> None:
        for day, name in ((1, "A"), (2, "B")):
            store.submit(submission("x.pdf", f"2026-01-0{day}T00:00:00Z"), document_id(name), 1001, T0)
        view = store.document("x.pdf")
        assert view is not None
        assert view.id == document_id("B")

    def test_what_means_several_documents_is_refused_with_their_ids(self, store: SqlStore) -> None:
        for name in ("A", "B"):
            store.submit(submission("x.pdf", folder=f"/{name}"), document_id(name), 1001, T0)
        with pytest.raises(Ambiguous) as problem:
            store.document("x.pdf")
        assert set(problem.value.candidates) == {document_id("A"), document_id("B")}
        assert "x.pdf" in problem.value.message.zh
        similar = ["sha256:" + "abcdef" + digit * 58 for digit in "01"]
        for identifier in similar:
            store.submit(submission(identifier[-3:]), identifier, 1, T0)
        with pytest.raises(Ambiguous):
            store.document("abcdef")

    def test_findings_come_worst_first(self, store: SqlStore) -> None:
        base = result("A")
        checks = (
            check("c1", "t1/1/1", ("t1/2/1",), "101.00", "100.00"),
            check("c2", "t1/1/1", ("t1/2/1",), "1000.00", "100.00"),
            check("c3", "t1/1/1", ("t1/2/1",), "-5.00", "5.00"),
            check("c4", "t1/1/1", ("t1/2/1",), "0", "0"),
        )
        nothing = {"reported": None, "computed": None, "difference": None, "possible": None, "plausible": None}
        checks = (*checks[:3], msgspec.structs.replace(checks[3], status="not_assessable", **nothing))
        order = ("f-3", "f-2", "f-1", "f-none")
        found = [finding(f"f-{index}", checks[index - 1]) for index in (1, 2, 3)]
        # A finding with several checks stands where its worst one puts it.
        found.append(msgspec.structs.replace(finding("f-warn", checks[1]), severity="warning", checks=("c1", "c2")))
        found.append(msgspec.structs.replace(finding("f-none", checks[3]), evidence=()))
        with_findings(base, checks, tuple(found)).store_in(store)
        views = store.findings()
        assert [view.id for view in views] == [*order, "f-warn"]
        assert [view.relative_ppm for view in views] == [2_000_000, 900_000, 9901, None, 900_000]
        assert (views[0].reported, views[0].computed, views[0].difference) == (Decimal("-5.00"), Decimal("5.00"), Decimal("-10.00"))
        assert (views[0].page, views[0].table, views[0].row, views[0].unit) == (3, "t1", 1, "万元")

    def test_findings_are_filtered(self, store: SqlStore) -> None:
        result("A").store_in(store)
        result("B", entity="望溪市_图书馆", year=2024).store_in(store)
        assert [view.document for view in store.findings(entity="_图书")] == [document_id("B")]
        assert [view.document for view in store.findings(year=2025)] == [document_id("A")]
        assert store.findings(entity="%") == store.findings(severity="info") == store.findings(code="x") == []
        assert len(store.findings(severity="error", code="sum.mismatch", document=document_id("A"))) == 1
        assert [view.document for view in store.findings(only=Filter(documents=(document_id("B"),)))] == [document_id("B")]

    def test_a_finding_is_found_by_the_beginning_of_its_id(self, store: SqlStore) -> None:
        result("A").store_in(store)
        identifier = store.findings()[0].id
        for asked in (identifier, identifier[:8], identifier[2:10]):
            view = store.finding(asked)
            assert view is not None, asked
            assert view.id == identifier
            assert view.diagnosis is not None
            assert view.diagnosis.suggested == "378.79"
        for short in (identifier[:5], identifier[2:6]):
            with pytest.raises(TooShort) as problem:
                store.finding(short)
            assert f"“{short}”太短：编号至少要写 6 位" in problem.value.message.zh
        assert store.finding("f-") is None
        assert store.finding("f-%%%%%%") is None

    def test_documents_are_filtered_and_ordered(self, store: SqlStore) -> None:
        result("A", entity="乙", year=2025).store_in(store)
        result("B", entity="乙", year=2024).store_in(store)
        result("C", entity="甲").store_in(store)
        store.submit(submission("z.pdf"), document_id("Z"), 9, T0)
        assert [(view.entity, view.year) for view in store.documents()] == [("乙", 2024), ("乙", 2025), ("甲", 2025), (None, None)]
        assert [view.year for view in store.documents(Filter(entity="乙", year=2024))] == [2024]
        assert [view.id for view in store.documents(Filter(documents=(document_id("C"),)))] == [document_id("C")]
        assert store.documents(Filter(verdict="consistent")) == []

    # -- digest ----------------------------------------------------------------------------------------------------------------------

    def test_the_digest_says_what_the_results_say_and_nothing_else(self, store: SqlStore, new_url: Callable[[], str]) -> None:
        empty = store.digest()
        result("A").store_in(store)
        result("B").store_in(store)
        both = store.digest()
        with open_store(new_url()) as other:
            other.submit(submission("other name.pdf"), document_id("B"), 1001, T0)
            other.store_rejection(document_id("D"), submission(), rejection(), "0.1.0")
            result("B", of=versions("0.2.0")).store_in(other)
            result("A", of=versions("0.2.0")).store_in(other)
            assert other.digest() == both
        assert empty != both
        result("C", facts=(fact("t1/1/1", "1.0"),)).store_in(store)
        assert store.digest() != both

    def test_the_digest_sees_a_printed_zero_more(self, store: SqlStore, new_url: Callable[[], str]) -> None:
        result("A", facts=(fact("t1/1/1", "1.0"),)).store_in(store)
        with open_store(new_url()) as other:
            result("A", facts=(fact("t1/1/1", "1.00"),)).store_in(other)
            assert other.digest() != store.digest()

    # -- text ------------------------------------------------------------------------------------------------------------------------

    def test_names_that_are_not_utf8_and_text_with_nul_are_stored(self, store: SqlStore) -> None:
        name = b"\xb2\xce\xd5\xd5.pdf".decode("utf-8", "surrogateescape")
        store.submit(Submission(name=name), document_id("A"), 1001, T0)
        result("A", facts=(fact("t1/1/1", "1.0", label="a\0b"),)).store_in(store)
        view = store.document(name)
        assert view is not None
        assert view.name == r"\xb2\xce\xd5\xd5.pdf"
        assert store.facts(document_id("A"))[0].label == "a\ufffdb"

    # -- schema ----------------------------------------------------------------------------------------------------------------------

    def test_the_migrations_make_the_schema_of_the_code(self, store: SqlStore) -> None:
        with store._engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
            assert compare_metadata(context, schema.metadata) == []

    def test_a_database_of_a_newer_release_is_refused(self, new_url: Callable[[], str]) -> None:
        url = new_url()
        with open_store(url) as store, store._engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        with pytest.raises(StoreUnavailable) as problem:
            open_store(url)
        assert "9999" in problem.value.message.zh
        assert "newer release" in problem.value.message.en

    def test_a_database_opened_again_holds_what_was_stored(self, new_url: Callable[[], str]) -> None:
        url = new_url()
        with open_store(url) as store:
            result("A").store_in(store)
            before = store.digest()
        with open_store(url) as store:
            assert store.digest() == before


class TestSqliteStore(StoreContract):
    """SQLite in a file."""

    @pytest.fixture
    def new_url(self, tmp_path: Path) -> Callable[[], str]:
        made: list[str] = []

        def make() -> str:
            made.append(f"sqlite:///{tmp_path / f'{len(made)} 100%?#.sqlite'}")
            return made[-1]

        return make
