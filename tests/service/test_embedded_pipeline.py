"""Documents go through confined children; one that its child does not survive is given up after a second try, the others go on."""

from __future__ import annotations

import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest
from service.hostile_pdfs import bomb, good_pdf

from shared.limits import Limits
from tieout.embedded import Embedded, Progress
from tieout.stages import StageResult


def process(tmp_path: Path, documents: dict[str, bytes], limits: Limits) -> tuple[dict[str, StageResult], list[Progress]]:
    paths = []
    for name, data in documents.items():
        paths.append(tmp_path / name)
        paths[-1].write_bytes(data)
    staging = tmp_path / "staging"
    staging.mkdir()
    seen: list[Progress] = []
    with Embedded("validate", 2, limits, staging, on_progress=seen.extend) as embedded:
        results = {path.name: result for path, result in embedded.process(paths)}
    assert not list(staging.iterdir()), "results that were taken are removed"
    return results, seen


def test_results_come_in_the_order_given_whatever_takes_longer(tmp_path: Path) -> None:
    documents = {f"{index}.pdf": good_pdf(pages=1 + 40 * (index % 2 == 0)) for index in range(9)}
    results, _ = process(tmp_path, documents, Limits())
    assert list(results) == list(documents)
    assert all(set(result.files) == {"extract", "normalize", "validate"} for result in results.values())


def test_a_document_that_takes_too_long_is_ended_and_its_neighbour_is_read(tmp_path: Path) -> None:
    limits = replace(Limits(), seconds=1.0, seconds_per_page=0.0)
    results, seen = process(tmp_path, {"slow.pdf": good_pdf(pages=900), "good.pdf": good_pdf()}, limits)
    rejected = results["slow.pdf"].rejected
    assert rejected is not None
    assert rejected.code == "timeout"
    assert results["good.pdf"].rejected is None
    assert any(progress.pages == 900 for progress in seen), "its progress was reported while it ran"


def test_a_document_that_eats_memory_is_ended_and_its_neighbour_is_read(tmp_path: Path) -> None:
    limits = replace(Limits(), memory_bytes=900_000_000)
    results, _ = process(tmp_path, {"bomb.pdf": bomb(), "good.pdf": good_pdf()}, limits)
    rejected = results["bomb.pdf"].rejected
    assert rejected is not None
    assert rejected.code in ("memory", "crashed")
    assert results["good.pdf"].rejected is None


def test_the_deadline_grows_with_the_pages(tmp_path: Path) -> None:
    limits = replace(Limits(), seconds=1.0, seconds_per_page=0.2)
    results, _ = process(tmp_path, {"slow.pdf": good_pdf(pages=900)}, limits)
    assert results["slow.pdf"].rejected is None


@pytest.mark.parametrize("limits", [replace(Limits(), pages=5), replace(Limits(), file_bytes=1000)])
def test_limits_of_size_reject_before_anything_is_read(tmp_path: Path, limits: Limits) -> None:
    results, _ = process(tmp_path, {"large.pdf": good_pdf(pages=6)}, limits)
    rejected = results["large.pdf"].rejected
    assert rejected is not None
    assert rejected.code == "too_large"


def crash_once(path: Path, *_: object) -> StageResult:
    """Stands for a reader that dies on its first attempt; the marker beside the document says that it was there."""
    marker = path.with_suffix(".attempts")
    with marker.open("a") as attempts:
        attempts.write("x")
    if len(marker.read_text()) == 1:
        os.kill(os.getpid(), signal.SIGSEGV)
    return StageResult(document_id="sha256:1")


def crash_always(path: Path, *_: object) -> StageResult:
    with path.with_suffix(".attempts").open("a") as attempts:
        attempts.write("x")
    os.kill(os.getpid(), signal.SIGSEGV)
    raise AssertionError("not reached")


def test_a_document_whose_reader_died_is_tried_once_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tieout.embedded.stages.run_stages", crash_once)
    results, _ = process(tmp_path, {"a.pdf": b"a"}, Limits())
    assert results["a.pdf"].document_id == "sha256:1"


def test_after_the_second_death_it_is_given_up_with_the_signal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tieout.embedded.stages.run_stages", crash_always)
    results, _ = process(tmp_path, {"a.pdf": b"a"}, Limits())
    rejected = results["a.pdf"].rejected
    assert rejected is not None
    assert rejected.code == "crashed"
    assert "SIGSEGV" in rejected.message.zh
    assert (tmp_path / "a.attempts").read_text() == "xx"


def want_always(path: Path, *_: object) -> StageResult:
    """Stands for a child that does not see the extra although it was installed."""
    with path.with_suffix(".attempts").open("a") as attempts:
        attempts.write("x")
    return StageResult(document_id="sha256:1", wants="camelot")


def want_two(path: Path, *_: object) -> StageResult:
    """Wants one extra, then another: a scan whose tables have no rules."""
    attempts = path.with_suffix(".attempts")
    with attempts.open("a") as file:
        file.write("x")
    return StageResult(document_id="sha256:1", wants=("ocr", "camelot", None)[attempts.stat().st_size - 1])


def test_a_document_may_want_one_extra_after_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tieout.embedded.stages.run_stages", want_two)
    path = tmp_path / "a.pdf"
    path.write_bytes(b"a")
    (tmp_path / "staging").mkdir()
    asked: list[str] = []
    with Embedded("validate", 1, Limits(), tmp_path / "staging", install=lambda extra: not asked.append(extra)) as embedded:
        assert [result.wants for _, result in embedded.process([path])] == [None]
    assert asked == ["ocr", "camelot"]


def test_an_extra_that_was_installed_makes_a_document_read_once_more_and_not_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tieout.embedded.stages.run_stages", want_always)
    path = tmp_path / "a.pdf"
    path.write_bytes(b"a")
    (tmp_path / "staging").mkdir()
    with Embedded("validate", 1, Limits(), tmp_path / "staging", install=lambda _: True) as embedded:
        assert [result.document_id for _, result in embedded.process([path])] == ["sha256:1"]
    assert path.with_suffix(".attempts").read_text() == "xx"
