"""Attempts in memory and in a folder; see `shared.delivery.ports.AttemptsPort`."""

from __future__ import annotations

import json
from pathlib import Path

from shared.delivery.ports import Attempt
from shared.ids import hashed


class MemoryAttempts:
    """Attempts of one process. `errors`: raised by the next calls, one each."""

    def __init__(self) -> None:
        self.begun: dict[str, Attempt] = {}
        self.errors: list[Exception] = []

    def begin(self, key: str, now: str) -> Attempt:
        """Counts one more."""
        self._fail()
        before = self.begun.get(key)
        self.begun[key] = Attempt(before.number + 1, before.first_at) if before else Attempt(1, now)
        return self.begun[key]

    def done(self, key: str) -> None:
        """Forgets."""
        self._fail()
        self.begun.pop(key, None)

    def _fail(self) -> None:
        if self.errors:
            raise self.errors.pop(0)


class FolderAttempts:
    """Attempts that survive the process, for tests that kill it."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder

    def begin(self, key: str, now: str) -> Attempt:
        """Counts one more."""
        path = self._path(key)
        number, first_at = json.loads(path.read_text()) if path.exists() else (0, now)
        new = path.with_suffix(".new")
        new.write_text(json.dumps([number + 1, first_at]))
        new.rename(path)
        return Attempt(number + 1, first_at)

    def done(self, key: str) -> None:
        """Forgets."""
        self._path(key).unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        return self._folder / f"{hashed([key])}.json"
