"""The set-up: which packages a group names, when nothing has to be done, and what a user is told where it fails. Nothing is downloaded."""

from __future__ import annotations

import fcntl
import importlib.util
import os
import subprocess
import sys
import threading
from pathlib import Path
from types import ModuleType

import pytest

from services.extractor.adapters import native_loops

ROOT = Path(__file__).resolve().parents[3]
LOCK = """\
# groups: core dev
alembic==1.0 \\
    --hash=sha256:aa
# groups: parquet
pyarrow==2.0 \\
    --hash=sha256:bb
# groups: services dev
psycopg==3.0 \\
    --hash=sha256:cc
"""


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """bin/install.py with an environment and a lock of its own."""
    monkeypatch.setenv("TIEOUT_VENV", str(tmp_path / "venv"))
    spec = importlib.util.spec_from_file_location("bin_install", ROOT / "bin" / "install.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (tmp_path / "requirements.lock").write_text(LOCK)
    monkeypatch.setattr(module, "LOCK", tmp_path / "requirements.lock")
    return module


def pretend_installed(install: ModuleType, groups: str) -> None:
    (install.VENV / "bin").mkdir(parents=True)
    (install.VENV / "bin" / "python").touch()
    install.GROUPS_FILE.write_text(groups)
    install.LOCK_COPY.write_text(LOCK)


def test_a_group_names_its_packages_with_their_hashes(install: ModuleType) -> None:
    assert install.blocks(LOCK, {"parquet"}) == "pyarrow==2.0 \\\n    --hash=sha256:bb\n"
    assert install.blocks(LOCK, {"dev"}).count("==") == 2
    assert install.blocks(LOCK, {"unheard-of"}).strip() == ""


def test_every_group_of_the_real_lock_is_known_and_pinned_by_hash(install: ModuleType) -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    for group in ("core", "camelot", "parquet", "services", "dev"):
        chosen = install.blocks(lock, {group})
        assert "==" in chosen, group
        assert chosen.count("==") <= chosen.count("--hash=sha256:"), group
    assert "://" not in install.blocks(lock, {"core"})


def test_what_is_installed_as_locked_is_not_installed_again(install: ModuleType) -> None:
    pretend_installed(install, "core dev\n")
    assert install.up_to_date({"core"})
    assert install.main({"core", "dev"}) == 0


@pytest.mark.parametrize("missing", ["group", "lock", "python", "everything"])
def test_an_environment_that_lacks_something_is_not_up_to_date(install: ModuleType, missing: str) -> None:
    if missing != "everything":
        pretend_installed(install, "dev\n" if missing == "group" else "core\n")
    if missing == "lock":
        install.LOCK_COPY.write_text("another")
    if missing == "python":
        (install.VENV / "bin" / "python").unlink()
    assert not install.up_to_date({"core"})


def test_a_step_that_fails_is_told_with_the_end_of_its_output(
    install: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def make_environment() -> None:
        install.run([sys.executable, "-c", "print('no such index'); raise SystemExit(1)"], "安装失败 / failed")

    monkeypatch.setattr(install, "make_environment", make_environment)
    assert install.main({"core"}) == 5
    told = capsys.readouterr().err
    assert "首次使用" in told
    assert "first use: installing core" in told
    assert "安装失败 / failed\nno such index" in told


def test_a_place_that_cannot_be_written_is_named_with_the_way_out(
    install: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr(install, "VENV", tmp_path / "file" / "venv")
    assert install.main({"core"}) == 5
    told = capsys.readouterr().err
    assert str(tmp_path / "file" / "venv") in told
    assert "TIEOUT_VENV" in told


def test_a_second_call_says_that_it_waits_for_the_first(install: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    install.VENV.parent.mkdir(parents=True, exist_ok=True)
    other = install.VENV.with_name(install.VENV.name + ".lock").open("w")
    fcntl.flock(other, fcntl.LOCK_EX)
    entered = threading.Event()

    def enter() -> None:
        with install.alone():
            entered.set()

    waiting = threading.Thread(target=enter, daemon=True)
    waiting.start()
    assert not entered.wait(0.2)
    other.close()
    assert entered.wait(10)
    waiting.join()
    assert "waiting" in capsys.readouterr().err


def test_where_ensurepip_is_missing_the_callers_pip_fills_the_environment(
    install: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Hidden:
        def find_spec(self, name: str, path: object = None, target: object = None) -> None:
            if name == "ensurepip":
                raise ModuleNotFoundError(name)

    monkeypatch.delitem(sys.modules, "ensurepip", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Hidden(), *sys.meta_path])
    install.make_environment()
    assert (install.VENV / "bin" / "python").exists()
    assert not (install.VENV / "bin" / "pip").exists()
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: object())
    assert install.pip()[1:4] == ["-m", "pip", "--python"]


def test_an_interpreter_without_pip_is_told_what_to_install(install: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(install.SetupFailedError, match="python3-venv"):
        install.pip()


def test_without_a_python_that_is_new_enough_the_call_says_so(tmp_path: Path) -> None:
    for tool in ("sh", "dirname", "readlink", "cmp"):
        found = next(Path(folder) / tool for folder in ("/usr/bin", "/bin") if (Path(folder) / tool).exists())
        (tmp_path / tool).symlink_to(found)
    environment = {"PATH": str(tmp_path), "TIEOUT_VENV": str(tmp_path / "venv")}
    done = subprocess.run([ROOT / "bin" / "tieout", "--version"], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 5
    assert "TIEOUT_PYTHON" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_the_command_works_from_another_folder_through_a_link_and_with_spaces_in_its_path(tmp_path: Path) -> None:
    place = tmp_path / "项 目"
    place.mkdir()
    (place / "all").symlink_to(ROOT)
    (tmp_path / "link").symlink_to(place / "all" / "bin" / "tieout")
    environment = {**os.environ, "TIEOUT_VENV": str(prepared(place / "environment"))}
    done = subprocess.run([tmp_path / "link", "--version"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.split()[0], done.stderr) == (0, "tieout", "")


@pytest.mark.parametrize("compiler", ["none", "one that fails"])
def test_without_a_compiler_that_works_the_set_up_is_whole_and_says_nothing(
    install: ModuleType, compiler: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "tools").mkdir()
    if compiler != "none":
        (tmp_path / "tools" / "cc").write_text("#!/bin/sh\necho broken; exit 1\n")
        (tmp_path / "tools" / "cc").chmod(0o755)
    monkeypatch.delenv("CC", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "tools"))
    pretend_installed(install, "core\n")
    assert install.main({"core"}) == 0
    assert [path.name for path in install.LOOPS_COPY.parent.iterdir()] == ["pdfium_loops.c"]
    assert capsys.readouterr() == ("", "")


def test_what_is_compiled_has_the_name_that_the_reader_looks_for_and_is_compiled_once(
    install: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    pretend_installed(install, "core\n")
    compiled: list[object] = []

    def run(command: list[object], **options: object) -> None:
        compiled.append(command)
        Path(str(command[command.index("-o") + 1])).touch()

    monkeypatch.setattr(install.shutil, "which", lambda name: f"/bin/{name}")
    monkeypatch.setattr(install.subprocess, "run", run)
    assert install.main({"core"}) == install.main({"core"}) == 0
    assert len(compiled) == 1
    assert native_loops.compiled(environment=install.VENV).exists()


def prepared(folder: Path) -> Path:
    """An environment that passes for installed: the running interpreter under its name."""
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    (folder / "bin" / "python").chmod(0o755)
    (folder / "requirements.lock").write_bytes((ROOT / "requirements.lock").read_bytes())
    (folder / "native").mkdir()
    (folder / "native" / "pdfium_loops.c").write_bytes((ROOT / "services/extractor/native/pdfium_loops.c").read_bytes())
    return folder
