"""`show`, `findings`, `explain`, `export`: what is stored, for people and programs."""

from __future__ import annotations

import argparse
import dataclasses
import sys
from itertools import groupby

from rich.text import Text

from services.store.domain.views import Filter
from shared.canonical import canonical_json
from shared.contracts.common import Submission
from shared.contracts.run import RunDocument
from shared.plain_text import file_name_text, plain
from tieout import extras
from tieout.data_folder import DataFolder, Stored
from tieout.exit_codes import NOTHING_TO_REPORT, USAGE, UserError
from tieout.explain import context_of, print_explanation
from tieout.language import Language, pick
from tieout.summary import kind_text, print_document, print_finding, summary_console
from tieout.wrapping import print_paragraph


def _print_json(*values: object) -> None:
    for value in values:
        sys.stdout.buffer.write(canonical_json(value) + b"\n")


def show(arguments: argparse.Namespace, language: Language) -> int:
    """`tieout show FILE-OR-ID`: the stored document as `run` showed it, with every form and finding."""
    with DataFolder(arguments.data, writing=False) as data:
        view = data.document(arguments.document)
        stored = data.validated(view)
    if arguments.json:
        _print_json(stored.validated)
        return NOTHING_TO_REPORT
    console = summary_console()
    print_document(console, _as_run_document(stored, list(view.names)), language)
    for form in stored.validated.forms:
        pages = _pages(form.pages)
        kind = form.form or pick(language, "种类未识别", "kind not recognised")
        title = plain(form.title or form.table)
        line = pick(
            language,
            f"{f'第 {pages} 页' if pages else ''}《{title}》{kind}：数字 {form.figures} 个，已勾稽 {form.tied}",
            f"{f'p. {pages}, ' if pages else ''}{title} ({kind}): {form.figures} figures, {form.tied} tied",
        )
        print_paragraph(console, Text(line))
    return NOTHING_TO_REPORT


def _pages(pages: tuple[int, ...]) -> str:
    """5–6 for pages in a row."""
    if len(pages) > 1 and pages[-1] - pages[0] == len(pages) - 1:
        return f"{pages[0]}–{pages[-1]}"
    return ", ".join(map(str, pages))


def _as_run_document(stored: Stored, names: list[str]) -> RunDocument:
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
    )


def findings(arguments: argparse.Namespace, language: Language) -> int:
    """`tieout findings`: all findings, worst first."""
    with DataFolder(arguments.data, writing=False) as data:
        rows = data.findings(arguments.entity, arguments.year, arguments.severity, arguments.code)
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
            print_finding(console, row.severity, row.message, row.id, language)
    if not rows:
        console.print(pick(language, "没有符合条件的问题。", "No findings."))
    return NOTHING_TO_REPORT


def explain(arguments: argparse.Namespace, language: Language) -> int:
    """`tieout explain FINDING`: the sums behind a finding."""
    with DataFolder(arguments.data, writing=False) as data:
        row = data.finding(arguments.finding)
        view = data.document(row.document)
        validated = data.validated(view).validated
        normalized = data.normalized(view)
    finding = next(each for each in validated.findings if each.id == row.id)
    if arguments.json:
        _print_json({"finding": finding, "checks": [check for check in validated.checks if check.id in finding.checks]})
        return NOTHING_TO_REPORT
    print_explanation(summary_console(), finding, validated, context_of(validated, normalized, language))
    return NOTHING_TO_REPORT


def export(arguments: argparse.Namespace, language: Language) -> int:
    """`tieout export`: files of everything stored, or one digest over it."""
    if arguments.digest:
        with DataFolder(arguments.data, writing=False) as data:
            print(data.digest())
        return NOTHING_TO_REPORT
    if arguments.output.exists() and not arguments.output.is_dir():
        name = file_name_text(arguments.output)
        raise UserError(USAGE, f"{name} 不是文件夹，请用 -o 指定文件夹。", f"{name} is no folder; name a folder with -o.")
    if arguments.format == "parquet":
        extras.need("parquet")
    with DataFolder(arguments.data, writing=False) as data:
        files = data.export(arguments.format, arguments.output, Filter(entity=arguments.entity, year=arguments.year), language)
    for file in files:
        print(file_name_text(file))
    return NOTHING_TO_REPORT
