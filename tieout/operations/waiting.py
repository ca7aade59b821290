"""What a submission waits for, as one sentence: its turn, a stage, or something that failed for a passing reason."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from services.store.domain.ledger import LedgerRow
from shared.plain_text import plain
from tieout.language import Language, pick
from tieout.operations.words import duration, lane_word

# The service that goes on where a stage has finished.
_NEXT: Final[dict[str | None, str]] = {None: "extractor", "extract": "normalizer", "normalize": "validator", "validate": "store"}


def waiting_text(row: LedgerRow, language: Language) -> str:
    """What an unfinished submission waits for; empty for one that is settled."""
    if not row.under_way:
        return ""
    service, why = _NEXT[row.stage], plain(row.waiting)
    if row.queued and not why:
        lane = lane_word(row.lane, language)
        return pick(language, f"排队（{lane}），等待发给 {service}", f"queued ({lane}) for the {service}")
    text = pick(language, f"等待 {service}", f"waits for the {service}")
    if why:
        text += pick(language, f"：{why}，到时重试", f": {why}, tried again by itself")
    if row.restarts:
        text += pick(language, f"（已重新启动 {row.restarts} 次）", f" (started again {row.restarts}×)")
    return text


def age(row: LedgerRow, now: datetime, language: Language) -> str:
    """How long a submission has been there."""
    return duration((now - row.arrived_at).total_seconds(), language)
