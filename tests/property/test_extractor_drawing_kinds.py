"""Each manner of drawing a table by itself, in several sizes, fonts and shapes: the table comes back identical, and no other one."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from hard_catalogue import KINDS
from hard_reading import difference

SEEDS = 3


@pytest.mark.parametrize("kind", KINDS)
def test_a_manner_of_drawing_does_not_change_what_is_read(kind: str, tmp_path: Path) -> None:
    for seed in range(SEEDS):
        data, seen = KINDS[kind](Random(f"{kind}/{seed}"))
        assert difference(data, seen, tmp_path / "drawn.pdf") is None, f"seed {seed}"
