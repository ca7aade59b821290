"""Codes against a table of the corpus that was read by hand: not one wrong code, from the truth files and from the PDFs."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import UNSET

from services.normalizer.adapters.catalogue_files import standard_catalogue
from services.normalizer.domain.words import plain
from services.normalizer.handlers import normalize_document
from shared.contracts.normalized import Fact, Normalized
from tests.corpus.test_normalization_bars import read_pdf
from tests.truth_documents import truth_document

pytestmark = pytest.mark.corpus
HERE = Path(__file__).parent
CODES = ("function", "economic", "gov_economic")


def table_of(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def documents(rows: list[dict[str, str]]) -> dict[str, list[dict[str, str]]]:
    by_document: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        by_document[row["document"]].append(row)
    return by_document


def from_truth(corpus: Path, name: str) -> Normalized:
    return normalize_document(truth_document(corpus / "truth" / f"{name}.html"), standard_catalogue())


def coded_rows(result: Normalized) -> Iterator[tuple[tuple[str, int, int], tuple[str, ...]]]:
    """Table, row and first stub column of every row that got a code, with its codes."""
    for form in result.forms:
        for one in form.lists:
            for row in one.rows:
                if row.function or row.economic or row.gov_economic:
                    yield (form.table, row.row, min(one.stub_cols)), (row.function or "", row.economic or "", row.gov_economic or "")


def test_every_row_of_the_truth_files_has_its_code_and_no_other_row_has_one(corpus: Path) -> None:
    for name, rows in documents(table_of("code_rows.csv")).items():
        want = {(row["table"], int(row["row"]), int(row["col"])): tuple(row[kind] for kind in CODES) for row in rows}
        assert dict(coded_rows(from_truth(corpus, name))) == want, name


def meaning(fact: Fact) -> tuple[str, ...]:
    return (*(getattr(fact, kind) or "" for kind in (*CODES, "line", "measure", "fund")), "yes" if fact.project else "")


def expected(row: dict[str, str]) -> tuple[str, ...]:
    return tuple(row[key] for key in (*CODES, "line", "measure", "fund", "project"))


def test_cells_drawn_at_random_mean_what_they_mean_on_paper(corpus: Path) -> None:
    for name, rows in documents(table_of("code_cells.csv")).items():
        facts = {(fact.table, fact.row, fact.col): fact for fact in from_truth(corpus, name).facts}
        for row in rows:
            fact = facts.get((row["table"], int(row["row"]), int(row["col"])))
            assert (fact is not None) == (row["money"] == "yes"), row
            if fact is not None:
                assert (plain(fact.text), meaning(fact)) == (row["text"], expected(row)), row


# Tables of the PDFs are those of the truth files, in order. A cell that the truth file reprints after a page break may be one cell there.
FOUND = 0.98


@pytest.mark.slow
def test_no_cell_of_the_pdfs_has_a_wrong_code(corpus: Path, tmp_path: Path) -> None:
    cells = documents(table_of("code_cells.csv"))
    for name, rows in documents(table_of("code_rows.csv")).items():
        result = read_pdf(corpus / "pdf" / f"{name}.pdf", tmp_path)
        coded = dict(coded_rows(result))
        want = {(row["table"], int(row["row"]), int(row["col"])): tuple(row[kind] for kind in CODES) for row in rows}
        assert {place: codes for place, codes in coded.items() if want.get(place) != codes} == {}, name
        assert len(coded) >= FOUND * len(want), name
        facts = {(fact.table, fact.row, fact.col): fact for fact in result.facts}
        money = [row for row in cells[name] if row["money"] == "yes"]
        found = [(row, fact) for row in money if (fact := facts.get((row["table"], int(row["row"]), int(row["col"]))))]
        assert [row for row, fact in found if meaning(fact) != expected(row)] == [], name
        assert len(found) >= FOUND * len(money), name


@pytest.mark.slow
def test_no_pdf_prints_a_code_beside_another_codes_name(corpus: Path, tmp_path: Path) -> None:
    """All were looked at: names that differ from the catalogue's are earlier names, cut, or those of an older classification."""
    for pdf in sorted(corpus.glob("pdf*/*.pdf")):
        if pdf.name == "not-a-pdf.pdf":
            continue
        result = read_pdf(pdf, tmp_path)
        assert [row for form in result.forms for one in form.lists for row in one.rows if row.contradiction is not UNSET] == [], pdf.name
