"""The progress bar of a run: documents, pages and stage of what is being read; nothing where the output is no terminal."""

from __future__ import annotations

import sys

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from shared.plain_text import plain
from tieout.embedded import Progress
from tieout.language import Language, pick

_STAGES = {"extract": ("读表", "reading"), "normalize": ("编码", "coding"), "validate": ("核对", "checking")}


class ProgressBar:
    """A bar on standard error; use as a context manager. Args: total: documents. shown: False for `--quiet`."""

    def __init__(self, total: int, language: Language, shown: bool) -> None:
        console = Console(stderr=True)
        self._language = language
        self._pages_done = 0
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[detail]}", markup=False),
            TimeElapsedColumn(),
        )
        self._bar = Bar(*columns, console=console, transient=True, disable=not shown or not sys.stderr.isatty())
        self._task = self._bar.add_task(pick(language, "文件", "documents"), total=total, detail="")

    def __enter__(self) -> ProgressBar:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def under_way(self, tasks: list[Progress]) -> None:
        """Shows what is being read."""
        pages = self._pages_done + sum(task.page for task in tasks)
        detail = pick(self._language, f"{pages} 页", f"{pages} pages")
        if tasks:
            first = tasks[0]
            detail += f" · {pick(self._language, *_STAGES[first.stage])} {plain(first.path.name)} {first.page}/{first.pages}"
        self._bar.update(self._task, detail=detail)

    def done(self, pages: int) -> None:
        """A document is finished."""
        self._pages_done += pages
        self._bar.update(self._task, advance=1)
