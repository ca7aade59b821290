"""Limits for hostile input: a document beyond them is rejected or its reader is ended; nothing else suffers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """What one document may take.

    `file_bytes` and `pages` reject it before it is read; `seconds` + `seconds_per_page` × pages is the deadline of the process that
    reads it, `memory_bytes` the address space of that process. Pages that have to be recognised in their image take `seconds_per_scan` more
    each, and `seconds_for_scans` once, for pages that the recogniser does not survive; the first `scans` of a document are recognised.
    """

    file_bytes: int = 100_000_000
    pages: int = 2_000
    seconds: float = 60.0
    seconds_per_page: float = 0.2
    memory_bytes: int = 1_500_000_000
    scans: int = 200
    seconds_per_scan: float = 10.0
    seconds_for_scans: float = 180.0

    def deadline(self, pages: int, scans: int = 0) -> float:
        """Seconds that reading a document of so many pages may take, of which so many have to be recognised."""
        return self.seconds + self.seconds_per_page * pages + self.scanning(scans)

    def scanning(self, scans: int) -> float:
        """Seconds that recognising so many pages may take."""
        return self.seconds_for_scans + self.seconds_per_scan * scans if scans else 0.0

    def longest(self) -> float:
        """Seconds that the longest document may take."""
        return self.deadline(self.pages, self.scans)
