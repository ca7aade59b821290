"""Forms whose last page is missing are told by what their sums, other forms and their own totals say; a wrong row or figure is something else."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest
from msgspec import structs

from services.validator.adapters.rules_files import load_rules
from services.validator.domain.grading import grade_equation
from services.validator.domain.lost_ends import LostEnd, cut_forms, uncertain_scopes
from services.validator.domain.proposal import Equation
from services.validator.domain.sheet import read_book
from services.validator.domain.validate import validate
from shared.contracts.normalized import Normalized, RowRole
from shared.contracts.validated import Finding, Validated
from tests.validator_documents import Block, Line, Paper, by_function, checked, document, economic, errors, function, item, total

ROWS = (
    total("131.00", "101.00", "30.00"),
    function("205", "61.00", "41.00", "20.00"),
    function("20501", "61.00", "41.00", "20.00"),
    function("2050101", "41.00", "41.00", ""),
    function("2050102", "20.00", "", "20.00"),
    function("208", "47.00", "37.00", "10.00"),
    function("20801", "30.00", "20.00", "10.00"),
    function("2080101", "20.00", "20.00", ""),
    function("2080102", "10.00", "", "10.00"),
    function("20805", "17.00", "17.00", ""),
    function("2080505", "17.00", "17.00", ""),
    function("221", "23.00", "23.00", ""),
    function("22102", "23.00", "23.00", ""),
    function("2210201", "23.00", "23.00", ""),
)


def cut(result: Validated) -> list[Finding]:
    return [finding for finding in result.findings if finding.code == "form.cut"]


def other(**more: object) -> Paper:
    """Another form of the same money, whole."""
    return by_function(*ROWS, table="t2", form="general_budget_expenditure", title="一般公共预算支出表")


def test_a_whole_form_ends_where_it_should() -> None:
    assert cut(checked(by_function(*ROWS), other())) == []


# One level alone that lacks parts is less sure: the layout may be another one.
@pytest.mark.parametrize(("rows", "severity"), [(5, "warning"), (7, "error"), (8, "error"), (9, "error"), (10, "error"), (11, "error")])
def test_a_form_without_its_last_rows_is_one_finding_that_names_the_gap(rows: int, severity: str) -> None:
    result = checked(by_function(*ROWS[:rows], title="支出总表"), other())
    (finding,) = [finding for finding in result.findings if finding.severity != "info"]
    assert (finding.code, finding.severity) == ("form.cut", severity)
    assert finding.diagnosis is not None
    assert (finding.diagnosis.cause, finding.diagnosis.fact) == ("page_missing", None)
    assert f"到“{ROWS[rows - 1].label}”为止" in finding.message.zh
    assert {evidence.table for evidence in finding.evidence} == {"t1"}


def test_two_levels_that_lack_parts_prove_it_without_another_form() -> None:
    (finding,) = cut(checked(by_function(*ROWS[:8])))
    assert (finding.severity, len(finding.checks)) == ("error", 5)


def test_one_row_that_is_left_out_at_the_end_is_no_page() -> None:
    rows = (total("61.00", "41.00", "20.00"), *ROWS[1:4])  # without 2050102
    assert cut(checked(by_function(*rows))) == []


def test_a_row_left_out_in_the_middle_or_a_wrong_figure_is_no_page() -> None:
    assert cut(checked(by_function(*ROWS[:7], *ROWS[8:]), other())) == []
    wrong = function("2080505", "16.00", "16.00", "")
    assert cut(checked(by_function(*ROWS[:10], wrong, *ROWS[11:]), other())) == []


def test_rows_left_out_of_two_sections_before_the_end_are_no_page() -> None:
    rows = [row for row in ROWS if row.function not in ("2050102", "2080102")]
    assert cut(checked(by_function(*rows))) == []


def test_a_wrong_section_at_the_end_is_no_page() -> None:
    wrong = function("22102", "20.00", "20.00", "")
    assert cut(checked(by_function(*ROWS[:12], wrong, ROWS[13]))) == []


def test_codes_that_are_missing_before_the_end_as_well_are_no_page() -> None:
    before = (function("201", "5.00", "5.00", ""), function("20101", "5.00", "5.00", ""), function("2010101", "5.00", "5.00", ""))
    whole = by_function(total("136.00", "106.00", "30.00"), *before, *ROWS[1:], table="t2", form="general_budget_expenditure")
    assert cut(checked(by_function(total("136.00", "106.00", "30.00"), *ROWS[1:5]), whole)) == []


def test_a_total_that_is_too_small_is_no_page() -> None:
    assert cut(checked(by_function(total("100.00", "70.00", "30.00"), *ROWS[1:], table="t1"))) == []


def test_a_page_that_was_not_read_may_be_the_end() -> None:
    made = document(by_function(*ROWS[:8]), other())
    (finding,) = cut(validate(structs.replace(made, unread_pages=(2,)), load_rules()))
    assert finding.severity == "warning"
    assert not errors(validate(structs.replace(made, unread_pages=(2,)), load_rules()))


def test_a_part_that_may_go_on_elsewhere_is_not_called_cut() -> None:
    made = document(by_function(*ROWS[:8]), by_function(*ROWS[8:], table="t2"))
    first, second = made.forms
    parted = structs.replace(made, forms=(first, structs.replace(second, continues="t1")))
    assert cut(validate(parted, load_rules())) == []


def test_lists_side_by_side_that_both_stop_are_one_page() -> None:
    wages = (economic("301", "90.00"), economic("30101", "50.00"), economic("30102", "30.00"))
    goods = (economic("302", "60.00"), economic("30201", "40.00"), economic("30202", "5.00"))
    form = Paper("t1", "basic_by_economic", [Block("economic", ("决算数=final",), wages), Block("economic", ("决算数=final",), goods)])
    (finding,) = cut(checked(form))
    assert len(finding.checks) == 2
    assert [one for one in checked(form).findings if one.severity != "info"] == [finding]


def summary(*, income: Sequence[Line], spent: Sequence[Line], kind: str = "income_expenditure_summary") -> Paper:
    return Paper("t1", kind, [Block("income", ("预算数=amount",), income), Block("function", ("预算数=amount",), spent)], title="收支总表")


INCOME = (item("拨款", "90.00"), total("90.00", label="收入总计", role="grand_total", line="income_total"))
SPENT = (function("205", "60.00"), function("208", "30.00"), total("90.00", label="支出总计", role="grand_total", line="expenditure_total"))


@pytest.mark.parametrize("kind", ["income_expenditure_summary", "fiscal_summary"])
def test_a_summary_without_its_totals_has_lost_its_end_and_was_not_read_whole(kind: str) -> None:
    assert cut(checked(summary(income=INCOME, spent=SPENT, kind=kind))) == []
    result = checked(summary(income=INCOME[:1], spent=SPENT[:2], kind=kind))
    (finding,) = cut(result)
    assert finding.severity == "warning"
    assert finding.diagnosis is not None
    assert finding.diagnosis.cause == "page_missing"
    assert result.verdict == "unverifiable"


def test_totals_by_other_names_end_a_summary_as_well() -> None:
    for name, ended in (("收支总计", True), ("支出合计", True), ("本年支出合计", False)):
        spent = (*SPENT[:2], item(name, "90.00"))
        assert bool(cut(checked(summary(income=INCOME[:1], spent=spent)))) is not ended


def habits(*forms: Sequence[Line]) -> Normalized:
    kinds = ("expenditure_summary", "general_budget_expenditure", "income_summary")
    return document(*(by_function(*rows, table=f"t{number}", form=kinds[number - 1]) for number, rows in enumerate(forms, 1)))


def test_a_list_without_a_total_has_lost_it_where_the_others_have_theirs() -> None:
    last = (*ROWS[1:], ROWS[0])  # a department that puts its totals last
    result = validate(habits(last, last, last[:-1]), load_rules())
    (finding,) = cut(result)
    assert (finding.form, finding.severity) == ("income_summary", "warning")
    assert result.verdict == "consistent"  # or it is meant so
    assert cut(validate(habits(last, last[:-1], last[:-1]), load_rules())) == []


def test_a_list_that_lost_total_and_parts_is_one_finding() -> None:
    last = (*ROWS[1:], ROWS[0])
    (finding,) = [one for one in validate(habits(last, last, last[:6]), load_rules()).findings if one.severity != "info"]
    assert (finding.code, finding.evidence[0].table) == ("form.cut", "t3")


@pytest.mark.parametrize("begins", [1, 2, 3])
def test_a_form_that_begins_with_codes_of_no_class_has_lost_its_beginning(begins: int) -> None:
    last = (*ROWS[1:], ROWS[0])
    result = validate(habits(last, last, last[begins:]), load_rules())
    (finding,) = [one for one in result.findings if one.severity != "info"]
    assert (finding.code, finding.severity, finding.evidence[0].table) == ("form.cut", "warning", "t3")
    assert f"从“{last[begins].label}”开始" in finding.message.zh
    assert result.verdict == "unverifiable"


def test_a_form_of_items_alone_or_of_whole_classes_has_its_beginning() -> None:
    items = (total("131.00", "101.00", "30.00"), *(row for row in ROWS if row.function and len(row.function) == 7))
    assert cut(validate(habits(ROWS, ROWS, items), load_rules())) == []
    assert cut(validate(habits(ROWS, ROWS, (total("70.00", "60.00", "10.00"), *ROWS[5:])), load_rules())) == []


def test_a_table_without_a_title_whose_sums_lack_parts_may_have_lost_its_beginning() -> None:
    made = habits(ROWS, ROWS, (*ROWS[5:7], *ROWS[11:], ROWS[0]))
    more = document(*(by_function(*ROWS, table=f"t{number}") for number in range(4, 7))).forms
    untitled = structs.replace(made, forms=(*made.forms[:2], structs.replace(made.forms[2], title=None), *more))
    (finding,) = cut(validate(untitled, load_rules()))
    assert "没有标题的表" in finding.message.zh
    assert errors(validate(made, load_rules()))
    assert not errors(validate(untitled, load_rules()))


def test_a_summary_without_its_totals_is_not_held_against_other_forms() -> None:
    """Its totals would say whether it speaks of the same money."""
    fiscal = (function("205", "60.00"), function("208", "25.00"), total("85.00", label="支出总计", role="grand_total"))
    form = Paper("t2", "fiscal_summary", [Block("income", ("金额=amount",), (item("拨款", "85.00"), total("85.00", role="grand_total"))),
                                          Block("function", ("金额=amount",), fiscal)])  # fmt: skip
    result = checked(summary(income=INCOME[:1], spent=SPENT[:2]), form)
    assert [finding.code for finding in result.findings if finding.severity != "info"] == ["form.cut"]


@pytest.mark.parametrize(
    ("others", "count", "first"),
    [
        ((("221", "22102"), ("229", "22999")), 2, "221"),  # of two that print as many the first is named
        ((("229", "22999"), ("221", "22102")), 2, "229"),
        ((("221", "22102"), ("229", "22902", "2290201")), 3, "229"),
        ((("229", "22902", "2290201"), ("221", "22102")), 3, "229"),
        ((("221", "22102"), ("204", "229", "22999")), 2, "221"),  # a code that would stand before: another form
        ((("20805", "2080505"),), 2, "20805"),
        ((("221", "221020101"),), 1, "221"),  # codes of a length that this form does not print
        ((), 0, ""),
    ],
)
def test_the_codes_that_would_follow_are_those_of_the_form_that_prints_most_of_them(
    others: Sequence[Sequence[str]], count: int, first: str
) -> None:
    forms = [by_function(*ROWS[:9], title="支出总表")]
    for number, codes in enumerate(others, 2):
        lines = (*ROWS[1:9], *(function(code, "1.00", "1.00", "") for code in codes))
        forms.append(by_function(*lines, table=f"t{number}", form="other", title="某表"))
    (finding,) = cut(checked(*forms))
    assert (f"列有 {count} 个科目，如 {first}）" in finding.message.zh) is bool(count)
    assert (f"prints {count} {'code' if count == 1 else 'codes'} that would follow, such as {first})" in finding.message.en) is bool(count)
    assert ("个科目" in finding.message.zh) is bool(count)


@pytest.mark.parametrize(("share", "named"), [(4, True), (3, False)])
def test_a_form_that_prints_less_than_half_of_the_codes_is_no_measure(share: int, named: bool) -> None:
    other = (*ROWS[9 - share : 9], function("221", "1.00", "1.00", ""), function("22102", "1.00", "1.00", ""))
    result = checked(by_function(*ROWS[:9], title="支出总表"), by_function(*other, table="t2", form="other", title="某表"))
    (finding,) = [one for one in cut(result) if one.evidence[0].table == "t1"]
    assert ("221" in finding.message.zh) is named


@pytest.mark.parametrize(
    ("codes", "lost"),
    [
        (("20502", "2050201", "208", "20801"), True),
        (("2050201", "208", "20801"), True),
        (("205", "20502", "208", "20801"), False),
        (("205", "208", "20801"), False),
        (("20502", "208"), False),  # no class is printed with its parts
        (("20502", "205", "20501", "208", "20801"), False),
        (("21301", "208", "20801"), False),  # a class that would follow
        (("20801", "208", "2080101"), False),
    ],
)
def test_a_list_begins_with_a_class_where_its_classes_are_printed(codes: Sequence[str], lost: bool) -> None:
    result = checked(by_function(*(function(code, "1.00", "1.00", "") for code in codes)))
    assert any("开始，前面的行缺失" in finding.message.zh for finding in cut(result)) is lost


def test_a_form_in_yuan_that_lacks_less_than_one_has_lost_its_end_as_well() -> None:
    def cents(line: Line) -> Line:
        return Line(line.label, [str(Decimal(text) / 100) if text else "" for text in line.amounts], role=line.role, function=line.function)

    rows = [cents(line) for line in ROWS]
    assert cut(checked(by_function(*rows, unit="元", precision=4))) == []
    (finding,) = cut(checked(by_function(*rows[:8], unit="元", precision=4)))
    assert (finding.severity, len(finding.checks)) == ("error", 5)


def test_a_correspondence_that_need_not_hold_hides_no_lost_end() -> None:
    """Government and department classes side by side, which agree for one function and not for the other."""
    lines = [Line(row.label, (row.amounts[0], row.amounts[0]), role=row.role, function=row.function) for row in ROWS[:8]]
    beside = (function("205", "60.00"), function("208", "47.00"))
    blocks = [Block("function", ("合计=total", "工资=class"), lines), Block("function", ("基本支出/工资=class",), beside)]
    form = Paper("t1", "expenditure_by_gov_economic", blocks, changes={2: {"gov_economic": "501"}, 4: {"economic": "301"}})
    result = checked(form)
    assert [check.status for check in result.checks if check.rule == "views.wages_and_goods"] == ["not_assessable", "exact"]
    assert [finding.evidence[0].table for finding in cut(result)] == ["t1"]


def kinds(*lines: Line) -> list[Finding]:
    return cut(checked(Paper("t1", "projects", [Block("project", ("金额=amount",), lines)], title="项目支出表")))


def test_rows_without_codes_go_on_below_those_that_the_last_row_hangs_below() -> None:
    lines = (
        total("70.00"),
        item("甲类", "20.00", role="subtotal"),
        item("甲一", "13.00", depth=1, parent=1),
        item("甲二", "7.00", depth=1, parent=1),
        item("乙类", "50.00", role="subtotal"),
        item("乙一", "41.00", depth=1, parent=4, role="subtotal"),
        item("乙一之一", "11.00", depth=2, parent=5),
        item("乙一之二", "30.00", depth=2, parent=5),
        item("乙二", "9.00", depth=1, parent=4),
    )
    assert kinds(*lines) == []
    (finding,) = kinds(*lines[:7])
    assert "到“乙一之一”为止" in finding.message.zh
    elsewhere = (*lines[:3], item("甲二", "6.00", depth=1, parent=1), *lines[4:7])
    assert kinds(*elsewhere) == [], "another kind lacks something as well"


@pytest.mark.parametrize(("label", "role", "ended"), [("收入", "grand_total", True), ("收入", "total", True), ("收入", "item", False), ("收入", "year_total", False), ("本年合计", "item", False), ("合计", "item", True)])  # fmt: skip
def test_a_summary_ends_in_a_total_by_its_role_or_its_name(label: str, role: RowRole, ended: bool) -> None:
    spent = (*SPENT[:2], Line(label, ("90.00",), role=role))
    assert bool(cut(checked(summary(income=INCOME[:1], spent=spent)))) is not ended


@pytest.mark.parametrize(("rows", "coded", "flagged"), [(3, True, True), (2, True, False), (3, False, False)])
def test_only_a_list_of_three_codes_and_more_is_missed_its_total(rows: int, coded: bool, flagged: bool) -> None:
    whole = by_function(*ROWS[1:], ROWS[0]), by_function(*ROWS[1:], ROWS[0], table="t2", form="general_budget_expenditure")
    lines = [function(code, "9.00", "9.00", "") if coded else item(code, "9.00", "9.00", "") for code in ("205", "208", "221")[:rows]]
    result = checked(*whole, by_function(*lines, table="t3", form="income_summary"))
    assert bool(cut(result)) is flagged
    other = checked(*whole, by_function(*lines, table="t3", form="procurement"))
    assert not cut(other), "not every kind of form has a total"


def test_a_form_that_lost_its_beginning_may_lack_a_page() -> None:
    last = (*ROWS[1:], ROWS[0])
    (finding,) = cut(validate(habits(last, last, last[1:]), load_rules()))
    assert finding.diagnosis is not None
    assert (finding.diagnosis.cause, finding.diagnosis.fact, float(finding.diagnosis.confidence)) == ("page_missing", None, 0.7)
    (end,) = cut(checked(by_function(*ROWS[:8])))
    assert end.diagnosis is not None
    assert float(end.diagnosis.confidence) == 0.9


def test_a_total_behind_the_last_row_lacks_no_rows_after_it() -> None:
    assert cut(checked(by_function(*ROWS[1:5], ROWS[0]))) == []


def test_only_other_lists_of_money_tell_that_a_list_has_a_total() -> None:
    last = (*ROWS[1:], ROWS[0])
    for kind, flagged in (("expenditure_summary", True), ("procurement", False)):
        forms = [by_function(*last, table=f"t{number}", form=kind) for number in (1, 2)]
        assert bool(cut(checked(*forms, by_function(*last[:-1], table="t3", form="income_summary")))) is flagged
    for name in ("人员经费合计", "支出总 计"):
        lines = (*last[:-1], item(name, "131.00", "101.00", "30.00", role="subtotal"))
        assert not cut(validate(habits(last, last, lines), load_rules())), "a row that is called a total is one"
    nothing = [function(code, "0.00", "0.00", "") for code in ("205", "208", "221")]
    assert not cut(validate(habits(last, last, nothing), load_rules()))


def test_what_a_lost_end_means_for_the_form() -> None:
    def end(rows: Sequence[Line], *, form: str = "income_summary", start: bool = False, lacking: bool = False) -> LostEnd:
        sheet = read_book(document(by_function(*rows, form=form))).sheets[0]
        (last, *_) = sheet.cells.values()
        (identity, *_) = load_rules().identities
        return LostEnd(sheet, last, (grade_equation(Equation(identity, last, ())),) if lacking else (), start=start)

    with_total, without = end(ROWS), end(ROWS[1:])
    assert (uncertain_scopes([with_total]), uncertain_scopes([with_total, without])) == (frozenset(), frozenset({"t1"}))
    blank = end((total("", "", ""), *ROWS[1:]))
    assert uncertain_scopes([blank]) == {"t1"}, "a total without a figure is none"
    assert cut_forms([with_total, without]) == frozenset()
    assert cut_forms([end(ROWS, start=True)]) == cut_forms([end(ROWS, lacking=True)]) == {"income_summary"}
    assert cut_forms([end(ROWS, form="fiscal_summary")]) == {"fiscal_summary"}


def test_a_row_behind_the_last_item_has_no_parts_after_it() -> None:
    """A sub-total that stands below what it sums up lacks something else."""
    lines = (*ROWS[1:5], *ROWS[6:9], Line("科目208", ("47.00", "37.00", "10.00"), role="subtotal", function="208"))
    assert cut(checked(by_function(*lines), other())) == []
