"""Attempts in memory and in a folder; see `shared.delivery.ports.AttemptsPort`."""

from __future__ import annotations

import json
from pathlib import Path

from shared.delivery.ports import Attempt
from shared.ids import hashed


class MemoryAttempts:
    """Attempts of one process. `kept`: those begun and not forgotten. `errors`: raised by the next calls, one each."""

    def __init__(self) -> None:
        self.kept: dict[str, Attempt] = {}
        self.errors: list[Exception] = []

    def begun(self, key: str) -> Attempt | None:
        """The last one."""
        self._fail()
        return self.kept.get(key)

    def begin(self, key: str, now: str, before: Attempt | None) -> Attempt:
        """Counts one more."""
        self._fail()
        self.kept[key] = Attempt(before.number + 1, before.first_at) if before else Attempt(1, now)
        return self.kept[key]

    def done(self, key: str) -> None:
        """Forgets."""
        self._fail()
        self.kept.pop(key, None)

    def _fail(self) -> None:
        if self.errors:
            raise self.errors.pop(0)


class FolderAttempts:
    """Attempts that survive the process, for tests that kill it."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder

    def begun(self, key: str) -> Attempt | None:
        """The last one."""
        path = self._path(key)
        return Attempt(*json.loads(path.read_text())) if path.exists() else None

    def begin(self, key: str, now: str, before: Attempt | None) -> Attempt:
        """Counts one more."""
        begun = Attempt(before.number + 1, before.first_at) if before else Attempt(1, now)
        new = self._path(key).with_suffix(".new")
        new.write_text(json.dumps([begun.number, begun.first_at]))
        new.rename(self._path(key))
        return begun

    def done(self, key: str) -> None:
        """Forgets."""
        self._path(key).unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        return self._folder / f"{hashed([key])}.json"
