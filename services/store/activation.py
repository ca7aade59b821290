"""Which versions count: those of the first start, and results that were waiting when a person activated theirs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, cast

import structlog

from services.store.adoption_note import AdoptionNote
from services.store.domain.announcements import stored_event
from services.store.domain.errors import ArtifactMissing, DigestMismatch
from services.store.domain.identity import STAGES, Stage
from services.store.domain.results import load_result
from services.store.domain.views import Lineage
from services.store.handlers import changes
from services.store.ledger_ports import Ledger
from services.store.ports import Artifacts, Store
from shared.delivery.messages import Outgoing
from shared.failures import PoisonError
from shared.storage.artifacts import ArtifactMissingError

BATCH: Final = 20
"""Documents adopted between two looks at the lead: about two seconds."""

_log = structlog.get_logger(__name__)


def activate_first(wanted: str, store: Store, ledger: Ledger) -> None:
    """Activates versions for the stages that have none. Args: wanted: `STAGE=VERSION,…` (TIEOUT_ACTIVATE). Raises StoreUnavailable."""
    active = ledger.activated()
    pairs = (entry.split("=", 1) for entry in wanted.split(",") if entry)
    missing = {cast(Stage, stage): version for stage, version in pairs if stage not in active}
    if missing:
        store.activate(missing)
        _log.info("activated_at_first_start", versions=missing)


@dataclass(frozen=True)
class Adopted:
    """A batch of adoption. `events`: what has to be published about it. `more`: there may be further documents."""

    events: list[Outgoing] = field(default_factory=list)
    more: bool = False


class Adoption:
    """Makes results of the activated versions current that were delivered before their activation.

    Which ones is asked of the database each time, so a killed adoption goes on where it was; what it stored last and did not tell is told
    first (`note`). Documents whose artifacts are gone are passed over, and remembered in this process: only processing them again helps.
    """

    def __init__(self, store: Store, ledger: Ledger, artifacts: Artifacts, note: AdoptionNote) -> None:
        self._store, self._ledger, self._artifacts, self._note = store, ledger, artifacts, note
        self._passed_over: set[tuple[str, tuple[str, ...]]] = set()
        self._looked_back = False

    def some(self) -> Adopted:
        """Adopts one batch. When its events are published, `told` has to be called.

        Raises StoreUnavailable, DiskFull, TransientError; what was adopted before stays so.
        """
        if not self._looked_back:
            self._looked_back = True
            if left := self._note.read():
                return Adopted([event for document in left for event in self._events(document)], more=True)
        found = self._store.adoptable(cast(dict[Stage, str], self._ledger.activated()), BATCH + len(self._passed_over))
        new = [(document, lineage) for document, lineage in found if _mark(document, lineage) not in self._passed_over][:BATCH]
        if new:
            self._note.write([document for document, _ in new])
        adopted = [document for document, lineage in new if self._adopt(document, lineage)]
        if new and not adopted:
            self._note.clear()
        return Adopted([event for document in adopted for event in self._events(document)], more=len(new) == BATCH)

    def told(self) -> None:
        """All events of the last batch are with the broker."""
        self._note.clear()

    def _adopt(self, document: str, lineage: Lineage) -> bool:
        try:
            result = load_result(lineage.digests, self._artifacts.get)
        except (ArtifactMissing, DigestMismatch, ArtifactMissingError, PoisonError) as problem:
            self._passed_over.add(_mark(document, lineage))
            _log.warning("not_adopted", document=document, versions=dict(lineage.versions), why=str(problem), remedy="tieout reprocess")
            return False
        self._store.store_result(result.document, result.extracted, result.normalized, result.validated, result.digests)
        return True

    def _events(self, document: str) -> list[Outgoing]:
        """`documents.stored` for each submission of the document, and what its filings have become."""
        rows = ((self._store.stored(document, row.submission), row.object) for row in self._ledger.row(document))
        told = [stored_event(stored, None, identifier) for stored, identifier in rows if stored is not None]
        return [*told, *changes(document, self._store)]


def _mark(document: str, lineage: Lineage) -> tuple[str, tuple[str, ...]]:
    return document, tuple(lineage.digests[stage] for stage in STAGES)
