"""Filings that wait for a verdict although nothing is under way: what was lost on the way is told again, with growing patience."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from services.store.domain.announcements import filing_changed
from shared.contracts.filing import FilingChanged
from shared.delivery.messages import Outgoing

_MOST_PATIENCE: Final = 16


@dataclass
class FilingReminders:
    """Says which of the filings without a verdict are told again now.

    A filing is usually reconciled within a second after its event; one that still waits `patience` seconds after it was first seen waiting is
    told again, then after twice that, at most sixteen times that. It remembers in this process only: a store that starts anew begins anew.
    """

    patience: float
    _seen: dict[str, tuple[float, float]] = field(default_factory=dict)  # event → when it is due, what was waited for that

    def due(self, unreconciled: Iterable[FilingChanged], now: float) -> list[Outgoing]:
        """Events to send again. Args: now: seconds that never go back."""
        waiting = {event.envelope.id: event for event in map(filing_changed, unreconciled)}
        before, self._seen = self._seen, {}
        again = []
        for identifier, event in waiting.items():
            due, waited = before.get(identifier, (now + self.patience, self.patience))
            if due <= now:
                again.append(event)
                waited = min(2 * waited, _MOST_PATIENCE * self.patience)
                due = now + waited
            self._seen[identifier] = (due, waited)
        return again
