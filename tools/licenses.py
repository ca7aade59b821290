#!/usr/bin/env python3
"""Makes docs/licenses.md: the licence of every package that the product installs; fails on AGPL and GPL.

`--check` compares instead of writing (CI). Run it in the project's environment with all groups installed.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
REPORT = ROOT / "docs" / "licenses.md"
REFUSED = re.compile(r"\bA?GPL|GNU (Affero )?General Public", re.IGNORECASE)
# Packages whose metadata name no licence that a reader could check; read from their licence files.
STATED = {"opencv-python-headless": "Apache-2.0"}

HEAD = """# Licences of what tieout installs

Made by `tools/licenses.py` from the packages' own metadata; the build fails on AGPL or GPL. LGPL and MPL libraries are used
unmodified. tieout itself is under Apache-2.0.

| package | version | licence | installed for |
|---|---|---|---|
"""


def locked_packages() -> dict[str, tuple[list[str], list[str]]]:
    """Package name → (locked versions, groups that need it), for the groups that users install."""
    found: dict[str, tuple[list[str], list[str]]] = {}
    groups: list[str] = []
    for line in (ROOT / "requirements.lock").read_text().splitlines():
        if line.startswith("# groups: "):
            groups = [group for group in line.removeprefix("# groups: ").split() if group != "dev"]
        elif (match := re.match(r"([a-z0-9][a-z0-9._-]*)==(\S+)", line)) and groups:
            found.setdefault(match[1], ([], groups))[0].append(match[2])
    return found


def report() -> tuple[str, list[str]]:
    """The page, and the packages whose licence is refused."""
    command = [sys.executable, "-m", "piplicenses", "--format=json", "--from=mixed"]
    listed = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    locked = locked_packages()
    lines, refused = [], []
    for package in sorted(listed, key=lambda each: each["Name"].lower()):
        name = re.sub(r"[-_.]+", "-", package["Name"]).lower()
        if name not in locked:
            continue
        licence = STATED.get(name, package["License"]).replace("\n", " ")
        if REFUSED.search(licence.replace("LGPL", "").replace("Lesser General", "")):
            refused.append(f"{name}: {licence}")
        versions, groups = locked[name]
        lines.append(f"| {name} | {', '.join(versions)} | {licence} | {', '.join(groups)} |")
    return HEAD + "\n".join(lines) + "\n", refused


def main() -> int:
    """Writes or checks the report; returns the exit code."""
    page, refused = report()
    if refused:
        print("refused licences: " + "; ".join(refused), file=sys.stderr)
        return 1
    if "--check" in sys.argv:
        if not REPORT.exists() or REPORT.read_text() != page:
            print("docs/licenses.md is stale: run tools/licenses.py", file=sys.stderr)
            return 1
        return 0
    REPORT.write_text(page)
    return 0


if __name__ == "__main__":
    sys.exit(main())
