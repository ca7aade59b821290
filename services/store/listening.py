"""What the store writes down about others' work: stages that finished, events that wait, dead letters, people's decisions.

Plain functions over the ledger: a record first, then what it needs. Each may be repeated without effect. None of them loads a payload.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

import msgspec

from services.store.domain.ledger import StepKind
from services.store.domain.told import dead_letter_of, deferred_of, read_told, step
from services.store.ledger_ports import Ledger
from shared.contracts.events import Decision
from shared.delivery.messages import Received
from shared.failures import PoisonError
from shared.topics import FACTS_NORMALIZED, TABLES_EXTRACTED

_DECISION: Final = msgspec.json.Decoder(Decision)
_FINISHED: Final[dict[str, StepKind]] = {TABLES_EXTRACTED: "extracted", FACTS_NORMALIZED: "normalized"}


def note_progress(received: Received, ledger: Ledger) -> None:
    """A stage finished with a submission. Raises PoisonError `event.malformed`, StoreUnavailable."""
    ledger.note_step(step(received, _FINISHED[received.topic], read_told(received)))


def note_deferred(received: Received, ledger: Ledger, now: Callable[[], datetime]) -> None:
    """An event waits for a passing failure to pass: the outbox sends it again when it is due."""
    ledger.note_deferred(deferred_of(received), now())


def note_dead_letter(received: Received, ledger: Ledger) -> bool:
    """A service gave up on an event; whether that is news. Raises PoisonError `event.malformed`: it is no dead letter of ours."""
    return ledger.note_dead_letter(dead_letter_of(received))


def carry_out(received: Received, ledger: Ledger, now: Callable[[], datetime]) -> Decision:
    """A person decided something: carried out once. Returns the decision. Raises PoisonError `event.malformed`."""
    try:
        decision = _DECISION.decode(received.body)
    except (msgspec.DecodeError, UnicodeDecodeError) as problem:
        raise PoisonError("event.malformed", f"{received.topic}: no decision ({problem})") from problem
    ledger.apply(decision, now())
    return decision
