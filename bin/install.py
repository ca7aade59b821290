#!/usr/bin/env python3
"""Makes the project's virtual environment and installs groups of requirements.lock into it. Standard library only.

`install.py GROUP…` installs what is missing; called again it does nothing. Two calls at once wait for each other. Where
`ensurepip` is missing (Debian without python3-venv), the environment is made without pip and filled by the pip of the
calling interpreter. Where there is a C compiler, the extractor's loops are compiled: the same is read without them, more slowly. Exit code 5, with one line that says what to do, where the set-up fails.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements.lock"
VENV = Path(os.environ.get("TIEOUT_VENV") or ROOT / ".venv")
GROUPS_FILE = VENV / "groups"
LOCK_COPY = VENV / "requirements.lock"  # bin/tieout compares it with the lock
LOOPS = ROOT / "services" / "extractor" / "native" / "pdfium_loops.c"
LOOPS_COPY = VENV / "native" / LOOPS.name  # bin/tieout compares it with the source


class SetupFailedError(Exception):
    """The environment cannot be made; the text is for the user, in Chinese and English."""


def blocks(lock: str, groups: set[str]) -> str:
    """The requirements of a lock whose `# groups:` line names one of the groups."""
    chosen: list[str] = []
    keep = False
    for line in lock.splitlines():
        if match := re.match(r"# groups: (.*)", line):
            keep = bool(groups & set(match[1].split()))
        elif keep:
            chosen.append(line)
    return "\n".join(chosen) + "\n"


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """One set-up at a time for an environment."""
    VENV.parent.mkdir(parents=True, exist_ok=True)
    with VENV.with_name(VENV.name + ".lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("tieout: 另一个 tieout 正在安装依赖，等待中… / another call is installing; waiting …", file=sys.stderr)
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def run(command: list[str], what: str) -> None:
    """Runs a step of the set-up. Raises SetupFailedError with the end of its output."""
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    if done.returncode:
        tail = "\n".join((done.stdout + done.stderr).strip().splitlines()[-6:])
        raise SetupFailedError(f"{what}\n{tail}")


def make_environment() -> None:
    """An empty virtual environment, with pip where ensurepip exists."""
    shutil.rmtree(VENV, ignore_errors=True)
    arguments = [] if has_ensurepip() else ["--without-pip"]
    run([sys.executable, "-m", "venv", *arguments, str(VENV)], "虚拟环境创建失败 / cannot make the virtual environment")


def has_ensurepip() -> bool:
    """Whether the calling interpreter can put pip into a new environment (Debian keeps that in a package of its own)."""
    try:
        return importlib.util.find_spec("ensurepip") is not None
    except ImportError:
        return False


def pip() -> list[str]:
    """The command of a pip that installs into the environment."""
    if (VENV / "bin" / "pip").exists():
        return [str(VENV / "bin" / "python"), "-m", "pip"]
    if importlib.util.find_spec("pip") is None:
        raise SetupFailedError(
            f"{sys.executable} 没有 pip，请先安装（Debian：apt install python3-pip 或 python3-venv），或用 TIEOUT_PYTHON 指明别的解释器"
            " / has no pip: install it (Debian: apt install python3-pip or python3-venv), or name another interpreter in TIEOUT_PYTHON"
        )
    return [sys.executable, "-m", "pip", "--python", str(VENV / "bin" / "python")]


def install(groups: set[str]) -> None:
    """Installs the groups, exactly as locked."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as wanted:
        wanted.write(blocks(LOCK.read_text(encoding="utf-8"), groups))
        wanted.flush()
        options = ["--require-hashes", "--no-deps", "--only-binary", ":all:", "--disable-pip-version-check", "--no-input", "--quiet"]
        run(
            [*pip(), "install", *options, "-r", wanted.name],
            "依赖包安装失败，请检查网络或 pip 配置后重试 / the packages could not be installed: check the network or pip's configuration, then call again",
        )


def up_to_date(groups: set[str]) -> bool:
    """Whether the environment holds these groups as locked."""
    try:
        same = LOCK_COPY.read_bytes() == LOCK.read_bytes()
        return same and groups <= set(GROUPS_FILE.read_text().split()) and (VENV / "bin" / "python").exists()
    except OSError:
        return False


def compile_loops() -> None:
    """Compiles native/pdfium_loops.c into the environment. The name holds the source's digest: what another version left is never loaded.

    Without a compiler, or where it fails, nothing is there to load and nothing is told: results are the same. bin/setup tries again.
    """
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        source = LOOPS.read_bytes()
        library = LOOPS_COPY.with_name(f"{LOOPS.stem}-{hashlib.sha256(source).hexdigest()[:16]}.so")
        if library.exists() and LOOPS_COPY.exists() and LOOPS_COPY.read_bytes() == source:
            return
        LOOPS_COPY.parent.mkdir(parents=True, exist_ok=True)
        LOOPS_COPY.write_bytes(source)
        compiler = next(filter(None, map(shutil.which, (os.environ.get("CC") or "cc", "gcc", "clang"))), None)
        if compiler is not None and not library.exists():
            part = library.with_suffix(f".{os.getpid()}")
            subprocess.run([compiler, "-O2", "-shared", "-fPIC", "-o", part, LOOPS_COPY], capture_output=True, check=True, timeout=60)
            part.replace(library)


def main(groups: set[str]) -> int:
    """Installs what is missing; returns the exit code."""
    code = install_missing(groups)
    if code == 0:
        compile_loops()
    return code


def install_missing(groups: set[str]) -> int:
    """Installs the groups that are not there as locked; returns the exit code."""
    if up_to_date(groups):
        return 0
    try:
        with alone():
            if up_to_date(groups):
                return 0
            known = set(GROUPS_FILE.read_text().split()) if GROUPS_FILE.exists() else set()
            print(
                f"tieout: 首次使用，正在安装依赖（约一分钟）… / first use: installing {' '.join(sorted(groups - known) or sorted(groups))} (about a minute) …",
                file=sys.stderr,
            )
            if not (LOCK_COPY.exists() and LOCK_COPY.read_bytes() == LOCK.read_bytes()):
                make_environment()
                known = set()
            install(groups | known)
            GROUPS_FILE.write_text(" ".join(sorted(groups | known)) + "\n")
            LOCK_COPY.write_bytes(LOCK.read_bytes())
    except SetupFailedError as problem:
        print(f"tieout: {problem}", file=sys.stderr)
        return 5
    except OSError as problem:
        print(
            f"tieout: 无法写入 / cannot write {VENV}: {problem.strerror}. TIEOUT_VENV=DIR 可指定别处 / names another place.",
            file=sys.stderr,
        )
        return 5
    return 0


if __name__ == "__main__":
    sys.exit(main(set(sys.argv[1:]) or {"core"}))
