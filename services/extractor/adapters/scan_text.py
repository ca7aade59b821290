"""Characters of a scanned page: every line of text read by the model, and laid out as glyphs with a place, a size and a certainty.

Lines are cut by the page's own lattice, so that nothing is read across a ruling line. What is read as a figure has to be one: its grouping and its
points are compared with the ink, and where they disagree the figure keeps what was read, but loses its certainty.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import Protocol

import cv2
import numpy as np

from services.extractor.adapters.scan_dust import without_dust
from services.extractor.adapters.scan_image import CleanScan
from services.extractor.adapters.scan_lines import Grey, InkLine, PixelBox, find_lines, gaps, ink_of, usual_height, with_pale_ends
from services.extractor.adapters.scan_signs import DOUBT, FLAT, TIMES, is_unsure_sign, of_one
from services.extractor.domain.figuretext import is_nearly_figure, is_sound, plain_figure
from services.extractor.domain.glyphs import is_cjk
from services.extractor.domain.lattice import find_lattices
from services.extractor.domain.page import Bools, Ints, PageContents
from services.extractor.domain.reading import MIDDLE
from services.extractor.domain.rulings import find_rulings
from shared.line_model import LineReading

# White around a line, as the model saw it when it was trained, in parts of the line's height.
_AROUND = 0.16
# Heights of ink in ems: a line with ideographs; one of digits and capitals only.
_IDEOGRAPHS, _DIGITS = 0.92, 0.72
# A line of digits is seen at the size of the text around it: this is how much higher than its ink.
_TALLER = _IDEOGRAPHS / _DIGITS
# White between signs that is a space, in ems: after letters; otherwise ("1" has .15 em of white on both sides).
_LETTER_SPACE, _SPACE = 0.24, 0.45
# A dash is not higher than this part of the usual line: printed ones are .05 em high and .3 to 1 em wide.
_FLAT_LINE = 0.2
# A hyphen is at least so long in lines (.3 em in the narrowest fonts); a speck is shorter, or not flat.
_SHORT_DASH = 0.2
# A dash of at least so many ems is that of an empty amount (—), a shorter one a hyphen or minus.
_LONG_DASH = 0.6
# The middle of a line's first and last sign is so many ems from the end of its ink at most: half a sign, and a step of the model.
_BEYOND = 0.85
# Separators of a figure are lower than this part of its digits (a comma has .35 of them, with its tail) and reach its lower half.
_LOW = 0.48
# A line smaller than this part of the usual one in both directions is a point; points do not stand alone.
_SPECK = 0.28
# A model's certainty is rounded to 1 and never is: only the file's own text is that certain.
_SUREST = 0.999
# What stands for ink that nothing was read in (the replacement character), and how sure it is. Ink lower and narrower than this part of a line is
# dust; outside of cells it may be anything.
_UNREAD, _UNREAD_SURE, _INK = 0xFFFD, 0.05, 0.4
# How sure a 一 is that was told by its form and place alone.
_ONE_SURE = 0.9
# How sure a dash is that only its form was looked at for.
_DASH_SURE = 0.97


class LineReader(Protocol):
    """What reads crops of lines."""

    def read(self, crops: Sequence[Grey]) -> list[LineReading]:
        """A reading for each crop."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """Connected pieces of ink of a line: those as high as digits, and small ones at its foot, which are points and commas in a figure."""

    tall: int
    low: int


@dataclass(frozen=True, slots=True)
class _Glyphs:
    """Signs of a line: code points; edges and baseline in pixels; em in pixels; certainty."""

    codes: list[int]
    left: list[float]
    right: list[float]
    baseline: float
    em: float
    sure: list[float]


def scanned_page(scan: CleanScan, page: PageContents, reader: LineReader) -> PageContents:
    """A scanned page with its glyphs. Args: scan: the straight page. page: number, size, turn and skew of the result."""
    scale = scan.scale
    ruled = replace(
        page,
        marks=scan.marks,
        paint=np.tile(np.array([[0.0, 0.0, 0.0, 255.0]]), (len(scan.marks), 1)),
        filled=np.zeros(len(scan.marks), dtype=np.bool_),
        weight=scan.weight,
        source="image",
    )
    pixels = without_dust(scan.pixels, scale)
    ink = ink_of(pixels, scale)
    cells = [_pixels(box, scale, pixels.shape) for lattice in find_lattices(find_rulings(ruled)) for box in lattice.cell_boxes()]
    lines = [replace(line, torn=scan.is_torn(line.box)) for line in with_pale_ends(pixels, find_lines(ink, cells, scale), cells)]
    usual = usual_height([line.box[3] - line.box[1] for line in lines], scale)
    return _with_glyphs(ruled, read_lines(pixels, ink, lines, usual, reader), scale)


def _pixels(box: tuple[float, float, float, float], scale: float, shape: tuple[int, ...]) -> PixelBox:
    x0, top, x1, bottom = (value * scale for value in box)
    return (max(0, round(x0)), max(0, round(top)), min(shape[1], ceil(x1)), min(shape[0], ceil(bottom)))


def _with_glyphs(page: PageContents, lines: Sequence[_Glyphs], scale: float) -> PageContents:
    counts = [len(line.codes) for line in lines]
    codes: Ints = np.array([code for line in lines for code in line.codes], dtype=np.int32)
    left = np.array([x for line in lines for x in line.left], dtype=np.float64) / scale
    right = np.array([x for line in lines for x in line.right], dtype=np.float64) / scale
    baseline = np.repeat(np.array([line.baseline for line in lines], dtype=np.float64), counts) / scale
    size = np.repeat(np.array([line.em for line in lines], dtype=np.float64), counts) / scale
    return replace(
        page,
        codes=codes,
        box=np.stack([left, baseline - 0.86 * size, right, baseline + 0.14 * size], axis=1),
        origin=np.stack([left, baseline], axis=1),
        size=size,
        angle=np.zeros(len(codes), dtype=np.int32),
        certainty=np.minimum(np.array([sure for line in lines for sure in line.sure], dtype=np.float64), _SUREST),
    )


def read_lines(pixels: Grey, ink: Bools, lines: Sequence[InkLine], usual: float, reader: LineReader) -> list[_Glyphs]:
    """The glyphs of lines. Strokes that lie flat and alone are dashes by their form; the model is asked about the others.

    Args: usual: height of the page's lines in pixels.
    """
    flat = {k: dash for k, line in enumerate(lines) if (dash := _dash(ink, line.box, usual)) is not None}
    asked = [k for k, line in enumerate(lines) if k not in flat and not _is_speck(line.box, usual)]
    readings = dict(zip(asked, reader.read([_crop(pixels, lines[k].box, usual) for k in asked]), strict=True))
    alone = [k for k in asked if is_unsure_sign(readings[k], lines[k].box, usual)]
    again = reader.read([np.tile(_crop(pixels, lines[k].box, usual), (1, TIMES)) for k in alone])
    readings |= {k: of_one(ink, lines[k].box, readings[k], one) for k, one in zip(alone, again, strict=True)}
    read = [k for k in asked if readings[k].text.strip() or _is_unread(lines[k], usual)]
    found = {k: flat[k] if k in flat else _glyphs(ink, lines[k].box, readings[k], usual) for k in sorted([*flat, *read])}
    return [replace(glyphs, sure=[DOUBT * sure for sure in glyphs.sure]) if lines[k].torn else glyphs for k, glyphs in found.items()]


def _is_unread(line: InkLine, usual: float) -> bool:
    """Whether a line in which nothing was read is more than dust."""
    return line.owner >= 0 and min(line.box[3] - line.box[1], line.box[2] - line.box[0]) >= _INK * usual


def _is_speck(box: PixelBox, usual: float) -> bool:
    """A line that is nothing but a point: dust, or what is left of a ruling line. The model would read a digit in it."""
    return max(box[2] - box[0], box[3] - box[1]) < _SPECK * usual


def _crop(pixels: Grey, box: PixelBox, usual: float) -> Grey:
    """A line on white, with white around it; low lines as high as the text around them."""
    x0, top, x1, bottom = box
    high = bottom - top
    around = _white_around(high, usual)
    crop = np.full((high + 2 * around, x1 - x0 + 2 * around), 255, dtype=np.uint8)
    # The pale edge of the print outside of its ink belongs to it.
    y0, y1, a, b = max(0, top - 1), min(pixels.shape[0], bottom + 1), max(0, x0 - 1), min(pixels.shape[1], x1 + 1)
    crop[around - (top - y0) : around + high + (y1 - bottom), around - (x0 - a) : around + (x1 - x0) + (b - x1)] = pixels[y0:y1, a:b]
    return crop


def _white_around(high: int, usual: float) -> int:
    """White around a crop's line, in pixels."""
    return max(2, round(_AROUND * high), round((min(usual, _TALLER * high) * (1 + 2 * _AROUND) - high) / 2))


def _dash(ink: Bools, box: PixelBox, usual: float) -> _Glyphs | None:
    """A line that is one flat stroke."""
    x0, top, x1, bottom = box
    wide, high = x1 - x0, bottom - top
    if (
        wide < _SHORT_DASH * usual
        or high > FLAT * wide
        or high > max(2.0, _FLAT_LINE * usual)
        or wide > 2.5 * usual
        or ink[top:bottom, x0:x1].mean() < 0.5
    ):
        return None
    em = usual / _IDEOGRAPHS
    sign = "—" if wide >= _LONG_DASH * em else "-"
    return _Glyphs([ord(sign)], [float(x0)], [float(x1)], (top + bottom) / 2 + MIDDLE * em, em, [_DASH_SURE])


def _glyphs(ink: Bools, box: PixelBox, reading: LineReading, usual: float) -> _Glyphs:
    x0, top, x1, bottom = box
    text, at, sure = settled(_with_first_stroke(ink, box, reading, usual), pieces(ink, box))
    around = _white_around(bottom - top, usual)
    middles = [x0 - around + share * (x1 - x0 + 2 * around) for share in at]
    codes = [ord(sign) for sign in text]
    ideographs = bool(is_cjk(np.array(codes, dtype=np.int32)).any()) if codes else False
    em = (bottom - top) / (_IDEOGRAPHS if ideographs else _DIGITS)
    em = em if ideographs or (bottom - top) > 0.4 * usual else usual / _IDEOGRAPHS
    if ideographs and len(codes) > 1:
        sure = _with_ends(sure, (middles[0] - x0) / em, (x1 - middles[-1]) / em)
    left, right = _edges(middles, text, gaps(ink, box), (float(x0), float(x1)), em)
    kept = [k for k, code in enumerate(codes) if code > 0x20 and code != 0x3000]
    if not kept:  # nothing was read where there is ink: that is said
        return _Glyphs([_UNREAD], [float(x0)], [float(x1)], (top + bottom) / 2 + MIDDLE * em, em, [_UNREAD_SURE])
    return _Glyphs(
        [codes[k] for k in kept],
        [left[k] for k in kept],
        [right[k] for k in kept],
        (top + bottom) / 2 + MIDDLE * em,
        em,
        [sure[k] for k in kept],
    )


def _with_first_stroke(ink: Bools, box: PixelBox, reading: LineReading, usual: float) -> LineReading:
    """A line that is read to begin with 、 with the 一 before it where its ink begins with one; the model leaves it out now and then."""
    if not reading.text.startswith("、"):
        return reading
    x0, top, x1, bottom = box
    end = next((start for start, stop in gaps(ink, box) if stop > start), x1)
    rows = np.flatnonzero(ink[top:bottom, x0:end].any(axis=1))
    if not len(rows) or rows[-1] - rows[0] + 1 > FLAT * (end - x0) or end - x0 < _LONG_DASH * usual:
        return LineReading(reading.text, reading.at, (DOUBT * reading.sure[0], *reading.sure[1:]), reading.figure)
    around = _white_around(bottom - top, usual)
    middle = (around + (end - x0) / 2) / (x1 - x0 + 2 * around)
    return LineReading("一" + reading.text, (middle, *reading.at), (_ONE_SURE, *reading.sure), reading.figure)


def _with_ends(sure: Sequence[float], before: float, after: float) -> list[float]:
    """Certainties, lowered where the ink goes on for more than half a sign beyond the first or last one: something there was not read.

    Args: before, after: ems from the ends of the ink to the middles of these signs.
    """
    result = list(sure)
    if before > _BEYOND:
        result[0] *= DOUBT
    if after > _BEYOND:
        result[-1] *= DOUBT
    return result


def settled(reading: LineReading, printed: Pieces) -> tuple[str, Sequence[float], Sequence[float]]:
    """The text of a line, the places and the certainty of its signs.

    A text that is nearly a figure is read again with the signs of figures only. Its probabilities stay those of all signs, so what was read
    as a letter at first is not made certain by it. A broken grouping, another number of separators than is printed, or more ink than was read
    lowers the certainty.
    """
    tight = LineReading(
        "".join(sign for sign in reading.text if not sign.isspace()),
        tuple(at for sign, at in zip(reading.text, reading.at, strict=True) if not sign.isspace()),
        tuple(sure for sign, sure in zip(reading.text, reading.sure, strict=True) if not sign.isspace()),
    )
    if not is_nearly_figure(tight.text):
        return reading.text, reading.at, reading.sure
    text, at, sure = plain_figure(tight.text), tight.at, tight.sure
    if not is_sound(text) and reading.figure is not None and is_sound(reading.figure.text):
        text, at, sure = reading.figure.text, reading.figure.at, reading.figure.sure
    marks = text.count(",") + text.count(".")
    whole = len(text) - marks + 2 * text.count("%")  # a per cent sign is three pieces, or one
    if not is_sound(text) or marks != printed.low or printed.tall > whole:
        sure = tuple(DOUBT * value for value in sure)
    return text, at, sure


def pieces(ink: Bools, box: PixelBox) -> Pieces:
    """The pieces of ink of a line, by the place and size that the signs of a figure have."""
    x0, top, x1, bottom = box
    part = ink[top:bottom, x0:x1].astype(np.uint8)
    count, _, stats, centre = cv2.connectedComponentsWithStats(part, connectivity=8)
    high, wide = stats[1:count, cv2.CC_STAT_HEIGHT], stats[1:count, cv2.CC_STAT_WIDTH]
    tall = high > _LOW * (bottom - top)
    digits = float(np.median(high[tall])) if tall.any() else float(bottom - top)
    low = ~tall & (high <= _LOW * digits) & (centre[1:count, 1] > digits / 2) & (wide <= _LOW * digits)
    return Pieces(int(tall.sum()), int(low.sum()))


def _edges(
    middles: Sequence[float], text: str, white: Sequence[tuple[int, int]], ends: tuple[float, float], em: float
) -> tuple[list[float], list[float]]:
    """Left and right edges of signs: they touch, but for white that is wide enough to be a space."""
    left, right = [ends[0]] * len(text), [ends[1]] * len(text)
    for k in range(len(text) - 1):
        between = [(b - a, a, b) for a, b in white if middles[k] < (a + b) / 2 < middles[k + 1]]
        wide, a, b = max(between, default=(0, 0, 0))
        letters = (text[k].isalpha() and text[k].isascii()) or text[k] == " " or text[k + 1] == " "
        if not between:
            right[k] = left[k + 1] = (middles[k] + middles[k + 1]) / 2
        elif wide > (_LETTER_SPACE if letters else _SPACE) * em:
            right[k], left[k + 1] = float(a), float(b)
        else:
            right[k] = left[k + 1] = (a + b) / 2
    return left, right
