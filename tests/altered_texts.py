"""What the text says otherwise: claims, the list of contents, titles, sentences that say that there is nothing."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from altered_documents import Alteration, at
from altered_forms import FORMS
from msgspec import structs

from shared.contracts.normalized import (
    Claim,
    FormTitle,
    ListedForm,
    Normalized,
    Statement,
)


def _claim_as(change: Callable[[Claim, tuple[Claim, ...]], dict[str, object] | None]) -> Alteration:
    def alter(source: Normalized, number: int) -> Normalized | None:
        able = [claim for claim in source.claims if change(claim, source.claims) is not None]
        own = at(able, number * 5)
        if own is None:
            return None
        fields = change(own, source.claims) or {}
        return structs.replace(source, claims=tuple(structs.replace(claim, **fields) if claim is own else claim for claim in source.claims))

    return alter


def _claim_digit(claim: Claim, _: tuple[Claim, ...]) -> dict[str, object] | None:
    return {"amount": claim.amount + Decimal(1).scaleb(claim.amount.adjusted())} if claim.amount else None


def _claim_last(claim: Claim, _: tuple[Claim, ...]) -> dict[str, object] | None:
    return {"amount": claim.amount + 3 * Decimal(1).scaleb(-claim.decimals)} if claim.amount else None


def _claim_unit(claim: Claim, _: tuple[Claim, ...]) -> dict[str, object] | None:
    return {"unit": "元" if claim.unit == "万元" else "万元"} if claim.unit in ("元", "万元") else None


def _claim_subject(claim: Claim, claims: tuple[Claim, ...]) -> dict[str, object] | None:
    others = [one.subject for one in claims if one.subject and one.subject != claim.subject]
    return {"subject": others[len(claim.subject) % len(others)]} if others else None


def _claim_of_stage(claim: Claim, _: tuple[Claim, ...]) -> dict[str, object] | None:
    return {"stage": "budget" if claim.stage is None else None} if claim.kind == "amount" else None


def _claim_base(claim: Claim, _: tuple[Claim, ...]) -> dict[str, object] | None:
    turned = {None: "last_year", "last_year": "budget", "budget": "last_year_final", "last_year_final": "last_year_budget"}
    return {"base": turned.get(claim.base)} if claim.kind in ("change", "share") else None


def _claim_gone(source: Normalized, number: int) -> Normalized | None:
    """A claim is not there; those that speak of it speak of nothing."""
    if not source.claims:
        return None
    gone = number * 5 % len(source.claims)

    def moved(place: int | None) -> int | None:
        return None if place is None or place == gone else place - (place > gone)

    kept = [
        structs.replace(claim, about=moved(claim.about), whole=moved(claim.whole))
        for index, claim in enumerate(source.claims)
        if index != gone
    ]
    return structs.replace(source, claims=tuple(kept))


def _contents_more(source: Normalized, number: int) -> Normalized | None:
    """The list of contents names a form that is not there."""
    page = source.contents[0].page if source.contents else 2
    titles = (
        ("国有资本经营预算支出表", ("state_capital_expenditure",)),
        ("部门整体支出绩效目标表", ()),
        ("政府采购预算表", ("procurement",)),
    )
    title, forms = titles[number % 3]
    entry = ListedForm(page=page, title=title, number=f"表{len(source.contents) + 1}", forms=forms, empty=number % 2 == 1)
    return structs.replace(source, contents=(*source.contents, entry))


def _contents_fewer(source: Normalized, number: int) -> Normalized | None:
    entry = at(source.contents, number)
    return None if entry is None else structs.replace(source, contents=tuple(one for one in source.contents if one is not entry))


def _contents_other(source: Normalized, number: int) -> Normalized | None:
    """Two titles of the list of contents are cut short."""
    entry = at(source.contents, number)
    if entry is None:
        return None
    short = structs.replace(entry, title=entry.title[: max(2, len(entry.title) // 2)], forms=())
    return structs.replace(source, contents=tuple(short if one is entry else one for one in source.contents))


def _title_alone(source: Normalized, number: int) -> Normalized | None:
    """The title of a form stands above no table that was read."""
    form = at((form for form in source.forms if form.title), number)
    gone = FORMS["form_gone"](source, source.forms.index(form)) if form is not None else None
    if form is None or gone is None:
        return None
    page = form.pages[0] if form.pages else 3
    title = FormTitle(page=page, title=form.title or "", forms=(form.form,) if form.form and number % 2 == 0 else ())
    return structs.replace(gone, loose_titles=(*gone.loose_titles, title), unread_pages=(page,) if number % 3 == 0 else ())


def _nothing_said(source: Normalized, number: int) -> Normalized | None:
    form = at(source.forms, number)
    emptied = FORMS["form_emptied"](source, number - number % 2) if form is not None else None
    if form is None or emptied is None:
        return None
    said = Statement(page=form.pages[0] if form.pages and number % 2 else 1, text=f"本单位没有{(form.title or '此项')[:9]}，故为空表。")
    return structs.replace(emptied, nothing=(*emptied.nothing, said))


def _unread_page(source: Normalized, number: int) -> Normalized | None:
    gone = FORMS["form_gone"](source, number)
    return None if gone is None else structs.replace(gone, unread_pages=(number + 2, number + 3))


TEXTS: dict[str, Alteration] = {
    "claim_digit": _claim_as(_claim_digit),
    "claim_last": _claim_as(_claim_last),
    "claim_tenfold": _claim_as(lambda claim, _: {"amount": claim.amount * 10} if claim.amount else None),
    "claim_unit": _claim_as(_claim_unit),
    "claim_turned": _claim_as(lambda claim, _: {"direction": "down" if claim.direction == "up" else "up"} if claim.direction else None),
    "claim_undirected": _claim_as(lambda claim, _: {"direction": None} if claim.direction else None),
    "claim_rough": _claim_as(lambda claim, _: {"amount": claim.amount.quantize(Decimal(1)), "decimals": 0} if claim.decimals else None),
    "claim_subject": _claim_as(_claim_subject),
    "claim_stage": _claim_as(_claim_of_stage),
    "claim_base": _claim_as(_claim_base),
    "claim_of_none": _claim_as(lambda claim, _: {"about": None} if claim.about is not None else None),
    "claim_of_words": _claim_as(lambda claim, _: {"of": "本年支出合计"} if claim.kind == "share" else None),
    "claim_gone": _claim_gone,
    "contents_more": _contents_more,
    "contents_fewer": _contents_fewer,
    "contents_other": _contents_other,
    "title_alone": _title_alone,
    "nothing_said": _nothing_said,
    "unread_page": _unread_page,
}
