"""Small normalised documents for tests of the validator: forms from rows of labels, codes and printed amounts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from services.validator.adapters.rules_files import load_rules
from services.validator.domain.validate import validate
from shared.contracts.normalized import (
    CatalogueProducer,
    Claim,
    Column,
    Fact,
    Form,
    ListKind,
    Normalized,
    NormalizedDocument,
    Row,
    RowRole,
    StubList,
)
from shared.contracts.validated import Check, Finding, Validated

DOCUMENT = NormalizedDocument(
    id="sha256:0", region=None, entity="某某局", entity_code=None, year=2025, kind="budget", level="department", part="whole"
)


@dataclass(frozen=True)
class Line:
    """A row: what its stub says and what its money columns print ('' is a blank)."""

    label: str
    amounts: Sequence[str]
    role: RowRole = "item"
    depth: int = 0
    parent: int | None = None
    function: str | None = None
    economic: str | None = None
    gov_economic: str | None = None
    line: str | None = None
    project: str | None = None
    printed: bool = True


def total(*amounts: str, label: str = "合计", role: RowRole = "total", line: str | None = None) -> Line:
    """A total row."""
    return Line(label, amounts, role=role, line=line)


def function(code: str, *amounts: str) -> Line:
    """A row of a function code."""
    return Line(f"科目{code}", amounts, function=code)


def economic(code: str, *amounts: str) -> Line:
    """A row of a department economic code."""
    return Line(f"科目{code}", amounts, economic=code)


def item(label: str, *amounts: str, depth: int = 0, parent: int | None = None, **more: Any) -> Line:
    """A row without code."""
    return Line(label, amounts, depth=depth, parent=parent, **more)


@dataclass(frozen=True)
class Block:
    """A list of a form: kind, heads ("path/of/head=measure"), rows."""

    kind: ListKind
    heads: Sequence[str]
    lines: Sequence[Line]


@dataclass
class Paper:
    """A form on paper."""

    table: str
    form: str | None
    blocks: Sequence[Block]
    unit: str | None = "万元"
    scope: str | None = None
    precision: int = 2
    title: str = "某表"
    changes: dict[int, dict[str, Any]] = field(default_factory=dict)


def _column(head: str, col: int, index: int, changes: dict[str, Any]) -> Column:
    path, _, code = head.partition("=")
    return Column(col=col, path=tuple(path.split("/")), code=code or None, list=index, **changes)


def _fact(paper: Paper, line: Line, row: int, column: Column, text: str) -> Fact:
    amount = Decimal(text.replace(",", ""))
    shift = {"元": 0, "万元": 4}.get(paper.unit or "")
    return Fact(
        id=f"{paper.table}/{row}/{column.col}",
        table=paper.table,
        row=row,
        col=column.col,
        form=paper.form,
        function=line.function or column.function,
        economic=line.economic or column.economic,
        gov_economic=line.gov_economic or column.gov_economic,
        line=line.line or column.line,
        measure=column.code,
        fund=column.fund,
        project=line.project,
        amount=amount,
        decimals=paper.precision,
        precision=paper.precision,
        unit=paper.unit,
        yuan=None if shift is None else amount.scaleb(shift),
        text=text,
        page=int(paper.table[1:]),
        bbox=(10.0 * column.col, 10.0 * row, 10.0 * column.col + 9, 10.0 * row + 9),
        code_from="printed",
        confidence=1.0,
        label=line.label,
        list=column.list,
    )


def _form(paper: Paper) -> tuple[Form, list[Fact]]:
    columns: list[Column] = []
    lists: list[StubList] = []
    facts: list[Fact] = []
    col = 0
    for index, block in enumerate(paper.blocks):
        stub, col = col, col + 1
        own = [_column(head, col + place, index, paper.changes.get(col + place, {})) for place, head in enumerate(block.heads)]
        col += len(own)
        columns += own
        rows = []
        for row, line in enumerate(block.lines):
            rows.append(
                Row(
                    row=row,
                    label=line.label,
                    ordinal=None,
                    depth=line.depth,
                    parent=line.parent,
                    role=line.role,
                    function=line.function,
                    economic=line.economic,
                    gov_economic=line.gov_economic,
                    line=line.line,
                    project=line.project,
                    code_from="printed" if line.printed else "name",
                )
            )
            facts += [_fact(paper, line, row, column, text) for column, text in zip(own, line.amounts, strict=True) if text]
        lists.append(StubList(index=index, kind=block.kind, stub_cols=(stub,), cols=tuple(c.col for c in own), rows=tuple(rows)))
    form = Form(
        table=paper.table,
        form=paper.form,
        confidence=1.0,
        unit=paper.unit,
        columns=tuple(columns),
        title=paper.title,
        scope=paper.scope,
        lists=tuple(lists),
    )
    return form, facts


def document(*papers: Paper, claims: Sequence[Claim] = ()) -> Normalized:
    """A normalised document of some forms."""
    made = [_form(paper) for paper in papers]
    return Normalized(
        document=DOCUMENT,
        forms=tuple(form for form, _ in made),
        facts=tuple(fact for _, facts in made for fact in facts),
        unmapped=(),
        claims=tuple(claims),
        producer=CatalogueProducer(name="normalizer", version="test", catalogue="test"),
    )


def checked(*papers: Paper, claims: Sequence[Claim] = ()) -> Validated:
    """The document of some forms, validated with the real rules."""
    return validate(document(*papers, claims=claims), load_rules())


def by_function(*lines: Line, table: str = "t1", form: str = "expenditure_summary", **more: Any) -> Paper:
    """A form of functions × 合计 | 基本支出 | 项目支出."""
    heads = ("合计=total", "基本支出=basic_expenditure", "项目支出=project_expenditure")
    return Paper(table, form, [Block("function", heads, lines)], **more)


def statuses(result: Validated, rule: str, target: str | None = None) -> list[str]:
    """The statuses of the checks of a rule (at a target)."""
    return [check.status for check in result.checks if check.rule == rule and target in (None, check.target)]


def check_of(result: Validated, rule: str, target: str) -> Check:
    """The only check of a rule at a target."""
    (check,) = [check for check in result.checks if check.rule == rule and check.target == target]
    return check


def errors(result: Validated) -> list[Finding]:
    """The findings of severity error."""
    return [finding for finding in result.findings if finding.severity == "error"]


def warnings(result: Validated) -> list[Finding]:
    """The findings of severity warning."""
    return [finding for finding in result.findings if finding.severity == "warning"]
