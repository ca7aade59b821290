"""A scan in the embedded run: rejected while nothing recognises it, read once the extra is there, and what was recognised is said of its figures."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from services.extractor.adapters.scan_recognizer import ScanRecognizer
from shared.contracts.rejected import Rejected
from shared.contracts.validated import Validated
from shared.limits import Limits
from tieout import extras
from tieout.data_folder import DataFolder
from tieout.inputs import document_id, submission_of
from tieout.run import now
from tieout.stages import StageResult, _wanted_extra, run_stages

SAMPLE = next((Path(__file__).resolve().parents[2] / "samples").glob("6-*.pdf"))


def read(folder: Path) -> StageResult:
    folder.mkdir()
    return run_stages(SAMPLE, folder, "validate", Limits(), False)


def without_the_extra(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(ScanRecognizer, "available", staticmethod(lambda: False))
    patch.setitem(extras.MODULES, "ocr", "no_such_module")


def test_a_scan_that_was_rejected_is_read_once_the_extra_is_there(tmp_path: Path) -> None:
    identifier, _ = document_id(SAMPLE)
    with DataFolder(tmp_path / "data", writing=True) as data:
        with pytest.MonkeyPatch.context() as patch:
            without_the_extra(patch)
            data.activate(False)
            before = read(tmp_path / "before")
            assert before.rejected is not None
            assert (before.rejected.code, before.wants) == ("scan_without_text", "ocr")
            data.reject(before.rejected, submission_of(SAMPLE), identifier, False)
            assert isinstance(data.known(identifier, False), Rejected)
        data.activate(False)
        assert data.known(identifier, False) is None
        after = read(tmp_path / "after")
        data.store(submission_of(SAMPLE), after, now())
        known = data.known(identifier, False)
        assert known is not None
        assert not isinstance(known, Rejected)
    assert after.wants is None
    validated = msgspec.json.decode(after.files["validate"].read_bytes(), type=Validated)
    assert validated.coverage.figures == validated.coverage.tied == len(validated.facts)
    assert {fact.origin for fact in validated.facts} == {"image"}
    assert all(0.9 <= fact.confidence < 0.99 for fact in validated.facts)


def test_a_single_scanned_page_makes_a_document_want_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    without_the_extra(monkeypatch)
    path = tmp_path / "extracted.json"
    path.write_text('{"warnings":[{"code":"page_without_text","page":2}]}')
    assert _wanted_extra(path) == "ocr"
    path.write_text('{"warnings":[]}')
    assert _wanted_extra(path) is None


def test_columns_that_cannot_be_told_want_no_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """camelot is a second voice on what is read; it finds nothing where the reader found nothing."""
    monkeypatch.setattr("tieout.extras.is_installed", lambda extra: False)
    path = tmp_path / "extracted.json"
    path.write_text('{"warnings":[{"code":"borderless_table","message":"x","page":1}]}')
    assert _wanted_extra(path) is None
