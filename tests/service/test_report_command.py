"""`tieout report` as a person calls it: on a file, on what is stored, without the original, on what cannot be marked or read."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter

from tests.conftest import ROOT
from tests.unit.tieout.handover_documents import contents, wrong_total
from tieout.cli import main
from tieout.handover.gather import Gathered
from tieout.handover.report import write_parts

SAMPLE = next((ROOT / "samples").glob("3-*.pdf"))
ENDINGS = ["marked.pdf", "report.html", "report.xlsx", "notice.json"]


@dataclass(frozen=True)
class Done:
    """How a call ended."""

    returncode: int
    stdout: str
    stderr: str


Run = Callable[..., Done]


def code_of(*arguments: object) -> int:
    return main([*map(str, arguments), "--lang", "en"])


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*arguments: object) -> Done:
        capsys.readouterr()
        code = code_of(*arguments)
        said = capsys.readouterr()
        return Done(code, said.out, said.err)

    return call


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `data` (the sample stored), `file` (its report made from the file), `gone` (a copy of the sample that is stored as well)."""
    folder = tmp_path_factory.mktemp("report")
    assert code_of("report", SAMPLE, "-o", folder / "file", "--data", folder / "none") == 0
    copy = folder / "copy.pdf"
    shutil.copy(SAMPLE, copy)
    assert code_of("run", copy, "--data", folder / "data", "--quiet") == 1
    return folder


def files(folder: Path) -> dict[str, Path]:
    return {file.name.split(".", 1)[1]: file for file in folder.iterdir()}


def test_a_file_becomes_four_parts_and_nothing_is_stored(made: Path) -> None:
    assert set(files(made / "file")) == set(ENDINGS)
    assert not (made / "none").exists()
    marked = files(made / "file")["marked.pdf"].read_bytes()
    assert marked.startswith(SAMPLE.read_bytes())
    notes = [note.get_object() for note in PdfReader(io.BytesIO(marked)).pages[7]["/Annots"]]
    assert "prints 48.80" in str(notes[0]["/Contents"])
    notice = json.loads(files(made / "file")["notice.json"].read_text("utf-8"))
    assert [item["suggested"] for item in notice["items"] if item["kind"] == "correction"] == ["45.80"]
    page = files(made / "file")["report.html"].read_text("utf-8")
    assert page.count("data:image/png;base64,") == sum(item["kind"] != "note" for item in notice["items"])


def test_what_is_stored_gives_the_same_report_as_the_file(made: Path, run: Run) -> None:
    digest = json.loads(run("show", made / "copy.pdf", "--json", "--data", made / "data").stdout)["document"]["id"]
    done = run("report", digest.removeprefix("sha256:")[:12], "-o", made / "stored", "--data", made / "data")
    assert done.returncode == 0, done.stderr
    own, other = files(made / "file"), files(made / "stored")
    assert own["marked.pdf"].read_bytes() == other["marked.pdf"].read_bytes()
    name = {SAMPLE.name: "copy.pdf"}
    for ending in ("report.html", "notice.json"):
        text = own[ending].read_text("utf-8")
        for before, after in name.items():
            text = text.replace(before, after)
        assert text == other[ending].read_text("utf-8")


def test_an_acceptance_is_shown_and_counts_for_the_file_as_well(made: Path, run: Run) -> None:
    shutil.copytree(made / "data", made / "decided")
    identifier = json.loads(run("findings", "--severity", "error", "--json", "--data", made / "decided").stdout)["id"]
    assert run("accept", identifier, "--why", "as approved", "--by", "Li Si", "--data", made / "decided").returncode == 0
    done = run("report", SAMPLE, "-o", made / "accepted", "--data", made / "decided")
    assert "to correct 0, " in done.stdout
    assert "accepted 1" in done.stdout
    notice = json.loads(files(made / "accepted")["notice.json"].read_text("utf-8"))
    assert notice["items"][0]["accepted"]["why"] == "as approved"
    assert notice["verdict"] == "inconsistent"


def test_without_the_original_the_rest_is_made_and_that_is_said(made: Path, run: Run) -> None:
    shutil.copytree(made / "data", made / "lonely")
    elsewhere = made / "elsewhere.pdf"
    (made / "copy.pdf").rename(elsewhere)
    try:
        done = run("report", "copy.pdf", "-o", made / "without", "--data", made / "lonely")
    finally:
        elsewhere.rename(made / "copy.pdf")
    assert done.returncode == 5
    assert "No marked PDF: the original cannot be had" in done.stderr
    assert set(files(made / "without")) == set(ENDINGS[1:])
    assert "No marked PDF" in files(made / "without")["report.html"].read_text("utf-8")


def test_an_original_that_was_changed_is_none(made: Path, run: Run) -> None:
    shutil.copytree(made / "data", made / "changed")
    before = (made / "copy.pdf").read_bytes()
    (made / "copy.pdf").write_bytes(before + b"\n")
    try:
        done = run("report", "copy.pdf", "-o", made / "other", "--data", made / "changed")
    finally:
        (made / "copy.pdf").write_bytes(before)
    assert done.returncode == 5
    assert "marked.pdf" not in files(made / "other")


def test_an_encrypted_file_gets_everything_but_marks_and_an_old_marked_file_does_not_stay(tmp_path: Path) -> None:
    writer = PdfWriter()
    for _ in range(5):
        writer.add_blank_page(600, 800)
    writer.encrypt("", "owner", algorithm="RC4-128")
    writer.write(tmp_path / "encrypted.pdf")
    out = tmp_path / "out"
    out.mkdir()
    (out / "青禾.marked.pdf").write_bytes(b"of an earlier call")
    made = write_parts(Gathered(contents(wrong_total()), tmp_path / "encrypted.pdf"), out, tmp_path, "en")
    assert made.code == 3
    assert made.remarks == ["No marked PDF: the file is restricted (encrypted) and cannot be marked without changing it."]
    assert set(files(out)) == set(ENDINGS[1:])
    assert made.remarks[0] in files(out)["report.html"].read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [((ROOT / "README.md",), 3, "not a PDF"), (("f00fee",), 2, "no stored"), ((ROOT / "samples",), 2, "no stored document")],
)
def test_mistakes_are_told_in_one_line(tmp_path: Path, made: Path, run: Run, arguments: tuple[object, ...], code: int, words: str) -> None:
    done = run("report", *arguments, "-o", tmp_path / "out", "--data", made / "data")
    assert done.returncode == code
    assert words in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_folder_that_cannot_be_written_is_named_first(tmp_path: Path, run: Run) -> None:
    (tmp_path / "file").write_text("")
    done = run("report", SAMPLE, "-o", tmp_path / "file" / "below", "--data", tmp_path / "data")
    assert done.returncode == 5
    assert "-o" in done.stderr
