"""The pipeline in one process: documents go through the stages in confined child processes, results come back in order.

A document that its child does not survive is tried once more, alone; then it is given up with a reason. The others go on.
"""

from __future__ import annotations

import contextlib
import shutil
import struct
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path

from shared.limits import Limits
from shared.sandbox import Sandbox, WorkerEndedError, outcome
from tieout import rejections, stages
from tieout.stages import Stage, StageResult

# Modules that the fork server imports once for all children: of the stages that they run, no others (.1 s of half a second).
_WORK: dict[Stage, str] = {
    "extract": "services.extractor.work",
    "normalize": "services.normalizer.work",
    "validate": "services.validator.work",
}
_MARGIN_SECONDS = 30.0  # the parent's last resort comes after the child's own deadline


def preload(upto: Stage) -> list[str]:
    """What the fork server imports for the stages up to one."""
    return ["tieout.stages", *(_WORK[stage] for stage in stages.STAGES[: stages.STAGES.index(upto) + 1])]


@dataclass(frozen=True)
class Progress:
    """How far a document is: `stage` of the work, pages read of `pages` (0 of 0 before it is open)."""

    path: Path
    stage: Stage
    page: int
    pages: int


@dataclass
class _Task:
    path: Path
    folder: Path
    future: Future[StageResult]
    attempt: int = 1
    installed: frozenset[str] = frozenset()


@dataclass
class Embedded:
    """Runs documents through the stages up to `upto`.

    Args: jobs: children at a time. limits: of one document. staging: folder for results under way; each task has a folder below it.
    on_progress: called about ten times a second with what is under way. install: gets an extra that a document wants; says whether it is
    there now, and then the document is read again.
    """

    upto: Stage
    jobs: int
    limits: Limits
    staging: Path
    verify: bool = False
    on_progress: Callable[[list[Progress]], None] = lambda _: None
    install: Callable[[str], bool] = lambda _: False
    _sandbox: Sandbox | None = field(default=None, init=False)

    def __enter__(self) -> Embedded:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._sandbox is not None:
            self._sandbox.stop() if kind else self._sandbox.close()

    def process(self, paths: Iterable[Path]) -> Iterator[tuple[Path, StageResult]]:
        """Yields (path, result) in the order given; files of a result lie in its folder until the next one is asked for."""
        waiting = iter(paths)
        running: deque[_Task] = deque()
        while True:
            # A bounded window: results wait on disk for the one before them, never more than a few.
            while len(running) < 2 * self.jobs + 2 and (path := next(waiting, None)) is not None:
                running.append(self._start(path))
            if not running:
                return
            task = running.popleft()
            result = self._finish(task, [task, *running])
            yield task.path, result
            shutil.rmtree(task.folder, ignore_errors=True)

    def compute(self, function: Callable[..., bytes], *arguments: object) -> bytes:
        """Runs a function on what documents say in a child, under the limits of one document. Raises WorkerEndedError."""
        seconds = self.limits.seconds
        return outcome(self._children().submit(seconds, seconds + _MARGIN_SECONDS, function, *arguments))

    def _children(self) -> Sandbox:
        if self._sandbox is None:
            self._sandbox = Sandbox(self.jobs, self.limits.memory_bytes, preload(self.upto))
        return self._sandbox

    def _start(self, path: Path, attempt: int = 1) -> _Task:
        folder = Path(tempfile.mkdtemp(dir=self.staging))
        last_resort = self.limits.longest() + _MARGIN_SECONDS
        future = self._children().submit(
            self.limits.seconds, last_resort, stages.run_stages, path, folder, self.upto, self.limits, self.verify
        )
        return _Task(path, folder, future, attempt)

    def _finish(self, task: _Task, all_tasks: list[_Task]) -> StageResult:
        while not _done_within(task.future, 0.1):
            self.on_progress([progress for each in all_tasks if (progress := _progress_of(each))])
        try:
            result = outcome(task.future)
        except WorkerEndedError as end:
            if task.attempt == 1:
                return self._again(task, attempt=2)
            return StageResult(rejected=rejections.ended(end, self.limits))
        # Once for each: an extra that is installed and still not seen by the children must not make them read for ever.
        wanted = result.wants
        if wanted is None or wanted in task.installed or not self.install(wanted):
            return result
        return self._again(task, task.attempt, task.installed | {wanted})

    def _again(self, task: _Task, attempt: int, installed: frozenset[str] = frozenset()) -> StageResult:
        shutil.rmtree(task.folder, ignore_errors=True)
        second = self._start(task.path, attempt)
        second.installed = installed or task.installed
        task.folder = second.folder
        return self._finish(second, [second])


def _done_within(future: Future[StageResult], seconds: float) -> bool:
    with contextlib.suppress(TimeoutError):
        future.exception(timeout=seconds)
    return future.done()


def _progress_of(task: _Task) -> Progress | None:
    with contextlib.suppress(OSError, struct.error):
        stage, page, pages = stages.read_progress(task.folder)
        return Progress(task.path, stage, page, pages)
    return None
