"""The stage: an extracted document to facts. Pure: the same document and catalogue give the same result."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from msgspec import structs

from services.normalizer.domain.catalogue import Catalogue
from services.normalizer.domain.claims import find_claims
from services.normalizer.domain.contents import listed_forms, loose_titles, statements_of_nothing, unread_pages
from services.normalizer.domain.continuation import doubtful_seams
from services.normalizer.domain.contradictions import agreeing_pairs, confirmed, with_contradictions
from services.normalizer.domain.facts import Money, to_fact
from services.normalizer.domain.figures import Figure
from services.normalizer.domain.forms import kinds_of_title
from services.normalizer.domain.identity import identify
from services.normalizer.domain.own_names import own_names
from services.normalizer.domain.tables import (
    PERFORMANCE,
    ReadTable,
    TableResult,
    finish_table,
    heading_above,
    organisations,
    read_table,
    to_form,
)
from services.normalizer.domain.units import column_precision, family_unit, header_unit, own_unit
from shared.contracts.extracted import Extracted
from shared.contracts.normalized import CatalogueProducer, CofogLink, Fact, Form, Normalized
from shared.contracts.vocabulary import FormKind


def normalize(extracted: Extracted, catalogue: Catalogue, version: str) -> Normalized:
    """Facts, forms, claims and what could not be mapped.

    Args: version: of the producer (release, data, settings), made by the shell.
    Every money figure of every table is a fact or stands in `unmapped`.
    """
    read: list[ReadTable] = []
    doubtful = doubtful_seams(extracted)
    for table in extracted.tables:
        heading = heading_above(table, extracted.text)
        read.append(read_table(table, catalogue, heading, read[-1] if read else None, doubtful.get(table.id)))
    names = organisations(read)
    own = own_names((entry for table in read for entry in table.raw), catalogue)
    results = [finish_table(entry, catalogue, names, own) for entry in read]
    units = table_units(results)
    facts = _facts(results, units)
    claims = tuple(find_claims(extracted.text))
    document = identify(extracted, results, claims)
    lists = [result.read.grid for result in results if result.read.form.kind == FormKind.CONTENTS]

    def kinds_of(title: str) -> tuple[str, ...]:
        return kinds_of_title(catalogue, title)

    return Normalized(
        document=document,
        forms=_forms(results, units, document.year, catalogue),
        facts=tuple(facts),
        unmapped=tuple(entry for result in results for entry in result.unmapped),
        claims=claims,
        producer=CatalogueProducer(name="normalizer", version=version, catalogue=catalogue.edition),
        cofog=_cofog(facts, catalogue),
        contents=listed_forms(extracted, lists, kinds_of),
        loose_titles=loose_titles(extracted, (title for result in results for title in _titles(result)), kinds_of),
        nothing=statements_of_nothing(extracted.text),
        unread_pages=unread_pages(extracted.warnings),
    )


def _forms(results: Sequence[TableResult], units: Mapping[str, str | None], year: int | None, catalogue: Catalogue) -> tuple[Form, ...]:
    """The forms, their rows with the contradictions that stand in a document of this year."""
    forms = [to_form(result, units[result.read.grid.table.id]) for result in results]
    found = [one for result in results for one in result.contradictions]
    if not found:
        return tuple(forms)
    stand = confirmed(found, agreeing_pairs((result.raw for result in results), catalogue), year, catalogue)
    return tuple(structs.replace(form, lists=with_contradictions(form.table, form.lists, stand)) for form in forms)


def _cofog(facts: Sequence[Fact], catalogue: Catalogue) -> tuple[CofogLink, ...]:
    """Where the function codes of the facts stand in COFOG. A code that the catalogue does not know has the place of the code above it, broadly."""
    links = []
    for function in sorted({fact.function for fact in facts if fact.function}):
        link = catalogue.cofog.of(function)
        if link is not None:
            known = function in catalogue.function.codes or link.confidence == "ambiguous"
            links.append(
                CofogLink(function=function, code=link.cofog, confidence=link.confidence if known else "broad", rivals=link.rivals)
            )
    return tuple(links)


def _titles(result: TableResult) -> Iterator[str]:
    """What a table that was read may be called."""
    yield result.read.title
    yield result.read.grid.table.title or ""


def _family(result: TableResult) -> str:
    """Performance forms have a unit and precision of their own; all other forms of a document are one family."""
    return "performance" if result.read.form.kind in PERFORMANCE else "main"


def table_units(results: Sequence[TableResult]) -> dict[str, str | None]:
    """The unit of every table: its own label, its header cells, the forms of its kind, its family."""
    units: dict[str, str | None] = {}
    for result in results:
        table = result.read.grid.table
        units[table.id] = own_unit(table) or header_unit(result.read.grid.header_texts) or _pair_unit(result.money)
    by_kind: dict[str, Counter[str]] = defaultdict(Counter)
    by_family: dict[str, Counter[str]] = defaultdict(Counter)
    for result in results:
        unit = units[result.read.grid.table.id]
        if unit:
            by_kind[result.read.form.kind or ""][unit] += len(result.money)
            by_family[_family(result)][unit] += len(result.money)
    for result in results:
        table_id = result.read.grid.table.id
        if units[table_id] is None and result.read.continues:
            units[table_id] = units[result.read.continues]
        if units[table_id] is None:
            kind = result.read.form.kind
            units[table_id] = (family_unit(by_kind[kind]) if kind else None) or family_unit(by_family[_family(result)])
    return units


def _pair_unit(money: Sequence[Money]) -> str | None:
    """The one unit that the labels of a form of pairs print."""
    found = {entry.unit for entry in money if entry.unit}
    return found.pop() if len(found) == 1 else None


def _facts(results: Sequence[TableResult], units: Mapping[str, str | None]) -> list[Fact]:
    columns: dict[tuple[str, int], list[Figure]] = defaultdict(list)
    family: dict[tuple[str, str | None], int] = defaultdict(int)
    for result in results:
        table = result.read.grid.table.id
        for money in result.money:
            columns[table, money.cell.col].append(money.figure)
            key = (_family(result), money.unit or units[table])
            family[key] = max(family[key], money.figure.decimals)
    facts = []
    precisions: dict[tuple[str, int, str | None], int] = {}
    for result in results:
        table = result.read.grid.table.id
        for money in sorted(result.money, key=lambda money: (money.cell.row, money.cell.col)):
            unit = money.unit or units[table]
            column = (table, money.cell.col, unit)
            if column not in precisions:
                precisions[column] = column_precision(columns[table, money.cell.col], unit, family[_family(result), unit])
            facts.append(to_fact(money, result.read.grid.table, result.read.form.kind, units[table], precisions[column]))
    return facts
