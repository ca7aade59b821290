"""Units of forms and columns, and the precision of figures.

The unit is that of the form's own label, else of its header cells, else of its family: forms of the same sort in the same document.
The precision is that of the column, not of the cell: a column in general number format prints 0.84, 4 and 30, and "4" is exact to the cent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache

from services.normalizer.domain.figures import UNITS, Figure
from services.normalizer.domain.words import plain
from shared.contracts.extracted import Table

_LABELLED = re.compile(
    r"单位:?(?:人民币)?(元|千元|万元|百万元|亿元)|\((?:金额)?(?:单位:?)?(?:人民币)?(元|千元|万元|百万元|亿元)\)|^(?:人民币)?(元|千元|万元|百万元|亿元)$"
)


@lru_cache(maxsize=8192)
def unit_in(text: str) -> str | None:
    """The unit of money that a label, title, or head prints (单位：万元, （万元）, 元); None where it prints none."""
    found = _LABELLED.search(plain(text))
    return next(group for group in found.groups() if group) if found else None


def own_unit(table: Table) -> str | None:
    """The unit of a form's own labels or title."""
    if table.unit in UNITS:
        return table.unit
    texts = [
        table.unit_label or "",
        table.title or "",
        *(label.text for label in table.labels if label.kind in ("unit", "other", "entity")),
    ]
    return next((unit for text in texts if text and (unit := unit_in(text))), None)


def header_unit(texts: Iterable[str]) -> str | None:
    """The one unit that header cells print; None where they print none or several."""
    found = {unit for text in texts if (unit := _bracketed(plain(text)))}
    return found.pop() if len(found) == 1 else None


def _bracketed(text: str) -> str | None:
    return unit_in(text) if "(" in text or "单位" in text else None


# A family agrees on its unit if forms with this share of its figures print it: one form of meetings in 万元 among forms in 元 does not count.
_AGREED = 0.9


def family_unit(figures: Mapping[str, int]) -> str | None:
    """The unit of a family, by unit the number of figures in forms that print it; None where none is labelled or they differ."""
    if not figures:
        return None
    best = max(sorted(figures), key=lambda unit: figures[unit])
    return best if figures[best] >= _AGREED * sum(figures.values()) else None


def in_yuan(amount: Decimal, unit: str | None) -> Decimal | None:
    """The amount in 元, to the cent at least as printed; None where the unit is unknown."""
    return amount * UNITS[unit] if unit in UNITS else None


def column_precision(figures: Sequence[Figure], unit: str | None, family: int) -> int:
    """Digits after the point that a column's figures are exact to.

    The most that any figure of the column prints. A column of whole numbers in a unit larger than 元 is in general number format (4 for
    4.00 万元), unless its family prints whole numbers throughout; whole yuan are exact to the yuan.
    """
    own = max((figure.decimals for figure in figures), default=0)
    return family if own == 0 and unit not in (None, "元") else own
