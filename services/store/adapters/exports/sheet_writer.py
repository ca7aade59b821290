"""A sheet of a workbook, row by row: text stays text and becomes no formula or link, amounts are numbers with the decimals that they have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
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
    """

    def __init__(self, workbook: Any, name: str, columns: Sequence[Column], formats: Formats, language: Language, words: Words) -> None:
        self._workbook, self._name, self._formats, self._language = workbook, name, formats, language
        self._columns, self._words = columns, words
        self._count = 0
        self._begin()

    def _begin(self) -> None:
        self._count += 1
        self._page = self._workbook.add_worksheet(self._name if self._count == 1 else f"{self._name} {self._count}")
        self._page.freeze_panes(1, 0)
        heading = self._formats(bold=True, bg_color="#D9E1F2", text_wrap=True, valign="top", bottom=1)
        for index, column in enumerate(self._columns):
            # Column settings have to come before the rows: written rows are gone from memory.
            self._page.set_column(index, index, column.width)
            self._page.write_string(0, index, column.zh if self._language == "zh" else column.en, heading)
        self._next = 1

    def add(self, row: Row) -> None:
        """Writes a row."""
        if self._next == _MAX_ROWS:
            self.finish()
            self._begin()
        for index, (column, value) in enumerate(zip(self._columns, row, strict=True)):
            self._write(index, column, value)
        self._next += 1

    def finish(self) -> None:
        """Sets the filter over all rows written."""
        self._page.autofilter(0, 0, max(self._next - 1, 1), len(self._columns) - 1)

    def _write(self, index: int, column: Column, value: Value) -> None:
        if value is None:
            return
        if isinstance(value, bool):
            self._page.write_boolean(self._next, index, value)
        elif isinstance(value, Decimal):
            self._write_amount(index, value)
        elif isinstance(value, str):
            self._write_text(index, column, value)
        else:
            self._page.write_number(self._next, index, value)

    def _write_amount(self, index: int, value: Decimal) -> None:
        if len(value.as_tuple().digits) > _MAX_DIGITS:
            self._page.write_string(self._next, index, f"{value:,f}", self._formats(align="right"))
            return
        decimals = max(0, -int(value.as_tuple().exponent))
        self._page.write_number(
            self._next, index, float(value), self._formats(num_format="#,##0" + ("." + "0" * decimals if decimals else ""))
        )

    def _write_text(self, index: int, column: Column, value: str) -> None:
        text = without_controls(self._words.get(column.name, {}).get(value, value))
        if len(text) > _MAX_TEXT:
            text = text[: _MAX_TEXT - 1] + "…"
        settings: dict[str, Any] = {"num_format": "@"}
        if looks_like_formula(text):
            settings["quote_prefix"] = True  # stays text also when somebody edits the cell
        if column.name in _COLOURED and value in _COLOURS:
            settings["bg_color"] = _COLOURS[value]
        self._page.write_string(self._next, index, text, self._formats(**settings))
