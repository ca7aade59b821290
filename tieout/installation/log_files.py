"""The logs of an installation's processes: opened for a process, kept small, and shown."""

from __future__ import annotations

import os
import shutil
import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

LARGEST: Final = 16 << 20
"""A log that is larger when its process starts becomes NAME.log.1; the one before that is removed."""
LARGEST_RUNNING: Final = 64 << 20
"""A log that grows beyond this while its process runs is copied to NAME.log.1 and emptied."""


def open_log(path: Path) -> IO[bytes]:
    """The log of a process that is about to start, to append to."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if path.exists() and path.stat().st_size > LARGEST:
        path.replace(path.with_name(f"{path.name}.1"))
    log = path.open("ab", buffering=0)
    path.chmod(0o600)
    return log


def shorten(path: Path) -> None:
    """Copies a log that has grown too large and empties it; its process goes on writing. What it writes in that moment is lost."""
    if path.exists() and path.stat().st_size > LARGEST_RUNNING:
        shutil.copyfile(path, path.with_name(f"{path.name}.1"))
        os.truncate(path, 0)  # it was opened to append to: the next line stands at the beginning


def last_lines(path: Path, count: int) -> list[str]:
    """The last lines of a log, at most `count`; from the file before, where this one has fewer."""
    lines: deque[str] = deque(maxlen=count)
    for each in (path.with_name(f"{path.name}.1"), path):
        if each.exists():
            with each.open(encoding="utf-8", errors="replace") as log:
                lines.extend(line.rstrip("\n") for line in log)
    return list(lines)


def follow(paths: list[Path], pause: float = 0.2) -> Iterator[tuple[Path, str]]:
    """Lines as they are written, without end, also when a log is begun anew. The lines that are there already are left out."""
    places: dict[Path, tuple[int, int]] = {path: _size(path) for path in paths}
    rests = dict.fromkeys(paths, b"")
    while True:
        for path in paths:
            inode, size = _size(path)
            known, place = places[path]
            place = place if inode == known and size >= place else 0
            if size > place:
                with path.open("rb") as log:
                    log.seek(place)
                    found = rests[path] + log.read(size - place)
                *lines, rests[path] = found.split(b"\n")
                yield from ((path, line.decode("utf-8", "replace")) for line in lines)
            places[path] = (inode, size)
        time.sleep(pause)


def _size(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except FileNotFoundError:
        return 0, 0
    return status.st_ino, status.st_size
