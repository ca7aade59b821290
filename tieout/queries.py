"""`show`, `findings`, `explain`, `export`: what is stored, for people and programs."""

from __future__ import annotations

import argparse
import dataclasses
import sys
from collections.abc import Collection
from itertools import groupby

from rich.console import Console
from rich.text import Text

from services.store.domain.views import Filter, FindingView
from shared.canonical import canonical_json
from shared.contracts.common import Submission
from shared.contracts.run import RunDocument
from shared.contracts.validated import Validated
from shared.plain_text import file_name_text, plain
from tieout import extras
from tieout.data_folder import DataFolder, Stored
from tieout.exit_codes import NOTHING_TO_REPORT, USAGE, UserError
from tieout.explain import context_of, print_explanation
from tieout.explain_figure import untied_facts
from tieout.filings import run_filing
from tieout.handover.accept import acceptance_text
from tieout.language import Language, pick, say
from tieout.summary import grouped, kind_text, more_text, print_document, print_filing, print_finding, summary_console
from tieout.wrapping import print_paragraph

FILING_ID = "filing:"
_MOST_UNTIED = 40  # lines; a form that was not understood may have hundreds


def _print_json(*values: object) -> None:
    for value in values:
        sys.stdout.buffer.write(canonical_json(value) + b"\n")


def _stored(arguments: argparse.Namespace, language: Language) -> DataFolder:
    """The results of the folder that is meant; says whose they are where that may surprise."""
    folder = DataFolder(arguments.data, writing=False)
    if folder.note is not None:
        print(f"tieout: {say(folder.note, language)}", file=sys.stderr)
    return folder


def show(arguments: argparse.Namespace, language: Language) -> int:
    """`tieout show FILE-OR-ID`: the stored document as `run` showed it, with every form and finding; or a filing by its id."""
    if arguments.document.startswith(FILING_ID):
        return _show_filing(arguments, language)
    with _stored(arguments, language) as data:
        view = data.document(arguments.document)
        stored = data.validated(view)
        filings = data.filings([view.id])
        accepted = data.accepted()
    if arguments.json:
        _print_json(stored.validated)
        return NOTHING_TO_REPORT
    console = summary_console()
    print_document(console, _as_run_document(stored, list(view.names), accepted), language)
    for form in stored.validated.forms:
        pages = _pages(form.pages)
        kind = form.form or pick(language, "种类未识别", "kind not recognised")
        title = plain(form.title or form.table)
        line = pick(
            language,
            f"{f'第 {pages} 页' if pages else ''}《{title}》{kind}：数字 {form.figures} 个，已勾稽 {form.tied}{more_text(form.tied_more, language)}",
            f"{f'p. {pages}, ' if pages else ''}{title} ({kind}): {form.figures} figures, {form.tied} tied{more_text(form.tied_more, language)}",
        )
        print_paragraph(console, Text(line))
    _print_untied(console, stored.validated, language)
    for filing in filings:
        console.print()
        print_filing(console, filing, language)
        print_paragraph(console, Text(f"show {filing.filing.id}", "dim"))
    return NOTHING_TO_REPORT


def _show_filing(arguments: argparse.Namespace, language: Language) -> int:
    """A filing's own result: what was compared between its documents, and with last year's."""
    with _stored(arguments, language) as data:
        filing = data.filing(arguments.document)
        shown = run_filing(filing, data.name_of, data.accepted())
    if arguments.json:
        _print_json(filing)
    else:
        print_filing(summary_console(), shown, language)
    return NOTHING_TO_REPORT


def _print_untied(console: Console, validated: Validated, language: Language) -> None:
    untied = untied_facts(validated)
    if not untied:
        return
    titles = {form.table: plain(form.title or "") for form in validated.forms}
    console.print()
    console.print(
        pick(
            language,
            f"未勾稽的数字（{len(untied)} 个，没有参与任何核对，不等于有错）：",
            f"Figures not tied ({len(untied)}: in no check, which is no error):",
        )
    )
    for fact in untied[:_MOST_UNTIED]:
        cell = pick(language, f"（第 {fact.row + 1} 行第 {fact.col + 1} 列）", f" (row {fact.row + 1}, column {fact.col + 1})")
        page = pick(language, f"第 {fact.page} 页", f"p. {fact.page} ")
        title = f"《{titles[fact.table]}》" if titles.get(fact.table) else ""
        label = f"“{plain(fact.label)}”" if fact.label else ""
        line = f"{page}{title}{label}{cell}  {grouped(fact.text)} {fact.unit or ''}"
        print_paragraph(console, Text(line.rstrip()))
    if len(untied) > _MOST_UNTIED:
        more = len(untied) - _MOST_UNTIED
        print_paragraph(console, Text(pick(language, f"… 另有 {more} 个，见 show --json", f"… and {more} more: show --json"), "dim"))


def _pages(pages: tuple[int, ...]) -> str:
    """5–6 for pages in a row."""
    if len(pages) > 1 and pages[-1] - pages[0] == len(pages) - 1:
        return f"{pages[0]}–{pages[-1]}"
    return ", ".join(map(str, pages))


def _as_run_document(stored: Stored, names: list[str], accepted: Collection[str]) -> RunDocument:
    validated = stored.validated
    return RunDocument(
        submission=Submission(name=", ".join(names)),
        document=validated.document,
        pages=stored.pages,
        known=True,
        verdict=validated.verdict,
        counts=validated.counts,
        coverage=validated.coverage,
        forms=validated.forms,
        findings=validated.findings,
        accepted=tuple(finding.id for finding in validated.findings if finding.id in accepted),
    )


def findings(arguments: argparse.Namespace, language: Language) -> int:
    """`tieout findings`: all findings, worst first."""
    with _stored(arguments, language) as data:
        rows = data.findings(arguments.entity, arguments.year, arguments.severity, arguments.code)
    if arguments.open:
        rows = [row for row in rows if row.accepted is None]
    if arguments.json:
        _print_json(*(dataclasses.asdict(row) | {"message": row.message, "evidence": row.evidence} for row in rows))
        return NOTHING_TO_REPORT
    console = summary_console()
    for _, group in groupby(rows, key=lambda row: (row.severity, row.document)):
        same = list(group)
        first = same[0]
        kind = kind_text(first.kind or "other", language)
        about = f"{plain(first.entity or '—')} {first.year or '—'} {kind} · {plain(first.document_name)}"
        print_paragraph(console, Text(about, "cyan"), margin=0)
        for row in same:
            print_finding(console, row.severity, row.message, row.id, language, row.accepted is not None)
            if row.accepted is not None:
                print_paragraph(console, acceptance_text(row.accepted, language), margin=4)
    if not rows:
        console.print(pick(language, "没有符合条件的问题。", "No findings."))
    return NOTHING_TO_REPORT


def explain(arguments: argparse.Namespace, language: Language) -> int:
    """`tieout explain FINDING`: the sums behind a finding. `tieout explain DOCUMENT --figure ID`: the sums that hold a figure."""
    if arguments.figure is not None:
        return _explain_figure(arguments, language)
    with _stored(arguments, language) as data:
        row = data.finding(arguments.finding)
        if row.filing is not None:
            return _explain_between(arguments, language, data, row)
        view = data.document(row.document)
        validated = data.validated(view).validated
        normalized = data.normalized(view)
    finding = next(each for each in validated.findings if each.id == row.id)
    if arguments.json:
        checks = [check for check in validated.checks if check.id in finding.checks]
        _print_json({"finding": finding, "checks": checks, "accepted": _acceptance(row)})
        return NOTHING_TO_REPORT
    context = context_of(validated, normalized, language)
    _say_accepted(row, language)
    print_explanation(summary_console(), finding, validated.document, validated.checks, context)
    return NOTHING_TO_REPORT


def _explain_figure(arguments: argparse.Namespace, language: Language) -> int:
    """The sums that hold a figure of a stored document; where several cells print the amount, which they are."""
    from tieout.explain_figure import checks_of, figures_named, print_choice, print_figure

    with _stored(arguments, language) as data:
        view = data.document(arguments.finding)
        validated = data.validated(view).validated
        normalized = data.normalized(view)
    facts = figures_named(validated, arguments.figure)
    if arguments.json:
        _print_json(*({"figure": fact, "checks": checks_of(validated, fact.id)} for fact in facts))
        return NOTHING_TO_REPORT
    context = context_of(validated, normalized, language)
    if len(facts) > 1:
        print_choice(summary_console(), validated, facts, context)
    else:
        print_figure(summary_console(), validated, facts[0], context)
    return NOTHING_TO_REPORT


def _acceptance(row: FindingView) -> dict[str, str] | None:
    return None if row.accepted is None else dataclasses.asdict(row.accepted)


def _say_accepted(row: FindingView, language: Language) -> None:
    if row.accepted is not None:
        print_paragraph(summary_console(), acceptance_text(row.accepted, language), margin=0)


def _explain_between(arguments: argparse.Namespace, language: Language, data: DataFolder, row: FindingView) -> int:
    """The sums behind a finding between the documents of a filing."""
    from tieout.explain_filing import Named, joined, members_named

    filing = data.filing(row.filing or "")
    finding = next(each for each in filing.findings if each.id == row.id)
    if arguments.json:
        own = [check for check in filing.checks if check.id in finding.checks]
        _print_json({"finding": finding, "checks": own, "accepted": _acceptance(row)})
        return NOTHING_TO_REPORT
    members = members_named(filing, finding)
    documents = {member.document: Named(data.normalized_member(member), data.name_of(member.document)) for member in members}
    shown, checks, context = joined(filing, finding, documents, language)
    _say_accepted(row, language)
    print_explanation(summary_console(), shown, filing.filing, checks, context)
    return NOTHING_TO_REPORT


def export(arguments: argparse.Namespace, language: Language) -> int:
    """`tieout export`: files of everything stored, or one digest over it."""
    if arguments.digest:
        with _stored(arguments, language) as data:
            print(data.digest())
        return NOTHING_TO_REPORT
    if arguments.output.exists() and not arguments.output.is_dir():
        name = file_name_text(arguments.output)
        raise UserError(USAGE, f"{name} 不是文件夹，请用 -o 指定文件夹。", f"{name} is no folder; name a folder with -o.")
    if arguments.format == "parquet":
        extras.need("parquet")
    with _stored(arguments, language) as data:
        files = data.export(arguments.format, arguments.output, Filter(entity=arguments.entity, year=arguments.year), language)
    for file in files:
        print(file_name_text(file))
    return NOTHING_TO_REPORT
