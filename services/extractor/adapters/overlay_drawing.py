"""Draws what was detected over the image of a page (Pillow)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from services.extractor.domain.overlay import Shape, ShapeKind
from services.extractor.ports import PageImage

# Fill and outline (red, green, blue, opacity) and the outline's width in pixels, for each kind. The command's legend names these colours.
STYLES: Final[dict[ShapeKind, tuple[tuple[int, int, int, int] | None, tuple[int, int, int, int] | None, int]]] = {
    "text": (None, (120, 120, 120, 200), 1),
    "cell": (None, (30, 90, 220, 150), 1),
    "boxhead": ((40, 170, 80, 50), None, 0),
    "span": ((140, 60, 200, 40), (140, 60, 200, 200), 2),
    "doubtful": ((230, 30, 30, 70), (230, 30, 30, 255), 3),
    "label": ((240, 150, 0, 45), (240, 150, 0, 255), 2),
    "rule": (None, (0, 170, 190, 255), 2),
    "table": (None, (20, 20, 20, 230), 3),
}
_PALE: Final = 0.45  # the page itself is drawn paler, so that what lies over it can be seen
_NOTE_PIXELS: Final = 12
_BLACK: Final = (0, 0, 0, 255)
_BEHIND: Final = (255, 255, 255, 200)
_INSET: Final = 2  # a cell's outline is drawn inside its box: that of the neighbour stays visible


def drawn(image: PageImage, shapes: Iterable[Shape]) -> Image.Image:
    """The page with the shapes over it. Shapes of a kind lie in the order given, kinds in the order of `STYLES`."""
    page = Image.fromarray(image.pixels).convert("RGB")
    page = Image.blend(page, Image.new("RGB", page.size, "white"), _PALE)
    layer = Image.new("RGBA", page.size, (0, 0, 0, 0))
    scale = image.dpi / 72
    font = ImageFont.load_default(_NOTE_PIXELS)
    by_kind: dict[ShapeKind, list[Shape]] = {kind: [] for kind in STYLES}
    for shape in shapes:
        by_kind[shape.kind].append(shape)
    for found in by_kind.values():
        sheet = Image.new("RGBA", page.size, (0, 0, 0, 0))
        pen = ImageDraw.Draw(sheet)
        for shape in found:
            _draw(pen, shape, scale, font)
        layer = Image.alpha_composite(layer, sheet)
    return Image.alpha_composite(page.convert("RGBA"), layer).convert("RGB")


def _draw(pen: ImageDraw.ImageDraw, shape: Shape, scale: float, font: ImageFont.FreeTypeFont | ImageFont.ImageFont) -> None:
    fill, outline, width = STYLES[shape.kind]
    x0, top, x1, bottom = (side * scale for side in shape.box)
    if shape.kind == "rule":
        pen.line((x0, top, x1, bottom), fill=outline, width=width)
        return
    inset = _INSET if shape.kind in ("cell", "span", "doubtful") else 0
    box = (x0 + inset, top + inset, max(x0 + inset, x1 - inset), max(top + inset, bottom - inset))
    pen.rectangle(box, fill=fill, outline=outline, width=max(width, 1))
    if shape.note:
        _write_note(pen, shape, (x0, top, x1, bottom), font)


def _write_note(
    pen: ImageDraw.ImageDraw,
    shape: Shape,
    box: tuple[float, float, float, float],
    font: ImageFont.FreeTypeFont | ImageFont.ImageFont,
) -> None:
    """A note where it hides no print: of text and labels left of the box, of a table below it, of a cell in its lower right corner."""
    x0, top, x1, bottom = box
    wide = pen.textlength(shape.note, font)
    if shape.kind == "table":
        at = (x1 - wide, bottom + 4)
    elif shape.kind in ("text", "label"):
        at = (x0 - wide - 5, top) if wide + 5 < x0 else (x1 + 5, top)
    else:
        at = (x1 - wide - 4, bottom - _NOTE_PIXELS - 4)
    outline = STYLES[shape.kind][1] or _BLACK
    pen.rectangle((at[0] - 1, at[1], at[0] + wide + 1, at[1] + _NOTE_PIXELS + 2), fill=_BEHIND)
    pen.text(at, shape.note, fill=(*outline[:3], 255), font=font)
