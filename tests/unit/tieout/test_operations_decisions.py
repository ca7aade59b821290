"""Decisions: the object first, the event second; carried out, or told when that will be. Dead letters are shown without their bodies."""

from __future__ import annotations

import base64
import json

import msgspec
import pytest
from unit.tieout.operations_site import DOCUMENT, T0, Site, arrived, letter, site, step

from shared.contracts.events import Decision
from shared.envelope import from_headers
from shared.storage.ports import StorageUnavailableError
from tieout.cli import main
from tieout.exit_codes import NOT_AVAILABLE, NOTHING_TO_REPORT, USAGE
from tieout.operations import decide

__all__ = ["site"]

VERSION = "0.2.0+d.0a1b2c3d.s.44136fa3"


@pytest.fixture
def letters(site: Site) -> Site:
    identifier = arrived(site, "教育局/a.pdf")
    site.ledger.note_dead_letter(letter("aaaaaaa1", object=identifier))
    site.ledger.note_dead_letter(letter("bbbbbbb2", service="validator", last_at="2026-11-21T09:00:00.000Z"))
    return site


def test_a_decision_lies_in_the_bucket_before_its_event_is_sent(letters: Site, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["dlq", "redrive", "--all", *letters.data]) == NOTHING_TO_REPORT
    assert letters.kept_when_sent == [2]
    assert [record.body for record in letters.sent] == [msgspec.json.encode(each) for each in letters.kept()]
    assert "Carried out." in capsys.readouterr().out


def test_the_event_of_a_decision_is_the_same_however_often_it_is_sent() -> None:
    decision = decide.make("activate", stage="validate", version=VERSION, at=T0)
    once, again = (from_headers(decide.record(decision).headers) for _ in range(2))
    assert once == again
    assert (once.type, once.subject) == ("tieout.decisions.made", "validate")


def test_the_same_decision_made_again_is_another_one() -> None:
    assert decide.make("reprocess", stage="extract").id != decide.make("reprocess", stage="extract").id


def test_without_the_storage_nothing_is_decided(letters: Site, capsys: pytest.CaptureFixture[str]) -> None:
    letters.storage.failure = StorageUnavailableError("storage.unavailable", "refused")
    assert main(["dlq", "redrive", "--all", *letters.data]) == NOT_AVAILABLE
    assert letters.sent == []
    assert "object storage" in capsys.readouterr().err


def test_without_kafka_the_decision_is_kept_and_the_sweep_is_promised(letters: Site, capsys: pytest.CaptureFixture[str]) -> None:
    letters.broker_away = True
    assert main(["dlq", "redrive", "--all", *letters.data]) == NOTHING_TO_REPORT
    assert len(letters.kept()) == 2
    told = capsys.readouterr().out
    assert "carries it out with its next sweep" in told
    assert "Kafka at 127.0.0.1:9 does not answer" in told


def test_a_store_that_does_not_listen_is_told(letters: Site, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tieout.operations.decide._PATIENCE_SECONDS", 0.5)
    letters.applies = False
    assert main(["dlq", "redrive", "--all", *letters.data]) == NOTHING_TO_REPORT
    assert "So far it did not" in capsys.readouterr().out


def test_a_list_shows_the_undecided_with_the_file_they_are_about(letters: Site, capsys: pytest.CaptureFixture[str]) -> None:
    main(["dlq", "discard", "bbbbbbb2", "--why", "test", *letters.data])
    capsys.readouterr()
    assert main(["dlq", "list", *letters.data]) == NOTHING_TO_REPORT
    shown = capsys.readouterr().out
    assert "教育局/a.pdf" in shown
    assert "bbbbbbb2" not in shown
    main(["dlq", "list", "--all", *letters.data])
    assert "discarded" in capsys.readouterr().out


def test_a_list_may_be_of_one_service(letters: Site, capsys: pytest.CaptureFixture[str]) -> None:
    main(["dlq", "list", "--service", "validator", "--json", *letters.data])
    assert [json.loads(line)["service"] for line in capsys.readouterr().out.splitlines()] == ["validator"]


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_the_body_of_a_dead_letter_is_shown_only_when_it_is_asked_for(
    letters: Site, capsys: pytest.CaptureFixture[str], options: list[str]
) -> None:
    for command in (["dlq", "list", *options], ["dlq", "show", "aaaaaaa1", *options]):
        assert main([*command, *letters.data]) == NOTHING_TO_REPORT
        shown = capsys.readouterr().out
        assert "1,234.56" not in shown
        assert base64.b64encode(b"1,234.56").decode()[:8] not in shown


def test_the_body_is_shown_byte_for_byte_to_programs(letters: Site, capsys: pytest.CaptureFixture[str]) -> None:
    main(["dlq", "show", "aaaaaaa1", "--body", "--json", *letters.data])
    assert base64.b64decode(json.loads(capsys.readouterr().out)["body"]) == b'{"secret":"1,234.56"}'
    main(["dlq", "show", "aaaaaaa1", "--body", *letters.data])
    assert '{"secret":"1,234.56"}' in capsys.readouterr().out


def test_a_dead_letter_shows_why_it_died_and_where_it_came_from(letters: Site, capsys: pytest.CaptureFixture[str]) -> None:
    main(["dlq", "show", "dead:aaaaaaa1", *letters.data])
    shown = capsys.readouterr().out
    for told in (
        "crashed",
        "signal 11",
        "objects.created / 2 / 17",
        "attempts: 2",
        "2026-11-21T08:00:01.000Z",
        "ce_id: evt:1",
        "null: null",
    ):
        assert told in shown


@pytest.mark.parametrize("command", [["redrive", "aaaaaaa1", "ccccccc3"], ["discard", "aaaaaaa1", "ccccccc3", "--why", "x"]])
def test_one_unknown_dead_letter_keeps_all_from_being_decided(
    letters: Site, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["dlq", *command, *letters.data]) == USAGE
    assert letters.kept() == []
    assert "ccccccc3" in capsys.readouterr().err


def test_what_was_decided_is_not_decided_again(letters: Site, capsys: pytest.CaptureFixture[str]) -> None:
    main(["dlq", "redrive", "aaaaaaa1", *letters.data])
    assert main(["dlq", "discard", "aaaaaaa1", "--why", "x", *letters.data]) == USAGE
    assert len(letters.kept()) == 1
    assert "was sent again already" in capsys.readouterr().err


@pytest.mark.parametrize(
    "command", [["redrive"], ["redrive", "aaaaaaa1", "--all"], ["discard", "aaaaaaa1"], ["discard", "aaaaaaa1", "--why", " "]]
)
def test_a_decision_that_does_not_say_what_or_why_is_a_wrong_call(letters: Site, command: list[str]) -> None:
    assert main(["dlq", *command, *letters.data]) == USAGE
    assert letters.kept() == []


def test_a_reason_is_kept_with_the_decision(letters: Site) -> None:
    main(["dlq", "discard", "aaaaaaa1", "--why", "部门已撤回", *letters.data])
    assert [(each.kind, each.why, each.dead_letter) for each in letters.kept()] == [("discard", "部门已撤回", letter("aaaaaaa1").id)]


def decided(site: Site) -> Decision:
    return site.kept()[0]


def test_a_document_is_processed_again_by_any_of_its_names(site: Site) -> None:
    identifier = arrived(site, "教育局/a.pdf")
    step(site, identifier, "extracted", 5, document=DOCUMENT)
    assert main(["reprocess", "--from", "normalize", "--document", "a.pdf", *site.data]) == NOTHING_TO_REPORT
    assert (decided(site).document, decided(site).stage, decided(site).since) == (DOCUMENT, "normalize", None)


def test_an_unknown_document_is_not_processed_again(site: Site) -> None:
    assert main(["reprocess", "--from", "normalize", "--document", "nix", *site.data]) == USAGE
    assert site.kept() == []


def test_the_time_since_when_is_kept_in_utc(site: Site) -> None:
    main(["reprocess", "--from", "extract", "--since", "2026-11-20T08:00+08:00", *site.data])
    assert (decided(site).document, decided(site).since) == (None, "2026-11-20T00:00:00Z")


@pytest.mark.parametrize(
    "which", [[], ["--all", "--document", "x"], ["--since", "2999-01-01"], ["--since", "soon"], ["--since", "99999999999d"]]
)
def test_a_request_that_is_unclear_is_a_wrong_call(site: Site, which: list[str]) -> None:
    assert main(["reprocess", "--from", "extract", *which, *site.data]) == USAGE
    assert site.kept() == []


def test_a_version_is_activated(site: Site) -> None:
    assert main(["activate", "validate", VERSION, *site.data]) == NOTHING_TO_REPORT
    assert (decided(site).kind, decided(site).stage, decided(site).version) == ("activate", "validate", VERSION)
    assert site.ledger.activated()["validate"] == VERSION


@pytest.mark.parametrize("version", ["0.2.0", "latest", "0.2.0+d.0a1b2c3d", "0.2.0+d.0A1B2C3D.s.44136fa3", f"{VERSION} "])
def test_what_is_no_version_is_not_activated(site: Site, version: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["activate", "validate", version, *site.data]) == USAGE
    assert site.kept() == []
    assert "tieout activate" in capsys.readouterr().err


def test_without_a_version_the_known_ones_are_listed(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    main(["activate", "validate", VERSION, *site.data])
    capsys.readouterr()
    main(["activate", "validate", "--json", *site.data])
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {(line["version"], line["active"], line["this_release"]) for line in lines} >= {(VERSION, True, False)}
    assert sum(line["this_release"] for line in lines) == 1
    main(["activate", *site.data])
    assert VERSION in capsys.readouterr().out
