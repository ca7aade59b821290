"""The real things behind the store's ports: one database, one object storage, Kafka's topics."""

from __future__ import annotations

from sqlalchemy import text

from services.store.adapters.engine import open_engine, reading
from services.store.adapters.kafka_topics import KafkaTopics
from services.store.adapters.postgres_lead import AloneLead, PostgresLead
from services.store.adapters.sql_ledger import SqlLedger
from services.store.adapters.sql_store import SqlStore
from services.store.domain.errors import StoreError
from services.store.parts import Parts
from shared.settings import Settings
from shared.storage.artifacts import ArtifactBucket
from shared.storage.decisions import Decisions
from shared.storage.ports import ObjectStorage


def open_parts(settings: Settings, storage: ObjectStorage, connections: int) -> Parts:
    """Opens the database, and where needed makes or migrates it. Args: connections: to the database at most, besides that of the lead.

    Raises StoreUnavailable, DiskFull.
    """
    engine = open_engine(settings.database.get_secret_value(), connections + 1)

    def ready() -> bool:
        try:
            with reading(engine) as connection:
                return connection.execute(text("SELECT 1")).scalar() == 1
        except StoreError:
            return False

    return Parts(
        settings=settings,
        storage=storage,
        store=SqlStore(engine),
        ledger=SqlLedger(engine),
        artifacts=ArtifactBucket(storage, settings.s3_artifacts),
        decisions=Decisions(storage, settings.s3_artifacts),
        topics=KafkaTopics(settings),
        lead=PostgresLead(engine) if engine.dialect.name == "postgresql" else AloneLead(),
        ready=ready,
        close=engine.dispose,
    )
