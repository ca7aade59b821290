"""The store as a process on real Kafka, S3 and PostgreSQL: intake from real buckets, leadership, and a store that is killed or loses its
database. What happens to documents is in test_what_happens_when.py."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest
from made_disclosures import Made
from psycopg import sql
from stack.conftest import free_ports, wait_until
from stack.running import Running, first_versions, running

from services.store.adapters.database import Database
from services.store.adapters.engine import open_engine
from services.store.adapters.kafka_topics import KafkaTopics
from services.store.adapters.postgres_lead import PostgresLead
from services.store.domain.errors import StoreUnavailable
from services.store.intake import Inbox
from services.store.sweep import Sweep, SweepReport, sweep
from shared.settings import Settings
from shared.storage.decisions import Decisions
from shared.topics import DOCUMENTS_STORED, OBJECTS_CREATED, all_topics
from tieout.installation.installation import Installation
from tieout.installation.provision import s3_client

pytestmark = pytest.mark.stack

KEYS = ("林业局/2025 预算+说明.pdf", "林业局/100%25.pdf", "a b/c+d/e%20f.pdf", "&=?#;.pdf", "无文件夹.PDF")


@pytest.fixture
def stack(place: Installation, tmp_path: Path) -> Iterator[Running]:
    with running(place, tmp_path / "logs", TIEOUT_ACTIVATE=first_versions()) as made:
        yield made


def settings_of(place: Installation) -> Settings:
    """The settings of a place's store."""
    variables = {name.removeprefix("TIEOUT_").lower(): value for name, value in place.environment("store").items()}
    return Settings(**variables)  # type: ignore[arg-type]


def swept(stack: Running, database: Database) -> SweepReport:
    """One sweep, as `tieout audit --repair` makes it."""
    place, storage = stack.place, stack.storage
    report = sweep(
        Sweep(
            Inbox(storage, place.inbox), database.ledger, Decisions(storage, place.artifacts), KafkaTopics(settings_of(place)),
            timedelta(minutes=15), lambda: datetime.now(UTC),
        )
    )  # fmt: skip
    assert report.failed == {}
    return report


def unversioned(place: Installation) -> Installation:
    """The place with an inbox that keeps no versions."""
    made = Installation(place.layout, msgspec.structs.replace(place.configuration, inbox=place.inbox + "-plain"))
    s3_client(made).make_bucket(made.inbox)
    return made


def test_a_document_goes_through_all_services_in_the_versions_of_the_first_start(stack: Running) -> None:
    stack.put(KEYS[0], Made(1).pdf())
    stack.start()
    (row,) = stack.wait_settled(1)
    assert row.outcome == "stored"
    with stack.database() as database:
        (view,) = database.store.documents()
        assert view.versions == database.ledger.activated(), "what the services make is what tieout up activates"
    assert view.name == "2025 预算+说明.pdf"
    assert stack.audit().holes == ()


def test_notifications_of_the_storage_bring_an_object_in_without_a_sweep(notifying: Installation, tmp_path: Path) -> None:
    with running(notifying, tmp_path / "logs", TIEOUT_SWEEP_SECONDS="3600") as stack:
        stack.start("store")
        wait_until(lambda: stack.metric("store", "tieout_sweeps_total") == 1)
        for key in KEYS:
            stack.put(key, b"%PDF-1.7 " + key.encode(), department="档案馆")
        wait_until(lambda: len(stack.rows()) == len(KEYS))
        keys = {row.submission.object.key for row in stack.rows() if row.submission.object}
        assert keys == set(KEYS)
        assert {row.submission.department for row in stack.rows()} == {"档案馆"}
        assert stack.metric("store", "tieout_sweep_found_total") == 0
        assert stack.audit().holes == ()


@pytest.mark.parametrize("versioned", [True, False], ids=["with versions", "without versions"])
def test_a_sweep_of_a_real_bucket_knows_each_object_once(place: Installation, tmp_path: Path, versioned: bool) -> None:
    with running(place if versioned else unversioned(place), tmp_path / "logs") as stack, stack.database() as database:
        for key in KEYS:
            stack.put(key, b"A", department="档案馆 甲")
        assert swept(stack, database).new == len(KEYS)
        assert swept(stack, database).new == 0
        assert {row.submission.department for row in stack.rows()} == {"档案馆 甲"}
        time.sleep(1.1)
        stack.put(KEYS[0], b"B")
        report = swept(stack, database)
        assert (report.new, report.gone) == ((1, 0) if versioned else (1, 1)), "without versions the bytes before are gone"
        assert stack.audit().holes == ()


def test_deleted_and_purged_versions_are_gone_and_the_others_stay(stack: Running) -> None:
    with stack.database() as database:
        hidden = stack.put("hidden.pdf", b"A")
        purged = stack.put("purged.pdf", b"B")
        stack.put("again.pdf", b"C")
        assert swept(stack, database).new == 3
        stack.storage.remove(stack.place.inbox, "hidden.pdf")
        s3_client(stack.place).remove_object(stack.place.inbox, "purged.pdf", version_id=purged)
        stack.storage.remove(stack.place.inbox, "again.pdf")
        stack.put("again.pdf", b"D")
        report = swept(stack, database)
        assert (report.new, report.gone) == (1, 3)
        outcomes = {(row.submission.name, row.submission.object.version): row.outcome for row in stack.rows() if row.submission.object}
        assert outcomes["hidden.pdf", hidden] == "gone"
        assert outcomes["purged.pdf", purged] == "gone"
        assert sorted(str(outcome) for (name, _), outcome in outcomes.items() if name == "again.pdf") == ["None", "gone"]
        assert swept(stack, database).gone == 0
        assert stack.audit().holes == ()


def test_an_upload_in_progress_is_not_read_half(stack: Running) -> None:
    client: Any = s3_client(stack.place)
    inbox, key = stack.place.inbox, "林业局/大文件.pdf"
    with stack.database() as database:
        upload = client._create_multipart_upload(inbox, key, {"Content-Type": "application/pdf"})
        part = client._upload_part(inbox, key, b"x" * (5 << 20), None, upload, 1)
        assert swept(stack, database).seen == 0
        from minio.datatypes import Part

        client._complete_multipart_upload(inbox, key, upload, [Part(1, part)])
        assert swept(stack, database).new == 1
        (row,) = stack.rows()
        assert row.size == 5 << 20


def test_missing_topics_are_made_again_as_they_were(place: Installation, tmp_path: Path) -> None:
    topics = KafkaTopics(settings_of(place))
    assert topics.make_missing() == ()
    with running(place, tmp_path / "logs") as stack:
        stack.lose(OBJECTS_CREATED, DOCUMENTS_STORED)
        made: set[str] = set()

        def all_there() -> bool:
            made.update(topics.make_missing())
            return made == {OBJECTS_CREATED, DOCUMENTS_STORED}

        wait_until(all_there)
        assert topics.make_missing() == ()
        assert len(stack.raw(OBJECTS_CREATED)) == 0
    assert len(all_topics()) == len(set(place.topics))


def test_one_store_leads_and_another_follows_when_its_connection_ends(place: Installation) -> None:
    first, second = open_engine(place.database), open_engine(place.database)
    one, other = PostgresLead(first), PostgresLead(second)
    assert one.lead()
    assert not other.lead()
    assert one.lead(), "asked again it still leads"
    name = place.configuration.database
    with psycopg.connect(place.database_url("postgres"), autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE locktype = 'advisory' AND datname = %s",
            [name],
        )
    with pytest.raises(StoreUnavailable):
        one.lead()
    wait_until(other.lead)
    assert not one.lead()
    other.close()
    wait_until(one.lead)
    one.close()
    first.dispose()
    second.dispose()


def test_of_two_stores_one_leads_and_the_other_takes_over_when_it_is_killed(place: Installation, tmp_path: Path) -> None:
    configuration = place.configuration
    ports = {**configuration.ports, "store-2": free_ports(1)[0]}
    both = Installation(place.layout, msgspec.structs.replace(configuration, ports=ports, processes={"store": 2}))
    with running(both, tmp_path / "logs", TIEOUT_ACTIVATE=first_versions()) as stack:
        stack.start("store")
        wait_until(lambda: stack.metric("store", "tieout_store_leads") == 1)
        stack.start("store-2", "extractor", "normalizer", "validator")
        stack.put("a.pdf", Made(2).pdf())
        stack.wait_settled(1)
        assert stack.metric("store-2", "tieout_store_leads") == 0
        stack.stop("store", kill=True)
        stack.put("b.pdf", Made(3).pdf())
        stack.wait_settled(2)
        assert stack.metric("store-2", "tieout_store_leads") == 1
        assert [row.outcome for row in stack.rows()] == ["stored"] * 2


def test_killed_before_and_after_each_durable_step_the_store_leaves_the_same_rows(stack: Running, tmp_path: Path) -> None:
    faults = tmp_path / "faults"
    points = ("before_dispatch", "after_publish", "before_database_commit", "after_database_commit", "before_publish", "before_commit")
    faults.write_text("".join(f"store:{point}:kill!\n" for point in points))
    stack.settings["TIEOUT_FAULT_POINTS"] = f"file:{faults}"
    fired = Path(f"{faults}.fired")
    for number in range(4):
        stack.put(f"killed/{number}.pdf", Made(4 + number).pdf())
    stack.start("extractor", "normalizer", "validator")

    def supervised() -> bool:
        store = stack.processes.get("store")
        if store is None or store.poll() is not None:
            stack.launch("store")
        rows = stack.rows()
        return len(rows) == 4 and all(row.outcome and not row.under_way for row in rows)

    wait_until(supervised, 120)
    wait_until(lambda: supervised() and len(fired.read_text().splitlines()) == len(points), 60)
    assert [row.outcome for row in stack.rows()] == ["stored"] * 4
    with stack.database() as database:
        assert len(database.store.documents()) == 4
        assert database.ledger.dead_letters() == []
    ids = {(body["document"]["id"], body["submission"]["object"]["version"]) for body in stack.records(DOCUMENTS_STORED)}
    assert len(ids) == 4
    assert stack.audit().holes == ()


def test_a_database_that_is_away_is_waited_for_and_nothing_is_lost(stack: Running) -> None:
    stack.start()
    stack.put("a.pdf", Made(8).pdf())
    stack.wait_settled(1)
    name = sql.Identifier(stack.place.configuration.database)
    with psycopg.connect(stack.place.database_url("postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(name))
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [stack.place.configuration.database]
        )
        stack.put("b.pdf", Made(9).pdf())
        time.sleep(6)
        assert stack.processes["store"].poll() is None, "it waits"
        connection.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(name))
    stack.wait_settled(2)
    assert stack.outcomes() == ["stored", "stored"]
    assert stack.audit().holes == ()


def test_garbage_on_the_notification_topic_holds_nothing_up(stack: Running) -> None:
    import asyncio

    from aiokafka import AIOKafkaProducer

    async def send() -> None:
        async with AIOKafkaProducer(bootstrap_servers=stack.place.bootstrap) as producer:
            topic = stack.place.topic("objects.notified")
            keys = ("../..", "k" * 3000, "a\x00b", "a//b", ".")
            records = [{"s3": {"bucket": {"name": stack.place.inbox}, "object": {"key": key, "versionId": "none"}}} for key in keys]
            odd = [json.dumps({"Records": [record]}).encode() for record in records]
            for body in (b"", b"\xff\xfe", b"{}", b"null", *odd):
                await producer.send_and_wait(topic, body, key=b"\xff", headers=[("odd", b"\xff"), ("content-type", b"\xfe")])

    stack.start("store")
    asyncio.run(send())
    wait_until(lambda: stack.metric("store", "tieout_notifications_total") >= 9)
    stack.put("a.pdf", b"A")
    wait_until(lambda: len(stack.rows()) == 1)
    assert stack.raw("store.dead-letters") == []
    assert stack.raw("events.deferred") == []
