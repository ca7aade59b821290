"""A person's decision: kept as an object first, sent as an event second, then watched until the store has carried it out.

The object is the decision; the event only makes it fast. Without Kafka, or with the store stopped, the next sweep carries it out.
"""

from __future__ import annotations

import asyncio
import getpass
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from shared.canonical import canonical_json
from shared.contracts.events import Decision, DecisionKind, StageName
from shared.envelope import Envelope, to_headers
from shared.ids import event_id, hashed
from shared.topics import DECISIONS_MADE
from shared.versions import RELEASE
from tieout.exit_codes import UserError
from tieout.language import Language, pick, say
from tieout.operations.clients import Record, send
from tieout.operations.target import Target

_PATIENCE_SECONDS = 15.0
_POLL_SECONDS: Final = 0.2


@dataclass(frozen=True)
class Carried:
    """What became of decisions: how many were made, how many the store has carried out, and why not (all of them, or where that is unknown)."""

    made: int
    applied: int
    why: UserError | None = None


def make(
    kind: DecisionKind,
    *,
    at: datetime | None = None,
    why: str = "",
    stage: StageName | None = None,
    version: str | None = None,
    document: str | None = None,
    since: str | None = None,
    dead_letter: str | None = None,
    finding: str | None = None,
    by: str | None = None,
) -> Decision:
    """A decision of the user of this process, or of whom `by` names. Its id is made of its content and the time: the same one again is another decision."""
    moment = (at or datetime.now(UTC)).isoformat(timespec="microseconds").replace("+00:00", "Z")
    by = by or user()
    return Decision(
        id="decision:" + hashed([kind, by, moment, why, stage, version, document, since, dead_letter, finding]),
        kind=kind,
        by=by,
        at=moment,
        why=why,
        stage=stage,
        version=version,
        document=document,
        since=since,
        dead_letter=dead_letter,
        finding=finding,
    )


def record(decision: Decision) -> Record:
    """The event that tells of a decision."""
    subject = decision.dead_letter or decision.finding or decision.document or decision.stage or decision.id
    envelope = Envelope(
        id=event_id(DECISIONS_MADE, decision.id),
        source="tieout/operator",
        type=f"tieout.{DECISIONS_MADE}",
        dataschema=decision.schema,
        subject=subject,
        time=decision.at,
        producer=RELEASE,
    )
    return Record(DECISIONS_MADE, subject, to_headers(envelope), canonical_json(decision))


def carry(target: Target, decisions: Sequence[Decision]) -> Carried:
    """Keeps decisions, tells the store, and waits a little until it has carried them out.

    Raises UserError: they could not be kept; then nothing was decided.
    """
    from shared.storage.decisions import Decisions

    with target.told():
        kept = Decisions(target.storage(), target.settings.s3_artifacts)
        for decision in decisions:
            kept.put(decision)
    try:
        asyncio.run(send(target, [record(decision) for decision in decisions]))
    except UserError as problem:
        return Carried(len(decisions), 0, problem)
    try:
        return Carried(len(decisions), _applied(target, [decision.id for decision in decisions], _PATIENCE_SECONDS))
    except UserError as problem:
        return Carried(len(decisions), 0, problem)


def _applied(target: Target, wanted: Sequence[str], patience: float) -> int:
    """How many of these decisions the store has carried out, all of them or after `patience` seconds."""
    until = time.monotonic() + patience
    with target.told(), target.ledger() as ledger:
        while True:
            done = len(ledger.applied_decisions().intersection(wanted))
            if done == len(wanted) or time.monotonic() > until:
                return done
            time.sleep(_POLL_SECONDS)


def outcome_line(carried: Carried, target: Target, language: Language) -> str:
    """Carried out, or when it will be."""
    if carried.applied == carried.made:
        return pick(language, "已执行。", "Carried out.")
    later = pick(
        language,
        "决定已保存，store 服务的下一次清扫会执行。",
        "The decision is kept; the store carries it out with its next sweep.",
    )
    if carried.why is not None:
        why = say(carried.why.message, language)
        return f"{later} {why[:1].upper()}{why[1:]}"
    if carried.applied:
        return (
            pick(language, f"已执行 {carried.applied} 项，共 {carried.made} 项。", f"{carried.applied} of {carried.made} carried out.")
            + f" {later}"
        )
    return later + pick(
        language,
        f"store 服务目前没有执行，请查看 tieout watch --once{target.option}。",
        f" So far it did not: see tieout watch --once{target.option}.",
    )


def user() -> str:
    """The user of this process."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container's user id without a name
        return f"uid {os.getuid()}"
