"""The whole run over the committed samples says what their makers planted, and nothing else."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from service.test_hostile_input import ROOT, tieout

EXPECTED: list[dict[str, Any]] = json.loads((ROOT / "samples" / "expected.json").read_text(encoding="utf-8"))["files"]
READ = [each for each in EXPECTED if "rejected" not in each]
REJECTED = [each for each in EXPECTED if "rejected" in each]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[int, dict[str, Any], Path]:
    data = tmp_path_factory.mktemp("samples") / "data"
    done = tieout("run", ROOT / "samples", "--data", data, "--json")
    return done.returncode, json.loads(done.stdout), data


def document(run: tuple[int, dict[str, Any], Path], name: str) -> dict[str, Any]:
    return next(each for each in run[1]["documents"] if each["submission"]["name"] == name)


def errors(found: dict[str, Any]) -> list[dict[str, Any]]:
    return [finding for finding in found["findings"] if finding["severity"] == "error"]


@pytest.mark.parametrize("expected", READ, ids=lambda each: each["about"])
def test_identity_and_verdict_of_each_sample_are_right(run: tuple[int, dict[str, Any], Path], expected: dict[str, Any]) -> None:
    found = document(run, expected["file"])
    about = found["document"]
    assert (about["entity"], about["year"], about["kind"], about["part"]) == tuple(
        expected[key] for key in ("entity", "year", "kind", "part")
    )
    assert found["verdict"] == expected["verdict"]


@pytest.mark.parametrize("expected", READ, ids=lambda each: each["about"])
def test_every_planted_error_is_found_at_its_cell_and_no_other(run: tuple[int, dict[str, Any], Path], expected: dict[str, Any]) -> None:
    found = errors(document(run, expected["file"]))
    assert len(found) == len(expected["planted"])
    for finding, planted in zip(found, expected["planted"], strict=True):
        evidence = finding["evidence"][0]
        assert (evidence["page"], evidence["row"], evidence["col"]) == (planted["page"], planted["row"], planted["col"])
        assert Decimal(evidence["text"].replace(",", "")) == Decimal(planted["printed"].replace(",", ""))
        assert planted["correct"] in finding["message"]["zh"].replace(",", "")


@pytest.mark.parametrize("expected", READ, ids=lambda each: each["about"])
def test_a_narrative_that_disagrees_is_a_warning(run: tuple[int, dict[str, Any], Path], expected: dict[str, Any]) -> None:
    contradictions = [f for f in document(run, expected["file"])["findings"] if f["code"] == "claim.contradiction"]
    assert len(contradictions) == len(expected["false_claims"])
    assert all(finding["severity"] == "warning" for finding in contradictions)


@pytest.mark.parametrize("expected", READ, ids=lambda each: each["about"])
def test_every_table_is_recognised_and_nearly_every_figure_is_tied(run: tuple[int, dict[str, Any], Path], expected: dict[str, Any]) -> None:
    found = document(run, expected["file"])
    assert len(found["forms"]) == len(expected["tables"])
    assert all(form["form"] for form in found["forms"])
    assert found["coverage"]["tied"] >= 0.95 * found["coverage"]["figures"]


@pytest.mark.parametrize("expected", REJECTED, ids=lambda each: each["about"])
def test_what_cannot_be_read_is_rejected_with_its_reason(run: tuple[int, dict[str, Any], Path], expected: dict[str, Any]) -> None:
    rejected = {each["submission"]["name"]: each["code"] for each in run[1]["rejected"]}
    assert rejected[expected["file"]] == expected["rejected"]


def test_the_exit_code_is_the_largest_that_applies(run: tuple[int, dict[str, Any], Path]) -> None:
    assert run[0] == 3


def test_a_second_call_knows_what_is_done_and_says_the_same(run: tuple[int, dict[str, Any], Path]) -> None:
    again = json.loads(tieout("run", ROOT / "samples", "--data", run[2], "--json").stdout)
    assert all(each["known"] for each in again["documents"])
    same = [{**each, "known": None} for each in again["documents"]]
    assert same == [{**each, "known": None} for each in run[1]["documents"]]
    assert again["rejected"] == run[1]["rejected"]


def test_explain_writes_out_the_sum_with_pages(run: tuple[int, dict[str, Any], Path]) -> None:
    finding = errors(document(run, READ[2]["file"]))[0]
    done = tieout("explain", finding["id"].removeprefix("sha256:")[:10], "--data", run[2], "--lang", "en")
    assert done.returncode == 0
    assert "48.80" in done.stdout
    assert "p. 8" in done.stdout
    assert "= sum" in done.stdout


def test_the_digest_is_the_same_for_another_folder_and_order(run: tuple[int, dict[str, Any], Path], tmp_path: Path) -> None:
    files = sorted((ROOT / "samples").glob("*.pdf"), reverse=True)
    tieout("run", *files, "--data", tmp_path / "data", "--quiet")
    first, second = (tieout("export", "--digest", "--data", data).stdout for data in (run[2], tmp_path / "data"))
    assert first == second
    assert len(first.strip()) >= 64


@pytest.mark.parametrize("name", [each["file"] for each in READ[:1]])
def test_the_same_file_gives_the_same_bytes_twice(name: str) -> None:
    path = ROOT / "samples" / name
    assert tieout("validate", path).stdout == tieout("validate", path).stdout


def test_show_and_findings_speak_of_the_stored_result(run: tuple[int, dict[str, Any], Path]) -> None:
    shown = tieout("show", READ[2]["file"], "--data", run[2])
    assert READ[2]["entity"] in shown.stdout
    listed = tieout("findings", "--severity", "error", "--json", "--data", run[2]).stdout.splitlines()
    assert len(listed) == sum(len(each["planted"]) for each in READ)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["show", "no-such-document"], 2),
        (["explain", "0000000000"], 2),
        (["findings", "--severity", "grave"], 2),
        (["export", "--format", "pdf"], 2),
        ([], 0),
        (["--help"], 0),
    ],
)
def test_a_wrong_call_is_one_line_and_its_exit_code(run: tuple[int, dict[str, Any], Path], arguments: list[str], code: int) -> None:
    where = ["--data", str(run[2])] if arguments and not arguments[0].startswith("-") else []
    done = tieout(*arguments, *where)
    assert done.returncode == code
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) <= 1


def test_a_report_is_a_workbook_and_json_per_document(tmp_path: Path) -> None:
    import openpyxl

    done = tieout("run", ROOT / "samples", "--data", tmp_path / "data", "--report", tmp_path / "report", "--quiet")
    assert done.returncode == 3
    written = sorted((tmp_path / "report" / "json").iterdir())
    assert len(written) == len(READ)
    assert json.loads(written[0].read_text(encoding="utf-8"))["schema"] == "tieout.validated/1"
    (workbook,) = (tmp_path / "report").glob("*.xlsx")
    sheets = openpyxl.load_workbook(workbook, read_only=True)
    assert len(sheets.sheetnames) >= 4
