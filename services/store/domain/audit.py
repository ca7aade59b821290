"""The audit: objects of the bucket against the ledger. A hole is an object that nobody works on. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from services.store.domain.positions import Place, waits_for
from shared.contracts.events import StageName

UNKNOWN: Final = "unknown: the ledger does not know the object"


@dataclass(frozen=True, kw_only=True)
class Quiet:
    """A submission under way whose last step is older than the limit. `due`: of its event in the outbox, null where none is there."""

    place: Place
    stage: StageName | None
    progressed_at: datetime
    due: datetime | None


def why_hole(quiet: Quiet, stalled_before: datetime, last_dispatch: datetime | None) -> str | None:
    """Why a quiet submission is a hole; null where it only waits.

    Args: stalled_before: the limit. last_dispatch: when any submission was dispatched last.
    Returns: a code, a colon, and the circumstances.
    """
    since = f"{quiet.progressed_at:%Y-%m-%dT%H:%M:%SZ}"
    if quiet.due is None:
        return f"stalled: no progress since {since}, waits for {waits_for(quiet.stage)}"
    if quiet.due >= stalled_before:
        return None  # deferred: its time has not come, or came just now
    if quiet.place == "queued":
        # In a burst the last of 5,000 waits for an hour; as long as others leave before it, it is in its turn and nobody forgot it.
        if last_dispatch is not None and last_dispatch >= stalled_before:
            return None
        return f"outbox: queued since {since}, and nothing was dispatched meanwhile"
    return f"outbox: due since {quiet.due:%Y-%m-%dT%H:%M:%SZ} and not sent"
