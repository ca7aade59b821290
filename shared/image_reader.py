"""Reads figures again where a page shows them, by the recogniser of the extra `ocr`: independent of what a file says its glyphs mean.

The text of a PDF is what its fonts say of their glyphs (ToUnicode), and fonts may lie: every reader of text then reads the same wrong figure.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from shared.contracts.common import Box
from shared.installed import is_installed

# Address space of the process. Measured: 900 MB for 60 places of an A3 page.
MEMORY_BYTES = 1_400_000_000
# A start takes one second, a place 5 ms; on a busy machine ten times as much.
SECONDS = 30.0
# Signs that are less certain tell nothing (measured on all figures of the corpus: docs/verdicts.md).
CERTAIN = 0.9
_MODULES = ("rapidocr", "onnxruntime", "cv2")
_ROOT = Path(__file__).resolve().parents[1]


@cache
def _versions() -> str:
    return f"rapidocr {importlib.metadata.version('rapidocr')}, onnxruntime {importlib.metadata.version('onnxruntime')}"


class ImageReader:
    """Reads figures in the image of one PDF's pages."""

    def __init__(self, path: Path, seconds: float = SECONDS, memory_bytes: int = MEMORY_BYTES) -> None:
        self.version = self.installed_version()
        self._path, self._seconds, self._memory_bytes = path, seconds, memory_bytes

    @staticmethod
    def installed_version() -> str:
        """Names and versions of what reads: part of what decides results. Empty where the extra is not installed."""
        return _versions() if is_installed(*_MODULES) else ""

    def read(self, places: Sequence[tuple[int, Box]]) -> list[str | None]:
        """The figure that each place shows; None where it shows none for certain, or where the reader did not survive the document.

        Args: places: page (from 1) and box in points from the top left of the page as shown.
        """
        command = [sys.executable, "-P", "-m", "shared.image_child", str(self._memory_bytes), str(self._path)]
        try:
            done = subprocess.run(
                command, input=json.dumps(places), capture_output=True, text=True, timeout=self._seconds, env=_environment(), check=True
            )
            seen = json.loads(done.stdout)
        except (subprocess.SubprocessError, OSError, ValueError):
            return [None] * len(places)
        return [one[0] if one is not None and one[1] >= CERTAIN else None for one in seen]


def _environment() -> dict[str, str]:
    """The child finds this package however this process found it."""
    known = os.environ.get("PYTHONPATH")
    path = os.pathsep.join([str(_ROOT), *([known] if known else [])])
    return {**os.environ, "PYTHONPATH": path, "MALLOC_ARENA_MAX": "2", "OMP_NUM_THREADS": "2"}
