"""`tieout run`: read, reconcile, store and summarise files and folders."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from rich.text import Text

from shared.canonical import canonical_json
from shared.contracts.rejected import Rejected
from shared.contracts.run import RunDocument, RunFiling, RunReport
from shared.limits import Limits
from shared.plain_text import file_name_text, plain
from tieout import extras, rejections
from tieout.data_folder import DataFolder, Stored
from tieout.embedded import Embedded
from tieout.exit_codes import FINDINGS, NOTHING_TO_REPORT, OWN_FAILURE, UNREADABLE, USAGE
from tieout.inputs import Inputs, document_id, gather, submission_of
from tieout.language import Language, pick
from tieout.progress import ProgressBar
from tieout.run_report import write_report
from tieout.stage_commands import no_such_path, rejection_line, storage_problem
from tieout.stages import StageResult
from tieout.summary import print_closing, print_document, print_filing, summary_console
from tieout.wrapping import print_paragraph


def run(arguments: argparse.Namespace, language: Language) -> int:
    """`tieout run FILE-OR-FOLDER…`; returns the exit code."""
    inputs = gather(arguments.paths)
    _say_what_is_missing(inputs, language)
    report = _read_and_store(inputs, arguments, language) if inputs.files else _report(arguments, inputs, [], [], [])
    with contextlib.suppress(BrokenPipeError):  # `| head` has seen enough; the results are stored and the code is theirs
        _print_report(report, arguments, language)
        sys.stdout.flush()
        return report.exit_code
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return report.exit_code


def _read_and_store(inputs: Inputs, arguments: argparse.Namespace, language: Language) -> RunReport:
    with DataFolder(arguments.data, writing=True) as data:
        data.activate(arguments.verify)
        session = _Session(arguments, language, data, inputs)
        session.run()
        report = _report(arguments, inputs, session.documents, session.filings, session.rejected)
        if session.failed:
            report = msgspec.structs.replace(report, exit_code=max(report.exit_code, OWN_FAILURE))
        if arguments.report is not None:
            write_report(data, arguments.report, report, session.rejected_ids, language)
    return report


def _say_what_is_missing(inputs: Inputs, language: Language) -> None:
    for path in inputs.missing:
        _complain(no_such_path(path, language))
    for path in inputs.without_pdf:
        name = file_name_text(path)
        _complain(pick(language, f"{name}：文件夹中没有 PDF。", f"{name}: there is no PDF in this folder."))
    for path in inputs.unreadable_folders:
        name = file_name_text(path)
        _complain(pick(language, f"{name}：文件夹无法打开，请检查权限。", f"{name}: the folder cannot be opened; check its permissions."))


def _complain(text: str) -> None:
    print(f"tieout: {text}", file=sys.stderr)


@dataclass
class _Session:
    """One call of `run`: what was read, rejected and known, in the order of the files."""

    arguments: argparse.Namespace
    language: Language
    data: DataFolder
    inputs: Inputs
    documents: list[RunDocument] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    rejected_ids: list[str] = field(default_factory=list)
    filings: list[RunFiling] = field(default_factory=list)
    failed: bool = False
    ids: dict[Path, str] = field(default_factory=dict)
    accepted: Collection[str] = ()

    def run(self) -> None:
        arguments = self.arguments
        shown = not arguments.quiet and not arguments.json
        self.accepted = self.data.accepted()
        with (
            ProgressBar(len(self.inputs.files), self.language, shown) as bar,
            Embedded("validate", arguments.jobs, Limits(), self.data.staging, arguments.verify, bar.under_way, self._install) as embedded,
        ):
            twins: list[Path] = []
            for path, result in embedded.process(self._unknown(self.inputs.files, bar, twins)):
                bar.done(self._take(path, result))
            # Files with the bytes of another one of this call: what was stored of that one is theirs as well.
            for path, result in embedded.process(self._unknown(twins, bar)):
                bar.done(self._take(path, result))
            self._reconcile(embedded)

    def _install(self, extra: str) -> bool:
        """Gets an extra that a document wants; what is read with it from now on is what counts."""
        there = extras.install(extra)
        if there:
            self.data.activate(self.arguments.verify)
        return there

    def _reconcile(self, embedded: Embedded) -> None:
        """What lies between documents, once all are stored: in whatever order they came, the same is found."""
        documents = [document.document.id for document in self.documents]
        for problem in self.data.reconcile(documents, embedded.compute):
            name, why = plain(f"{problem.filing.entity} {problem.filing.year}"), problem.why
            zh = f"{name}：未能与分开公开的文件或上年的文件核对（{plain(why.zh)}）。"
            _complain(pick(self.language, zh, f"{name}: not reconciled with its other documents or last year's ({plain(why.en)})."))
            self.failed = self.failed or problem.own
        self.filings = self.data.filings(documents)

    def _unknown(self, paths: list[Path], bar: ProgressBar, twins: list[Path] | None = None) -> Iterator[Path]:
        """The files that have to be read; the others are taken from the store, or put aside as `twins` of one that is being read."""
        first_pass, seen = twins is not None, set[str]()
        for path in paths:
            try:
                identifier, _ = document_id(path)
            except OSError as problem:
                self._reject(path, rejections.unreadable(problem), None)
                bar.done(0)
                continue
            if twins is not None and identifier in seen:
                twins.append(path)
                continue
            seen.add(identifier)
            self.ids[path] = identifier
            stored = None if self.arguments.again and first_pass else self.data.known(identifier, self.arguments.verify)
            if stored is None:
                yield path
            else:
                self._take_known(path, identifier, stored)
                bar.done(0)

    def _take_known(self, path: Path, identifier: str, stored: Stored | Rejected) -> None:
        if isinstance(stored, Rejected):
            self._reject(path, stored, identifier)
        else:
            self.data.submit(submission_of(path), identifier, path.stat().st_size, now())
            self._add(path, stored, known=True)

    def _take(self, path: Path, result: StageResult) -> int:
        """Stores a result; returns the pages of the document."""
        if result.storage_problem is not None:
            raise storage_problem(result.storage_problem)
        if result.rejected is not None:
            self._reject(path, result.rejected, result.document_id or self.ids.get(path))
            return 0
        stored = self.data.store(submission_of(path), result, now())
        self._add(path, stored, known=False)
        return stored.pages

    def _reject(self, path: Path, rejected: Rejected, identifier: str | None) -> None:
        rejected = msgspec.structs.replace(rejected, submission=submission_of(path))
        self.rejected.append(rejected)
        if identifier is not None:
            self.rejected_ids.append(identifier)
        _complain(rejection_line(path, rejected, self.language))
        self.data.reject(rejected, submission_of(path), identifier, self.arguments.verify)

    def _add(self, path: Path, stored: Stored, known: bool) -> None:
        validated = stored.validated
        self.documents.append(
            RunDocument(
                submission=submission_of(path),
                document=validated.document,
                pages=stored.pages,
                known=known,
                verdict=validated.verdict,
                counts=validated.counts,
                coverage=validated.coverage,
                forms=validated.forms,
                findings=validated.findings,
                accepted=tuple(finding.id for finding in validated.findings if finding.id in self.accepted),
            )
        )


def _report(
    arguments: argparse.Namespace, inputs: Inputs, documents: list[RunDocument], filings: list[RunFiling], rejected: list[Rejected]
) -> RunReport:
    """What the call came to, in the order of the files."""
    order = {submission_of(path).object: index for index, path in enumerate(inputs.files)}
    return RunReport(
        documents=tuple(sorted(documents, key=lambda document: order.get(document.submission.object, 0))),
        rejected=tuple(rejected),
        ignored=tuple(file_name_text(path) for path in inputs.ignored),
        missing=tuple(file_name_text(path) for path in inputs.missing),
        without_pdf=tuple(file_name_text(path) for path in inputs.without_pdf),
        data=file_name_text(arguments.data),
        exit_code=_exit_code(inputs, [*documents, *filings], rejected),
        filings=tuple(filings),
    )


def _exit_code(inputs: Inputs, results: list[RunDocument | RunFiling], rejected: list[Rejected]) -> int:
    codes = [NOTHING_TO_REPORT]
    if any(finding.severity == "error" for result in results for finding in result.findings):
        codes.append(FINDINGS)
    if inputs.missing:
        codes.append(USAGE)
    if rejected or inputs.without_pdf or inputs.unreadable_folders:
        codes.append(UNREADABLE)
    if any(each.code == "failed" for each in rejected):
        codes.append(OWN_FAILURE)
    return max(codes)


def now() -> datetime:
    """The present, in UTC."""
    return datetime.now(UTC)


def _print_report(report: RunReport, arguments: argparse.Namespace, language: Language) -> None:
    if arguments.json:
        sys.stdout.buffer.write(canonical_json(report) + b"\n")
        return
    if arguments.quiet:
        return
    console = summary_console()
    for document in report.documents:
        print_document(console, document, language)
    for filing in report.filings:
        print_filing(console, filing, language)
    print_closing(console, report, language)
    if arguments.report is not None:
        where = plain(file_name_text(arguments.report))
        print_paragraph(console, Text(pick(language, f"报告在 {where}。", f"The report is in {where}."), "dim"), margin=0)
