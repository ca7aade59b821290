"""A document that is set as a PDF by its content is read as that content, in every look: what is measured through PDFs is measured on what was meant."""

from __future__ import annotations

from pathlib import Path
from random import Random

import msgspec
import pytest
from planted_errors import figures, plant
from printed_documents import printed, style

from services.extractor.reader import read_document
from services.normalizer.adapters.catalogue_files import standard_catalogue
from services.normalizer.handlers import normalize_document
from services.validator.adapters.rules_files import load_rules
from services.validator.handlers import validate_document
from shared.contracts.extracted import Extracted, Table
from shared.contracts.validated import Validated
from shared.second_reader import FileReader

SAMPLE = Path(__file__).resolve().parents[2] / "samples" / "1-青禾市林业事务中心2025年部门预算.pdf"


def read(pdf: Path) -> Extracted:
    out = pdf.with_suffix(".json")
    read_document(pdf, out)
    return msgspec.json.decode(out.read_bytes(), type=Extracted)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Extracted:
    out = tmp_path_factory.mktemp("sample") / "extracted.json"
    read_document(SAMPLE, out)
    return msgspec.json.decode(out.read_bytes(), type=Extracted)


def grid(table: Table) -> dict[tuple[int, int, int, int], str]:
    return {(cell.row, cell.col, cell.rowspan, cell.colspan): "".join(cell.text.split()) for cell in table.cells}


@pytest.mark.parametrize("number", range(6))
def test_a_document_that_is_set_again_is_read_as_it_was(sample: Extracted, number: int, tmp_path: Path) -> None:
    pdf = tmp_path / "again.pdf"
    pdf.write_bytes(printed(sample, style(Random(number))))
    again = read(pdf)
    assert [grid(table) for table in again.tables] == [grid(table) for table in sample.tables]
    assert [table.unit for table in again.tables] == [table.unit for table in sample.tables]


def test_the_same_document_and_look_give_the_same_bytes(sample: Extracted) -> None:
    assert printed(sample, style(Random(3))) == printed(sample, style(Random(3)))


def judged(document: Extracted, pdf: Path) -> Validated:
    pdf.write_bytes(printed(document, style(Random(1))))
    with FileReader(pdf) as reader:
        return validate_document(normalize_document(read(pdf), standard_catalogue()), load_rules(), reader)


def test_an_error_that_is_planted_into_a_pdf_is_found_in_its_cell(sample: Extracted, tmp_path: Path) -> None:
    assert not [finding for finding in judged(sample, tmp_path / "right.pdf").findings if finding.severity == "error"]
    normalized = normalize_document(sample, standard_catalogue())
    total = next(fact for fact in figures(normalized) if fact.form == "expenditure_summary" and fact.function == "208")
    made = plant(sample, normalized, total, "digit_substituted", Random(5))
    assert made is not None
    document, planted = made
    (error,) = [finding for finding in judged(document, tmp_path / "wrong.pdf").findings if finding.severity == "error"]
    assert error.diagnosis is not None
    assert (error.diagnosis.fact, error.diagnosis.suggested) == (total.id, planted.right)
