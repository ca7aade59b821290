"""`tieout codes`: what people and programs are told of the national codes."""

from __future__ import annotations

import json

import pytest

from tieout.cli import main
from tieout.exit_codes import NOTHING_TO_REPORT, USAGE


def test_a_search_names_the_code_its_place_its_years_and_how_many_sources_show_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["codes", "search", "社会保险经办机构", "--lang", "zh"]) == NOTHING_TO_REPORT
    first = capsys.readouterr().out.splitlines()[0]
    assert first.startswith("2080109 社会保险经办机构")
    assert "208 社会保障和就业支出 › 20801" in first
    assert "2024" in first
    assert "依据 3 处公开来源" in first


def test_what_rests_on_general_knowledge_alone_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    main(["codes", "search", "2081006", "--lang", "zh"])
    assert "仅据一般知识" in capsys.readouterr().out


def test_a_search_speaks_english(capsys: pytest.CaptureFixture[str]) -> None:
    main(["codes", "search", "30101", "--lang", "en"])
    out = capsys.readouterr().out
    assert "economic" in out
    assert "5 public sources" in out


def test_a_code_is_shown_with_the_names_of_its_sources(capsys: pytest.CaptureFixture[str]) -> None:
    main(["codes", "show", "2080109", "--lang", "en"])
    assert "national list" in capsys.readouterr().out


def test_a_search_without_an_answer_says_so_and_is_no_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["codes", "search", "没有这样的名称", "--lang", "zh"]) == NOTHING_TO_REPORT
    assert "没有" in capsys.readouterr().out


def test_a_long_answer_says_how_much_more_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    main(["codes", "search", "支出", "--lang", "zh"])
    short = capsys.readouterr().out.splitlines()
    assert "--all" in short[-1]
    main(["codes", "search", "支出", "--all", "--lang", "zh"])
    assert len(capsys.readouterr().out.splitlines()) > len(short) * 5


def test_a_search_for_programs_is_one_line_of_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["codes", "search", "环境保护", "--json"]) == NOTHING_TO_REPORT
    (line,) = capsys.readouterr().out.splitlines()
    found = json.loads(line)
    assert found["schema"] == "tieout.codes/1"
    (code,) = [each for each in found["codes"] if each["code"] == "211"]
    assert (code["how"], code["matched"], code["trust"]) == ("alias", "环境保护", "attested")


def test_a_code_is_shown_with_everything_that_is_known_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["codes", "show", "210", "--year", "2016", "--lang", "zh"]) == NOTHING_TO_REPORT
    out = capsys.readouterr().out
    assert "210 卫生健康支出" in out
    assert "2016 年名称：医疗卫生与计划生育支出" in out
    assert "下级：21001" in out
    assert "原名：医疗卫生 (" in out
    assert "COFOG 1999：07 Health" in out
    assert "依据：" in out


def test_rivals_of_an_ambiguous_place_in_cofog_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    main(["codes", "show", "2210201", "--json"])
    cofog = json.loads(capsys.readouterr().out)["cofog"]
    assert cofog["confidence"] == "ambiguous"
    assert [rival["code"] for rival in cofog["rivals"]] == ["06.1"]


def test_a_code_nobody_knows_is_wrong_usage_and_what_is_near_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["codes", "show", "2081999", "--lang", "zh"]) == USAGE
    said = capsys.readouterr()
    assert said.out == ""
    assert "20819 最低生活保障" in said.err


def test_a_name_instead_of_a_code_leads_to_its_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["codes", "show", "社会保险经办机构", "--lang", "en"]) == USAGE
    assert "2080109" in capsys.readouterr().err


def test_codes_alone_asks_for_a_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["codes", "--lang", "zh"]) == USAGE
    assert "缺少命令" in capsys.readouterr().err
