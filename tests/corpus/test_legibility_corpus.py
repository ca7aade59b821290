"""Real disclosures with a sound text layer are read from it: recognition is not asked about a single page of text."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.extractor.adapters.pdfium_reader import PdfiumReader
from services.extractor.domain.legibility import legibility
from services.extractor.domain.pictured import is_overlaid, pictures_amid_text

pytestmark = pytest.mark.corpus

# A photograph that covers half of a cover, beside its title: looked at for a table, of which there is none.
PHOTOGRAPHS = {("jiangsu-procuratorate-2017-budget", 1)}


def test_no_page_of_the_corpus_needs_recognition(corpus: Path) -> None:
    asked = set()
    for path in sorted(corpus.glob("pdf*/*.pdf")):
        if path.read_bytes()[:5] != b"%PDF-":
            continue
        document = PdfiumReader().open(path)
        for page in document.contents():
            assert legibility(page) in ("sound", "blank"), (path.stem, page.number)
            if is_overlaid(page) or len(pictures_amid_text(page)):
                asked.add((path.stem, page.number))
        document.close()
    assert asked <= PHOTOGRAPHS
