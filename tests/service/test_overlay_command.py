"""`tieout overlay` as a person calls it."""

from __future__ import annotations

from pathlib import Path

import pytest
from service.test_hostile_input import ROOT, tieout

SAMPLE = next((ROOT / "samples").glob("3-*.pdf"))


def test_pictures_of_some_pages_and_a_legend(tmp_path: Path) -> None:
    done = tieout("overlay", SAMPLE, "--page", "3", "--page", "5-6", "-o", tmp_path / "out", "--lang", "en")
    assert done.returncode == 0, done.stderr
    assert [file.name for file in sorted((tmp_path / "out").iterdir())] == [f"{SAMPLE.stem}-p{page:04}.png" for page in (3, 5, 6)]
    assert done.stdout.startswith("3 pages → ")
    assert "violet: spans" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("overlay", SAMPLE, "--page", "999"), 2, "没有第 999 页"),
        (("overlay", SAMPLE, "--page", "9-3"), 2, "须为页码"),
        (("overlay", SAMPLE, "--page", "０"), 2, "须为页码"),
        (("overlay", "nowhere.pdf"), 2, "路径不存在"),
        (("overlay", ROOT / "README.md"), 3, "不是 PDF 文件"),
        (("overlay", ROOT / "samples"), 3, "文件夹"),
    ],
)
def test_mistakes_are_told_in_one_line(tmp_path: Path, arguments: tuple[object, ...], code: int, words: str) -> None:
    done = tieout(*arguments, "-o", tmp_path, "--lang", "zh")
    assert done.returncode == code
    assert words in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_written_is_named_before_the_document_is_read(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = tieout("overlay", SAMPLE, "-o", tmp_path / "file" / "below", "--lang", "en")
    assert done.returncode == 5
    assert f"{tmp_path / 'file' / 'below'}" in done.stderr
    assert "-o" in done.stderr
    assert [file.name for file in tmp_path.iterdir()] == ["file"]
