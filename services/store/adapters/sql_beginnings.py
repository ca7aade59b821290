"""How work on submissions begins and begins again: intake, repair, deferred events; and objects that vanished. In the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, cast

from sqlalchemy import Connection, RowMapping, insert, select

from services.store.adapters.ledger_rows import found_of, found_row, moment, position_row, step_row
from services.store.adapters.ledger_schema import ledger, outbox, steps
from services.store.adapters.sql_outbox import put
from services.store.adapters.sql_steps import lock_name, lock_objects, tell, trails_of
from services.store.adapters.sql_writes import activations
from services.store.domain.beginnings import begun_again, first_event_id, object_created, stage_that_makes, text_of
from services.store.domain.identity import STAGES
from services.store.domain.ledger import Deferred, FoundObject, OutboxEvent, Step
from services.store.domain.positions import last_told, position
from shared.contracts.events import Runs, StageName
from shared.delivery.policy import deferral_seconds
from shared.ids import event_id, hashed

ARTIFACT_MISSING: Final = "artifact.missing"


def add_object(connection: Connection, found: FoundObject, at: datetime) -> bool:
    """A ledger row, and `objects.created` in the outbox; false where the object was known.

    An object whose events came first (the database was restored from a backup) stands where they say, and is not sent again.
    """
    lock_name(connection, found.object)
    if ledger_row(connection, found.object) is not None:
        return False
    arrived = Step(event=first_event_id(found.object), object=found.object, kind="arrived", at=at)
    trail = [*trails_of(connection, [found.object])[found.object], arrived]
    now = position(trail)
    connection.execute(insert(steps), step_row(arrived))
    connection.execute(insert(ledger), {**found_row(found), **position_row(now), "arrived_at": text_of(at)})
    if now.place == "queued":
        put(connection, object_created(found, at), at)
    return True


def ledger_row(connection: Connection, object_id: str) -> RowMapping | None:
    """The ledger's row of an object."""
    return connection.execute(select(ledger).where(ledger.c.object == object_id)).mappings().one_or_none()


def restart(
    connection: Connection,
    object_id: str,
    at: datetime,
    from_stage: StageName | None,
    force: bool,
    due: datetime | None = None,
    why: str = "",
) -> bool:
    """Starts a submission again, reason repair. Args: from_stage: null: after the last stage that finished. due: not before."""
    lock_objects(connection, [object_id])
    row = ledger_row(connection, object_id)
    if row is None:
        return False
    trail = trails_of(connection, [object_id])[object_id]
    asked = [step for step in trail if step.kind == "reprocess_requested"]
    stage, event = begun_again(
        found_of(row),
        trail,
        from_stage or _after(row["stage"]),
        at,
        reason="repair",
        lane=row["lane"],
        active=active_versions(connection),
        force=force,
        request=max(asked, key=lambda step: step.at).event if asked else None,
    )
    identifier = event_id("tieout.submission.restarted", object_id, text_of(at))
    tell(connection, [Step(event=identifier, object=object_id, kind="restarted", at=at, reason="repair", stage=stage, detail=why)])
    # It keeps its place in the queue: the time since which it is under way.
    put(connection, replace(event, due=due or moment(row["since"] or row["arrived_at"])), at)
    return True


def _after(stage: StageName | None) -> StageName:
    """The stage after the last one that finished. A validated result is made known again by the validator, which finds its run."""
    following = STAGES.index(stage) + 1 if stage else 0
    return STAGES[min(following, len(STAGES) - 1)]


def active_versions(connection: Connection) -> dict[StageName, str]:
    """The activated version of each stage that has one."""
    return cast(dict[StageName, str], activations(connection))


def give_back(connection: Connection, deferred: Deferred, at: datetime) -> None:
    """Puts a deferred event into the outbox again, due later; where an artifact is missing, the stage that makes it is started instead."""
    identifier = deferred.event or "record:" + hashed([deferred.topic, deferred.value.hex()])
    row = None
    if deferred.object is not None:
        step = Step(event=identifier, object=deferred.object, kind="deferred", at=at, attempts=deferred.tries, detail=deferred.code)
        if tell(connection, [step]) == ["known"]:
            return
        row = ledger_row(connection, deferred.object)
    if row is not None and deferred.code == ARTIFACT_MISSING:
        trail = trails_of(connection, [row["object"]])[row["object"]]
        stage = stage_that_makes(deferred.message, _last_runs(trail), deferred.topic)
        # The event that begins it counts no deferrals: what is made again and again, and is missing each time, takes its time all the same.
        before = sum(step.kind == "restarted" and step.detail == deferred.code for step in trail)
        due = max(deferred.due, at + timedelta(seconds=deferral_seconds(before + 1)))
        restart(connection, row["object"], at, stage, force=True, due=due, why=deferred.code)
        return
    event = OutboxEvent(
        id=identifier,
        topic=deferred.topic,
        key=deferred.key,
        headers=deferred.headers,
        body=deferred.value,
        # Back into the queue, not to Kafka at once: when the storage is back, 5,000 come due together.
        scheduled=row is not None and row["place"] == "queued",
        object=deferred.object,
        department=row["department"] if row is not None else None,
        lane=row["lane"] if row is not None else "upload",
        due=deferred.due,
        waiting=deferred.code,
    )
    put(connection, event, at)


def _last_runs(trail: Iterable[Step]) -> Runs | None:
    runs = [step for step in trail if step.runs is not None and step.runs.extract is not None]
    return max(runs, key=last_told).runs if runs else None


def vanished(connection: Connection, object_id: str, at: datetime) -> bool:
    """Gone, if it has no outcome and was not extracted yet; it does not wait for its turn any more."""
    lock_objects(connection, [object_id])
    row = ledger_row(connection, object_id)
    if row is None or row["outcome"] is not None or row["stage"] is not None:
        return False
    tell(connection, [Step(event=event_id("tieout.object.vanished", object_id), object=object_id, kind="gone", at=at)])
    connection.execute(outbox.delete().where(outbox.c.object == object_id, outbox.c.scheduled == 1))
    return True
