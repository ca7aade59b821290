"""A sheet of a workbook, row by row: text stays text and becomes no formula or link, amounts are numbers with the decimals that they have."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from itertools import accumulate
from typing import Any, Final

from services.store.domain.columns import Column
from services.store.domain.export_rows import Language, Row, Value
from services.store.domain.neutral import looks_like_formula, without_controls

Words = Mapping[str, Mapping[str, str]]

_MAX_ROWS = 1_048_576  # of a sheet, heading included (Excel's limit)
_MAX_TEXT = 32_767  # characters of a cell (Excel's limit)
_MAX_DIGITS = 15  # a cell's number is a double: more digits would change the amount
NO_TIME: Final = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)  # the same rows give the same file, whenever it is written
_COLOURS = {
    "error": "#F8CBAD", "failed": "#F8CBAD", "inconsistent": "#F8CBAD", "rejected": "#F8CBAD",
    "warning": "#FFE699", "suspicious": "#FFE699", "unverifiable": "#FFE699",
    "info": "#DDEBF7",
}  # fmt: skip
_COLOURED = ("severity", "status", "verdict")
_WRAPPED = 60  # a column this wide holds sentences: they go over several lines
_ON_PAPER = 240  # widths of columns, in characters, that can be read when they share a page across; columns after them are not printed
_A4 = 9
_LINE = 15.0  # points
_HIGHEST = 409.0  # points of a row (Excel's limit)


_WORDS: Final = {"zh": ("否", "是"), "en": ("no", "yes")}


def _lines(text: str, width: float) -> int:
    """Lines of a text in a column of so many Latin characters; a Chinese one is as wide as two."""
    return math.ceil(sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text) / width)


class Formats:
    """Cell formats, each made once."""

    def __init__(self, workbook: Any) -> None:
        self._workbook = workbook
        self._made: dict[tuple[tuple[str, Any], ...], Any] = {}

    def __call__(self, **settings: Any) -> Any:
        """The format with these settings."""
        key = tuple(sorted(settings.items()))
        if key not in self._made:
            self._made[key] = self._workbook.add_format(settings)
        return self._made[key]


class SheetWriter:
    """A sheet under way; what does not fit goes on in a further one.

    Args: name: of the sheet. words: words for codes by the name of their column, in the reader's language; further codes stay as they are.
        on_paper: the sheet is made to be printed too: its first columns, as many as can be read on a page across.
    """

    def __init__(
        self,
        workbook: Any,
        name: str,
        columns: Sequence[Column],
        formats: Formats,
        language: Language,
        words: Words,
        *,
        on_paper: bool = False,
    ) -> None:
        self._workbook, self._name, self._formats, self._language = workbook, name, formats, language
        self._columns, self._words = columns, words
        printed = sum(width <= _ON_PAPER for width in accumulate(column.width for column in columns))
        self._printed = max(printed, 1) if on_paper else 0
        self._count = 0
        self._begin()

    def _begin(self) -> None:
        self._count += 1
        self._page = self._workbook.add_worksheet(self._name if self._count == 1 else f"{self._name} {self._count}")
        self._page.freeze_panes(1, 0)
        heading = self._formats(bold=True, bg_color="#D9E1F2", text_wrap=True, align="left", valign="top", bottom=1, indent=1)
        for index, column in enumerate(self._columns):
            # Column settings have to come before the rows: written rows are gone from memory.
            self._page.set_column(index, index, column.width)
            self._page.write_string(0, index, column.zh if self._language == "zh" else column.en, heading)
        self._next = 1
        self._page.set_landscape()
        self._page.set_paper(_A4)
        if self._printed:
            self._page.fit_to_pages(1, 0)
        self._page.repeat_rows(0)
        self._page.set_footer("&L&A&R&P / &N")

    def add(self, row: Row) -> None:
        """Writes a row."""
        if self._next == _MAX_ROWS:
            self.finish()
            self._begin()
        cells = list(zip(self._columns, row, strict=True))
        lines = max(
            (_lines(value, column.width) for column, value in cells if column.width >= _WRAPPED and isinstance(value, str)), default=1
        )
        if lines > 1:  # not every program finds the height of wrapped text by itself
            self._page.set_row(self._next, min(lines * _LINE, _HIGHEST))
        for index, (column, value) in enumerate(cells):
            self._write(index, column, value)
        self._next += 1

    def finish(self) -> None:
        """Sets the filter over all rows written, and what of them is printed."""
        last = max(self._next - 1, 1)
        self._page.autofilter(0, 0, last, len(self._columns) - 1)
        if self._printed:
            self._page.print_area(0, 0, last, self._printed - 1)

    def _write(self, index: int, column: Column, value: Value) -> None:
        if value is None:
            return
        if isinstance(value, bool):
            self._page.write_string(self._next, index, _WORDS[self._language][value], self._formats(align="left", valign="top", indent=1))
        elif isinstance(value, Decimal):
            self._write_amount(index, value)
        elif isinstance(value, str):
            self._write_text(index, column, value)
        else:
            self._page.write_number(self._next, index, value, self._formats(valign="top"))

    def _write_amount(self, index: int, value: Decimal) -> None:
        if len(value.as_tuple().digits) > _MAX_DIGITS:
            self._page.write_string(self._next, index, f"{value:,f}", self._formats(align="right", valign="top"))
            return
        decimals = max(0, -int(value.as_tuple().exponent))
        shown = "#,##0" + ("." + "0" * decimals if decimals else "")
        self._page.write_number(self._next, index, float(value), self._formats(num_format=shown, valign="top"))

    def _write_text(self, index: int, column: Column, value: str) -> None:
        text = without_controls(self._words.get(column.name, {}).get(value, value))
        if len(text) > _MAX_TEXT:
            text = text[: _MAX_TEXT - 1] + "…"
        settings: dict[str, Any] = {"num_format": "@", "align": "left", "valign": "top", "indent": 1}
        if column.width >= _WRAPPED:
            settings["text_wrap"] = True
        if looks_like_formula(text):
            settings["quote_prefix"] = True  # stays text also when somebody edits the cell
        if column.name in _COLOURED and value in _COLOURS:
            settings["bg_color"] = _COLOURS[value]
        self._page.write_string(self._next, index, text, self._formats(**settings))
