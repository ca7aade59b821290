"""CSV: UTF-8 with a byte order mark (spreadsheet programs ask for it), text quoted, numbers plain."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

from services.store.adapters.exports import whole_files
from services.store.adapters.exports.sheets import rows_of
from services.store.domain.columns import COLUMNS, SHEETS
from services.store.domain.export_rows import Language, Value
from services.store.domain.neutral import for_csv
from services.store.domain.views import Filter
from services.store.ports import Store


class _Number(float):
    """A number that prints as given: the writer leaves only floats and integers unquoted, and a decimal must stay exact."""

    text = ""

    def __repr__(self) -> str:
        return self.text

    __str__ = __repr__


def write(store: Store, out_dir: Path, only: Filter, language: Language) -> list[str]:
    """Writes the four files; returns their names."""
    names = [f"{sheet}.csv" for sheet in SHEETS]
    documents = store.documents(only)
    with whole_files(out_dir, names) as files:
        for sheet, file in zip(SHEETS, files, strict=True):
            with file.open("w", encoding="utf-8-sig", newline="") as target:
                writer = csv.writer(target, quoting=csv.QUOTE_NONNUMERIC)
                writer.writerow([column.name for column in COLUMNS[sheet]])
                writer.writerows([_cell(value) for value in row] for row in rows_of(store, sheet, documents, only, language))
    return names


def _cell(value: Value) -> str | int | float:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        number = _Number(value)
        number.text = f"{value:f}"
        return number
    return for_csv(value) if isinstance(value, str) else value
