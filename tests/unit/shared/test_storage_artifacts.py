"""Artifacts, finished runs, attempts and decisions in a bucket."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from shared.canonical import digest
from shared.contracts.events import Decision
from shared.storage.artifacts import ArtifactBucket, ArtifactMissingError, key_of
from shared.storage.attempts import Attempts
from shared.storage.decisions import Decisions
from shared.storage.memory import MemoryStorage
from shared.storage.ports import StorageUnavailableError
from shared.storage.runs import Run, RunIndex

DATA = '{"部门":"财政局"}'.encode() * 1000
BUCKET = "kept"


@pytest.fixture
def storage() -> MemoryStorage:
    return MemoryStorage(BUCKET, versioned=False)


@pytest.fixture
def artifacts(storage: MemoryStorage) -> ArtifactBucket:
    return ArtifactBucket(storage, BUCKET)


def test_an_artifact_lies_compressed_under_its_digest(storage: MemoryStorage, artifacts: ArtifactBucket) -> None:
    made = artifacts.put(DATA)
    assert made == digest(DATA)
    hexadecimal = made.removeprefix("sha256:")
    (key,) = storage.keys(BUCKET, "")
    assert key == f"artifacts/{hexadecimal[:2]}/{hexadecimal}.json.gz"
    assert gzip.decompress(storage.get(BUCKET, key)) == DATA
    assert len(storage.get(BUCKET, key)) < len(DATA) / 10
    assert artifacts.address(made) == f"s3://{BUCKET}/{key}"


def test_a_file_and_its_bytes_give_the_same_object(storage: MemoryStorage, artifacts: ArtifactBucket, tmp_path: Path) -> None:
    (tmp_path / "result.json").write_bytes(DATA)
    key = key_of(artifacts.put(DATA))
    before = storage.get(BUCKET, key)
    assert artifacts.put_file(tmp_path / "result.json") == digest(DATA)
    assert storage.get(BUCKET, key) == before


def test_an_artifact_is_read_to_memory_and_to_a_file(artifacts: ArtifactBucket, tmp_path: Path) -> None:
    made = artifacts.put(DATA)
    assert artifacts.get(made) == DATA
    assert artifacts.fetch(made, tmp_path / "copy") == len(DATA)
    assert (tmp_path / "copy").read_bytes() == DATA
    assert artifacts.has(made)
    assert [found for found, _ in artifacts.listed()] == [made]
    artifacts.remove(made)
    artifacts.remove(made)
    assert not artifacts.has(made)
    assert list(artifacts.listed()) == []


@pytest.mark.parametrize(
    "damaged",
    [
        None,
        b"",
        b"no gzip",
        gzip.compress(DATA, mtime=0)[:-20],
        gzip.compress(DATA, mtime=0) + b"garbage",
        gzip.compress(b"other", mtime=0),
        DATA,
    ],
)
def test_a_missing_or_damaged_artifact_has_to_be_made_again(
    storage: MemoryStorage, artifacts: ArtifactBucket, tmp_path: Path, damaged: bytes | None
) -> None:
    if damaged is not None:
        storage.put(BUCKET, key_of(digest(DATA)), damaged)
    for call in (lambda: artifacts.get(digest(DATA)), lambda: artifacts.fetch(digest(DATA), tmp_path / "copy")):
        with pytest.raises(ArtifactMissingError) as problem:
            call()
        assert problem.value.code == "artifact.missing"
    assert not (tmp_path / "copy").exists()
    artifacts.put(DATA)
    assert artifacts.get(digest(DATA)) == DATA


def test_what_unfolds_without_end_is_refused_before_it_is_unfolded(storage: MemoryStorage, tmp_path: Path) -> None:
    bomb = b"0" * 50_000_000
    storage.put(BUCKET, key_of(digest(bomb)), gzip.compress(bomb, mtime=0))
    small = ArtifactBucket(storage, BUCKET, largest=3_000_000)
    written = 0

    def write(data: bytes) -> int:
        nonlocal written
        written += len(data)
        return len(data)

    with pytest.raises(ArtifactMissingError, match="unfolds to more"):
        small._unfold(digest(bomb), write)
    assert written <= 3_000_000


@pytest.mark.parametrize("text", ["", "sha256:", "sha256:" + "A" * 64, "md5:" + "a" * 64, "sha256:../../" + "a" * 58, digest(b"") + "\n"])
def test_what_is_no_digest_names_no_object(artifacts: ArtifactBucket, text: str) -> None:
    for call in (lambda: artifacts.get(text), lambda: artifacts.has(text), lambda: artifacts.remove(text)):
        with pytest.raises(ValueError, match="not a digest"):
            call()


def test_an_error_of_the_storage_is_no_missing_artifact(storage: MemoryStorage, artifacts: ArtifactBucket) -> None:
    storage.failure = StorageUnavailableError("storage.busy", "later")
    with pytest.raises(StorageUnavailableError):
        artifacts.get(digest(DATA))
    with pytest.raises(StorageUnavailableError):
        RunIndex(storage, BUCKET).find("extract", "1", digest(DATA))
    with pytest.raises(StorageUnavailableError):
        Attempts(storage, BUCKET).begin("store/evt:1-0", "2026-01-01T00:00:00Z", None)
    with pytest.raises(StorageUnavailableError):
        Attempts(storage, BUCKET).begun("store/evt:1-0")


def test_a_finished_run_is_found_by_stage_version_and_input(storage: MemoryStorage, artifacts: ArtifactBucket) -> None:
    runs, run = RunIndex(storage, BUCKET), Run(digest=artifacts.put(DATA), bytes=len(DATA))
    runs.keep("extract", "0.1.0+d.1.s.2", digest(b"pdf"), run)
    assert runs.find("extract", "0.1.0+d.1.s.2", digest(b"pdf")) == run
    assert runs.find("normalize", "0.1.0+d.1.s.2", digest(b"pdf")) is None
    assert runs.find("extract", "0.1.0+d.1.s.3", digest(b"pdf")) is None
    assert runs.find("extract", "0.1.0+d.1.s.2", digest(b"other")) is None


def test_a_run_without_its_artifact_or_with_a_damaged_record_is_not_found(storage: MemoryStorage, artifacts: ArtifactBucket) -> None:
    runs, run = RunIndex(storage, BUCKET), Run(digest=artifacts.put(DATA), bytes=len(DATA))
    runs.keep("extract", "1", digest(b"pdf"), run)
    artifacts.remove(run.digest)
    assert runs.find("extract", "1", digest(b"pdf")) is None
    artifacts.put(DATA)
    (key,) = storage.keys(BUCKET, "runs/")
    for damaged in (b"", b"{", b"[]", b"\xff", b'{"digest":"sha256:1","bytes":1}'):
        storage.put(BUCKET, key, damaged)
        assert runs.find("extract", "1", digest(b"pdf")) is None


def test_attempts_are_counted_when_they_begin_and_forgotten_at_the_end(storage: MemoryStorage) -> None:
    key = "extractor/evt:1-0"
    assert Attempts(storage, BUCKET).begun(key) is None
    assert Attempts(storage, BUCKET).begin(key, "2026-01-01T00:00:00Z", None).number == 1
    again = Attempts(storage, BUCKET).begin(key, "2026-01-02T00:00:00Z", Attempts(storage, BUCKET).begun(key))
    assert (again.number, again.first_at) == (2, "2026-01-01T00:00:00Z")
    Attempts(storage, BUCKET).done(key)
    Attempts(storage, BUCKET).done(key)
    assert list(storage.keys(BUCKET, "")) == []
    assert Attempts(storage, BUCKET).begun(key) is None


@pytest.mark.parametrize("damaged", [b"", b"{", b"\xff", b'{"count":"one"}'])
def test_a_damaged_count_of_attempts_is_none(storage: MemoryStorage, damaged: bytes) -> None:
    attempts = Attempts(storage, BUCKET)
    attempts.begin("extractor/evt:1-0", "2026-01-01T00:00:00Z", None)
    (key,) = storage.keys(BUCKET, "attempts/")
    storage.put(BUCKET, key, damaged)
    assert attempts.begun("extractor/evt:1-0") is None


def decision(number: int, at: str) -> Decision:
    return Decision(id=f"decision:{number}", kind="discard", by="财政局 张", at=at, dead_letter="dl:1")


def test_decisions_come_back_in_the_order_in_which_they_were_made(storage: MemoryStorage) -> None:
    kept = Decisions(storage, BUCKET)
    made = [decision(2, "2026-01-01T00:00:00.5Z"), decision(1, "2026-01-02T00:00:00Z"), decision(3, "2026-01-10T00:00:00Z")]
    for each in (made[2], made[0], made[1], made[0]):
        kept.put(each)
    assert kept.ids() == ["decision:2", "decision:1", "decision:3"]
    assert list(kept.all()) == made
    assert kept.read("decision:1") == made[1]
    assert kept.read("decision:4") is None


def test_a_decision_that_cannot_be_read_is_listed_but_not_made_up(storage: MemoryStorage) -> None:
    kept = Decisions(storage, BUCKET)
    kept.put(decision(1, "2026-01-01T00:00:00Z"))
    storage.put(BUCKET, "decisions/2026-01-02T00:00:00Z-decision:2.json", b"{")
    assert kept.ids() == ["decision:1", "decision:2"]
    assert kept.read("decision:2") is None
    assert [each.id for each in kept.all()] == ["decision:1"]
