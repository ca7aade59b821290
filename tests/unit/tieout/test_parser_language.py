"""A wrong call is one line in the user's language, and the help stays in columns."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.cells import cell_len

from tieout.cli import build_parser, main
from tieout.exit_codes import USAGE
from tieout.parser import wrong_usage

WRONG = {
    "没有 'nonsense' 这一选择": ["nonsense"],
    "--severity 没有 'grave' 这一选择": ["findings", "--severity", "grave"],
    "--jobs 后面缺少内容": ["run", "--jobs"],
    "--jobs 须为 1 到 256 的整数": ["run", "--jobs", "0", "x"],
    "--year 须为整数，而不是 'x'": ["findings", "--year", "x"],
    "--json 不带内容": ["findings", "--json=3"],
    "缺少参数：文件或文件夹": ["run"],
    "无法识别：--nope": ["run", "x", "--nope"],
    "--data 路径为空": ["run", "--data", "", "x"],
    "文件或文件夹 路径为空": ["run", ""],
    "缺少命令": ["--lang", "zh"],
    "命令 没有 'nope' 这一选择": ["dlq", "nope"],
    "须写其中一项：--document --all --since": ["reprocess", "--from", "extract"],
    "--since 不能与 --all 同时写": ["reprocess", "--from", "extract", "--all", "--since", "1h"],
    "--since 须为过去的时间": ["reprocess", "--from", "extract", "--since", "2999-01-01"],
    "--interval 须为 0.2 到 3600 的秒数": ["watch", "--interval", "nan"],
}


@pytest.mark.parametrize("told", WRONG)
def test_a_wrong_call_is_told_in_chinese(told: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert main(WRONG[told]) == USAGE
    line = capsys.readouterr().err
    assert told in line
    assert len(line.splitlines()) == 1
    for english in ("argument", "invalid", "expected", "required", "unrecognized", "choose"):
        assert english not in line


@pytest.mark.parametrize("told", WRONG)
def test_the_same_wrong_call_is_told_in_english(told: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    arguments = [argument for argument in WRONG[told] if argument not in ("--lang", "zh")] or ["--lang", "en"]
    assert main(arguments) == USAGE
    line = capsys.readouterr().err
    assert line.startswith("tieout: wrong usage: ")
    assert not any("\u4e00" <= character <= "\u9fff" for character in line)


def test_the_help_that_is_named_is_that_of_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    main(["findings", "--nope", "--lang", "en"])
    assert "tieout findings --help" in capsys.readouterr().err


def test_ambiguous_options_are_told_in_chinese() -> None:
    assert wrong_usage("ambiguous option: --ver could match --version, --verify", "zh") == "--ver 有多种可能：--version, --verify"


def test_the_data_folder_may_stand_before_or_behind_the_command() -> None:
    parser = build_parser("en")
    assert parser.parse_args(["--data", "x", "findings"]).data == Path("x")
    assert parser.parse_args(["findings", "--data", "x"]).data == Path("x")
    assert parser.parse_args(["findings"]).data == Path("tieout-data")


def test_help_is_also_a_word(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["help", "explain", "--lang", "en"])
    assert end.value.code == 0
    assert "usage: tieout explain" in capsys.readouterr().out


@pytest.mark.parametrize("command", ["run", "findings", "export", "put", "watch", "subscribe", "reprocess", "activate", "audit", "trace"])
def test_explanations_of_options_stand_in_one_column(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    with pytest.raises(SystemExit):
        main([command, "--help", "--lang", "zh"])
    columns = set()
    for line in capsys.readouterr().out.splitlines():
        head, gap, _ = line.strip().partition("  ")
        if line.startswith("  ") and not line.startswith("   ") and gap:
            behind = line[line.index(head) + len(head) :]
            columns.add(cell_len(line) - cell_len(behind.lstrip()))
    assert len(columns) == 1


def test_the_general_help_names_its_commands_once_and_in_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help", "--lang", "zh"])
    text = capsys.readouterr().out
    assert "用法：tieout" in text
    assert "\n命令：\n    run" in text
    assert "选项:" not in text
