"""Broken and hostile files: one clear line each, the others in the same call go on, nothing is half stored."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from service.hostile_pdfs import HOSTILE, READABLE, good_pdf

ROOT = Path(__file__).resolve().parents[2]


def tieout(*arguments: object, prelude: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs the command line as a user would."""
    command = ["sh", "-c", prelude + 'exec "$0" "$@"', str(ROOT / "bin" / "tieout"), *map(str, arguments)]
    return subprocess.run(
        command, capture_output=True, text=True, errors="replace", timeout=300, env={**os.environ, **environment}, check=False
    )


@dataclass(frozen=True)
class Outcome:
    """What one call over a folder of good and bad files printed."""

    code: int
    report: dict[str, Any]
    errors: str
    data: Path

    @property
    def rejected(self) -> dict[str, dict[str, Any]]:
        return {each["submission"]["name"]: each for each in self.report["rejected"]}

    @property
    def read(self) -> dict[str, dict[str, Any]]:
        return {each["submission"]["name"]: each for each in self.report["documents"]}


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    folder = tmp_path_factory.mktemp("hostile")
    makers: dict[str, Callable[[], bytes]] = {**{name: maker for name, (maker, _) in HOSTILE.items()}, **READABLE}
    for name, maker in makers.items():
        (folder / name).write_bytes(maker())
    (folder / "folder.pdf").mkdir()
    (folder / os.fsdecode(b"n\xff.pdf")).write_bytes(b"x")
    (folder / "gone.pdf").symlink_to(folder / "nowhere")
    (folder / "notes.txt").write_text("notes")
    (folder / "=cmd()\x1b[31m.pdf").write_bytes(good_pdf())
    data = tmp_path_factory.mktemp("data")
    done = tieout("run", folder, "--data", data, "--json", "--lang", "en")
    return Outcome(done.returncode, json.loads(done.stdout), done.stderr, data)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_rejected_with_the_right_code(outcome: Outcome, name: str) -> None:
    assert outcome.rejected[name]["code"] in HOSTILE[name][1]


@pytest.mark.parametrize("name", [*HOSTILE, "n\ufffd.pdf", "gone.pdf"])
def test_each_bad_file_gets_one_line_that_names_it(outcome: Outcome, name: str) -> None:
    lines = [line for line in outcome.errors.splitlines() if name in line]
    assert len(lines) == 1
    assert f"[{outcome.rejected[name]['code']}]" in lines[0]


@pytest.mark.parametrize("name", [*READABLE, "=cmd()\x1b[31m.pdf"])
def test_the_others_in_the_same_call_are_read(outcome: Outcome, name: str) -> None:
    assert outcome.read[name]["verdict"] == "consistent"


def test_the_call_ends_with_the_code_for_unreadable_files_and_no_traceback(outcome: Outcome) -> None:
    assert outcome.code == 3
    assert "Traceback" not in outcome.errors


def test_other_files_are_counted_and_named(outcome: Outcome) -> None:
    assert [Path(name).name for name in outcome.report["ignored"]] == ["notes.txt"]


def test_no_control_character_reaches_the_terminal(outcome: Outcome) -> None:
    assert "\x1b" not in outcome.errors


def test_nothing_is_left_in_staging(outcome: Outcome) -> None:
    assert not list(outcome.data.glob("staging/*"))


def test_a_path_that_does_not_exist_is_named_and_the_others_go_on(tmp_path: Path) -> None:
    (tmp_path / "good.pdf").write_bytes(good_pdf())
    done = tieout("run", tmp_path / "nowhere.pdf", tmp_path / "good.pdf", "--data", tmp_path / "data", "--lang", "en")
    assert done.returncode == 2
    assert "nowhere.pdf: no such file or folder" in done.stderr
    assert "good.pdf" in done.stdout


def test_a_folder_without_pdfs_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    done = tieout("run", tmp_path / "in", "--data", tmp_path / "data", "--lang", "en")
    assert done.returncode == 3
    assert "no PDF" in done.stderr


def test_a_full_disk_ends_the_call_with_one_line_and_leaves_nothing_half_stored(tmp_path: Path) -> None:
    (tmp_path / "good.pdf").write_bytes(good_pdf())
    # A limit on the size of files stands for the full disk: the same failing write, without a disk to fill.
    full = tieout("run", tmp_path / "good.pdf", "--data", tmp_path / "data", "--lang", "en", prelude="ulimit -f 4; ")
    assert full.returncode == 5
    assert len(full.stderr.strip().splitlines()) == 1
    again = tieout("run", tmp_path / "good.pdf", "--data", tmp_path / "data", "--json")
    assert again.returncode == 0
    assert [document["known"] for document in json.loads(again.stdout)["documents"]] == [False]


def test_an_interrupted_call_keeps_what_was_finished_and_can_go_on(tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    for index in range(40):
        (source / f"{index:02}.pdf").write_bytes(good_pdf(pages=20 + index))
    command = [str(ROOT / "bin" / "tieout"), "run", str(source), "--data", str(tmp_path / "data"), "--jobs", "1", "--lang", "en"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
    deadline = time.monotonic() + 60
    while len(list((tmp_path / "data").glob("artifacts/*/*"))) < 8 and time.monotonic() < deadline:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in errors
    again = tieout("run", source, "--data", tmp_path / "data", "--json")
    known = [document["known"] for document in json.loads(again.stdout)["documents"]]
    assert len(known) == 40
    assert 0 < known.count(True) < 40


def test_two_writers_on_one_data_folder_are_kept_apart(tmp_path: Path) -> None:
    from filelock import FileLock

    (tmp_path / "good.pdf").write_bytes(good_pdf())
    (tmp_path / "data").mkdir()
    with FileLock(tmp_path / "data" / "lock"):
        done = tieout("run", tmp_path / "good.pdf", "--data", tmp_path / "data", "--lang", "en")
    assert done.returncode == 5
    assert "in use" in done.stderr


def test_the_same_bytes_under_another_name_are_read_once_in_a_call(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name in ("a.pdf", "b.pdf", "c.pdf"):
        (tmp_path / "in" / name).write_bytes(good_pdf())
    for arguments in ([], ["--again"]):
        done = tieout("run", tmp_path / "in", "--data", tmp_path / "data", "--json", *arguments)
        documents = json.loads(done.stdout)["documents"]
        assert [document["submission"]["name"] for document in documents] == ["a.pdf", "b.pdf", "c.pdf"]
        assert [document["known"] for document in documents] == [False, True, True]
