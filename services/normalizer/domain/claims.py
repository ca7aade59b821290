"""Figures of the narrative: amounts, shares, changes and counts, each with its subject.

A claim is read from one sentence only. Its subject is the clause before the figure; a clause that only compares (比上年增加 …) or says a
share speaks of the subject before it. Directions are signs: 减少, 下降 are negative.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Literal

from shared.contracts.common import NO_BOX
from shared.contracts.extracted import TextLine
from shared.contracts.normalized import Claim

ClaimKind = Literal["amount", "share", "change", "count"]

_SPACE = re.compile(r"\s+")
_SENTENCE = re.compile(r"[^。；;！!]+[。；;！!]?")
_NUMBER = re.compile(
    r"(?<![\d.])(?P<sign>-)?(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?P<unit>亿元|百万元|万元|千元|元(?!旦|素|件)|个百分点|%|人次|批次|人|辆|台|套|个(?=[^百])|家|平方米)(?!以上|以下|以内|及以上)"
)
_UP = re.compile(r"(?:增加|增长|上升|提高|上涨|提升|增幅|新增|多)(?:了|到|为)?(?:约)?$")
_DOWN = re.compile(r"(?:减少|下降|降低|压减|缩减|减幅|降幅|压缩|少|节约|节省|核减)(?:了|为)?(?:约)?$")
_SHARE = re.compile(r"(?:占|比重|比例|占比|完成|完成率|执行率|的)[^,，、]*$")
_CUT = re.compile(r"[,，:：]|(?<=元)、|(?<=%)、|\((?=其中)|^[^(]*\)|(?<=元)(?=其中)|和(?=上年|去年)")
_LEAD = re.compile(
    r"^(?:其中|主要是|主要用于|用于|即|分别为|具体为|包括|同时|此外|另外|一是|二是|三是|四是|\(?[一二三四五六七八九十\d]+[)、.])+[:：,，]?"
)
_VERB = re.compile(r"(?:共计|共|为|是|约|达到|达|(?<![总合小])计|有|:|,)+$")
# Words that name a stage only: what they are of stands in the heading or the sentence before.
_BARE = re.compile(r"^(?:由于)?(?:年初|全年|调整|本年|当年|支出|收入)*(?:预算|决算)?数?$")
_CONTEXT_LENGTH = 60
_COMPARED = re.compile(r"(?:比|较|与|同)(?:上一?年度?|去年|20\d\d年|年初|同期)[^,，]*$")
_COMPARES = re.compile(r"^(?:与|比|较|同比|环比|比去年|比上年|同)|^(?:占|增加|减少|增长|下降|降低|完成)|(?:相比|比较)$")
_MONEY = frozenset({"元", "千元", "万元", "百万元", "亿元"})


def find_claims(text: Iterable[TextLine]) -> Iterator[Claim]:
    """The claims of all lines of text but headers, footers, page numbers and repeated boxheads, in the order of the document."""
    context = ""
    for line in text:
        if line.kind in ("header", "footer", "page_number", "repeated_header"):
            continue
        whole = _SPACE.sub("", unicodedata.normalize("NFKC", line.text))
        for sentence in _SENTENCE.findall(whole):
            if not _NUMBER.search(sentence):
                context = _context(sentence)
                continue
            yield from _sentence_claims(sentence, line, context)


def _context(sentence: str) -> str:
    """A short sentence or heading without figures says what the next sentences speak of; a long one does not."""
    words = _LEAD.sub("", sentence.rstrip("。;!"))
    return words if len(words) <= _CONTEXT_LENGTH else ""


def _sentence_claims(sentence: str, line: TextLine, context: str) -> Iterator[Claim]:
    subject, end = "", 0
    for found in _NUMBER.finditer(sentence):
        before = sentence[end : found.start()]
        clause = _clause(sentence, end, found.start())
        kind, sign = _kind(before, found["unit"])
        own = _subject(clause)
        if own and not _COMPARES.search(own):
            subject = f"{context}:{own}" if context and _BARE.match(own) else own
        if found["sign"]:
            sign = -1
        amount = Decimal(found["number"].replace(",", "")) * sign
        yield Claim(
            page=line.page,
            text=sentence,
            kind=kind,
            subject=subject,
            amount=amount,
            unit=found["unit"],
            bbox=line.bbox if line.bbox != NO_BOX else None,
            decimals=len(found["number"].partition(".")[2]),
        )
        end = found.end()


def _clause(sentence: str, start: int, end: int) -> str:
    """The words between the last break after `start` and `end`."""
    piece = sentence[start:end]
    parts = [part for part in _CUT.split(piece) if part]
    return parts[-1] if parts else ""


def _kind(before: str, unit: str) -> tuple[ClaimKind, int]:
    """Kind of a claim and its sign, by the words right before the figure."""
    if _UP.search(before):
        return "change", 1
    if _DOWN.search(before):
        return "change", -1
    if unit in _MONEY:
        return "amount", 1
    if unit == "%":
        return "share", 1
    return ("change", 1) if unit == "个百分点" else ("count", 1)


def _subject(clause: str) -> str:
    """What a clause speaks of: without ordinals, connecting words and the verb before the figure; at most its last forty characters."""
    words = _UP.sub("", _DOWN.sub("", clause))
    words = _VERB.sub("", _LEAD.sub("", words.lstrip("、和及)")))
    words = _COMPARED.sub("", words) or words
    if words.count("(") > words.count(")"):
        words = words.rpartition("(")[2].removeprefix("含")
    return words[-40:]
