"""`explain --figure`: every sum that holds a figure, the failing ones first; where several cells print an amount, which they are."""

from __future__ import annotations

from io import StringIO
from typing import Literal

import pytest
from rich.console import Console
from validator_documents import by_function, checked, function, total

from tieout.exit_codes import UserError
from tieout.explain import Context
from tieout.explain_figure import checks_of, figures_named, print_choice, print_figure

# The second line's parts add up to 69.00, its column to 90.00.
RESULT = checked(
    by_function(total("90.00", "60.00", "30.00"), function("208", "70.00", "40.00", "29.00"), function("221", "20.00", "20.00", ""))
)


def context(language: Literal["zh", "en"]) -> Context:
    facts = {fact.id: fact for fact in RESULT.facts}
    return Context(facts=facts, titles={"t1": "支出总表"}, columns={}, rules={}, language=language)


def shown(figure: str, language: Literal["zh", "en"] = "zh") -> str:
    out, console_context = StringIO(), context(language)
    facts = figures_named(RESULT, figure)
    console = Console(file=out, width=200)
    if len(facts) > 1:
        print_choice(console, RESULT, facts, console_context)
    else:
        print_figure(console, RESULT, facts[0], console_context)
    return out.getvalue()


def test_a_figure_is_named_by_its_id_or_by_its_amount_with_or_without_separators() -> None:
    assert [fact.id for fact in figures_named(RESULT, "t1/1/1")] == ["t1/1/1"]
    assert [fact.id for fact in figures_named(RESULT, "70.00")] == ["t1/1/1"]
    assert [fact.id for fact in figures_named(RESULT, " 20.00")] == ["t1/2/1", "t1/2/2"]


def test_a_figure_that_the_document_does_not_print_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(UserError, match=r"no figure 71\.00"):
        figures_named(RESULT, "71.00")


def test_failing_sums_come_first_and_the_figure_is_marked_in_each() -> None:
    statuses = [check.status for check in checks_of(RESULT, "t1/1/1")]
    assert statuses == ["failed", "exact"]
    text = shown("t1/1/1")
    assert "参与 2 项核对：相符 1，不符 1" in text
    assert text.count("← 此数") == 2
    assert "held by 2 sums: 1 holds, 1 fails" in shown("t1/1/1", "en")


def test_several_cells_of_one_amount_are_listed_with_their_ids() -> None:
    text = shown("20.00", "en")
    assert "several cells print this amount" in text
    assert "t1/2/1" in text
    assert "t1/2/2" in text


def test_a_figure_in_no_check_is_said_to_be_no_error() -> None:
    alone = checked(by_function(total("5.00", "", "")))
    out = StringIO()
    print_figure(Console(file=out, width=200), alone, alone.facts[0], context("zh"))
    assert "没有参与任何核对（不等于有错）" in out.getvalue()
