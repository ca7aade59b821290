"""Pictures of the places that findings are about: a strip of the page with the figure boxed. What a confined child does."""

from __future__ import annotations

import io
import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from shared.contracts.common import Box
from tieout.handover.contents import Item
from tieout.handover.marks import Tone

if TYPE_CHECKING:
    from PIL.Image import Image

_DPI = 120.0  # figures of 6 pt stay sharp on paper, and a strip is 10–25 kB
_MOST_PIXELS = 12_000_000  # of a page: A3 at this resolution has 2.8 million, a poster would have billions
_ABOVE, _BELOW = 62.0, 44.0  # points of the page around the figure: three rows above it and two below
_TALLEST = 320.0  # points of a strip: a paragraph, or a row that takes half a page
_FAINT, _MARGIN = 24, 14  # shades that are paper; pixels left beside the lettering
_SHADES = 48  # of a picture: lettering and a coloured line
MOST_PICTURES: Final = 120  # at 25 kB each a report of 4 MB, which mail takes

_COLOURS: Final[dict[Tone, tuple[int, int, int]]] = {"correction": (204, 26, 26), "question": (217, 128, 0), "accepted": (102, 115, 128)}
_PART = (70, 110, 180)


@dataclass(frozen=True)
class Crop:
    """A picture that is wanted. `figure`: the box in question; `parts`: other boxes on the page that its sums speak of."""

    page: int
    figure: Box
    parts: tuple[Box, ...]
    tone: Tone


def crop_of(item: Item) -> Crop | None:
    """The picture that shows a finding's figure; null where its place is not known."""
    figure = next((spot for spot in item.spots if spot.figure), None)
    if figure is None or item.kind == "note":
        return None
    parts = tuple(spot.box for spot in item.spots if spot.page == figure.page and spot.box != figure.box)
    tone: Tone = "accepted" if item.accepted is not None else "correction" if item.kind == "correction" else "question"
    return Crop(figure.page, figure.box, parts, tone)


def pictures(path: Path, crops: Sequence[Crop]) -> list[bytes]:
    """A PNG for each crop, in order; empty where the page could not be drawn. Raises pypdfium2.PdfiumError: the file cannot be opened."""
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    try:
        if document.get_formtype():
            document.init_forms()
        made: dict[Crop, bytes] = {}
        by_page: defaultdict[int, list[Crop]] = defaultdict(list)
        for crop in crops:
            by_page[crop.page].append(crop)
        for number, own in sorted(by_page.items()):
            if not 1 <= number <= len(document):
                continue
            image, scale = _drawn(document, number)
            for crop in own:
                made[crop] = _png(_strip(image, scale, crop))
        return [made.get(crop, b"") for crop in crops]
    finally:
        document.close()


def _drawn(document: Any, number: int) -> tuple[Image, float]:
    """A page as a picture, and its pixels a point."""
    page = document[number - 1]
    try:
        width, height = page.get_size()
        scale = min(_DPI / 72, math.sqrt(_MOST_PIXELS / max(width * height, 1.0)))
        image: Image = page.render(scale=scale, rev_byteorder=True, prefer_bgrx=False).to_pil().convert("RGB")
        return image, scale
    finally:
        page.close()


def _strip(image: Image, scale: float, crop: Crop) -> Image:
    from PIL import ImageDraw

    top = max(crop.figure[1] - _ABOVE, 0.0)
    bottom = min(max(crop.figure[3] + _BELOW, top + 40.0), top + _TALLEST)
    upper = min(int(top * scale), image.height - 1)
    lower = max(upper + 1, min(round(bottom * scale), image.height))
    strip = image.crop((0, upper, image.width, lower))
    pen = ImageDraw.Draw(strip)
    for box in crop.parts:
        _outline(pen, box, scale, upper, _PART, 1)
    _outline(pen, crop.figure, scale, upper, _COLOURS[crop.tone], 3)
    return _without_margins(strip)


def _without_margins(strip: Image) -> Image:
    """The strip without the white at its left and right, so that lettering is larger where it is shown."""
    from PIL import ImageOps

    inked = ImageOps.invert(strip.convert("L")).point(lambda shade: 255 if shade > _FAINT else 0).getbbox()
    if inked is None:
        return strip
    return strip.crop((max(0, inked[0] - _MARGIN), 0, min(strip.width, inked[2] + _MARGIN), strip.height))


def _outline(pen: Any, box: Box, scale: float, upper: int, colour: tuple[int, int, int], width: int) -> None:
    left, top, right, bottom = (round(value * scale) for value in box)
    if right > left and bottom > top:
        pen.rectangle((left - 1, top - upper - 1, right + 1, bottom - upper + 1), outline=colour, width=width)


def _png(image: Image) -> bytes:
    from PIL.Image import Dither

    target = io.BytesIO()
    image.quantize(_SHADES, dither=Dither.NONE).save(target, "PNG", optimize=True)
    return target.getvalue()
