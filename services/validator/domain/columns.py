"""Totals over columns: 合计 / 小计 / 总计 of a header group is the sum of the group's other columns.

A header group inside counts once, by its own total where it prints one. Two groups may each split the same total (by source of money, by
kind of expenditure): they are alternatives and never added together.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from services.validator.domain.proposal import Basis, Bundle
from services.validator.domain.rules import Identity, Rules
from services.validator.domain.sheet import Figure, Sheet, SheetList, bare
from shared.contracts.normalized import Column

_VERSIONS = {"budget", "final", "previous_year"}


@dataclass(slots=True, eq=False)
class _Group:
    """A node of the header tree: a column, or a group of columns with the column that is its total."""

    name: str
    column: Column | None = None
    total: Column | None = None
    more_totals: list[Column] = field(default_factory=list)
    parts: list[_Group] = field(default_factory=list)

    def figure_terms(self, sheet: Sheet, row: int, of_which: re.Pattern[str]) -> list[tuple[Figure, int]]:
        """What the group contributes to the sum of a row: its total, else (none, or blank) its parts."""
        own = self.column or self.total
        if own is not None:
            figure = sheet.at(row, own.col)
            if figure is not None:
                return [(figure, 1)]
        return [term for part in self.parts if not of_which.match(part.name) for term in part.figure_terms(sheet, row, of_which)]


def _insert(root: _Group, column: Column, path: tuple[str, ...], total: re.Pattern[str]) -> None:
    node = root
    for name in path[:-1]:
        found = next((part for part in node.parts if part.name == name and part.column is None), None)
        if found is None:
            twin = next((part for part in node.parts if part.name == name and part.column is not None), None)
            found = _Group(name)
            if twin is not None:  # a column whose path is the beginning of others' is the total of them
                found.total = twin.column
                node.parts.remove(twin)
            node.parts.append(found)
        node = found
    leaf = path[-1] if path else ""
    if total.search(leaf):
        if node.total is None:
            node.total = column
        else:
            node.more_totals.append(column)
        return
    group = next((part for part in node.parts if part.name == leaf and part.column is None), None)
    if group is not None and group.total is None:
        group.total = column
    else:
        node.parts.append(_Group(leaf, column=column))


def _versions(columns: tuple[Column, ...]) -> list[list[tuple[Column, tuple[str, ...]]]]:
    """Splits columns that print 预算数 and 决算数 in turn under each head into one set a version; else one set."""
    codes: dict[str, set[str | None]] = {}
    for column in columns:
        codes.setdefault(bare(column.path[-1]) if column.path else "", set()).add(column.code)
    alternating = len(codes) == 2 and all(len(column.path) > 1 for column in columns) and all(len(found) == 1 for found in codes.values())
    if alternating and {code for found in codes.values() for code in found} <= _VERSIONS:
        return [[(column, column.path[:-1]) for column in columns if bare(column.path[-1]) == name] for name in codes]
    return [[(column, column.path) for column in columns]]


def _tree(columns: list[tuple[Column, tuple[str, ...]]], total: re.Pattern[str]) -> _Group:
    root = _Group("")
    for column, path in columns:
        _insert(root, column, tuple(bare(name) for name in path), total)
    return root


def _bundle(
    identity: Identity, basis: Basis, sheet: Sheet, one: SheetList, target: Column, parts: list[_Group], of_which: re.Pattern[str]
) -> Bundle:
    place = (identity.id, sheet.form.table, str(one.spec.index))
    own = (*place, str(target.col))
    bundle = Bundle(identity, basis, family=own if _is_three_public(target, parts) else place, rival=own)
    for row in one.rows:
        terms = [term for part in parts for term in part.figure_terms(sheet, row.row, of_which)]
        bundle.add(sheet.at(row.row, target.col), terms)
    return bundle


def _is_three_public(total: Column, parts: list[_Group]) -> bool:
    """Whether a sum is one of 三公经费 by its words: they leave no other reading, also in a form of one line that nothing vouches for."""
    columns = [total, *(column for part in parts if (column := part.column or part.total) is not None)]
    return len(columns) == len(parts) + 1 and all((column.line or "").startswith("three_public.") for column in columns)


def _readings(group: _Group, alternatives: re.Pattern[str], of_which: re.Pattern[str]) -> list[tuple[Basis, list[_Group]]]:
    """The sums that a group's total may be, the most likely first."""
    parts = [part for part in group.parts if not of_which.match(part.name)]
    splits = [part for part in parts if part.column is None and part.total is None]
    if len(splits) > 1 and all(alternatives.search(part.name) for part in splits):
        return [("codes", [part]) for part in splits]
    known = group.total is not None and _is_three_public(group.total, parts)
    readings: list[tuple[Basis, list[_Group]]] = [("codes" if known else "layout", parts)]
    if len(splits) > 1 and len(splits) == len(parts):
        readings.extend(("guess", [part]) for part in splits)
    return readings


def _group_bundles(
    identity: Identity, sheet: Sheet, one: SheetList, group: _Group, patterns: tuple[re.Pattern[str], re.Pattern[str]]
) -> list[Bundle]:
    alternatives, of_which = patterns
    bundles: list[Bundle] = []
    if group.total is not None and group.parts:
        readings = _readings(group, alternatives, of_which)
        for basis, parts in readings:
            bundle = _bundle(identity, basis, sheet, one, group.total, parts, of_which)
            if len(readings) > 1 and basis == "codes":
                bundle.rival = None  # alternative splits hold together
            bundles.append(bundle)
        for more in group.more_totals:
            second = _Group("", column=more)
            for parts in (list(group.parts), [second, *group.parts]):
                target = more if second not in parts else group.total
                extra = _bundle(identity, "guess", sheet, one, target, parts, of_which)
                bundles.append(extra)
    bundles += _beside(identity, sheet, one, group, patterns)
    for part in group.parts:
        bundles += _group_bundles(identity, sheet, one, part, patterns)
    return bundles


def _beside(
    identity: Identity, sheet: Sheet, one: SheetList, group: _Group, patterns: tuple[re.Pattern[str], re.Pattern[str]]
) -> list[Bundle]:
    """A group that splits by its words what the only total beside it totals: 预算额度 (总计, …) beside 预算编制方式 (编入, 代编)."""
    alternatives, of_which = patterns
    totals = [part for part in group.parts if part.column is None and part.total is not None]
    splits = [part for part in group.parts if part.column is None and part.total is None and alternatives.search(part.name)]
    if group.total is not None or len(totals) != 1:
        return []
    bundles = [_bundle(identity, "guess", sheet, one, total, [split], of_which) for split in splits if (total := totals[0].total)]
    for bundle in bundles:
        bundle.rival = None  # it holds beside the sum of the total's own group
    return bundles


def column_bundles(sheet: Sheet, one: SheetList, rules: Rules) -> list[Bundle]:
    """Column totals of a list, one bundle a total column."""
    identity = rules.of("column_rollup")
    if identity is None or not identity.applies(sheet.kind):
        return []
    total = re.compile(rules.words.total)
    patterns = (re.compile(rules.words.alternatives), re.compile(rules.words.of_which))
    bundles: list[Bundle] = []
    beside = re.compile(rules.words.beside)
    summed = tuple(column for column in one.columns if not any(beside.search(bare(name)) for name in column.path))
    for columns in _versions(summed):
        bundles += _group_bundles(identity, sheet, one, _tree(columns, total), patterns)
    return [bundle for bundle in bundles if bundle.equations]
