"""The audit as contracts print it, its exit code, and the repair."""

from __future__ import annotations

import json

import pytest
from unit.tieout.operations_site import INBOX, T0, Site, arrived, site

from services.store.domain.audit import UNKNOWN, Quiet, why_hole
from tieout.cli import main
from tieout.exit_codes import FINDINGS, NOTHING_TO_REPORT
from tieout.operations.audit import why_text

__all__ = ["site"]

FIELDS = ["objects", "submissions", "stored", "rejected", "dead_lettered", "gone", "in_flight", "holes"]


def test_an_object_that_the_ledger_does_not_know_is_a_hole(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    stored = site.storage.put(INBOX, "教育局/a.pdf", b"x")
    assert main(["audit", "--json", *site.data]) == FINDINGS
    told = json.loads(capsys.readouterr().out)
    assert [name for name in told if name in FIELDS] == FIELDS
    assert told["objects"] == 1
    assert {name: told["holes"][0][name] for name in ("bucket", "key", "version")} == {
        "bucket": INBOX,
        "key": "教育局/a.pdf",
        "version": stored.version,
    }
    assert set(told["holes"][0]) >= {"why"}


def test_a_hole_is_named_with_its_reason_and_the_remedy(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    site.storage.put(INBOX, "教育局/a.pdf", b"x")
    assert main(["audit", *site.data]) == FINDINGS
    shown = capsys.readouterr().out
    for told in ("教育局/a.pdf", "the ledger does not know the object", "tieout audit --repair"):
        assert told in shown


def test_without_holes_the_audit_ends_well(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", *site.data]) == NOTHING_TO_REPORT
    assert "No holes" in capsys.readouterr().out


def test_a_repair_notes_what_was_missing_and_says_what_it_could_not_do(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    site.storage.put(INBOX, "教育局/a.pdf", b"x")
    assert main(["audit", "--repair", "--json", *site.data]) == NOTHING_TO_REPORT
    shown = capsys.readouterr()
    assert json.loads(shown.out)["in_flight"] == 1
    assert "1 noted" in shown.err
    assert "'topics' could not be done" in shown.err  # there is no Kafka behind these tests


def test_a_submission_without_progress_is_a_hole(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    stored = site.storage.put(INBOX, "a.pdf", b"x")
    arrived(site, "a.pdf", stored.version)
    site.ledger.sent([event.id for event in site.ledger.take(T0, 1, 1)], T0)
    assert main(["audit", *site.data]) == FINDINGS
    assert "no progress since 2025-11-21T08:00:00Z, waits for extract" in capsys.readouterr().out


QUIET = Quiet(place="stages", stage="extract", progressed_at=T0, due=None)


@pytest.mark.parametrize(
    "why",
    [
        UNKNOWN,
        why_hole(QUIET, T0, None),
        why_hole(Quiet(place="stages", stage=None, progressed_at=T0, due=T0.replace(year=2024)), T0, None),
        why_hole(Quiet(place="queued", stage=None, progressed_at=T0, due=T0.replace(year=2024)), T0, None),
    ],
)
def test_every_reason_of_a_hole_is_said_in_chinese_and_in_english(why: str) -> None:
    chinese = why_text(why, "zh")
    assert any("\u4e00" <= character <= "\u9fff" for character in chinese)
    assert "since" not in chinese
    assert why_text(why, "en") == why.partition(": ")[2]
