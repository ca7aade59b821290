"""Rows and columns at fault: what is named, what stays a question, and that findings rest on what the document prints."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from validator_documents import Block, Line, Paper, by_function, checked, document, economic, errors, function, item, total, warnings

from services.validator.adapters.rules_files import load_rules
from services.validator.domain import repairs
from services.validator.domain.column_edits import wrong_columns
from services.validator.domain.grading import grade_equation
from services.validator.domain.proposal import Equation
from services.validator.domain.repairs import find_repairs, key_of
from services.validator.domain.row_edits import wrong_rows
from services.validator.domain.sheet import Book, read_book
from services.validator.domain.structure import Judged, choose_readings
from services.validator.domain.validate import propose
from services.validator.handlers import validate_document
from shared.contracts.common import Box
from shared.contracts.normalized import Normalized, RowRole
from shared.contracts.validated import Validated

WHOLE = (
    total("160.00", "160.00", ""),
    function("208", "120.00", "120.00", ""),
    function("20801", "100.00", "100.00", ""),
    function("2080101", "100.00", "100.00", ""),
    function("20808", "20.00", "20.00", ""),
    function("2080802", "20.00", "20.00", ""),
    function("221", "40.00", "40.00", ""),
    function("22102", "40.00", "40.00", ""),
    function("2210201", "40.00", "40.00", ""),
)
CUT = tuple(line for line in WHOLE if line.function not in ("20808", "2080802"))


class Blind:
    """A second reader that cannot tell."""

    def read(self, page: int, bbox: Box) -> str | None:
        return None


def test_a_section_that_is_missing_with_its_item_is_one_finding_on_what_is_printed() -> None:
    made = document(by_function(*WHOLE), by_function(*CUT, table="t2", form="general_public_budget"))
    result = validate_document(made, load_rules(), Blind())
    (error,) = errors(result)
    assert error.diagnosis is not None
    assert error.diagnosis.cause == "row_missing"
    assert "20808" in error.message.en
    assert {evidence.fact for evidence in error.evidence} <= {fact.id for fact in made.facts}


def unit(*amounts: str, label: str) -> Line:
    return Line(label, amounts, role="unit")


def by_source(*lines: Line) -> Validated:
    heads = ("合计=total", "一般公共预算=general_public_budget", "政府性基金=government_fund", "其他收入=other_income")
    return checked(Paper("t1", "income_summary", [Block("unit", heads, lines)]))


def test_a_figure_in_the_wrong_column_of_a_row_that_repeats_two_others_is_named() -> None:
    lines = (
        total("90.00", "70.00", "", "20.00"),
        unit("90.00", "", "70.00", "20.00", label="青禾市林业局"),
        unit("90.00", "70.00", "", "20.00", label="青禾市林业事务中心"),
    )
    (error,) = errors(by_source(*lines))
    assert error.diagnosis is not None
    assert (error.diagnosis.cause, error.diagnosis.fact, error.diagnosis.suggested) == ("column_shift", "t1/1/3", None)
    assert not error.diagnosis.candidates


def test_of_two_rows_alike_nothing_tells_which_has_its_figure_in_the_wrong_column() -> None:
    lines = (total("90.00", "70.00", "", "20.00"), unit("90.00", "", "70.00", "20.00", label="青禾市林业局"))
    assert not errors(by_source(*lines))


def basic(*lines: Line, **more: Any) -> Validated:
    heads = ("合计=total", "人员经费=personnel", "公用经费=public_funds")
    return checked(Paper("t1", "basic_expenditure_by_economic", [Block("economic", heads, lines)], **more))


BASIC = (
    total("187.00", "130.00", "57.00"),
    economic("301", "110.00", "110.00", ""),
    economic("30101", "60.00", "60.00", ""),
    economic("30102", "50.00", "50.00", ""),
    economic("302", "57.00", "", "57.00"),
    economic("30201", "21.35", "", "21.35"),
    economic("30202", "23.15", "", "23.15"),
    economic("30211", "12.50", "", "12.50"),
    economic("303", "20.00", "20.00", ""),
    economic("30305", "12.00", "12.00", ""),
    economic("30309", "8.00", "8.00", ""),
)


def without(code: str) -> list[Line]:
    return [line for line in BASIC if line.economic != code]


def test_a_row_that_no_other_form_prints_is_missed_by_what_its_class_lacks_in_every_column() -> None:
    assert not errors(basic(*BASIC))
    (error,) = errors(basic(*without("30211")))
    assert error.diagnosis is not None
    assert (error.diagnosis.cause, error.diagnosis.fact, error.diagnosis.suggested) == ("row_missing", None, None)
    assert {evidence.fact for evidence in error.evidence} >= {"t1/4/1", "t1/4/3"}


def test_a_class_that_lacks_different_amounts_in_its_columns_lacks_no_row() -> None:
    lines = without("30211")
    lines[4] = economic("302", "57.00", "", "55.00")
    causes = {error.diagnosis.cause for error in errors(basic(*lines)) if error.diagnosis}
    assert "row_missing" not in causes


def test_a_form_that_prints_some_items_of_its_classes_lacks_no_row() -> None:
    some = [line for line in BASIC if line.economic not in ("30102", "30211", "30309")]
    assert not errors(basic(*some))
    alone = [
        line for line in without("30211") if (line.economic or "302").startswith("302")
    ]  # no other class tells that all items are printed
    causes = {error.diagnosis.cause for error in errors(basic(*alone)) if error.diagnosis}
    assert "row_missing" not in causes


def test_a_row_of_one_code_and_name_printed_twice_is_an_error_where_the_total_counts_it_once() -> None:
    lines = (total("53.95", "53.95", ""), function("2080109", "53.95", "53.95", ""), function("2080109", "53.95", "53.95", ""))
    (error,) = errors(checked(by_function(*lines)))
    assert error.diagnosis is not None
    assert error.diagnosis.cause == "row_duplicated"
    assert error.evidence[0].fact == "t1/2/1"


def test_a_row_of_one_code_printed_again_further_down_is_named() -> None:
    """A code that stands twice leaves the list without a tree of sums; without the second row all of them hold."""
    lines = [
        total("100.00", "80.00", "20.00"),
        function("201", "60.00", "50.00", "10.00"),
        function("20101", "60.00", "50.00", "10.00"),
        function("2010101", "50.00", "50.00", ""),
        function("2010102", "10.00", "", "10.00"),
        function("208", "40.00", "30.00", "10.00"),
    ]
    assert not errors(checked(by_function(*lines)))
    (error,) = errors(checked(by_function(*lines, lines[3])))
    assert error.diagnosis is not None
    assert (error.diagnosis.cause, error.evidence[0].row) == ("row_duplicated", len(lines))
    assert "与本表前面的一行相同" in error.message.zh
    assert "repeats an earlier row" in error.message.en


def test_a_code_of_two_units_is_not_printed_twice() -> None:
    one = (item("第一所", "60.00", "60.00", "", role="unit"), function("2080109", "60.00", "60.00", ""))
    other = (item("第二所", "60.00", "60.00", "", role="unit"), function("2080109", "60.00", "60.00", ""))
    book = read_book(document(by_function(total("120.00", "120.00", ""), *one, *other)))
    assert not [edit for edit in wrong_rows(book, ()) if edit.cause == "row_duplicated"]


def test_two_rows_alike_without_a_total_that_counts_one_of_them_are_no_error() -> None:
    """Two units may spend the same on the same function."""
    assert not errors(checked(by_function(function("2080109", "53.95", "53.95", ""), function("2080109", "53.95", "53.95", ""))))
    lines = (total("107.90", "107.90", ""), function("2080109", "53.95", "53.95", ""), function("2080109", "53.95", "53.95", ""))
    assert not errors(checked(by_function(*lines)))


PROJECTS = (("窗口设备更新", "15.48"), ("档案整理", "3.00"), ("业务培训", "6.34"), ("林区巡护", "27.34"))


def projects(*left_out: str, unit_total: str = "52.16") -> Validated:
    """A form of projects in 万元, and a performance form in 元 for each of them."""
    lines = [unit(unit_total, unit_total, label="青禾市林业局")]
    lines += [item(name, text, text, project=name) for name, text in PROJECTS if name not in left_out]
    heads = ("合计=total", "一般公共预算=fund_source")
    papers = [Paper("t1", "projects", [Block("project", heads, lines)])]
    for number, (name, text) in enumerate(PROJECTS, 2):
        money = f"{Decimal(text) * 10_000:,.0f}"
        whole = [Line("年度资金总额", [money], line="performance.total", project=name)]
        papers.append(Paper(f"t{number}", "project_performance", [Block("project", ("金额=annual_funds",), whole)], unit="元", precision=0))
    return checked(*papers)


def test_a_project_that_its_performance_form_prints_is_missed_in_the_list_of_projects() -> None:
    assert not errors(projects())
    (error,) = errors(projects("林区巡护"))
    assert error.diagnosis is not None
    assert (error.diagnosis.cause, error.diagnosis.fact) == ("row_missing", None)
    assert "林区巡护" in error.message.zh
    assert "t5/0/1" in {evidence.fact for evidence in error.evidence}


def test_a_project_without_the_amount_that_is_lacking_is_not_what_is_missing() -> None:
    causes = {error.diagnosis.cause for error in errors(projects("林区巡护", unit_total="61.27")) if error.diagnosis}
    assert "row_missing" not in causes


def repeated(rows: int) -> Normalized:
    """A form in which every row stands twice."""
    items = [function(f"20801{number:02}", f"{number}1.35", f"{number}1.35", "") for number in range(1, rows + 1)]
    whole = str(sum(Decimal(line.amounts[0]) for line in items))
    twice = [line for one in items for line in (one, one)]
    return document(by_function(total(whole, whole, ""), function("20801", whole, whole, ""), *twice))


@pytest.mark.parametrize(("figures", "most"), [(30_000, 12), (600, 3), (1, 1)])
def test_edits_are_tried_as_often_as_is_counted_and_no_more(monkeypatch: pytest.MonkeyPatch, figures: int, most: int) -> None:
    monkeypatch.setattr(repairs, "_FIGURES", figures)
    book = read_book(repeated(40))
    tried = []

    def judge(edited: Book) -> list[Judged]:
        tried.append(edited)
        return choose_readings(propose(edited, load_rules()))

    _, complete = find_repairs(book, choose_readings(propose(book, load_rules())), judge)
    assert repairs.trials_for(len(book.figures)) == most
    assert 1 <= len(tried) <= most
    assert not complete


def test_failing_sums_without_a_common_figure_are_weighed_apart() -> None:
    """Fifty errors in fifty forms cost fifty times one, not fifty times fifty: all of them are weighed."""
    papers = []
    for number in range(1, 51):
        lines = [total("90.00", "60.00", "30.00"), function("208", "70.00", "40.00", "30.00"), function("221", "20.00", "29.00", "")]
        papers.append(by_function(*lines, table=f"t{number}", form="other"))
    result = checked(*papers)
    named = {finding.diagnosis.fact for finding in errors(result) if finding.diagnosis}
    assert named == {f"t{number}/2/2" for number in range(1, 51)}
    assert not any(finding.code == "diagnosis.incomplete" for finding in result.findings)


def test_a_project_that_is_listed_under_another_name_is_not_missing() -> None:
    """Its amount is printed wrongly here: nothing is left out."""
    lines = [unit("52.16", "52.16", label="青禾市林业局"), *(item(name, text, text, project=name) for name, text in PROJECTS[:3])]
    lines.append(item("天然林区巡护（二期）", "0.01", "0.01", project="天然林区巡护（二期）"))
    whole = [Line("年度资金总额", ["273,400"], line="performance.total", project="林区巡护")]
    forms = [
        Paper(
            f"t{n}",
            "project_performance",
            [
                Block(
                    "project",
                    ("金额=annual_funds",),
                    [Line("年度资金总额", [f"{Decimal(text) * 10_000:,.0f}"], line="performance.total", project=name)],
                )
            ],
            unit="元",
            precision=0,
        )
        for n, (name, text) in enumerate(PROJECTS[:3], 2)
    ]
    last = Paper("t9", "project_performance", [Block("project", ("金额=annual_funds",), whole)], unit="元", precision=0)
    result = checked(Paper("t1", "projects", [Block("project", ("合计=total", "一般公共预算=fund_source"), lines)]), *forms, last)
    assert "row_missing" not in {finding.diagnosis.cause for finding in result.findings if finding.diagnosis}


def headed_by_a_unit(printed: str, project_total: str = "52.16") -> Validated:
    """Projects below a row of their unit, which nothing calls a total, and a form of expenditure with its project total."""
    lines = [unit(printed, label="青禾市林业局"), *(item(name, text, project=name) for name, text in PROJECTS)]
    whole = (total(project_total, "", project_total), function("213", project_total, "", project_total))
    return checked(
        Paper("t1", "project_performance", [Block("project", ("资金总额=performance_funds",), lines)]), by_function(*whole, table="t2")
    )


def test_a_leading_amount_that_its_parts_and_another_form_contradict_alike_is_a_question() -> None:
    assert not warnings(headed_by_a_unit("52.16"))
    result = headed_by_a_unit("2.16")
    assert not errors(result)
    assert any("t1/0/1" in {evidence.fact for evidence in finding.evidence} for finding in warnings(result))


def test_a_leading_amount_that_is_neither_the_sum_of_what_follows_nor_contradicted_elsewhere_was_no_total() -> None:
    assert not [finding for finding in warnings(headed_by_a_unit("2.16", "77.00")) if finding.checks]


@pytest.mark.parametrize("role", ["total", "grand_total"])
def test_a_total_in_the_wrong_column_is_found_where_the_rows_below_it_add_up_to_it(role: RowRole) -> None:
    def edits(*lines: Line) -> set[tuple[str, int | None]]:
        book = read_book(document(Paper("t1", "income_summary", [Block("mixed", ("甲=other", "乙=other", "丙=other"), lines)])))
        return {(edit.figures[0].id, edit.column) for edit in wrong_columns(book, [])}

    whole = Line("合计", ("7.00", "", "40.00"), role=role)
    assert edits(whole, item("一", "7.00", "30.00", ""), item("二", "", "10.00", "")) == {("t1/0/3", 2)}
    assert edits(whole, function("201", "7.00", "30.00", ""), function("208", "", "10.00", "")) == {("t1/0/3", 2)}
    assert edits(whole, function("201", "7.00", "30.00", ""), function("20101", "", "10.00", "")) == set(), (
        "a section is no part of a total"
    )
    assert edits(whole, item("一", "7.00", "30.00", ""), item("二", "", "10.00", "", depth=1, parent=1)) == set()
    assert edits(whole, item("一", "7.00", "30.00", "1.00"), item("二", "", "10.00", "")) == set(), "its own column has parts"
    assert edits(whole, item("一", "7.00", "30.00", ""), item("二", "", "10.01", "")) == {("t1/0/3", 2)}, "within rounding"
    assert edits(whole, item("一", "7.00", "30.00", ""), item("二", "", "10.02", "")) == set()
    assert edits(whole, item("一", "7.00", "40.01", "")) == {("t1/0/3", 2), ("t1/1/2", 3)}, "half a last digit each"
    assert edits(Line("合计", ("40.00", "", "40.00"), role=role), item("一", "40.00", "", "")) == set(), (
        "each column has a figure of its own"
    )
    assert edits(whole, item("一", "7.00", "40.00", "")) == {("t1/0/3", 2), ("t1/1/2", 3)}, "or its only part is in the wrong column"


@pytest.mark.parametrize(
    ("target", "terms", "key"),
    [
        ("t1/0/1", ("t1/0/2", "t1/0/3"), ("t1/0/1", "across")),
        ("t1/0/1", ("t1/1/1", "t1/6/1"), ("t1/0/1", "down")),
        ("t1/0/1", ("t1/0/2", "t1/1/1"), ("t1/0/1", "down")),
        ("t1/0/1", ("t2/0/1",), ("t1/0/1", "between")),
        ("t1/0/1", ("t1/1/1", "t2/0/1"), ("t1/0/1", "between")),
        ("t1/0/1", (), ("t1/0/1", "down")),
    ],
)
def test_a_sum_is_known_by_its_target_and_by_where_its_terms_stand(target: str, terms: tuple[str, ...], key: tuple[str, str]) -> None:
    lines = [Line(line.label, (*line.amounts[:2], "1.00"), function=line.function, role=line.role) for line in WHOLE]
    figures = read_book(document(by_function(*lines), by_function(*lines, table="t2"))).figures
    identity = load_rules().of("list_total")
    assert identity is not None
    equation = Equation(identity, figures[target], tuple((figures[term], 1) for term in terms))
    assert key_of(grade_equation(equation)) == key


@pytest.mark.parametrize(("figures", "trials"), [(0, 12), (1, 12), (1_666, 12), (1_667, 11), (20_000, 1), (20_001, 1), (10**9, 1)])
def test_the_more_figures_a_document_has_the_fewer_edits_are_tried(figures: int, trials: int) -> None:
    assert repairs.trials_for(figures) == trials


def test_a_figure_that_another_columns_sum_lacks_may_stand_in_the_wrong_column() -> None:
    lines = (total("40.00", "20.00", "20.00"), function("208", "30.00", "20.00", "10.00"), function("221", "10.00", "10.00", ""))
    book = read_book(document(by_function(*lines)))
    failing = [graded for one in choose_readings(propose(book, load_rules())) for graded in one.graded if graded.status == "failed"]
    edits = [edit for edit in wrong_columns(book, failing) if edit.figures[0].id == "t1/2/2"]
    assert edits
    assert {(edit.cause, edit.table, edit.label, edit.column, edit.moved) for edit in edits} == {
        ("column_shift", "t1", "科目221", 3, "t1/2/3")
    }
    (moved,) = [fact for fact in edits[0].document.facts if fact.id == "t1/2/3"]
    assert (moved.col, moved.measure, moved.amount, moved.function) == (3, "project_expenditure", Decimal("10.00"), "221")
    assert len(edits[0].document.facts) == len(book.document.facts)
    assert not list(wrong_columns(book, [])), "nothing points to it without a sum that fails"


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ((("90.00", "70.00", "", "20.00"), ("90.00", "", "70.00", "20.00"), ("90.00", "70.00", "", "20.00")), {("t1/1/3", 2)}),
        ((("90.00", "70.00", "", "20.00"), ("90.00", "", "70.00", "20.00")), {("t1/0/2", 3), ("t1/1/3", 2)}),  # either of two
        ((("90.00", "70.00", "", "20.00"), ("90.00", "", "71.00", "20.00")), set()),  # another amount
        ((("90.00", "70.00", "", "20.00"), ("80.00", "", "70.00", "20.00")), set()),  # another row
        ((("90.00", "70.00", "", "20.00"), ("90.00", "", "70.00", "")), set()),  # more than one figure
        ((("90.00", "0.00", "", "20.00"), ("90.00", "", "0.00", "20.00")), set()),  # nothing stands nowhere
    ],
)
def test_rows_at_the_head_that_repeat_each_other_but_for_one_figure(rows: tuple[tuple[str, ...], ...], found: set[tuple[str, int]]) -> None:
    lines = [total(*rows[0]), *(unit(*row, label=f"第{number}所") for number, row in enumerate(rows[1:], 1))]
    heads = ("合计=total", "甲=fund_source", "乙=fund_source", "丙=fund_source")
    book = read_book(document(Paper("t1", "income_summary", [Block("unit", heads, lines)])))
    assert {(edit.figures[0].id, edit.column) for edit in wrong_columns(book, [])} == found


def test_only_the_first_rows_of_a_list_may_repeat_each_other() -> None:
    heads = ("合计=total", "甲=fund_source", "乙=fund_source", "丙=fund_source")
    for place in range(1, 6):
        lines = [
            total("90.00", "70.00", "", "20.00"),
            *(unit("90.00", "70.00", "", "20.00", label=f"第{number}所") for number in range(1, 6)),
        ]
        lines[place] = unit("90.00", "", "70.00", "20.00", label="某所")
        book = read_book(document(Paper("t1", "income_summary", [Block("unit", heads, lines)])))
        assert {edit.figures[0].id for edit in wrong_columns(book, [])} == ({f"t1/{place}/3"} if place < 4 else set())
