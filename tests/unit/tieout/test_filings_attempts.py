"""A filing that cannot be reconciled is named with its reason; nothing is stored, and it stays due."""

from __future__ import annotations

from pathlib import Path

import pytest
from filing_documents import claim, named, sum_of
from validator_documents import Block, Paper

from services.store.adapters.artifact_folder import ArtifactFolder
from services.store.adapters.sql_store import SqlStore, open_store
from services.validator.adapters.rules_files import load_rules
from services.validator.domain.validate import validate
from shared.canonical import canonical_json
from shared.contracts.extracted import DocumentInfo
from shared.contracts.normalized import Normalized
from tests.unit.store.store_documents import T0, finished, submission
from tieout.filings import attempt, due, stored_filing

FORM = Paper("t1", "income_expenditure_summary", [Block("income", ("金额=amount",), (sum_of("90.00"),))])
NARRATIVE = named("narrative", claims=[claim("2025年度收入总计", "91.23")], part="narrative")
TABLES = named("tables", FORM, part="tables")


@pytest.fixture
def store(tmp_path: Path) -> SqlStore:
    return open_store(f"sqlite:///{tmp_path / 'store.sqlite'}", clock=lambda: T0)


@pytest.fixture
def artifacts(tmp_path: Path, store: SqlStore) -> ArtifactFolder:
    folder = ArtifactFolder(tmp_path / "artifacts")
    for document in (NARRATIVE, TABLES):
        put(store, folder, document)
    return folder


def put(store: SqlStore, folder: ArtifactFolder, document: Normalized) -> None:
    folder.put(canonical_json(document))
    store.submit(submission(f"{document.document.part}.pdf"), document.document.id, 100, T0)
    finished(DocumentInfo(id=document.document.id, bytes=100, pages=2), document, validate(document, load_rules())).store_in(store)


def compute(function: object, *arguments: object) -> bytes:
    return function(*arguments)  # type: ignore[no-any-return, operator]


def breaks(*_: object) -> bytes:
    raise RuntimeError("a defect")


def test_a_filing_that_is_reconciled_is_stored_with_its_artifact(store: SqlStore, artifacts: ArtifactFolder) -> None:
    (changed,) = due(store, [TABLES.document.id])
    assert attempt(store, artifacts, changed, compute) is None
    filing = stored_filing(store, artifacts, changed.filing.id)
    assert filing is not None
    assert filing.members == changed.members
    assert due(store, [TABLES.document.id]) == []


def test_a_defect_of_ours_is_said_and_the_filing_stays_due(store: SqlStore, artifacts: ArtifactFolder) -> None:
    (changed,) = due(store, [TABLES.document.id])
    problem = attempt(store, artifacts, changed, breaks)
    assert problem is not None
    assert (problem.own, problem.why.en) == (True, "our own failure: a defect")
    assert due(store, []) == [changed], "also for a call on other documents: it has no result at all"


def test_a_lost_artifact_is_no_failure_of_ours(store: SqlStore, artifacts: ArtifactFolder, tmp_path: Path) -> None:
    for path in (tmp_path / "artifacts").rglob("*.gz"):
        path.unlink()
    (changed,) = due(store, [TABLES.document.id])
    problem = attempt(store, artifacts, changed, compute)
    assert problem is not None
    assert not problem.own
    assert "narrative.pdf" in problem.why.zh
    assert due(store, []) == [changed]


def test_a_result_of_an_older_version_waits_for_a_document_of_its_own(store: SqlStore, artifacts: ArtifactFolder) -> None:
    (changed,) = due(store, [TABLES.document.id])
    attempt(store, artifacts, changed, compute)
    store.activate({"validate": "9.9.9"})
    assert due(store, []) == []
    assert due(store, [NARRATIVE.document.id]) == [changed]
