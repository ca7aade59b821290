"""Filings of real disclosures: published apart, or a year after themselves, they give no finding that is not true."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from conftest import corpus_dir
from filing_documents import changed
from msgspec import structs

from services.extractor.reader import read_document
from services.normalizer.adapters.catalogue_files import standard_catalogue
from services.normalizer.handlers import normalize_document
from services.validator.adapters.rules_files import load_rules
from services.validator.domain.reconcile import reconcile
from shared.contracts.filing import Filing
from shared.contracts.normalized import Normalized
from shared.filings import info_of

pytestmark = pytest.mark.corpus

CORPUS = corpus_dir()
PDFS = (
    [path for folder in ("pdf", "pdf-unlabelled") for path in sorted((CORPUS / folder).glob("*.pdf")) if path.name != "not-a-pdf.pdf"]
    if CORPUS
    else []
)
# All looked up on paper: the forms print 12,323.48; 60.96 and 23.87; 87.36; 2,961.68.
CONTRADICTED = {
    "jiangsu-procuratorate-2017-budget": {"12323.46"},
    "zizhou-2024-budget": {"60.69", "35.81"},
    "putuo-finance-2025-budget": {"887.36"},
    "putuo-finance-2024-final-accounts": {"0.3"},
}


@pytest.fixture(scope="session")
def facts_of(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("extracted")

    @cache
    def normalized(path: Path) -> Normalized:
        out = folder / f"{path.name}.json"
        read_document(path, out)
        return normalize_document(out.read_bytes(), standard_catalogue())

    return normalized


def reconciled(*members: Normalized, previous: tuple[Normalized, ...] = ()) -> Filing:
    return reconcile(changed(members, previous), members, previous, load_rules())


def about(document: Normalized, **changes: Any) -> Normalized:
    return structs.replace(document, document=structs.replace(document.document, **changes))


def halves(document: Normalized) -> tuple[Normalized, Normalized]:
    """What the narrative and the tables would be, had the department published them apart."""
    words = about(structs.replace(document, facts=(), forms=()), id="sha256:" + "a" * 64, part="narrative")
    return words, about(structs.replace(document, claims=()), id="sha256:" + "b" * 64, part="tables")


WHOLE = [path for path in PDFS if not path.stem.endswith("-tables") and path.stem != "jiangsu-party-office-2018-budget"]


@pytest.mark.parametrize("path", WHOLE, ids=lambda path: path.stem)
def test_a_narrative_published_apart_contradicts_its_tables_only_where_it_does(path: Path, facts_of: Any) -> None:
    whole = facts_of(path)
    assert whole.document.part == "whole"
    filing = reconciled(*halves(whole))
    assert {str(finding.reported) for finding in filing.findings} == CONTRADICTED.get(path.stem, set())
    assert filing.counts.exact + filing.counts.rounding >= 2, "the totals at least are compared"


@pytest.mark.parametrize("path", PDFS, ids=lambda path: path.stem)
def test_a_disclosure_is_no_contradiction_to_last_years_of_another_content(path: Path, facts_of: Any) -> None:
    """None of these prints 上年数, so even last year's filing with other figures throughout gives nothing but what 年初 and 年末 say."""
    now = facts_of(path)
    doubled = tuple(structs.replace(fact, amount=fact.amount * 2) for fact in now.facts)
    then = about(structs.replace(now, facts=doubled), id="sha256:" + "c" * 64, year=now.document.year - 1)
    filing = reconciled(now, previous=(then,))
    opening = [check for check in filing.checks if check.rule.startswith("filing.opening_balance")]
    assert [check for check in filing.checks if check.rule.startswith("filing.previous_year")] == []
    assert len(filing.findings) == sum(check.status == "failed" for check in opening) <= 1


def test_the_only_disclosure_of_the_corpus_in_two_files_agrees(corpus: Path, facts_of: Any) -> None:
    folder = corpus / "pdf-unlabelled"
    words, tables = (facts_of(folder / f"jiangsu-party-office-2018-budget{end}.pdf") for end in ("", "-tables"))
    # The tables name the office in full (中共江苏省委办公厅), the narrative does not: they are one filing all the same.
    assert info_of(words.document) == info_of(tables.document)
    filing = reconciled(words, tables)
    assert (filing.verdict, filing.findings) == ("consistent", ())
    assert filing.counts.exact == 29
