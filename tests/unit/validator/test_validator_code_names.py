"""A row that prints another code's name is a warning of its own, never an error, with the place and both codes."""

from __future__ import annotations

from msgspec import structs

from services.validator.adapters.rules_files import load_rules
from services.validator.domain.validate import validate
from shared.contracts.normalized import Candidate, CodeContradiction, Normalized
from shared.contracts.validated import Validated
from tests.validator_documents import Block, Paper, document, function, total

SAID = CodeContradiction(
    chart="function",
    code="2080505",
    name="机关事业单位基本养老保险缴费支出",
    printed="住房公积金",
    meant=(Candidate(code="2210201", name="住房公积金", score=1.0),),
    supports="code",
)


def contradicting(said: CodeContradiction | None, *, blank: bool = False) -> Normalized:
    """A document whose third row carries a contradiction."""
    lines = [total("9.00"), function("208", "9.00"), function("20805", "9.00"), function("2080505", "" if blank else "9.00")]
    made = document(Paper("t1", "expenditure_summary", [Block("function", ["合计=total"], lines)], title="支出总表"))
    (form,) = made.forms
    (one,) = form.lists
    rows = tuple(structs.replace(row, contradiction=said) if said and row.function == "2080505" else row for row in one.rows)
    return structs.replace(made, forms=(structs.replace(form, lists=(structs.replace(one, rows=rows),), pages=(7,)),))


def checked(made: Normalized) -> Validated:
    return validate(made, load_rules())


def test_a_contradiction_is_a_warning_with_the_row_s_figure() -> None:
    (finding,) = [one for one in checked(contradicting(SAID)).findings if one.code == "code.name_mismatch"]
    assert finding.severity == "warning"
    assert [evidence.fact for evidence in finding.evidence] == ["t1/3/1"]
    for message in (finding.message.zh, finding.message.en):
        assert all(word in message for word in ("2080505", "住房公积金", "机关事业单位基本养老保险缴费支出", "2210201", "支出总表"))
    assert "编码与金额相符" in finding.message.zh


def test_it_changes_neither_verdict_nor_checks() -> None:
    plain, said = checked(contradicting(None)), checked(contradicting(SAID))
    assert said.verdict == plain.verdict == "consistent"
    assert said.checks == plain.checks
    assert not [one for one in plain.findings if one.code == "code.name_mismatch"]


def test_a_row_without_figures_is_told_with_the_page_of_its_form() -> None:
    (finding,) = [one for one in checked(contradicting(SAID, blank=True)).findings if one.code == "code.name_mismatch"]
    assert finding.evidence == ()
    assert finding.page == 7
    assert "第7页" in finding.message.zh


def test_the_same_contradiction_has_the_same_id_again() -> None:
    one, two = (checked(contradicting(SAID)) for _ in range(2))
    assert [finding.id for finding in one.findings] == [finding.id for finding in two.findings]
