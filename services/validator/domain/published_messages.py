"""What people are told where a document gives a figure of another publication, last year's or the budget's, and that one printed something else."""

from __future__ import annotations

from dataclasses import dataclass

from services.validator.domain.messages import Places, Said, amount_words, in_words, unit_en, unit_zh
from services.validator.domain.sheet import Figure
from shared.contracts.common import Message


@dataclass(frozen=True)
class Wording:
    """How sentences call the figures of the other publication.

    `figures`: what the form prints of it. `document`: its document, after the year (zh) and before it (en). `differ`: that one figure is not the
    one published. `published`: what most figures of a form differ from. `perhaps`: why that may be right.
    """

    figures_zh: str
    figures_en: str
    document_zh: str
    document_en: str
    differ_zh: str
    differ_en: str
    published_zh: str
    published_en: str
    perhaps_zh: str
    perhaps_en: str


LAST_YEAR = Wording(
    figures_zh="上年数",
    figures_en="figures of last year",
    document_zh="文件",
    document_en="document of",
    differ_zh="上年数与上年公开的数不一致",
    differ_en="last year's figure is not the one published last year",
    published_zh="上年公开的数",
    published_en="what was published then",
    perhaps_zh="如有调整，请说明",
    perhaps_en="it may have been adjusted since",
)
BUDGET = Wording(
    figures_zh="预算数",
    figures_en="figures of the budget",
    document_zh="预算",
    document_en="budget of",
    differ_zh="决算中的预算数与公开的预算不一致",
    differ_en="the budget in the final accounts is not the one published",
    published_zh="公开的预算",
    published_en="the published one",
    perhaps_zh="如为调整后的预算，请说明",
    perhaps_en="it may be the adjusted budget",
)


@dataclass(frozen=True)
class Different:
    """A figure and what the other publication printed for it, in 元, with the names of their places. `year`: of that publication. `count`: how
    many such figures of the form differ, of `total` compared. `rule_zh`, `rule_en`: why they must agree."""

    places: Places
    figure: Figure
    then: Places
    before: Figure
    year: int
    count: int
    total: int
    rule_zh: str
    rule_en: str

    def message(self, words: Wording) -> Message:
        """One figure differs."""
        figure, unit = self.figure, unit_zh(self.figure)
        printed, published = amount_words(figure.value, figure), amount_words(self.before.value, figure)
        difference = amount_words(figure.value - self.before.value, figure)
        also_zh = f"（该表核对 {self.total} 个{words.figures_zh}，{self.count} 个不一致）" if self.count > 1 else ""
        also_en = f" ({self.count} of {self.total} such figures of the form differ)" if self.count > 1 else ""
        return Message(
            zh=f"{words.differ_zh}：{self.places.zh(figure)}印为 {printed} {unit}，按“{self.rule_zh}”应为 {published} {unit}"
            f"（{self.year}年{words.document_zh}{self.then.zh(self.before)}），相差 {difference} {unit}{also_zh}；{words.perhaps_zh}。",
            en=f"{words.differ_en}: {self.places.en(figure)} prints {printed} ({unit_en(figure)}); since {self.rule_en}, it should be {published} "
            f"({words.document_en} {self.year}, {self.then.en(self.before)}): a difference of {difference}{also_en}; {words.perhaps_en}.",
        )

    def question(self, words: Wording) -> Message:
        """Most of a form's figures differ: other figures may be meant."""
        figure, unit = self.figure, unit_zh(self.figure)
        printed, published = amount_words(figure.value, figure), amount_words(self.before.value, figure)
        return Message(
            zh=f"{self.places.zh(figure)}等 {self.count} 个{words.figures_zh}（该表共核对 {self.total} 个）与{words.published_zh}不同：此处印为 {printed} "
            f"{unit}，{self.year}年{words.document_zh}{self.then.zh(self.before)}为 {published} {unit}；其口径可能不是“{self.rule_zh}”，请人工核对。",
            en=f"{self.places.en(figure)} and {self.count - 1} more of {self.total} {words.figures_en} differ from {words.published_en}: {printed} "
            f"({unit_en(figure)}) here, {published} in the {words.document_en} {self.year} ({self.then.en(self.before)}); perhaps other figures are "
            f"meant than “{self.rule_en}”; please check by hand.",
        )


def budget_claim_message(page: int, subject: str, said: Said, places: Places, figure: Figure, year: int) -> Message:
    """What the narrative of final accounts gives as the budget, and what the budget printed. Args: said: in the unit of the narrative."""
    text, expected, difference = (in_words(amount) for amount in (said.reported, said.expected, said.difference) if amount is not None)
    return Message(
        zh=f"第{page}页文字说明“{subject}”为 {text} {said.unit}，而公开的{year}年预算{places.zh(figure)}为 {expected} {said.unit}，相差 {difference} {said.unit}。",
        en=f"page {page}: the narrative gives {text} for “{subject}”, but the budget of {year} ({places.en(figure)}) prints {expected}: a difference of "
        f"{difference}.",
    )
