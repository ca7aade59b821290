"""What a person reads at the end of a run: a block per document, its findings, and a closing line."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Iterable
from decimal import Decimal

from msgspec import UnsetType
from rich.console import Console
from rich.table import Table
from rich.text import Text

from shared.contracts.common import Message
from shared.contracts.run import RunDocument, RunFiling, RunReport
from shared.contracts.validated import ClaimCounts, Counts, Finding, FormSummary
from shared.plain_text import plain
from tieout.language import Language, pick, say
from tieout.wrapping import print_paragraph

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
_PLAIN_FIGURE = re.compile(r"-?[0-9]{1,24}(\.[0-9]{1,8})?")
_MOST_NAMES = 5  # of files in the closing lines
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


class _PlainConsole(Console):
    """rich ends the process with code 1, that of errors found, when the reader of a pipe has gone; our caller decides that."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def summary_console() -> Console:
    """The console for people: wrapped to the terminal's width; in a pipe one line a paragraph."""
    if sys.stdout.isatty():
        return _PlainConsole(highlight=False)
    return _PlainConsole(highlight=False, soft_wrap=True, width=_PIPE_WIDTH)


def print_document(console: Console, document: RunDocument, language: Language, findings: Iterable[Finding] | None = None) -> None:
    """The block of one document."""
    filing = document.document
    entity = plain(filing.entity or pick(language, "（未识别单位）", "(entity not recognised)"))
    year = str(filing.year) if filing.year else pick(language, "（年度未识别）", "(no year)")
    head = Text.assemble(
        (entity, "bold"), "  ", year, " ", kind_text(filing.kind, language), "   ", verdict_text(document.verdict, language)
    )
    print_paragraph(console, head, margin=0)
    print_paragraph(console, _facts_line(document, language))
    print_paragraph(console, _forms_line(document.forms, language))
    if document.accepted:
        print_paragraph(console, Text(_accepted_line(len(document.findings), len(document.accepted), language), "dim"))
    for finding in document.findings if findings is None else findings:
        print_finding(console, finding.severity, finding.message, finding.id, language, finding.id in document.accepted)
    console.print()


def print_filing(console: Console, filing: RunFiling, language: Language) -> None:
    """The block of a filing: which documents were compared with one another, and what was found. Nothing where nothing could be compared."""
    if filing.counts == Counts():
        return
    about = filing.filing
    what = pick(language, "文件之间", "between documents")
    head = Text.assemble(
        (plain(about.entity), "bold"), f"  {about.year} {kind_text(about.kind, language)} {what}   ", verdict_text(filing.verdict, language)
    )
    print_paragraph(console, head, margin=0)
    comma = pick(language, "、", ", ")
    names = Text(comma.join(map(plain, filing.files)), "cyan")
    if filing.previous_files:
        names.append(pick(language, "；上年：", "; last year: ") + comma.join(map(plain, filing.previous_files)))
    if filing.budget_files:
        names.append(pick(language, "；当年预算：", "; budget of the year: ") + comma.join(map(plain, filing.budget_files)))
    print_paragraph(console, Text.assemble(names, " · ", _checks_text(filing.counts, language)))
    for finding in filing.findings:
        print_finding(console, finding.severity, finding.message, finding.id, language, finding.id in filing.accepted)
    console.print()


def _facts_line(document: RunDocument, language: Language) -> Text:
    coverage = document.coverage
    known = pick(language, "（此前已处理）", " (done before)") if document.known else ""
    more = more_text(coverage.tied_more, language)
    numbers = pick(
        language,
        f"{document.pages} 页{known} · 数字 {coverage.figures} 个：已勾稽 {coverage.tied}{more}，未勾稽 {coverage.untied}",
        f"{document.pages} pages{known} · {coverage.figures} figures: {coverage.tied} tied{more}, {coverage.untied} not tied",
    )
    said = claims_text(coverage.claims, language)
    return Text.assemble((plain(document.submission.name), "cyan"), f" · {numbers} · {_checks_text(document.counts, language)}{said}")


def claims_text(claims: ClaimCounts | UnsetType, language: Language) -> str:
    """How many figures of the narrative are tied, contradicting and untied; nothing where there is none, or an older result does not say."""
    if isinstance(claims, UnsetType) or not (claims.tied or claims.contradicting or claims.untied):
        return ""
    against = pick(language, f"，矛盾 {claims.contradicting}", f", {claims.contradicting} contradicting") if claims.contradicting else ""
    return pick(
        language,
        f" · 文字说明中的数字：已核对 {claims.tied}{against}，未核对 {claims.untied}",
        f" · figures of the narrative: {claims.tied} tied{against}, {claims.untied} not tied",
    )


def more_text(more: int | UnsetType, language: Language) -> str:
    """How many figures are held by two sums or more; nothing where an older result does not say."""
    return "" if isinstance(more, UnsetType) else pick(language, f"（两项以上 {more}）", f" ({more} more than once)")


def _checks_text(counts: Counts, language: Language) -> str:
    """How many checks were assessed, by grade, and how many were not."""
    grades = (
        (counts.exact, "相符", "exact"),
        (counts.rounding, "尾差", "rounding"),
        (counts.suspicious, "可疑", "suspicious"),
        (counts.failed, "不符", "failed"),
    )
    assessed, waiting = sum(number for number, _, _ in grades), counts.not_assessable
    if language == "zh":
        ended = "，".join(f"{zh} {number}" for number, zh, _ in grades if number)
        return f"核对 {assessed} 项{'：' if ended else ''}{ended}" + (f"；另有 {waiting} 项无法判断" if waiting else "")
    ended = ", ".join(f"{number} {en}" for number, _, en in grades if number)
    return f"{assessed} checks{': ' if ended else ''}{ended}" + (f"; {waiting} not assessable" if waiting else "")


def _forms_line(forms: tuple[FormSummary, ...], language: Language) -> Text:
    recognised = [form for form in forms if form.form]
    unknown = len(forms) - len(recognised)
    line = pick(language, f"识别 {len(recognised)} 张表", f"{len(recognised)} forms recognised")
    if unknown:
        line += pick(language, f"，另有 {unknown} 张表未识别种类", f", {unknown} more of unknown kind")
    loose = [form for form in forms if form.figures and form.tied < form.figures]
    if loose:
        names = [f"{_form_name(form, language)} {form.tied}/{form.figures}" for form in sorted(loose, key=lambda f: f.tied - f.figures)]
        line += pick(language, "；未全部勾稽（已勾稽/数字）：", "; not fully tied (tied/figures): ") + pick(language, "、", ", ").join(
            names[:4]
        )
        if len(names) > 4:
            line += pick(language, f" 等 {len(names)} 张", f" and {len(names) - 4} more")
    return Text(line, "dim")


def _accepted_line(findings: int, accepted: int, language: Language) -> str:
    """How many findings are open; the verdict is that of the figures all the same."""
    return pick(
        language,
        f"问题 {findings} 个，其中 {accepted} 个已认可（结论不因此改变）",
        f"findings: {findings}, accepted among them: {accepted} (the verdict stays that of the figures)",
    )


def _form_name(form: FormSummary, language: Language) -> str:
    page = pick(language, f"第 {form.pages[0]} 页的表", f"table on p. {form.pages[0]}") if form.pages else form.table
    return plain(form.title or "") or page


# The printed, the expected figure and the difference, as findings' sentences name them.
_FIGURE = r"[-−]?\d[\d,.]*"
_MARKED = (
    (rf"(?:(?<=印为 )|(?<=prints )){_FIGURE}", "bold red"),
    (rf"(?:(?<=应为 )|(?<=should be )){_FIGURE}", "bold green"),
    (rf"(?:(?<=相差 )|(?<=difference of )){_FIGURE}", "bold"),
)


def sentence_text(message: Message, language: Language) -> Text:
    """A finding's sentence with its figures in colour."""
    text = Text(plain(say(message, language)))
    for pattern, style in _MARKED:
        text.highlight_regex(pattern, style)
    return text


def print_finding(console: Console, severity: str, message: Message, identifier: str, language: Language, accepted: bool = False) -> None:
    """A finding in one paragraph: severity, whether it was accepted, sentence with page, form, cell and figures, and its id."""
    lead = Text.assemble("• ", severity_text(severity, language), " ")
    if accepted:
        lead.append(pick(language, "〔已认可〕", "(accepted) "), "dim")
    print_paragraph(console, Text.assemble(sentence_text(message, language), "  ", (f"[{short_id(identifier)}]", "dim")), lead)


def print_closing(console: Console, report: RunReport, language: Language) -> None:
    """The lines at the end: how many of each verdict, what was not read, where the results are, what to call next."""
    if not report.documents and not report.rejected:
        return
    table = Table.grid(padding=(0, 2))
    for verdict in _VERDICTS:
        if number := sum(document.verdict == verdict for document in report.documents):
            table.add_row(verdict_text(verdict, language), str(number))
    if report.rejected:
        table.add_row(Text(pick(language, "! 未能读取", "! not read"), "bold red"), str(len(report.rejected)))
    console.print(table)
    for rejected in report.rejected[:_MOST_NAMES]:
        name = plain(rejected.submission.name) if rejected.submission else "—"
        print_paragraph(console, Text(f"{name} [{rejected.code}]", "dim"), margin=4)
    if len(report.rejected) > _MOST_NAMES:
        print_paragraph(console, Text(f"… {len(report.rejected)}", "dim"), margin=4)
    if report.ignored:
        names = ", ".join(plain(name) for name in report.ignored[:_MOST_NAMES]) + (" …" if len(report.ignored) > _MOST_NAMES else "")
        ignored = pick(language, f"略过 {len(report.ignored)} 个非 PDF 文件：", f"{len(report.ignored)} other files passed over: ")
        print_paragraph(console, Text(ignored + names, "dim"), margin=0)
    where = plain(report.data)
    print_paragraph(console, Text(pick(language, f"结果保存在 {where}。", f"Results are in {where}."), "dim"), margin=0)
    results: list[RunDocument | RunFiling] = [*report.documents, *report.filings]
    findings = [finding for result in results for finding in result.findings]
    first = min(findings, key=lambda finding: list(_SEVERITIES).index(finding.severity), default=None)
    if first is not None:
        hint = pick(language, "查看某个问题的算式：bin/tieout explain ", "The sum behind a finding: bin/tieout explain ")
        option = "" if report.data == DEFAULT_DATA else f" --data {shlex.quote(report.data)}"
        print_paragraph(console, Text(plain(hint + short_id(first.id) + option), "dim"), margin=0)


def grouped(figure: str) -> str:
    """A printed figure with separators of thousands; what is printed otherwise (a bracket, a dash) stays as printed."""
    figure = plain(figure)
    return f"{Decimal(figure):,}" if _PLAIN_FIGURE.fullmatch(figure) else figure
