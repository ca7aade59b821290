"""Where the bytes of a stored document are had from: the path that it was read from, or the bucket of the installation; never other bytes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from shared.contracts.common import ObjectRef
from shared.storage.memory import MemoryStorage
from shared.storage.ports import StorageUnavailableError
from tieout.handover.gather import original_of

PDF = b"%PDF-1.7 the very bytes"
ID = "sha256:" + hashlib.sha256(PDF).hexdigest()


@dataclass
class Folder:
    """Of a data folder what is asked here."""

    places: list[ObjectRef]
    storage: MemoryStorage | None = None
    view: Any = field(default_factory=lambda: SimpleNamespace(id=ID))

    def objects(self, _: object) -> list[ObjectRef]:
        return self.places

    @property
    def installation(self) -> Any:
        return None if self.storage is None else SimpleNamespace(storage=lambda: self.storage)


def found(folder: Folder, scratch: Path) -> bytes | None:
    path = original_of(folder, folder.view, scratch)  # type: ignore[arg-type]
    return None if path is None else path.read_bytes()


def test_the_latest_place_that_still_holds_the_bytes_is_taken(tmp_path: Path) -> None:
    (tmp_path / "changed.pdf").write_bytes(b"%PDF-1.7 other bytes")
    (tmp_path / "kept.pdf").write_bytes(PDF)
    places = [ObjectRef(bucket="file", key=str(tmp_path / name)) for name in ("gone.pdf", "changed.pdf", "", "kept.pdf")]
    assert found(Folder(places), tmp_path) == PDF
    assert found(Folder(places[:3]), tmp_path) is None


@pytest.mark.parametrize("versioned", [True, False])
def test_an_installations_bucket_gives_the_version_that_was_read(versioned: bool, tmp_path: Path) -> None:
    storage = MemoryStorage("inbox", versioned=versioned)
    stored = storage.put("inbox", "a.pdf", PDF)
    place = ObjectRef(bucket="inbox", key="a.pdf", version=stored.version, last_modified=stored.last_modified)
    assert found(Folder([place], storage), tmp_path) == PDF
    storage.put("inbox", "a.pdf", b"%PDF-1.7 a later upload")
    assert found(Folder([place], storage), tmp_path) == (PDF if versioned else None)


def test_without_the_bucket_there_is_no_original(tmp_path: Path) -> None:
    storage = MemoryStorage("inbox")
    stored = storage.put("inbox", "a.pdf", PDF)
    place = ObjectRef(bucket="inbox", key="a.pdf", version=stored.version)
    assert found(Folder([place], None), tmp_path) is None
    assert found(Folder([ObjectRef(bucket="inbox", key="b.pdf", version="v")], storage), tmp_path) is None
    storage.failure = StorageUnavailableError("storage.unavailable", "refused")
    assert found(Folder([place], storage), tmp_path) is None
