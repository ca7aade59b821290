"""`tieout clean`: removes artifacts that no current result rests on and that are older than their retention.

What is removed can be computed again, so nothing is lost but time: going back to an older version by `activate` needs `reprocess` then.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from shared.canonical import canonical_json
from shared.storage.artifacts import ArtifactBucket
from tieout.exit_codes import NOTHING_TO_REPORT
from tieout.language import Language, pick
from tieout.operations.target import Target


@dataclass
class Cleaning:
    """What a clean-up saw: all artifacts, those that current results rest on, those too young, those that were (or would be) removed."""

    artifacts: int = 0
    current: int = 0
    young: int = 0
    removed: int = 0


def removable(written: Iterable[tuple[str, str]], current: Container[bytes], before: datetime, seen: Cleaning) -> Iterator[str]:
    """The artifacts that may go.

    Args: written: digest and time of writing (ISO 8601, UTC). current: digests that must stay, as bytes (`compact`). before: what was
    written since stays, whatever it is. seen: counts what is looked at.
    """
    for digest, at in written:
        seen.artifacts += 1
        if compact(digest) in current:
            seen.current += 1
        elif datetime.fromisoformat(at) >= before:
            seen.young += 1
        else:
            seen.removed += 1
            yield digest


def compact(digest: str) -> bytes:
    """A digest in 32 bytes: a million documents have three million."""
    return bytes.fromhex(digest.removeprefix("sha256:"))


def now() -> datetime:
    """The present, UTC."""
    return datetime.now(UTC)


def clean(arguments: argparse.Namespace, language: Language) -> int:
    """`tieout clean`; with `--dry-run` it only counts."""
    target = Target.of(arguments.data)
    days: int = arguments.older_than or target.settings.keep_artifacts_days
    seen = Cleaning()
    with target.told():
        bucket = ArtifactBucket(target.storage(), target.settings.s3_artifacts)
        for digest in removable(bucket.listed(), _current(target), now() - timedelta(days=days), seen):
            if not arguments.dry_run:
                bucket.remove(digest)
    if arguments.json:
        fields = {"artifacts": seen.artifacts, "current": seen.current, "young": seen.young, "removed": seen.removed, "days": days}
        sys.stdout.buffer.write(canonical_json({**fields, "dry_run": arguments.dry_run}) + b"\n")
    else:
        print(_sentence(seen, days, arguments.dry_run, language))
    return NOTHING_TO_REPORT


def _current(target: Target) -> set[bytes]:
    from services.store.adapters.engine import open_engine
    from services.store.adapters.sql_current import current_digests

    engine = open_engine(target.database())
    try:
        return {compact(digest) for digest in current_digests(engine)}
    finally:
        engine.dispose()


def _sentence(seen: Cleaning, days: int, dry_run: bool, language: Language) -> str:
    zh = f"共 {seen.artifacts} 个产物：当前结果所用 {seen.current} 个，未满 {days} 天 {seen.young} 个，"
    en = f"{seen.artifacts} artifacts: {seen.current} of current results, {seen.young} younger than {days} days, "
    zh += f"可删除 {seen.removed} 个（未删除）。" if dry_run else f"已删除 {seen.removed} 个。"
    en += f"{seen.removed} could be removed (none was)." if dry_run else f"{seen.removed} removed."
    return pick(language, zh, en)
