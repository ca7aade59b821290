"""A department's forms against what its units published themselves: a row that carries a unit's name prints the unit's own totals.

Which unit is meant is said by the department's own form: the name in its row. Each amount of the row is compared with the total of the same kind of
form, scope and measure in the unit's document. A unit may have changed its figures since, so a difference is a warning.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from services.validator.domain.grading import Graded, grade_equation
from services.validator.domain.members import Between, Source
from services.validator.domain.messages import Places, amount_words, said_of, unit_en, unit_zh
from services.validator.domain.proposal import Equation
from services.validator.domain.rules import Identity
from services.validator.domain.sheet import Figure, Sheet
from services.validator.domain.subjects import name_key
from shared.contracts.common import Message

_TOTALS = frozenset({"total", "expenditure_total", "year_expenditure_total", "income_total", "year_income_total", None})
Key = tuple[str | None, str | None, str | None, str | None]


def units_named(department: Source) -> tuple[str, ...]:
    """The names of units in the rows of a department's forms, without its own, in the order of the document."""
    own = name_key(department.book.document.document.entity or "")
    names = (name_key(figure.fact.label) for sheet in department.book.sheets for figure in sheet.cells.values() if _of_unit(figure))
    return tuple(dict.fromkeys(name for name in names if name and name != own))


def unit_checks(department: Source, units: Sequence[Source], identity: Identity, between: Between) -> None:
    """A check for each amount in a row of a unit whose own document is there; a warning for each unit of which some differ."""
    by_name = {name_key(unit.book.document.document.entity or ""): unit for unit in units}
    different: dict[str, list[tuple[Figure, Graded, str]]] = defaultdict(list)
    compared: dict[str, int] = defaultdict(int)
    for sheet in department.book.sheets:
        for figure in sheet.cells.values():
            unit = by_name.get(name_key(figure.fact.label)) if _of_unit(figure) else None
            own = _own_total(unit, _key(sheet, figure)) if unit is not None else None
            if unit is None or own is None:
                continue
            graded = grade_equation(Equation(identity, figure, ((own, 1),)))
            check = between.check(graded, department, [unit])
            compared[unit.id] += 1
            if graded.status == "failed":
                different[unit.id].append((figure, graded, check))
    for unit in units:
        if unit.id in different:
            _report(identity, department, unit, different[unit.id], compared[unit.id], between)


def _of_unit(figure: Figure) -> bool:
    fact = figure.fact
    return fact.line == "unit" and not (fact.function or fact.economic or fact.gov_economic or fact.project)


def _key(sheet: Sheet, figure: Figure) -> Key:
    return (sheet.kind, sheet.form.scope, figure.fact.measure, figure.fact.fund)


def _own_total(unit: Source, key: Key) -> Figure | None:
    """A unit's own total of a kind of form; None where it prints none, or two that differ."""
    found = [figure for figure in _totals(unit, key) if figure.order is not None]
    if not found or any(not found[0].amount.interval.meet(other.amount.interval) for other in found[1:]):
        return None
    return found[0]


def _totals(unit: Source, key: Key) -> Iterator[Figure]:
    for sheet in unit.book.sheets:
        for figure in sheet.cells.values():
            fact = figure.fact
            coded = fact.function or fact.economic or fact.gov_economic or fact.project
            if not coded and fact.line in _TOTALS and key[0] is not None and _key(sheet, figure) == key:
                yield figure


def _report(
    identity: Identity, department: Source, unit: Source, different: list[tuple[Figure, Graded, str]], total: int, between: Between
) -> None:
    figure, graded, _ = max(different, key=lambda one: abs(one[1].difference))
    own = graded.equation.terms[0][0]
    message = _message(department.places, figure, unit.places, own, len(different), total)
    evidence = [(department, figure), (unit, own)]
    checks = [check for _, _, check in different]
    between.find(identity, "warning", message, department, evidence, checks, said_of(figure, own.value, identity.id), unit.id)


def _message(places: Places, figure: Figure, theirs: Places, own: Figure, count: int, total: int) -> Message:
    printed, published = amount_words(figure.value, figure), amount_words(own.value, figure)
    difference = amount_words(figure.value - own.value, figure)
    also_zh = f"（共核对 {total} 个数，{count} 个不一致）" if count > 1 else ""
    also_en = f" ({count} of {total} figures differ)" if count > 1 else ""
    return Message(
        zh=f"部门表中的单位数与单位自己公开的数不一致：{places.zh(figure)}印为 {printed} {unit_zh(figure)}，而单位文件{theirs.zh(own)}为 {published} "
        f"{unit_zh(figure)}，相差 {difference} {unit_zh(figure)}{also_zh}。",
        en=f"the department's figure of a unit is not the unit's own: {places.en(figure)} prints {printed} ({unit_en(figure)}), but the unit's document "
        f"({theirs.en(own)}) prints {published}: a difference of {difference}{also_en}.",
    )
