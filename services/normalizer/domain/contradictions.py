"""Rows that print a code beside the name of another code: one of the two is wrong, and a person has to look which.

Said only where nothing explains it: the name is no other name of the code (earlier ones, those of an older meaning of the number, and shortened or cut ones
included; a misspelt one is no other code's name), it is known as another code's, the two codes do not stand above one another, and both rows of the catalogue rest on a source other
than general knowledge. Codes of units (201, 230 in the code column) stand beside names of organisations, which are no code's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from msgspec import UNSET, structs

from services.normalizer.domain.catalogue import Catalogue
from services.normalizer.domain.charts import Chart
from services.normalizer.domain.coding import printed_name
from services.normalizer.domain.grid import Grid
from services.normalizer.domain.lists import FormList
from services.normalizer.domain.meant import CHARTS, MeantRow
from services.normalizer.domain.spelling import nearest
from services.normalizer.domain.sums import code_in, supported
from services.normalizer.domain.words import name_key, plain
from shared.canonical import share
from shared.contracts.normalized import Candidate, CodeContradiction, StubList

# A list in which more rows than two, and more than a fifth, print names that are not their codes' is read wrongly (names a row too low), or of an edition
# that the catalogue does not know: then it tells nothing about single rows. Two names that were swapped are two rows.
_FEW_ROWS, _FEW = 2, 5
# The classification that the catalogue knows as current: documents before it are not held to its names.
_FIRST_YEAR = 2019
# How many codes that bear the printed name are told.
_MEANT = 3


class Found(NamedTuple):
    """A contradiction at a place: table, list, row (as the contract numbers them)."""

    table: str
    list: int
    row: int
    said: CodeContradiction


def contradictions(grid: Grid, lists: Sequence[FormList], catalogue: Catalogue) -> list[Found]:
    """The contradictions of a table."""
    result: list[Found] = []
    for entry in lists:
        if entry.kind not in CHARTS:
            continue
        chart = catalogue.chart(entry.kind)
        found = [
            Found(grid.table.id, entry.columns.index, row.stub.row, said)
            for index, row in enumerate(entry.rows)
            if (said := _contradiction(grid, entry, index, row, chart)) is not None
            or (said := _beside(grid, entry, index, row, catalogue)) is not None
        ]
        if found and not _many_foreign(entry, chart):
            result += found
    return result


def _beside(grid: Grid, entry: FormList, index: int, row: MeantRow, catalogue: Catalogue) -> CodeContradiction | None:
    """The contradiction of a second classification beside the list's own, where both its code and its name are printed (50501 工资福利支出 beside 30101)."""
    others = (kind for kind in CHARTS if kind != entry.kind and row.stub.codes.get(kind) and row.stub.names.get(kind))
    found = (_contradiction(grid, entry, index, row, catalogue.chart(kind)) for kind in others)
    return next((said for said in found if said is not None), None)


def _many_foreign(entry: FormList, chart: Chart) -> bool:
    """Whether too many rows of a list print a name that is none of their code's."""
    printed = [(code, name_key(printed_name(row.stub, chart.kind))) for row in entry.rows if (code := row.stub.codes.get(chart.kind, ""))]
    named = [(code, key) for code, key in printed if code in chart.codes and key]
    foreign = sum(not is_name_of(chart, code, key) and not nearest(key, _names(chart, code)) for code, key in named)
    return foreign > max(_FEW_ROWS, len(named) // _FEW)


def _contradiction(grid: Grid, entry: FormList, index: int, row: MeantRow, chart: Chart) -> CodeContradiction | None:
    code = code_in(row, chart.kind)
    if row.code_from != "printed" or row.role not in ("item", "of_which") or row.stub.codes.get(chart.kind) != code:
        return None
    known = chart.codes.get(code)
    printed = printed_name(row.stub, chart.kind)
    key = name_key(printed)
    if known is None or not known.current or not known.attested or plain(key).isdigit() or not key or is_name_of(chart, code, key):
        return None
    others = [named.code for named in chart.names.get(key, ()) if chart.codes[named.code].current and chart.codes[named.code].attested]
    if not others or any(other.startswith(code) or code.startswith(other) for other in others):
        return None
    others.sort(key=lambda other: (other[:-2] != code[:-2], other[:3] != code[:3], other))
    support = supported(grid, entry, chart, index, others[0]) if len(others) == 1 else ""
    return CodeContradiction(
        chart=chart.kind,  # type: ignore[arg-type]  # CHARTS are the charts of the contract
        code=code,
        name=known.name,
        printed=plain(printed),
        meant=tuple(Candidate(code=other, name=chart.codes[other].name, score=share(1 / len(others))) for other in others[:_MEANT]),
        supports=support or UNSET,  # type: ignore[arg-type]  # "code" or "name"
    )


def is_name_of(chart: Chart, code: str, key: str) -> bool:
    """Whether a text may be a name of a code: one of its names at any time, cut, shortened, or with an addition."""
    return any(_within(key, name) or _within(name, key) for name in _names(chart, code))


def _names(chart: Chart, code: str) -> set[str]:
    return {name_key(chart.codes[code].name), *(name_key(alias.name) for alias in chart.aliases.get(code, ()))}


def _within(short: str, long: str) -> bool:
    """Whether a text is the other with characters left out."""
    rest = iter(long)
    return all(character in rest for character in short)


def confirmed(
    found: Iterable[Found], agreeing: Mapping[str, frozenset[tuple[str, str]]], year: int | None, catalogue: Catalogue
) -> dict[tuple[str, int, int], CodeContradiction]:
    """The contradictions of a document that stand, by place.

    Not in documents older than the catalogue's current names, or of unknown year. A pair that is printed in several forms may be the edition that the
    document follows: it stands only where both codes are attested in recent years, or the document itself prints the code with its own name, or the name
    with its own code. Args: agreeing: (code, key of its printed name) of all rows whose code and name agree, by chart.
    """
    if year is None or year < _FIRST_YEAR:
        return {}
    result = {}
    for one in found:
        chart = catalogue.chart(one.said.chart)
        pairs = agreeing.get(one.said.chart, frozenset())
        meant = {candidate.code for candidate in one.said.meant}
        recent = chart.codes[one.said.code].recent and any(chart.codes[code].recent for code in meant)
        if recent or any(code == one.said.code or (code in meant and key == name_key(one.said.printed)) for code, key in pairs):
            result[one.table, one.list, one.row] = one.said
    return result


def agreeing_pairs(tables: Iterable[Sequence[FormList]], catalogue: Catalogue) -> dict[str, frozenset[tuple[str, str]]]:
    """The codes and names that a document prints side by side and that belong together, by chart."""
    pairs: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for lists in tables:
        for entry in lists:
            for row in entry.rows:
                for kind in CHARTS:
                    code = code_in(row, kind)
                    key = name_key(printed_name(row.stub, kind)) if code and row.code_from == "printed" else ""
                    if key and catalogue.chart(kind).agrees(code, key):
                        pairs[kind].add((code, key))
    return {kind: frozenset(found) for kind, found in pairs.items()}


def with_contradictions(
    table: str, lists: Sequence[StubList], found: Mapping[tuple[str, int, int], CodeContradiction]
) -> tuple[StubList, ...]:
    """The lists of a form with the contradictions at their rows."""
    return tuple(
        structs.replace(
            one,
            rows=tuple(
                structs.replace(row, contradiction=said) if (said := found.get((table, one.index, row.row))) else row for row in one.rows
            ),
        )
        for one in lists
    )
