"""The three stages as services, on a storage in memory: the same artifacts as the embedded run, work done once, every end told."""

from __future__ import annotations

import asyncio
import errno
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from filing_documents import changed, claim, named, reconciled
from service.hostile_pdfs import bomb, good_pdf, prose_without_figures
from stage_events import INBOX, KEPT, created, received
from validator_documents import Block, Paper, item, total

import services.extractor.app
import services.normalizer.app
import services.validator.app
from services.extractor.events import on_object_created
from shared.canonical import canonical_json, digest
from shared.contracts.common import Submission
from shared.contracts.events import DocumentValidated, Reference, Runs
from shared.contracts.filing import Filing, FilingChanged
from shared.contracts.rejected import Rejected
from shared.delivery.messages import Outgoing, Received
from shared.delivery.service import ServiceApp
from shared.envelope import Envelope
from shared.failures import PoisonError, TransientError
from shared.ids import event_id, filing_id
from shared.limits import Limits
from shared.settings import Settings
from shared.stage import Stage, empty_scratch
from shared.storage.artifacts import ArtifactBucket, ArtifactMissingError
from shared.storage.memory import MemoryStorage
from shared.storage.runs import RunIndex
from shared.telemetry import metrics
from shared.telemetry.meter import METER
from shared.topics import DOCUMENTS_REJECTED, DOCUMENTS_VALIDATED, FACTS_NORMALIZED, FILINGS_CHANGED, OBJECTS_CREATED, TABLES_EXTRACTED
from tieout.embedded import Embedded

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = sorted((ROOT / "samples").glob("*.pdf"))
STAGES = {"extract": "extracted", "normalize": "normalized", "validate": "validated"}


class Pipeline:
    """The three services, without a broker between them."""

    def __init__(self, work: Path, limits: Limits | None = None, **settings: object) -> None:
        self.storage = MemoryStorage(INBOX, KEPT)
        self.artifacts = ArtifactBucket(self.storage, KEPT)
        configured = Settings(s3_bucket=INBOX, s3_artifacts=KEPT, work=work, **settings)
        apps = (services.extractor.app, services.normalizer.app, services.validator.app)
        self.apps: list[ServiceApp] = [app.create_app(configured, self.storage, limits) for app in apps]

    async def send(self, event: Received) -> list[Outgoing]:
        """What the service that listens to a topic makes of an event."""
        (handler,) = (each.handler for app in self.apps for each in app.subscriptions if each.topic == event.topic)
        return list(await handler(event))

    async def all(self, event: Received) -> dict[str, Outgoing]:
        """All events that follow, by topic."""
        found: dict[str, Outgoing] = {}
        waiting = [event]
        while waiting:
            for sent in await self.send(waiting.pop()):
                assert sent.topic not in found
                found[sent.topic] = sent
                if sent.topic in (TABLES_EXTRACTED, FACTS_NORMALIZED):
                    waiting.append(received(sent))
        return found

    def put(self, name: str, data: bytes) -> Received:
        return created(self.storage.put(INBOX, f"财政局/{name}", data))

    async def stop(self) -> None:
        for app in self.apps:
            for stop in app.on_stop:
                await stop()


@pytest.fixture
async def pipeline(tmp_path: Path) -> AsyncIterator[Pipeline]:
    made = Pipeline(tmp_path / "work")
    yield made
    await made.stop()
    assert not list((tmp_path / "work").glob("*")), "nothing is left of documents that were read"


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, bytes] | Rejected]:
    """What the embedded run makes of the samples: results by stage, or the rejection."""
    found: dict[str, dict[str, bytes] | Rejected] = {}
    with Embedded("validate", 2, Limits(), tmp_path_factory.mktemp("staging")) as run:
        for path, result in run.process(SAMPLES):
            found[path.name] = result.rejected or {stage: file.read_bytes() for stage, file in result.files.items()}
    return found


async def test_the_services_make_the_same_bytes_of_the_samples_as_the_embedded_run(
    pipeline: Pipeline, embedded: dict[str, dict[str, bytes] | Rejected]
) -> None:
    ends = set()
    for path in SAMPLES:
        events = await pipeline.all(pipeline.put(path.name, path.read_bytes()))
        expected = embedded[path.name]
        if isinstance(expected, Rejected):
            told = msgspec.json.decode(events[DOCUMENTS_REJECTED].body, type=Rejected)
            assert (told.code, told.message) == (expected.code, expected.message)
            ends.add("rejected")
            continue
        runs = msgspec.json.decode(events[DOCUMENTS_VALIDATED].body, type=DocumentValidated).runs
        for stage, data in expected.items():
            assert getattr(runs, stage).digest == digest(data)
            assert pipeline.artifacts.get(getattr(runs, stage).digest) == data
        ends.add("validated")
    assert ends == {"rejected", "validated"}


async def test_every_event_names_submission_runs_ledger_id_and_trace(pipeline: Pipeline) -> None:
    first = pipeline.put("a.pdf", SAMPLES[0].read_bytes())
    first = msgspec_replaced(first, reason="reprocess", lane="bulk")
    events = await pipeline.all(first)
    document = digest(SAMPLES[0].read_bytes())
    versions = []
    for topic, stage in ((TABLES_EXTRACTED, "extract"), (FACTS_NORMALIZED, "normalize"), (DOCUMENTS_VALIDATED, "validate")):
        sent = events[topic]
        body = msgspec.json.decode(sent.body)
        assert first.envelope is not None
        assert (sent.key, sent.envelope.subject, sent.envelope.type) == (document, document, f"tieout.{topic}")
        assert (sent.envelope.object, sent.envelope.traceparent) == (first.envelope.object, first.envelope.traceparent)
        assert (sent.envelope.reason, sent.envelope.lane, sent.envelope.dataschema) == ("reprocess", "bulk", body["schema"])
        assert body["submission"]["name"] == "a.pdf"
        versions.append((stage, sent.envelope.producer))
        assert [(name, run["version"]) for name, run in body["runs"].items() if run] == versions
    validated = msgspec.json.decode(events[DOCUMENTS_VALIDATED].body, type=DocumentValidated)
    assert validated.filing == filing_id(validated.document)


def msgspec_replaced(event: Received, **attributes: object) -> Received:
    assert event.envelope is not None
    return replace(event, envelope=msgspec.structs.replace(event.envelope, **attributes))


async def test_the_same_bytes_under_another_name_cost_no_work_and_are_told_for_their_own_submission(pipeline: Pipeline) -> None:
    data = SAMPLES[1].read_bytes()
    first = await pipeline.all(pipeline.put("a.pdf", data))
    before = [call for call in pipeline.storage.calls if call == "write"]
    second = await pipeline.all(pipeline.put("b.pdf", data))
    assert [call for call in pipeline.storage.calls if call == "write"] == before, "nothing was made again"
    for topic in first:
        one, other = msgspec.json.decode(first[topic].body), msgspec.json.decode(second[topic].body)
        assert (one.pop("submission")["name"], other.pop("submission")["name"]) == ("a.pdf", "b.pdf")
        assert one == other
        assert first[topic].envelope.id != second[topic].envelope.id


async def test_an_event_that_comes_again_is_answered_by_the_same_events(pipeline: Pipeline) -> None:
    event = pipeline.put("a.pdf", SAMPLES[1].read_bytes())
    first, second = await pipeline.all(event), await pipeline.all(event)
    assert {topic: (sent.key, sent.envelope, sent.body) for topic, sent in first.items()} == {
        topic: (sent.key, sent.envelope, sent.body) for topic, sent in second.items()
    }


async def test_forced_work_is_done_although_a_run_is_finished(pipeline: Pipeline) -> None:
    event = pipeline.put("a.pdf", SAMPLES[1].read_bytes())
    first = await pipeline.send(event)
    pipeline.storage.calls.clear()
    again = await pipeline.send(msgspec_replaced(event, force=True))
    assert pipeline.storage.calls.count("write") == 2, "artifact and run"
    assert again == first, "the same content has the same id"


async def test_a_missing_artifact_of_this_stage_is_made_again_and_one_of_the_stage_before_is_waited_for(pipeline: Pipeline) -> None:
    event = pipeline.put("a.pdf", SAMPLES[1].read_bytes())
    (tables,) = await pipeline.send(event)
    made = run_digest(tables, "extract")
    pipeline.artifacts.remove(made)
    assert await pipeline.send(event) == [tables]
    assert pipeline.artifacts.has(made)
    pipeline.artifacts.remove(made)
    by_reference = replace(received(tables), body=reference_to(tables, "extract"))
    with pytest.raises(ArtifactMissingError) as problem:
        await pipeline.send(by_reference)
    assert problem.value.code == "artifact.missing"


def run_digest(sent: Outgoing, stage: str) -> str:
    return str(msgspec.json.decode(sent.body)["runs"][stage]["digest"])


def reference_to(sent: Outgoing, stage: str) -> bytes:
    body = msgspec.json.decode(sent.body)
    return msgspec.json.encode(
        Reference(
            document=sent.key,
            submission=msgspec.convert(body["submission"], type=Submission),
            runs=msgspec.convert(body["runs"], type=Runs),
            digest=run_digest(sent, stage),
            bytes=1,
        )
    )


async def test_a_damaged_artifact_of_a_finished_run_is_made_again(pipeline: Pipeline) -> None:
    event = pipeline.put("a.pdf", SAMPLES[1].read_bytes())
    (tables,) = await pipeline.send(event)
    made = run_digest(tables, "extract")
    (key,) = pipeline.storage.keys(KEPT, "artifacts/")
    pipeline.storage.put(KEPT, key, b"no gzip")
    assert await pipeline.send(event) == [tables]
    assert digest(pipeline.artifacts.get(made)) == made


async def test_payloads_over_the_limit_travel_by_reference_and_give_the_same_bytes(tmp_path: Path) -> None:
    small = Pipeline(tmp_path / "work", inline_bytes=1024)
    events = await small.all(small.put("a.pdf", SAMPLES[2].read_bytes()))
    await small.stop()
    for topic, stage in ((TABLES_EXTRACTED, "extract"), (FACTS_NORMALIZED, "normalize")):
        reference = msgspec.json.decode(events[topic].body, type=Reference)
        envelope = events[topic].envelope
        assert (envelope.dataschema, envelope.digest) == ("tieout.reference/1", run_digest(events[topic], stage))
        assert envelope.dataref == small.artifacts.address(reference.digest)
        assert reference.bytes == len(small.artifacts.get(reference.digest))
    validated = msgspec.json.decode(events[DOCUMENTS_VALIDATED].body, type=DocumentValidated)
    assert (validated.checks, validated.facts) == (msgspec.UNSET, msgspec.UNSET)
    assert events[DOCUMENTS_VALIDATED].envelope.digest == run_digest(events[DOCUMENTS_VALIDATED], "validate")
    assert validated.findings


@pytest.mark.parametrize("vanished", ["deleted", "purged", "replaced"])
async def test_an_object_that_vanished_before_it_was_read_is_gone(pipeline: Pipeline, vanished: str) -> None:
    bucket = "unversioned" if vanished == "replaced" else INBOX
    pipeline.storage.make_bucket(bucket, versioned=bucket == INBOX)
    stored = pipeline.storage.put(bucket, "财政局/a.pdf", b"%PDF one")
    event = created(stored)
    if vanished == "deleted":
        pipeline.storage.remove(bucket, stored.key)
    if vanished in ("deleted", "purged"):
        pipeline.storage.purge(bucket, stored.key, stored.version)
    else:
        pipeline.storage.put(bucket, stored.key, b"%PDF two")
    (sent,) = await pipeline.send(event)
    told = msgspec.json.decode(sent.body, type=Rejected)
    assert event.envelope is not None
    assert (sent.topic, told.code) == (DOCUMENTS_REJECTED, "gone")
    assert (sent.key, sent.envelope.subject) == (f"{bucket}/财政局/a.pdf", event.envelope.object)
    assert told.message.zh
    assert told.message.en


async def test_an_object_that_is_too_large_is_rejected_without_being_loaded(tmp_path: Path) -> None:
    few = Pipeline(tmp_path / "work", limits=replace(Limits(), file_bytes=1000))
    event = few.put("large.pdf", b"%PDF" + b" " * 2000)
    (sent,) = await few.send(event)
    assert msgspec.json.decode(sent.body, type=Rejected).code == "too_large"
    assert "download" not in few.storage.calls
    lying = msgspec.json.decode(event.body)
    lying["bytes"] = 10
    (sent,) = await few.send(replace(event, body=msgspec.json.encode(lying)))
    assert msgspec.json.decode(sent.body, type=Rejected).code == "too_large"
    await few.stop()


async def test_a_document_that_is_no_pdf_is_rejected_under_its_own_id(pipeline: Pipeline) -> None:
    (sent,) = await pipeline.send(pipeline.put("a.pdf", b"no PDF at all"))
    told = msgspec.json.decode(sent.body, type=Rejected)
    assert (told.code, sent.key, sent.envelope.subject) == ("not_a_pdf", digest(b"no PDF at all"), digest(b"no PDF at all"))


async def test_a_document_without_tables_and_claims_is_rejected_by_the_normaliser(pipeline: Pipeline) -> None:
    events = await pipeline.all(pipeline.put("a.pdf", prose_without_figures()))
    assert set(events) == {TABLES_EXTRACTED, DOCUMENTS_REJECTED}
    assert msgspec.json.decode(events[DOCUMENTS_REJECTED].body, type=Rejected).code == "nothing_to_check"
    assert events[DOCUMENTS_REJECTED].envelope.source == "tieout/normalizer"


async def test_a_child_that_does_not_survive_its_document_is_poison_and_the_next_document_is_read(tmp_path: Path) -> None:
    tight = Pipeline(tmp_path / "work", limits=replace(Limits(), memory_bytes=900_000_000))
    with pytest.raises(PoisonError) as problem:
        await tight.send(tight.put("bomb.pdf", bomb()))
    assert problem.value.code in ("memory", "crashed")
    (sent,) = await tight.send(tight.put("good.pdf", good_pdf()))
    assert sent.topic == TABLES_EXTRACTED
    await tight.stop()


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO])
async def test_a_full_disk_is_passing_and_leaves_nothing_behind(tmp_path: Path, number: int) -> None:
    storage = MemoryStorage(INBOX, KEPT)
    stage = Stage("extract", "1", ArtifactBucket(storage, KEPT), RunIndex(storage, KEPT), tmp_path, 1024, Limits())

    async def extract(pdf: Path, out: Path) -> None:
        out.write_bytes(b"half")
        raise OSError(number, "no")

    with pytest.raises(TransientError) as problem:
        await on_object_created(created(storage.put(INBOX, "a.pdf", b"%PDF")), stage, storage, extract)
    assert problem.value.code == "disk.unavailable"
    assert list(tmp_path.iterdir()) == []
    assert list(storage.keys(KEPT, "")) == []


async def test_a_scratch_folder_that_cannot_be_made_is_passing_and_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    blocked = Pipeline(tmp_path / "file" / "work")
    with pytest.raises(TransientError, match="TIEOUT_WORK"):
        await blocked.send(blocked.put("a.pdf", b"%PDF"))
    await blocked.stop()


def test_what_a_dead_process_left_is_removed_and_what_another_one_uses_stays(tmp_path: Path) -> None:
    dead = subprocess.Popen(["true"])
    dead.wait()
    for name in (f"document-{dead.pid}-a", f"document-{os.getppid()}-b", f"document-{os.getpid()}-c", "a department's own"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "document.pdf").write_bytes(b"")
    empty_scratch(tmp_path)
    assert {folder.name for folder in tmp_path.iterdir()} == {f"document-{os.getppid()}-b", "a department's own"}


async def test_a_run_is_noted_only_when_its_artifact_is_durable(tmp_path: Path) -> None:
    storage = MemoryStorage(INBOX, KEPT)
    stage = Stage("extract", "1", ArtifactBucket(storage, KEPT), RunIndex(storage, KEPT), tmp_path, 1024, Limits())
    order: list[str] = []
    write = storage.write
    storage.write = lambda bucket, key, data: (order.append(key.partition("/")[0]), write(bucket, key, data))[1]  # type: ignore[method-assign]

    async def extract(pdf: Path, out: Path) -> None:
        out.write_bytes(b"{}")

    await on_object_created(created(storage.put(INBOX, "a.pdf", b"%PDF")), stage, storage, extract)
    assert order == ["artifacts", "runs"]


@pytest.mark.parametrize("topic", [OBJECTS_CREATED, TABLES_EXTRACTED, FACTS_NORMALIZED, "filings.changed"])
@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b"{}", b'{"schema":"tieout.other/9"}'])
async def test_a_body_that_is_none_of_ours_is_poison(pipeline: Pipeline, topic: str, body: bytes) -> None:
    event = replace(pipeline.put("a.pdf", b""), topic=topic, body=body)
    with pytest.raises(PoisonError) as problem:
        await pipeline.send(event)
    assert problem.value.code == "payload.malformed"


async def test_second_readings_need_the_object_and_without_it_the_document_is_gone(pipeline: Pipeline) -> None:
    faulty = next(path for path in SAMPLES if path.name.startswith("3-"))
    event = pipeline.put("a.pdf", faulty.read_bytes())
    (tables,) = await pipeline.send(event)
    (facts,) = await pipeline.send(received(tables))
    place = msgspec.json.decode(facts.body)["submission"]["object"]
    pipeline.storage.purge(INBOX, place["key"], place["version"])
    (sent,) = await pipeline.send(received(facts))
    told = msgspec.json.decode(sent.body, type=Rejected)
    assert (sent.topic, told.code, sent.key) == (DOCUMENTS_REJECTED, "gone", digest(faulty.read_bytes()))


async def test_documents_are_worked_on_at_the_same_time_by_as_many_children_as_workers(tmp_path: Path) -> None:
    two = Pipeline(tmp_path / "work", workers=2)
    events = [two.put(f"{index}.pdf", good_pdf(pages=index + 1)) for index in range(6)]
    sent = await asyncio.gather(*(two.send(event) for event in events))
    assert len({each.key for (each,) in sent}) == 6
    await two.stop()


INCOME = Paper(
    "t1",
    "income_expenditure_summary",
    [Block("income", ("金额=amount",), (item("拨款", "90.00"), total("90.00", role="grand_total", label="收入总计", line="income_total")))],
    title="收支总表",
)
NARRATIVE = named("narrative", claims=[claim("2025年度收入总计", "91.23")], part="narrative")
TABLES = named("tables", INCOME, part="tables")


def filing_changed_event(change: FilingChanged) -> Received:
    body = canonical_json(change)
    envelope = Envelope(id=event_id("filings.changed", change.filing.id, digest(body)), source="s", type="t", subject=change.filing.id)
    return received(Outgoing(FILINGS_CHANGED, change.filing.id, envelope, body))


async def test_a_filing_of_two_documents_is_reconciled_from_their_artifacts(pipeline: Pipeline) -> None:
    for document in (NARRATIVE, TABLES):
        pipeline.artifacts.put(canonical_json(document))
    event = filing_changed_event(changed([NARRATIVE, TABLES]))
    before = METER.value(metrics.FILINGS, verdict=reconciled([NARRATIVE, TABLES]).verdict)
    (sent,) = await pipeline.send(event)
    expected = canonical_json(reconciled([NARRATIVE, TABLES]))
    filing = changed([NARRATIVE, TABLES]).filing.id
    assert METER.value(metrics.FILINGS, verdict=reconciled([NARRATIVE, TABLES]).verdict) == before + 1
    assert (sent.topic, sent.key, sent.envelope.subject) == ("filings.validated", filing, filing)
    assert sent.body == expected
    assert pipeline.artifacts.get(digest(expected)) == expected
    assert await pipeline.send(event) == [sent]


async def test_a_long_filing_leaves_its_checks_in_the_artifact(tmp_path: Path) -> None:
    small = Pipeline(tmp_path / "work", inline_bytes=1024)
    for document in (NARRATIVE, TABLES):
        small.artifacts.put(canonical_json(document))
    (sent,) = await small.send(filing_changed_event(changed([NARRATIVE, TABLES])))
    await small.stop()
    expected = reconciled([NARRATIVE, TABLES])
    told = msgspec.json.decode(sent.body, type=Filing)
    assert told == msgspec.structs.replace(expected, checks=())
    assert small.artifacts.get(sent.envelope.digest) == canonical_json(expected)
    assert sent.envelope.dataref == small.artifacts.address(sent.envelope.digest)


async def test_a_filing_waits_for_a_members_artifact_and_one_of_a_single_document_needs_no_verdict(pipeline: Pipeline) -> None:
    pipeline.artifacts.put(canonical_json(TABLES))
    with pytest.raises(ArtifactMissingError):
        await pipeline.send(filing_changed_event(changed([NARRATIVE, TABLES])))
    assert await pipeline.send(filing_changed_event(changed([TABLES]))) == []


@pytest.mark.parametrize("service", ["extractor", "normalizer", "validator"])
def test_a_services_own_process_imports_nothing_of_what_its_children_work_with(service: str) -> None:
    program = (
        f"import sys; from services.{service}.app import create_app; from shared.settings import Settings\n"
        "create_app(Settings(s3_access_key='a', s3_secret_key='s'))\n"
        f"heavy = ('numpy', 'pypdfium2', 'pdfplumber', 'services.{service}.domain', 'services.{service}.work')\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"
