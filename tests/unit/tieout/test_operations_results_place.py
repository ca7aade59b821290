"""Whose results a data folder shows: the installation's, if it holds one, and then no run writes there."""

from __future__ import annotations

from pathlib import Path

import pytest
from unit.tieout.test_operations_target import installation

from tieout.cli import main
from tieout.exit_codes import NOT_AVAILABLE, USAGE
from tieout.results_place import ResultsPlace


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    return installation(tmp_path / "data")


def test_a_folder_without_installation_is_its_own_place(tmp_path: Path) -> None:
    place = ResultsPlace(tmp_path, writing=True)
    assert (place.database, place.sqlite, place.note) == ("", tmp_path / "store.sqlite", None)


def test_the_results_of_an_installation_are_in_its_database(data: Path) -> None:
    place = ResultsPlace(data, writing=False)
    assert place.database.startswith("postgresql://tieout@127.0.0.1:5432/tieout")
    assert place.note is None


def test_a_run_does_not_write_beside_an_installation(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", str(Path(__file__).resolve().parents[3] / "samples"), "--data", str(data)]) == USAGE
    assert "tieout put" in capsys.readouterr().err
    assert not (data / "store.sqlite").exists()


def test_the_results_of_earlier_runs_beside_an_installation_are_named(data: Path) -> None:
    (data / "store.sqlite").write_bytes(b"")
    note = ResultsPlace(data, writing=False).note
    assert note is not None
    assert str(data / "store.sqlite") in note.en
    assert str(data / "store.sqlite") in note.zh


@pytest.mark.parametrize("command", [["export", "--digest"], ["findings"], ["show", "x"], ["explain", "f-12345678"]])
def test_an_installation_that_does_not_run_is_told_with_the_remedy(
    data: Path, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*command, "--data", str(data)]) == NOT_AVAILABLE
    told = capsys.readouterr().err
    assert len(told.splitlines()) == 1
    assert "call tieout up" in told


def test_artifacts_are_read_from_the_bucket_where_the_environment_names_a_storage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIEOUT_DATABASE", "postgresql://user@127.0.0.1:9/none")
    folder = ResultsPlace(tmp_path, writing=False).artifacts()
    monkeypatch.setenv("TIEOUT_S3_ENDPOINT", "http://127.0.0.1:9")
    bucket = ResultsPlace(tmp_path, writing=False).artifacts()
    assert (type(folder).__name__, type(bucket).__name__) == ("ArtifactFolder", "_ReadBucket")
    assert type(ResultsPlace(tmp_path, writing=True).artifacts()).__name__ == "ArtifactFolder"
