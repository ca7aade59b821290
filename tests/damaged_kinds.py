"""Ways in which the cells of a table get damaged on their way into a PDF, for `damaged_tables`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from random import Random

from hard_look import Look
from hard_rules import Cell
from hard_sheet import RISE, font_of, width_of, wrapped
from hard_words import WORDS
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

Rect = tuple[float, float, float, float]
FIGURE_CHARS = set("0123456789,.-")
# A font that comes with reportlab: what it has no glyph for is still in its table of Unicode values.
OTHER_FONT = "Vera"


def register_fonts() -> None:
    """Makes the fonts known in which glyphs are drawn here."""
    if OTHER_FONT not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont(OTHER_FONT, "Vera.ttf"))


@dataclass(frozen=True)
class Glyph:
    """A character to draw in a font; `stretch`: its width in percent."""

    char: str
    x: float
    baseline: float
    size: float
    font: str
    stretch: float = 100.0


@dataclass
class Draft:
    """A table before it is drawn. `glyphs`: cells that are set by hand; `clips`: what is seen of such a cell; `ruled`: cells as their rules
    are drawn; `strokes`: further rules."""

    xs: list[float]
    ys: list[float]
    base: int
    stub: int
    look: Look
    cells: list[Cell]
    glyphs: dict[int, list[Glyph]] = field(default_factory=dict)
    clips: dict[int, Rect] = field(default_factory=dict)
    merged: dict[int, int] = field(default_factory=dict)
    strokes: list[Rect] = field(default_factory=list)

    @property
    def size(self) -> float:
        """Of its text, in points."""
        return self.look.size

    def box(self, k: int) -> Rect:
        """Where a cell lies."""
        r, c, high, wide, _ = self.cells[k]
        return (self.xs[c], self.ys[r], self.xs[c + wide], self.ys[r + high])

    def align(self, k: int) -> str:
        """How a cell's text is set."""
        r, c, _, wide, _ = self.cells[k]
        return "centre" if r < self.base or wide > 1 else "left" if c < self.stub else "right"

    def set(self, k: int, text: str | None = None) -> list[Glyph]:
        """The glyphs of a cell's text on one line."""
        x0, top, x1, bottom = self.box(k)
        text = self.cells[k][4] if text is None else text
        x = {"left": x0 + 2, "right": x1 - 2 - width_of(self.look, text), "centre": (x0 + x1 - width_of(self.look, text)) / 2}[
            self.align(k)
        ]
        font, baseline = font_of(self.look, text), (top + bottom - self.size * 1.15) / 2 + self.size * RISE
        result = []
        for char in text:
            result.append(Glyph(char, x, baseline, self.size, font))
            x += pdfmetrics.stringWidth(char, font, self.size)
        return result

    def beside(self, k: int, right: int = 1, down: int = 0) -> int | None:
        """The plain cell next to a plain cell."""
        r, c, _, _, _ = self.cells[k]
        return next((j for j, cell in enumerate(self.cells) if cell[:4] == (r + down, c + right, 1, 1)), None)

    def free(self, *cells: int | None) -> bool:
        """Whether cells are there and not damaged yet."""
        return all(k is not None and k not in self.glyphs and k not in self.merged and k not in self.merged.values() for k in cells)


Kind = Callable[[Draft, int, Random], "list[int] | None"]
"""Damages a cell; returns the cells that this touches, or None where that kind of damage cannot be done to it."""


def _figure(draft: Draft, k: int) -> bool:
    text = draft.cells[k][4]
    fits = len(wrapped(draft.look, text, draft.box(k)[2] - draft.box(k)[0] - 4)) == 1
    return draft.cells[k][2:4] == (1, 1) and len(text) >= 4 and set(text) <= FIGURE_CHARS and fits and draft.free(k)


def overrun(draft: Draft, k: int, random: Random) -> list[int] | None:
    """A name runs on far into its neighbour, which has text."""
    right = draft.beside(k)
    if right is None or draft.align(k) != "left" or not draft.free(k, right) or not draft.cells[right][4]:
        return None
    x0, _, x1, _ = draft.box(k)
    aim = x1 - x0 + random.uniform(0.5, 1.0) * (draft.xs[draft.cells[right][1] + 1] - x1)
    text = draft.cells[k][4] or random.choice(WORDS)
    while width_of(draft.look, text) < aim:
        text += random.choice(WORDS)[:2]
    draft.cells[k] = (*draft.cells[k][:4], text)
    draft.glyphs[k] = draft.set(k)
    return [k, right]


def printed_over(draft: Draft, k: int, random: Random) -> list[int] | None:
    """Another text is printed over the cell's own."""
    if not _figure(draft, k):
        return None
    dx, dy = random.uniform(-1.0, 1.0) * draft.size, random.uniform(-0.4, 0.4) * draft.size
    other = random.choice((f"{random.uniform(1, 9999):.2f}", random.choice(WORDS)[:3]))
    draft.glyphs[k] = draft.set(k) + [replace(g, x=g.x + dx, baseline=g.baseline + dy) for g in draft.set(k, other)]
    return [k]


def shifted(draft: Draft, k: int, random: Random) -> list[int] | None:
    """A figure stands on or beyond the border of its column."""
    side = random.choice((-1, 1))
    other = draft.beside(k, side)
    if not _figure(draft, k) or not draft.free(other):
        return None
    dx = side * random.uniform(0.3, 1.1) * (draft.box(k)[2] - draft.box(k)[0])
    draft.glyphs[k] = [replace(g, x=g.x + dx) for g in draft.set(k)]
    assert other is not None
    return [k, other]


def rule_missing(draft: Draft, k: int, random: Random) -> list[int] | None:
    """Nothing parts two cells."""
    other = draft.beside(k, *random.choice(((1, 0), (0, 1))))
    if draft.cells[k][2:4] != (1, 1) or not draft.free(k, other):
        return None
    assert other is not None
    draft.merged[k] = other
    return [k, other]


def rule_broken(draft: Draft, k: int, random: Random) -> list[int] | None:
    """The rule between two cells has a gap."""
    touched = rule_missing(draft, k, random)
    if touched:
        x0, y0, x1, y1 = draft.box(touched[1])
        side = (x0, y0, x0, y1) if draft.cells[k][0] == draft.cells[touched[1]][0] else (x0, y0, x1, y0)
        start, end = (a := random.uniform(0.0, 0.7)), a + random.uniform(0.15, 0.9) * (1 - a)  # the gap
        for low, high in ((0.0, start), (end, 1.0)):
            if high - low > 0.02:
                dx, dy = side[2] - side[0], side[3] - side[1]
                draft.strokes.append((side[0] + low * dx, side[1] + low * dy, side[0] + high * dx, side[1] + high * dy))
    return touched


def stray_rule(draft: Draft, k: int, random: Random) -> list[int] | None:
    """A rule goes through a cell."""
    if not draft.free(k) or draft.cells[k][0] < draft.base:
        return None
    x0, y0, x1, y1 = draft.box(k)
    if random.random() < 0.7 or y1 - y0 < 14:
        x = random.uniform(x0 + 0.2 * (x1 - x0), x1 - 0.2 * (x1 - x0))
        draft.strokes.append((x, y0, x, y1))
    else:
        y = random.uniform(y0 + 0.3 * (y1 - y0), y1 - 0.3 * (y1 - y0))
        draft.strokes.append((x0, y, x1, y))
    draft.glyphs.setdefault(k, [])
    del draft.glyphs[k]
    return [k]


def clipped(draft: Draft, k: int, random: Random) -> list[int] | None:
    """The clip takes away the first or last characters, or all."""
    if not _figure(draft, k):
        return None
    glyphs = draft.glyphs[k] = draft.set(k)
    cut = random.randint(1, 2) if random.random() < 0.8 else len(glyphs)
    x0, y0, x1, y1 = draft.box(k)
    if random.random() < 0.5:
        draft.clips[k] = (glyphs[cut].x if cut < len(glyphs) else x1, y0, x1, y1)
    else:
        draft.clips[k] = (x0, y0, glyphs[-cut].x, y1)
    return [k]


def _changed(change: Callable[[list[Glyph], int, Random], list[Glyph] | None]) -> Kind:
    """A kind of damage that changes the glyphs of a figure from the place of one of them on."""

    def damage(draft: Draft, k: int, random: Random) -> list[int] | None:
        if not _figure(draft, k):
            return None
        glyphs = draft.set(k)
        digits = [n for n, glyph in enumerate(glyphs) if glyph.char.isdigit()]
        changed = change(glyphs, random.choice(digits), random)
        if changed is None:
            return None
        draft.glyphs[k] = changed
        return [k]

    return damage


def _other_digit(char: str, random: Random) -> str:
    return random.choice([one for one in "0123456789" if one != char])


def _private_use(glyphs: list[Glyph], at: int, random: Random) -> list[Glyph]:
    """A glyph whose Unicode value means nothing."""
    glyphs[at] = replace(glyphs[at], char=chr(0xE000 + random.randrange(256)), stretch=80.0, font=OTHER_FONT)
    return glyphs


def _another_font(glyphs: list[Glyph], at: int, random: Random) -> list[Glyph]:
    """A glyph of another font, wider or narrower, that says another digit."""
    one = glyphs[at]
    stretch = random.choice((70.0, 80.0, 88.0, 112.0, 125.0))
    wider = pdfmetrics.stringWidth(one.char, one.font, one.size) * (stretch / 100 - 1)
    rest = [replace(g, x=g.x + wider) for g in glyphs[at + 1 :]]
    return [*glyphs[:at], replace(one, char=_other_digit(one.char, random), stretch=stretch), *rest]


def _plausible(glyphs: list[Glyph], at: int, random: Random) -> list[Glyph]:
    """A glyph that says another digit, and nothing else is odd about it."""
    return [*glyphs[:at], replace(glyphs[at], char=_other_digit(glyphs[at].char, random)), *glyphs[at + 1 :]]


def _displaced(glyphs: list[Glyph], at: int, random: Random) -> list[Glyph] | None:
    """A point, comma or hyphen stands elsewhere in the figure."""
    marks = [n for n, glyph in enumerate(glyphs) if glyph.char in ".,-"]
    if not marks:
        return None
    n = random.choice(marks)
    places = [g.x + random.uniform(0.1, 0.4) * g.size for k, g in enumerate(glyphs) if abs(k - n) > 1]
    return [*glyphs[:n], replace(glyphs[n], x=random.choice(places)), *glyphs[n + 1 :]]


def _doubled(glyphs: list[Glyph], at: int, random: Random) -> list[Glyph]:
    """A digit printed twice, further apart than fake bold."""
    return [*glyphs[: at + 1], replace(glyphs[at], x=glyphs[at].x + random.uniform(0.15, 0.45) * glyphs[at].size), *glyphs[at + 1 :]]


def _raised(glyphs: list[Glyph], at: int, random: Random) -> list[Glyph]:
    """The figure goes on in smaller type, raised."""
    up, scale = random.uniform(0.25, 0.6), random.uniform(0.5, 0.7)
    tail = [
        replace(g, x=glyphs[at].x + (g.x - glyphs[at].x) * scale, baseline=g.baseline - up * g.size, size=g.size * scale)
        for g in glyphs[at:]
    ]
    return [*glyphs[:at], *tail]


def _off_line(glyphs: list[Glyph], at: int, random: Random) -> list[Glyph]:
    """A digit stands above or below its line."""
    one = glyphs[at]
    return [
        *glyphs[:at],
        replace(one, baseline=one.baseline + random.choice((-1, 1)) * random.uniform(0.3, 0.7) * one.size),
        *glyphs[at + 1 :],
    ]


def _gapped(glyphs: list[Glyph], at: int, random: Random) -> list[Glyph] | None:
    """A figure in two parts with a gap between them."""
    if at == 0:
        return None
    gap = random.uniform(0.25, 1.0) * glyphs[at].size
    return [replace(g, x=g.x - gap) if n < at else g for n, g in enumerate(glyphs)]


KINDS: dict[str, Kind] = {
    "overrun": overrun,
    "printed_over": printed_over,
    "shifted": shifted,
    "rule_missing": rule_missing,
    "rule_broken": rule_broken,
    "stray_rule": stray_rule,
    "clipped": clipped,
    "private_use": _changed(_private_use),
    "another_font": _changed(_another_font),
    "displaced_mark": _changed(_displaced),
    "doubled_digit": _changed(_doubled),
    "raised_part": _changed(_raised),
    "off_line": _changed(_off_line),
    "gapped": _changed(_gapped),
}
# Nothing on the page tells of these: a digit that the file's own tables call another.
UNSEEN: dict[str, Kind] = {"plausible_digit": _changed(_plausible)}
