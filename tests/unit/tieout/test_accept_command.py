"""`accept`: a finding is accepted with a reason by somebody, listed, taken back; in a data folder and in an installation."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from unit.tieout.operations_site import Site, site

from services.store.adapters.sql_store import SqlStore, open_store
from tests.unit.store.store_documents import T0, finding, result, submission, versions
from tieout.cli import main
from tieout.exit_codes import NOTHING_TO_REPORT, USAGE

__all__ = ["site"]

WHY = "与批复文件核对无误"


def stored(url: str) -> str:
    """Puts a document with one finding into a database; returns the finding's id."""
    with open_store(url, clock=lambda: T0) as store:
        made = result("A")
        made.store_in(store)
        store.submit(submission("青禾.pdf"), made.id, 1001, T0)
        return store.findings()[0].id


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[list[str], str]:
    """The option that names a data folder with one finding, and the finding's id."""
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    monkeypatch.setenv("USER", "reviewer")
    monkeypatch.setenv("LOGNAME", "reviewer")
    data = tmp_path / "data"
    data.mkdir()
    return ["--data", str(data)], stored(f"sqlite:///{data / 'store.sqlite'}")


def test_a_finding_is_accepted_by_the_beginning_of_its_id_and_shown_with_reason_and_name(
    folder: tuple[list[str], str], capsys: pytest.CaptureFixture[str]
) -> None:
    data, identifier = folder
    assert main(["accept", identifier[:8], "--why", f"  {WHY} ", "--by", "李四", *data]) == NOTHING_TO_REPORT
    assert WHY in capsys.readouterr().out
    main(["accept", *data])
    assert re.search(rf"accepted \(李四, \d{{4}}-\d\d-\d\d \d\d:\d\d UTC\): {WHY}\n", capsys.readouterr().out)
    main(["findings", "--json", *data])
    assert json.loads(capsys.readouterr().out)["accepted"]["why"] == WHY
    main(["findings", *data])
    shown = capsys.readouterr().out
    assert "(accepted) " in shown
    assert WHY in shown


def test_who_decides_is_the_user_of_the_system_where_nobody_is_named(
    folder: tuple[list[str], str], capsys: pytest.CaptureFixture[str]
) -> None:
    data, identifier = folder
    main(["accept", identifier, "--why", WHY, *data])
    capsys.readouterr()
    main(["accept", "--json", *data])
    assert json.loads(capsys.readouterr().out)["by"] == "reviewer"


def test_what_is_accepted_is_not_among_the_open_ones(folder: tuple[list[str], str], capsys: pytest.CaptureFixture[str]) -> None:
    data, identifier = folder
    main(["accept", identifier, "--why", WHY, *data])
    capsys.readouterr()
    main(["findings", "--open", *data])
    assert capsys.readouterr().out == "No findings.\n"
    main(["accept", identifier[:9], "--undo", *data])
    capsys.readouterr()
    main(["findings", "--open", *data])
    assert identifier[:10] in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [["--why", " "], [], ["--why", WHY, "--by", " "]])
def test_without_a_reason_or_a_name_nothing_is_accepted(
    arguments: list[str], folder: tuple[list[str], str], capsys: pytest.CaptureFixture[str]
) -> None:
    data, identifier = folder
    assert main(["accept", identifier, *arguments, *data]) == USAGE
    assert "needs a" in capsys.readouterr().err
    main(["accept", *data])
    assert capsys.readouterr().out == "No finding was accepted.\n"


def test_an_unknown_id_is_refused_with_those_that_are_like_it(folder: tuple[list[str], str], capsys: pytest.CaptureFixture[str]) -> None:
    data, identifier = folder
    mistyped = identifier[:6] + identifier[7] + identifier[6] + identifier[8:]
    for wrong, hint in ((mistyped, f"Perhaps {identifier[:10]}?"), ("f-zzzzzzzz", "tieout findings lists them.")):
        if wrong == identifier:
            continue
        assert main(["accept", wrong, "--why", WHY, *data]) == USAGE
        assert hint in capsys.readouterr().err


def test_what_was_not_accepted_cannot_be_taken_back(folder: tuple[list[str], str], capsys: pytest.CaptureFixture[str]) -> None:
    data, identifier = folder
    assert main(["accept", identifier, "--undo", *data]) == USAGE
    assert "nothing to take back" in capsys.readouterr().err
    assert main(["accept", "f-123456", "--undo", *data]) == USAGE
    assert "there is no finding" in capsys.readouterr().err


def test_an_acceptance_of_a_finding_that_is_gone_is_listed_and_can_be_taken_back(
    folder: tuple[list[str], str], capsys: pytest.CaptureFixture[str]
) -> None:
    data, identifier = folder
    main(["accept", identifier, "--why", WHY, *data])
    corrected = result("A", of=versions("0.2.0"))
    clean = replace(corrected, validated=msgspec.structs.replace(corrected.validated, findings=()))
    with open_store(f"sqlite:///{data[1]}/store.sqlite", clock=lambda: T0) as store:
        store.activate(versions("0.2.0"))
        clean.store_in(store)
        assert store.findings() == []
    capsys.readouterr()
    main(["accept", *data])
    assert "no current result has it any more" in capsys.readouterr().out
    assert main(["accept", identifier[:8], "--undo", *data]) == NOTHING_TO_REPORT
    main(["accept", *data])
    assert "No finding was accepted." in capsys.readouterr().out


def test_several_that_begin_alike_are_named_and_none_is_accepted(folder: tuple[list[str], str], capsys: pytest.CaptureFixture[str]) -> None:
    data, identifier = folder
    twin = identifier[:9] + ("0" if identifier[9] != "0" else "1") + identifier[10:]
    with open_store(f"sqlite:///{data[1]}/store.sqlite", clock=lambda: T0) as store:
        other = result("B", entity="白湖市体育局")
        only = (finding(twin, other.validated.checks[0]),)
        replace(other, validated=msgspec.structs.replace(other.validated, findings=only)).store_in(store)
    assert main(["accept", identifier[:8], "--why", WHY, *data]) == USAGE
    told = capsys.readouterr().err
    assert identifier in told
    assert twin in told


def test_an_installation_keeps_it_as_an_object_and_its_store_carries_it_out(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    url = str(site.ledger._engine.url)
    identifier = stored(url)
    assert main(["accept", identifier, "--why", WHY, "--by", "李四", *site.data]) == NOTHING_TO_REPORT
    assert "Carried out." in capsys.readouterr().out
    (kept,) = site.kept()
    assert (kept.kind, kept.finding, kept.by, kept.why) == ("accept", identifier, "李四", WHY)
    with SqlStore(site.ledger._engine) as store:
        assert [each.finding for each in store.accepted()] == [identifier]
