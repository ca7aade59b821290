"""A finding written out: its sentence, and each of its checks as a sum, line by line, with form, page and cell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from shared.check_reasons import reason_in
from shared.contracts.events import FilingInfo
from shared.contracts.normalized import Fact, Normalized, NormalizedDocument
from shared.contracts.validated import Cause, Check, Diagnosis, Finding, Validated
from shared.plain_text import plain
from tieout.language import Language, pick
from tieout.summary import grouped, kind_text, sentence_text, severity_text, short_id
from tieout.wrapping import print_paragraph

STATUS_WORDS = {
    "failed": ("不符", "fails", "bold red"),
    "exact": ("相符", "exact", "green"),
    "rounding": ("尾差", "rounding", "green"),
    "suspicious": ("可疑", "suspicious", "yellow"),
    "not_assessable": ("无法判断", "not assessable", "dim"),
}
CAUSE_WORDS: dict[Cause, tuple[str, str]] = {
    "digit_substituted": ("一位数字录错", "one digit mistyped"),
    "digits_swapped": ("两位数字颠倒", "two digits swapped"),
    "digit_dropped": ("漏录一位数字", "a digit left out"),
    "digit_inserted": ("多录一位数字", "a digit too many"),
    "decimal_shift": ("小数点错位", "the decimal point misplaced"),
    "zero_extra": ("多写一个零", "a zero too many"),
    "unit_slip": ("元与万元混用", "the wrong unit"),
    "sign_flipped": ("正负号相反", "the sign reversed"),
    "column_shift": ("填错栏目", "in the wrong column"),
    "row_missing": ("漏列一行", "a row left out"),
    "row_duplicated": ("重复列一行", "a row twice"),
    "subtotal_counted": ("小计重复计入", "a subtotal added as well"),
    "stale_copy": ("沿用了旧数", "an old figure kept"),
    "page_missing": ("缺页", "a page missing"),
    "cells_merged": ("单元格合并", "cells merged"),
    "misread": ("可能是我们读错", "perhaps our misreading"),
    "unknown": ("原因不明", "cause unknown"),
}


@dataclass(frozen=True)
class Context:
    """What a finding is explained with. `rules`: the names of identities by id. `columns`: header paths by (table, column).

    `files`: the name of the file of each table, where several are spoken of. `loose`: what is no table: its figures have no cell. `sentences`: of
    the narrative, by the id of the figure in it.
    """

    facts: Mapping[str, Fact]
    titles: Mapping[str, str]
    columns: Mapping[tuple[str, int], tuple[str, ...]]
    rules: Mapping[str, str]
    language: Language
    files: Mapping[str, str] = field(default_factory=dict)
    loose: frozenset[str] = frozenset()
    sentences: Mapping[str, str] = field(default_factory=dict)


def context_of(validated: Validated, normalized: Normalized, language: Language) -> Context:
    """The context of a stored document: its figures, and those of its narrative."""
    from services.validator.domain.claim_figures import CLAIMS_TABLE, claim_fact

    claims = [claim_fact(claim, index) for index, claim in enumerate(normalized.claims)]
    titles = {form.table: plain(form.title or "") for form in validated.forms}
    return Context(
        facts={fact.id: fact for fact in (*validated.facts, *claims)},
        titles=titles | {CLAIMS_TABLE: pick(language, "文字说明", "narrative")},
        columns={(form.table, column.col): column.path for form in normalized.forms for column in form.columns},
        rules=rule_names(language),
        language=language,
        loose=frozenset({CLAIMS_TABLE}),
        sentences={fact.id: claim.text for fact, claim in zip(claims, normalized.claims, strict=True)},
    )


def rule_names(language: Language) -> dict[str, str]:
    """The names of all identities by id."""
    from services.validator.adapters.rules_files import load_rules

    return {rule.id: pick(language, rule.zh, rule.en) for rule in load_rules().identities}


def print_explanation(
    console: Console, finding: Finding, about: NormalizedDocument | FilingInfo, checks: Iterable[Check], context: Context
) -> None:
    """Prints a finding with everything that it rests on. Args: about: the document or filing. checks: of its result."""
    language = context.language
    heading = f"  {about.year or '—'} {kind_text(about.kind, language)}  "
    console.print(Text.assemble((plain(about.entity or "—"), "bold"), heading, (f"{short_id(finding.id)} · {finding.code}", "dim")))
    print_paragraph(
        console, sentence_text(finding.message, language), Text.assemble(severity_text(finding.severity, language), " "), margin=0
    )
    if finding.diagnosis is not None:
        for line in diagnosis_lines(finding.diagnosis, context):
            print_paragraph(console, line, margin=0)
    by_id = {check.id: check for check in checks}
    shown = [by_id[each] for each in finding.checks if each in by_id]
    marks = accused_marks(finding, language)
    for number, check in enumerate(shown, start=1):
        console.print()
        print_sum(console, check, context, marks, f"{number}/{len(shown)}")
    if not shown:
        for evidence in finding.evidence:
            fact = context.facts.get(evidence.fact)
            unit = (fact.unit or "") if fact else ""
            place = place_text(fact, None, context) or pick(language, f"第 {evidence.page} 页", f"p. {evidence.page}")
            print_paragraph(console, Text(f"{place}{pick(language, '：', ': ')}{grouped(evidence.text)} {unit}".rstrip()))
        said = dict.fromkeys(context.sentences[each.fact] for each in finding.evidence if each.fact in context.sentences)
        for sentence in said:
            print_paragraph(console, Text(pick(language, "原文：", "text: ") + plain(sentence), "dim"))


@dataclass(frozen=True)
class SumLine:
    """A line of a sum: what it is, the figure, its unit, where it stands."""

    label: str
    figure: str
    unit: str = ""
    place: str = ""
    style: str = ""


def print_sum(console: Console, check: Check, context: Context, marks: Mapping[str, str], number: str) -> None:
    """One check: the figure as printed, its parts, their sum, the difference and how much rounding could explain.

    Args: marks: what is said of a figure behind its place, by the id of its fact.
    """
    language = context.language
    zh, en, style = STATUS_WORDS[check.status]
    name = context.rules.get(check.rule, check.rule)
    head = Text.assemble(
        (pick(language, "核对 ", "check "), "bold"), (f"{number} ", "bold"), (name, "bold"), "  ", (pick(language, zh, en), style)
    )
    head.append(f"  {check.rule}", "dim")
    print_paragraph(console, head, margin=0)
    lines = sum_lines(check, context, marks)
    labels = max(cell_len(line.label) for line in lines)
    figures = max(cell_len(line.figure) for line in lines)
    units = max(cell_len(line.unit) for line in lines)
    for line in lines:
        columns = f"{_fill(line.label, labels)}  {' ' * (figures - cell_len(line.figure))}{line.figure} {_fill(line.unit, units)}  "
        print_paragraph(console, Text(line.place, line.style), Text(columns if line.place else columns.rstrip(), line.style))


def sum_lines(check: Check, context: Context, marks: Mapping[str, str]) -> list[SumLine]:
    """A check as lines of a sum: the figure, its parts with their signs, what they add up to, the difference. Args: marks: as in `print_sum`."""
    language = context.language
    target = context.facts.get(check.target)
    unit = check.unit or ""
    lines = [
        SumLine(
            pick(language, "印出", "printed"),
            _amount(check.reported) if check.reported is not None else (grouped(target.text) if target else "—"),
            unit,
            place_text(target, None, context) + marks.get(check.target, ""),
            "bold",
        )
    ]
    above = target
    alone = len(check.terms) == 1 and check.terms[0].sign > 0
    for term in check.terms:
        fact = context.facts.get(term.fact)
        label = pick(language, "另处印出", "elsewhere") if alone else ("  +" if term.sign > 0 else "  −")
        place = place_text(fact, above, context) + marks.get(term.fact, "")
        lines.append(SumLine(label, grouped(fact.text) if fact else "?", (fact.unit or "") if fact else "", place))
        above = fact or above
    if check.status == "not_assessable":
        lines.append(SumLine(pick(language, "无法判断", "open"), "", "", plain(reason_in(check.reason, language))))
        return lines
    if not alone:
        lines.append(SumLine(pick(language, "= 各项之和", "= sum"), _amount(check.computed), unit))
    style = "bold red" if check.status == "failed" else ""
    lines.append(SumLine(pick(language, "相差", "difference"), _amount(check.difference), unit, _rounding(check, language), style))
    return lines


def _rounding(check: Check, language: Language) -> str:
    """How much of a difference rounding may make; with few terms the usual bound exceeds the possible one and says nothing."""
    unit = check.unit or ""
    text = pick(
        language,
        f"四舍五入最多造成 {_amount(check.possible)} {unit}",
        f"rounding makes {_amount(check.possible)} {unit} at most",
    ).rstrip()
    if check.plausible is not None and check.possible is not None and check.plausible < check.possible:
        text += pick(language, f"，通常不超过 {_amount(check.plausible)}", f", usually up to {_amount(check.plausible)}")
    return text


def accused_marks(finding: Finding, language: Language) -> dict[str, str]:
    """An arrow at the figure that the finding is about, with what it should be."""
    diagnosis = finding.diagnosis
    if not finding.evidence or finding.severity == "info" or (diagnosis is not None and diagnosis.fills_a_blank):
        return {}
    suggested = grouped(diagnosis.suggested) if diagnosis and diagnosis.suggested else None
    words = pick(language, f"应为 {suggested}", f"should be {suggested}") if suggested else pick(language, "存疑", "in doubt")
    return {finding.evidence[0].fact: f" ← {words}"}


def place_text(fact: Fact | None, above: Fact | None, context: Context) -> str:
    """Page, form, row × column of a figure; the form is left out where it is that of the line above."""
    if fact is None:
        return ""
    language = context.language
    column = "·".join(plain(name) for name in context.columns.get((fact.table, fact.col), ())[-2:])
    label = "×".join(f"“{name}”" for name in (plain(fact.label), column) if name)
    cell = pick(language, f"（第 {fact.row + 1} 行第 {fact.col + 1} 列）", f" (row {fact.row + 1}, column {fact.col + 1})")
    if fact.table in context.loose:
        cell = ""
    same = above is not None and above.table == fact.table
    title = "" if same else context.titles.get(fact.table) or fact.table
    form = f"《{title}》" if title else pick(language, " ", ", ")
    file = "" if same or fact.table not in context.files else f"{context.files[fact.table]} "
    return file + pick(language, f"第 {fact.page} 页", f"p. {fact.page}") + form + label + cell


def _fill(text: str, width: int) -> str:
    return text + " " * (width - cell_len(text))


def _amount(amount: Decimal | None) -> str:
    return "—" if amount is None else f"{amount:,}"


_CANDIDATES = 5  # as many as fit beside a page that one looks at


def diagnosis_lines(diagnosis: Diagnosis, context: Context) -> Iterator[Text]:
    """What to correct, or what may be wrong: the cause, the change, and other figures that could be meant instead."""
    language = context.language
    cause, sure = pick(language, *CAUSE_WORDS[diagnosis.cause]), f"{diagnosis.confidence:.0%}"
    if diagnosis.fills_a_blank:
        wanted = grouped(diagnosis.suggested or "")
        yield Text(pick(language, f"建议填入 {wanted}（把握 {sure}）", f"suggestion: put in {wanted} (confidence {sure})"))
    elif diagnosis.suggested:
        change = _change(context, diagnosis.fact, diagnosis.reported, diagnosis.suggested)
        yield Text(
            pick(
                language,
                f"建议 {change}（可能原因：{cause}；把握 {sure}）",
                f"suggestion {change} (likely cause: {cause}; confidence {sure})",
            )
        )
    elif diagnosis.cause != "unknown" or diagnosis.fact:
        yield Text(pick(language, f"可能原因：{cause}（把握 {sure}）", f"likely cause: {cause} (confidence {sure})"))
    if diagnosis.candidates:
        yield Text(
            pick(
                language,
                "也可能是：" if diagnosis.fact else "可能有误的数：",
                "it may also be:" if diagnosis.fact else "one of these may be wrong:",
            )
        )
    for number, candidate in enumerate(diagnosis.candidates[:_CANDIDATES], start=1):
        fact = context.facts.get(candidate.fact)
        words = [place_text(fact, None, context) or candidate.fact]
        if candidate.suggested:
            words.append(_change(context, candidate.fact, fact.text if fact else "", candidate.suggested))
        why = "" if candidate.cause == "unknown" else pick(language, *CAUSE_WORDS[candidate.cause]) + pick(language, "，", ", ")
        words.append(pick(language, f"（{why}{candidate.confidence:.0%}）", f"({why}{candidate.confidence:.0%})"))
        yield Text(f"  {number}. " + " ".join(words))
    if len(diagnosis.candidates) > _CANDIDATES:
        more = len(diagnosis.candidates) - _CANDIDATES
        yield Text(pick(language, f"  另有 {more} 个，见 explain --json", f"  and {more} more: explain --json"), style="dim")


def _change(context: Context, fact: str | None, reported: str | None, suggested: str) -> str:
    known = context.facts.get(fact or "")
    unit = f" {known.unit}" if known and known.unit else ""
    return f"{grouped(reported or '')} → {grouped(suggested)}{unit}"
