"""The notation of identities, and that every entry of the rule files says its equation with figures that hold."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from services.validator.adapters.rules_files import load_rules
from services.validator.domain.formula import Content, FormulaError, parse_formula

IDENTITIES = load_rules().identities
_SIGNED_FIGURE = re.compile(r"([-+=]?)[^-+=]*?(\d+\.\d\d)(?= [-+=] |$)")


def sides(example: str) -> tuple[Decimal, Decimal]:
    """The sums of both sides of an example: in each piece between signs the last figure counts."""
    left, right = example.split(" = ", 1)

    def total(side: str) -> Decimal:
        found = _SIGNED_FIGURE.findall(side)
        assert found, side
        return sum((Decimal(figure) * (-1 if sign == "-" else 1) for sign, figure in found), Decimal(0))

    return total(left), total(right)


def test_a_formula_is_two_sides_of_contents_with_signs() -> None:
    left, right = parse_formula("gov:501 - gov:505 = basic economic:30101 + project + line:operating_costs")
    assert left == ((Content("total", gov_economic="501"), 1), (Content("total", gov_economic="505"), -1))
    assert right == (
        (Content("basic", economic="30101"), 1),
        (Content("project"), 1),
        (Content("total", line="operating_costs"), 1),
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("total", "no equation"),
        ("total = basic = project", "no equation"),
        ("total = basics", "basics"),
        ("total = gov:", "gov:"),
        ("total = basic basic", "basic basic"),
        ("total =  ", "empty"),
        ("- total = basic", "no content"),
    ],
)
def test_a_formula_that_says_nothing_is_refused(text: str, said: str) -> None:
    with pytest.raises(FormulaError, match=said):
        parse_formula(text)


@pytest.mark.parametrize("identity", IDENTITIES, ids=lambda identity: identity.id)
def test_an_example_holds_to_the_last_digit(identity: object) -> None:
    example = identity.example  # type: ignore[attr-defined]
    left, right = sides(example)
    assert left == right


def test_a_formula_of_the_validator_and_its_example_have_the_same_codes() -> None:
    """An example that was written for another formula would mislead: what it names is what the formula names (parts that are zero are left out)."""
    for identity in IDENTITIES:
        if identity.operator == "content_sum":
            left, right = parse_formula(identity.formula)
            codes = {code for content, _ in (*left, *right) for code in (content.economic, content.gov_economic) if code}
            named = set(re.findall(r"(?<![\d.])\d{3,5}(?![\d.])", identity.example))
            assert named <= codes, identity.id


def test_the_correspondence_of_items_splits_no_item_and_counts_none_twice() -> None:
    """Each economic item of the breakdown forms belongs to one government item."""
    owners: dict[str, list[str]] = {}
    for identity in IDENTITIES:
        if identity.operator == "content_sum" and len(parse_formula(identity.formula)[0][0][0].gov_economic or "") == 5:
            for content, _ in parse_formula(identity.formula)[1]:
                owners.setdefault(content.economic or "", []).append(identity.id)
    assert len(owners) >= 40
    assert {code: ids for code, ids in owners.items() if len(ids) > 1} == {}
