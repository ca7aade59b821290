"""`tieout run` on disclosures in several files: what lies between them is found in whatever order they come, and only once."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from apart_disclosures import ENTITY, Drawn, last_year, narrative, tables
from service.test_hostile_input import tieout

WRONG = (narrative("221.00"), tables("205.00"), last_year())


def draw(folder: Path, *documents: Drawn) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    return [document.write(folder) for document in documents]


def report(data: Path, *paths: Path) -> dict[str, Any]:
    return json.loads(tieout("run", "--json", *paths, "--data", data).stdout)  # type: ignore[no-any-return]


def digest(data: Path) -> str:
    return tieout("export", "--digest", "--data", data).stdout


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Path], dict[str, Any]]:
    """A data folder after a run on all three files, the files, and the report."""
    folder = tmp_path_factory.mktemp("filings")
    paths = draw(folder, *WRONG)
    return folder / "data", paths, report(folder / "data", *paths)


def test_what_lies_between_files_is_found(ran: tuple[Path, list[Path], dict[str, Any]]) -> None:
    (filing,) = ran[2]["filings"]
    assert (filing["filing"]["entity"], filing["filing"]["year"], filing["verdict"]) == (ENTITY, 2025, "unverifiable")
    assert (filing["files"], filing["previous_files"]) == (["说明.pdf", "报表.pdf"], ["上年.pdf"])
    assert [(each["code"], each["severity"], each["reported"], each["expected"]) for each in filing["findings"]] == [
        ("claim.contradiction", "warning", "221.00", "220.00"),
        ("previous_year.mismatch", "warning", "205.00", "200.00"),
    ]
    assert filing["counts"]["exact"] == 6


def test_files_that_agree_are_consistent(tmp_path: Path) -> None:
    paths = draw(tmp_path, narrative(), tables(), last_year())
    made = report(tmp_path / "data", *paths)
    (filing,) = made["filings"]
    assert (filing["verdict"], filing["findings"], made["exit_code"]) == ("consistent", [], 0)


def test_a_document_alone_is_no_filing_to_reconcile(tmp_path: Path) -> None:
    paths = draw(tmp_path, tables())
    assert report(tmp_path / "data", *paths)["filings"] == []
    assert "文件之间" not in tieout("run", *paths, "--data", tmp_path / "data", "--lang", "zh").stdout


def test_a_second_run_makes_nothing_new(ran: tuple[Path, list[Path], dict[str, Any]], tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(ran[0], data)
    artifacts = sorted(path.name for path in (data / "artifacts").rglob("*.gz"))
    before = digest(data)
    again = report(data, *ran[1])
    assert again["filings"] == ran[2]["filings"]
    assert digest(data) == before
    assert sorted(path.name for path in (data / "artifacts").rglob("*.gz")) == artifacts


@pytest.mark.parametrize("order", [(2, 1, 0), (1, 0, 2)], ids=str)
def test_files_that_come_one_by_one_in_any_order_end_in_the_same_filing(
    ran: tuple[Path, list[Path], dict[str, Any]], tmp_path: Path, order: tuple[int, ...]
) -> None:
    data = tmp_path / "data"
    for index in order:
        made = report(data, ran[1][index])
    assert digest(data) == digest(ran[0])
    assert [each["filing"]["id"] for each in made["filings"]] == [each["filing"]["id"] for each in ran[2]["filings"]]
    assert shown(data, made) == shown(ran[0], ran[2])


def shown(data: Path, made: dict[str, Any]) -> str:
    return tieout("show", made["filings"][0]["filing"]["id"], "--json", "--data", data).stdout


def test_a_corrected_file_takes_its_finding_back(ran: tuple[Path, list[Path], dict[str, Any]], tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(ran[0], data)
    (filing,) = report(data, *draw(tmp_path / "later", narrative("220.00")))["filings"]
    assert [each["code"] for each in filing["findings"]] == ["previous_year.mismatch"]


def test_people_see_the_filing_below_the_documents(ran: tuple[Path, list[Path], dict[str, Any]]) -> None:
    data, paths, made = ran
    out = tieout("run", *paths, "--data", data, "--lang", "zh").stdout
    assert f"{ENTITY}  2025 预算 文件之间   ? 无法核实" in out
    assert "说明.pdf、报表.pdf；上年：上年.pdf · 核对 8 项：相符 6，不符 2" in out
    assert out.count("上年数与上年公开的数不一致") == 1
    listed = tieout("findings", "--data", data, "--code", "previous_year.mismatch", "--lang", "zh").stdout
    assert f"{ENTITY} 2025 预算 · 报表.pdf" in listed
    shown = tieout("show", "说明.pdf", "--data", data, "--lang", "en").stdout
    assert "between documents" in shown
    assert f"show {made['filings'][0]['filing']['id']}" in shown
    assert tieout("show", "filing:ffffffff", "--data", data, "--lang", "en").returncode == 2


def test_a_report_holds_the_result_of_the_filing(ran: tuple[Path, list[Path], dict[str, Any]], tmp_path: Path) -> None:
    tieout("run", *ran[1], "--data", ran[0], "--report", tmp_path / "report")
    (file,) = (tmp_path / "report" / "json").glob("*.filing.*.json")
    assert file.name.startswith(f"{ENTITY} 2025 budget.filing.")
    assert json.loads(file.read_bytes())["findings"] == ran[2]["filings"][0]["findings"]


def test_an_explanation_names_the_file_of_every_figure(ran: tuple[Path, list[Path], dict[str, Any]]) -> None:
    claim, older = ran[2]["filings"][0]["findings"]
    out = tieout("explain", older["id"], "--data", ran[0], "--lang", "zh").stdout
    assert "报表.pdf 第 3 页《2025年一般公共预算支出表》“合计”×“上年预算数”（第 2 行第 3 列） ← 存疑" in out
    assert "上年.pdf 第 2 页《2024年一般公共预算支出表》“合计”×“本年预算数”" in out
    out = tieout("explain", claim["id"], "--data", ran[0], "--lang", "zh").stdout
    assert "说明.pdf 第 1 页《文字说明》“2025年部门预算支出总计” ← 存疑" in out
    found = json.loads(tieout("explain", older["id"], "--json", "--data", ran[0]).stdout)
    assert [check["rule"] for check in found["checks"]] == ["filing.previous_year.budget"]


def test_exports_name_the_filing_of_what_lies_between_files(ran: tuple[Path, list[Path], dict[str, Any]], tmp_path: Path) -> None:
    assert tieout("export", "--format", "json", "-o", tmp_path / "out", "--data", ran[0]).returncode == 0
    lines = [json.loads(line) for line in (tmp_path / "out" / "documents.jsonl").read_text().splitlines()]
    by_file = {line["file"]: line for line in lines}
    identifier = ran[2]["filings"][0]["filing"]["id"]
    assert [each["code"] for each in by_file["说明.pdf"]["findings"] if each["filing"] == identifier] == ["claim.contradiction"]
    checks = [each for each in by_file["报表.pdf"]["checks"] if each["filing"]]
    last_years = by_file["上年.pdf"]["document"].removeprefix("sha256:")[:8]
    assert len(checks) == 5
    assert checks[0]["terms"].startswith(f"{last_years}/t")
    assert not any(each["filing"] for line in lines for each in line["checks"] if line["file"] == "上年.pdf")


def test_a_lost_artifact_is_named_and_the_filing_comes_with_the_next_run(tmp_path: Path) -> None:
    data, paths = tmp_path / "data", draw(tmp_path, *WRONG)
    report(data, paths[2])
    for path in (data / "artifacts").rglob("*.gz"):
        path.unlink()
    first = tieout("run", *paths[:2], "--data", data, "--lang", "en")
    assert "上年.pdf is lost: call run --again with it" in first.stderr
    assert first.returncode == 1, "the documents themselves are done"
    assert len(report_again(data, paths[2])["filings"][0]["findings"]) == 2


def report_again(data: Path, path: Path) -> dict[str, Any]:
    return json.loads(tieout("run", "--json", "--again", path, "--data", data).stdout)  # type: ignore[no-any-return]


def test_a_re_issue_shows_what_changed(tmp_path: Path) -> None:
    """The corrected file has the same name and comes later; the command compares it with the revision before."""
    data = tmp_path / "data"
    (path,) = draw(tmp_path / "in", tables())
    os.utime(path, (1_000_000_000, 1_000_000_000))
    report(data, path)
    (again,) = draw(tmp_path / "corrected", tables("205.00"))
    report(data, again)
    shown = json.loads(tieout("changes", again, "--data", data, "--json").stdout)
    assert [(each["before"]["text"], each["after"]["text"]) for each in shown["changes"]] == [("200.00", "205.00")]
    assert "改动 1 个" in tieout("changes", again, "--data", data, "--lang", "zh").stdout
    assert "200.00" in tieout("changes", again, "--data", data, "--lang", "en").stdout
    alone = tieout("changes", path, "--data", data, "--lang", "en")
    assert (alone.returncode, "no earlier revision" in alone.stderr) == (2, True)
