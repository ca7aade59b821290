"""What chaos tests share: a file of faults that the services read while they run."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def faults(tmp_path: Path) -> Path:
    """The file of faults; empty at first."""
    path = tmp_path / "faults"
    path.write_text("")
    return path
