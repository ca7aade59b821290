"""The recogniser of scanned pages behind its port: one process for a document, started for its first scanned page.

The process has a memory limit of its own and a time limit for each page. Where it does not survive a page, the page is not read, and the next
one gets a new process; a document on which it keeps failing gets none any more.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from functools import cache
from pathlib import Path
from typing import IO

from services.extractor.adapters.scan_wire import (
    HEAD_BYTES,
    LARGEST_ANSWER,
    BrokenFrameError,
    contents_of_frame,
    frame_length,
    image_frame,
)
from services.extractor.domain.page import PageContents
from services.extractor.ports import PageImage, RecognizerEndedError
from shared.installed import is_installed

# Address space of the process. Measured on A3 pages at 300 dpi: see benchmarks/scans.py.
MEMORY_BYTES = 1_400_000_000
# A page takes half a second to two, and the start of the process one; on a busy machine ten times as much. shared/limits.py leaves time for
# as many such pages as are tried.
PAGE_SECONDS = 60.0
# So many pages in a row that the process did not survive: it will not survive the next one either.
_PATIENCE = 3
_ROOT = Path(__file__).resolve().parents[3]
_MODULES = ("rapidocr", "onnxruntime", "cv2")


@cache
def _versions() -> str:
    from importlib.metadata import version

    return f"rapidocr {version('rapidocr')}, onnxruntime {version('onnxruntime')}, opencv {version('opencv-python-headless')}"


class ScanRecognizer:
    """Reads images of pages in a child process. Use as a context manager: leaving it ends the process."""

    def __init__(self, page_seconds: float = PAGE_SECONDS, memory_bytes: int = MEMORY_BYTES) -> None:
        self.version = self.installed_version()
        self._page_seconds, self._memory_bytes = page_seconds, memory_bytes
        self._process: subprocess.Popen[bytes] | None = None
        self._ended_in_a_row = 0

    @staticmethod
    def available() -> bool:
        """Whether the extra `ocr` is installed."""
        return is_installed(*_MODULES)

    @staticmethod
    def installed_version() -> str:
        """Names and versions of what reads: part of what decides the result. Empty where the extra is not installed."""
        return _versions() if ScanRecognizer.available() else ""

    def __enter__(self) -> ScanRecognizer:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def recognize(self, image: PageImage) -> PageContents:
        """What the image shows. Raises RecognizerEndedError where the process ended over it, or over too many pages before."""
        if self._ended_in_a_row >= _PATIENCE:
            raise RecognizerEndedError("given up after it ended over several pages")
        self._process = self._process or self._started()
        try:
            page = self._answer(self._process, image_frame(image))
        except (BrokenFrameError, OSError) as problem:
            self._ended_in_a_row += 1
            raise RecognizerEndedError(self._why(problem)) from None
        self._ended_in_a_row = 0
        return page

    def peak_bytes(self) -> int:
        """The most memory that the process has held so far; 0 where it does not run."""
        if self._process is None:
            return 0
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return next((int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM")), 0)

    def _started(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-P", "-m", "services.extractor.adapters.scan_child", str(self._memory_bytes)]
        return subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=_environment(), bufsize=0
        )

    def _answer(self, process: subprocess.Popen[bytes], question: bytes) -> PageContents:
        """Raises BrokenFrameError: it ended, or took too long."""
        assert process.stdin is not None
        assert process.stdout is not None
        until = time.monotonic() + self._page_seconds
        _send(process.stdin, question, until)
        length = frame_length(_received(process.stdout, HEAD_BYTES, until))
        if length > LARGEST_ANSWER:
            raise BrokenFrameError("no answer of ours")
        return contents_of_frame(_received(process.stdout, length, until))

    def _why(self, problem: Exception) -> str:
        """Ends the process; says how it ended: by a signal, an exit code, or by us."""
        code = self._process.poll() if self._process is not None else None
        if code is None and not isinstance(problem, _OverrunError) and self._process is not None:
            try:
                code = self._process.wait(1.0)
            except subprocess.TimeoutExpired:
                code = None
        self._end()
        if isinstance(problem, _OverrunError):
            return f"took longer than {self._page_seconds:g} s"
        if code is None:
            return str(problem)
        return signal.Signals(-code).name if code < 0 else f"exit code {code}"

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()


class _OverrunError(BrokenFrameError):
    """The time for a page is over."""


def _send(pipe: IO[bytes], data: bytes, until: float) -> None:
    """Writes all of it. Raises BrokenFrameError, OSError."""
    rest = memoryview(data)
    os.set_blocking(pipe.fileno(), False)
    while rest:
        _, ready, _ = select.select([], [pipe], [], max(0.0, until - time.monotonic()))
        if not ready:
            raise _OverrunError("does not take the image")
        rest = rest[os.write(pipe.fileno(), rest[: 1 << 20]) :]


def _received(pipe: IO[bytes], length: int, until: float) -> bytes:
    """So many bytes. Raises BrokenFrameError, OSError."""
    data = bytearray()
    while len(data) < length:
        ready, _, _ = select.select([pipe], [], [], max(0.0, until - time.monotonic()))
        if not ready:
            raise _OverrunError("does not answer")
        piece = os.read(pipe.fileno(), min(1 << 20, length - len(data)))
        if not piece:
            raise BrokenFrameError("ended without an answer")
        data += piece
    return bytes(data)


def _environment() -> dict[str, str]:
    """The child finds this package however this process found it. Few arenas: each thread's would reserve address space of its own."""
    known = os.environ.get("PYTHONPATH")
    path = os.pathsep.join([str(_ROOT), *([known] if known else [])])
    return {**os.environ, "PYTHONPATH": path, "MALLOC_ARENA_MAX": "2", "OMP_NUM_THREADS": "2"}
