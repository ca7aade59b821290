"""The design's table "what happens when" on real Kafka, S3 and PostgreSQL with all four services: a test for each row, named after it.

Rows that disturb nothing share one installation, each in a folder of the bucket and with departments of its own.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from made_disclosures import Made
from psycopg import sql
from service.hostile_pdfs import bomb, good_pdf
from sqlalchemy import func, select
from stack.conftest import another_place, wait_until
from stack.running import ROOT, Running, first_versions, running

from services.store.adapters.database import Database
from services.store.adapters.engine import reading
from services.store.adapters.ledger_schema import ledger
from services.store.domain.errors import StoreError
from services.store.domain.ledger import LedgerRow
from shared.contracts.events import Decision
from shared.storage.decisions import Decisions
from shared.topics import (
    DOCUMENTS_STORED,
    FILINGS_CHANGED,
    FILINGS_VALIDATED,
    OBJECTS_CREATED,
)
from tieout.installation.installation import Installation

pytestmark = pytest.mark.stack

REVISION_SECONDS = 1.1  # a storage notes the time of a put to the second, and revisions are in that order


@pytest.fixture(scope="module")
def stack(servers: Installation, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """An installation for rows that disturb nothing."""
    with running(another_place(servers), tmp_path_factory.mktemp("logs"), TIEOUT_ACTIVATE=first_versions()) as made:
        made.start()
        yield made


@pytest.fixture
def own(place: Installation, tmp_path: Path) -> Iterator[Running]:
    """An installation of the test's own, whose services are not started yet."""
    with running(place, tmp_path / "logs", TIEOUT_ACTIVATE=first_versions()) as made:
        yield made


def stored_about(stack: Running, row: LedgerRow) -> dict[str, Any]:
    """What documents.stored told of a submission first."""
    place = row.submission.object
    assert place is not None

    def told() -> list[dict[str, Any]]:
        bodies = stack.records(DOCUMENTS_STORED)
        return [
            body
            for body in bodies
            if (body["submission"]["object"]["key"], body["submission"]["object"]["version"]) == (place.key, place.version)
        ]

    wait_until(told)
    return told()[0]


def told_of(stack: Running, topic: str, row: LedgerRow) -> list[dict[str, Any]]:
    """The filing events about the filing of a submission's document."""
    filing = stored_about(stack, row)["filing"]
    return [body for body in stack.records(topic) if body["filing"]["id"] == filing]


def test_the_same_bytes_come_again_under_another_name(stack: Running) -> None:
    stack.put("same/a.pdf", Made(10).pdf())
    stack.wait_settled(1, "same/")
    worked = stack.metric("extractor", "tieout_stage_seconds_count")
    assert worked >= 1
    stack.put("same/b.pdf", Made(10).pdf())
    first, second = stack.wait_settled(2, "same/")
    assert (first.outcome, second.outcome) == ("stored", "stored")
    assert first.document == second.document
    assert first.object != second.object
    assert stack.metric("extractor", "tieout_stage_seconds_count") == worked, "no second work"


def test_a_key_is_overwritten_by_a_corrected_pdf(stack: Running) -> None:
    stack.put("corrected/a.pdf", Made(11, wrong=True).pdf())
    stack.wait_settled(1, "corrected/")
    time.sleep(REVISION_SECONDS)
    stack.put("corrected/a.pdf", Made(11, edition=2).pdf())
    first, second = stack.wait_settled(2, "corrected/")
    assert first.document != second.document
    body = stored_about(stack, second)
    assert (body["revision"], body["current"]) == (2, True)
    assert (body["supersedes"]["document"], body["supersedes"]["revision"]) == (first.document, 1)
    assert body["supersedes"]["findings_gone"], "the total that did not tie out does now"
    assert stored_about(stack, first)["revision"] == 1


def test_a_then_b_then_a_again(stack: Running) -> None:
    for count, edition in enumerate((1, 2, 1), 1):
        stack.put("aba/a.pdf", Made(12, edition=edition).pdf())
        stack.wait_settled(count, "aba/")
        time.sleep(REVISION_SECONDS)
    rows = stack.rows("aba/")
    body = stored_about(stack, rows[2])
    assert (body["revision"], body["current"], body["document"]["id"]) == (3, True, rows[0].document)
    with stack.database() as database:
        current = {view.id for view in database.store.documents() if view.current}
    assert rows[0].document in current
    assert rows[1].document not in current


def test_narrative_and_tables_come_in_two_files_hours_apart(stack: Running) -> None:
    stack.put("parts/narrative.pdf", Made(13, pages="narrative").pdf())
    (narrative,) = stack.wait_settled(1, "parts/")
    with stack.database() as database:
        assert narrative.document is not None
        view = database.store.document(narrative.document)
    assert view is not None
    assert (view.part, view.counts.failed) == ("narrative", 0)
    assert told_of(stack, FILINGS_CHANGED, narrative) == []
    stack.put("parts/tables.pdf", Made(13, pages="tables").pdf())
    stack.wait_settled(2, "parts/")
    wait_until(lambda: told_of(stack, FILINGS_VALIDATED, narrative))
    (filing,) = told_of(stack, FILINGS_VALIDATED, narrative)
    assert [member["part"] for member in filing["members"]] == ["narrative", "tables"]
    assert filing["verdict"] == "consistent"
    identifier = filing["filing"]["id"]

    def stored() -> bool:
        with stack.database() as database:
            return database.store.filing_result(identifier) is not None

    wait_until(stored)


def test_last_years_filing_is_stored_later(stack: Running) -> None:
    stack.put("years/2025.pdf", Made(14).pdf())
    (this_year,) = stack.wait_settled(1, "years/")
    assert told_of(stack, FILINGS_CHANGED, this_year) == []
    stack.put("years/2024.pdf", Made(14, year=2024).pdf())
    stack.wait_settled(2, "years/")
    wait_until(lambda: told_of(stack, FILINGS_VALIDATED, this_year))
    (filing,) = told_of(stack, FILINGS_VALIDATED, this_year)
    assert (filing["filing"]["year"], filing["previous"]["filing"]["year"]) == (2025, 2024)


@pytest.mark.parametrize("purged", [False, True], ids=["with a delete marker", "for good"])
def test_an_object_is_deleted_before_it_is_read(own: Running, purged: bool) -> None:
    own.start("store")  # and nobody to read it
    version = own.put("gone/a.pdf", Made(15).pdf())
    wait_until(lambda: len(own.rows()) == 1)
    own.storage.remove(own.place.inbox, "gone/a.pdf")
    if purged:
        own.storage._client.remove_object(own.place.inbox, "gone/a.pdf", version_id=version)
    own.start("extractor", "normalizer", "validator")
    (row,) = own.wait_settled(1)
    assert row.outcome == "gone"
    assert own.audit().holes == ()


def decide(stack: Running, kind: str, **about: Any) -> None:
    """A person decides, as the command line tells it: an object first; the sweep carries it out without an event."""
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    identifier = f"decision:{kind}-{time.monotonic_ns()}"
    decision = Decision(id=identifier, kind=kind, by="li", at=at, **about)  # type: ignore[arg-type]
    Decisions(stack.storage, stack.place.artifacts).put(decision)

    def applied() -> bool:
        with stack.database() as database:
            return identifier in database.ledger.applied_decisions()

    wait_until(applied)


def versions_of(stack: Running) -> set[str]:
    """The extractor's versions of all current results, by release."""
    with stack.database() as database:
        return {view.versions["extract"].partition("+")[0] for view in database.store.documents()}


def test_a_new_release_waits_for_its_activation_and_can_be_rolled_back(own: Running) -> None:
    own.start()
    for number in range(3):
        own.put(f"release/{number}.pdf", Made(20 + number).pdf())
    rows = own.wait_settled(3)
    with own.database() as database:
        old = dict(database.ledger.activated())
    own.stop("extractor", "normalizer", "validator")
    own.pretend_release("9.9.9")
    own.start("extractor", "normalizer", "validator")
    own.put("release/new.pdf", Made(29).pdf())
    decide(own, "reprocess", stage="extract")
    own.wait_settled(4)
    with own.database() as database:
        documents = {view.id: view for view in database.store.documents()}
    assert {documents[str(row.document)].versions["extract"].partition("+")[0] for row in rows} == {"0.1.0"}, "old results stay current"
    new = {stage: "9.9.9" + version[len("0.1.0") :] for stage, version in old.items()}
    for stage, version in new.items():
        decide(own, "activate", stage=stage, version=version)
    wait_until(lambda: versions_of(own) == {"9.9.9"})
    for stage, version in old.items():
        decide(own, "activate", stage=stage, version=version, why="rollback")
    wait_until(lambda: {versions_of_document(own, str(row.document)) for row in rows} == {"0.1.0"})
    (new_one,) = [row for row in own.rows() if row.submission.name == "new.pdf"]
    assert versions_of_document(own, str(new_one.document)) == "9.9.9", "what only the new release has read stays"
    assert own.audit().holes == ()


def versions_of_document(stack: Running, document: str) -> str:
    """The release of the extractor of a document's current result."""
    with stack.database() as database:
        view = database.store.document(document)
    assert view is not None
    return view.versions["extract"].partition("+")[0]


def test_kafka_loses_a_topic(own: Running) -> None:
    own.start("store")
    for number in range(3):
        own.put(f"lost/{number}.pdf", Made(30 + number).pdf())
    wait_until(lambda: len(own.raw(OBJECTS_CREATED)) == 3)
    own.lose(OBJECTS_CREATED)
    own.start("extractor", "normalizer", "validator")
    rows = own.wait_settled(3)
    assert [row.outcome for row in rows] == ["stored"] * 3
    assert own.audit().holes == ()


def test_kafka_loses_everything(own: Running) -> None:
    own.start()
    own.put("lost/0.pdf", Made(33).pdf())
    own.wait_settled(1)
    own.stop("normalizer")
    own.put("lost/1.pdf", Made(34).pdf())
    wait_until(lambda: any(row.stage == "extract" for row in own.rows()))
    own.lose(*own.place.topics)
    own.start("normalizer")
    rows = own.wait_settled(2)
    assert [row.outcome for row in rows] == ["stored"] * 2
    assert own.audit().holes == ()


def test_the_database_is_yesterdays_backup_while_the_rest_runs_on(own: Running) -> None:
    own.start()
    own.put("backup/0.pdf", Made(40).pdf())
    own.wait_settled(1)
    name = own.place.configuration.database
    own.stop("store")
    with administrator(own.place) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name + "-yesterday"), sql.Identifier(name)))
    own.start("store")
    for number in range(1, 4):
        own.put(f"backup/{number}.pdf", Made(40 + number).pdf())
    own.wait_settled(4)
    with own.database() as database:
        digest = database.store.digest()
    with administrator(own.place) as connection:  # under the running store
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
        connection.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(name + "-yesterday"), sql.Identifier(name)))

    def as_before() -> bool:
        try:
            with own.database() as database:
                return database.store.digest() == digest
        except StoreError:
            return False

    wait_until(as_before, 60)
    assert [row.outcome for row in own.wait_settled(4)] == ["stored"] * 4
    assert own.audit().holes == ()
    assert own.metric("extractor", "tieout_stage_seconds_count") == 4, "found by their runs, not read again"


def administrator(place: Installation) -> psycopg.Connection[Any]:
    """A connection that may make and drop databases."""
    return psycopg.connect(place.database_url("postgres"), autocommit=True)


def test_a_pdf_hangs_crashes_or_eats_memory(own: Running) -> None:
    own.programs["extractor"] = ROOT / "tests" / "stack" / "strict_extractor.py"
    own.start()
    own.put("hostile/bomb.pdf", bomb())
    for number in range(3):
        own.put(f"neighbours/{number}.pdf", Made(50 + number).pdf())
    assert [row.outcome for row in own.wait_settled(3, "neighbours/")] == ["stored"] * 3
    (row,) = own.wait_settled(1, "hostile/")
    assert row.outcome == "dead_lettered"
    with own.database() as database:
        (letter,) = database.ledger.dead_letters()
    assert letter.code in ("timeout", "memory", "crashed")
    assert letter.attempts == 2
    audit = own.audit()
    assert (audit.dead_lettered, audit.stored, audit.holes) == (1, 3, ())


def test_a_burst_with_a_third_from_one_department(own: Running) -> None:
    own.settings["TIEOUT_WINDOW"] = "3"
    for number in range(12):
        own.put(f"big/{number:02}.pdf", good_pdf(pages=1 + number))
    for number in range(24):
        own.put(f"department-{number:02}/a.pdf", Made(60 + number).pdf())
    most = 0
    own.start()

    def done() -> bool:
        nonlocal most
        with own.database() as database:
            most = max(most, in_the_window(database))
        return all(row.outcome for row in own.rows()) and len(own.rows()) == 36

    wait_until(done, 180)
    assert most <= 3, "bounded: at most a window of them is with the extractor"
    departments = [record.key.decode().split("/")[1] for record in sorted(own.raw(OBJECTS_CREATED), key=lambda record: record.timestamp)]
    small = [index for index, department in enumerate(departments) if department != "big"]
    big = [index for index, department in enumerate(departments) if department == "big"]
    assert big[-1] > small[0]
    first = departments[:24]
    assert first.count("big") <= 4, "the large department waits for its turn"
    assert [row.outcome for row in own.rows()] == ["stored"] * 36


def in_the_window(database: Database) -> int:
    """Submissions between dispatch and extraction at this moment."""
    with reading(database.store._engine) as connection:
        return int(connection.execute(select(func.count()).select_from(ledger).where(ledger.c.place == "window")).scalar_one())
