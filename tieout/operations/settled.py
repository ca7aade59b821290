"""Waiting until submissions are settled: a line for each as it is, the code that follows, and what the others wait for."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from rich.console import Console
from rich.text import Text

from services.store.domain.ledger import LedgerRow
from services.store.domain.views import DocumentView
from shared.canonical import canonical_json
from shared.plain_text import plain
from tieout.exit_codes import FINDINGS, NOT_AVAILABLE, NOTHING_TO_REPORT, UNREADABLE
from tieout.language import Language, pick, say
from tieout.operations.target import Target
from tieout.operations.waiting import waiting_text
from tieout.operations.words import outcome_text, where
from tieout.summary import verdict_text
from tieout.wrapping import print_paragraph

if TYPE_CHECKING:
    from services.store.ledger_ports import Ledger
    from services.store.ports import Store
    from tieout.operations.put import Uploaded

_POLL_SECONDS: Final = 0.5
_AT_A_TIME: Final = 40  # questions to the database a round: those that were uploaded first are mostly settled first


def wait(target: Target, uploaded: Sequence[Uploaded], timeout: float, console: Console, as_json: bool, language: Language) -> int:
    """Tells each submission as it is settled; returns the exit code: findings, rejected, or not settled in `timeout` seconds."""
    pending = {each.object: each for each in uploaded}
    until = time.monotonic() + timeout
    codes = [NOTHING_TO_REPORT]
    with target.told(), target.ledger() as ledger, target.store() as store:
        while pending:
            before = len(pending)
            for identifier in list(pending)[:_AT_A_TIME]:
                row = next(iter(ledger.row(identifier)), None)
                if row is not None and row.outcome is not None and not row.under_way:
                    del pending[identifier]
                    codes.append(_settled(row, _document(store, row), console, as_json, language))
            if time.monotonic() > until:
                break
            if len(pending) == before:
                time.sleep(_POLL_SECONDS)
        if pending:
            _not_settled(ledger, pending, timeout, language)
            codes.append(NOT_AVAILABLE)
    return max(codes)


def _document(store: Store, row: LedgerRow) -> DocumentView | None:
    return store.document(row.document) if row.document else None


def _settled(row: LedgerRow, view: DocumentView | None, console: Console, as_json: bool, language: Language) -> int:
    """One line for a submission; returns its exit code."""
    if as_json:
        sys.stdout.buffer.write(canonical_json(_fields(row, view)) + b"\n")
        sys.stdout.buffer.flush()
    else:
        print_paragraph(console, _line(row, view, language), margin=0)
    if row.outcome in ("rejected", "dead_lettered"):
        return UNREADABLE
    return FINDINGS if view is not None and view.findings.get("error") else NOTHING_TO_REPORT


def _line(row: LedgerRow, view: DocumentView | None, language: Language) -> Text:
    name = (plain(row.submission.name), "cyan")
    if row.outcome == "stored" and view is not None and view.verdict is not None:
        errors, warnings = view.findings.get("error", 0), view.findings.get("warning", 0)
        counts = pick(language, f"错误 {errors}，提醒 {warnings}", f"{errors} errors, {warnings} warnings")
        entity = plain(view.entity or pick(language, "（未识别单位）", "(entity not recognised)"))
        return Text.assemble(verdict_text(view.verdict, language), "  ", name, "  ", f"{entity} {view.year or ''}".strip(), f"  {counts}")
    why = plain(row.waiting)
    if row.outcome == "rejected" and view is not None and view.rejection is not None:
        why = say(view.rejection.message, language)
    return Text.assemble(outcome_text(row.outcome, language), "  ", name, f"  {plain(why)}".rstrip())


def _fields(row: LedgerRow, view: DocumentView | None) -> dict[str, Any]:
    return {
        "object": row.object,
        "key": where(row),
        "outcome": row.outcome,
        "document": row.document,
        "verdict": view.verdict if view else None,
        "findings": dict(view.findings) if view else {},
    }


def _not_settled(ledger: Ledger, pending: dict[str, Uploaded], timeout: float, language: Language) -> None:
    """Names on standard error what is not settled, and what it waits for."""
    for identifier, each in list(pending.items())[:5]:
        row = next(iter(ledger.row(identifier)), None)
        why = pick(language, "store 服务尚未发现它", "the store has not noticed it yet") if row is None else waiting_text(row, language)
        print(f"tieout: {plain(each.stored.key)}: {why}", file=sys.stderr)
    text = pick(
        language,
        f"{timeout:g} 秒内有 {len(pending)} 个文件没有结果；它们在桶中，不会丢失。请查看 tieout watch --once。",
        f"{len(pending)} files are not settled after {timeout:g} s; they are in the bucket and not lost. See tieout watch --once.",
    )
    print(f"tieout: {text}", file=sys.stderr)
