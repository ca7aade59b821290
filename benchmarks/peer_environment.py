"""Other programs to compare with, each in an environment of its own: what a benchmark needs never gets into the project's environment.

    from peer_environment import python_with
    python = python_with("pdfplumber==0.11.10", "img2table==2.0.0")
    subprocess.run([python, "-P", script, …], env=PEER_ENVIRONMENT)

An environment is made once for each set of packages and Python version, under the user's cache folder (`XDG_CACHE_HOME`, else
`~/.cache`), and used again from then on. Deleting the folder `tieout-benchmarks` there takes all of them away.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import subprocess
import sys
import venv
from pathlib import Path

from filelock import FileLock

# Peers run without this project's modules in sight, and without those of whoever calls.
PEER_ENVIRONMENT = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")}


def cache_folder() -> Path:
    """Where the environments are kept."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "tieout-benchmarks"


def python_with(*packages: str) -> Path:
    """The interpreter of an environment that has these packages, made on first use.

    Args: packages: requirements as pip takes them, with exact versions ("camelot-py==2.0.0").
    Raises: ValueError: a package without an exact version: figures of a benchmark belong to a version. subprocess.CalledProcessError: pip
    could not install them; nothing is kept then, and what pip said has been printed.
    """
    loose = [package for package in packages if "==" not in package]
    if loose:
        raise ValueError(f"no exact version: {', '.join(loose)}")
    wanted = "\n".join([platform.python_version(), *sorted(packages)])
    folder = cache_folder() / hashlib.sha256(wanted.encode()).hexdigest()[:16]
    python, done = folder / "bin" / "python", folder / "packages.txt"
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.with_suffix(".lock")):
        if not done.exists():  # written last: what is left of an interrupted installation is made anew
            shutil.rmtree(folder, ignore_errors=True)
            print(f"making {folder} with {', '.join(packages)}", file=sys.stderr)
            try:
                _install(folder, python, packages)
            except subprocess.CalledProcessError:
                shutil.rmtree(folder, ignore_errors=True)
                raise
            done.write_text(wanted + "\n")
    return python


def _install(folder: Path, python: Path, packages: tuple[str, ...]) -> None:
    venv.create(folder, with_pip=True)
    command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary", ":all:", *packages]
    subprocess.run(command, check=True, stdout=sys.stderr, env=PEER_ENVIRONMENT)
