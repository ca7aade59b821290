"""What `explain` says of a diagnosis: the change, or the figures that may be meant, never more than is known."""

from __future__ import annotations

from io import StringIO
from typing import Any, Literal

from rich.console import Console
from validator_documents import by_function, checked, errors, function, total

from shared.contracts.validated import CandidateCause, Diagnosis, Finding
from tieout.explain import Context, print_explanation

RESULT = checked(
    by_function(total("90.00", "60.00", "30.00"), function("208", "70.00", "40.00", "30.00"), function("221", "20.00", "29.00", ""))
)


def said(language: Literal["zh", "en"], **changes: Any) -> str:
    (finding,) = errors(RESULT)
    diagnosis = Diagnosis(**({"cause": "unknown", "fact": None, "reported": None, "suggested": None, "confidence": 0.4} | changes))
    out = StringIO()
    context = Context(facts={fact.id: fact for fact in RESULT.facts}, titles={"t1": "支出总表"}, columns={}, rules={}, language=language)
    changed = Finding(**({field: getattr(finding, field) for field in finding.__struct_fields__} | {"diagnosis": diagnosis}))
    print_explanation(Console(file=out, width=200), changed, RESULT.document, RESULT.checks, context)
    return out.getvalue()


def test_a_suggestion_names_the_change_the_cause_and_how_sure_it_is() -> None:
    found = {"cause": "digit_substituted", "fact": "t1/2/2", "reported": "29.00", "suggested": "20.00", "confidence": 0.97}
    assert "建议 29.00 → 20.00 万元（可能原因：一位数字录错；把握 97%）" in said("zh", **found)
    assert "suggestion 29.00 → 20.00 万元 (likely cause: one digit mistyped; confidence 97%)" in said("en", **found)


def test_without_a_named_figure_the_candidates_are_listed_and_no_more_than_fit() -> None:
    one = CandidateCause(cause="digits_swapped", fact="t1/2/2", suggested="20.00", confidence=0.4)
    other = CandidateCause(cause="unknown", fact="t1/0/2", suggested="69.00", confidence=0.1)
    text = said("zh", candidates=(one, other, *[other] * 5))
    assert "可能有误的数：" in text
    assert "29.00 → 20.00 万元 （两位数字颠倒，40%）" in text
    assert "建议" not in text
    assert "另有 2 个" in text
    assert "one of these may be wrong:" in said("en", candidates=(one,))


def test_a_row_at_fault_has_a_cause_and_no_figure() -> None:
    assert "可能原因：漏列一行（把握 90%）" in said("zh", cause="row_missing", confidence=0.9)


def test_nothing_known_is_not_put_into_words() -> None:
    assert "原因" not in said("zh")
