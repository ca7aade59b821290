"""Which forms a kind of document must contain, and what explains an empty one, as data (rules/completeness.toml)."""

from __future__ import annotations

from typing import Literal

import msgspec

from shared.contracts.normalized import NormalizedDocument


class Requirement(msgspec.Struct, frozen=True, kw_only=True):
    """A form that documents of some kinds must contain.

    `forms`: any of these kinds is enough. `titles`: so is a form whose title fits this pattern. `subject`: what explains that there is
    nothing to print. `since`: the first year that it holds for. `zh`, `en`: its usual title. `source`: why it must be there.
    """

    id: str
    kinds: tuple[str, ...]
    forms: tuple[str, ...]
    titles: str
    zh: str
    en: str
    source: str
    subject: str = ""
    since: int = 0
    severity: Literal["warning", "info"] = "warning"

    def applies(self, document: NormalizedDocument) -> bool:
        """Whether a document must contain it: of the kind, with tables, and of no earlier year."""
        return document.kind in self.kinds and document.part != "narrative" and (document.year or self.since) >= self.since


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """What forms are about that may be empty: a sentence that fits `pattern` and says that there is none explains them."""

    id: str
    pattern: str
    forms: tuple[str, ...]
