"""Which versions count: those of the first start, and results that were waiting when a person activated theirs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, cast

import structlog

from services.store.domain.identity import Stage
from services.store.domain.results import load_result
from services.store.handlers import changes
from services.store.ledger_ports import Ledger
from services.store.ports import Artifacts, Store
from services.store.threads import in_delivery_words
from shared.delivery.messages import Outgoing

BATCH: Final = 20
"""Documents adopted between two looks at the lead: about two seconds."""

_log = structlog.get_logger(__name__)


def activate_first(wanted: str, store: Store, ledger: Ledger) -> None:
    """Activates versions for the stages that have none. Args: wanted: `STAGE=VERSION,…` (TIEOUT_ACTIVATE). Raises StoreUnavailable."""
    active = ledger.activated()
    pairs = (entry.split("=", 1) for entry in wanted.split(",") if entry)
    missing = {cast(Stage, stage): version for stage, version in pairs if stage not in active}
    if missing:
        store.activate(missing)
        _log.info("activated_at_first_start", versions=missing)
