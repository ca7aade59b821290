"""What all tests share: where the corpus is, and that CI skips nothing it has."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def corpus_dir() -> Path | None:
    """The corpus of real disclosures: TIEOUT_CORPUS, else ../shared/corpus; None where there is none."""
    place = Path(os.environ.get("TIEOUT_CORPUS") or ROOT.parent / "shared" / "corpus")
    return place if (place / "truth").is_dir() else None


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The corpus folder; skips where it is absent."""
    place = corpus_dir()
    if place is None:
        pytest.skip("no corpus: set TIEOUT_CORPUS")
    return place
