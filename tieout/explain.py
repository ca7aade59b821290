"""A finding written out: its sentence, and each of its checks as a sum, line by line, with form, page and cell."""

from __future__ import annotations

from decimal import Decimal

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from shared.contracts.normalized import Fact
from shared.contracts.validated import Check, Diagnosis, Finding, Validated
from shared.plain_text import plain
from tieout.language import Language, pick, say
from tieout.summary import kind_text, print_indented, severity_text, short_id

_STATUS = {
    "failed": ("不符", "fails"),
    "exact": ("相符", "exact"),
    "rounding": ("尾差", "rounding"),
    "suspicious": ("可疑", "suspicious"),
    "not_assessable": ("无法判断", "not assessable"),
}


def print_explanation(console: Console, finding: Finding, validated: Validated, language: Language) -> None:
    """Prints a finding with everything that it rests on."""
    filing = validated.document
    console.print(
        Text.assemble(
            (plain(filing.entity or "—"), "bold"),
            f"  {filing.year or '—'} {kind_text(filing.kind, language)}  ",
            (short_id(finding.id), "dim"),
        )
    )
    console.print(Text.assemble(severity_text(finding.severity, language), f" {finding.code}  ", plain(say(finding.message, language))))
    facts = {fact.id: fact for fact in validated.facts}
    titles = {form.table: plain(form.title or "") for form in validated.forms}
    checks = {check.id: check for check in validated.checks}
    for check_id in finding.checks:
        if check := checks.get(check_id):
            console.print()
            print_sum(console, check, facts, titles, language)
    if not finding.checks:
        for evidence in finding.evidence:
            print_indented(console, Text(_place(facts.get(evidence.fact), titles, language) + "  " + plain(evidence.text)))
    if finding.diagnosis is not None:
        console.print()
        console.print(_diagnosis_text(finding.diagnosis, language))


def print_sum(console: Console, check: Check, facts: dict[str, Fact], titles: dict[str, str], language: Language) -> None:
    """One check: the figure as printed, its parts, their sum, the difference and how much rounding could explain."""
    unit = check.unit or ""
    status = pick(language, *_STATUS[check.status])
    console.print(Text.assemble((pick(language, "核对 ", "check ") + check.rule, "bold"), f"  {status}"))
    table = Table.grid(padding=(0, 2))
    table.add_column(justify="left")
    table.add_column(justify="right")
    table.add_column(justify="left")
    table.add_row(
        pick(language, "印出", "printed"), _amount(check.reported, unit), _place(facts.get(check.target), titles, language), style="bold"
    )
    for term in check.terms:
        fact = facts.get(term.fact)
        sign = "+" if term.sign > 0 else "−"
        table.add_row(f"  {sign}", fact.text if fact else "?", _place(fact, titles, language))
    if check.status == "not_assessable":
        table.add_row(pick(language, "无法判断", "not assessable"), "", plain(check.reason or ""))
    else:
        table.add_row(pick(language, "= 合计", "= sum"), _amount(check.computed, unit), "")
        note = pick(
            language,
            f"四舍五入最多可解释 {_amount(check.possible, unit)}，通常不超过 {_amount(check.plausible, unit)}",
            f"rounding explains {_amount(check.possible, unit)} at most, usually up to {_amount(check.plausible, unit)}",
        )
        table.add_row(
            pick(language, "相差", "difference"),
            _amount(check.difference, unit),
            note,
            style="bold red" if check.status == "failed" else "",
        )
    console.print(Padding(table, (0, 0, 0, 2)))


def _place(fact: Fact | None, titles: dict[str, str], language: Language) -> str:
    if fact is None:
        return ""
    title = titles.get(fact.table) or fact.table
    label = plain(fact.label)
    cell = pick(language, f"第 {fact.row + 1} 行第 {fact.col + 1} 列", f"row {fact.row + 1}, column {fact.col + 1}")
    return pick(language, f"第 {fact.page} 页《{title}》{label}（{cell}）", f"p. {fact.page}, {title}: {label} ({cell})")


def _amount(amount: Decimal | None, unit: str) -> str:
    return "—" if amount is None else f"{amount:,} {unit}".rstrip()


def _diagnosis_text(diagnosis: Diagnosis, language: Language) -> Text:
    suggested = diagnosis.suggested or pick(language, "未定", "open")
    return Text(
        pick(
            language,
            f"建议：{diagnosis.reported} → {suggested}（原因 {diagnosis.cause}，把握 {diagnosis.confidence:.0%}）",
            f"suggestion: {diagnosis.reported} → {suggested} (cause {diagnosis.cause}, confidence {diagnosis.confidence:.0%})",
        )
    )
