"""The corpus goes in through the bucket: every document is settled, and results and artifacts are those of the embedded run, byte for byte."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from stack.conftest import another_place, wait_until
from stack.running import ROOT, first_versions, running

from services.store.adapters.database import open_database
from services.store.adapters.sql_store import open_store
from tieout.installation.installation import Installation

pytestmark = [pytest.mark.stack, pytest.mark.corpus]

TIEOUT = str(ROOT / "bin" / "tieout")


def call(*arguments: object, codes: tuple[int, ...] = (0,), **changes: str) -> str:
    done = subprocess.run(
        [TIEOUT, *map(str, arguments)], capture_output=True, text=True, check=False, timeout=300, env={**os.environ, **changes}
    )
    assert done.returncode in codes, done.stderr
    return done.stdout


def test_the_corpus_through_the_bucket_ends_as_the_embedded_run_does(servers: Installation, tmp_path: Path, corpus: Path) -> None:
    papers = [path for folder in ("pdf", "pdf-unlabelled") for path in sorted((corpus / folder).glob("*.pdf"))]
    assert papers
    alone, desk = tmp_path / "alone", tmp_path / "desk"
    with running(another_place(servers), tmp_path / "logs", TIEOUT_ACTIVATE=first_versions()) as made:
        made.start()
        there = {**made.place.environment("store"), "TIEOUT_STALLED_SECONDS": "60"}
        call("put", *papers, "--wait", "--timeout", "200", "--data", desk, codes=(0, 1, 3), **there)
        call("audit", "--data", desk, **there)  # exit code 0: no holes
        call("run", *papers, "--data", alone, "--quiet", codes=(0, 1, 3))
        digest = call("export", "--digest", "--data", alone)
        # Verdicts over filings come after the documents are stored.
        wait_until(lambda: call("export", "--digest", "--data", desk, **there) == digest)
        with open_database(made.place.database) as database, open_store(f"sqlite:///{alone / 'store.sqlite'}") as store:
            ours = {view.id: (view.versions, view.artifacts) for view in database.store.documents()}
            theirs = {view.id: (view.versions, view.artifacts) for view in store.documents()}
        assert len(ours) == len({path.read_bytes() for path in papers})
        assert ours == theirs
