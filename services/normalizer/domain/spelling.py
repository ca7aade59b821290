"""Names that are almost one of a chart's: how far two spellings are apart, and which differences are none of spelling.

Names of a classification often differ from their neighbour's by a character or two that change the meaning (在职 and 离休, 中央 and 地方, 内 and 外),
so a near spelling alone never decides: it has to be the only near one in its place, and what differs must not be what tells names apart.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

Difference = frozenset[str]
"""Two characters of which one stands for the other; one alone where it is put in or left out."""

# One slip in every five characters, never more than two: of the 1,867 names of current codes and their aliases, 7 % have another code's name within one
# slip, 57 % within two, 68 % within three, but 18 % within the slips of their own length.
_CHARACTERS_A_SLIP = 5
_MOST_SLIPS = 2
# Below four characters a slip leaves too little: 奖金 and 资金.
_SHORTEST = 4
# Numerals, directions, levels of government, negations: characters that are mistaken for one another by nobody, and mean another thing.
_MEANINGFUL = frozenset("一二三四五六七八九十甲乙丙上下内外前后新旧大小高低老少男女省市县区乡镇村国军收支增减本非不未无有农林牧渔")
_PUNCTUATION = re.compile(r"[()、,，.。·:：;；\-—_/|]+")


class Near(NamedTuple):
    """A name near a text: how many characters have to be put in, left out or replaced."""

    name: str
    slips: int


def loosened(key: str) -> str:
    """A name without brackets and points, as careless typing leaves them out."""
    return _PUNCTUATION.sub("", key)


def slips_allowed(key: str) -> int:
    """How many characters of a name may be wrong for it to be the same name, by its length."""
    return max(int(len(key) >= _SHORTEST), min(_MOST_SLIPS, len(key) // _CHARACTERS_A_SLIP))


def nearest(key: str, names: Iterable[str], slips: int | None = None) -> list[Near]:
    """The names that are near a text, nearest first, those equally near in order. Args: slips: as many as its length allows where None."""
    from rapidfuzz import process
    from rapidfuzz.distance import Levenshtein

    most = slips_allowed(key) if slips is None else slips
    if most <= 0:
        return []
    found = process.extract(
        key, names if isinstance(names, tuple) else list(names), scorer=Levenshtein.distance, score_cutoff=most, limit=None, processor=None
    )
    return sorted((Near(str(name), int(distance)) for name, distance, _ in found), key=lambda near: (near.slips, near.name))


def telling_differences(names: Iterable[str]) -> frozenset[Difference]:
    """The single characters by which names tell themselves apart: where two names differ by one character, that difference is a meaning."""
    known = set(names)
    found: set[Difference] = set()
    gaps: dict[tuple[int, str], set[str]] = defaultdict(set)
    for name in known:
        for place, character in enumerate(name):
            rest = name[:place] + name[place + 1 :]
            if rest in known:
                found.add(frozenset(character))
            gaps[place, rest].add(character)
    for characters in gaps.values():
        found.update(frozenset((one, other)) for one in characters for other in characters if one < other)
    return frozenset(found)


def is_slip(printed: str, name: str, telling: frozenset[Difference]) -> bool:
    """Whether two spellings differ by slips only: single characters, none of which carries a meaning. Args: telling: what tells names apart."""
    from rapidfuzz.distance import Levenshtein

    for one in Levenshtein.opcodes(printed, name):
        if one.tag == "equal":
            continue
        ours, theirs = printed[one.src_start : one.src_end], name[one.dest_start : one.dest_end]
        characters = frozenset(ours + theirs)
        alone = len(ours) == 0 or len(theirs) == 0
        meaning = characters & _MEANINGFUL if alone else characters <= _MEANINGFUL
        if len(ours) > 1 or len(theirs) > 1 or meaning or characters in telling:
            return False
    return True
