"""The clean-up removes old artifacts of results that are not current, and nothing else."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime, timedelta

import pytest
from unit.store.store_documents import result
from unit.tieout.operations_site import ARTIFACTS, Site, site

from services.store.adapters.sql_store import open_store
from shared.storage.artifacts import ArtifactBucket
from tieout.cli import main
from tieout.exit_codes import NOTHING_TO_REPORT, USAGE
from tieout.operations import clean
from tieout.operations.clean import Cleaning, compact, removable

__all__ = ["site"]

OLD, MIDDLE, NEW = ("2025-01-01T00:00:00Z", "2025-06-01T00:00:00Z", "2025-12-01T00:00:00Z")
A, B, C = (f"sha256:{digit * 64}" for digit in "abc")


def test_only_what_is_old_and_not_current_may_go() -> None:
    seen = Cleaning()
    before = datetime(2025, 6, 1, tzinfo=UTC)
    gone = list(removable([(A, OLD), (B, OLD), (C, NEW)], {compact(A)}, before, seen))
    assert gone == [B]
    assert (seen.artifacts, seen.current, seen.young, seen.removed) == (3, 1, 1, 1)


def test_what_was_written_at_the_very_moment_stays() -> None:
    assert list(removable([(A, MIDDLE)], set(), datetime(2025, 6, 1, tzinfo=UTC), Cleaning())) == []


@pytest.fixture
def bucket(site: Site, monkeypatch: pytest.MonkeyPatch) -> ArtifactBucket:
    """A year later: a current result with its three artifacts, two artifacts of nobody, a run and a decision."""
    made = ArtifactBucket(site.storage, ARTIFACTS)
    digests = {stage: made.put(stage.encode()) for stage in ("extract", "normalize", "validate")}
    with open_store(f"sqlite:///{site.folder / 'ledger.sqlite'}") as store:
        dataclasses.replace(result("A"), artifacts=digests).store_in(store)
    for content in (b"old", b"older"):
        made.put(content)
    site.storage.put(ARTIFACTS, "decisions/x.json", b"{}")
    site.storage.put(ARTIFACTS, "runs/extract/1/x.json", b"{}")
    later = datetime.now(UTC) + timedelta(days=365)
    monkeypatch.setattr(clean, "now", lambda: later)
    return made


def left(site: Site) -> list[str]:
    return sorted(key.split("/")[0] for key in site.storage.keys(ARTIFACTS, ""))


def test_current_results_decisions_and_runs_stay(site: Site, bucket: ArtifactBucket, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["clean", "--older-than", "300", "--json", *site.data]) == NOTHING_TO_REPORT
    told = json.loads(capsys.readouterr().out)
    assert told == {"artifacts": 5, "current": 3, "young": 0, "removed": 2, "days": 300, "dry_run": False}
    assert left(site) == ["artifacts"] * 3 + ["decisions", "runs"]


def test_a_dry_run_removes_nothing(site: Site, bucket: ArtifactBucket, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["clean", "--older-than", "300", "--dry-run", *site.data]) == NOTHING_TO_REPORT
    assert "2 could be removed" in capsys.readouterr().out
    assert left(site).count("artifacts") == 5


def test_without_an_age_the_setting_counts(site: Site, bucket: ArtifactBucket, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["clean", *site.data]) == NOTHING_TO_REPORT
    assert "younger than 400 days" in capsys.readouterr().out
    assert left(site).count("artifacts") == 5


def test_an_age_below_a_day_is_refused(site: Site) -> None:
    assert main(["clean", "--older-than", "0", *site.data]) == USAGE
