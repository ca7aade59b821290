"""The things outside that a store stands on, behind its ports: one value, so that a test puts fakes in their place in one call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from services.store.adoption_note import AdoptionNote
from services.store.intake import Inbox
from services.store.ledger_ports import Ledger
from services.store.ports import Artifacts, DecisionLog, Leadership, Store, TopicAdmin
from services.store.relay import Relay
from services.store.sweep import Sweep
from services.store.threads import Threads
from shared.settings import Settings
from shared.storage.ports import ObjectStorage
from shared.versions import RELEASE

_SUBMISSIONS_PER_PARTITION = 8


def utc_now() -> datetime:
    """The present, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Parts:
    """All of them. `close`: gives them back."""

    settings: Settings
    storage: ObjectStorage
    store: Store
    ledger: Ledger
    artifacts: Artifacts
    decisions: DecisionLog
    topics: TopicAdmin
    lead: Leadership
    ready: Callable[[], bool] = lambda: True
    close: Callable[[], None] = lambda: None
    now: Callable[[], datetime] = utc_now

    @property
    def inbox(self) -> Inbox:
        """Where departments put their PDFs."""
        return Inbox(self.storage, self.settings.s3_bucket)

    @property
    def adopting(self) -> AdoptionNote:
        """What an adoption was about when the store ended."""
        return AdoptionNote(self.storage, self.settings.s3_artifacts)

    @property
    def sweep(self) -> Sweep:
        """What a sweep needs."""
        stalled = timedelta(seconds=self.settings.stalled_seconds)
        return Sweep(self.inbox, self.ledger, self.decisions, self.topics, stalled, self.now)

    def relay(self, threads: Threads) -> Relay:
        """What the relay needs."""
        window = self.settings.window or _SUBMISSIONS_PER_PARTITION * self.settings.partitions
        return Relay(self.ledger, self.lead, threads, window, RELEASE, self.now)
