"""Every command that the manuals show is one that the command line takes, with its options."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tieout.cli import build_parser
from tieout.exit_codes import UserError

DOCS = Path(__file__).resolve().parents[3] / "docs"
PAGES = ("operating.md", "operating.zh-CN.md", "events.md")
PLACEHOLDERS = {
    "STAGE": "extract",
    "OLD-VERSION": "0.1",
    "旧版本": "0.1",
    "VERSION": "0.1",
    "ID": "abc",
    "…": "x",
    "NEW": "new",
    "DAYS": "30",
}


def commands(page: str) -> list[str]:
    """Commands in the text and in blocks, without pipes and substitutions."""
    text = (DOCS / page).read_text(encoding="utf-8")
    found = re.findall(r"`bin/tieout ([^`]+)`", text) + re.findall(r"(?:^|[(\s])bin/tieout ([^|)\n]+)", text, flags=re.MULTILINE)
    return sorted({command.partition("#")[0].strip() for command in found if "`" not in command})


def problem_of(command: str) -> str:
    """Why the command line does not take a command; empty where it does."""
    words = [PLACEHOLDERS.get(word, word) for word in shlex.split(command)]
    try:
        build_parser("en").parse_args(words)
    except (SystemExit, UserError) as problem:
        return str(problem) or "refused"
    return ""


@pytest.mark.parametrize(("page", "command"), [(page, command) for page in PAGES for command in commands(page)])
def test_a_command_of_the_manual_is_taken(page: str, command: str) -> None:
    assert problem_of(command) == ""


def test_commands_are_found_and_wrong_ones_seen() -> None:
    assert len(commands("operating.md")) > 20
    assert problem_of("audit --mend") != ""
    assert problem_of("activate nothing 0.1") != ""
