"""What people decide, and the dead letters that they decide of. In the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, exists, func, select, update

from services.store.adapters import sql_acceptances
from services.store.adapters.ledger_rows import found_of, letter_of, letter_row, moment, outbox_row
from services.store.adapters.ledger_schema import dead_letters, decisions_applied, ledger, outbox, steps
from services.store.adapters.sql_beginnings import active_versions, ledger_row, restart
from services.store.adapters.sql_outbox import put
from services.store.adapters.sql_steps import batches, lock_name, lock_objects, tell, trails_of
from services.store.adapters.sql_writes import added, insert_on, set_activations
from services.store.domain.beginnings import READERS, begun_again, first_event_id, redriven, text_of
from services.store.domain.ledger import DeadLetter, OutboxEvent, Step
from services.store.domain.revisions import moment_of
from shared.canonical import canonical_json
from shared.contracts.events import Decision

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def add_dead_letter(connection: Connection, letter: DeadLetter) -> bool:
    """Keeps a dead letter; false where it was known. What a person decided of it before the database was restored is done again.

    One that is known and came later than what is kept is news: the event was sent again (processed again, or by a repair), with its id and
    redrive count, and failed again. Its submission ends with it, and it waits for a decision anew.
    """
    lock_name(connection, letter.id)  # against a decision of it that is being carried out: one of both has to see the other
    new = added(connection, dead_letters, letter_row(letter))
    if not new and not _died_again(connection, letter):
        return False
    at = moment_of(letter.last_at) or moment_of(letter.first_at) or _EPOCH
    if letter.object is not None:
        step = Step(
            event=letter.id,
            object=letter.object,
            kind="dead_lettered",
            at=at,
            document=letter.document,
            version=letter.producer or None,
            attempts=letter.attempts,
            detail=letter.code,
        )
        tell(connection, [step])
    if not new:  # what was decided of it was decided before
        return True
    table = decisions_applied
    earlier = select(table).where(table.c.dead_letter == letter.id).order_by(table.c.at, table.c.id)
    for row in connection.execute(earlier).mappings().all():
        decide_letter(connection, letter.id, row["kind"], row["id"], moment(row["applied_at"]))
    return True


def _died_again(connection: Connection, letter: DeadLetter) -> bool:
    """Whether a known dead letter is told of again at a later time; then it is open again."""
    table = dead_letters
    kept = connection.execute(select(table.c.last_at).where(table.c.id == letter.id).with_for_update()).scalar_one()
    if (moment_of(letter.last_at) or _EPOCH) <= (moment_of(kept) or _EPOCH):
        return False
    connection.execute(update(table).where(table.c.id == letter.id).values(letter_row(letter)))
    return True


def decide_letter(connection: Connection, letter_id: str, kind: str, decision: str, at: datetime) -> None:
    """Redrives or discards a dead letter that nobody decided yet; one that is not here (yet) is left to `add_dead_letter`."""
    lock_name(connection, letter_id)
    table = dead_letters
    row = connection.execute(select(table).where(table.c.id == letter_id).with_for_update()).mappings().one_or_none()
    if row is None or row["status"] != "dead":
        return
    letter = letter_of(row)
    status = "redriven" if kind == "redrive" else "discarded"
    connection.execute(update(table).where(table.c.id == letter_id).values(status=status, decided=decision))
    at = max(at, moment_of(letter.last_at) or at)  # clocks differ: what was decided of a dead letter came after it
    own = ledger_row(connection, letter.object) if letter.object is not None else None
    if kind == "redrive" and own is not None and not letter.value:
        # The record was too large to be kept in the dead letter: its submission is started again instead.
        restart(connection, own["object"], at, READERS.get(letter.topic), force=False, why="redrive")
        return
    if letter.object is not None:
        step = Step(
            event=letter.id,
            object=letter.object,
            kind="redriven" if kind == "redrive" else "discarded",
            at=at,
            reason=own["reason"] if own is not None else "upload",
            stage=READERS.get(letter.topic, "validate") if kind == "redrive" else None,
            detail=decision,
        )
        tell(connection, [step])
    if kind == "redrive":
        put(connection, redriven(letter, own["department"] if own is not None else None, at), at)


def apply(connection: Connection, decision: Decision, at: datetime) -> bool:
    """Carries a person's decision out; false where it was carried out before."""
    made = moment_of(decision.at) or at
    row = {
        "id": decision.id,
        "kind": decision.kind,
        "at": text_of(made),
        "applied_at": text_of(at),
        "stage": decision.stage,
        "dead_letter": decision.dead_letter,
        "body": canonical_json(decision).decode(),
    }
    if not added(connection, decisions_applied, row):
        return False
    if decision.kind == "activate":
        _activate(connection, decision, text_of(made))
    elif decision.kind == "reprocess":
        _reprocess(connection, decision, at)
    elif decision.kind in ("accept", "withdraw"):
        sql_acceptances.decide(connection, decision, text_of(made))
    elif decision.dead_letter is not None:
        decide_letter(connection, decision.dead_letter, decision.kind, decision.id, at)
    return True


def _activate(connection: Connection, decision: Decision, made: str) -> None:
    """The last decision counts, in whatever order they come: a restored database gets them back one after the other."""
    table = decisions_applied
    own = (table.c.kind == "activate") & (table.c.stage == decision.stage) & (table.c.id != decision.id)
    last = connection.execute(select(table.c.at, table.c.id).where(own).order_by(table.c.at.desc(), table.c.id.desc()).limit(1)).first()
    if decision.stage and decision.version and (last is None or (last.at, last.id) < (made, decision.id)):
        set_activations(connection, {decision.stage: decision.version})


def _reprocess(connection: Connection, decision: Decision, at: datetime) -> None:
    """Puts submissions into the bulk lane: of each document the latest one that is not under way."""
    active = active_versions(connection)
    ids = list(connection.execute(_to_process_again(decision)).scalars())
    for some in batches(sorted(ids)):
        lock_objects(connection, some)
        rows = {row["object"]: row for row in connection.execute(select(ledger).where(ledger.c.object.in_(some))).mappings()}
        trails = trails_of(connection, some)
        requests, events = [], []
        for each in some:
            request = first_event_id(each, decision.id)
            stage, event = begun_again(
                found_of(rows[each]),
                trails[each],
                decision.stage or "extract",
                at,
                reason="reprocess",
                lane="bulk",
                active=active,
                request=request,
            )
            requests.append(
                Step(event=request, object=each, kind="reprocess_requested", at=at, reason="reprocess", stage=stage, detail=decision.id)
            )
            events.append(event)
        tell(connection, requests)
        _put_all(connection, events, at)


def _put_all(connection: Connection, events: Sequence[OutboxEvent], at: datetime) -> None:
    statement = insert_on(connection, outbox)
    rows = [outbox_row(event, at) for event in events]
    named = {name: statement.excluded[name] for name in rows[0] if name != "id"}
    connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=named), rows)


def _to_process_again(decision: Decision) -> Any:
    """Objects that a reprocess means. What was discarded is meant only where it is named."""
    table = ledger.c
    wanted: list[ColumnElement[bool]] = [table.place.is_(None), table.outcome.in_(("stored", "rejected", "dead_lettered"))]
    if decision.document is not None:
        wanted.append(table.document == decision.document)
    else:
        wanted.append(~exists().where(steps.c.object == table.object, steps.c.kind == "discarded"))
    since = moment_of(decision.since)
    if since is not None:
        wanted.append(table.arrived_at >= text_of(since))
    latest = func.row_number().over(
        partition_by=func.coalesce(table.document, table.object),
        order_by=(func.coalesce(table.last_modified, table.arrived_at).desc(), table.version.desc(), table.object.desc()),
    )
    ranked = select(table.object, latest.label("rank")).where(*wanted).subquery()
    return select(ranked.c.object).where(ranked.c.rank == 1)
