"""Confidence says how many cells are right: on damaged tables the least certain cells hold the wrong ones, and the others are right.

A smaller run of `benchmarks/confidence.py`, with other seeds.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from damaged_kinds import UNSEEN
from judged_cells import Judged, caught, damaged, generated


@pytest.fixture(scope="module")
def cells(tmp_path_factory: pytest.TempPathFactory) -> list[Judged]:
    return damaged(range(110), tmp_path_factory.mktemp("damaged") / "made.pdf")


def test_the_least_certain_hundredth_holds_nine_of_ten_wrong_cells(cells: list[Judged]) -> None:
    assert sum(not one.right for one in cells) > 100
    assert caught(cells) >= 0.9


def test_a_cell_that_nothing_speaks_against_is_right(cells: list[Judged]) -> None:
    sure = [one for one in cells if one.confidence >= 0.99]
    assert len(sure) > 0.99 * len(cells)
    assert sum(not one.right for one in sure) <= 0.0005 * len(sure)


def test_of_cells_with_little_confidence_most_are_wrong(cells: list[Judged]) -> None:
    doubted = [one for one in cells if one.confidence < 0.5]
    assert sum(not one.right for one in doubted) > 0.7 * len(doubted)


def test_undamaged_tables_are_not_doubted(tmp_path: Path) -> None:
    found = generated(range(500, 530), tmp_path / "made.pdf")
    assert all(one.right for one in found)
    assert sum(one.confidence >= 0.99 for one in found) > 0.995 * len(found)


def test_a_digit_that_only_the_file_itself_calls_another_is_seen_by_nobody(tmp_path: Path) -> None:
    """What confidence does not say: such cells are wrong and look like others."""
    found = damaged(range(8), tmp_path / "made.pdf", rate=0.01, kinds=UNSEEN)
    wrong = [one for one in found if not one.right]
    assert len(wrong) > 10
    assert all(one.confidence >= 0.99 for one in wrong)
