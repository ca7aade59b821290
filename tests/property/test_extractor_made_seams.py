"""Tables over pages, kind by kind: none joined that are two, none parted that are one, no row lost or doubled, every cell as drawn."""

from __future__ import annotations

from pathlib import Path

import pytest
from seam_kinds import KINDS, document
from seam_score import read, score

SEEDS = 3


@pytest.mark.parametrize("kind", KINDS)
def test_a_seam_is_read_as_it_was_drawn(kind: str, tmp_path: Path) -> None:
    for seed in range(SEEDS):
        made = document(kind, seed)
        counts = score(made, read(made.data, tmp_path / "seams.pdf"))
        wrong = ("wrongly joined", "wrongly parted", "rows lost", "rows doubled", "glyphs lost", "rows taken for boxheads")
        assert {name: counts[name] for name in wrong} == dict.fromkeys(wrong, 0), f"seed {seed}"
        assert counts["rows right"] == counts["rows"], f"seed {seed}"
        assert counts["boxheads left out"] == counts["boxheads"], f"seed {seed}"
        assert counts["cells mended"] == counts["cells cut"], f"seed {seed}"
        assert counts["documents exact"] == 1, f"seed {seed}"
