"""PDFs broken at random through the confined child: each ends in a known outcome, in time, within its memory (benchmarks/fuzz.py: 20,000)."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from random import Random
from typing import get_args

import mutation_run
import pytest
from hard_tables import document
from mutated_pdfs import KINDS, mutated
from mutation_run import Case, run_cases
from service.hostile_pdfs import good_pdf

from shared.contracts.rejected import RejectionCode
from shared.limits import Limits
from shared.sandbox import Sandbox, WorkerEndedError, outcome
from tieout.stages import run_stages

LIMITS = Limits(seconds=10.0)
CASES = 160
KNOWN = {"read", *get_args(RejectionCode)} - {"failed"}


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    sources = [good_pdf(), *(document(seed)[0] for seed in range(5))]
    return list(run_cases(sources, range(CASES), 2, LIMITS))


def test_every_broken_pdf_has_an_outcome_and_none_is_a_fault_of_ours(cases: list[Case]) -> None:
    assert [case for case in cases if case.outcome not in KNOWN] == []
    assert len(cases) == CASES


def test_no_broken_pdf_outlives_its_deadline_or_outgrows_its_memory(cases: list[Case]) -> None:
    assert [case for case in cases if case.detail == "last resort" or case.peak > LIMITS.memory_bytes] == []


def test_the_damage_is_real_and_of_every_kind(cases: list[Case]) -> None:
    assert {case.kind for case in cases} == set(KINDS)
    rejected = sum(case.outcome != "read" for case in cases)
    assert CASES * 0.1 < rejected < CASES * 0.9


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_of_damage_changes_the_bytes_and_is_the_same_for_a_seed(kind: str) -> None:
    data = good_pdf()
    damaged = [KINDS[kind](data, Random(seed)) for seed in range(8)]
    assert damaged == [KINDS[kind](data, Random(seed)) for seed in range(8)]
    assert sum(one != data for one in damaged) >= 6
    assert mutated(data, 7) == mutated(data, 7)


def _die_on(path: Path, folder: Path, limits: Limits, marked: str) -> str:
    """As a crash of the native library: the child ends by a signal on one document."""
    if path.name == marked:
        os.kill(os.getpid(), signal.SIGSEGV)
    return "read" if run_stages(path, folder, "extract", limits, False).rejected is None else "rejected"


def test_a_crash_of_the_native_library_ends_one_documents_attempt_and_nothing_else(tmp_path: Path) -> None:
    files = [tmp_path / f"{number}.pdf" for number in range(6)]
    for file in files:
        file.write_bytes(good_pdf())
        file.with_suffix("").mkdir()
    sandbox = Sandbox(2, LIMITS.memory_bytes)
    try:
        futures = [sandbox.submit(10, 30, _die_on, file, file.with_suffix(""), LIMITS, "3.pdf") for file in files]
        with pytest.raises(WorkerEndedError, match=r"crashed \(SIGSEGV\)"):
            outcome(futures[3])
        assert [outcome(future) for number, future in enumerate(futures) if number != 3] == ["read"] * 5
    finally:
        sandbox.stop()


def test_a_fault_of_ours_would_be_seen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The outcome `failed` is what `run_stages` makes of any exception that it does not know."""
    path = tmp_path / "a.pdf"
    path.write_bytes(good_pdf())
    monkeypatch.setattr("services.extractor.work.extract", lambda *_, **__: 1 / 0)
    found, detail, _, peak = mutation_run.read_broken(path, tmp_path, LIMITS)
    assert (found, "ZeroDivisionError" in detail) == ("failed", True)
    assert peak > 0
