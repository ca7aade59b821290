"""Whether a second reader read another figure: what may be our misreading accuses nobody."""

from __future__ import annotations

import re
import unicodedata

_FIGURE = re.compile(r"[-−(]?[0-9][0-9.]*[)]?%?")


def _clean(text: str) -> str:
    """A figure without what readers may set differently: width of characters, white space, separators of thousands."""
    return "".join(c for c in unicodedata.normalize("NFKC", text) if not c.isspace() and c not in ",'")


def readers_differ(printed: str, reading: str) -> bool:
    """Whether a second reading is another figure. A reading that is no figure (a neighbour's text in the box) says nothing."""
    second = _clean(reading)
    return bool(_FIGURE.fullmatch(second)) and second != _clean(printed)
