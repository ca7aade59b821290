"""Uploads: keys, departments, names that would meet under one key, and what is told when something ends early."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from unit.tieout.operations_site import INBOX, Site, site

from shared.ids import object_id
from shared.storage.memory import MemoryStorage
from shared.storage.ports import StorageUnavailableError
from tieout.cli import main
from tieout.exit_codes import INTERRUPTED, NOT_AVAILABLE, UNREADABLE, USAGE

__all__ = ["site"]


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    folder = tmp_path / "papers"
    (folder / "deep").mkdir(parents=True)
    (folder / "甲 1+1.pdf").write_bytes(b"one")
    (folder / "deep" / "b.PDF").write_bytes(b"two")
    (folder / "notes.txt").write_bytes(b"no")
    return folder


def keys(site: Site) -> list[str]:
    return [each.key for each in site.storage.versions(INBOX)]


def test_pdfs_of_a_folder_are_uploaded_below_their_department(site: Site, papers: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["put", str(papers), "--department", "教育局", *site.data]) == 0
    assert keys(site) == ["教育局/b.PDF", "教育局/甲 1+1.pdf"]
    assert site.storage.stat(INBOX, "教育局/b.PDF").metadata == {"department": "教育局"}
    assert "1 other files passed over" in capsys.readouterr().err


def test_without_a_department_the_key_is_the_name(site: Site, papers: Path) -> None:
    assert main(["put", str(papers / "deep"), *site.data]) == 0
    assert keys(site) == ["b.PDF"]
    assert site.storage.stat(INBOX, "b.PDF").metadata == {}


def test_key_version_and_object_id_of_each_file_are_told(site: Site, papers: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["put", str(papers), "--json", *site.data]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["key"] for line in lines] == ["甲 1+1.pdf", "b.PDF"]
    for line in lines:
        stored = site.storage.stat(INBOX, line["key"], line["version"])
        assert line["object"] == object_id(INBOX, line["key"], stored.version)


def test_names_that_would_meet_under_one_key_are_refused_before_anything_is_uploaded(
    site: Site, papers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (papers / "b.PDF").write_bytes(b"other")
    assert main(["put", str(papers), *site.data]) == USAGE
    assert keys(site) == []
    told = capsys.readouterr().err
    assert str(papers / "b.PDF") in told
    assert str(papers / "deep" / "b.PDF") in told
    assert "Nothing was uploaded" in told


def test_keys_hold_no_characters_that_a_listing_cannot_name(site: Site, tmp_path: Path) -> None:
    (tmp_path / "a\x1b[31m\nb.pdf").write_bytes(b"x")
    (tmp_path / os.fsdecode(b"n\xff.pdf")).write_bytes(b"y")
    assert main(["put", *map(str, tmp_path.glob("*.pdf")), *site.data]) == 0
    assert keys(site) == ["a b.pdf", "n\ufffd.pdf"]


@pytest.mark.parametrize("department", ["", " ", "/x", "x/", "a/../b", ".", "a\nb", "\x1b[31m", "x\udc80"])
def test_a_department_that_cannot_be_a_folder_is_refused(site: Site, papers: Path, department: str) -> None:
    assert main(["put", str(papers), "--department", department, *site.data]) == USAGE
    assert keys(site) == []


def test_a_file_that_cannot_be_read_is_named_and_the_others_go_on(site: Site, papers: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (papers / "gone.pdf").symlink_to(papers / "nowhere")
    assert main(["put", str(papers), *site.data]) == UNREADABLE
    assert keys(site) == ["b.PDF", "甲 1+1.pdf"]
    assert "gone.pdf: cannot be read" in capsys.readouterr().err


def test_what_does_not_exist_is_named_and_the_others_go_on(site: Site, papers: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["put", str(papers / "deep"), str(papers / "nowhere"), *site.data]) == USAGE
    assert keys(site) == ["b.PDF"]
    assert "nowhere" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("end", "code"), [(KeyboardInterrupt(), INTERRUPTED), (StorageUnavailableError("storage.unavailable", "away"), NOT_AVAILABLE)]
)
def test_an_upload_that_ends_early_tells_how_many_files_are_there(
    site: Site, papers: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, end: BaseException, code: int
) -> None:
    put_file = MemoryStorage.put_file

    def ending(storage: MemoryStorage, bucket: str, key: str, path: Path, metadata: object = None) -> object:
        if key == "b.PDF":
            raise end
        return put_file(storage, bucket, key, path)

    monkeypatch.setattr(MemoryStorage, "put_file", ending)
    assert main(["put", str(papers), *site.data]) == code
    assert keys(site) == ["甲 1+1.pdf"]
    shown = capsys.readouterr()
    assert "1 of 2 files are uploaded" in shown.err
    assert "甲 1+1.pdf" in shown.out
