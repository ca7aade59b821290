"""How a generated document is drawn: a `Look` says it in one place, plain by default, so that a test changes one thing at a time."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

SONG = "STSong-Light"
Ink = tuple[float, float, float]
BLACK: Ink = (0.0, 0.0, 0.0)
WHITE: Ink = (1.0, 1.0, 1.0)
RULES = (
    "long",
    "sides",
    "thin_long",
    "thin_sides",
    "both",
    "boxes",
    "mitred",
    "dashes",
    "polyline",
    "dashed",
    "dotted",
    "double",
    "frames",
)
"""Ways of getting rules on paper; `draw_rules` knows each. Word processors, spreadsheets, browsers and report engines differ in it."""


@dataclass
class Look:
    """How a document is drawn; lengths in points.

    `rules`, `weight`, `ink`: the way, width (0: hairline) and colour of rules. `overshoot`, `gap`: how far ends go beyond the joints, or stay
    before them; `shift`: every other piece of a vertical stands that far aside; `apart`: between the lines of a double rule. `open`: outer
    borders that are not drawn (sides, ends, all). `behind`: fills. `font`, `figures`: of texts, and of those in ASCII if another; `leading`:
    line spacing in ems. `drift`: every other page's table stands that much further right; `around`: what else is on the pages.
    """

    rules: str = "long"
    weight: float = 0.5
    ink: Ink = BLACK
    size: float = 9.0
    behind: str = "nothing"
    text: str = "runs"
    bold: str = "none"
    clip: bool = False
    overshoot: float = 0.0
    gap: float = 0.0
    shift: float = 0.0
    apart: float = 1.8
    open: str = ""
    turn: int = 0
    wide: bool = False
    origin: tuple[float, float] = (0.0, 0.0)
    sideways: bool = False
    frame: str = "none"
    form: bool = False
    drift: float = 0.0
    narrow: float = 5.0
    overrun: bool = False
    titles_again: bool = False
    around: str = "nothing"
    font: str = SONG
    figures: str = SONG
    leading: float = 1.15
    rules_last: bool = False


def look(random: Random) -> Look:
    """A way of drawing, of everything that may be mixed."""
    rules = random.choice(RULES)
    long_ones = rules in ("long", "thin_long")
    return Look(
        rules=rules,
        weight=random.choice((0.0, 0.25, 0.48, 0.75, 1.0, 1.5)),
        ink=random.choice((BLACK, BLACK, (0.4,) * 3, (0.75,) * 3, (0.85,) * 3, (0.31, 0.51, 0.74))),
        size=random.choice((6.0, 7.0, 8.0, 9.0, 10.5, 12.0)),
        behind=random.choice(("nothing", "nothing", "white", "zebra", "head", "clear")),
        text=random.choice(("runs", "runs", "glyphs", "spread", "spaces")),
        bold=random.choice(("none", "twice", "mode")),
        clip=random.random() < 0.3,
        overshoot=random.choice((0.0, 0.0, 1.0)) if long_ones else 0.0,
        gap=random.choice((0.0, 0.6, 1.0)) if rules in ("sides", "thin_sides") else 0.0,
        shift=random.choice((0.0, 0.0, 1.9)) if rules == "sides" else 0.0,
        apart=random.choice((1.0, 1.5, 2.0, 2.4)),
        open=random.choice(("", "", "sides")) if long_ones else "",
        turn=random.choice((0, 0, 0, 90, 180, 270)),
        wide=random.random() < 0.4,
        origin=random.choice(((0.0, 0.0), (0.0, 0.0), (20.0, 40.0))),
        sideways=random.random() < 0.2,
        frame=random.choice(("none", "none", "double", "thick")),
        form=random.random() < 0.2,
        drift=random.choice((0.0, 0.0, 0.4, 3.0)),
        narrow=random.choice((3.6, 5.0, 6.0)),
        overrun=random.random() < 0.3,
        titles_again=random.random() < 0.3,
        around=random.choice(("nothing", "nothing", "prose", "running", "box")),
        figures=random.choice((SONG, SONG, "Helvetica", "Times-Roman", "Courier")),
        leading=random.choice((1.0, 1.15, 1.15, 1.4)),
        rules_last=random.random() < 0.5,
    )
