"""Findings: severity, cause, evidence, stable ids, misreadings, verdict and coverage."""

from __future__ import annotations

from decimal import Decimal

import msgspec
from validator_documents import Block, Paper, by_function, check_of, checked, document, errors, function, item, total, warnings

from services.validator.adapters.rules_files import load_rules
from services.validator.domain.rereading import Rereadings, readers_differ
from services.validator.domain.validate import accused_cells, validate
from shared.contracts.normalized import Normalized

LINES = (
    total("90.00", "60.00", "30.00"),
    function("208", "70.00", "40.00", "30.00"),
    function("20801", "70.00", "40.00", "30.00"),
    function("221", "20.00", "20.00", ""),
)
WRONG = (*LINES[:3], function("221", "20.00", "29.00", ""))


def test_a_message_names_page_form_row_column_printed_expected_and_difference() -> None:
    (error,) = errors(checked(by_function(*WRONG)))
    for part in ("第1页", "《某表》", "科目221", "基本支出", "29.00 万元", "20.00 万元", "9.00 万元"):
        assert part in error.message.zh
    for part in ("page 1", "29.00", "20.00", "9.00"):
        assert part in error.message.en


def test_the_amounts_of_a_finding_are_those_of_its_sentence_also_where_the_accused_figure_is_a_term() -> None:
    (error,) = errors(checked(by_function(*WRONG)))
    assert (error.reported, error.expected, error.difference) == (Decimal("29.00"), Decimal("20.00"), Decimal("9.00"))
    assert (error.unit, error.page) == ("万元", 1)
    names = {rule.id: rule.zh for rule in load_rules().identities}
    assert f"按“{names[error.rule or '']}”应为" in error.message.zh
    assert error.evidence[0].fact not in {one.target for one in checked(by_function(*WRONG)).checks if one.id in error.checks}


def test_the_names_of_identities_hold_no_quotes_of_the_kind_that_sentences_put_around_them() -> None:
    assert [rule.zh for rule in load_rules().identities if set(rule.zh) & set("“”")] == []


def test_sentences_separate_thousands_since_a_zero_too_many_does_not_show_otherwise() -> None:
    big = (total("20440000", "20440000", "0"), function("208", "10000000", "10000000", ""), function("221", "10440000", "104400000", ""))
    (error,) = errors(checked(by_function(*big, unit="元", precision=0)))
    assert "印为 104,400,000 元" in error.message.zh
    assert "应为 10,440,000 元，相差 93,960,000 元" in error.message.zh
    for part in ("prints 104,400,000", "should be 10,440,000", "a difference of 93,960,000"):
        assert part in error.message.en
    assert error.diagnosis is not None
    assert error.diagnosis.suggested == "10440000", "a figure to take over has none"


def test_the_line_about_rounding_shows_no_figure_but_names_its_checks() -> None:
    result = checked(by_function(total("90.01", "60.01", "30.00"), *LINES[1:]))
    (info,) = [finding for finding in result.findings if finding.code == "sum.rounding"]
    assert (info.reported, info.expected, info.difference, info.page, info.evidence) == (None, None, None, None, ())
    assert {check.id for check in result.checks if check.status == "rounding"} == set(info.checks)


def test_a_form_without_figures_has_the_pages_of_its_table() -> None:
    made = document(by_function(*LINES), Paper("t2", "procurement", [Block("mixed", ("金额=amount",), (item("甲", ""),))]))
    (form, empty) = made.forms
    summaries = validate(msgspec.structs.replace(made, forms=(form, msgspec.structs.replace(empty, pages=(4, 5)))), load_rules()).forms
    assert [summary.pages for summary in summaries] == [(1,), (4, 5)]


def test_one_cause_is_one_finding_with_all_its_checks() -> None:
    (error,) = errors(checked(by_function(*WRONG)))
    assert len(error.checks) == 2
    assert error.evidence[0].fact == "t1/3/2"
    assert {evidence.fact for evidence in error.evidence} >= {"t1/0/2", "t1/3/1"}


def test_the_id_of_a_finding_does_not_depend_on_the_rules_version() -> None:
    rules = load_rules()
    made = document(by_function(*WRONG))
    other = validate(made, msgspec.structs.replace(rules, version="another"))
    assert [finding.id for finding in other.findings] == [finding.id for finding in validate(made, rules).findings]
    assert other.producer.version != validate(made, rules).producer.version


def test_the_same_input_gives_the_same_bytes() -> None:
    made = document(by_function(*WRONG))
    assert msgspec.json.encode(validate(made, load_rules())) == msgspec.json.encode(validate(made, load_rules()))


def test_a_figure_that_the_second_reader_reads_otherwise_is_our_misreading_and_no_error() -> None:
    made = document(by_function(*WRONG))
    result = validate(made, load_rules(), Rereadings({"t1/3/2": "20.00"}))
    assert not errors(result)
    (warning,) = warnings(result)
    assert warning.diagnosis is not None
    assert warning.diagnosis.cause == "misread"
    assert warning.evidence[0].fact == "t1/3/2"


def recognized(made: Normalized, sure: float = 0.99, only: str | None = None) -> Normalized:
    """The same document as if its figures (or one of them) had been recognised in an image."""
    facts = tuple(
        msgspec.structs.replace(fact, origin="image", confidence=sure) if only in (None, fact.id) else fact for fact in made.facts
    )
    return msgspec.structs.replace(made, facts=facts)


def test_an_error_in_recognised_figures_says_that_they_were_recognised_and_is_less_sure_of_itself() -> None:
    plain, read = (
        errors(validate(made, load_rules()))[0] for made in (document(by_function(*WRONG)), recognized(document(by_function(*WRONG))))
    )
    assert read.origin == "image"
    assert "由扫描图像识别得出" in read.message.zh
    assert "recognised in a scanned image" in read.message.en
    assert plain.origin is msgspec.UNSET
    assert "识别" not in plain.message.zh
    assert plain.diagnosis is not None
    assert read.diagnosis is not None
    assert read.diagnosis.confidence < plain.diagnosis.confidence
    assert read.id == plain.id


def test_a_figure_that_recognition_was_not_sure_of_is_a_question_and_accuses_nobody() -> None:
    result = validate(recognized(document(by_function(*WRONG)), 0.6, only="t1/3/2"), load_rules())
    assert not errors(result)
    question = next(finding for finding in warnings(result) if finding.diagnosis is not None)
    assert question.diagnosis is not None
    assert (question.diagnosis.cause, question.diagnosis.fact, question.diagnosis.suggested) == ("misread", "t1/3/2", None)
    assert "请对照原件" in question.message.zh
    assert "with little certainty" in question.message.en


def test_a_figure_that_was_read_with_doubt_is_a_question_unless_a_sum_that_holds_confirms_it() -> None:
    doubted = "t1/3/2"
    assert not errors(validate(unsure(document(by_function(*WRONG)), doubted), load_rules()))
    found = next(one for one in warnings(validate(unsure(document(by_function(*WRONG)), doubted), load_rules())) if one.diagnosis)
    assert found.diagnosis is not None
    assert (found.diagnosis.cause, found.diagnosis.fact, found.origin) == ("misread", doubted, msgspec.UNSET)
    assert "有疑点" in found.message.zh
    assert "with little certainty" in found.message.en
    (error,) = errors(validate(unsure(document(by_function(*WRONG)), "t1/0/2"), load_rules()))
    assert "t1/0/2" in [evidence.fact for evidence in error.evidence]


def unsure(made: Normalized, doubted: str) -> Normalized:
    """The same document as if the reader had doubted one figure."""
    facts = tuple(msgspec.structs.replace(fact, confidence=0.6) if fact.id == doubted else fact for fact in made.facts)
    return msgspec.structs.replace(made, facts=facts)


def test_a_second_reading_that_differs_in_white_space_only_confirms_the_figure() -> None:
    assert not readers_differ("1,234.50", "１２３４．５０ ")
    assert readers_differ("1234.50", "1234.5")
    assert errors(validate(document(by_function(*WRONG)), load_rules(), Rereadings({"t1/3/2": "２９.00 "})))


def test_accused_cells_are_those_of_errors_only() -> None:
    assert accused_cells(checked(by_function(*WRONG)))[0] == "t1/3/2"
    assert accused_cells(checked(by_function(*LINES))) == ()


def test_checks_say_their_amounts_in_the_unit_of_the_target() -> None:
    check = check_of(checked(by_function(*WRONG)), "column.sum", "t1/3/1")
    assert (str(check.reported), str(check.computed), str(check.difference)) == ("20.00", "29.00", "-9.00")
    assert (str(check.possible), check.unit) == ("0.01", "万元")


def test_a_sum_that_rounding_hardly_explains_is_a_warning() -> None:
    heads = ("合计=total", *(f"栏{n}=fund_source" for n in range(20)))
    tens = ["1.00"] * 20
    lines = (total("40.00", *["2.00"] * 20), item("甲", "20.00", *tens, role="unit"), item("乙", "20.06", *tens, role="unit"))
    result = checked(Paper("t1", "income_summary", [Block("unit", heads, lines)]))
    assert check_of(result, "column.sum", "t1/2/1").status == "suspicious"
    assert [finding.code for finding in warnings(result)] == ["sum.suspicious"]
    assert result.verdict == "consistent_within_rounding"


def test_a_document_without_figures_is_unverifiable() -> None:
    assert checked().verdict == "unverifiable"


def test_figures_in_no_check_are_counted_as_untied() -> None:
    lone = Paper("t2", None, [Block("mixed", ("人数费=other",), (item("甲", "1.00"), item("乙", "2.00")))])
    result = checked(by_function(*LINES), lone)
    assert (result.coverage.figures, result.coverage.untied) == (13, 2)
    assert [(form.figures, form.tied) for form in result.forms] == [(11, 11), (2, 0)]


def test_less_than_half_tied_is_unverifiable() -> None:
    lone = Paper("t1", None, [Block("mixed", ("甲=other",), (item("甲", "1.00"), item("乙", "2.00"), item("丙", "2.00")))])
    assert checked(lone).verdict == "unverifiable"


def test_the_verdict_of_an_error_is_inconsistent() -> None:
    assert checked(by_function(*WRONG)).verdict == "inconsistent"


def test_a_second_reading_that_is_no_figure_says_nothing() -> None:
    assert not readers_differ("29.00", "29.00某某")
    assert errors(validate(document(by_function(*WRONG)), load_rules(), Rereadings({"t1/3/2": "某某20.00"})))


def test_the_id_of_a_finding_does_not_depend_on_the_number_of_its_table() -> None:
    one, other = (checked(by_function(*WRONG, table="t1")), document(by_function(*WRONG, table="t1")))
    renamed = msgspec.structs.replace(
        other,
        forms=tuple(msgspec.structs.replace(form, table="t9") for form in other.forms),
        facts=tuple(msgspec.structs.replace(fact, table="t9", id=fact.id.replace("t1", "t9")) for fact in other.facts),
    )
    assert [finding.id for finding in one.findings] == [finding.id for finding in validate(renamed, load_rules()).findings]
