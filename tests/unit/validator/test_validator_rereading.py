"""Second readings: what the image shows decides, and what neither reader could read says nothing."""

from __future__ import annotations

import pytest

from services.validator.domain.rereading import Rereadings, image_differs


@pytest.mark.parametrize(
    ("printed", "seen", "differs"),
    [
        ("48.90", "84.90", True),
        ("48.90", "48.90", False),
        ("4,890.00", "489000", False),  # points and commas get lost in an image
        ("48.90", "8.90", False),  # cut off at the edge of the crop
        ("48.90", "", False),
    ],
)
def test_an_image_shows_another_figure_only_by_as_many_other_digits(printed: str, seen: str, differs: bool) -> None:
    assert image_differs(printed, seen) is differs
    assert Rereadings(image={"t1/1/1": seen}).otherwise("t1/1/1", printed) == (seen if differs else None)


def test_the_image_decides_against_the_text() -> None:
    both = Rereadings(text={"t1/1/1": "84.90"}, image={"t1/1/1": "48.90"})
    assert both.otherwise("t1/1/1", "48.90") is None
    assert both.confirmation("t1/1/1", "48.90") == "image"


def test_the_text_speaks_where_the_image_shows_nothing_for_certain() -> None:
    cut = Rereadings(text={"t1/1/1": "84.90"}, image={"t1/1/1": "8.9"})
    assert cut.otherwise("t1/1/1", "48.90") == "84.90"
    assert cut.confirmation("t1/1/1", "48.90") is None
    assert Rereadings(text={"t1/1/1": "48.90"}).confirmation("t1/1/1", "48.90") == "text"
