"""What documents of made seams share: paper, forms, ways to go on that are printed most."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from made_seams import Expected, Made
from seam_forms import BUREAUS, Form, form
from seam_paper import MANNERS, Around, Paper

FLAT = ("codes", "names", "ordinals")

SHAPES = (*FLAT, "groups")

FULL = 10_000

Draw = Callable[[Random], Made]


def new_paper(random: Random, around: Around | None = None, wide: bool | None = None) -> Paper:
    """A document's paper in one of the manners."""
    number = random.choice(("none", "plain", "dashes", "of", "of all", "all", "english"))
    return Paper(random, random.choice(tuple(MANNERS)), around or Around(number=number), random.random() < 0.4 if wide is None else wide)


def alone(paper: Paper, found: Expected) -> Made:
    """A document of one table."""
    return Made(paper.finish(), [found], set())


def any_pages(random: Random) -> int:
    """Pages of a table: mostly a few."""
    return random.choice((2, 2, 2, 3, 3, 4, 6))


def again(random: Random, *words: str) -> str:
    """One of the ways to go on that are printed most."""
    return random.choice(words or ("nothing", "head", "titled"))


def any_form(
    random: Random, width: float, shapes: tuple[str, ...] = SHAPES, title: str = "", deep: bool | None = None, series: int = 0
) -> Form:
    """A form with or without an entity and a number; `series` keeps the names of two forms apart."""
    one = form(random, random.choice(shapes), width, title, deep, series)
    one.entity = random.choice(("", random.choice(BUREAUS)))
    one.number = random.choice(("", "", f"附表{random.randint(1, 12)}"))
    return one


def inner_title(one: Form, *rows: str) -> Form:
    """The form with rows over all columns above its boxhead, and no labels outside the grid."""
    head = [(row, 0, 1, len(one.widths), text) for row, text in enumerate(rows)]
    head += [(row + len(rows), col, high, wide, text) for row, col, high, wide, text in one.head]
    one.title, one.number, one.entity, one.unit = "", "", "", ""
    one.head, one.head_rows = head, one.head_rows + len(rows)
    return one
