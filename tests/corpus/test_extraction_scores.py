"""The bars of extraction on real disclosures: every document of the corpus that has a ground truth."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path

import pytest

from services.extractor.reader import read_document

pytestmark = pytest.mark.corpus

LABELLED = [
    "fenyang-2025-budget",
    "hengdong-2025-budget",
    "hengdong-2025-budget.report",
    "hengnan-2025-budget",
    "putuo-finance-2024-final-accounts",
    "putuo-office-2025-budget",
    "yiyang-2024-final-accounts",
    "yiyang-2024-final-accounts.web",
    "zizhou-2024-budget",
]

# Pages of each table, as a person sees them on the rendered pages: (first, last), a table that ends on the page where it begins as one number.
UNLABELLED: dict[str, list[int | tuple[int, int]]] = {
    "jiangsu-congress-2018-budget": [8, 9, 10, 10, 11, 12, 13, 14, 15, 15, 16, (17, 18)],
    "jiangsu-cppcc-2018-budget-tables": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
    "jiangsu-party-office-2018-budget-tables": [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, (14, 15)],
    "jiangsu-party-office-2018-budget": [],
    "jiangsu-procuratorate-2017-budget": [10, 11, 11, (11, 12), 12, (12, 13), 13, 14, (14, 15), (15, 16), 16, (16, 18)],
    "putuo-commerce-2025-budget": [9, (10, 11), (12, 13), 14, (15, 16), 17, 18, (19, 20), 21],
    "putuo-finance-2025-budget": [9, (10, 11), (12, 13), 14, (15, 16), 17, 18, (19, 20), 21],
}


def extracted(path: Path, out: Path) -> dict:
    if not path.exists():
        pytest.skip(f"{path.name} is not in the corpus")
    read_document(path, out)
    return json.loads(out.read_bytes())


@pytest.fixture(scope="module")
def scorer(corpus):
    tools = corpus.parent / "tools"
    if not (tools / "score.py").exists():
        pytest.skip("no score.py beside the corpus")
    sys.path.insert(0, str(tools))
    return importlib.import_module("score")


@pytest.mark.parametrize("name", LABELLED)
def test_every_figure_stands_under_its_head_and_beside_its_labels(corpus, scorer, tmp_path, name):
    found = extracted(corpus / "pdf" / f"{name}.pdf", tmp_path / "out.json")
    result = scorer.score(corpus / "truth" / f"{name.split('.')[0]}.html", found)
    assert result["placed"] >= 0.995
    assert result["exact"] == 1.0
    assert result["tables"] == result["forms"]


@pytest.mark.parametrize("name", UNLABELLED)
def test_tables_stand_where_a_person_sees_them_and_nowhere_else(corpus, tmp_path, name):
    found = extracted(corpus / "pdf-unlabelled" / f"{name}.pdf", tmp_path / "out.json")
    pages = [(table["pages"][0], table["pages"][-1]) for table in found["tables"]]
    assert pages == [(seen, seen) if isinstance(seen, int) else seen for seen in UNLABELLED[name]]


@pytest.mark.parametrize("name", LABELLED)
def test_titles_numbers_and_units_are_those_of_the_truth(corpus, tmp_path, name):
    sys.path.insert(0, str(corpus.parent / "tools"))
    truth = importlib.import_module("truth").load(corpus / "truth" / f"{name.split('.')[0]}.html")
    found = extracted(corpus / "pdf" / f"{name}.pdf", tmp_path / "out.json")

    def bare(text: str | None) -> str:
        return "".join((text or "").split())

    said = [(bare(form.title), bare(form.number)) for form in truth.forms]
    read = [(bare(table["title"]), bare(table["number"])) for table in found["tables"]]
    assert read == said


@pytest.mark.parametrize("name", [*LABELLED, *UNLABELLED])
def test_every_glyph_is_accounted_for(corpus, tmp_path, name):
    folder = "pdf" if name in LABELLED else "pdf-unlabelled"
    found = extracted(corpus / folder / f"{name}.pdf", tmp_path / "out.json")
    assert all(page["total"] == page["in_cells"] + page["in_labels"] + page["in_text"] + page["unplaced"] for page in found["glyphs"])
    assert sum(page["unplaced"] for page in found["glyphs"]) == 0
