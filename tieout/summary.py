"""What a person reads at the end of a run: a block per document, its findings, and a closing line."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterable
from decimal import Decimal

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from shared.contracts.common import Message
from shared.contracts.run import RunDocument, RunReport
from shared.contracts.validated import Finding, FormSummary
from shared.plain_text import plain
from tieout.language import Language, pick, say

_VERDICTS = {
    "inconsistent": ("✗", "不一致", "inconsistent", "bold red"),
    "unverifiable": ("?", "无法核实", "cannot be verified", "bold yellow"),
    "consistent_within_rounding": ("✓", "一致（含四舍五入）", "consistent within rounding", "green"),
    "consistent": ("✓", "一致", "consistent", "green"),
}
_SEVERITIES = {"error": ("错误", "error", "bold red"), "warning": ("提醒", "warning", "yellow"), "info": ("说明", "info", "dim")}
_KINDS = {"budget": ("预算", "budget"), "final_accounts": ("决算", "final accounts"), "other": ("其他", "other")}
DEFAULT_DATA = "tieout-data"
_PIPE_WIDTH = 240  # of tables in a pipe, where nothing has to fit a screen
_SHORT_ID = 10  # hex digits of a finding's id that are shown; `explain` takes any unambiguous beginning


def verdict_text(verdict: str, language: Language) -> Text:
    """The verdict as a coloured word."""
    mark, zh, en, style = _VERDICTS[verdict]
    return Text(f"{mark} {pick(language, zh, en)}", style)


def severity_text(severity: str, language: Language) -> Text:
    """The severity as a coloured word."""
    zh, en, style = _SEVERITIES[severity]
    return Text(pick(language, zh, en), style)


def short_id(identifier: str) -> str:
    """The beginning of an id that is shown to people."""
    return identifier.removeprefix("sha256:")[:_SHORT_ID]


def kind_text(kind: str, language: Language) -> str:
    """budget → 预算."""
    return pick(language, *_KINDS[kind])


def summary_console() -> Console:
    """The console for people: wrapped to the terminal's width; in a pipe one line a paragraph."""
    if sys.stdout.isatty():
        return Console(highlight=False)
    return Console(highlight=False, soft_wrap=True, width=_PIPE_WIDTH)


def print_indented(console: Console, text: Text) -> None:
    """A paragraph with a margin on the left, wrapped where the console wraps."""
    if console.soft_wrap:
        console.print(Text.assemble("  ", text))
    else:
        console.print(Padding(text, (0, 0, 0, 2)))


def print_document(console: Console, document: RunDocument, language: Language, findings: Iterable[Finding] | None = None) -> None:
    """The block of one document."""
    filing = document.document
    entity = plain(filing.entity or pick(language, "（未识别单位）", "(entity not recognised)"))
    year = str(filing.year) if filing.year else pick(language, "（年度未识别）", "(no year)")
    head = Text.assemble(
        (entity, "bold"), "  ", year, " ", kind_text(filing.kind, language), "   ", verdict_text(document.verdict, language)
    )
    console.print(head)
    print_indented(console, _facts_line(document, language))
    print_indented(console, _forms_line(document.forms, language))
    for finding in document.findings if findings is None else findings:
        print_indented(console, finding_text(finding.severity, finding.message, finding.id, language))
    console.print()


def _facts_line(document: RunDocument, language: Language) -> Text:
    counts, coverage = document.counts, document.coverage
    known = pick(language, "（此前已处理）", " (done before)") if document.known else ""
    numbers = pick(
        language,
        f"{document.pages} 页{known} · 数字 {coverage.figures} 个：勾稽 {coverage.tied}，未勾稽 {coverage.untied}"
        f" · 核对 {_assessed(document)} 项：相符 {counts.exact}，尾差 {counts.rounding}，可疑 {counts.suspicious}，不符 {counts.failed}"
        f"；无法判断 {counts.not_assessable} 项",
        f"{document.pages} pages{known} · {coverage.figures} figures: {coverage.tied} tied, {coverage.untied} not tied"
        f" · {_assessed(document)} checks: {counts.exact} exact, {counts.rounding} rounding, {counts.suspicious} suspicious, {counts.failed} failed"
        f"; {counts.not_assessable} not assessable",
    )
    return Text.assemble((plain(document.submission.name), "cyan"), " · ", numbers)


def _assessed(document: RunDocument) -> int:
    counts = document.counts
    return counts.exact + counts.rounding + counts.suspicious + counts.failed


def _forms_line(forms: tuple[FormSummary, ...], language: Language) -> Text:
    recognised = [form for form in forms if form.form]
    unknown = len(forms) - len(recognised)
    line = pick(language, f"识别 {len(recognised)} 张表", f"{len(recognised)} forms recognised")
    if unknown:
        line += pick(language, f"，另有 {unknown} 张表未识别种类", f", {unknown} more of unknown kind")
    loose = [form for form in forms if form.figures and form.tied < form.figures]
    if loose:
        names = [f"{_form_name(form, language)} {form.tied}/{form.figures}" for form in sorted(loose, key=lambda f: f.tied - f.figures)]
        line += pick(language, "；未全部勾稽：", "; not fully tied: ") + pick(language, "、", ", ").join(names[:4])
        if len(names) > 4:
            line += pick(language, f" 等 {len(names)} 张", f" and {len(names) - 4} more")
    return Text(line, "dim")


def _form_name(form: FormSummary, language: Language) -> str:
    page = f"p.{form.pages[0]}" if form.pages else ""
    return plain(form.title or "") or f"{pick(language, '表', 'table')} {form.table} {page}"


def finding_text(severity: str, message: Message, identifier: str, language: Language) -> Text:
    """A finding in one paragraph: severity, sentence with page, form, cell, printed and expected figure, and its id."""
    return Text.assemble(
        "• ",
        severity_text(severity, language),
        " ",
        plain(say(message, language)),
        "  ",
        (f"[{short_id(identifier)}]", "dim"),
    )


def print_closing(console: Console, report: RunReport, language: Language) -> None:
    """The lines at the end: how many of each verdict, where the results are, what to call next."""
    table = Table.grid(padding=(0, 2))
    for verdict in _VERDICTS:
        if number := sum(document.verdict == verdict for document in report.documents):
            table.add_row(verdict_text(verdict, language), str(number))
    if report.rejected:
        table.add_row(Text(pick(language, "! 未能读取", "! not read"), "bold red"), str(len(report.rejected)))
    console.print(table)
    if report.ignored:
        names = ", ".join(plain(name) for name in report.ignored[:5]) + (" …" if len(report.ignored) > 5 else "")
        ignored = pick(language, f"略过 {len(report.ignored)} 个非 PDF 文件：", f"{len(report.ignored)} other files passed over: ")
        console.print(Text(ignored + names, "dim"))
    console.print(Text(pick(language, f"结果保存在 {report.data}。", f"Results are in {report.data}."), "dim"))
    findings = [finding for document in report.documents for finding in document.findings]
    first = min(findings, key=lambda finding: list(_SEVERITIES).index(finding.severity), default=None)
    if first is not None:
        hint = pick(language, "查看某个问题的算式：bin/tieout explain ", "The sum behind a finding: bin/tieout explain ")
        where = "" if report.data == DEFAULT_DATA else f" --data {shlex.quote(report.data)}"
        console.print(Text(plain(hint + short_id(first.id) + where), "dim"))


def amount_text(amount: Decimal | None, unit: str | None) -> str:
    """An amount with thousands separators and its unit."""
    return "—" if amount is None else f"{amount:,}{unit or ''}"
