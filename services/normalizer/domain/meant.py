"""A row with its meaning, and what the rows of a list need to know of the list and of the rows above them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from services.normalizer.domain.catalogue import Catalogue
from services.normalizer.domain.stub import StubRow
from shared.contracts.normalized import CodeFrom, ListKind, RowRole
from shared.contracts.vocabulary import Line

OwnNames = Mapping[tuple[str, str], frozenset[str]]
"""Chart and key of a name → the codes beside which the document prints it."""
Outline = tuple[str, float]
"""How a row stands in its list's outline: the style of its ordinal, its indentation."""
CHARTS = ("function", "economic", "gov_economic")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the rows of a list need to know of the rest: the list's kind, its side, whether it is a summary list, known unit names, the document's own
    names of codes.
    """

    kind: ListKind
    side: str
    summary: bool
    organisations: frozenset[str]
    three_public: bool = False
    own: OwnNames = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MeantRow:
    """A row with its meaning; depth and parent follow in a second step.

    `read_as`: the name of the catalogue that the printed one was taken for, where its spelling is another. `rivals`: the codes that the name may mean
    as well, or may mean where none was chosen.
    """

    stub: StubRow
    role: RowRole
    function: str | None = None
    economic: str | None = None
    gov_economic: str | None = None
    line: str | None = None
    fund: str | None = None
    project: str | None = None
    code_from: CodeFrom = "none"
    confidence: float = 1.0
    under: str | None = None
    read_as: str | None = None
    rivals: tuple[str, ...] = ()

    def code(self) -> str:
        """The code that the list is ordered by, empty where none."""
        return self.function or self.economic or self.gov_economic or ""


class State:
    """What the rows so far say about the next one: current class by chart, the line it stands under, units seen.

    `levels`: which level of codes an outline means in this list, as far as told by other rows. `next_name`: of the row below the one in question.
    """

    def __init__(self, levels: Mapping[Outline, int]) -> None:
        self.levels = levels
        self.next_name = ""
        self.units: dict[str, str] = {}
        self.within: dict[str, str] = {}
        self.section: dict[str, str] = {}
        self.opening = False
        self.line_above: str | None = None
        self.items = 0

    def after(self, entry: MeantRow, catalogue: Catalogue) -> None:
        """Takes a row into account for those below it."""
        for chart, code in (("function", entry.function), ("economic", entry.economic), ("gov_economic", entry.gov_economic)):
            if code and catalogue.chart(chart).level(code) == 1:
                self.within[chart] = code
                self.section[chart] = ""
            elif code and catalogue.chart(chart).level(code) == 2:
                self.section[chart] = code
        if entry.role == "carry_over" and (entry.line or "").startswith(Line.CARRY_OVER_OPENING):
            self.opening = True
        elif entry.role in ("grand_total", "year_total", "carry_over"):
            self.opening = False
        if entry.role == "item":
            self.items += 1
        if entry.role == "unit" and entry.stub.unit_code:
            self.units.setdefault(entry.stub.unit_code, entry.stub.label.name)
        if entry.line:
            self.line_above = entry.line


def outline_of(row: StubRow) -> Outline:
    """How a row stands in the outline of its list."""
    return row.label.style, row.indent


def levels_told(rows: Sequence[MeantRow], catalogue: Catalogue) -> dict[Outline, int]:
    """The levels below a class that outlines mean: those of which all rows whose name leaves no doubt are of one level."""
    open_names = {row.stub.label.name for row in rows if row.rivals}
    seen: dict[Outline, set[int]] = defaultdict(set)
    for row in rows:
        for kind, code in (("function", row.function), ("economic", row.economic), ("gov_economic", row.gov_economic)):
            level = catalogue.chart(kind).level(code) if code else 0
            if level > 1 and row.stub.label.name not in open_names:
                seen[outline_of(row.stub)].add(level)
                break
    return {outline: levels.pop() for outline, levels in seen.items() if len(levels) == 1}


def role_of(role: str) -> RowRole:
    """The role of a row whose line has a role in its list; `item` where it has none of its own."""
    roles: dict[str, RowRole] = {
        "grand_total": "grand_total",
        "year_total": "year_total",
        "total": "total",
        "subtotal": "subtotal",
        "carry_over": "carry_over",
        "of_which": "of_which",
    }
    return roles.get(role, "item")
