"""One sweep from the command line: what the store's own sweep does every minute, at once and also while the store is stopped."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta

from shared.plain_text import plain
from tieout.language import Language, pick
from tieout.operations.target import Target


def repair(target: Target, language: Language) -> None:
    """Sweeps once and says on standard error what was mended and what could not be."""
    from services.store.adapters.kafka_topics import KafkaTopics
    from services.store.intake import Inbox
    from services.store.sweep import Sweep, sweep
    from shared.storage.decisions import Decisions

    settings = target.settings
    with target.told(), target.ledger() as ledger:
        storage = target.storage()
        report = sweep(
            Sweep(
                inbox=Inbox(storage, settings.s3_bucket),
                ledger=ledger,
                decisions=Decisions(storage, settings.s3_artifacts),
                topics=KafkaTopics(settings),
                stalled=timedelta(seconds=settings.stalled_seconds),
                now=lambda: datetime.now(UTC),
            )
        )
    restarted = sum(report.restarted.values())
    text = pick(
        language,
        f"已清扫 {report.seen} 个对象：新登记 {report.new}，已删除 {report.gone}，重新启动 {restarted}，补执行决定 {report.decisions}，"
        f"重建主题 {len(report.topics)}。",
        f"swept {report.seen} objects: {report.new} noted, {report.gone} gone, {restarted} started again, {report.decisions} decisions "
        f"carried out, {len(report.topics)} topics made again.",
    )
    print(f"tieout: {text}", file=sys.stderr)
    for part, why in report.failed.items():
        failed = pick(language, f"清扫的“{part}”部分未能完成：", f"the sweep's part '{part}' could not be done: ")
        print(f"tieout: {failed}{plain(' '.join(why.split()))}", file=sys.stderr)
