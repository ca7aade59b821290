"""The documents hold what they promise: links lead somewhere, both languages say the same, commands exist."""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tieout.cli import build_parser

ROOT = Path(__file__).resolve().parents[2]
READMES = (ROOT / "README.md", ROOT / "README.zh-CN.md")
PAGES = [*READMES, *sorted((ROOT / "docs").rglob("*.md")), ROOT / "samples" / "README.md", ROOT / "services/normalizer/catalogue/README.md"]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
COMMAND = re.compile(r"bin/tieout ((?:[a-z]+\|)*[a-z]+)")
PATH = re.compile(r"`((?:shared|services|tieout|tools|tests|docs|bin|samples|benchmarks)/[\w./-]+)`")


def parsers() -> dict[str, argparse.ArgumentParser]:
    actions = build_parser("en")._actions
    return next(action.choices for action in actions if isinstance(action, argparse._SubParsersAction))


def without_language(target: str) -> str:
    return target.replace(".zh-CN.md", ".md").replace(".zh.png", ".png").replace(".en.png", ".png")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_to_files_that_exist(page: Path) -> None:
    targets = [target.partition("#")[0] for target in LINK.findall(page.read_text(encoding="utf-8")) if "://" not in target]
    assert [target for target in targets if target and not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_files_that_are_named_exist(page: Path) -> None:
    named = PATH.findall(page.read_text(encoding="utf-8"))
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_both_readmes_have_the_same_sections_links_and_code() -> None:
    english, chinese = (page.read_text(encoding="utf-8") for page in READMES)
    assert [line.count("#") for line in english.splitlines() if line.startswith("#")] == [
        line.count("#") for line in chinese.splitlines() if line.startswith("#")
    ]
    links = [sorted(without_language(target) for target in LINK.findall(text) if "README" not in target) for text in (english, chinese)]
    assert set(links[0]) == set(links[1])
    assert COMMAND.findall(english) == COMMAND.findall(chinese)
    assert english.count("```") == chinese.count("```")


@pytest.mark.parametrize("page", [*PAGES, ROOT / "CHANGELOG.md"], ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_in_the_documents_exist(page: Path) -> None:
    named = {name for group in COMMAND.findall(page.read_text(encoding="utf-8")) for name in group.split("|")}
    assert named <= {*parsers(), "help"}


@pytest.mark.parametrize("name", ["cli.md", "cli.zh-CN.md"])
def test_the_reference_of_the_command_line_names_every_command_and_option(name: str) -> None:
    sections = re.split(r"^## ", (ROOT / "docs" / name).read_text(encoding="utf-8"), flags=re.MULTILINE)
    by_command = {section.split("\n", 1)[0]: section for section in sections}
    for command, parser in parsers().items():
        for action in parser._actions:
            for option in action.option_strings:
                assert f"`{option}`" in by_command[command]


def test_the_reference_of_the_command_line_is_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "tools" / "cli_reference.py", "--check"], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_every_decision_has_a_status_and_a_number_of_its_own() -> None:
    decisions = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert len({page.name[:4] for page in decisions}) == len(decisions)  # several are written at a time: their numbers may leave a gap
    for page in decisions:
        text = page.read_text(encoding="utf-8")
        assert text.startswith(f"# {int(page.name[:4])}. ")
        assert re.search(r"^Status: (accepted|superseded by \d+)", text, flags=re.MULTILINE)
