"""Limits for hostile input: a document beyond them is rejected or its reader is ended; nothing else suffers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """What one document may take.

    `file_bytes` and `pages` reject it before it is read; `seconds` + `seconds_per_page` × pages is the deadline of the process that
    reads it, `memory_bytes` the address space of that process.
    """

    file_bytes: int = 100_000_000
    pages: int = 2_000
    seconds: float = 60.0
    seconds_per_page: float = 0.2
    memory_bytes: int = 1_500_000_000

    def deadline(self, pages: int) -> float:
        """Seconds that reading a document of so many pages may take."""
        return self.seconds + self.seconds_per_page * pages
