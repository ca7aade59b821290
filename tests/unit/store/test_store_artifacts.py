"""The artifact folder: by digest, deterministic, verified, never half written."""

from __future__ import annotations

import errno
import gzip
import hashlib
import os
from pathlib import Path

import pytest

from services.store.adapters import artifact_folder
from services.store.adapters.artifact_folder import ArtifactFolder
from services.store.adapters.sql_store import open_store
from services.store.domain.errors import ArtifactMissing, ArtifactUnavailable, DigestMismatch, DiskFull
from services.store.handlers import keep_result
from shared.canonical import canonical_json
from tests.unit.store.store_documents import result

DATA = '{"text":"支出总表"}'.encode() * 300_000  # more than one chunk
DIGEST = "sha256:" + hashlib.sha256(DATA).hexdigest()


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_bytes_come_back_by_the_digest_of_what_was_put(tmp_path: Path) -> None:
    artifacts = ArtifactFolder(tmp_path / "artifacts")
    (tmp_path / "big.json").write_bytes(DATA)
    assert artifacts.put(DATA) == artifacts.put_file(tmp_path / "big.json") == DIGEST
    assert artifacts.put(b"") == "sha256:" + hashlib.sha256(b"").hexdigest()
    assert artifacts.get(DIGEST) == DATA
    assert artifacts.has(DIGEST)
    assert [path.name for path in files(tmp_path / "artifacts") if DIGEST[7:] in path.name] == [f"{DIGEST[7:]}.json.gz"]
    assert len(files(tmp_path / "artifacts")) == 2


def test_the_same_bytes_give_the_same_file(tmp_path: Path) -> None:
    (tmp_path / "another name.json").write_bytes(DATA)
    ArtifactFolder(tmp_path / "a").put(DATA)
    ArtifactFolder(tmp_path / "b").put_file(tmp_path / "another name.json")
    one, other = files(tmp_path / "a")[0], files(tmp_path / "b")[0]
    assert one.read_bytes() == other.read_bytes()
    assert one.read_bytes()[4:8] == b"\0\0\0\0", "no time in the header"


def test_a_missing_artifact_is_said_and_a_digest_is_never_a_path(tmp_path: Path) -> None:
    artifacts = ArtifactFolder(tmp_path)
    with pytest.raises(ArtifactMissing) as problem:
        artifacts.get(DIGEST)
    assert DIGEST in problem.value.message.zh
    for bad in ("sha256:../../etc/passwd", DIGEST[7:], DIGEST.upper()):
        with pytest.raises(ValueError, match="not a digest"):
            artifacts.get(bad)


@pytest.mark.parametrize(
    "damage",
    [b"", b"no gzip at all", gzip.compress(DATA, mtime=0)[:-100], gzip.compress(b"other bytes", mtime=0), b"\x1f\x8b" + b"\xff" * 40],
)
def test_a_damaged_artifact_is_refused_and_put_again_it_is_whole(damage: bytes, tmp_path: Path) -> None:
    artifacts = ArtifactFolder(tmp_path)
    artifacts.put(DATA)
    files(tmp_path)[0].write_bytes(damage)
    with pytest.raises(DigestMismatch):
        artifacts.get(DIGEST)
    artifacts.put(DATA)
    assert artifacts.get(DIGEST) == DATA


@pytest.mark.parametrize(
    ("number", "error"), [(errno.ENOSPC, DiskFull), (errno.EDQUOT, DiskFull), (errno.EFBIG, DiskFull), (errno.EIO, ArtifactUnavailable)]
)
def test_a_failed_write_is_typed_and_leaves_nothing(
    number: int, error: type[Exception], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    artifacts = ArtifactFolder(tmp_path)

    def full(_: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(artifact_folder.os, "fsync", full)
    with pytest.raises(error):
        artifacts.put(DATA)
    assert files(tmp_path) == []


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ArtifactUnavailable) as problem:
        ArtifactFolder(tmp_path / "file")
    assert "file" in problem.value.message.en
    assert "已有同名文件" in problem.value.message.zh
    assert "File exists" not in problem.value.message.zh


def test_a_result_is_kept_with_artifacts_that_its_rows_point_to(tmp_path: Path) -> None:
    artifacts = ArtifactFolder(tmp_path / "artifacts")
    given = result("A")
    with open_store(f"sqlite:///{tmp_path / 'store.sqlite'}") as store:
        extracted = artifacts.put(b"extracted")
        digests = keep_result(store, artifacts, given.document, given.extracted, extracted, given.normalized, given.validated)
        view = store.document(given.id)
    assert view is not None
    assert view.artifacts == digests
    assert artifacts.get(view.artifacts["validate"]) == canonical_json(given.validated)
    assert artifacts.get(view.artifacts["extract"]) == b"extracted"
