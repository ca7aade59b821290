"""What the machine must have is named with the remedy; what is fetched is checked before it is used."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import pytest

from tieout import extras
from tieout.exit_codes import NOT_AVAILABLE, UserError
from tieout.installation import machine


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without tools and with an empty cache; returns a folder for programs, which is its PATH."""
    programs = tmp_path / "bin"
    programs.mkdir()
    monkeypatch.setenv("PATH", str(programs))
    monkeypatch.setenv("TIEOUT_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    return programs


def program(folder: Path, name: str, does: str) -> Path:
    path = folder / name
    path.write_text(f"#!{sys.executable}\nimport sys, os, pathlib\n{does}\n")
    path.chmod(0o755)
    return path


def quiet(_zh: str, _en: str) -> None:
    pass


def a_maven(folder: Path, files: dict[str, bytes]) -> None:
    program(
        folder,
        "mvn",
        "target = pathlib.Path(next(a for a in sys.argv if a.startswith('-DoutputDirectory='))[18:])\n"
        f"target.mkdir()\nfor name, content in {files!r}.items(): (target / name).write_bytes(content)",
    )


def listed(files: dict[str, bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    monkeypatch.setattr(machine, "sums", lambda: sums)


def test_all_missing_tools_are_named_at_once_with_the_remedy(bare: Path) -> None:
    with pytest.raises(UserError) as problem:
        machine.refuse_missing_tools()
    assert problem.value.exit_code == NOT_AVAILABLE
    for words in ("Maven", "apt install maven", "Go 1.25", "https://go.dev/dl/"):
        assert words in problem.value.message.en
        assert words in problem.value.message.zh


def test_a_go_that_is_too_old_is_missing(bare: Path) -> None:
    program(bare, "mvn", "")
    program(bare, "go", "print('go version go1.19.8 linux/amd64')")
    with pytest.raises(UserError, match=r"Go 1\.25") as problem:
        machine.refuse_missing_tools()
    assert "Maven" not in problem.value.message.en
    program(bare, "go", "print('go version go1.26.8 linux/amd64')")
    machine.refuse_missing_tools()


def test_jars_as_listed_are_kept_and_not_fetched_again(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {"a.jar": b"a", "b.jar": b"b"}
    listed(files, monkeypatch)
    a_maven(bare, files)
    folder = machine.jars("/usr/bin/java", quiet)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == files
    (bare / "mvn").unlink()
    assert machine.jars("/usr/bin/java", quiet) == folder


@pytest.mark.parametrize(
    ("fetched", "named"),
    [({"a.jar": b"other", "b.jar": b"b"}, "a.jar"), ({"a.jar": b"a"}, "b.jar"), ({"a.jar": b"a", "b.jar": b"b", "c.jar": b""}, "c.jar")],
)
def test_a_jar_that_is_not_the_listed_one_is_refused_by_name(
    bare: Path, monkeypatch: pytest.MonkeyPatch, fetched: dict[str, bytes], named: str
) -> None:
    listed({"a.jar": b"a", "b.jar": b"b"}, monkeypatch)
    a_maven(bare, fetched)
    with pytest.raises(UserError) as problem:
        machine.jars("/usr/bin/java", quiet)
    assert f": {named}." in problem.value.message.en
    assert [path.name for path in machine.cache().iterdir() if not path.name.startswith(".")] == []


def test_a_jar_that_was_damaged_in_the_cache_is_fetched_again(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {"a.jar": b"a"}
    listed(files, monkeypatch)
    a_maven(bare, files)
    jar = machine.jars("/usr/bin/java", quiet) / "a.jar"
    jar.write_bytes(b"damaged")
    assert (machine.jars("/usr/bin/java", quiet) / "a.jar").read_bytes() == b"a"


def test_what_maven_said_is_shown(bare: Path) -> None:
    program(bare, "mvn", "print('Could not resolve host'); sys.exit(1)")
    with pytest.raises(UserError, match="Could not resolve host"):
        machine.jars("/usr/bin/java", quiet)


def test_the_s3_server_is_compiled_once_and_what_fails_leaves_nothing(bare: Path) -> None:
    program(bare, "go", "print('go: no network', file=sys.stderr); sys.exit(1)")
    with pytest.raises(UserError, match="no network"):
        machine.gateway(quiet)
    program(bare, "go", "(pathlib.Path(os.environ['GOBIN']) / 'versitygw').write_text(' '.join(sys.argv[1:]))")
    compiled = machine.gateway(quiet)
    assert compiled.read_text() == "install github.com/versity/versitygw/cmd/versitygw@v1.7.0"
    (bare / "go").unlink()
    assert machine.gateway(quiet) == compiled


def test_a_java_that_is_new_enough_is_used(bare: Path) -> None:
    java = program(bare, "java", "print('openjdk version \"17.0.15\" 2025-04-15', file=sys.stderr)")
    assert machine.java() == str(java)


@pytest.mark.parametrize("version", ["11.0.2", "1.8.0_392"])
def test_an_old_java_is_passed_over_for_the_one_of_the_extra(bare: Path, monkeypatch: pytest.MonkeyPatch, version: str) -> None:
    program(bare, "java", f"print('openjdk version \"{version}\"', file=sys.stderr)")
    asked: list[str] = []

    def install(extra: str) -> bool:
        asked.append(extra)
        return False

    monkeypatch.setattr(extras, "install", install)
    with pytest.raises(UserError, match="Java 17 or later"):
        machine.java()
    assert asked == ["jre"]


def test_the_list_of_jars_is_that_of_the_version_in_the_pom() -> None:
    pom = (Path(machine.__file__).parents[2] / "deploy/local/kafka/pom.xml").read_text()
    assert f"<version>{machine.KAFKA_VERSION}</version>" in pom
    sums = machine.sums()
    assert f"kafka_2.13-{machine.KAFKA_VERSION}.jar" in sums
    assert all(len(digest) == 64 for digest in sums.values())


def test_a_cache_that_cannot_be_written_is_named_with_the_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("TIEOUT_CACHE", str(tmp_path / "file" / "cache"))
    with pytest.raises(UserError, match="TIEOUT_CACHE"):
        machine.gateway(quiet)
