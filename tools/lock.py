#!/usr/bin/env python3
"""Makes requirements.lock: one resolution for everything, with hashes, without addresses.

Each requirement is preceded by `# groups: …`: the parts of the product that need it (core = what `tieout run` needs, the
extras of pyproject.toml, dev). bin/install.py installs by these lines. Needs `uv` on the path; run it from the
project's root after changing pyproject.toml.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements.lock"
NAME = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==")


def compile_(*arguments: str) -> str:
    """What `uv pip compile` prints for pyproject.toml."""
    command = [
        "uv",
        "pip",
        "compile",
        "pyproject.toml",
        "--universal",
        "--python-version",
        "3.11",
        "--no-emit-index-url",
        "--no-header",
        "--no-annotate",
        "--only-binary",
        ":all:",
        "--quiet",
        *arguments,
    ]
    done = subprocess.run(command, cwd=ROOT, check=False, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit(f"uv failed: {' '.join(command)}")
    return done.stdout


def names(listing: str) -> set[str]:
    """The package names of a listing in requirements format."""
    return {match[1].lower() for line in listing.splitlines() if (match := NAME.match(line))}


def main() -> int:
    """Writes the lock; returns 0."""
    extras = list(tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"])
    everything = compile_("--all-extras", "--generate-hashes", *sys.argv[1:])
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as pins:
        pins.write("\n".join(line.rstrip(" \\") for line in everything.splitlines() if NAME.match(line)))
        pins.flush()
        groups = {"core": names(compile_("--constraint", pins.name))}
        for extra in extras:
            groups[extra] = names(compile_("--extra", extra, "--constraint", pins.name)) - groups["core"]
    out = ["# Made by tools/lock.py; installed by bin/install.py. One resolution; `groups` says what needs the requirement."]
    for line in everything.splitlines():
        if match := NAME.match(line):
            out.append("# groups: " + " ".join(g for g, members in groups.items() if match[1].lower() in members))
        out.append(line)
    LOCK.write_text("\n".join(out) + "\n")
    print({group: len(members) for group, members in groups.items()})
    return 0


if __name__ == "__main__":
    sys.exit(main())
