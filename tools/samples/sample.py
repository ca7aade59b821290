"""One sample file: what it is made of, how it is written, and the record of what it contains."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tools.samples.drawing import Look, Press
from tools.samples.forms import Form, Place, plant
from tools.samples.ledger import Entry, Ledger, wan


def entries(*rows: tuple[str, str, str] | tuple[str, str, str, str | None] | tuple[str, str, str, str | None, str]) -> Ledger:
    """A ledger from rows of (function, economic, 万元, project, source); project and source may be left out."""
    return Ledger(tuple(Entry(row[0], row[1], wan(row[2]), *row[3:]) for row in rows))


@dataclass(frozen=True)
class Error:
    """A figure printed wrong on purpose: where, what is printed, and how it came about (a `cause` of the contracts)."""

    form: str
    row: str
    column: str
    printed: str
    cause: str


@dataclass(frozen=True)
class FalseClaim:
    """A sentence of the narrative that the tables contradict."""

    subject: str
    sentence: str
    printed: str
    correct: str


@dataclass(frozen=True)
class Sample:
    """A disclosure: identity, appearance, narrative, forms, planted errors, the verdict to expect."""

    file: str
    about: str
    region: str
    entity: str
    year: int
    kind: str
    unit: str
    look: Look
    cover: tuple[str, ...]
    narrative: tuple[str, ...]
    forms: tuple[Form, ...]
    verdict: str
    errors: tuple[Error, ...] = ()
    false_claims: tuple[FalseClaim, ...] = ()
    parts: tuple[str, ...] = field(default=("第一部分  部门概况", "第二部分  情况说明", "第三部分  公开表格"))

    def write(self, folder: Path) -> dict[str, Any]:
        """Write the PDF. Returns: its record for expected.json."""
        forms, planted = _with_errors(self.forms, self.errors)
        press = Press(folder / self.file, self.look, f"{self.entity}{self.year}")
        press.cover(self.cover)
        press.contents([(self.parts[0], ()), (self.parts[1], ()), (self.parts[2], tuple(dict.fromkeys(f.title for f in forms)))])
        press.text(self.narrative)
        tables = []
        for form in forms:
            pages = press.form(form)
            for record in planted:
                if record["form"] == form.title:
                    record["page"] = pages[record["row"]]
            tables.append(_table(form, pages))
        press.save()
        return {
            "file": self.file,
            "about": self.about,
            "kind": self.kind,
            "part": "whole",
            "region": self.region,
            "entity": self.entity,
            "year": self.year,
            "unit": self.unit,
            "pages": press.pages,
            "verdict": self.verdict,
            "planted": planted,
            "false_claims": [self._claim(claim, press) for claim in self.false_claims],
            "tables": tables,
        }

    def _claim(self, claim: FalseClaim, press: Press) -> dict[str, Any]:
        if claim.sentence not in "".join(self.narrative):
            raise LookupError(f"the narrative does not say {claim.sentence!r}")
        page = press.block_pages[next(i for i, block in enumerate(self.narrative) if claim.sentence in block)]
        return {"page": page, "subject": claim.subject, "sentence": claim.sentence, "printed": claim.printed, "correct": claim.correct}


def _with_errors(forms: Sequence[Form], errors: Sequence[Error]) -> tuple[list[Form], list[dict[str, Any]]]:
    out, planted = list(forms), []
    for error in errors:
        index = next(i for i, f in enumerate(out) if f.title == error.form)
        out[index], place, correct = plant(out[index], error.row, error.column, error.printed)
        planted.append(_record(error, place, correct))
    return out, planted


def _record(error: Error, place: Place, correct: str) -> dict[str, Any]:
    return {
        "page": None,
        "form": place.form,
        "row": place.row,
        "col": place.col,
        "row_label": place.row_label,
        "column": place.column,
        "printed": error.printed,
        "correct": correct,
        "cause": error.cause,
    }


def _table(form: Form, pages: dict[int, int]) -> dict[str, Any]:
    return {
        "number": form.number or None,
        "title": form.title,
        "pages": sorted(set(pages.values())),
        "rows": len(form.header) + len(form.body) - len(form.break_before),  # a row cut by the page break is one row
        "columns": len(form.widths),
        "header_rows": len(form.header),
        "unit_label": form.unit,
    }
