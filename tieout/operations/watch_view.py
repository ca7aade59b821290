"""A snapshot for people: what needs attention first, then results, queue and stages, the oldest submissions, backlog and health."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from services.store.domain.ledger import Standing
from shared.plain_text import plain
from tieout.installation.status import InstallationStatus
from tieout.language import Language, pick, say
from tieout.operations.columns import columns
from tieout.operations.lag import Lag
from tieout.operations.snapshot import Snapshot, attention
from tieout.operations.waiting import age, waiting_text
from tieout.operations.words import clock, duration, lane_word, outcome_text, stage_word, state_text, where

_OLDEST: Final = 8


def view(snapshot: Snapshot, name: str, option: str, width: int, language: Language, oldest: int = _OLDEST) -> Group:
    """The whole display.

    Args: name: of the installation. option: ` --data DIR` as hints show it. width: of the screen. oldest: submissions listed at most.
    """
    parts: list[RenderableType] = [_head(snapshot, name, language)]
    for line in attention(snapshot, option):
        parts.append(_marked("! ", Text(plain(say(line, language))), "bold red"))
    if snapshot.standing is not None:
        parts += ["", _figures(snapshot.standing, language)]
        parts += _oldest(snapshot.standing, snapshot, width, language, oldest)
    if snapshot.lags is not None:
        parts += _backlog(snapshot.lags, width, language)
    if snapshot.parts is not None:
        parts += ["", *_health(snapshot.parts, width, language)]
    return Group(*parts)


def _marked(mark: str, text: Text, style: str) -> Table:
    """A paragraph behind a mark, its further lines below its first word."""
    grid = Table.grid()
    grid.add_column(width=len(mark), style=style)
    grid.add_column(overflow="fold")
    grid.add_row(mark, text)
    return grid


def _head(snapshot: Snapshot, name: str, language: Language) -> Text:
    head = Text.assemble((plain(name), "bold"), f"  {clock(snapshot.at)} UTC")
    standing, under_way = snapshot.standing, snapshot.under_way
    if standing is None or under_way is None:
        return head
    done = standing.submissions - _unfinished(standing)
    left = snapshot.seconds_left
    if under_way == 0:
        rest = pick(language, "全部处理完毕", "all done")
    elif left is None:
        rest = pick(language, "近五分钟没有完成的，无法估计剩余时间", "nothing finished in five minutes: no estimate")
    else:
        rest = pick(language, f"约 {duration(left, 'zh')} 后处理完", f"drained in about {duration(left, 'en')}")
    text = pick(
        language,
        f"完成 {done}/{standing.submissions} 份 · 处理中 {under_way} · 每秒 {standing.rate:.2f} 份 · {rest}",
        f"{done} of {standing.submissions} done · {under_way} under way · {standing.rate:.2f} a second · {rest}",
    )
    return Text.assemble(head, "\n", text)


def _unfinished(standing: Standing) -> int:
    return standing.submissions - sum(standing.outcomes.values())


def _figures(standing: Standing, language: Language) -> Table:
    """Three columns beside each other: results, what is queued, what is at which stage."""

    def block(title: str, rows: Sequence[tuple[Text | str, int, str]]) -> Table:
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
        table.add_column()
        table.add_column(justify="right")
        table.add_row(Text(title, "bold"), "")
        for label, number, style in rows:
            table.add_row(label, Text(str(number), style if number else "dim"))
        return table

    results = [(outcome_text(outcome, language), standing.outcomes.get(outcome, 0), "") for outcome in ("stored", "rejected", "dead_lettered", "gone")]  # fmt: skip
    results.append((outcome_text(None, language), _unfinished(standing), "cyan"))
    waits: list[tuple[Text | str, int, str]] = [(lane_word(lane, language), standing.queued.get(lane, 0), "cyan") for lane in ("upload", "bulk")]  # fmt: skip
    waits.append((pick(language, "推迟重试", "deferred"), standing.deferred, "yellow"))
    waits.append((pick(language, "待发事件", "outbox"), standing.outbox, ""))
    stages: list[tuple[Text | str, int, str]] = [
        (stage_word(stage, language), standing.at_stage.get(stage, 0), "cyan") for stage in ("extract", "normalize", "validate", "store")
    ]
    grid = Table.grid(padding=(0, 4, 0, 0))
    grid.add_row(
        block(pick(language, "结果", "results"), results),
        block(pick(language, "排队", "queued"), waits),
        block(pick(language, "各阶段", "at stage"), stages),
    )
    return grid


def _oldest(standing: Standing, snapshot: Snapshot, width: int, language: Language, most: int) -> list[RenderableType]:
    if not standing.oldest:
        return []
    heads = [("最久未完成", "oldest unfinished"), ("在等什么", "what it waits for"), ("文件", "file")]
    rows = [[age(row, snapshot.at, language), waiting_text(row, language), where(row)] for row in standing.oldest[:most]]
    return ["", *columns([pick(language, *head) for head in heads], rows, width)]


def _backlog(lags: Sequence[Lag], width: int, language: Language) -> list[RenderableType]:
    """The topics on which something waits, as a table; the others in a line."""
    shown = [lag for lag in lags if lag.lag or lag.lag is None]
    if not shown:
        return ["", Text(pick(language, "Kafka：没有积压", "Kafka: no lag"), "dim")]
    heads = [("积压", "lag"), ("消费者", "consumers"), ("Kafka 主题", "Kafka topic"), ("消费组", "group")]
    rows: list[list[str | Text]] = [
        [
            Text("—", "bold red") if lag.lag is None else Text(str(lag.lag), "cyan"),
            Text(str(lag.consumers), "" if lag.consumers else "bold red"),
            lag.topic,
            lag.group,
        ]
        for lag in shown
    ]
    lines: list[RenderableType] = ["", *columns([pick(language, *head) for head in heads], rows, width, right=(0, 1))]
    if rest := len(lags) - len(shown):
        lines.append(Text(pick(language, f"其余 {rest} 个消费组没有积压", f"no lag in {rest} other groups"), "dim"))
    return lines


def _health(status: InstallationStatus, width: int, language: Language) -> list[Text]:
    """Each part and its state, as many in a line as fit; restarts where there were any."""
    lines = [Text()]
    for part in status.parts:
        restarts = pick(language, f"（重启 {part.restarts} 次）", f" ({part.restarts} restarts)") if part.restarts else ""
        item = Text.assemble(f"{part.name} ", state_text(part.state, language), (restarts, "yellow"))
        if lines[-1].plain and lines[-1].cell_len + 3 + item.cell_len > width:
            lines.append(Text())
        lines[-1].append("   " if lines[-1].plain else "")
        lines[-1].append_text(item)
    return lines
