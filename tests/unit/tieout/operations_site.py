"""An installation elsewhere for tests of the operating commands: a SQLite ledger, a bucket in memory, and a Kafka that listens or is away."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from services.store.adapters.engine import open_engine
from services.store.adapters.sql_ledger import SqlLedger
from services.store.domain.ledger import DeadLetter, FoundObject, Step
from shared.contracts.common import ObjectRef, Submission
from shared.contracts.events import Decision
from shared.ids import object_id
from shared.storage.memory import MemoryStorage
from tieout.operations import decide
from tieout.operations.clients import Record
from tieout.operations.target import Target

INBOX, ARTIFACTS = "inbox", "artifacts"
T0 = datetime(2025, 11, 21, 8, 0, tzinfo=UTC)
DOCUMENT = "sha256:" + "ab" * 32


@dataclass
class Site:
    """What the commands of a test act on. `applies`: the store listens and carries decisions out. `broker_away`: Kafka does not answer."""

    folder: Path
    storage: MemoryStorage
    ledger: SqlLedger
    applies: bool = True
    broker_away: bool = False
    sent: list[Record] = field(default_factory=list)
    kept_when_sent: list[int] = field(default_factory=list)

    @property
    def data(self) -> list[str]:
        """The option that names the (empty) data folder."""
        return ["--data", str(self.folder / "data")]

    def kept(self) -> list[Decision]:
        """The decisions that lie in the bucket, in order."""
        return [msgspec.json.decode(self.storage.get(ARTIFACTS, key), type=Decision) for key in self.storage.keys(ARTIFACTS, "decisions/")]

    async def send(self, target: Target, records: list[Record]) -> None:
        """Takes the place of Kafka, and of the store that listens to it."""
        if self.broker_away:
            raise target.down("Kafka", "Kafka", target.settings.kafka_bootstrap, "away")
        self.kept_when_sent.append(len(self.kept()))
        self.sent += records
        for record in records if self.applies else ():
            self.ledger.apply(msgspec.json.decode(record.body, type=Decision), T0)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    """An installation named by TIEOUT_* variables."""
    url = f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    made = Site(tmp_path, MemoryStorage(INBOX, ARTIFACTS), SqlLedger(open_engine(url)))
    for name, value in {
        "TIEOUT_DATABASE": url,
        "TIEOUT_S3_ENDPOINT": "http://127.0.0.1:9",
        "TIEOUT_S3_BUCKET": INBOX,
        "TIEOUT_S3_ARTIFACTS": ARTIFACTS,
        "TIEOUT_KAFKA_BOOTSTRAP": "127.0.0.1:9",
        "LC_ALL": "en_GB.UTF-8",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(Target, "storage", lambda _: made.storage)
    monkeypatch.setattr(decide, "send", made.send)
    monkeypatch.setattr(decide, "_PATIENCE_SECONDS", 0.0)
    return made


def found(key: str, version: str = "v1", department: str | None = None) -> FoundObject:
    """An object of the inbox as intake notes it."""
    place = ObjectRef(bucket=INBOX, key=key, version=version, last_modified="2026-11-21T07:59:00Z")
    submission = Submission(name=key.rpartition("/")[2], department=department, object=place)
    return FoundObject(object=object_id(INBOX, key, version), submission=submission, size=10, etag="e")


def arrived(site: Site, key: str, version: str = "v1", department: str | None = None) -> str:
    """An object that the ledger knows since T0; returns its id."""
    each = found(key, version, department)
    site.ledger.note_object(each, T0)
    return each.object


def step(site: Site, identifier: str, kind: Any, after: float, **about: Any) -> None:
    """Tells the ledger a step, `after` seconds after T0."""
    about = {"event": f"evt:{identifier[4:]}{kind}", **about}
    site.ledger.note_step(Step(object=identifier, kind=kind, at=T0 + timedelta(seconds=after), **about))


def letter(identifier: str, **about: Any) -> DeadLetter:
    """A dead letter of the extractor."""
    values: dict[str, Any] = {
        "id": f"dead:{identifier * 8}", "service": "extractor", "topic": "objects.created", "partition": 2, "offset": 17,
        "key": "inbox/教育局/a.pdf".encode(), "headers": (("ce_id", b"evt:1"), ("null", None), ("raw", b"\xff")), "value": b'{"secret":"1,234.56"}',
        "event": f"evt:{identifier}", "object": None, "document": None, "code": "crashed", "error": "WorkerEndedError", "message": "signal 11",
        "stack": "ab12", "attempts": 2, "first_at": "2026-11-21T08:00:01.000Z", "last_at": "2026-11-21T08:00:09.000Z", "producer": "0.1.0",
    }  # fmt: skip
    return DeadLetter(**{**values, **about})
