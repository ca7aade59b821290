"""The data dictionary names every column of the exports, in both languages, and no other."""

from __future__ import annotations

import re

import pytest

from services.store.domain.columns import COLUMNS, SHEETS, Column, Sheet
from tests.conftest import ROOT

_KINDS = {
    "data-dictionary.md": {"text": "text", "integer": "integer", "amount": "amount", "share": "share", "flag": "flag"},
    "data-dictionary.zh-CN.md": {"text": "文字", "integer": "整数", "amount": "金额", "share": "比率", "flag": "是否"},
}
_ROW = re.compile(r"\| `(\w+)` ?[(（](.+?)[)）] \| (\S+) \| (.+?) \| (.+?) \| (.+?) \|")


def sections(name: str) -> dict[str, list[tuple[str, ...]]]:
    text = (ROOT / "docs" / name).read_text("utf-8")
    found = {}
    for section in text.split("\n## ")[1:]:
        found[re.split("[:：]", section, maxsplit=1)[0]] = [match.groups() for match in _ROW.finditer(section)]
    return found


@pytest.mark.parametrize("name", list(_KINDS))
@pytest.mark.parametrize("sheet", SHEETS)
def test_every_exported_column_is_in_the_dictionary(name: str, sheet: Sheet) -> None:
    def heading(column: Column) -> str:
        return column.en if name == "data-dictionary.md" else column.zh

    expected = [(column.name, heading(column), _KINDS[name][column.kind]) for column in COLUMNS[sheet]]
    assert [row[:3] for row in sections(name)[sheet]] == expected
    assert all(meaning.strip() and example.strip() not in ("", "—") for *_, meaning, _, example in sections(name)[sheet])


@pytest.mark.parametrize("sheet", SHEETS)
def test_no_two_columns_of_a_sheet_share_a_name_or_a_heading(sheet: Sheet) -> None:
    for names in zip(*((column.name, column.zh, column.en) for column in COLUMNS[sheet]), strict=True):
        assert len(set(names)) == len(names)
