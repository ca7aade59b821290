"""Errors planted into real documents are found at their place: a small, fixed sample of benchmarks/verdicts.py holds its figures."""

from __future__ import annotations

from pathlib import Path

import pytest
from planted_errors import EDITS, OF_A_FIGURE
from planted_trials import BY_CONTENT, run

pytestmark = pytest.mark.corpus


def test_planted_errors_are_found_named_and_blamed_on_nothing_else(corpus: Path) -> None:
    paths = sorted((corpus / "truth").glob("*.html"))
    jobs = [(path, (cause,), 77 + index, BY_CONTENT, False) for cause in OF_A_FIGURE for index, path in enumerate(paths)]
    trials = [trial for job in jobs for trial in run(job)]
    slips = [trial for trial in trials if trial.cause in EDITS]
    settled = [trial for trial in slips if trial.settled]
    assert len(slips) >= 50
    assert len(settled) >= 35
    assert sum(trial.found for trial in slips) >= len(slips) - 1
    assert all(trial.cell and trial.value for trial in settled)
    assert sum(trial.cause_right for trial in settled) >= 0.9 * len(settled)
    assert sum(trial.listed for trial in trials) >= 0.9 * len(trials)
    assert not any(trial.others or trial.sure_and_wrong for trial in trials)
