"""Words that all parts of a report share, in both languages. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from services.store.domain.views import Acceptance
from shared.contracts.notice import NoticeKind
from shared.contracts.validated import Verdict
from shared.plain_text import plain
from tieout.handover.contents import Handover, Item
from tieout.language import Language, pick
from tieout.summary import kind_text

_KINDS: dict[NoticeKind, tuple[str, str]] = {
    "correction": ("更正", "to correct"),
    "question": ("核实", "to look into"),
    "note": ("说明", "note"),
}
_VERDICTS: dict[Verdict, tuple[str, str]] = {
    "inconsistent": ("不一致：有数字不可能与其他数字同时成立", "inconsistent: some figures cannot hold together"),
    "unverifiable": (
        "无法核实：没有发现错误，但可核对的数字不足或有表未能读取",
        "cannot be verified: no error found, but too little could be checked",
    ),
    "consistent_within_rounding": ("一致（含四舍五入尾差）", "consistent within rounding"),
    "consistent": ("一致", "consistent"),
}


def kind_word(kind: NoticeKind, language: Language) -> str:
    """What has to be done about a finding."""
    return pick(language, *_KINDS[kind])


def verdict_word(verdict: Verdict, language: Language) -> str:
    """The verdict with what it means."""
    return pick(language, *_VERDICTS[verdict])


def title_line(contents: Handover, language: Language) -> str:
    """Whose document this is: entity, year, kind."""
    about = contents.validated.document
    entity = plain(about.entity or pick(language, "（未识别单位）", "(entity not recognised)"))
    year = str(about.year) if about.year else pick(language, "（年度未识别）", "(no year)")
    return f"{entity} {year} {kind_text(about.kind, language)}"


def counts_line(items: Iterable[Item], language: Language) -> str:
    """How many findings there are of each kind, and how many were accepted."""
    listed = list(items)
    open_ones = [item.kind for item in listed if item.accepted is None]
    numbers = [(open_ones.count(kind), kind_word(kind, language)) for kind in _KINDS]
    numbers.append((len(listed) - len(open_ones), pick(language, "已认可", "accepted")))
    return pick(language, "，", ", ").join(f"{word} {number}" for number, word in numbers)


def acceptance_line(acceptance: Acceptance, language: Language) -> str:
    """Who accepted a finding, when, and why."""
    by, at, why = plain(acceptance.by), acceptance.at[:16].replace("T", " "), plain(acceptance.why)
    return pick(language, f"已认可（{by}，{at} UTC）：{why}", f"accepted ({by}, {at} UTC): {why}")
