"""What the normaliser needs from outside."""

from __future__ import annotations

from typing import Protocol

from services.normalizer.domain.catalogue import Catalogue


class CatalogueSource(Protocol):
    """Where the catalogue of codes, lines, heads and forms comes from."""

    def load(self) -> Catalogue:
        """The catalogue with its look-up tables and the bytes it was made of. Raises CatalogueError where the data is not sound."""
        ...


class CatalogueError(ValueError):
    """The catalogue's data contradicts itself or names what the contracts do not know."""
