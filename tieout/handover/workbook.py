"""The report as a workbook: findings, their sums line by line, coverage of each form, and the facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from services.store.adapters.exports.sheet_writer import NO_TIME, Formats, SheetWriter, Words
from services.store.domain.columns import COLUMNS, Column
from services.store.domain.export_rows import Row, Value, fact_rows
from services.store.domain.views import DocumentView
from shared.check_reasons import reason_in
from shared.code_words import CODE_WORDS
from shared.contracts.validated import Check
from shared.form_names import form_name
from tieout.explain import Context, rule_names
from tieout.handover.contents import Handover, Item, accused_of, is_left_blank
from tieout.language import Language, pick, say

_SHEETS: Final = {
    "findings": ("问题", "findings"),
    "sums": ("算式", "sums"),
    "coverage": ("核对程度", "coverage"),
    "facts": ("数据", "facts"),
}

_FINDINGS = (  # what a person reads and prints first, then what programs and filters want
    Column("number", "号", "no.", "integer", 6),
    Column("notice_kind", "事项", "what to do", width=11),
    Column("page", "页", "page", "integer", 6),
    Column("title", "表名", "title", width=30),
    Column("label", "项目名称", "label", width=28),
    Column("column", "栏目", "column", width=26),
    Column("text", "印出", "printed", width=16),
    Column("suggested", "建议", "suggested", width=16),
    Column("unit", "计量单位", "unit", width=9),
    Column("message", "问题", "message", width=80),
    Column("accepted", "已认可", "accepted", "flag", 9),
    Column("reported", "印出数", "printed amount", "amount", 18),
    Column("expected", "应为", "should be", "amount", 18),
    Column("difference", "差额", "difference", "amount", 16),
    Column("confidence", "把握", "confidence", "share", 8),
    Column("cause", "可能原因", "cause", width=18),
    Column("row", "行", "row", "integer", 6),
    Column("col", "列", "column no.", "integer", 9),
    Column("file", "另一文件", "other file", width=20),
    Column("accepted_by", "认可人", "accepted by", width=12),
    Column("accepted_at", "认可时间", "accepted at", width=28),
    Column("accepted_why", "认可原因", "accepted because", width=60),
    Column("finding", "问题编号", "finding id", width=20),
)
_SUMS = (
    Column("number", "号", "no.", "integer", 6),
    Column("check", "核对", "check", "integer", 7),
    Column("rule", "核对规则", "rule", width=34),
    Column("status", "结果", "status", width=12),
    Column("part", "算式", "part", width=12),
    Column("amount", "金额", "amount", "amount", 18),
    Column("text", "原文", "text", width=16),
    Column("unit", "计量单位", "unit", width=9),
    Column("page", "页", "page", "integer", 6),
    Column("title", "表名", "title", width=30),
    Column("label", "项目名称", "label", width=28),
    Column("column", "栏目", "column", width=26),
    Column("row", "行", "row", "integer", 6),
    Column("col", "列", "column no.", "integer", 9),
    Column("file", "文件名", "file", width=28),
    Column("finding", "问题编号", "finding id", width=20),
)
_COVERAGE = (
    Column("title", "表名", "title", width=40),
    Column("form", "表种代码", "form", width=30),
    Column("form_name", "表种", "form name", width=30),
    Column("pages", "页", "pages", width=10),
    Column("figures", "数字个数", "figures", "integer", 9),
    Column("tied", "已勾稽", "tied", "integer", 8),
    Column("untied", "未勾稽", "not tied", "integer", 8),
    Column("table", "表", "table", width=8),
)


def write_workbook(contents: Handover, path: Path, language: Language) -> None:
    """Writes the workbook. Raises OSError."""
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "tmpdir": str(path.parent)})
    book.set_properties({"created": NO_TIME})
    formats = Formats(book)
    zh = language == "zh"
    words: Words = {**CODE_WORDS, "rule": rule_names("zh")} if zh else {"rule": rule_names("en")}
    items = contents.items(language)
    sheets: tuple[tuple[str, tuple[Column, ...], Iterator[Row], Words], ...] = (
        ("findings", _FINDINGS, _finding_rows(items, language), words),
        ("sums", _SUMS, _sum_rows(items, language), {key: value for key, value in words.items() if key in ("rule", "status")}),
        ("coverage", _COVERAGE, _coverage_rows(contents, language), {}),
        ("facts", COLUMNS["facts"], fact_rows(_view(contents), list(contents.validated.facts), language), words),
    )
    for name, columns, rows, own_words in sheets:
        writer = SheetWriter(book, pick(language, *_SHEETS[name]), columns, formats, language, own_words, on_paper=name != "facts")
        for row in rows:
            writer.add(row)
        writer.finish()
    try:
        book.close()
    except FileCreateError as problem:
        raise (problem.args[0] if problem.args and isinstance(problem.args[0], OSError) else OSError(str(problem))) from problem


def _row(columns: tuple[Column, ...], values: Mapping[str, Value]) -> Row:
    return tuple(values.get(column.name) for column in columns)


def _finding_rows(items: tuple[Item, ...], language: Language) -> Iterator[Row]:
    for item in items:
        finding, diagnosis, accepted = item.finding, item.finding.diagnosis, item.accepted
        accused = accused_of(finding)
        first = diagnosis.fact if diagnosis and diagnosis.fact else accused.fact if accused else None
        yield _row(
            _FINDINGS,
            {
                "title": finding.title,
                **({} if is_left_blank(finding) else _place(first, item.context)),
                "number": item.number,
                "notice_kind": item.kind,
                "accepted": accepted is not None,
                "page": finding.page,
                "suggested": diagnosis.suggested if diagnosis else None,
                "unit": finding.unit,
                "reported": finding.reported,
                "expected": finding.expected,
                "difference": finding.difference,
                "confidence": diagnosis.confidence if diagnosis else None,
                "cause": diagnosis.cause if diagnosis else None,
                "message": say(finding.message, language),
                "accepted_by": accepted.by if accepted else None,
                "accepted_at": accepted.at if accepted else None,
                "accepted_why": accepted.why if accepted else None,
                "finding": finding.id,
            },
        )


def _sum_rows(items: tuple[Item, ...], language: Language) -> Iterator[Row]:
    for item in items:
        for number, check in enumerate(item.checks, start=1):
            about: dict[str, Value] = {
                "number": item.number, "check": number, "rule": check.rule, "status": check.status, "finding": item.finding.id,
            }  # fmt: skip
            for values in _lines(check, item.context, language):
                yield _row(_SUMS, {**about, **values})


def _lines(check: Check, context: Context, language: Language) -> Iterator[dict[str, Value]]:
    """The printed figure, each part with its sign (parts count as signed amounts), what they come to, and the difference."""
    alone = len(check.terms) == 1 and check.terms[0].sign > 0
    yield {**_place(check.target, context), "part": pick(language, "印出", "printed")}
    for term in check.terms:
        part = pick(language, "另处印出", "elsewhere") if alone else "+" if term.sign > 0 else "−"
        yield {**_place(term.fact, context), "part": part}
    if check.status == "not_assessable":
        yield {"part": pick(language, "无法判断", "open"), "text": reason_in(check.reason, language)}
        return
    yield {"part": pick(language, "各项之和", "sum"), "amount": check.computed, "unit": check.unit}
    yield {"part": pick(language, "相差", "difference"), "amount": check.difference, "unit": check.unit}


def _place(identifier: str | None, context: Context) -> dict[str, Value]:
    fact = context.facts.get(identifier or "")
    if fact is None:
        return {}
    loose = fact.table in context.loose
    title = context.titles.get(fact.table)
    return {
        **({"title": title} if title else {}),
        "amount": fact.amount,
        "text": fact.text,
        "unit": fact.unit,
        "page": fact.page,
        "label": fact.label,
        "column": "·".join(context.columns.get((fact.table, fact.col), ())) or None,
        "row": None if loose else fact.row + 1,
        "col": None if loose else fact.col + 1,
        "file": context.files.get(fact.table),
    }


def _coverage_rows(contents: Handover, language: Language) -> Iterator[Row]:
    for form in contents.validated.forms:
        yield _row(
            _COVERAGE,
            {
                "title": form.title,
                "form": form.form,
                "form_name": form_name(form.form, language) if form.form else None,
                "pages": ", ".join(map(str, form.pages)),
                "figures": form.figures,
                "tied": form.tied,
                "untied": form.figures - form.tied,
                "table": form.table,
            },
        )


def _view(contents: Handover) -> DocumentView:
    about = contents.validated.document
    return DocumentView(
        id=about.id,
        name=contents.name,
        names=(contents.name,),
        status="stored",
        bytes=None,
        pages=contents.pages,
        entity=about.entity,
        region=about.region,
        year=about.year,
        kind=about.kind,
    )
