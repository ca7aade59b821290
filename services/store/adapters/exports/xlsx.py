"""The workbook: sheets documents, findings, facts, checks, with headings and words in the reader's language (the other formats carry codes).

Rows go to the disk as they come (constant memory). Text is written as text and nothing else, so no cell becomes a formula or a link.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from services.store.adapters.exports import whole_files
from services.store.adapters.exports.sheet_writer import NO_TIME, Formats, SheetWriter, Words
from services.store.adapters.exports.sheets import rows_of
from services.store.domain.columns import COLUMNS, SHEETS
from services.store.domain.export_rows import Language
from services.store.domain.views import Filter
from services.store.ports import Store
from shared.code_words import CODE_WORDS

NAME = "tieout.xlsx"


def write(store: Store, out_dir: Path, only: Filter, language: Language, names: Words) -> list[str]:
    """Writes tieout.xlsx; returns its name. Args: names: words for codes that only the caller knows, by the name of their column."""
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    documents = store.documents(only)
    with whole_files(out_dir, [NAME]) as (file,), tempfile.TemporaryDirectory(prefix=".tieout-", dir=out_dir) as scratch:
        workbook = xlsxwriter.Workbook(str(file), {"constant_memory": True, "tmpdir": scratch})
        workbook.set_properties({"created": NO_TIME})
        formats = Formats(workbook)
        words = {**(CODE_WORDS if language == "zh" else {}), **names}
        for sheet in SHEETS:
            target = SheetWriter(workbook, sheet, COLUMNS[sheet], formats, language, words)
            for row in rows_of(store, sheet, documents, only, language):
                target.add(row)
            target.finish()
        try:
            workbook.close()
        except FileCreateError as problem:
            raise (problem.args[0] if problem.args and isinstance(problem.args[0], OSError) else OSError(str(problem))) from problem
    return [NAME]
