"""Sums graded as Calculations 1.1 has them: the same answer as Arelle's where we mean the same, and the differences are those we mean."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from arelle_calculations import available, outcomes
from calculation_kinds import ALIKE, APART, ours

pytestmark = pytest.mark.skipif(not available(), reason="Arelle is not installed: pip install arelle-release (it is no dependency)")

EACH = 150


@pytest.mark.parametrize("kind", ALIKE)
def test_a_sum_fails_where_arelle_calls_it_inconsistent_and_nowhere_else(kind: str, tmp_path: Path) -> None:
    random = Random(11)
    sums = [ALIKE[kind](random) for _ in range(EACH)]
    theirs, mine = outcomes(sums, tmp_path), [ours(one).outcome for one in sums]
    assert [(one, their, our) for one, their, our in zip(sums, theirs, mine, strict=True) if their != our] == []
    assert {"consistent", "inconsistent"} <= set(mine)


def test_prints_that_agree_are_not_intersected(tmp_path: Path) -> None:
    """Arelle takes what all prints of a figure leave; we check each sum as it is printed, so a sum that we fail Arelle fails too, not the reverse."""
    random = Random(12)
    sums = [APART["printed twice, agreeing"](random) for _ in range(EACH)]
    pairs = [(their, ours(one)) for one, their in zip(sums, outcomes(sums, tmp_path), strict=True)]
    assert all(their == "inconsistent" for their, our in pairs if our.outcome == "inconsistent" and not our.conflict)
    assert any(their == "inconsistent" and our.outcome == "consistent" for their, our in pairs)


def test_where_prints_differ_arelle_stops_and_we_say_so_and_go_on(tmp_path: Path) -> None:
    random = Random(13)
    sums = [APART["printed twice, differing"](random) for _ in range(EACH)]
    assert set(outcomes(sums, tmp_path)) == {"not evaluated"}
    assert all(ours(one).conflict and ours(one).outcome != "not evaluated" for one in sums)


def test_of_a_figure_with_more_digits_than_its_column_its_own_digits_count(tmp_path: Path) -> None:
    random = Random(14)
    sums = [APART["more digits than the column"](random) for _ in range(EACH)]
    assert set(outcomes(sums, tmp_path)) == {"not evaluated"}
    assert {ours(one).outcome for one in sums} == {"consistent", "inconsistent"}
