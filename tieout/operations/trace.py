"""`tieout trace ID`: the way of a submission: what happened when, in which version, after how many attempts, and what it waits for now."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import Any, Final

from rich.console import Console
from rich.text import Text

from services.store.domain.ledger import LedgerRow, Step
from services.store.domain.views import DocumentView
from shared.canonical import canonical_json
from shared.plain_text import file_name_text, plain
from tieout.exit_codes import NOTHING_TO_REPORT, USAGE, UserError
from tieout.language import Language, pick, say
from tieout.operations.columns import print_columns
from tieout.operations.target import Target
from tieout.operations.waiting import waiting_text
from tieout.operations.words import clock, fine_clock, outcome_text, short, step_word, where
from tieout.summary import summary_console, verdict_text
from tieout.wrapping import print_paragraph

_MOST_MATCHES: Final = 50


def trace(arguments: argparse.Namespace, language: Language) -> int:
    """`tieout trace ID`; several submissions that match are listed, with `--json` each with its whole way."""
    target = Target.of(arguments.data)
    with target.told(), target.ledger() as ledger, target.store() as store:
        rows = ledger.row(file_name_text(arguments.asked))
        if not rows:
            raise _unknown(arguments.asked, target)
        if arguments.json:
            for row in rows:
                _print_json(_fields(row, ledger.trail(row.object), _view(store.document, row)))
            return NOTHING_TO_REPORT
        if len(rows) > 1:
            _list(rows, language)
            return NOTHING_TO_REPORT
        row = rows[0]
        _print(row, ledger.trail(row.object), _view(store.document, row), language)
    return NOTHING_TO_REPORT


def _unknown(asked: str, target: Target) -> UserError:
    name, option = plain(asked), target.option
    return UserError(
        USAGE,
        f"账簿中没有“{name}”。可用对象编号、文件编号（前几位）、桶中的键或文件名；刚上传的文件可能尚未登记，见 tieout audit{option}。",
        f"the ledger holds no '{name}'. Give an object id, the first digits of a document's id, a key or a file name; "
        f"what was uploaded just now may not be noted yet: tieout audit{option}.",
    )


def _view(document: Any, row: LedgerRow) -> DocumentView | None:
    found: DocumentView | None = document(row.document) if row.document else None
    return found


def _list(rows: Sequence[LedgerRow], language: Language) -> None:
    console = summary_console()
    text = pick(language, f"{len(rows)} 项相符，请用对象编号指定一项：", f"{len(rows)} submissions match; name one by its object id:")
    console.print(text)
    heads = [("对象", "object"), ("到达（UTC）", "arrived (UTC)"), ("状态", "state"), ("键", "key")]
    shown: list[list[str | Text]] = [
        [f"obj:{short(row.object)}", clock(row.arrived_at), outcome_text(row.outcome, language), where(row)] for row in rows
    ]
    print_columns(console, [pick(language, *head) for head in heads], shown[:_MOST_MATCHES])
    if len(rows) > _MOST_MATCHES:
        console.print(pick(language, f"… 另有 {len(rows) - _MOST_MATCHES} 项", f"… and {len(rows) - _MOST_MATCHES} more"))


def _print(row: LedgerRow, steps: Sequence[Step], view: DocumentView | None, language: Language) -> None:
    console = summary_console()
    _print_head(console, row, view, language)
    _print_steps(console, steps, language)
    if waits := waiting_text(row, language):
        print_paragraph(console, Text(waits), Text("→ ", "bold yellow"), margin=0)


def _print_head(console: Console, row: LedgerRow, view: DocumentView | None, language: Language) -> None:
    def t(zh: str, en: str) -> str:
        return pick(language, zh, en)

    head = Text.assemble((where(row), "bold"), "  ", outcome_text(row.outcome, language))
    if view is not None and view.verdict is not None:
        head.append("  ")
        head.append_text(verdict_text(view.verdict, language))
    print_paragraph(console, head, margin=0)
    for identifier in filter(None, (row.object, row.document)):  # they say what they are, and are copied
        console.print(Text(f"  {identifier}", "dim"), soft_wrap=True)
    lines = []
    if row.submission.object is not None and row.submission.object.version:
        lines.append((t("版本", "version"), row.submission.object.version))
    if row.submission.department:
        lines.append((t("部门", "department"), row.submission.department))
    if view is not None and view.verdict is not None:
        counts = view.findings
        found = t(
            f"错误 {counts.get('error', 0)}，提醒 {counts.get('warning', 0)}，说明 {counts.get('info', 0)}",
            f"{counts.get('error', 0)} errors, {counts.get('warning', 0)} warnings, {counts.get('info', 0)} infos",
        )
        lines.append((t("问题", "findings"), found))
    if row.outcome == "rejected" and view is not None and view.rejection is not None:
        lines.append((t("原因", "reason"), say(view.rejection.message, language)))
    for label, value in lines:
        if value:
            print_paragraph(console, Text(plain(value)), Text(f"{label}{t('：', ': ')}", "dim"))


def _print_steps(console: Console, steps: Sequence[Step], language: Language) -> None:
    heads = [("时间（UTC）", "time (UTC)"), ("步骤", "step"), ("次数", "tries"), ("事件", "event"), ("版本与说明", "version and detail")]
    rows = [
        [fine_clock(step.at), step_word(step.kind, language), str(step.attempts), short(step.event), _about(step, language)]
        for step in steps
    ]
    print_columns(console, [pick(language, *head) for head in heads], rows, right=(2,))


def _about(step: Step, language: Language) -> str:
    """Version, code and reason of a step; of a decision the beginning of its id; when it was told again, as after a request to do it again."""
    detail = f"decision {short(step.detail)}" if step.detail.startswith("decision:") else step.detail
    reason = "" if step.reason == "upload" else step.reason
    again = pick(language, "再次：", "again: ") + fine_clock(step.last_at) if step.last_at else ""
    return "  ".join(plain(each) for each in (step.version or "", detail, reason, again) if each)


def _fields(row: LedgerRow, steps: Sequence[Step], view: DocumentView | None) -> dict[str, Any]:
    names = [name for name in LedgerRow.__dataclass_fields__ if name != "submission"]
    return {
        **{name: getattr(row, name) for name in names},
        "submission": row.submission,
        "verdict": view.verdict if view else None,
        "findings": dict(view.findings) if view else {},
        "steps": [{name: getattr(step, name) for name in Step.__dataclass_fields__ if name not in ("object", "runs")} for step in steps],
    }


def _print_json(value: object) -> None:
    sys.stdout.buffer.write(canonical_json(value) + b"\n")
