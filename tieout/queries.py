"""`show`, `findings`, `explain`, `export`: what is stored, for people and programs."""

from __future__ import annotations

import argparse
import dataclasses
import sys

from services.store.domain.views import Filter
from shared.canonical import canonical_json
from shared.contracts.common import Submission
from shared.contracts.run import RunDocument
from shared.plain_text import file_name_text, plain
from tieout import extras
from tieout.data_folder import DataFolder, Stored
from tieout.exit_codes import NOTHING_TO_REPORT, USAGE, UserError
from tieout.explain import print_explanation
from tieout.language import Language, pick
from tieout.summary import finding_text, kind_text, print_document, summary_console


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
        pages = ", ".join(map(str, form.pages))
        kind = form.form or pick(language, "种类未识别", "kind not recognised")
        title = plain(form.title or form.table)
        console.print(
            pick(
                language,
                f"  {title}（{kind}）第 {pages} 页：数字 {form.figures}，勾稽 {form.tied}",
                f"  {title} ({kind}), p. {pages}: {form.figures} figures, {form.tied} tied",
            ),
            markup=False,
        )
    return NOTHING_TO_REPORT


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
    for row in rows:
        kind = kind_text(row.kind or "other", language)
        console.print(f"{plain(row.entity or '—')} {row.year or '—'} {kind} · {plain(row.document_name)}", style="cyan", markup=False)
        console.print(finding_text(row.severity, row.message, row.id, language))
    if not rows:
        console.print(pick(language, "没有符合条件的问题。", "No findings."))
    return NOTHING_TO_REPORT


def explain(arguments: argparse.Namespace, language: Language) -> int:
    """`tieout explain FINDING`: the sums behind a finding."""
    with DataFolder(arguments.data, writing=False) as data:
        row = data.finding(arguments.finding)
        validated = data.validated(data.document(row.document)).validated
    finding = next(each for each in validated.findings if each.id == row.id)
    if arguments.json:
        _print_json({"finding": finding, "checks": [check for check in validated.checks if check.id in finding.checks]})
        return NOTHING_TO_REPORT
    print_explanation(summary_console(), finding, validated, language)
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
