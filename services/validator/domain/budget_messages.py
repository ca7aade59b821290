"""What people are told where final accounts give another budget than the one that was published."""

from __future__ import annotations

from services.validator.domain.messages import Places, Said, amount_words, in_words, unit_en, unit_zh
from services.validator.domain.sheet import Figure
from shared.contracts.common import Message


def budget_message(
    places: Places, figure: Figure, then: Places, before: Figure, year: int, count: int, total: int, rule_zh: str, rule_en: str
) -> Message:
    """A figure that final accounts call the budget's, and what the budget printed. Args: as in `messages.last_year_message`."""
    printed, published = amount_words(figure.value, figure), amount_words(before.value, figure)
    difference = amount_words(figure.value - before.value, figure)
    also_zh = f"（该表核对 {total} 个预算数，{count} 个不一致）" if count > 1 else ""
    also_en = f" ({count} of {total} such figures of the form differ)" if count > 1 else ""
    return Message(
        zh=f"决算中的预算数与公开的预算不一致：{places.zh(figure)}印为 {printed} {unit_zh(figure)}，按“{rule_zh}”应为 {published} {unit_zh(figure)}"
        f"（{year}年预算{then.zh(before)}），相差 {difference} {unit_zh(figure)}{also_zh}；如为调整后的预算，请说明。",
        en=f"the budget in the final accounts is not the one published: {places.en(figure)} prints {printed} ({unit_en(figure)}); since {rule_en}, it "
        f"should be {published} (budget of {year}, {then.en(before)}): a difference of {difference}{also_en}; it may be the adjusted budget.",
    )


def budget_question(
    places: Places, figure: Figure, then: Places, before: Figure, year: int, count: int, total: int, rule_zh: str, rule_en: str
) -> Message:
    """Most of a form's figures of the budget differ from the published one: perhaps they are adjusted. Args: as above."""
    printed, published = amount_words(figure.value, figure), amount_words(before.value, figure)
    return Message(
        zh=f"{places.zh(figure)}等 {count} 个预算数（该表共核对 {total} 个）与公开的预算不同：此处印为 {printed} {unit_zh(figure)}，{year}年预算"
        f"{then.zh(before)}为 {published} {unit_zh(figure)}；其口径可能不是“{rule_zh}”，请人工核对。",
        en=f"{places.en(figure)} and {count - 1} more of {total} figures of the budget differ from the published one: {printed} ({unit_en(figure)}) "
        f"here, {published} in the budget of {year} ({then.en(before)}); perhaps other figures are meant than “{rule_en}”; please check by hand.",
    )


def budget_claim_message(page: int, subject: str, said: Said, places: Places, figure: Figure, year: int) -> Message:
    """What the narrative of final accounts gives as the budget, and what the budget printed. Args: said: in the unit of the narrative."""
    text, expected, difference = (in_words(amount) for amount in (said.reported, said.expected, said.difference) if amount is not None)
    return Message(
        zh=f"第{page}页文字说明“{subject}”为 {text} {said.unit}，而公开的{year}年预算{places.zh(figure)}为 {expected} {said.unit}，相差 {difference} {said.unit}。",
        en=f"page {page}: the narrative gives {text} for “{subject}”, but the budget of {year} ({places.en(figure)}) prints {expected}: a difference of "
        f"{difference}.",
    )
