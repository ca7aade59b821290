"""The policies of the object storage give each what it needs and keep it from what it must not do."""

from __future__ import annotations

import fnmatch
import json
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[3] / "deploy/policies"
INBOX, ARTIFACTS = "tieout-inbox", "tieout-artifacts"
STAGES = ("extractor", "normalizer", "validator")
EVERYONE = ("store", *STAGES, "operator", "department", "consumer")


def may(name: str, action: str, resource: str) -> bool:
    policy = json.loads((FOLDER / f"s3-{name}.json").read_text())
    return any(
        statement["Effect"] == "Allow"
        and f"s3:{action}" in statement["Action"]
        and any(fnmatch.fnmatchcase(f"arn:aws:s3:::{resource}", pattern) for pattern in statement["Resource"])
        for statement in policy["Statement"]
    )


@pytest.mark.parametrize("name", ["extractor", "validator", "store"])
def test_who_reads_documents_may_read_a_version_of_them(name: str) -> None:
    assert may(name, "GetObject", f"{INBOX}/d/a.pdf")
    assert may(name, "GetObjectVersion", f"{INBOX}/d/a.pdf")


def test_who_need_not_read_documents_may_not() -> None:
    assert not may("normalizer", "GetObject", f"{INBOX}/d/a.pdf")
    assert not may("department", "GetObject", f"{INBOX}/DEPARTMENT/a.pdf")
    assert not may("consumer", "GetObject", f"{INBOX}/d/a.pdf")


def test_the_store_lists_all_versions_of_the_inbox() -> None:
    assert may("store", "ListBucketVersions", INBOX)
    assert may("store", "GetObject", f"{ARTIFACTS}/decisions/x.json")


@pytest.mark.parametrize("name", ["store", *STAGES])
def test_a_service_asks_whether_both_buckets_are_there(name: str) -> None:
    assert may(name, "ListBucket", INBOX)
    assert may(name, "ListBucket", ARTIFACTS)


@pytest.mark.parametrize("name", ["store", *STAGES])
def test_a_service_keeps_artifacts_runs_and_attempts_and_removes_attempts_only(name: str) -> None:
    for prefix in ("artifacts", "runs", "attempts"):
        assert may(name, "PutObject", f"{ARTIFACTS}/{prefix}/x")
        assert may(name, "GetObject", f"{ARTIFACTS}/{prefix}/x")
        assert may(name, "DeleteObject", f"{ARTIFACTS}/{prefix}/x") is (prefix == "attempts")
    assert not may(name, "PutObject", f"{ARTIFACTS}/decisions/x")


@pytest.mark.parametrize("name", EVERYONE)
def test_nobody_removes_uploads_and_only_departments_and_operators_make_them(name: str) -> None:
    assert not may(name, "DeleteObject", f"{INBOX}/d/a.pdf")
    assert not may(name, "DeleteObjectVersion", f"{INBOX}/d/a.pdf")
    assert may(name, "PutObject", f"{INBOX}/DEPARTMENT/a.pdf") is (name in ("operator", "department"))


def test_a_department_writes_below_its_own_prefix_only() -> None:
    assert not may("department", "PutObject", f"{INBOX}/other/a.pdf")
    assert not may("department", "ListBucket", INBOX)


def test_decisions_are_made_by_operators() -> None:
    assert [name for name in EVERYONE if may(name, "PutObject", f"{ARTIFACTS}/decisions/x.json")] == ["operator"]


def test_an_operator_cleans_artifacts_up_and_nothing_else() -> None:
    assert may("operator", "DeleteObject", f"{ARTIFACTS}/artifacts/x")
    assert not any(may("operator", "DeleteObject", f"{ARTIFACTS}/{prefix}/x") for prefix in ("runs", "decisions", "attempts"))
