"""camelot behind the port of table readers: a second voice on tables whose columns come from white space.

It runs in a process of its own (camelot_child.py). Where the extra is not installed, or the child fails, there are no tables: it
has nothing to say then.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from services.extractor.ports import ReadCell, ReadTable
from shared.contracts.common import Box
from shared.contracts.extracted import EngineName
from shared.installed import is_installed

# One region of one page takes .7 s, most of it the import; a region that takes this long will not end well.
_SECONDS = 20.0
_ROOT = Path(__file__).resolve().parents[3]


class CamelotReader:
    """Reads a region by camelot's lattice (vector, with split text) or hybrid parser."""

    def __init__(self, flavour: Literal["lattice", "hybrid"] = "hybrid") -> None:
        self._flavour = flavour
        self.engine: EngineName = "camelot_lattice" if flavour == "lattice" else "camelot_hybrid"
        self.version = f"camelot {flavour}"

    @staticmethod
    def available() -> bool:
        """Whether the extra `camelot` is installed."""
        return is_installed("camelot")

    def read(self, path: Path, page: int, region: Box | None) -> Sequence[ReadTable]:
        """Tables inside a region (points, page as shown) of a page (from 1); none where camelot is missing or fails."""
        if region is None or not self.available():
            return ()
        where = ",".join(f"{value:.2f}" for value in region)
        command = [sys.executable, "-P", "-m", "services.extractor.adapters.camelot_child", str(path), str(page), where, self._flavour]
        try:
            done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False, env=_environment())
        except subprocess.TimeoutExpired:
            return ()
        if done.returncode:
            return ()
        return tuple(_table(found) for found in json.loads(done.stdout) if found["rows"] and found["cols"])


def _environment() -> dict[str, str]:
    """The child finds this package however this process found it: `-P` keeps the current folder out, and not everybody sets PYTHONPATH."""
    known = os.environ.get("PYTHONPATH")
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(_ROOT), *([known] if known else [])])}


def _table(found: dict[str, object]) -> ReadTable:
    cells = tuple(
        ReadCell(cell["row"], cell["col"], 1, 1, cell["text"], tuple(cell["bbox"]))
        for cell in found["cells"]  # type: ignore[attr-defined]  # JSON of our own child
    )
    bbox = (
        min(cell.bbox[0] for cell in cells),
        min(cell.bbox[1] for cell in cells),
        max(cell.bbox[2] for cell in cells),
        max(cell.bbox[3] for cell in cells),
    )
    return ReadTable(int(str(found["rows"])), int(str(found["cols"])), cells, bbox)
