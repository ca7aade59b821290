"""Files and folders of the command line become a list of PDFs; what is left out is named."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tieout.inputs import document_id, gather, submission_of
from tieout.language import preferred


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "b.pdf").write_bytes(b"b")
    (tmp_path / "A.PDF").write_bytes(b"a")
    (tmp_path / "notes.txt").write_text("x")
    (tmp_path / ".hidden.pdf").write_bytes(b"h")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "c.Pdf").write_bytes(b"c")
    return tmp_path


def test_folders_are_searched_deep_and_in_any_case(folder: Path) -> None:
    found = gather([str(folder)])
    assert [path.name for path in found.files] == ["A.PDF", "b.pdf", "c.Pdf"]
    assert [path.name for path in found.ignored] == ["notes.txt"]


def test_a_file_named_twice_is_taken_once(folder: Path) -> None:
    found = gather([str(folder / "b.pdf"), str(folder), str(folder / "sub" / ".." / "b.pdf")])
    assert [path.name for path in found.files] == ["b.pdf", "A.PDF", "c.Pdf"]
    assert found.without_pdf == []


def test_a_folder_whose_pdfs_were_named_before_is_not_called_empty(folder: Path) -> None:
    assert gather([str(folder / "sub" / "c.Pdf"), str(folder / "sub")]).without_pdf == []


def test_what_does_not_exist_and_what_is_empty_is_named(folder: Path) -> None:
    (folder / "empty").mkdir()
    found = gather([str(folder / "nowhere"), str(folder / "empty")])
    assert [path.name for path in found.missing] == ["nowhere"]
    assert [path.name for path in found.without_pdf] == ["empty"]


def test_a_file_named_outright_is_tried_whatever_its_ending(folder: Path) -> None:
    assert gather([str(folder / "notes.txt")]).files == [folder / "notes.txt"]


def test_a_broken_link_is_left_to_the_reader_to_report(folder: Path) -> None:
    (folder / "link.pdf").symlink_to(folder / "nowhere")
    assert folder / "link.pdf" in gather([str(folder)]).files


def test_the_submission_of_a_file_names_it_in_utf8(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"n\xff.pdf")
    path.write_bytes(b"x")
    submission = submission_of(path)
    assert submission.name == "n\ufffd.pdf"
    assert submission.object is not None
    assert submission.object.last_modified is not None
    assert submission.object.last_modified.endswith("Z")


def test_the_id_of_a_document_is_the_digest_of_its_bytes(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"")
    assert document_id(tmp_path / "x") == ("sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", 0)


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "zh"),
        ({"LANG": "C.UTF-8"}, "zh"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "de_DE.UTF-8"}, "zh"),
    ],
)
def test_the_locale_decides_the_language_and_chinese_is_the_default(environment: dict[str, str], language: str) -> None:
    assert preferred(environment) == language
