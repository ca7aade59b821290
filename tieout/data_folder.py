"""A data folder: the store's database, the artifacts by digest, staging, and the lock that keeps writers apart."""

from __future__ import annotations

from dataclasses import dataclass

from shared.contracts.validated import Validated


@dataclass(frozen=True)
class Stored:
    """A stored document: its validated result and its number of pages."""

    validated: Validated
    pages: int
