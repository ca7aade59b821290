"""Exports: workbook, CSV, Parquet, JSON lines. All hold the same rows; a file is there wholly or not at all."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Final, Literal, get_args

from services.store.domain.errors import DiskFull, StoreUnavailable
from services.store.domain.export_rows import Language
from services.store.domain.views import Filter
from services.store.ports import Store
from shared.plain_text import file_name_text
from shared.system_errors import reason

Format = Literal["xlsx", "csv", "parquet", "json"]
FORMATS: Final[tuple[str, ...]] = get_args(Format)

Writer = Callable[[Store, Path, Filter, Language], list[str]]


def export(
    store: Store,
    format: str,  # noqa: A002 - the word of the command line
    out_dir: Path,
    filter: Filter | None = None,  # noqa: A002
    lang: Language = "zh",
    names: Mapping[str, Mapping[str, str]] | None = None,
) -> list[Path]:
    """Writes what the filter means into `out_dir` (made where missing); returns the files.

    xlsx: tieout.xlsx. csv, parquet: documents, findings, facts, checks. json: documents.jsonl, a document a line.
    Args: lang: of headings (workbook) and messages. names: words for codes that only the caller knows, by column (workbook). Raises: ValueError: no such format. DiskFull. StoreUnavailable: the folder cannot
    be written. ImportError: Parquet without pyarrow (the extra `parquet`).
    """
    if format not in FORMATS:
        raise ValueError(f"no such format: {format}; formats are {', '.join(FORMATS)}")
    with _typed(out_dir):
        out_dir.mkdir(parents=True, exist_ok=True)
        return [out_dir / name for name in _writer(format, names or {})(store, out_dir, filter or Filter(), lang)]


def _writer(format: str, names: Mapping[str, Mapping[str, str]]) -> Writer:  # noqa: A002 - the word of the command line
    # Imported where used: pyarrow and xlsxwriter take longer to start than a small export.
    if format == "xlsx":
        from services.store.adapters.exports import xlsx

        return partial(xlsx.write, names=names)
    if format == "csv":
        from services.store.adapters.exports import csv

        return csv.write
    if format == "parquet":
        from services.store.adapters.exports import parquet

        return parquet.write
    from services.store.adapters.exports import json

    return json.write


@contextmanager
def _typed(out_dir: Path) -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        place = file_name_text(out_dir)
        if problem.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise DiskFull.at(place) from problem
        raise StoreUnavailable(
            f"无法写入 {place}：{reason(problem, 'zh')}。请检查路径和权限。",
            f"cannot write {place}: {reason(problem, 'en')}. Check path and permissions.",
        ) from problem


@contextmanager
def whole_files(out_dir: Path, names: list[str]) -> Iterator[list[Path]]:
    """Temporary paths beside the files of these names; they take the names when all is written, and vanish on a failure."""
    temporary = [out_dir / f".{name}.{os.getpid()}.writing" for name in names]
    with ExitStack() as stack:
        for path in temporary:
            stack.callback(path.unlink, missing_ok=True)
        yield temporary
        for path, name in zip(temporary, names, strict=True):
            path.replace(out_dir / name)
