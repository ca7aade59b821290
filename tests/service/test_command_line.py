"""What a person sees and a script gets: sums with places, wrong paths, pipes that close early."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import msgspec
import openpyxl
import pytest
from service.test_hostile_input import ROOT, tieout

from shared.contracts.validated import Validated
from tieout.explain_figure import untied_facts

WRONG = next((ROOT / "samples").glob("3-*.pdf"))
ROUNDED = next((ROOT / "samples").glob("2-*.pdf"))
NO_PDF = next((ROOT / "samples").glob("7-*.pdf"))


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    data = tmp_path_factory.mktemp("command-line") / "data"
    return data, tieout("run", WRONG, ROUNDED, NO_PDF, "--data", data, "--report", data.parent / "report", "--lang", "zh")


def finding(data: Path) -> str:
    listed = tieout("findings", "--severity", "error", "--data", data, "--lang", "zh").stdout
    return listed.rpartition("[")[2].partition("]")[0]


def test_a_run_names_what_was_read_what_was_not_and_what_to_call_next(ran: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    out = ran[1].stdout
    assert ran[1].returncode == 3
    for words in (
        "双岔县司法局",
        "第8页",
        "印为 48.80 万元",
        "应为 45.80 万元",
        "相差 3.00 万元",
        f"{NO_PDF.name} [not_a_pdf]",
        "bin/tieout explain f-",
    ):
        assert words in out
    assert "可疑 0" not in out


def test_a_sum_names_each_figure_with_page_row_and_column_and_marks_the_wrong_one(
    ran: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    out = tieout("explain", finding(ran[0]), "--data", ran[0], "--lang", "zh").stdout
    assert "“普法宣传”×“支出·项目支出”（第 7 行第 5 列） ← 应为 45.80" in out
    assert "可能原因：一位数字录错" in out
    assert "digit_substituted" not in out
    assert all(line == line.rstrip() for line in out.splitlines())


def test_rounding_is_never_said_to_be_usually_more_than_possible(ran: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    out = tieout("explain", finding(ran[0]), "--data", ran[0], "--lang", "zh").stdout
    assert "最多造成 0.01 万元\n" in out
    assert "通常不超过 0.012" not in out


def test_every_finding_can_be_explained_in_both_languages(ran: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    listed = tieout("findings", "--data", ran[0], "--lang", "en").stdout
    identifiers = [line.rpartition("[")[2].rstrip("]") for line in listed.splitlines() if line.endswith("]")]
    assert len(identifiers) >= 2
    for identifier in identifiers:
        for language in ("zh", "en"):
            done = tieout("explain", identifier, "--data", ran[0], "--lang", language)
            assert (done.returncode, done.stderr) == (0, "")


def test_the_sums_that_hold_a_figure_are_written_out_and_its_id_can_be_found_by_its_amount(
    ran: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    out = tieout("explain", WRONG, "--figure", "48.80", "--data", ran[0], "--lang", "zh").stdout
    assert "不符" in out
    assert "← 此数" in out
    found = json.loads(tieout("explain", WRONG, "--figure", "48.80", "--json", "--data", ran[0]).stdout)
    assert found["checks"][0]["status"] == "failed"
    by_id = tieout("explain", WRONG, "--figure", found["figure"]["id"], "--data", ran[0], "--lang", "zh").stdout
    assert by_id == out
    unknown = tieout("explain", WRONG, "--figure", "1234567.89", "--data", ran[0], "--lang", "en")
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert "no figure 1234567.89" in unknown.stderr


def test_a_run_says_how_many_figures_are_held_more_than_once(ran: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    assert "（两项以上 " in ran[1].stdout


def test_a_file_is_shown_wherever_it_lies_now(ran: tuple[Path, subprocess.CompletedProcess[str]], tmp_path: Path) -> None:
    shutil.copy(WRONG, tmp_path / "renamed.pdf")
    done = tieout("show", tmp_path / "renamed.pdf", "--data", ran[0])
    assert done.returncode == 0
    assert "双岔县司法局" in done.stdout
    assert "第  页" not in done.stdout


def test_nothing_to_read_leaves_no_data_folder(tmp_path: Path) -> None:
    done = tieout("run", tmp_path / "nowhere", "--data", tmp_path / "data")
    assert (done.returncode, done.stdout) == (2, "")
    assert not (tmp_path / "data").exists()


def test_a_data_folder_that_is_a_file_is_told_in_the_users_language(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    chinese = tieout("run", WRONG, "--data", tmp_path / "file", "--lang", "zh")
    assert chinese.returncode == 5
    assert "已有同名文件" in chinese.stderr
    english = tieout("run", WRONG, "--data", tmp_path / "file", "--lang", "en")
    assert "File exists" in english.stderr


def test_a_pipe_that_closes_early_changes_no_exit_code_and_prints_no_traceback(ran: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    command = [ROOT / "bin" / "tieout", "run", str(WRONG), str(NO_PDF), "--data", str(ran[0])]
    with os.fdopen(writer, "wb") as pipe:
        done = subprocess.run(command, stdout=pipe, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 3
    assert "Traceback" not in done.stderr
    assert "BrokenPipe" not in done.stderr


def test_what_was_not_read_is_stored_with_its_reason_and_stands_in_exports(
    ran: tuple[Path, subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    tieout("export", "--format", "csv", "-o", tmp_path, "--data", ran[0])
    rows = (tmp_path / "documents.csv").read_text(encoding="utf-8-sig").splitlines()
    assert [row for row in rows if NO_PDF.name in row and "not_a_pdf" in row]
    workbook = openpyxl.load_workbook(ran[0].parent / "report" / "tieout.xlsx", read_only=True)
    assert any("not_a_pdf" in row for row in workbook.worksheets[0].iter_rows(values_only=True))


def test_a_report_is_a_workbook_and_json_per_document(ran: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    report = ran[0].parent / "report"
    assert (report / "tieout.xlsx").stat().st_size > 0
    assert len(list((report / "json").glob("*.json"))) == 2


@pytest.mark.parametrize("encoding", ["gbk", "ascii", "latin-1"])
def test_a_terminal_that_lacks_characters_gets_question_marks_instead_of_an_error(
    ran: tuple[Path, subprocess.CompletedProcess[str]], encoding: str
) -> None:
    for arguments in (["findings", "--data", ran[0]], ["explain", finding(ran[0]), "--data", ran[0]], ["--help"]):
        done = tieout(*arguments, "--lang", "zh", PYTHONIOENCODING=encoding)
        assert (done.returncode, done.stderr) == (0, "")
    assert tieout("nonsense", PYTHONIOENCODING=encoding).returncode == 2


def test_closed_streams_are_no_defect(ran: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    done = subprocess.run(["sh", "-c", f'"{ROOT}/bin/tieout" findings --data "{ran[0]}" >&-'], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_full_disk_behind_standard_output_is_told(ran: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    done = subprocess.run(
        ["sh", "-c", f'"{ROOT}/bin/tieout" findings --data "{ran[0]}" --lang zh > /dev/full'], capture_output=True, text=True, check=False
    )
    assert done.returncode == 5
    assert done.stderr == "tieout: 系统错误：磁盘已满\n"


def test_figures_that_no_check_holds_are_listed_and_counted_as_the_coverage_counts_them(
    ran: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    stored = tieout("show", WRONG, "--data", ran[0], "--json").stdout
    document = json.loads(stored)
    assert len(untied_facts(msgspec.json.decode(stored, type=Validated))) == document["coverage"]["untied"]
    without_checks = msgspec.json.decode(json.dumps({**document, "checks": []}), type=Validated)
    assert len(untied_facts(without_checks)) == document["coverage"]["figures"]
