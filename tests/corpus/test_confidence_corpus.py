"""Confidence on real disclosures: every cell of .95 and more is right, and hardly any is doubted."""

from __future__ import annotations

from pathlib import Path

import pytest
from judged_cells import labelled
from truth_documents import load_truth

pytestmark = pytest.mark.corpus


def test_cells_are_right_and_not_doubted(corpus: Path, tmp_path: Path) -> None:
    cells = []
    for pdf in sorted((corpus / "pdf").glob("*.pdf")):
        cells += labelled(pdf, load_truth(corpus / "truth" / f"{pdf.name.split('.')[0]}.html"), tmp_path / "read.pdf")
    assert len(cells) > 20_000
    assert all(one.right for one in cells if one.confidence >= 0.95)
    assert sum(one.confidence >= 0.95 for one in cells) > 0.99 * len(cells)
    assert sum(one.right and one.confidence < 0.5 for one in cells) < 0.001 * len(cells)
