"""An installation under test: started by the same command as anyone's, disturbed through its processes, judged from outside."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from chaos.judgement import IDENTITIES, Judgement
from made_disclosures import Made
from minio import Minio
from minio.credentials import AWSConfigProvider

from tieout.installation.installation import Installation

ROOT = Path(__file__).resolve().parents[2]

QUICK = {
    "TIEOUT_SESSION_SECONDS": "3",
    "TIEOUT_SWEEP_SECONDS": "3",
    "TIEOUT_STALLED_SECONDS": "15",
    "TIEOUT_RETRY_SECONDS": "3",
}
"""Settings that make a small installation notice quickly what a large one notices in minutes."""


def tieout(*arguments: str | Path, timeout: float = 600, codes: Iterable[int] = (0,)) -> str:
    """What a command prints. Raises AssertionError where it ends with another exit code."""
    command = [str(ROOT / "bin" / "tieout"), *map(str, arguments), "--lang", "en"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=False)
    assert done.returncode in codes, f"{' '.join(command[1:])}: exit code {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
    return done.stdout


def undisturbed(folder: Path, data: Path) -> str:
    """The digest of the embedded run over a folder."""
    tieout("run", folder, "--data", data, "--quiet", codes=(0, 1, 3))
    return tieout("export", "--digest", "--data", data).strip()


@dataclass
class Site:
    """A running installation in a folder of its own. `put` counts what it put; faults are counted by name."""

    data: Path
    installation: Installation
    objects: int = 0
    began: float = field(default_factory=time.monotonic)
    faults: dict[str, int] = field(default_factory=dict)

    @classmethod
    def up(cls, data: Path, settings: Mapping[str, str] = QUICK, *arguments: str) -> Site:
        """Starts an installation with everything in it, on free ports."""
        chosen = [item for name, value in settings.items() for item in ("--env", f"{name}={value}")]
        tieout("up", "--data", data, "--ports", "auto", *chosen, *arguments)
        return cls(data, Installation.open(data))

    def down(self) -> None:
        """Stops everything and removes the data."""
        tieout("down", "--data", self.data, codes=(0, 5))
        shutil.rmtree(self.data, ignore_errors=True)

    # Work

    def s3(self) -> Minio:
        """A client as anyone has."""
        credentials = AWSConfigProvider(filename=str(self.installation.s3_credentials_file))
        return Minio(self.installation.endpoint.removeprefix("http://"), credentials=credentials, secure=False)

    def put(self, made: Iterable[Made], department: str = "财政局") -> None:
        """Puts disclosures one after the other; a storage that is away is tried again."""
        import io

        client = self.s3()
        self.tell("putting")
        for each in made:
            data = each.pdf()
            self._until_answered(lambda data=data, each=each: client.put_object(
                self.installation.inbox, f"{department}/{each.name}", io.BytesIO(data), len(data), "application/pdf"
            ))  # fmt: skip
            self.objects += 1

    @staticmethod
    def _until_answered(call: Any, seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while True:
            try:
                call()
                return
            except Exception:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.3)

    # Faults

    def count(self, fault: str) -> None:
        """Notes that a fault was made."""
        self.faults[fault] = self.faults.get(fault, 0) + 1
        self.tell(fault)

    def tell(self, what: str) -> None:
        """A line with the time, for who looks on (pytest shows it where a test fails)."""
        print(f"{time.monotonic() - self.began:6.1f} s  {what}", file=sys.stderr, flush=True)

    def kill(self, name: str) -> None:
        """SIGKILL to a part."""
        self.installation.kill(name, signal.SIGKILL)
        self.count(f"SIGKILL {name}")

    def freeze(self, name: str, seconds: float) -> None:
        """SIGSTOP for longer than the session lasts, then SIGCONT."""
        pids = self.installation.kill(name, signal.SIGSTOP)
        self.count(f"SIGSTOP {name}")
        time.sleep(seconds)
        for pid in pids:
            try:
                os.kill(pid, signal.SIGCONT)
            except ProcessLookupError:
                continue

    def outage(self, name: str, seconds: float) -> None:
        """A server is stopped and started again on its data."""
        self.installation.stop(name)
        self.count(f"outage of {name}")
        time.sleep(seconds)
        self.installation.start(name)

    def leader(self, short: str) -> str:
        """The process of the broker that leads a topic's first partition."""
        import asyncio

        from aiokafka.admin import AIOKafkaAdminClient

        async def ask() -> int:
            admin = AIOKafkaAdminClient(bootstrap_servers=self.installation.bootstrap)
            await admin.start()
            try:
                (topic,) = await admin.describe_topics([self.installation.topic(short)])
                return int(next(partition["leader"] for partition in topic["partitions"] if partition["partition"] == 0))
            finally:
                await admin.close()

        node = asyncio.run(ask())
        return "kafka" if node == 1 else f"kafka-{node}"

    def committed(self, service: str, short: str) -> int:
        """The sum of the offsets that a service has committed on a topic; 0 while it has committed none."""
        import asyncio

        from aiokafka.admin import AIOKafkaAdminClient

        async def ask() -> int:
            admin = AIOKafkaAdminClient(bootstrap_servers=self.installation.bootstrap)
            await admin.start()
            try:
                topic = self.installation.topic(short)
                offsets = await admin.list_consumer_group_offsets(f"{topic.removesuffix(short)}{service}.{short}")
                return sum(max(0, each.offset) for partition, each in offsets.items() if partition.topic == topic)
            finally:
                await admin.close()

        return asyncio.run(ask())

    def delete_topic(self, short: str) -> None:
        """A topic is deleted with all that is on it; the store makes it again."""
        import asyncio

        from aiokafka.admin import AIOKafkaAdminClient

        async def delete() -> None:
            admin = AIOKafkaAdminClient(bootstrap_servers=self.installation.bootstrap)
            await admin.start()
            try:
                await admin.delete_topics([self.installation.topic(short)])
            finally:
                await admin.close()

        asyncio.run(delete())
        self.count(f"topic {short} deleted")

    def repeat_everything(self, topics: Iterable[str]) -> int:
        """Sends every record that lies on these topics once more, as it is; returns how many."""
        import asyncio

        from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

        async def repeat() -> int:
            names = [self.installation.topic(short) for short in topics]
            consumer = AIOKafkaConsumer(*names, bootstrap_servers=self.installation.bootstrap, auto_offset_reset="earliest")
            producer = AIOKafkaProducer(bootstrap_servers=self.installation.bootstrap, acks="all", max_request_size=9_000_000)
            await consumer.start()
            await producer.start()
            try:
                ends = await consumer.end_offsets(consumer.assignment())
                records = []
                while any([await consumer.position(partition) < end for partition, end in ends.items()]):
                    for batch in (await consumer.getmany(timeout_ms=500)).values():
                        records += list(batch)
                records = [record for record in records if record.offset < next(
                    end for partition, end in ends.items() if (partition.topic, partition.partition) == (record.topic, record.partition)
                )]  # fmt: skip
                for record in records:
                    await producer.send_and_wait(record.topic, record.value, key=record.key, headers=list(record.headers))
                return len(records)
            finally:
                await consumer.stop()
                await producer.stop()

        repeated = asyncio.run(repeat())
        self.faults["events delivered again"] = self.faults.get("events delivered again", 0) + repeated
        return repeated

    def send_garbage(self, topics: Iterable[str]) -> int:
        """Records that no service of ours would send: bad JSON, no envelope, null and non-UTF-8 headers, an unknown version."""
        import asyncio

        from aiokafka import AIOKafkaProducer

        async def send() -> int:
            producer = AIOKafkaProducer(bootstrap_servers=self.installation.bootstrap, acks="all")
            await producer.start()
            sent = 0
            try:
                for short in topics:
                    name = self.installation.topic(short)
                    good = [("ce_specversion", b"1.0"), ("ce_id", b"x"), ("ce_source", b"/x"), ("ce_type", b"x"), ("ce_subject", b"x")]
                    for body, headers in (
                        (b"{not json", []),
                        (b"{}", [("ce_id", b"\xff\xfe"), ("null", None)]),
                        (b"[1]", good),
                        (b'{"schema":"tieout.extracted/99"}', good),
                        (b"\0" * 500_000, []),
                    ):
                        await producer.send_and_wait(name, body, key=b"garbage", headers=headers)  # type: ignore[arg-type]  # null is legal
                        sent += 1
            finally:
                await producer.stop()
            return sent

        sent = asyncio.run(send())
        self.faults["garbage records"] = self.faults.get("garbage records", 0) + sent
        return sent

    # The database of yesterday

    def back_up_database(self) -> None:
        """Copies the database as it is now."""
        with self._database_stopped() as folder:
            shutil.rmtree(self.data / "backup", ignore_errors=True)
            shutil.copytree(folder, self.data / "backup", symlinks=True)
            _same_owner(folder, self.data / "backup")

    def restore_database(self) -> None:
        """Puts the copy in place of the present database, while everything else runs on."""
        with self._database_stopped() as folder:
            shutil.rmtree(folder)
            shutil.copytree(self.data / "backup", folder, symlinks=True)
            _same_owner(self.data / "backup", folder)
        self.count("yesterday's database restored")

    def _database_stopped(self) -> Any:
        from contextlib import contextmanager

        @contextmanager
        def stopped() -> Any:
            self.installation.stop("postgres")
            try:
                yield self.installation.layout.cluster
            finally:
                self.installation.start("postgres")

        return stopped()

    # Judging

    def audit(self) -> dict[str, Any]:
        """`tieout audit --json`; while a server is away it is asked again."""
        deadline = time.monotonic() + 60
        while True:
            try:
                return dict(json.loads(tieout("audit", "--json", "--data", self.data, codes=(0, 1))))
            except (AssertionError, subprocess.TimeoutExpired):
                if time.monotonic() > deadline:
                    raise
                time.sleep(1)

    def rest(self, bound: float) -> tuple[dict[str, Any], float]:
        """Waits until every object put is settled and nothing is under way, or the bound is over; the audit and the seconds it took."""
        began = time.monotonic()
        while True:
            audit = self.audit()
            settled = sum(audit[name] for name in ("stored", "rejected", "dead_lettered", "gone"))
            quiet = settled == self.objects and not audit["in_flight"] and not audit["holes"] and not self._queued()
            if quiet or time.monotonic() - began > bound:
                return audit, time.monotonic() - began
            time.sleep(0.5)

    def _queued(self) -> int:
        return self.ask("SELECT count(*) FROM outbox")

    def ask(self, query: str) -> int:
        """One number out of the database."""
        with psycopg.connect(self.installation.database) as connection:
            row = connection.execute(query).fetchone()  # type: ignore[arg-type]  # queries are ours
            return int(row[0] or 0) if row else 0

    def times(self, kind: str) -> list[datetime]:
        """When steps of a kind happened, in order."""
        with psycopg.connect(self.installation.database) as connection:
            rows = connection.execute("SELECT at FROM steps WHERE kind = %s ORDER BY at", (kind,)).fetchall()
        return [datetime.fromisoformat(row[0]) for row in rows]

    def judge(self, undisturbed_digest: str, bound: float) -> Judgement:
        """Waits for rest and takes all figures."""
        self.tell("waiting for rest")
        audit, seconds = self.rest(bound)
        self.tell("at rest")
        duplicates = {
            table: self.ask(f"SELECT count(*) - count(DISTINCT ({', '.join(columns)})) FROM {table}")
            for table, columns in IDENTITIES.items()
        }
        return Judgement(
            expected_objects=self.objects,
            audit=audit,
            digest=tieout("export", "--digest", "--data", self.data).strip(),
            undisturbed=undisturbed_digest,
            duplicates=duplicates,
            attempts=self.ask("SELECT max(attempts) FROM steps"),
            seconds=seconds,
            bound=bound,
            faults=dict(self.faults),
            restarts_by_sweep=self.ask("SELECT sum(restarts) FROM ledger"),
        )


def _same_owner(model: Path, copy: Path) -> None:
    """PostgreSQL insists on owning its folder: a copy made by root is given to the owner of the original."""
    owner = model.stat()
    for path in (copy, *copy.rglob("*")):
        os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)
