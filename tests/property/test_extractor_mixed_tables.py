"""Tables with rules, fills, fonts, spans and turns mixed at random come back identical, and nothing else is taken for a table."""

from __future__ import annotations

from pathlib import Path

import pytest
from hard_mixed import pages
from hard_pages import Seen
from hard_reading import difference
from hypothesis import HealthCheck, given, settings


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mixed") / "drawn.pdf"


@settings(max_examples=120, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(made=pages())
def test_a_table_comes_back_as_it_was_drawn(path: Path, made: tuple[bytes, list[Seen]]) -> None:
    data, seen = made
    assert difference(data, seen, path) is None
