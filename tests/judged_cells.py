"""Cells that were read, each with its confidence and whether it was right: how many of each confidence are, and where the wrong ones stand."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from damaged_tables import document, kind_at, wrong_cells
from hard_reading import read
from hard_tables import document as hard_document

from shared.contracts.extracted import Cell, Extracted


@dataclass(frozen=True)
class Judged:
    """A cell: its confidence, whether text and extent are those meant, the kind of damage done to it ("": none)."""

    confidence: float
    right: bool
    kind: str = ""


def cells_of(found: Extracted) -> list[Cell]:
    """The cells of all tables."""
    return [cell for table in found.tables for cell in table.cells]


def damaged(seeds: Iterable[int], path: Path, **how: Any) -> list[Judged]:
    """Cells of the documents of these seeds, damaged by `damaged_tables`; `path`: where a document may be written."""
    result = []
    for seed in seeds:
        data, meant, done = document(seed, **how)
        cells = cells_of(read(data, path))
        wrong = {id(cell) for cell in wrong_cells(cells, meant)}
        result += [Judged(cell.confidence, id(cell) not in wrong, kind_at(cell, done)) for cell in cells]
    return result


def generated(seeds: Iterable[int], path: Path) -> list[Judged]:
    """Cells of undamaged documents drawn in the manner of many programs; tables that were joined over pages otherwise than drawn are left
    out: the place of a cell in them says nothing about the cell."""
    result = []
    for seed in seeds:
        data, expected = hard_document(seed)
        meant = {(table.title, tuple(table.pages)): set(table.cells) for table in expected}
        for table in read(data, path).tables:
            known = meant.get((table.title or "", tuple(table.pages)))
            if known is None:
                continue
            result += [Judged(c.confidence, (c.row, c.col, c.rowspan, c.colspan, c.text) in known) for c in table.cells]
    return result


def labelled(pdf: Path, truth: Any, path: Path) -> list[Judged]:
    """Cells of a real document. Args: truth: the forms of its truth file, as the corpus's own reader gives them."""
    result = []
    for table, form in zip(read(pdf.read_bytes(), path).tables, truth.forms, strict=True):
        variants = [_cells_without(form, set()), _cells_without(form, set(form.split_rows))]
        keys = [(c.row, c.col, c.rowspan, c.colspan, _bare(c.text)) for c in table.cells]
        known = max(variants, key=lambda one: sum(key in one for key in keys))
        result += [Judged(cell.confidence, key in known) for cell, key in zip(table.cells, keys, strict=True)]
    return result


def _cells_without(form: Any, rows: set[int]) -> set[tuple[int, int, int, int, str]]:
    """Cells of a form of the truth without some rows: the empty rest of a row that a page break cut may be there or not. A cell that is
    printed again after a page break is one with its first part."""
    moved = {row: row - sum(one < row for one in rows) for row in range(form.rows + 1)}
    again = {(cell.row, cell.col) for cell in form.cells if cell.continued}
    ends: dict[tuple[int, int], int] = {}
    for cell in sorted(form.cells, key=lambda one: one.row, reverse=True):
        end = cell.row + cell.rowspan
        ends[cell.row, cell.col] = ends[end, cell.col] if (end, cell.col) in again else end
    result = set()
    for cell in form.cells:
        high = moved[ends[cell.row, cell.col]] - moved[cell.row]
        if high and not cell.continued:
            result.add((moved[cell.row], cell.col, high, cell.colspan, _bare(cell.text)))
    return result


def _bare(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def lower_bound(right: int, n: int) -> float:
    """The share of right ones that at least is behind `right` of n, with 95 % probability (Clopper and Pearson, one-sided)."""
    low, high = 0.0, right / n if n else 0.0
    if n and right == n:
        return float(0.05 ** (1 / n))
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _at_least(right, n, middle) < 0.05 else (low, middle)
    return low


def _at_least(k: int, n: int, p: float) -> float:
    """The probability of k or more of n: by the wrong ones, of which there are few."""
    from math import exp, lgamma, log

    if not 0.0 < p < 1.0:
        return float(p >= 1.0)
    terms = (lgamma(n + 1) - lgamma(j + 1) - lgamma(n - j + 1) + j * log(1 - p) + (n - j) * log(p) for j in range(n - k + 1))
    return sum(map(exp, terms))


def caught(cells: Sequence[Judged], share: float = 0.01) -> float:
    """Of the wrong cells, those among the least certain `share` of all; of cells with the same confidence as the last of these, in proportion."""
    ranked = sorted(cells, key=lambda one: one.confidence)
    room = int(share * len(ranked))
    edge = ranked[room - 1].confidence
    below = [one for one in ranked if one.confidence < edge]
    at = [one for one in ranked if one.confidence == edge]
    found = sum(not one.right for one in below) + sum(not one.right for one in at) * (room - len(below)) / len(at)
    return found / max(1, sum(not one.right for one in cells))
