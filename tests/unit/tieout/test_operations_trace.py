"""The way of a submission, for people and for programs."""

from __future__ import annotations

import json
import os

import pytest
from unit.tieout.operations_site import DOCUMENT, T0, Site, arrived, found, site, step

from services.store.domain.ledger import LedgerRow
from tieout.cli import main
from tieout.exit_codes import NOTHING_TO_REPORT, USAGE
from tieout.operations.waiting import waiting_text

__all__ = ["site"]


def row(**about: object) -> LedgerRow:
    each = found("a.pdf")
    values: dict[str, object] = {
        "object": each.object, "submission": each.submission, "size": 1, "document": None, "outcome": None, "under_way": True, "stage": None,
        "lane": "upload", "reason": "upload", "queued": False, "waiting": "", "arrived_at": T0, "progressed_at": T0, "restarts": 0,
    }  # fmt: skip
    return LedgerRow(**{**values, **about})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("about", "text"),
    [
        ({"queued": True}, "queued (uploads) for the extractor"),
        ({"queued": True, "lane": "bulk", "stage": "extract"}, "queued (bulk) for the normalizer"),
        ({}, "waits for the extractor"),
        ({"stage": "extract"}, "waits for the normalizer"),
        ({"stage": "normalize"}, "waits for the validator"),
        ({"stage": "validate"}, "waits for the store"),
        (
            {"stage": "extract", "queued": True, "waiting": "storage.unavailable"},
            "waits for the normalizer: storage.unavailable, tried again by itself",
        ),
        ({"restarts": 2}, "waits for the extractor (started again 2×)"),
        ({"under_way": False, "outcome": "stored"}, ""),
    ],
)
def test_what_a_submission_waits_for_is_one_sentence(about: dict[str, object], text: str) -> None:
    assert waiting_text(row(**about), "en") == text


def test_a_trace_names_every_step_its_version_and_attempts(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    identifier = arrived(site, "教育局/a.pdf", department="教育局")
    step(site, identifier, "extracted", 5.25, document=DOCUMENT, version="0.1.0+d.x", attempts=2)
    assert main(["trace", "a.pdf", *site.data]) == NOTHING_TO_REPORT
    shown = capsys.readouterr().out
    for told in (identifier, DOCUMENT, "教育局", "11-21 08:00:05.250", "0.1.0+d.x", "→ waits for the normalizer"):
        assert told in shown
    assert any("extracted" in line and "  2  " in line for line in shown.splitlines())


def test_a_step_that_was_told_again_shows_when(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    identifier = arrived(site, "a.pdf")
    for after in (5, 65):
        step(site, identifier, "stored", after, document=DOCUMENT)
    main(["trace", "a.pdf", *site.data])
    assert "again: 11-21 08:01:05.000" in capsys.readouterr().out


@pytest.mark.parametrize("asked", ["a.pdf", "教育局/a.pdf", DOCUMENT, DOCUMENT[7:15], "OBJECT", "OBJECT-START"])
def test_a_submission_is_found_by_any_of_its_names(site: Site, asked: str, capsys: pytest.CaptureFixture[str]) -> None:
    identifier = arrived(site, "教育局/a.pdf")
    step(site, identifier, "extracted", 5, document=DOCUMENT)
    asked = {"OBJECT": identifier, "OBJECT-START": identifier[:14]}.get(asked, asked)
    assert main(["trace", asked, "--json", *site.data]) == NOTHING_TO_REPORT
    told = json.loads(capsys.readouterr().out)
    assert (told["object"], [each["kind"] for each in told["steps"]]) == (identifier, ["arrived", "extracted"])


def test_a_file_whose_name_is_no_utf8_is_found_by_that_name(site: Site) -> None:
    arrived(site, "n\ufffd.pdf")
    assert main(["trace", os.fsdecode(b"n\xff.pdf"), *site.data]) == NOTHING_TO_REPORT


def test_several_matches_are_listed_and_each_can_be_asked_for(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    ids = {arrived(site, f"{department}/a.pdf") for department in ("教育局", "卫健局")}
    assert main(["trace", "a.pdf", *site.data]) == NOTHING_TO_REPORT
    shown = capsys.readouterr().out
    assert "2 submissions match" in shown
    listed = [word for word in shown.split() if word.startswith("obj:")]
    assert all(sum(each.startswith(word) for each in ids) == 1 for word in listed)
    for word in listed:
        assert main(["trace", word, *site.data]) == NOTHING_TO_REPORT
        assert "arrived" in capsys.readouterr().out
    main(["trace", "a.pdf", "--json", *site.data])
    assert {json.loads(line)["object"] for line in capsys.readouterr().out.splitlines()} == ids


def test_what_is_unknown_is_told_with_the_ways_to_ask(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trace", "nix\x1b[31m", *site.data]) == USAGE
    line = capsys.readouterr().err
    assert "tieout audit" in line
    assert "\x1b" not in line
