"""Extras (camelot, parquet, services) are installed on first need, into the project's own environment."""

from __future__ import annotations

import importlib
import importlib.util
import subprocess
from pathlib import Path

from tieout.exit_codes import NOT_AVAILABLE, UserError
from tieout.language import Language

_ROOT = Path(__file__).resolve().parents[1]
# The module that is there when an extra is.
MODULES = {"camelot": "camelot", "parquet": "pyarrow", "services": "psycopg"}


def is_installed(extra: str) -> bool:
    """Whether the extra's packages can be imported."""
    return importlib.util.find_spec(MODULES[extra]) is not None


def need(extra: str, language: Language) -> None:
    """Installs the extra where it is missing. Raises UserError where that fails."""
    del language  # bin/setup speaks both
    if is_installed(extra):
        return
    done = subprocess.run([str(_ROOT / "bin" / "setup"), "core", extra], check=False)
    importlib.invalidate_caches()
    if done.returncode or not is_installed(extra):
        raise UserError(
            NOT_AVAILABLE,
            f"附加组件 {extra} 无法安装，请检查网络后重试：bin/setup core {extra}",
            f"the extra {extra} could not be installed; check the network and call: bin/setup core {extra}",
        )
