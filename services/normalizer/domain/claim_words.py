"""The words around the figures of a narrative: units, directions, comparisons, shares, stages, and what a clause speaks of.

All patterns run over text in NFKC without spaces, so brackets, commas and colons are half width and the full stop is 。
"""

from __future__ import annotations

import re

from shared.contracts.normalized import Base, Stage

SENTENCE = re.compile(r"[^。;!]+[。;!]?")
NUMBER = re.compile(
    r"(?<![\d.第])(?P<sign>-)?(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?P<unit>亿元|百万元|万元|千元|元(?!旦|素|件)|[万亿](?=[,。;、)]|$)|个百分点|%|人次|批次|人|名(?!称|单)|辆|台|套|个(?=[^百])|家|次|户|平方米)"
    r"(?!(?:\([^)]{1,4}\))?(?:以上|以下|以内|及以上|及以下))"
)
"""A figure with its unit. Thresholds (50万元(原值)以上) are none; nor are years, dates, ordinals and codes, which have no such unit."""

MONEY = frozenset({"元", "千元", "万元", "百万元", "亿元"})

# A template that was not settled says both: 增加（减少）0 万元.
UP = re.compile(
    r"(?:(?:增加|增长|上升|提高|上涨|提升|增幅|新增|多)(?P<both>[(/](?:减少|下降|降低)\)?)?(?:了|为)?|(?:大于|高于|多于|超出|超过)[^,\d]{0,10})(?:约|近)?$"
)
DOWN = re.compile(
    r"(?:(?:减少|下降|降低|压减|缩减|减幅|降幅|压缩|少|节约|节省|核减)(?P<both>[(/](?:增加|增长|上升)\)?)?(?:了|为)?|(?:小于|低于|少于)[^,\d]{0,10})(?:约|近)?$"
)
REASON = re.compile("原因|主要是|主要因|因为")

_CUT = re.compile(r"[,，:：]|(?<=元)、|(?<=%)、|\((?=其中)|^[^(]*\)|(?<=元)(?=其中)|和(?=上年|去年)")
_LEAD = re.compile(
    r"^(?:其中|由于|主要是|主要用于|主要包括|用于|即|分别为|具体为|包括|同时|此外|另外|一是|二是|三是|四是|\(?[一二三四五六七八九十\d]+[)、.])+[:：,，]?"
)
_VERB = re.compile(r"(?:共计|共|为|是|约|达到|达|(?<![总合小])计|有|:|,)+$")
_CONTEXT_LENGTH = 60
_SUBJECT_LENGTH = 80  # a path of class, section and item has sixty characters
_HEADLINE = re.compile(r"^(?:[一二三四五六七八九十]+、|\([一二三四五六七八九十]+\)|第[一二三四五六七八九十]+部分)[^,。;:]{2,40}$")
_COMPARED = re.compile(r"(?:比|较|与|同)(?:上一?年度?|去年|20\d\d年|年初|同期)[^,，]*$")
_COMPARES = re.compile(r"^(?:与|比|较|同比|环比|比去年|比上年|同)|^(?:占|增加|减少|增长|下降|降低|完成)|(?:相比|比较)$")
# Words that name a stage only: what they are of stands in the sentence or in the heading before.
_BARE = re.compile(r"^(?:年初|全年|调整|本年|当年)*(?:支出|收入)?(?:预算|决算|执行)数?$|^(?:本年|当年)数$")
_EXPLAINS = re.compile("^(?:主要用于|用于|主要是|主要原因|原因|反映|决算数|由于|因)|^[^,]{0,12}的?主要原因")
_OPENS = re.compile("(?:其中|包括|分别为|分别是|以下方面|具体为|如下|组成)[:,。]?[^,:]*$")
_SHARE_OF = re.compile(r"占(?P<of>[^,占]*?)(?:的?(?:比重|比例|比率|百分比))?(?:的|为|是|约)*$")
_COMPLETES = re.compile(r"完成[^,]*?预算[^,]*$|预算(?:执行|完成)率[^,]*$")
# A share that was: 占比由上年的 12% 提高到 15%.
_FORMER = re.compile(r"(?:由|从|上年|去年)[^,]{0,8}$|(?:提高|上升|增加|下降|降低|减少)[到至]$")
_EARLIER_AMOUNT = re.compile(r"(?:比|较|与|同|于)[^,\d]{0,6}?(?:上一?年|去年|20\d\d年)[^,]{0,12}(?:数|额|预算|决算|执行|支出|收入|的)$")
_LAST_YEAR = re.compile(r"(?:比|较|与|同|于)[^,\d]{0,6}?(?:上一?年|去年|同期|20\d\d年)度?(?P<stage>年?初?预算|决算|执行)?|同比")
_TO_BUDGET = re.compile(r"(?:比|较|与|同|于)[^,]{0,4}?(?:年初|全年|调整)?预算")
_STAGES: tuple[tuple[re.Pattern[str], Stage], ...] = (
    (re.compile("(?:^|[:,])(?:其中)?(?:上一?年|去年)(?!度?(?:财政拨款)?(?:结转|结余))"), "last_year"),
    (re.compile("(?:预算|计划)数?$"), "budget"),
    (re.compile("(?:决算|执行|完成)数?$"), "final"),
)
_STAGE_END = re.compile("(?:年初|全年|调整)?(?:预算|决算|执行)(?:数|总额)?$")
_YEAR = re.compile(r"20\d\d年度?")
_WHO = re.compile("本部门|本单位|我单位|我部门|我局|本年度?|当年")
_ALIKE = 4  # characters at the start of two names that make them one: 财政拨款收、支总预算, 财政拨款收、支总计


def context_of(sentence: str) -> str:
    """A short sentence or heading without figures says what the next sentences speak of; a long one does not."""
    words = _LEAD.sub("", sentence.rstrip("。;!"))
    return words if len(words) <= _CONTEXT_LENGTH else ""


def is_headline(text: str) -> bool:
    """Whether a line is a headline by its ordinal and want of marks, whatever it is set in."""
    return bool(_HEADLINE.match(text)) and not NUMBER.search(text)


def explains(sentence: str) -> bool:
    """Whether a sentence only explains (主要用于 …, 决算数小于预算数的主要原因 …), so that what was spoken of stays."""
    return bool(_EXPLAINS.search(sentence))


def opens_list(words: str) -> bool:
    """Whether words end in what opens a list of parts (其中：…), with no clause in between."""
    return bool(_OPENS.search(words))


def clause_of(piece: str) -> str:
    """The words after the last break of a piece of a sentence."""
    parts = [part for part in _CUT.split(piece) if part]
    return parts[-1] if parts else ""


def subject_of(clause: str, *, stage: bool = True) -> str:
    """What a clause speaks of: without ordinals, connecting words and the verb before the figure; at most its last eighty characters.

    Args: stage: False takes the stage off as well (公务接待费支出预算 → 公务接待费).
    """
    words = UP.sub("", DOWN.sub("", clause))
    words = _VERB.sub("", _LEAD.sub("", words.lstrip("、和及)")))
    words = _COMPARED.sub("", words) or words
    if words.count("(") > words.count(")"):
        words = words.rpartition("(")[2].removeprefix("含")
    return (words if stage else _STAGE_END.sub("", words))[-_SUBJECT_LENGTH:]


def names_itself(subject: str) -> bool:
    """Whether a subject names something; words that only compare, or only say a stage, do not."""
    return bool(subject) and not _COMPARES.search(subject) and not _BARE.match(subject)


def same_subject(one: str, other: str) -> bool:
    """Whether two subjects of one passage are the same thing, said more or less fully (2031年度收入总计, 收入总计)."""
    one, other = _core(one), _core(other)
    if not one or not other:
        return False
    return one == other or one.endswith(other) or other.endswith(one) or (one[:_ALIKE] == other[:_ALIKE] != "" and len(one) > _ALIKE)


def begins_like(one: str, other: str) -> bool:
    """Whether the first words of one subject stand in the other."""
    words = _core(one)[:_ALIKE]
    return len(words) == _ALIKE and words in other


def _core(subject: str) -> str:
    return _STAGE_END.sub("", _WHO.sub("", _YEAR.sub("", subject))).strip('“”"')


def share_of(before: str) -> str | None:
    """The words that a share is of: 本年支出合计 in 占本年支出合计的; empty where it only says 占; None where it says neither."""
    found = _SHARE_OF.search(before)
    return found["of"] if found and not _FORMER.search(before) else None


def says_earlier_amount(clause: str) -> bool:
    """Whether a clause that compares gives the earlier amount itself: 比上年决算数 90 万元 (增加 10 万元)."""
    return bool(_EARLIER_AMOUNT.search(clause))


def completes(before: str) -> bool:
    """Whether a percentage says how much of a budget was carried out."""
    return bool(_COMPLETES.search(before))


def base_of(words: str) -> Base | None:
    """What a change compares with, as far as the words say."""
    found = _LAST_YEAR.search(words)
    if found and "年初预算" not in words:
        stage = found["stage"] or ""
        return "last_year_final" if stage in ("决算", "执行") or "预算执行" in words else "last_year_budget" if stage else "last_year"
    return "budget" if _TO_BUDGET.search(words) else None


def stage_of(subject: str) -> Stage | None:
    """Which stage of the budget an amount is of, by its subject."""
    return next((stage for pattern, stage in _STAGES if pattern.search(subject)), None)
