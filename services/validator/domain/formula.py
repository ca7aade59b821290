"""What a figure speaks of, and sums of such contents in the notation of the rule files.

`gov:501 + gov:502 = basic economic:301 + project economic:301`: a content is a part of expenditure (total, where none is named) and a code on
each axis that it is broken down by; `line:` names a line that has no code. A formula holds for every function that prints both sides.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

BASES = ("total", "basic", "project", "personnel", "public")
"""The parts of expenditure: personnel and public make up basic, basic and project the total."""
_AXES = {"economic": "economic", "gov": "gov_economic", "line": "line"}
_SIGNED = re.compile(r"\s+([+-])\s+")


class Content(NamedTuple):
    """What a figure speaks of: the part of expenditure and the codes, None for all. `line`: a line without code (三公, 机关运行经费)."""

    basis: str
    function: str | None = None
    economic: str | None = None
    gov_economic: str | None = None
    line: str | None = None


Side = tuple[tuple[Content, int], ...]
"""Contents with the sign with which they count."""


class FormulaError(ValueError):
    """A formula that says nothing; names what is wrong with it."""


@lru_cache(maxsize=256)
def parse_formula(text: str) -> tuple[Side, Side]:
    """The two sides of a formula. Raises: FormulaError: no equation, or a content that cannot be read."""
    sides = re.split(r"\s+=\s+", text)
    if len(sides) != 2:
        raise FormulaError(f"{text!r} is no equation of two sides")
    return _side(sides[0]), _side(sides[1])


def _side(text: str) -> Side:
    pieces = _SIGNED.split(text.strip())
    signs = [1, *(1 if sign == "+" else -1 for sign in pieces[1::2])]
    return tuple((_content(piece), sign) for piece, sign in zip(pieces[::2], signs, strict=True))


def _content(text: str) -> Content:
    found: dict[str, str] = {}
    for word in text.split():
        axis, colon, code = word.partition(":")
        name = _AXES.get(axis, "") if colon else "basis" if word in BASES else ""
        if not name or name in found or (colon and not code):
            raise FormulaError(f"{text!r} is no content: {word!r}")
        found[name] = code if colon else word
    if not found:
        raise FormulaError("a side of the equation is empty")
    return Content(found.pop("basis", "total"), None, found.get("economic"), found.get("gov_economic"), found.get("line"))
