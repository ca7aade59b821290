"""Which versions of the stages are known: what results of which version there are, and which version counts."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from services.store.adapters import schema, sql_writes
from services.store.adapters.engine import open_engine, reading
from services.store.domain.identity import STAGES, Stage


@dataclass(frozen=True)
class StageVersion:
    """A version of a stage. `documents`: how many have a result of it, current or not. `active`: it is the activated one."""

    stage: Stage
    version: str
    documents: int
    active: bool


def stage_versions(url: str) -> list[StageVersion]:
    """All versions of which there is a result, and the activated ones, by stage and version. Raises StoreUnavailable."""
    engine = open_engine(url)
    runs = schema.stage_runs.c
    try:
        with reading(engine) as connection:
            counted = select(runs.stage, runs.version, func.count(runs.document_id.distinct())).group_by(runs.stage, runs.version)
            found = {(stage, version): int(number) for stage, version, number in connection.execute(counted)}
            active = sql_writes.activations(connection)
    finally:
        engine.dispose()
    every = sorted({*found, *active.items()}, key=lambda each: (STAGES.index(each[0]), each[1]))
    return [StageVersion(stage, version, found.get((stage, version), 0), active.get(stage) == version) for stage, version in every]
