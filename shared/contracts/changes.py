"""`tieout.changes/1`: what a re-issued document says otherwise than the revision before (`tieout changes --json`)."""

from __future__ import annotations

from typing import Final, Literal

from shared.contracts.common import Box, Model

SCHEMA: Final = "tieout.changes/1"


class Printed(Model, frozen=True, kw_only=True):
    """A figure as a revision prints it, with its place. `fact`: its id in that revision; `claim/N` is the figure N (from 0) of the narrative."""

    fact: str
    form: str | None
    title: str | None
    label: str
    column: tuple[str, ...]
    text: str
    unit: str | None
    page: int
    bbox: Box


class Change(Model, frozen=True, kw_only=True):
    """A figure that was changed (both), added (`before` null) or removed (`after` null)."""

    before: Printed | None
    after: Printed | None


class Changes(Model, frozen=True, kw_only=True):
    """All changes from one document to another, in the order of the later one's pages; what was removed stands at its old page."""

    schema: Literal["tieout.changes/1"] = SCHEMA
    before: str
    after: str
    same: int
    changes: tuple[Change, ...]
