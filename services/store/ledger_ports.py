"""What the store's handlers, its loops and the command line need of the ledger. Synchronous: each method is one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from services.store.domain.ledger import Audit, DeadLetter, Deferred, FoundObject, LedgerRow, OutboxEvent, Standing, Step
from shared.contracts.events import Decision, StageName


class Ledger(Protocol):
    """Every submission and where it stands. Methods may be repeated without effect; all raise StoreUnavailable."""

    # Intake
    def note_object(self, found: FoundObject, at: datetime) -> bool:
        """Knows an object from now on: ledger row and `objects.created` in the outbox, in one transaction. False where it was known."""

    def known_objects(self) -> Iterator[tuple[str, bool]]:
        """Ids of all objects of the ledger, and whether each is settled (has an outcome)."""

    def unknown(self, ids: Sequence[str]) -> frozenset[str]:
        """Those of these object ids that the ledger does not hold. Asked for a page of a listing at a time, so memory stays bounded."""

    def gone(self, ids: Sequence[str]) -> frozenset[str]:
        """Those of these object ids that ended as gone."""

    def keys(self, bucket: str, version: str, begin: str) -> list[str]:
        """The keys, beginning so, under which the ledger knows this version."""

    def unread(self) -> Iterator[str]:
        """Ids of the objects without outcome that were not extracted yet: those that `vanished` can still make gone."""

    # What events tell
    def note_step(self, step: Step) -> bool:
        """Adds a step to an object's trail and moves its row. False where the event was known; told again at a later time it ends what was
        begun again before that time. The row follows from all steps, in whatever order they are told. An outcome once reached gives way to a
        better one only: stored, rejected, gone, dead_lettered (another version read it)."""

    def note_deferred(self, deferred: Deferred, at: datetime) -> None:
        """Puts an event back into the outbox, due later; the row says what it waits for.

        An object that could not be read waits for its turn again, outside the window. Code `artifact.missing`: the submission is started again
        instead, forced, from the stage whose artifact the message names, else from the one before the reader.
        """

    def note_dead_letter(self, letter: DeadLetter) -> bool:
        """Keeps a dead letter; the submission's outcome is dead_lettered unless it has another. False where it was known.

        What a person decided of it earlier (the database was restored) is carried out at once.
        """

    # Outbox
    def take(self, now: datetime, window: int, limit: int) -> list[OutboxEvent]:
        """What may leave now, at most `limit`: everything that is due and not scheduled, in order; then scheduled work while fewer than
        `window` submissions are between dispatch and extraction: uploads first, departments in turn, oldest first within a department; bulk
        work only while no upload waits, in a quarter of the window (at least one). Taking changes nothing: `sent` does."""

    def sent(self, ids: Sequence[str], at: datetime) -> None:
        """These events are with the broker: they leave the outbox; scheduled ones are now dispatched."""

    # Repair
    def stalled(self, before: datetime) -> list[LedgerRow]:
        """Submissions under way of which nothing waits in the outbox, and whose last step is older."""

    def restart(self, object_id: str, at: datetime, from_stage: StageName | None = None, force: bool = False) -> bool:
        """Starts a submission again, reason repair: from its last run (null) or from a stage. False where it is not known."""

    def vanished(self, object_id: str, at: datetime) -> bool:
        """The bucket does not hold this object any more: gone, if it has no outcome and was not extracted yet."""

    # People
    def apply(self, decision: Decision, at: datetime) -> bool:
        """Carries a decision out once; false where it was carried out before.

        Of several activations of a stage the one that was decided last counts, whatever order they come in. Reprocess puts the latest
        submission of each document into the bulk lane, where it is not under way; `all` leaves out what was discarded or is gone.
        """

    def applied_decisions(self) -> frozenset[str]:
        """Ids of the decisions carried out."""

    # Questions
    def audit(self, objects: Iterable[FoundObject], now: datetime, stalled_before: datetime) -> Audit:
        """Compares the bucket's objects (without delete markers) with the ledger.

        Unread objects that are not in the bucket any more are counted as gone. `why` of a hole: unknown, stalled or outbox, a colon, details.
        """

    def row(self, asked: str) -> list[LedgerRow]:
        """Submissions by object id, document id (or its first digits), key or file name; the latest first."""

    def trail(self, object_id: str) -> list[Step]:
        """What happened to an object, in order of time."""

    def standing(self, now: datetime) -> Standing:
        """The ledger at a glance."""

    def dead_letters(self, service: str | None = None, status: str | None = "dead") -> list[DeadLetter]:
        """Dead letters, latest first, without values and headers (empty)."""

    def dead_letter(self, asked: str) -> DeadLetter | None:
        """A dead letter by its id or the beginning of it. Raises Ambiguous."""

    def activated(self) -> Mapping[StageName, str]:
        """The activated version of each stage."""
