"""Things that differ in a whole document, its forms, rows, columns, claims and lists: the alterations of the recorded trials (recorded_trials.py).

Each takes a number and alters the document at the place that the number stands for (a form, a row, a claim, in the document's order); None where
there is no such place. They are not all mistakes of a department: some are what a reader of PDFs loses or doubts.
"""

from __future__ import annotations

from altered_documents import Alteration
from altered_forms import FORMS
from altered_rows import ROWS
from altered_texts import TEXTS
from msgspec import structs


def _about(**fields: object) -> Alteration:
    return lambda source, number: None if number else structs.replace(source, document=structs.replace(source.document, **fields))


ALTERATIONS: dict[str, Alteration] = {
    **FORMS,
    **ROWS,
    **TEXTS,
    "other_kind": lambda source, number: (
        _about(kind="final_accounts" if source.document.kind == "budget" else "budget")(source, number) if not number else None
    ),
    "no_kind": _about(kind="other"),
    "no_year": _about(year=None),
    "narrative_only": lambda source, number: None if number else structs.replace(source, forms=(), facts=()),
    "tables_only": lambda source, number: None if number or not source.claims else structs.replace(source, claims=()),
    "narrative_part": _about(part="narrative"),
}
