"""`units` and `changes` on what a data folder holds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from filing_documents import named
from validator_documents import by_function, function, item, total

from services.store.adapters.artifact_folder import ArtifactFolder
from services.store.adapters.sql_store import open_store
from services.validator.adapters.rules_files import load_rules
from services.validator.domain.validate import validate
from shared.canonical import canonical_json
from shared.contracts.extracted import DocumentInfo
from shared.contracts.normalized import Normalized
from tests.unit.store.store_documents import T0, finished, submission
from tieout.cli import main
from tieout.exit_codes import NOTHING_TO_REPORT, USAGE

UNIT_ROWS = (
    total("100.00", "70.00", "30.00"),
    item("第一中心", "66.00", "40.00", "26.00", line="unit", role="unit"),
    item("第二中心", "34.00", "30.00", "4.00", line="unit", role="unit"),
)
DEPARTMENT = named("department", by_function(*UNIT_ROWS, scope="all"), part="tables", entity="青石县某某局")
OWN = (total("60.00", "40.00", "20.00"), function("205", "60.00", "40.00", "20.00"))
UNIT = named("unit", by_function(*OWN, scope="all"), part="tables", entity="第一中心", level="unit")
CORRECTED = named(
    "unit, corrected",
    by_function(total("66.00", "40.00", "26.00"), function("205", "66.00", "40.00", "26.00"), scope="all"),
    part="tables",
    entity="第一中心",
    level="unit",
)


def put(folder: Path, document: Normalized, name: str, modified: str) -> None:
    """A document with its artifacts, as a run leaves them."""
    result = finished(DocumentInfo(id=document.document.id, bytes=100, pages=9), document, validate(document, load_rules()))
    artifacts = ArtifactFolder(folder / "artifacts")
    assert artifacts.put(canonical_json(document)) == result.artifacts["normalize"]
    with open_store(f"sqlite:///{folder / 'store.sqlite'}", clock=lambda: T0) as store:
        store.submit(submission(name, modified), result.document.id, 100, T0)
        result.store_in(store)


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    folder = tmp_path / "data"
    folder.mkdir()
    put(folder, DEPARTMENT, "部门.pdf", "2026-01-01T00:00:00Z")
    put(folder, UNIT, "单位.pdf", "2026-01-01T00:00:00Z")
    return ["--data", str(folder)]


def test_units_are_compared_by_the_names_in_the_departments_rows(data: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["units", "部门.pdf", *data]) == NOTHING_TO_REPORT
    shown = capsys.readouterr().out
    assert "3 figures compared: 1 agree, 2 differ" in shown
    assert "no documents of these units: 第二中心" in shown
    assert "66.00" in shown
    assert main(["units", "部门.pdf", "--json", *data]) == NOTHING_TO_REPORT
    made = json.loads(capsys.readouterr().out)
    assert (made["units"], made["missing"]) == ([UNIT.document.id], ["第二中心"])
    assert [finding["code"] for finding in made["findings"]] == ["unit.mismatch"]


def test_the_current_revision_of_a_unit_counts_and_its_changes_are_shown(data: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    put(Path(data[1]), CORRECTED, "单位（更正）.pdf", "2026-02-01T00:00:00Z")
    main(["units", "部门.pdf", *data])
    assert "3 figures compared: 3 agree, 0 differ" in capsys.readouterr().out
    assert main(["changes", "单位（更正）.pdf", *data, "--lang", "zh"]) == NOTHING_TO_REPORT
    shown = capsys.readouterr().out
    assert "改动 4 个" in shown
    assert "60.00 万元 → 66.00 万元" in shown
    assert main(["changes", "单位.pdf", "部门.pdf", "--json", *data]) == NOTHING_TO_REPORT
    assert json.loads(capsys.readouterr().out)["before"] == DEPARTMENT.document.id


def test_a_document_without_an_earlier_revision_says_so(data: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["changes", "部门.pdf", *data]) == USAGE
    assert "no earlier revision" in capsys.readouterr().err
