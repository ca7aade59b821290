"""`tieout audit [--repair]`: every object of the bucket against the ledger. Nothing may be without an owner."""

from __future__ import annotations

import argparse
import re
import sys
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from rich.table import Table
from rich.text import Text

from services.store.domain.ledger import Audit
from shared.canonical import canonical_json
from shared.plain_text import plain
from tieout.exit_codes import FINDINGS, NOTHING_TO_REPORT
from tieout.language import Language, pick
from tieout.operations.target import Target
from tieout.operations.words import short
from tieout.summary import summary_console
from tieout.wrapping import print_paragraph

_WHY: Final = (
    (re.compile(r"unknown: .*"), "账簿中没有这个对象"),
    (re.compile(r"stalled: no progress since (?P<since>\S+), waits for (?P<stage>\S+)"), "自 {since} 起没有进展，等待 {stage}"),
    (re.compile(r"outbox: queued since (?P<since>\S+), and .*"), "自 {since} 起排队，此后没有任何文件发出"),
    (re.compile(r"outbox: due since (?P<since>\S+) and not sent"), "应在 {since} 发出，尚未发出"),
)


def audit(arguments: argparse.Namespace, language: Language) -> int:
    """`tieout audit`; returns 1 where there are holes. `--repair` sweeps once by itself, then audits again."""
    target = Target.of(arguments.data)
    if arguments.repair:
        from tieout.operations.repair import repair

        repair(target, language)
    found = _audit(target)
    if arguments.json:
        sys.stdout.buffer.write(canonical_json(fields(found)) + b"\n")
    else:
        _print(found, target, language)
    return FINDINGS if found.holes else NOTHING_TO_REPORT


def _audit(target: Target) -> Audit:
    from services.store.domain.arrivals import found_object
    from services.store.intake import Inbox, inbox_objects

    now = datetime.now(UTC)
    with target.told(), target.ledger() as ledger:
        listed = inbox_objects(Inbox(target.storage(), target.settings.s3_bucket), ledger)
        objects = (found_object(each.stored) for each in listed)
        return ledger.audit(objects, now, now - timedelta(seconds=target.settings.stalled_seconds))


def fields(found: Audit) -> dict[str, Any]:
    """The audit as the contracts print it."""
    names = ("objects", "submissions", "stored", "rejected", "dead_lettered", "gone", "in_flight", "discarded")
    holes = [{name: getattr(hole, name) for name in ("bucket", "key", "version", "why", "object")} for hole in found.holes]
    return {**{name: getattr(found, name) for name in names}, "holes": holes}


def why_text(why: str, language: Language) -> str:
    """Why an object is a hole (services/store/domain/audit.py), in the user's language; other wordings stay as they are."""
    if language == "zh":
        for pattern, text in _WHY:
            if match := pattern.fullmatch(why):
                return plain(text.format(**match.groupdict()))
    return plain(why.partition(": ")[2] or why)


def _print(found: Audit, target: Target, language: Language) -> None:
    console = summary_console()
    rows = (
        (found.objects, "桶中的对象", "objects in the bucket"),
        (found.submissions, "账簿中的报送", "submissions in the ledger"),
        (found.stored, "  已保存", "  stored"),
        (found.rejected, "  未能读取", "  rejected"),
        (found.dead_lettered, "  死信", "  dead letters"),
        (found.gone, "  读取前已删除", "  gone before they were read"),
        (found.in_flight, "  处理中", "  in flight"),
    )
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column()
    table.add_column(justify="right")
    for number, zh, en in rows:
        table.add_row(pick(language, zh, en), str(number))
    console.print(table)
    if not found.holes:
        print_paragraph(
            console, Text(pick(language, "没有漏项：每份报送都有着落。", "No holes: every submission is accounted for."), "green"), margin=0
        )
        return
    text = pick(language, f"漏项 {len(found.holes)} 个：", f"{len(found.holes)} holes:")
    console.print(Text(text, "bold red"))
    for hole in found.holes:
        about = f"{plain(hole.key)}  {plain(hole.version)}  obj:{short(hole.object)}"
        print_paragraph(console, Text.assemble((about, "cyan"), "  ", why_text(hole.why, language)), "• ")
    hint = pick(
        language,
        f"store 服务的下一次清扫会自动补上；立即修补：tieout audit --repair{target.option}",
        f"The store's next sweep mends them by itself; at once: tieout audit --repair{target.option}",
    )
    print_paragraph(console, Text(hint, "dim"), margin=0)
