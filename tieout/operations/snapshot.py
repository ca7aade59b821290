"""An installation at a moment: ledger, backlog on Kafka, health of its parts, and what needs somebody's attention."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from services.store.domain.ledger import Standing
from shared.contracts.common import Message
from shared.topics import SERVICES
from tieout.exit_codes import UserError
from tieout.installation.status import InstallationStatus, PartStatus, State
from tieout.operations.clients import broker
from tieout.operations.lag import Backlog, Lag
from tieout.operations.target import Target
from tieout.operations.words import state_text, where


@dataclass(frozen=True)
class Snapshot:
    """What `watch` shows. Null: could not be asked, and `down` says why; `parts` is null for an installation elsewhere."""

    at: datetime
    standing: Standing | None
    lags: Sequence[Lag] | None
    parts: InstallationStatus | None
    down: tuple[Message, ...]

    @property
    def under_way(self) -> int | None:
        """Submissions that are not finished, work of the bulk lane included."""
        return None if self.standing is None else sum(self.standing.queued.values()) + sum(self.standing.at_stage.values())

    @property
    def seconds_left(self) -> float | None:
        """Estimated time until nothing is under way, at the rate of the last five minutes. Null: nothing known; 0: drained."""
        if self.standing is None or self.under_way is None:
            return None
        if self.under_way == 0:
            return 0.0
        return self.under_way / self.standing.rate if self.standing.rate > 0 else None


async def take(target: Target, backlog: Backlog) -> Snapshot:
    """Asks all parts at once; one that does not answer hides none of the others."""
    down: list[Message] = []

    async def asked(question: Callable[[], Awaitable[Any]]) -> Any:
        try:
            return await question()
        except UserError as problem:
            down.append(problem.message)
            return None

    standing, lags, parts, _ = await asyncio.gather(
        asked(lambda: asyncio.to_thread(_standing, target)),
        asked(lambda: _lags(target, backlog)),
        asked(lambda: asyncio.to_thread(_parts, target)),
        asked(lambda: asyncio.to_thread(_bucket, target)),
    )
    return Snapshot(datetime.now(UTC), standing, lags, parts, tuple(down))


def _standing(target: Target) -> Standing:
    with target.told(), target.ledger() as ledger:
        return ledger.standing(datetime.now(UTC))


async def _lags(target: Target, backlog: Backlog) -> list[Lag]:
    async with broker(target):
        return await backlog.read()


def _parts(target: Target) -> InstallationStatus | None:
    return target.local.status() if target.local else None


def _bucket(target: Target) -> None:
    """Asks the bucket for a key that nobody has: what is wrong with it is told."""
    with target.told():
        next(iter(target.storage().keys(target.settings.s3_bucket, "tieout-watch/")), None)


def attention(snapshot: Snapshot, option: str) -> list[Message]:
    """What somebody has to look at, the cause before its effects, each with what to call. Args: option: ` --data DIR` of hints."""
    lines = list(snapshot.down)
    troubled: set[str] = set()
    if snapshot.parts is not None:
        troubled = {part.name for part in snapshot.parts.parts if part.state != "up"}
        if snapshot.parts.supervisor.state == "up":
            lines += _part_lines(snapshot.parts.parts, option)
        else:  # then nothing is up, or nobody would start it again
            lines.append(Message(zh=f"本地安装没有运行：tieout up{option}", en=f"the installation does not run: tieout up{option}"))
    lines += _lag_lines(snapshot.lags or (), troubled)
    if snapshot.standing is not None:
        lines += _ledger_lines(snapshot.standing, option)
    return list(dict.fromkeys(lines))


def _lag_lines(lags: Sequence[Lag], troubled: Collection[str]) -> list[Message]:
    """Services that nobody hears of on Kafka, and topics that are not there. Args: troubled: services that were named already."""
    lines = []
    for service in SERVICES:
        own = [lag for lag in lags if lag.service == service]
        if own and service not in troubled and not any(lag.consumers for lag in own):
            waiting = sum(lag.lag or 0 for lag in own)
            lines.append(
                Message(
                    zh=f"{service}：Kafka 上没有它的消费者（积压 {waiting} 条），该服务没有运行",
                    en=f"{service}: has no consumer on Kafka (lag {waiting}), so it does not run",
                )
            )
    missing = dict.fromkeys(lag.topic for lag in lags if lag.lag is None)
    return lines + [
        Message(zh=f"主题 {topic} 不存在：store 的清扫会重建", en=f"the topic {topic} is missing: the store's sweep makes it again")
        for topic in missing
    ]


def _part_lines(parts: Sequence[PartStatus], option: str) -> list[Message]:
    """Parts that are not up, those of one state and one last exit in a line, with what to call."""
    alike: dict[tuple[State, str | None], list[str]] = {}
    for part in parts:
        if part.state != "up":
            alike.setdefault((part.state, part.last_exit), []).append(part.name)
    lines = []
    for (state, last_exit), names in alike.items():
        call = "up" if state in ("stopped", "down") else "logs"
        command = f"tieout {call} {' '.join(names)}{option}"
        ended_zh, ended_en = (f"（上次退出：{last_exit}）", f" (last exit: {last_exit})") if last_exit else ("", "")
        lines.append(
            Message(
                zh=f"{'、'.join(names)} {state_text(state, 'zh').plain}{ended_zh}：{command}",
                en=f"{', '.join(names)} {state_text(state, 'en').plain}{ended_en}: {command}",
            )
        )
    return lines


def _ledger_lines(standing: Standing, option: str) -> list[Message]:
    lines = []
    if number := standing.dead_letters:
        lines.append(Message(zh=f"死信 {number} 封：tieout dlq list{option}", en=f"{number} dead letters: tieout dlq list{option}"))
    if number := standing.deferred:
        lines.append(
            Message(
                zh=f"{number} 个事件因暂时故障推迟，到时自动重试",
                en=f"{number} events are deferred after passing failures and are tried again",
            )
        )
    return lines


def as_json(snapshot: Snapshot) -> dict[str, Any]:
    """The snapshot for programs. Times in seconds, moments in ISO 8601 UTC."""
    standing = snapshot.standing
    return {
        "at": _iso(snapshot.at),
        "submissions": standing.submissions if standing else None,
        "outcomes": dict(standing.outcomes) if standing else None,
        "queued": dict(standing.queued) if standing else None,
        "at_stage": dict(standing.at_stage) if standing else None,
        "under_way": snapshot.under_way,
        "deferred": standing.deferred if standing else None,
        "dead_letters": standing.dead_letters if standing else None,
        "outbox": standing.outbox if standing else None,
        "rate": round(standing.rate, 3) if standing else None,
        "seconds_left": None if snapshot.seconds_left is None else round(snapshot.seconds_left, 1),
        "oldest_age": None if standing is None or standing.oldest_age is None else round(standing.oldest_age, 1),
        "oldest": [
            {
                "object": row.object,
                "key": where(row),
                "stage": row.stage,
                "lane": row.lane,
                "queued": row.queued,
                "waiting": row.waiting,
                "restarts": row.restarts,
                "arrived_at": _iso(row.arrived_at),
                "progressed_at": _iso(row.progressed_at),
            }
            for row in (standing.oldest if standing else ())
        ],
        "lag": None
        if snapshot.lags is None
        else [{"topic": lag.topic, "group": lag.group, "lag": lag.lag, "consumers": lag.consumers} for lag in snapshot.lags],
        "parts": None if snapshot.parts is None else {part.name: part.state for part in snapshot.parts.parts},
        "down": [message.en for message in snapshot.down],
    }


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
