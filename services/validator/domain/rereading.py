"""Whether a second reader read another figure: what may be our misreading accuses nobody.

Two second readers: one of the file's text, by other code than the first; one of the page's image. The text of a file is what its fonts say of their
glyphs, and fonts may lie to both readers of text; the image is what people see. Where the image can be read for certain it decides.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

_FIGURE = re.compile(r"[-−(]?[0-9][0-9.]*[)]?%?")
_NO_DIGIT = re.compile(r"[^0-9]")

Confirmation = Literal["image", "text"]
"""What shows the same figure as the first reader: the page's image, or the file's text alone."""


@dataclass(frozen=True, slots=True)
class Rereadings:
    """Second readings of figures, by fact. `image` is null where no reader of images is installed, `reader` its version (empty then)."""

    text: Mapping[str, str] = field(default_factory=dict)
    image: Mapping[str, str] | None = None
    reader: str = ""

    def otherwise(self, fact: str, printed: str) -> str | None:
        """What a second reader read, where that is another figure."""
        seen = (self.image or {}).get(fact)
        if seen is not None and (same_digits(printed, seen) or image_differs(printed, seen)):
            return seen if image_differs(printed, seen) else None
        reading = self.text.get(fact)
        return reading if reading is not None and readers_differ(printed, reading) else None

    def confirmation(self, fact: str, printed: str) -> Confirmation | None:
        """What shows the same figure again; None where nothing could be read."""
        seen = (self.image or {}).get(fact)
        if seen is not None and same_digits(printed, seen):
            return "image"
        reading = self.text.get(fact)
        return "text" if reading is not None and _clean(reading) == _clean(printed) else None


NOT_REREAD = Rereadings()


def _clean(text: str) -> str:
    """A figure without what readers may set differently: width of characters, white space, separators of thousands."""
    return "".join(c for c in unicodedata.normalize("NFKC", text) if not c.isspace() and c not in ",'")


def readers_differ(printed: str, reading: str) -> bool:
    """Whether a second reading is another figure. A reading that is no figure (a neighbour's text in the box) says nothing."""
    second = _clean(reading)
    return bool(_FIGURE.fullmatch(second)) and second != _clean(printed)


def _digits(text: str) -> str:
    return _NO_DIGIT.sub("", _clean(text))


def same_digits(printed: str, seen: str) -> bool:
    """Whether an image shows the digits that were read: points and commas are the first things lost in an image."""
    return _digits(seen) == _digits(printed) != ""


def image_differs(printed: str, seen: str) -> bool:
    """Whether an image shows other digits. As many of them: a font that lies gives each glyph another meaning, and a crop may cut digits off."""
    return _digits(seen) != _digits(printed) and len(_digits(seen)) == len(_digits(printed)) > 0
