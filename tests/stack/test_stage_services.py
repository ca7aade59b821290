"""The three stages as processes on real servers: the same bytes as the embedded run, and nothing lost by a process that dies."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path
from typing import Any

import aiokafka
import msgspec
import pytest
from stack.stage_bench import STAGES, is_ready, publish, running, storage_of
from stage_events import created

from shared.canonical import digest
from shared.contracts.events import DocumentValidated
from shared.contracts.rejected import Rejected
from shared.envelope import from_headers
from shared.limits import Limits
from shared.storage.artifacts import ArtifactBucket
from shared.topics import DOCUMENTS_REJECTED, DOCUMENTS_VALIDATED
from tieout.embedded import Embedded
from tieout.installation.installation import Installation

pytestmark = pytest.mark.stack

SAMPLES = sorted((Path(__file__).resolve().parents[2] / "samples").glob("*.pdf"))
SECONDS = 120


async def ready(place: Installation) -> None:
    async with asyncio.timeout(SECONDS):
        while not all([await asyncio.to_thread(is_ready, place, service) for service in STAGES]):
            await asyncio.sleep(0.1)


async def ends(place: Installation, wanted: int) -> dict[str, Any]:
    """The last events of documents, by object id, once there are as many as wanted."""
    topics = [place.topic(DOCUMENTS_VALIDATED), place.topic(DOCUMENTS_REJECTED)]
    consumer = aiokafka.AIOKafkaConsumer(
        *topics, bootstrap_servers=place.bootstrap, auto_offset_reset="earliest", max_partition_fetch_bytes=10_000_000
    )
    await consumer.start()
    found: dict[str, Any] = {}
    try:
        async with asyncio.timeout(SECONDS):
            while len(found) < wanted:
                record = await consumer.getone()
                found[from_headers(record.headers).object] = record
        return found
    finally:
        await consumer.stop()


def embedded(paths: list[Path], staging: Path) -> dict[str, dict[str, bytes] | Rejected]:
    """What the embedded run makes of documents: results by stage, or the rejection."""
    staging.mkdir()
    with Embedded("validate", 2, Limits(), staging) as run:
        return {
            path.name: result.rejected or {stage: file.read_bytes() for stage, file in result.files.items()}
            for path, result in run.process(paths)
        }


async def compare(place: Installation, paths: list[Path], folder: Path) -> None:
    """Sends documents through the services; every artifact has to equal the embedded run's."""
    storage = storage_of(place)
    artifacts = ArtifactBucket(storage, place.artifacts)
    expected = await asyncio.to_thread(embedded, paths, folder / "staging")
    with running(place, folder):
        await ready(place)
        events = {path.name: created(storage.put_file(place.inbox, f"财政局/{path.name}", path)) for path in paths}
        await publish(place, list(events.values()))
        found = await ends(place, len(paths))
    for name, result in expected.items():
        envelope = events[name].envelope
        assert envelope is not None
        record = found[envelope.object]
        if isinstance(result, Rejected):
            told = msgspec.json.decode(record.value, type=Rejected)
            assert (told.code, told.message) == (result.code, result.message)
            continue
        event = msgspec.json.decode(record.value, type=DocumentValidated)
        for stage, data in result.items():
            assert getattr(event.runs, stage).digest == digest(data), f"{name}: {stage}"
            assert artifacts.get(digest(data)) == data
        assert event.submission.name == name
    assert list(storage.keys(place.artifacts, "attempts/")) == [], "attempts are forgotten at the end"


async def test_the_samples_give_the_bytes_of_the_embedded_run(place: Installation, tmp_path: Path) -> None:
    await compare(place, SAMPLES, tmp_path)


@pytest.mark.corpus
async def test_the_corpus_gives_the_bytes_of_the_embedded_run(place: Installation, tmp_path: Path, corpus: Path) -> None:
    paths = sorted(corpus.rglob("*.pdf"))
    assert paths
    await compare(place, paths, tmp_path)


async def test_services_that_are_killed_in_their_work_finish_it_when_they_are_started_again(place: Installation, tmp_path: Path) -> None:
    storage = storage_of(place)
    events = [created(storage.put_file(place.inbox, path.name, path)) for path in SAMPLES]
    with running(place, tmp_path, TIEOUT_FAULT_POINTS="*:after_artifact:kill", TIEOUT_SESSION_SECONDS="2") as doomed:
        await publish(place, events)
        async with asyncio.timeout(SECONDS):
            while doomed["extractor"].poll() is None:
                await asyncio.sleep(0.1)
        assert doomed["extractor"].returncode == -signal.SIGKILL
    begun = list(storage.keys(place.artifacts, "attempts/extractor/"))
    assert begun, "the attempt was durable before the work"
    with running(place, tmp_path, TIEOUT_SESSION_SECONDS="2"):
        found = await ends(place, len(events))
        assert len(found) == len(SAMPLES)
    assert list(storage.keys(place.artifacts, "attempts/")) == []
