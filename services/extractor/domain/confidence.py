"""Evidence about a cell → how sure its reading is: the share of such cells that were right where it was measured.

The only place that makes confidences. `python benchmarks/confidence.py` measures what each kind of doubt was worth, and how many cells of
each confidence were right (docs/extraction.md).
"""

from __future__ import annotations

from collections.abc import Sequence

from services.extractor.domain.evidence import Doubt
from shared.canonical import share
from shared.contracts.extracted import EngineName

# Nothing speaks against the cell; and two readers that share no code agree about it as well.
PLAIN, AGREED = share(0.99), share(1.0)
# The cell's borders come from gaps in the text.
FROM_TEXT = share(0.85)
# At most this much for characters recognised in an image.
RECOGNISED = share(0.97)
# The readers differ: one of two is right, and which is not known.
DIFFER = share(0.5)
# Another engine puts the cell elsewhere.
ELSEWHERE = share(0.6)
# A doubt that so many of a table's cells share is a habit of the program that drew it; then it is worth this.
HABIT_CELLS, HABIT_SHARE, HABIT = 5, 0.1, share(0.9)

WORTH: dict[Doubt, float] = {
    Doubt.OVERLAP: 0.05,
    Doubt.LINES_CLOSE: 0.15,
    Doubt.GAP: 0.05,
    Doubt.OFF_LINE: 0.65,
    Doubt.SIZES: 0.9,
    Doubt.ADVANCE: 0.1,
    Doubt.OVER_SIDE: 0.3,
    Doubt.OVER_RULE: 0.3,
    Doubt.TOUCHING: 0.2,
    Doubt.CUT: 0.1,
    Doubt.BEYOND: 0.45,
    Doubt.PULLED_BACK: 0.5,
    Doubt.NO_UNICODE: 0.1,
    Doubt.GRAMMAR: 0.02,
    Doubt.GLUED: 0.2,
    Doubt.DECIMALS: 0.05,
    Doubt.ASIDE: 0.5,
    Doubt.BESIDE: 0.6,
    Doubt.MERGED: 0.85,
    Doubt.MERGED_TEXTS: 0.1,
    Doubt.STRAY: 0.1,
    Doubt.HALF_RULE: 0.85,
    Doubt.AGAIN: 0.5,
    Doubt.PLACE: 0.6,
    Doubt.MENDED: 0.97,
}
"""Share of cells with this doubt that were right, where each is counted with ten right ones more: the documents of others may show it
without being damaged. Texts over a border are counted higher than that: spreadsheets let them run into an empty neighbour."""
# The same by bit: an enumeration's own arithmetic takes a microsecond.
_WORTHS = [(int(kind), worth) for kind, worth in WORTH.items()]

# Advances, gaps and sizes of recognised characters are estimates of ours, and no evidence about what is printed.
_OF_THE_SETTING = int(Doubt.OVERLAP | Doubt.GAP | Doubt.OFF_LINE | Doubt.SIZES | Doubt.ADVANCE)

# What a text says by itself is no habit, however often it comes; nor is what is missing: the edge of the page may cut a whole column.
_OF_THE_TEXT = int(
    Doubt.NO_UNICODE
    | Doubt.CUT
    | Doubt.GRAMMAR
    | Doubt.GLUED
    | Doubt.LINES_CLOSE
    | Doubt.MERGED_TEXTS
    | Doubt.AGAIN
    | Doubt.PLACE
    | Doubt.MENDED
)


def habits(doubts: Sequence[int]) -> int:
    """Doubts that are habits of a table. Args: doubts: of each of its cells."""
    least = max(HABIT_CELLS, HABIT_SHARE * len(doubts))
    some = [doubt for doubt in doubts if doubt]
    if len(some) < least:
        return 0
    return sum(bit for bit, _ in _WORTHS if not bit & _OF_THE_TEXT and sum(1 for doubt in some if doubt & bit) >= least)


def confidence(doubt: int, certainty: float, engine: EngineName, habit: int = 0) -> float:
    """How sure a cell is, 0 to 1, to .01.

    Args: doubt: what speaks against it (`Doubt`). certainty: of its least certain character, 1 where none was recognised in an image.
    engine: what found its borders. habit: doubts that are habits of its table.
    """
    value = PLAIN if engine in ("lattice", "ocr") else FROM_TEXT
    if certainty < 1:
        doubt &= ~_OF_THE_SETTING
    if doubt & habit:
        value = min(value, HABIT)
    doubt &= ~habit
    if doubt:
        value = min(value, *(worth for bit, worth in _WORTHS if doubt & bit))
    return value if certainty >= 1 else share(min(value, RECOGNISED, certainty))


def agreed(value: float) -> float:
    """A cell's confidence once a second reader read the same. It looks into the same box at the same characters: of doubted figures that
    it read alike, no more were right than of the others (benchmarks/confidence.py --second)."""
    return AGREED if value >= PLAIN else value


def differing(value: float) -> float:
    """A cell's confidence once a second reader read another text."""
    return min(value, DIFFER)


def elsewhere(value: float) -> float:
    """A cell's confidence once another engine put it into another column, or did not find it."""
    return min(value, ELSEWHERE)


def of_table(spoken: Sequence[float]) -> float:
    """A table's confidence: the share of its cells with text that are right, as theirs say. Args: spoken: the confidences of those cells."""
    return share(sum(spoken) / len(spoken)) if spoken else PLAIN
