"""Whatever a page does, its table comes back cell by cell, in its place; what nobody sees is not read."""

from __future__ import annotations

from pathlib import Path
from random import Random

import annotation_features  # noqa: F401 - registers its features
import hidden_features  # noqa: F401
import printed_features  # noqa: F401
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from page_features import FEATURES, Made
from page_mixes import mixed

from services.extractor.adapters.pdfium_reader import PdfiumReader
from services.extractor.domain.extraction import extract
from shared.contracts.common import Producer
from shared.contracts.extracted import DocumentInfo, Extracted

# Half the width of the rules drawn, and rounding.
NEAR = 0.6


def read(made: Made, path: Path) -> Extracted:
    path.write_bytes(made.data)
    opened = PdfiumReader().open(path)
    try:
        about = DocumentInfo(id="sha256:0", bytes=len(made.data), pages=opened.pages)
        return extract(opened.contents(), about, Producer(name="x", version="0"))
    finally:
        opened.close()


def assert_read_as_shown(made: Made, found: Extracted) -> None:
    cells = [[(cell.row, cell.col, cell.rowspan, cell.colspan, cell.text) for cell in table.cells] for table in found.tables]
    assert cells == [sorted(cell[:5] for cell in table) for table in made.tables]
    for table, drawn in zip(found.tables, made.tables, strict=True):
        for cell, (*_, box) in zip(table.cells, sorted(drawn), strict=True):
            assert cell.bbox == pytest.approx(box, abs=NEAR)
    everything = [cell.text for table in found.tables for cell in table.cells] + [line.text for line in found.text]
    everything += [label.text for table in found.tables for label in table.labels]
    for text in made.texts:
        assert text in everything
    for text in made.never:
        assert not any(text in one for one in everything)
    if made.titles:
        assert [table.title for table in found.tables] == made.titles
    assert sorted(warning.code for warning in found.warnings) == made.warnings
    assert all(page.unplaced == 0 for page in found.glyphs)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", FEATURES)
def test_a_page_is_read_as_it_is_seen(name: str, seed: int, tmp_path: Path) -> None:
    made = FEATURES[name](Random(f"{name} {seed}"))
    assert_read_as_shown(made, read(made, tmp_path / "page.pdf"))


@settings(max_examples=60, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 1_000_000))
def test_features_mixed_on_one_page_are_read_as_seen(seed: int, tmp_path: Path) -> None:
    made = mixed(Random(seed))
    assert_read_as_shown(made, read(made, tmp_path / "page.pdf"))
