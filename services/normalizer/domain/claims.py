"""Figures of the narrative: amounts, shares, changes and counts, each with what it speaks of.

A claim is read from its sentence. Its subject is the clause before the figure; a clause that only compares (比上年增加 …) or says a share speaks of
the amount before it (`about`); what is listed after 其中 is part of the amount before that (`whole`). Directions are signs: 减少, 下降 are
negative. Years, dates, ordinals, codes and thresholds (50万元以上) have no unit or are no claims.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from services.normalizer.domain.claim_words import (
    DOWN,
    MONEY,
    NUMBER,
    REASON,
    SENTENCE,
    UP,
    base_of,
    begins_like,
    clause_of,
    completes,
    context_of,
    explains,
    is_headline,
    names_itself,
    opens_list,
    same_subject,
    says_earlier_amount,
    share_of,
    stage_of,
    subject_of,
)
from services.normalizer.domain.running_text import Passage, passages
from shared.contracts.common import NO_BOX
from shared.contracts.extracted import TextLine
from shared.contracts.normalized import Base, Claim, ClaimKind, Direction, Stage

_LONGEST = 600  # characters of a sentence that a claim keeps; the longest of the corpus, a list of twenty projects, has 1,100


@dataclass(slots=True)
class _Sentence:
    """What has been read of the sentence so far.

    `subject`: of its last amount. `first`, `last`: its amounts; `counted`: its last count; `counts`: the count whose parts are listed.
    `brackets`: whole and last amount outside the brackets that are open. `reason`: what follows only gives reasons.
    """

    start: int
    text: str
    number: int
    subject: str = ""
    end: int = 0
    first: int | None = None
    last: int | None = None
    counted: int | None = None
    counts: int | None = None
    reason: bool = False
    brackets: list[tuple[int | None, int | None]] = field(default_factory=list)


@dataclass(slots=True)
class _Reader:
    """Reads passages in order. `context`: the heading or short sentence that bare stages (年初预算为 …) speak of; `listed`: the whole of an open list."""

    claims: list[Claim] = field(default_factory=list)
    context: str = ""
    sentences: int = 0
    listed: int | None = None
    whole: int | None = None
    amounts: list[int] = field(default_factory=list)  # of the passage
    before: _Sentence | None = None  # the sentence before, in the same passage

    def read(self, passage: Passage) -> None:
        """Adds the claims of a passage."""
        if passage.heading or is_headline(passage.text):
            self.listed = None
        self.whole, self.amounts, self.before = self.listed, [], None
        for found in SENTENCE.finditer(passage.text):
            text = found.group()
            if NUMBER.search(text):
                self._sentence(passage, text, found.start())
            elif not explains(text):
                self.context = context_of(text)
        if self.amounts and opens_list(passage.text[-6:]):
            self.listed = self.amounts[0] if self.whole == self.listed else self.whole

    def _sentence(self, passage: Passage, text: str, start: int) -> None:
        self.sentences += 1
        sentence = _Sentence(start, text, self.sentences)
        for found in NUMBER.finditer(text):
            self._figure(sentence, found, passage.line_at(start + found.start("number")))
            sentence.end = found.end()
        if opens_list(text[-6:]) and sentence.last is not None:
            self.whole = sentence.last
        self.before = sentence

    def _figure(self, sentence: _Sentence, found: re.Match[str], line: TextLine) -> None:
        before = sentence.text[sentence.end : found.start()]
        self._lists(sentence, before)
        sentence.reason = sentence.reason or bool(REASON.search(before))
        unit = found["unit"] if found["unit"] not in ("万", "亿") else found["unit"] + "元"
        kind, direction = _kind(before, unit)
        own = subject_of(clause_of(before))
        subject = self._subject(sentence, own, kind)
        amount = Decimal(found["number"].replace(",", ""))
        negative = bool(found["sign"]) or direction == "down"
        index = len(self.claims)
        about = self._about(sentence, own) if kind in ("change", "share") else None
        if not subject and about is not None:
            subject = self.claims[about].subject
        self.claims.append(
            Claim(
                page=line.page,
                text=_clipped(sentence.text, found.start()),
                kind=kind,
                subject=subject,
                amount=-amount if negative else amount,
                unit=unit,
                bbox=line.bbox if line.bbox != NO_BOX else None,
                decimals=len(found["number"].partition(".")[2]),
                sentence=sentence.number,
                direction=direction,
                base=self._base(sentence, found, kind),
                of=share_of(before) if kind == "share" else None,
                stage=_stage(subject, before) if kind == "amount" else None,
                about=about,
                whole=self._whole(sentence, kind, about),
            )
        )
        if kind == "count":
            sentence.counted = index
        if kind == "amount" and not sentence.reason:
            self.amounts.append(index)
            sentence.first = index if sentence.first is None else sentence.first
            sentence.last = index

    def _lists(self, sentence: _Sentence, before: str) -> None:
        """Follows 其中 and the brackets around lists: what a figure after these words is part of."""
        opened = opens_list(before)
        if opened and sentence.counted is not None and sentence.counts is None:
            sentence.counts = sentence.counted
        for mark in before:
            if mark == "(":
                sentence.brackets.append((self.whole, sentence.last))
            elif mark == ")" and sentence.brackets:
                self.whole, sentence.last = sentence.brackets.pop()
        if opened and sentence.last is not None:
            self.whole = sentence.last
        elif opened and self.before is not None and self.whole is None:
            self.whole = self.before.first

    def _whole(self, sentence: _Sentence, kind: ClaimKind, about: int | None) -> int | None:
        if kind == "count":
            return sentence.counts
        return self.whole if kind in ("amount", "share") and self.whole != about else None

    def _subject(self, sentence: _Sentence, own: str, kind: ClaimKind) -> str:
        """The own subject of a figure, or that of the amount before it; a bare stage (支出决算为 …) takes what it is of from there or from the heading."""
        if not own or not names_itself(own):
            bare = own and kind == "amount" and stage_of(own) is not None
            if not bare:
                return sentence.subject
            of = sentence.subject.rpartition(":")[0] or subject_of(sentence.subject, stage=False) or self.context
            own = f"{of}:{own}" if of else own
        sentence.subject = own
        return own

    def _about(self, sentence: _Sentence, own: str) -> int | None:
        """The amount that a change or share speaks of: the one before it, or the one in this passage that its own words name."""
        if sentence.reason:
            return None
        last = self.claims[-1] if self.claims else None
        if not own and last is not None and last.kind == "change" and last.sentence == sentence.number:
            return last.about  # 增加 … 万元，增长 …%
        if own and names_itself(own):
            named = [index for index in reversed(self.amounts) if same_subject(self.claims[index].subject, own)]
            alone = [index for index in self.amounts if len(self.amounts) == 1 and begins_like(own, self.claims[index].subject)]
            return next((index for index in named + alone if self.claims[index].stage != "last_year"), None)
        if sentence.last is not None:
            said = [index for index in self.amounts if self.claims[index].sentence == sentence.number]
            return next((index for index in reversed(said) if self.claims[index].stage != "last_year"), None)
        return self.before.first if self.before is not None else None

    def _base(self, sentence: _Sentence, found: re.Match[str], kind: ClaimKind) -> Base | None:
        if kind not in ("change", "share"):
            return None
        start = 0 if sentence.last is None else sentence.text.rfind(",", 0, found.start())
        last = self.claims[-1] if self.claims else None
        words = sentence.text[sentence.end : found.start()]
        if kind == "share":
            return "budget" if completes(words) else None
        told = base_of(words) or base_of(sentence.text[max(start, 0) : found.start()])
        follows = last is not None and last.kind == "change" and last.sentence == sentence.number
        return told or (last.base if follows and last is not None else None)


def find_claims(text: Iterable[TextLine]) -> Iterator[Claim]:
    """The claims of all lines of text but headers, footers, page numbers and repeated boxheads, in the order of the document."""
    reader = _Reader()
    for passage in passages(text):
        reader.read(passage)
    yield from reader.claims


def _kind(before: str, unit: str) -> tuple[ClaimKind, Direction | None]:
    """Kind of a claim and its direction, by the words right before the figure."""
    up, down = UP.search(before), DOWN.search(before)
    if up or down:
        both = (up and up["both"]) or (down and down["both"])
        return "change", None if both else "up" if up else "down"
    if unit in MONEY:
        # 较上年资金 0.69 万元: what it says of last year is not clear, but it is no amount of this year.
        clause = clause_of(before)
        return ("change" if base_of(clause) and not says_earlier_amount(clause) else "amount"), None
    if unit == "%":
        return "share", None
    return ("change", None) if unit == "个百分点" else ("count", None)


def _stage(subject: str, before: str) -> Stage | None:
    return "last_year" if says_earlier_amount(clause_of(before)) else stage_of(subject)


def _clipped(sentence: str, at: int) -> str:
    """A sentence, or of a very long one what stands around the figure."""
    if len(sentence) <= _LONGEST:
        return sentence
    start = max(0, min(at - _LONGEST // 2, len(sentence) - _LONGEST))
    return sentence[start : start + _LONGEST]
