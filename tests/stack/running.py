"""Services as processes on a test's own place (`tests/stack/conftest.py`), and questions to what they made of it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from stack.conftest import wait_until

from services.store.adapters.database import Database, open_database
from services.store.domain.arrivals import found_object, listed
from services.store.domain.ledger import Audit, LedgerRow
from shared.settings import Settings
from shared.storage.s3 import S3Storage
from shared.topics import SERVICES
from tieout.installation.installation import Installation
from tieout.installation.names import part_of
from tieout.installation.service_environment import versions_of_today

ROOT = Path(__file__).resolve().parents[2]

# Short enough for a test, long enough for its documents.
QUICK: Mapping[str, str] = {
    "TIEOUT_WORKERS": "1",
    "TIEOUT_SESSION_SECONDS": "6",
    "TIEOUT_SWEEP_SECONDS": "1",
    "TIEOUT_STALLED_SECONDS": "8",
    "TIEOUT_RETRY_SECONDS": "2",
    "TIEOUT_LOG_LEVEL": "info",
}


@dataclass
class Running:
    """A place with services on it. `settings`: TIEOUT_* variables of all services, above QUICK and the place's own. `programs`: what is started
    in place of a service.
    """

    place: Installation
    logs: Path
    settings: dict[str, str] = field(default_factory=dict)
    programs: dict[str, Path] = field(default_factory=dict)
    release: Path | None = None
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    # Services
    def pretend_release(self, release: str | None) -> None:
        """Services started from now on say that they are of another release (null: of their own), and so make other versions."""
        self.release = None if release is None else self.logs / f"release-{release}"
        if self.release is not None:
            self.release.mkdir(exist_ok=True)
            # Read by every Python at its start, also by the services' children.
            (self.release / "sitecustomize.py").write_text(f"import shared.versions\n\nshared.versions.RELEASE = {release!r}\n")

    def start(self, *names: str, **settings: str) -> None:
        """Starts services (all four without names) and waits until they are ready. Args: settings: TIEOUT_* variables of these alone."""
        for name in names or SERVICES:
            self.launch(name, **settings)
        for name in names or SERVICES:
            self.wait_ready(name)

    def launch(self, name: str, **settings: str) -> None:
        """Starts a service and does not wait."""
        environment = {**os.environ, **self.place.environment(name), **QUICK, **self.settings, **settings}
        environment["TIEOUT_WORK"] = str(self.logs / f"work-{name}")
        environment["PYTHONPATH"] = os.pathsep.join(map(str, [*([self.release] if self.release else []), ROOT]))
        program = self.programs.get(name)
        command = [sys.executable, *([str(program)] if program else ["-m", f"services.{part_of(name)}"])]
        with (self.logs / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(command, env=environment, stdout=log, stderr=log)

    def wait_ready(self, name: str) -> None:
        """Waits until a service answers that it is ready; shows the end of its log where it does not."""
        url = f"{self.place.service_url(name)}/readyz"
        try:
            wait_until(lambda: self._alive(name) and urllib.request.urlopen(url, timeout=2).status == 200, 60)
        except AssertionError:
            raise AssertionError(f"{name} is not ready:\n{self.log(name)[-4000:]}") from None

    def _alive(self, name: str) -> bool:
        assert self.processes[name].poll() is None, f"{name} ended with {self.processes[name].returncode}:\n{self.log(name)[-4000:]}"
        return True

    def log(self, name: str) -> str:
        """What a service has logged."""
        return (self.logs / f"{name}.log").read_text(errors="replace")

    def stop(self, *names: str, kill: bool = False) -> None:
        """Stops services (all without names): by SIGTERM, which drains, or by SIGKILL."""
        chosen = [self.processes.pop(name) for name in names or list(self.processes) if name in self.processes]
        for process in chosen:
            process.send_signal(signal.SIGKILL if kill else signal.SIGTERM)
        for process in chosen:
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(10)

    # The bucket
    @property
    def storage(self) -> S3Storage:
        """The place's object storage."""
        return S3Storage(Settings(**self._settings_values()))

    def _settings_values(self) -> dict[str, Any]:
        place = self.place
        return {
            "s3_endpoint": place.endpoint,
            "s3_credentials": place.s3_credentials_file,
            "s3_bucket": place.inbox,
            "s3_artifacts": place.artifacts,
        }

    def put(self, key: str, data: bytes, **metadata: str) -> str:
        """A file arrives; returns its version."""
        return self.storage.put(self.place.inbox, key, data, metadata).version

    # The database
    @contextlib.contextmanager
    def database(self) -> Iterator[Database]:
        """The place's store and ledger."""
        with open_database(self.place.database) as database:
            yield database

    def rows(self, folder: str = "") -> list[LedgerRow]:
        """The submissions below a folder of the bucket, in the order of their arrival."""
        with self.database() as database:
            found = [row for identifier, _ in database.ledger.known_objects() for row in database.ledger.row(identifier)]
        chosen = [row for row in found if row.submission.object and row.submission.object.key.startswith(folder)]
        return sorted(chosen, key=lambda row: (row.arrived_at, row.object))

    def outcomes(self) -> list[str | None]:
        """What became of the submissions."""
        return [row.outcome for row in self.rows()]

    def audit(self, stalled: float = 60) -> Audit:
        """The bucket against the ledger."""
        now = datetime.now(UTC)
        objects = (found_object(each.stored) for each in listed(self.storage.versions(self.place.inbox)))
        with self.database() as database:
            return database.ledger.audit(objects, now, now - timedelta(seconds=stalled))

    def wait_settled(self, submissions: int, folder: str = "", seconds: float = 120) -> list[LedgerRow]:
        """Waits until so many submissions are known below a folder of the bucket, and none is under way."""

        def settled() -> bool:
            rows = self.rows(folder)
            return len(rows) == submissions and all(row.outcome is not None and not row.under_way for row in rows)

        try:
            wait_until(settled, seconds)
        except AssertionError:
            shown = "\n".join(f"{row.submission.name} {row.outcome} {row.stage} {row.waiting} {row.under_way}" for row in self.rows())
            tails = "\n".join(f"== {name}\n{self.log(name)[-2500:]}" for name in self.processes)
            raise AssertionError(f"not settled after {seconds} s:\n{shown}\n{tails}") from None
        return self.rows(folder)

    # Kafka
    def records(self, topic: str) -> list[Any]:
        """All records of a topic, as JSON; headers are left out."""
        return [msgspec.json.decode(record.value) for record in self.raw(topic)]

    def raw(self, topic: str) -> list[Any]:
        """All records of a topic, from its beginning to its end of now."""
        return asyncio.run(_all(self.place.bootstrap, self.place.topic(topic)))

    def lose(self, *topics: str) -> None:
        """Topics are lost with everything on them."""
        asyncio.run(_delete(self.place.bootstrap, [self.place.topic(topic) for topic in topics]))

    def metric(self, name: str, metric: str) -> float:
        """The sum of a service's metric over all labels."""
        text = urllib.request.urlopen(f"{self.place.service_url(name)}/metrics", timeout=5).read().decode()
        lines = [line for line in text.splitlines() if line.startswith((metric + " ", metric + "{"))]
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines)


async def _delete(bootstrap: str, topics: list[str]) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        await admin.delete_topics(topics)
    finally:
        await admin.close()


async def _all(bootstrap: str, topic: str) -> list[Any]:
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False)
    await consumer.start()
    try:
        partitions = [
            TopicPartition(topic, each) for each in sorted(consumer.partitions_for_topic(topic) or await _partitions(consumer, topic))
        ]
        ends = await consumer.end_offsets(partitions)
        wanted = {partition: end for partition, end in ends.items() if end > 0}
        consumer.assign(list(wanted))
        found: list[Any] = []
        if not wanted:
            return found
        await consumer.seek_to_beginning(*wanted)
        while any([await consumer.position(partition) < end for partition, end in wanted.items()]):
            for records in (await consumer.getmany(timeout_ms=500)).values():
                found += records
        return found
    finally:
        await consumer.stop()


async def _partitions(consumer: AIOKafkaConsumer, topic: str) -> set[int]:
    metadata = await consumer._client.fetch_all_metadata()
    return metadata.partitions_for_topic(topic) or set()


@contextlib.contextmanager
def running(place: Installation, logs: Path, **settings: str) -> Iterator[Running]:
    """A place on which services can be started; they are stopped at the end."""
    logs.mkdir(parents=True, exist_ok=True)
    made = Running(place, logs, settings)
    try:
        yield made
    finally:
        made.stop()


def in_json(text: str) -> list[dict[str, Any]]:
    """The lines of a JSON log."""
    lines: Sequence[str] = text.splitlines()
    return [json.loads(line) for line in lines if line.startswith("{")]


first_versions = versions_of_today
"""TIEOUT_ACTIVATE with the versions of this release."""


def soon(condition: Callable[[], object], seconds: float = 60) -> None:
    """Waits until a condition holds."""
    wait_until(condition, seconds)
