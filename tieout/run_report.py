"""`run --report DIR`: a workbook of the call, and the result of each of its documents and filings as JSON."""

from __future__ import annotations

from pathlib import Path

import msgspec

from services.store.domain.views import Filter
from shared.canonical import canonical_json
from shared.contracts.run import RunDocument, RunReport
from shared.plain_text import file_name_text, plain
from tieout.data_folder import DataFolder
from tieout.exit_codes import NOT_AVAILABLE, UserError
from tieout.language import Language, reason


def write_report(data: DataFolder, folder: Path, report: RunReport, rejected: list[str], language: Language) -> None:
    """Writes an XLSX workbook and, below `json/`, the validated document of each file of a run and the result of each filing.

    Args: rejected: ids of documents that were not read; the workbook lists them with the reason.
    """
    try:
        (folder / "json").mkdir(parents=True, exist_ok=True)
        for document in report.documents:
            view = data.document(document.document.id)
            validated = msgspec.structs.replace(data.validated(view).validated, submission=document.submission)
            (folder / "json" / _report_name(document)).write_bytes(canonical_json(validated) + b"\n")
        for filing in report.filings:
            about = filing.filing
            name = f"{file_stem(f'{about.entity} {about.year} {about.kind}')}.filing.{about.id.removeprefix('filing:')[:8]}.json"
            (folder / "json" / name).write_bytes(canonical_json(data.filing(about.id)) + b"\n")
    except OSError as problem:
        name = file_name_text(folder)
        raise UserError(
            NOT_AVAILABLE,
            f"报告无法写入 {name}（{reason(problem, 'zh')}）。结果已保存在数据目录，可用 tieout export 再次导出。",
            f"the report cannot be written to {name} ({reason(problem, 'en')}). The results are in the data folder; tieout export writes them again.",
        ) from None
    only = Filter(documents=(*(document.document.id for document in report.documents), *rejected))
    data.export("xlsx", folder, only, language)


def _report_name(document: RunDocument) -> str:
    """File name of a document's report: that of the file, made safe, and the beginning of its id, since names may repeat."""
    return f"{file_stem(Path(plain(document.submission.name)).stem)}.{document.document.id.removeprefix('sha256:')[:8]}.json"


def file_stem(text: str) -> str:
    """A text as the beginning of a file name: no separators, not too long."""
    return plain(text).replace("/", "_").strip(". ")[:80] or "document"
