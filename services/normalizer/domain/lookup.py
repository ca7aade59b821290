"""Looking codes up for a person: search by number, name or a part of it, and all that the catalogue knows of one code."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from services.normalizer.domain.catalogue import Catalogue
from services.normalizer.domain.charts import Alias, Chart, Code
from services.normalizer.domain.crosswalk import Link
from services.normalizer.domain.spelling import nearest
from services.normalizer.domain.words import name_key, plain

_YEARS = re.compile(r"^(\d{4})?(-)?(\d{4})?$")
# How a name was found, best first: it is the text, another name of the code is, it begins with the text, holds it, or is spelled almost so.
_RANKS = ("code", "name", "alias", "begins", "part", "near")


class Found(NamedTuple):
    """A code that answers a search. `matched`: the name or number that did; `how`: one of code, name, alias, begins, part, near."""

    chart: Chart
    code: Code
    matched: str
    how: str


class NameInYear(NamedTuple):
    """What a code was called in a year. `attested`: a source of that year shows the name; else it is inferred from the names before and after."""

    name: str
    attested: bool


def search(catalogue: Catalogue, text: str, kinds: frozenset[str] = frozenset()) -> list[Found]:
    """The codes that a text may mean, best first: by number, by name, by other names, by a part of them; by near spelling where nothing else fits.

    Args: kinds: only these charts; all where empty.
    """
    charts = [chart for chart in catalogue.charts() if not kinds or chart.kind in kinds]
    key = name_key(text)
    if not key:
        return []
    found = [hit for chart in charts for hit in (_by_number(chart, key) if key.isdigit() else _by_name(chart, key))]
    if not found and not key.isdigit():
        found = [hit for chart in charts for hit in _by_spelling(chart, key)]
    best: dict[tuple[str, str], Found] = {}
    for hit in sorted(found, key=lambda hit: (_RANKS.index(hit.how), hit.code.code)):
        best.setdefault((hit.chart.kind, hit.code.code), hit)
    order = {chart.kind: number for number, chart in enumerate(charts)}
    return sorted(best.values(), key=lambda hit: (_RANKS.index(hit.how), not hit.code.current, order[hit.chart.kind], hit.code.code))


def _by_number(chart: Chart, digits: str) -> Iterator[Found]:
    for code in chart.codes.values():
        if code.code.startswith(digits):
            yield Found(chart, code, code.code, "code" if code.code == digits else "begins")


def _by_name(chart: Chart, key: str) -> Iterator[Found]:
    for code in chart.codes.values():
        for name, exact in (
            (code.name, "name"),
            *((alias.name, "alias") for alias in chart.aliases.get(code.code, ()) if not alias.reused),
        ):
            other = name_key(name)
            how = exact if other == key else "begins" if other.startswith(key) else "part" if key in other else ""
            if how:
                yield Found(chart, code, name, how)


def _by_spelling(chart: Chart, key: str) -> Iterator[Found]:
    for near in nearest(key, chart.sorted_names):
        for named in chart.names[near.name]:
            yield Found(chart, chart.codes[named.code], near.name, "near")


def code_of(catalogue: Catalogue, text: str) -> tuple[Chart, Code] | None:
    """The chart and the code that digits mean; charts begin with different digits, so there is one at most."""
    number = plain(text)
    return next(((chart, chart.codes[number]) for chart in catalogue.charts() if number in chart.codes), None)


def near_codes(catalogue: Catalogue, text: str) -> list[tuple[Chart, Code]]:
    """What may be meant by digits that are no code: those with one digit wrong, missing or too many, and the nearest codes above and beside."""
    number = plain(text)
    if not number.isdigit():
        return [(hit.chart, hit.code) for hit in search(catalogue, text)[:_NEAR]]
    result: dict[str, tuple[Chart, Code]] = {}
    for chart in catalogue.charts():
        above = next((number[:width] for width in sorted(chart.widths, reverse=True) if number[:width] in chart.codes), None)
        if above is not None:
            result[above] = chart, chart.codes[above]
            beside = sorted(chart.children(above), key=lambda code: (abs(int(code.code) - _padded(number, len(code.code))), code.code))
            result.update({code.code: (chart, code) for code in beside[: _NEAR // 2]})
        for near in nearest(number, chart.codes, 1):
            result.setdefault(near.name, (chart, chart.codes[near.name]))
    return list(result.values())[:_NEAR]


_NEAR = 8


def _padded(number: str, width: int) -> int:
    return int(number[:width].ljust(width, "0"))


def name_in(chart: Chart, code: Code, year: int) -> NameInYear:
    """What a code was called in a year, as far as the sources tell.

    A name is attested where its years hold the year. Else an earlier name counts for the years up to its last one, if the present name is not attested
    before; otherwise the present name does.
    """
    former = [alias for alias in chart.aliases.get(code.code, ()) if alias.former and not alias.reused]
    if str(year) in code.years.split(";"):
        return NameInYear(code.name, True)
    for alias in former:
        if holds_year(alias.years, year):
            return NameInYear(alias.name, True)
    later = [(last, alias.name) for alias in former if (last := last_year(alias.years)) is not None and last >= year]
    present = min((int(each) for each in re.findall(r"\d{4}", code.years)), default=None)
    if later and (present is None or present > year):
        return NameInYear(min(later)[1], False)
    return NameInYear(code.name, False)


def holds_year(years: str, year: int) -> bool:
    """Whether years as the catalogue writes them (`2009;2010-2017`, `-2020`, `2018-`) hold a year."""
    return any(first <= year <= last for first, last in _spans(years))


def last_year(years: str) -> int | None:
    """The last year that years name; None where they are open at the end, or empty."""
    return max((last for _, last in _spans(years) if last < _OPEN), default=None)


_OPEN = 9999


def _spans(years: str) -> Iterator[tuple[int, int]]:
    for part in years.split(";"):
        if part and (found := _YEARS.match(part)):
            first, dash, last = found.groups()
            yield int(first or 0), int(last or (_OPEN if dash else first))


def other_names(chart: Chart, code: Code) -> tuple[Alias, ...]:
    """The other names of a code, former ones first, then by their years."""
    return tuple(sorted(chart.aliases.get(code.code, ()), key=lambda alias: (alias.reused, not alias.former, alias.years, alias.name)))


def cofog_of(catalogue: Catalogue, chart: Chart, code: Code) -> Link | None:
    """The link of a function code to COFOG; None for the other charts."""
    return catalogue.cofog.of(code.code) if chart.kind == "function" else None


def kinds_of(catalogue: Catalogue) -> Iterable[str]:
    """The names of the charts, in order."""
    return (chart.kind for chart in catalogue.charts())
