"""Extras: one that is installed while a process runs is seen by it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from shared.installed import is_installed


def test_an_extra_that_comes_while_a_process_runs_is_seen_by_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    assert not is_installed("json", "an_extra_of_tomorrow")
    (tmp_path / "an_extra_of_tomorrow.py").write_text("raise RuntimeError('nothing is imported')")
    assert is_installed("json", "an_extra_of_tomorrow")
    assert "an_extra_of_tomorrow" not in sys.modules
