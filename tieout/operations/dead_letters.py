"""`tieout dlq list|show|redrive|discard`: events on which a stage failed by its own fault, and what a person decides about them."""

from __future__ import annotations

import argparse
import base64
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from rich.console import Console
from rich.text import Text

from services.store.domain.ledger import DeadLetter
from shared.canonical import canonical_json
from shared.contracts.events import DecisionKind
from shared.plain_text import plain
from tieout.exit_codes import NOTHING_TO_REPORT, USAGE, UserError
from tieout.language import Language, pick
from tieout.operations import decide
from tieout.operations.columns import print_columns
from tieout.operations.target import Target
from tieout.operations.words import letter_text, short, where
from tieout.summary import summary_console
from tieout.wrapping import print_paragraph

if TYPE_CHECKING:
    from services.store.ledger_ports import Ledger

_MOST_SHOWN: Final = 100


def list_letters(arguments: argparse.Namespace, language: Language) -> int:
    """`tieout dlq list`: dead letters, latest first; without `--all` those about which nothing was decided."""
    target = Target.of(arguments.data)
    with target.told(), target.ledger() as ledger:
        letters = ledger.dead_letters(arguments.service, None if arguments.all else "dead")
        if arguments.json:
            for letter in letters:
                _print_json(_fields(letter))
            return NOTHING_TO_REPORT
        names = {letter.id: _name(ledger, letter) for letter in letters[:_MOST_SHOWN]}
    console = summary_console()
    if not letters:
        console.print(pick(language, "没有死信。", "No dead letters."))
        return NOTHING_TO_REPORT
    _print_list(console, letters[:_MOST_SHOWN], names, language, with_status=arguments.all)
    if len(letters) > _MOST_SHOWN:
        more = len(letters) - _MOST_SHOWN
        console.print(pick(language, f"… 另有 {more} 封：dlq list --json", f"… and {more} more: dlq list --json"))
    hint = pick(
        language,
        f"详情：tieout dlq show{target.option} 编号；重新投递：tieout dlq redrive{target.option} 编号；"
        f"放弃：tieout dlq discard{target.option} 编号 --why 原因",
        f"Details: tieout dlq show{target.option} ID; send again: tieout dlq redrive{target.option} ID; "
        f"give up: tieout dlq discard{target.option} ID --why TEXT",
    )
    print_paragraph(console, Text(hint, "dim"), margin=0)
    return NOTHING_TO_REPORT


def _print_list(console: Console, letters: Sequence[DeadLetter], names: dict[str, str], language: Language, with_status: bool) -> None:
    heads = [("编号", "id"), ("服务", "service"), ("代码", "code"), ("次数", "tries"), ("最后（UTC）", "last (UTC)")]
    heads += [*([("状态", "status")] if with_status else []), ("文件", "file")]
    rows: list[list[str | Text]] = [
        [
            short(letter.id),
            plain(letter.service),
            plain(letter.code),
            str(letter.attempts),
            _moment(letter.last_at),
            *([letter_text(letter.status, language)] if with_status else []),
            names[letter.id],
        ]
        for letter in letters
    ]
    print_columns(console, [pick(language, *head) for head in heads], rows, right=(3,))


def _moment(text: str) -> str:
    """2026-11-21T08:00:00.123Z → 11-21 08:00:00."""
    return plain(text)[5:19].replace("T", " ")


def _name(ledger: Ledger, letter: DeadLetter) -> str:
    rows = ledger.row(letter.object) if letter.object else []
    if rows:
        return where(rows[0])
    return plain((letter.key or b"").decode("utf-8", "replace")) or "—"


def show_letter(arguments: argparse.Namespace, language: Language) -> int:
    """`tieout dlq show ID`: why it died, where it came from, its headers; its body only with `--body`, since it may hold unpublished figures."""
    target = Target.of(arguments.data)
    with target.told(), target.ledger() as ledger:
        letter = _found(ledger, arguments.letter)
        name = _name(ledger, letter)
    if arguments.json:
        body = {"body": base64.b64encode(letter.value).decode()} if arguments.body else {}
        _print_json({**_fields(letter), "headers": _headers(letter), **body})
        return NOTHING_TO_REPORT
    console = summary_console()
    for label, value in _lines(letter, name, language):
        if value:
            line = Text.assemble((f"{label}{pick(language, '：', ': ')}", "bold"), plain(value))
            console.print(line, soft_wrap=True)  # ids stay whole: people copy them
    console.print(Text(pick(language, "原始消息头：", "headers of the original:"), "bold"))
    for header, text in _headers(letter):
        console.print(Text(f"  {plain(header)}: {'null' if text is None else plain(text)}"), soft_wrap=True)
    if arguments.body:
        _print_body(console, letter, language)
    else:
        size = len(letter.value)
        hidden = pick(
            language,
            f"正文 {size} 字节，可能含未公开的预算，未显示；--body 显示。",
            f"The body ({size} bytes) is not shown, since it may hold unpublished budgets; --body shows it.",
        )
        print_paragraph(console, Text(hidden, "dim"), margin=0)
    return NOTHING_TO_REPORT


def _lines(letter: DeadLetter, name: str, language: Language) -> list[tuple[str, str]]:
    def t(zh: str, en: str) -> str:
        return pick(language, zh, en)

    return [
        (t("死信", "dead letter"), letter.id),
        (t("状态", "status"), f"{letter_text(letter.status, language).plain}{f' ({letter.decided})' if letter.decided else ''}"),
        (t("服务", "service"), f"{letter.service} {letter.producer}".strip()),
        (t("文件", "file"), name),
        (t("对象", "object"), letter.object or ""),
        (t("文件编号", "document"), letter.document or ""),
        (t("代码", "code"), letter.code),
        (t("错误", "error"), letter.error),
        (t("说明", "message"), letter.message),
        (t("调用栈摘要", "stack digest"), letter.stack),
        (t("处理次数", "attempts"), str(letter.attempts)),
        (t("首次", "first"), letter.first_at),
        (t("最后", "last"), letter.last_at),
        (t("来自", "origin"), f"{letter.topic} / {letter.partition} / {letter.offset}"),
        (t("事件", "event"), letter.event or ""),
        (t("消息键", "key"), (letter.key or b"").decode("utf-8", "replace")),
    ]


def _print_body(console: Console, letter: DeadLetter, language: Language) -> None:
    console.print(Text(pick(language, "正文：", "body:"), "bold"))
    console.print(Text(plain(letter.value.decode("utf-8", "replace"))), soft_wrap=True)


def redrive(arguments: argparse.Namespace, language: Language) -> int:
    """`tieout dlq redrive ID… | --all`: the original records are sent again; their attempts count anew."""
    if bool(arguments.letters) == arguments.all:
        arguments.parser.error(pick(language, "请写死信编号，或写 --all", "name dead letters, or --all (not both)"))
    target = Target.of(arguments.data)
    with target.told(), target.ledger() as ledger:
        letters = ledger.dead_letters(arguments.service, "dead") if arguments.all else _undecided(ledger, arguments.letters)
    if not letters:
        summary_console().print(pick(language, "没有待处理的死信。", "There are no dead letters to send again."))
        return NOTHING_TO_REPORT
    return _decide(target, "redrive", letters, "", pick(language, "重新投递", "sent again"), language)


def discard(arguments: argparse.Namespace, language: Language) -> int:
    """`tieout dlq discard ID… --why TEXT`: nobody works on them any more. The reason is kept with the decision."""
    if not arguments.why.strip():
        arguments.parser.error(pick(language, "--why 须写明原因", "--why needs a reason"))
    target = Target.of(arguments.data)
    with target.told(), target.ledger() as ledger:
        letters = _undecided(ledger, arguments.letters)
    return _decide(target, "discard", letters, arguments.why, pick(language, "放弃处理", "discarded"), language)


def _decide(target: Target, kind: DecisionKind, letters: Sequence[DeadLetter], why: str, done: str, language: Language) -> int:
    decisions = [decide.make(kind, dead_letter=letter.id, why=why) for letter in letters]
    carried = decide.carry(target, decisions)
    console = summary_console()
    for letter in letters:
        about = pick(
            language, f"死信 {short(letter.id)}（{letter.service}，{letter.code}）", f"{short(letter.id)} ({letter.service}, {letter.code})"
        )
        console.print(Text(f"{done}{pick(language, '：', ': ')}{plain(about)}"))
    print_paragraph(console, Text(decide.outcome_line(carried, target, language)), margin=0)
    return NOTHING_TO_REPORT


def _undecided(ledger: Ledger, asked: Sequence[str]) -> list[DeadLetter]:
    """The dead letters meant, each once. Raises UserError where one is unknown or was decided about; then nothing is decided."""
    found = {letter.id: letter for letter in (_found(ledger, each) for each in asked)}
    for letter in found.values():
        if letter.status != "dead":
            zh, en = {"redriven": ("已重新投递", "was sent again"), "discarded": ("已放弃", "was discarded")}[letter.status]
            raise UserError(
                USAGE,
                f"死信 {short(letter.id)} {zh}（{letter.decided}），没有什么要做；此次未作任何决定。",
                f"dead letter {short(letter.id)} {en} already ({letter.decided}); nothing was decided.",
            )
    return list(found.values())


def _found(ledger: Ledger, asked: str) -> DeadLetter:
    letter = ledger.dead_letter(asked)
    if letter is None:
        raise UserError(
            USAGE,
            f"没有死信“{plain(asked)}”。用 tieout dlq list --all 查看全部。",
            f"there is no dead letter '{plain(asked)}'. tieout dlq list --all names them.",
        )
    return letter


def _headers(letter: DeadLetter) -> list[tuple[str, str | None]]:
    return [(name, None if value is None else value.decode("utf-8", "replace")) for name, value in letter.headers]


def _fields(letter: DeadLetter) -> dict[str, Any]:
    """Everything about a dead letter but the original's headers and body."""
    names = [name for name in DeadLetter.__dataclass_fields__ if name not in ("headers", "value", "key")]
    return {name: getattr(letter, name) for name in names} | {"key": (letter.key or b"").decode("utf-8", "replace")}


def _print_json(value: object) -> None:
    sys.stdout.buffer.write(canonical_json(value) + b"\n")
