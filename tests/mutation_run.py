"""Broken PDFs through the confined children as in production, each with what it came to, how long it took and what memory it held."""

from __future__ import annotations

import re
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from mutated_pdfs import mutated

from shared.limits import Limits
from shared.sandbox import Sandbox, WorkerEndedError, outcome
from tieout.embedded import preload
from tieout.stages import run_stages

# What the parent grants beyond the child's own deadline before it kills it: no case may need it.
MARGIN_SECONDS = 15.0


@dataclass(frozen=True)
class Case:
    """A broken PDF and what came of it: `outcome` is "read", a rejection's code, or how its child ended. `peak`: bytes resident."""

    number: int
    kind: str
    outcome: str
    seconds: float
    peak: int
    detail: str = ""


def read_broken(path: Path, folder: Path, limits: Limits) -> tuple[str, str, float, int]:
    """In the child: the whole of what `tieout run` does with a document; (outcome, detail, seconds, peak of resident bytes)."""
    _reset_peak()
    begun = time.monotonic()
    result = run_stages(path, folder, "validate", limits, False)
    seconds = time.monotonic() - begun
    detail = result.rejected.message.en if result.rejected is not None else ""
    found = result.rejected.code if result.rejected is not None else "read"
    return found, detail, seconds, _peak()


def _reset_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")


def _peak() -> int:
    found = re.search(r"VmHWM:\s*(\d+)", Path("/proc/self/status").read_text())
    return int(found[1]) * 1024 if found else 0


def run_cases(sources: list[bytes], numbers: Iterable[int], workers: int, limits: Limits) -> Iterator[Case]:
    """Breaks the sources in turn, a case for each number, and yields what came of them in order."""
    sandbox = Sandbox(workers, limits.memory_bytes, preload("validate"))
    waiting = iter(numbers)
    with tempfile.TemporaryDirectory(prefix="tieout-") as staging:
        running = [_begun(sandbox, sources, number, Path(staging), limits) for number in islice(waiting, 4 * workers)]
        try:
            while running:
                number, kind, folder, future, begun = running.pop(0)
                yield _ended(number, kind, future, begun)
                shutil.rmtree(folder, ignore_errors=True)
                running += [_begun(sandbox, sources, number, Path(staging), limits) for number in islice(waiting, 1)]
        finally:
            sandbox.stop()


_Begun = tuple[int, str, Path, "Future[tuple[str, str, float, int]]", float]


def _begun(sandbox: Sandbox, sources: list[bytes], number: int, staging: Path, limits: Limits) -> _Begun:
    kind, data = mutated(sources[number % len(sources)], number)
    folder = Path(tempfile.mkdtemp(dir=staging))
    path = folder / "broken.pdf"
    path.write_bytes(data)
    last_resort = limits.deadline(limits.pages) + MARGIN_SECONDS
    return number, kind, folder, sandbox.submit(limits.seconds, last_resort, read_broken, path, folder, limits), time.monotonic()


def _ended(number: int, kind: str, future: Future[tuple[str, str, float, int]], begun: float) -> Case:
    try:
        found, detail, seconds, peak = outcome(future)
    except WorkerEndedError as end:
        return Case(number, kind, end.end, time.monotonic() - begun, 0, end.detail)
    return Case(number, kind, found, seconds, peak, detail)
