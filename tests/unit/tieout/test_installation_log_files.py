"""Logs: the last lines, those to come, and no file that grows for ever."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from tieout.installation import log_files


def test_the_last_lines_come_from_the_file_before_where_this_one_is_short(tmp_path: Path) -> None:
    log = tmp_path / "kafka.log"
    (tmp_path / "kafka.log.1").write_text("1\n2\n3\n")
    log.write_text("4\n5\n")
    assert log_files.last_lines(log, 3) == ["3", "4", "5"]
    assert log_files.last_lines(log, 99) == ["1", "2", "3", "4", "5"]
    assert log_files.last_lines(log, 0) == []


def test_no_log_has_no_lines(tmp_path: Path) -> None:
    assert log_files.last_lines(tmp_path / "none.log", 5) == []


def test_a_log_goes_on_and_a_large_one_is_begun_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = tmp_path / "logs" / "store.log"
    for line in (b"first\n", b"second\n"):
        with log_files.open_log(log) as out:
            out.write(line)
    assert log.read_bytes() == b"first\nsecond\n"
    monkeypatch.setattr(log_files, "LARGEST", 10)
    with log_files.open_log(log) as out:
        out.write(b"third\n")
    assert (log.read_bytes(), log.with_name("store.log.1").read_bytes()) == (b"third\n", b"first\nsecond\n")


def test_a_log_that_grows_while_its_process_runs_is_copied_and_emptied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = tmp_path / "store.log"
    monkeypatch.setattr(log_files, "LARGEST_RUNNING", 10)
    with log_files.open_log(log) as out:
        out.write(b"short\n")
        log_files.shorten(log)
        assert log.read_bytes() == b"short\n"
        out.write(b"and longer\n")
        log_files.shorten(log)
        out.write(b"new\n")
    assert (log.read_bytes(), log.with_name("store.log.1").read_bytes()) == (b"new\n", b"short\nand longer\n")


def test_new_lines_are_followed_also_over_a_new_beginning_and_only_when_they_are_whole(tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    log.write_text("old\n")
    lines = log_files.follow([log], pause=0.001)

    def write(text: str) -> None:
        with log.open("a") as out:
            out.write(text)

    write("1\n2\nha")
    # the generator looks at the file when it is asked first: what stands there then is old
    log.write_text("old\n")
    found = []
    timer = threading.Timer(0.1, lambda: write("a\nb"))
    timer.start()
    found.append(next(lines)[1])
    write("c\n")
    found.append(next(lines)[1])
    log.replace(tmp_path / "a.log.1")
    write("new\n")
    found.append(next(lines)[1])
    timer.join()
    assert found == ["a", "bc", "new"]


def test_bytes_that_are_no_text_do_not_stop_it(tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    log.write_bytes(b"\xff\xfe\n")
    assert log_files.last_lines(log, 1) == ["\ufffd\ufffd"]
