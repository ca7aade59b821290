"""The commands of the operating manual back a database up and bring it back, as they stand there."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from unit.store.store_documents import result

from services.store.adapters.sql_store import open_store
from tieout.installation.installation import Installation

ROOT = Path(__file__).resolve().parents[2]
MANUAL = (ROOT / "docs/operating.md").read_text(encoding="utf-8")

RESTORES = re.findall(r"`([^`\n]*pg_restore[^`\n]*)`", MANUAL)


def block(beginning: str) -> str:
    """The commands of the block that holds a command."""
    (found,) = (each for each in re.findall(r"```sh\n(.*?)```", MANUAL, flags=re.DOTALL) if beginning in each)
    return str(found)


def run(commands: str, servers: Installation, folder: Path) -> None:
    """Runs commands of the manual on the test's installation and folder."""
    commands = commands.replace("bin/tieout status --json", f"bin/tieout status --json --data {servers.layout.data}")
    commands = commands.replace("tieout.dump", str(folder / "tieout.dump"))
    done = subprocess.run(["sh", "-euc", commands], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.stack
@pytest.mark.parametrize("restore", RESTORES, ids=["into an empty installation", "under a running one"])
def test_a_database_comes_back_as_it_was(servers: Installation, tmp_path: Path, restore: str) -> None:
    with open_store(servers.database) as store:
        result("A").store_in(store)
        before = store.digest()
    setup = block("pg_dump")
    run(setup, servers, tmp_path)
    with open_store(servers.database) as store:
        result("B").store_in(store)
        assert store.digest() != before
    prepared = "\n".join(line for line in setup.splitlines() if "pg_dump" not in line)
    run(f"{prepared}\n{restore}", servers, tmp_path)
    with open_store(servers.database) as store:
        assert store.digest() == before
