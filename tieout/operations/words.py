"""How operating commands say things: outcomes, stages, steps, times and durations, in Chinese and English."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from rich.text import Text

from services.store.domain.ledger import LedgerRow
from shared.plain_text import plain
from tieout.installation.display import STATE_WORDS
from tieout.installation.status import State
from tieout.language import Language, pick

_OUTCOMES: Final[dict[str | None, tuple[str, str, str]]] = {
    "stored": ("已保存", "stored", "green"),
    "rejected": ("未能读取", "rejected", "yellow"),
    "dead_lettered": ("死信", "dead letter", "bold red"),
    "gone": ("已删除", "gone", "dim"),
    None: ("处理中", "in flight", "cyan"),
}
_STAGES: Final = {
    "extract": ("读表", "extract"),
    "normalize": ("编码", "normalize"),
    "validate": ("核对", "validate"),
    "store": ("保存", "store"),
}
_STEPS: Final = {
    "arrived": ("到达", "arrived"),
    "dispatched": ("发出", "dispatched"),
    "extracted": ("读表完成", "extracted"),
    "normalized": ("编码完成", "normalized"),
    "validated": ("核对完成", "validated"),
    "stored": ("已保存", "stored"),
    "rejected": ("未能读取", "rejected"),
    "gone": ("已删除", "gone"),
    "deferred": ("推迟重试", "deferred"),
    "dead_lettered": ("成为死信", "dead letter"),
    "redriven": ("重新投递", "redriven"),
    "discarded": ("放弃处理", "discarded"),
    "restarted": ("重新启动", "restarted"),
    "reprocess_requested": ("要求重新处理", "reprocess requested"),
}
_LANES: Final = {"upload": ("新上传", "uploads"), "bulk": ("批量重算", "bulk")}
_STATE_STYLES: Final = {"up": "green", "starting": "yellow", "waiting": "yellow", "unready": "yellow", "unsupervised": "yellow"}
_LETTERS: Final = {
    "dead": ("待处理", "dead", "bold red"),
    "redriven": ("已重投", "redriven", "cyan"),
    "discarded": ("已放弃", "discarded", "dim"),
}
_SHORT: Final = 10  # characters of a hashed id that people see; commands take any unambiguous beginning


def outcome_text(outcome: str | None, language: Language) -> Text:
    """What became of a submission."""
    zh, en, style = _OUTCOMES[outcome]
    return Text(pick(language, zh, en), style)


def stage_word(stage: str, language: Language) -> str:
    """A stage's work."""
    return pick(language, *_STAGES[stage])


def step_word(kind: str, language: Language) -> str:
    """What happened to a submission."""
    return pick(language, *_STEPS[kind])


def lane_word(lane: str, language: Language) -> str:
    """A lane of the queue."""
    return pick(language, *_LANES[lane])


def state_text(state: State, language: Language) -> Text:
    """How a part of an installation is, in the words of `tieout status`."""
    return Text(pick(language, *STATE_WORDS[state]), _STATE_STYLES.get(state, "bold red"))


def letter_text(status: str, language: Language) -> Text:
    """What was decided about a dead letter."""
    zh, en, style = _LETTERS[status]
    return Text(pick(language, zh, en), style)


def short(identifier: str | None) -> str:
    """The beginning of an id of any kind without its prefix: enough for people, and any command takes it."""
    return "—" if not identifier else identifier.rpartition(":")[2][:_SHORT]


def where(row: LedgerRow) -> str:
    """The object of a submission as people know it: its key, else the name."""
    return plain(row.submission.object.key if row.submission.object else row.submission.name)


def clock(moment: datetime) -> str:
    """A moment in UTC, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def fine_clock(moment: datetime) -> str:
    """A moment in UTC without its year, to the millisecond: steps of one submission are often milliseconds apart."""
    return moment.astimezone(UTC).isoformat(sep=" ", timespec="milliseconds")[5:23]


def duration(seconds: float | None, language: Language) -> str:
    """How long: the two largest units, 3 min 20 s."""
    if seconds is None:
        return "—"
    whole = max(0, round(seconds))
    units = ((86_400, "天", "d"), (3600, "小时", "h"), (60, "分", "min"), (1, "秒", "s"))
    parts: list[str] = []
    for size, zh, en in units:
        number, whole = divmod(whole, size)
        if number or (size == 1 and not parts):
            parts.append(pick(language, f"{number} {zh}", f"{number} {en}"))
    return " ".join(parts[:2])
