"""The narrative as evidence: a claim about a figure decides between explanations that sums leave open."""

from __future__ import annotations

from decimal import Decimal

import pytest
from validator_documents import Line, by_function, document, errors, total, warnings

from services.normalizer.domain.claims import find_claims
from services.validator.adapters.rules_files import load_rules
from services.validator.domain.intervals import Interval
from services.validator.domain.said_amounts import SaidAmount, claim_ids, hear
from services.validator.domain.sheet import read_book
from services.validator.domain.validate import validate
from shared.contracts.common import NO_BOX
from shared.contracts.extracted import TextLine
from shared.contracts.normalized import Claim
from shared.contracts.validated import Validated


def said(text: str) -> tuple[Claim, ...]:
    return tuple(find_claims([TextLine(page=7, kind="paragraph", text=text, bbox=NO_BOX)]))


def checked(text: str) -> Validated:
    """One sum fails by 10: 合计 90 of 50 + 30, where 60 + 30 was meant; nothing in the table says which figure is wrong."""
    form = by_function(
        total("90.00", "", ""),
        Line("教育支出", ("50.00", "", ""), function="205"),
        Line("科学技术支出", ("30.00", "", ""), function="206"),
        table="t2",
        scope="all",
    )
    return validate(document(form, claims=said(text) if text else ()), load_rules())


def test_without_a_narrative_the_place_is_open() -> None:
    (error,) = errors(checked(""))
    assert error.diagnosis is not None
    assert error.diagnosis.fact is None


def test_a_claim_about_the_figure_names_it_and_its_value() -> None:
    result = checked("教育支出60.00万元。")
    (error,) = errors(result)
    assert error.diagnosis is not None
    assert (error.diagnosis.fact, error.diagnosis.suggested) == ("t2/1/1", "60.00")
    assert "claim/0" in error.diagnosis.confirmed_by
    assert warnings(result) == [], "one cause is one finding"
    assert result.claims[0].status == "contradicting"


def test_a_claim_that_the_figure_is_as_printed_clears_it() -> None:
    (error,) = errors(checked("教育支出50.00万元，科学技术支出30.00万元。"))
    assert error.diagnosis is not None
    assert (error.diagnosis.fact, error.diagnosis.suggested) == ("t2/0/1", "80.00")


def test_a_claim_of_another_amount_says_nothing() -> None:
    result = checked("教育支出77.00万元。")
    (error,) = errors(result)
    assert error.diagnosis is not None
    assert error.diagnosis.fact is None
    assert [finding.code for finding in warnings(result)] == ["claim.contradiction"]


@pytest.mark.parametrize(
    ("amounts", "expected", "right", "printed"),
    [
        ((), "60.00", (), False),
        (("60.00",), "60.00", (0,), False),
        (("60.01",), "60.00", (0,), False),  # what rounding may be
        (("60.02",), "60.00", (), False),
        (("59.99",), "60.00", (0,), False),
        (("59.98",), "60.00", (), False),
        (("50.00",), "60.00", (), True),
        (("50.01",), "60.00", (), True),
        (("77.00",), "60.00", (), False),
        (("77.00", "60.00", "60.00"), "60.00", (1, 2), False),
        (("50.00", "60.00"), "60.00", (1,), False),  # the text gives both: it does not say that the figure is as printed
        (("50.01",), "50.02", (), True),  # it may be either
    ],
)
def test_a_claim_speaks_for_a_correction_or_for_the_figure_as_printed(
    amounts: tuple[str, ...], expected: str, right: tuple[int, ...], printed: bool
) -> None:
    book = read_book(document(by_function(total("50.00", "", ""))))
    half, wan = Decimal("0.005"), Decimal(10_000)
    given = [
        SaidAmount(Interval((Decimal(text) - half) * wan, (Decimal(text) + half) * wan), number) for number, text in enumerate(amounts)
    ]
    heard = hear({"t1/0/1": given, "t1/9/9": given}, book.figures["t1/0/1"], Decimal(expected) * wan)
    assert (heard.right, heard.printed) == (right, printed)


def test_a_claim_is_named_by_its_number() -> None:
    assert claim_ids((0, 7)) == ("claim/0", "claim/7")
