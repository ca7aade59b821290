"""How much of the corpus's money becomes facts with a meaning, from its truth files and from its PDFs."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import msgspec
import pytest

from services.normalizer.adapters.catalogue_files import standard_catalogue
from services.normalizer.domain.words import plain
from services.normalizer.handlers import normalize_document
from shared.contracts.extracted import Extracted
from shared.contracts.normalized import Normalized
from tests.truth_documents import continued_cells, load_truth, truth_document

pytestmark = pytest.mark.corpus

# Measured: every document 1.000 of its figures but zizhou .993 and hengdong .998 (one indicator value each that repeats an amount), coded ≥ .997.
FACTS = 0.99
CODED = 0.99
_MONEY = re.compile(r"-?\d+(?:,\d{3})*(?:\.\d+)?")

# What the documents are about, read by hand.
IDENTITY = {
    "fenyang-2025-budget": ("汾阳市社会保险中心", 2025, "budget", "unit"),
    "hengdong-2025-budget": ("衡东县社会保险服务中心", 2025, "budget", "unit"),
    "hengnan-2025-budget": ("衡南县人力资源和社会保障局", 2025, "budget", "department"),
    "putuo-finance-2024-final-accounts": ("上海市普陀区财政局", 2024, "final_accounts", "department"),
    "putuo-office-2025-budget": ("上海市普陀区人民政府办公室", 2025, "budget", "department"),
    "yiyang-2024-final-accounts": ("益阳市社会保险服务中心", 2024, "final_accounts", "department"),
    "zizhou-2024-budget": ("子洲县机关事业单位和居民养老保险经办中心", 2024, "budget", None),
}


def truths(corpus: Path) -> list[Path]:
    return sorted((corpus / "truth").glob("*.html"))


def money_texts(path: Path) -> Counter[str]:
    """The money figures of a truth file, without separators: figures with a point or separators outside the boxheads, reprints left out."""
    texts = (cell.text for form in load_truth(path).forms for cell in form.cells if not cell.header and not cell.continued)
    return Counter(plain(text).replace(",", "") for text in texts if _MONEY.fullmatch(plain(text)) and ("." in text or "," in text))


def shares(path: Path, result: Normalized) -> tuple[float, float]:
    want = money_texts(path)
    got = Counter(plain(fact.text).replace(",", "") for fact in result.facts)
    coded = sum(bool(fact.function or fact.economic or fact.gov_economic or fact.line or fact.project) for fact in result.facts)
    return sum((want & got).values()) / max(1, sum(want.values())), coded / max(1, len(result.facts))


def read_pdf(path: Path, folder: Path) -> Normalized:
    from services.extractor.reader import read_document

    out = folder / "extracted.json"
    read_document(path, out)
    return normalize_document(msgspec.json.decode(out.read_bytes(), type=Extracted), standard_catalogue())


def test_nearly_all_money_of_the_truth_is_coded_facts(corpus: Path) -> None:
    for path in truths(corpus):
        facts, coded = shares(path, normalize_document(truth_document(path), standard_catalogue()))
        assert facts >= FACTS, path.name
        assert coded >= CODED, path.name


@pytest.mark.slow
def test_nearly_all_money_of_the_pdfs_is_coded_facts(corpus: Path, tmp_path: Path) -> None:
    for pdf in sorted((corpus / "pdf").glob("*.pdf")):
        truth = corpus / "truth" / f"{pdf.name.split('.')[0]}.html"
        facts, coded = shares(truth, read_pdf(pdf, tmp_path))
        assert facts >= FACTS, pdf.name
        assert coded >= CODED, pdf.name


def test_every_figure_in_a_column_of_money_is_a_fact_or_unmapped(corpus: Path) -> None:
    for path in truths(corpus):
        extracted = truth_document(path)
        result = normalize_document(extracted, standard_catalogue())
        known = {(fact.table, fact.row, fact.col) for fact in result.facts} | {
            (entry.table, entry.row, entry.col) for entry in result.unmapped
        }
        for table in extracted.tables:
            for cell in table.cells:
                if cell.row >= table.header_rows and _MONEY.fullmatch(plain(cell.text)) and ("." in cell.text or "," in cell.text):
                    assert (table.id, cell.row, cell.col) in known, (path.name, table.id, cell.row, cell.col, cell.text)


def test_every_form_is_recognised_and_has_its_unit(corpus: Path) -> None:
    for path in truths(corpus):
        forms = load_truth(path).forms
        result = normalize_document(truth_document(path), standard_catalogue())
        for truth, form in zip(forms, result.forms, strict=True):
            assert form.form is not None, (path.name, truth.title)
            assert not truth.unit or form.empty or form.unit == truth.unit, (path.name, truth.title)


def test_reprinted_cells_are_duplicates_of_their_first_print(corpus: Path) -> None:
    for path in truths(corpus):
        facts = normalize_document(truth_document(path), standard_catalogue()).facts
        duplicates = {(fact.table, fact.row, fact.col) for fact in facts if fact.duplicate_of}
        continued = {place for place in continued_cells(path) if place in {(fact.table, fact.row, fact.col) for fact in facts}}
        assert duplicates == continued, path.name


def test_documents_are_what_they_are_about(corpus: Path, tmp_path: Path) -> None:
    for path in truths(corpus):
        for result in (
            normalize_document(truth_document(path), standard_catalogue()),
            read_pdf(corpus / "pdf" / f"{path.stem}.pdf", tmp_path),
        ):
            entity, year, kind, level = IDENTITY[path.stem]
            found = result.document
            assert (found.entity, found.year, found.kind) == (entity, year, kind)
            assert level is None or found.level == level
            assert found.part == "whole"
