"""Charts of codes: the classifications, and how a code is found by its number or by one of its names.

Everything in a chart is data read by an adapter once; the look-up tables are made here, so that finding a name is one dictionary access.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from services.normalizer.domain.spelling import Difference, Near, is_slip, loosened, nearest, slips_allowed, telling_differences
from services.normalizer.domain.words import name_key
from shared.contracts.normalized import CodeFrom

KNOWLEDGE = "knowledge"
# The economic classifications were made anew in 2018, functions were last renumbered in 2019.
_CURRENT = 2018


class Code(NamedTuple):
    """A code of a classification: `level` 1 类, 2 款, 3 项; `current` is false for codes no longer in use.

    `years`: years of the sources that show the code under this meaning (no years of validity); `sources`: where the row comes from, a code
    known from nothing but general knowledge has `knowledge` alone.
    """

    code: str
    name: str
    level: int
    parent: str | None
    current: bool
    years: str = ""
    sources: tuple[str, ...] = ()

    @property
    def attested(self) -> bool:
        """Whether a source other than general knowledge shows the code: only then may it contradict what a document prints."""
        return any(source != KNOWLEDGE for source in self.sources)

    @property
    def recent(self) -> bool:
        """Whether a source of the current classification (from 2018 on) shows the code under this meaning."""
        return any(int(year) >= _CURRENT for year in re.findall(r"\d{4}", self.years))


class Alias(NamedTuple):
    """Another name of a code: an earlier one, one printed somewhere, or (`reused`) the name of what the number stood for in an older classification."""

    code: str
    name: str
    years: str = ""
    evidence: str = ""

    @property
    def reused(self) -> bool:
        """Whether the number meant another thing then: such a name is never used to find today's code."""
        return self.evidence.startswith("reused:")

    @property
    def former(self) -> bool:
        """Whether it is the code's earlier name."""
        return "earlier name" in self.evidence


class Hit(NamedTuple):
    """A code found for a text, how, and how sure.

    `read_as`: the name that the text was taken for, where it is spelled otherwise; `rivals`: other codes of the name in the same place.
    """

    code: str
    name: str
    code_from: CodeFrom
    confidence: float
    read_as: str | None = None
    rivals: tuple[str, ...] = ()


class _Named(NamedTuple):
    code: str
    code_from: CodeFrom
    confidence: float


# A name cut at its cell's edge is trusted from this many characters on: shorter beginnings ("其他", "对企业") open many names.
_MIN_CUT = 4
# A name that a 款 shares with its 项: where only 类 and 项 are printed, and nothing tells the level, it is the 项.
_SHARED = 0.85
# Answers kept of a chart: names come from documents, so they are not without end.
_ANSWERS = 65_536
# Names kept by the place that they stand in: a class, or a section and its class.
_PLACES = 1_024


@dataclass(frozen=True, eq=False)
class Chart:
    """One classification (支出功能分类, 部门预算支出经济分类, 政府预算支出经济分类, 收入分类): codes, and names by which they are found.

    `aliases`: the other names of each code, those of an older meaning of its number included; `names`: key of a name → codes, best first.
    """

    kind: str
    codes: Mapping[str, Code]
    aliases: Mapping[str, tuple[Alias, ...]]
    names: Mapping[str, tuple[_Named, ...]]
    sorted_names: tuple[str, ...]
    widths: tuple[int, ...]
    first_digits: str
    loose_names: Mapping[str, tuple[str, ...]] = field(init=False)
    answers: dict[tuple[str, str, int], Hit | None] = field(default_factory=dict, init=False)
    places: dict[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict, init=False)

    @classmethod
    def build(cls, kind: str, codes: Iterable[Code], aliases: Iterable[Alias], widths: tuple[int, ...], first_digits: str) -> Chart:
        """A chart from its codes and their other names. Current codes rank before aliases, aliases before retired codes."""
        by_code = {code.code: code for code in codes}
        names: dict[str, list[_Named]] = {}
        for code in by_code.values():
            names.setdefault(name_key(code.name), []).append(_Named(code.code, "name", 0.95 if code.current else 0.7))
        others: dict[str, list[Alias]] = {}
        for alias in aliases:
            others.setdefault(alias.code, []).append(alias)
            if alias.code in by_code and not alias.reused:
                names.setdefault(name_key(alias.name), []).append(_Named(alias.code, "alias", 0.9 if by_code[alias.code].current else 0.65))
        ranked = {key: tuple(sorted(found, key=lambda named: (-named.confidence, named.code))) for key, found in names.items()}
        kept = {code: tuple(found) for code, found in others.items()}
        return cls(kind, by_code, kept, ranked, tuple(sorted(ranked)), widths, first_digits)

    def __post_init__(self) -> None:
        loose: dict[str, list[str]] = {}
        for name, found in self.names.items():
            loose.setdefault(loosened(name), []).extend(named.code for named in found if self.codes[named.code].current)
        object.__setattr__(self, "loose_names", {name: tuple(dict.fromkeys(codes)) for name, codes in loose.items()})

    @cached_property
    def telling(self) -> frozenset[Difference]:
        """The characters by which this chart's names tell themselves apart."""
        return telling_differences(self.names)

    def shaped(self, text: str) -> bool:
        """Whether digits have the shape of a code of this chart (3, 5 or 7 digits, the right first digit)."""
        return len(text) in self.widths and text.isdigit() and text[0] in self.first_digits

    def children(self, code: str) -> tuple[Code, ...]:
        """The codes right below a code, in order."""
        return tuple(self.codes[child] for child in sorted(self.codes) if self.codes[child].parent == code)

    def path(self, code: str) -> tuple[Code, ...]:
        """The codes above a code, from the top, without the code itself."""
        above: list[Code] = []
        parent = self.codes[code].parent
        while parent is not None:
            above.append(self.codes[parent])
            parent = self.codes[parent].parent
        return tuple(reversed(above))

    def level(self, code: str) -> int:
        """1 for a 类, 2 for a 款, 3 for a 项."""
        return self.widths.index(len(code)) + 1 if len(code) in self.widths else 0

    def printed(self, code: str, name: str) -> Hit | None:
        """What a printed code means beside its printed name; None where it has not the shape of a code.

        A code that the catalogue does not know is taken as printed (provinces add leaf codes) with less confidence, if its 类 is known.
        """
        if not self.shaped(code):
            return None
        known = self.codes.get(code)
        if known is None:
            upper = self.codes.get(code[:5]) if len(code) > 5 else None
            return Hit(code, name, "printed", 0.85 if upper else 0.75) if code[:3] in self.codes else None
        return Hit(code, known.name, "printed", 1.0 if not name or self.agrees(code, name) else 0.95)

    def agrees(self, code: str, name: str) -> bool:
        """Whether a name is one of a code's names, or begins like one (cut at the cell's edge)."""
        key = name_key(name)
        known = self.codes.get(code)
        if known is None or not key:
            return False
        return any(named.code == code for named in self.names.get(key, ())) or (
            len(key) >= _MIN_CUT and name_key(known.name).startswith(key)
        )

    def candidates(self, name: str, *, within: str = "", level: int = 0) -> tuple[_Named, ...]:
        """The codes that bear a name, best first, limited to those below `within` and to a level where given."""
        found = self.names.get(name_key(name), ())
        return tuple(
            named
            for named in found
            if named.code.startswith(within)
            and len(named.code) > len(within) * bool(within)
            and (not level or self.level(named.code) == level)
        )

    def by_name(self, name: str, *, within: str = "", level: int = 0) -> Hit | None:
        """The one code that a name means, as `_by_name` finds it; each question is answered once."""
        asked = (name, within, level)
        if asked not in self.answers:
            if len(self.answers) >= _ANSWERS:
                self.answers.clear()
            self.answers[asked] = self._by_name(name, within=within, level=level)
        return self.answers[asked]

    def _by_name(self, name: str, *, within: str, level: int) -> Hit | None:
        """The one code that a name means below `within` (and at a level, where given); None where none or several fit equally well.

        Below a code its own children come first: a 款 and its 项 often share their name. A name that is no code's is tried with other brackets and
        points, then as the beginning of one that was cut: only below a known code or at a known level, and only where a single name begins so.
        """
        found = self.candidates(name, within=within, level=level)
        best = _single(found)
        if best is None and within and not level:
            best = _single(tuple(named for named in found if self.codes[named.code].parent == within))
        if best:
            rivals = tuple(dict.fromkeys(other.code for other in found if other.code != best.code)) if within else ()
            return Hit(
                best.code,
                self.codes[best.code].name,
                best.code_from,
                min(best.confidence, _SHARED) if rivals else best.confidence,
                rivals=rivals,
            )
        if found or not (within or level):
            return None
        key = name_key(name)
        if loose := self._one(set(self.loose_names.get(loosened(key), ())), within, level):
            return Hit(loose, self.codes[loose].name, "name", 0.9, self.codes[loose].name)
        if len(key) >= _MIN_CUT and (cut := self._one(set(self.begun(key)), within, level)):
            return Hit(cut, self.codes[cut].name, "name", 0.8, self.codes[cut].name)
        return None

    def _one(self, codes: set[str], within: str, level: int) -> str | None:
        """The one of several codes that stands right below `within` or at a level; None where none or several do."""
        fit = [code for code in codes if code.startswith(within) and code != within and self._fits(code, within, level)]
        return fit[0] if len(fit) == 1 else None

    def by_spelling(self, name: str, within: tuple[str, ...]) -> Hit | None:
        """The one code right below some codes ("" for the classes) whose name a text is but for a slip of the pen or of recognition.

        Not where another code's name there is as near or nearly so, nor where the characters that differ tell other names of the chart apart (内 and
        外, 一 and 二, 其他 put before): such names are left to a person, with their candidates. Each question is answered once.
        """
        asked = ("~" + name, "/".join(within), 0)
        if asked not in self.answers:
            if len(self.answers) >= _ANSWERS:
                self.answers.clear()
            self.answers[asked] = self._by_spelling(name_key(name), within)
        return self.answers[asked]

    def _by_spelling(self, key: str, within: tuple[str, ...]) -> Hit | None:
        if not within or (allowed := slips_allowed(key)) == 0:
            return None
        near = self.near(key, within, slips=allowed + 1)
        if not near or near[0].slips > allowed:
            return None
        bearers = [(each, {named.code for named in self.names[each.name] if self._here(named.code, within)}) for each in near]
        best, codes = bearers[0]
        rivals = {code for other, found in bearers if other.slips <= best.slips + 1 for code in found} - codes
        if len(codes) != 1 or rivals or not is_slip(key, best.name, self.telling):
            return None
        code = codes.pop()
        same = tuple(named.code for named in self.names[best.name] if named.code != code and named.code.startswith(code))
        return Hit(code, self.codes[code].name, "name", 0.75, self.codes[code].name, same)

    def near(self, key: str, within: tuple[str, ...] = (), *, slips: int | None = None) -> list[Near]:
        """The names of current codes right below some codes ("" for the classes; all where none) that are near a text, nearest first."""
        if within not in self.places:
            if len(self.places) >= _PLACES:
                self.places.clear()
            self.places[within] = tuple(
                name for name, found in self.names.items() if any(self._here(named.code, within) for named in found)
            )
        return nearest(key, self.places[within], slips)

    def _here(self, code: str, within: tuple[str, ...]) -> bool:
        known = self.codes[code]
        return known.current and (not within or (known.parent or "") in within)

    def begun(self, key: str) -> Iterator[str]:
        """Codes of which some name begins with a key."""
        for position in range(bisect_left(self.sorted_names, key), len(self.sorted_names)):
            name = self.sorted_names[position]
            if not name.startswith(key):
                return
            yield from (named.code for named in self.names[name] if self.codes[named.code].current)

    def _fits(self, code: str, within: str, level: int) -> bool:
        return self.level(code) == level if level else self.codes[code].parent == within


def _single(found: tuple[_Named, ...]) -> _Named | None:
    """The best of several, if it is better than all the others or the same code."""
    if not found:
        return None
    rivals = {named.code for named in found if named.confidence > found[0].confidence - 0.04}
    return found[0] if len(rivals) == 1 else None
