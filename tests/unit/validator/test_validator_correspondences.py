"""Views of the same money that must agree: government and department items, rows that name both codes, lines of 三公, funds over scopes."""

from __future__ import annotations

from validator_documents import Block, Line, Paper, by_function, check_of, checked, economic, errors, function, item, statuses, total


def wide(table: str, form: str, codes: dict[str, str], axis: str, *rows: Line) -> Paper:
    """A form whose columns are classes: head → code."""
    heads = ("总计=total", *(f"{code}=class" for code in codes.values()))
    changes = {2 + place: {axis: code} for place, code in enumerate(codes.values())}
    return Paper(table, form, [Block("function", heads, rows)], scope="general_basic", changes=changes)


def subsidies(retired: str, *, gov: str = "12.00", total_of: str = "15.00") -> tuple[Paper, Paper]:
    """对个人和家庭的补助 by government and by department items."""
    left = wide(
        "t1", "breakdown_subsidies_gov", {"离退休费": "50905", "其他": "50999"}, "gov_economic",
        total(total_of, gov, "3.00"), function("2080501", gov, gov, ""), function("2089999", "3.00", "", "3.00"),
    )  # fmt: skip
    right = wide(
        "t2", "breakdown_subsidies", {"离休费": "30301", "退休费": "30302", "其他": "30399"}, "economic",
        total("15.00", "2.00", "10.00", "3.00"), function("2080501", "12.00", "2.00", retired, ""), function("2089999", "3.00", "", "", "3.00"),
    )  # fmt: skip
    return left, right


def test_a_government_item_is_the_sum_of_its_department_items_for_each_function_that_prints_both() -> None:
    result = checked(*subsidies("10.00"))
    assert statuses(result, "views.retirement") == ["exact", "exact"]
    assert statuses(result, "views.other_subsidies") == ["exact", "exact"]
    check = check_of(result, "views.retirement", "t1/1/2")
    assert [term.fact for term in check.terms] == ["t2/1/2", "t2/1/3"]


def test_a_correspondence_that_does_not_hold_accuses_nobody() -> None:
    """A department that classifies otherwise has made no mistake; what is wrong is found by the sums of each form."""
    result = checked(*subsidies("9.00"))
    assert statuses(result, "views.retirement") == ["exact", "not_assessable"]
    (error,) = errors(result)
    assert error.evidence[0].fact == "t2/1/3"
    assert not any(check.startswith("views.") for check in error.checks)


def test_an_item_within_rounding_holds_by_rounding() -> None:
    left, right = subsidies("10.00", gov="12.01", total_of="15.01")
    assert statuses(checked(left, right), "views.retirement") == ["rounding", "rounding"]


def by_gov(amount: str = "29.00", whole: str = "31.00") -> Paper:
    lines = (
        Line("对事业单位经常性补助", (amount,), gov_economic="505"),
        Line("对个人和家庭的补助", ("2.00",), gov_economic="509"),
        total(whole, role="year_total"),
    )
    return Paper("t1", "fiscal_summary", [Block("gov_economic", ("预算数=amount",), lines)])


def with_both_codes(second: str | None = "50502", whole: str = "31.00") -> Paper:
    lines = (
        total(whole),
        economic("301", "26.00"),
        Line("基本工资", ("26.00",), economic="30101", gov_economic="50501"),
        economic("302", "3.00"),
        Line("办公费", ("3.00",), economic="30201", gov_economic=second),
        economic("303", "2.00"),
        Line("退休费", ("2.00",), economic="30302", gov_economic="50905"),
    )
    return Paper("t2", "expenditure_by_economic", [Block("economic", ("合计=total",), lines)], scope="general")


def test_rows_that_name_their_government_code_add_up_to_its_class_in_another_form() -> None:
    result = checked(by_gov(), with_both_codes())
    assert statuses(result, "views.rows") == ["exact", "exact"]
    assert [term.fact for term in check_of(result, "views.rows", "t1/0/1").terms] == ["t2/2/1", "t2/4/1"]


def test_a_class_that_its_rows_do_not_make_up_fails() -> None:
    result = checked(by_gov("28.00"), with_both_codes())
    assert statuses(result, "views.rows", "t1/0/1") == ["failed"]
    (error,) = errors(result)
    assert error.evidence[0].fact == "t1/0/1"


def test_rows_of_which_one_lacks_its_government_code_and_forms_of_other_money_are_not_compared() -> None:
    assert statuses(checked(by_gov(), with_both_codes(second=None)), "views.rows") == []
    assert statuses(checked(by_gov("27.00", "29.00"), with_both_codes()), "views.rows") == []


def three_public(reception: str) -> Paper:
    heads = ("合计=amount", "出国=amount", "接待=amount")
    changes = {1: {"line": "three_public.total"}, 2: {"line": "three_public.abroad"}, 3: {"line": "three_public.reception"}}
    return Paper("t1", "three_public", [Block("unit", heads, (total(reception, "", reception),))], changes=changes, scope="fiscal")


def basic(*, table: str = "t2", heads: str = "公用经费/金额=public") -> Paper:
    lines = (total("3.50", label="公用经费合计"), economic("302", "3.50"), economic("30201", "2.00"), economic("30217", "1.50"))
    return Paper(table, "basic_by_economic", [Block("economic", (heads,), lines)], scope="general_basic")


def test_official_reception_is_that_of_basic_expenditure_where_projects_have_none() -> None:
    assert statuses(checked(three_public("1.50"), basic()), "lines.reception") == ["exact"]
    more = checked(three_public("1.80"), basic())
    assert statuses(more, "lines.reception") == [], "projects may have the rest: a guess that never holds is no check"
    assert not errors(more)


def test_a_budgeted_figure_beside_the_final_one_is_not_the_line() -> None:
    heads = ("接待/预算数=budget", "接待/决算数=final")
    changes = {1: {"line": "three_public.reception"}, 2: {"line": "three_public.reception"}}
    form = Paper("t1", "three_public", [Block("unit", heads, (total("9.00", "1.50"),))], changes=changes, scope="fiscal")
    assert check_of(checked(form, basic()), "lines.reception", "t1/0/2").status == "exact"


def test_operating_costs_are_the_public_funds_in_another_unit() -> None:
    costs = Paper(
        "t1", "three_public", [Block("unit", ("机关运行经费=amount",), (item("本级", "3.50"),))], changes={1: {"line": "operating_costs"}}
    )
    lines = (economic("301", "100000", "100000", ""), economic("302", "35001", "", "35001"), total("135001", "100000", "35001"))
    heads = ("合计=total", "人员经费=personnel", "公用经费=public")
    yuan = Paper("t2", "basic_by_economic", [Block("economic", heads, lines)], unit="元", precision=0, scope="general")
    assert statuses(checked(costs, yuan), "lines.operating_costs") == ["rounding"]


def test_income_of_a_fund_is_the_same_in_forms_of_all_funds_and_in_the_fiscal_form() -> None:
    def income(table: str, form: str, other: str, fund: str = "45.00") -> Paper:
        lines = [item("一般公共预算拨款", fund, line="income.general_budget")]
        lines += [item("其他收入", other, line="income.other")] if other else []
        return Paper(table, form, [Block("income", ("预算数=amount",), (*lines, total("47.00" if other else "45.00", role="year_total")))])

    result = checked(income("t1", "income_expenditure_summary", "2.00"), income("t2", "fiscal_summary", ""))
    assert statuses(result, "same.income") == ["exact"]
    assert check_of(result, "same.income", "t2/0/1").terms[0].fact == "t1/0/1"
    wrong = checked(income("t1", "income_expenditure_summary", "2.00"), income("t2", "fiscal_summary", "", "54.00"))
    (error,) = errors(wrong)
    assert (error.evidence[0].fact, error.diagnosis and error.diagnosis.suggested) == ("t2/0/1", "45.00")


def test_the_form_of_a_units_performance_prints_the_expenditure_of_the_other_forms() -> None:
    spending = by_function(total("48.00", "30.00", "18.00"), function("208", "48.00", "30.00", "18.00"))
    heads = (
        "资金总额=performance_funds",
        "按收入性质分/一般公共预算=fund_source",
        "按支出性质分/基本支出=basic_expenditure",
        "按支出性质分/项目支出=project_expenditure",
    )
    goal = Paper("t2", "unit_performance", [Block("unit", heads, (Line("本单位", ("48.00", "48.00", "30.00", "18.00"), role="unit"),))],
                 changes={2: {"fund": "general_public_budget"}})  # fmt: skip
    result = checked(spending, goal)
    assert {check.target for check in result.checks if check.rule == "same.expenditure"} >= {"t2/0/1", "t2/0/3", "t2/0/4"}


def test_several_units_without_a_total_speak_of_no_whole() -> None:
    spending = by_function(total("48.00", "30.00", "18.00"), function("208", "48.00", "30.00", "18.00"))
    rows = (Line("甲", ("48.00",), role="unit"), Line("乙", ("5.00",), role="unit"))
    goal = Paper("t2", "unit_performance", [Block("unit", ("资金总额=performance_funds",), rows)])
    assert not [check for check in checked(spending, goal).checks if check.target.startswith("t2") and check.rule == "same.expenditure"]


def projects(*names: str) -> Paper:
    amounts = ("10.00", "8.00", "5.00")
    lines = [item(name, amount, project=name) for name, amount in zip(names, amounts, strict=False)]
    return Paper("t1", "projects", [Block("project", ("金额=amount",), lines)])


def goals(*names: str, amounts: tuple[str, ...] = ("10.00", "8.00", "5.00")) -> Paper:
    lines = [item(name, amount, project=name) for name, amount in zip(names, amounts, strict=False)]
    return Paper("t2", "project_performance", [Block("project", ("年度资金=annual_funds",), lines)])


def test_a_name_cut_at_the_cells_edge_is_the_only_one_that_begins_so() -> None:
    result = checked(projects("农田水利设施维修养护", "农田灌溉用水补助"), goals("农田水利设施", "农田灌溉用水"))
    assert statuses(result, "same.project.cut_name") == ["exact", "exact"]
    several = checked(projects("农田水利设施维修养护", "农田水利设施检查"), goals("农田水利设施"))
    assert statuses(several, "same.project.cut_name") == []
    short = checked(projects("会议费用支出"), goals("会议费"))
    assert statuses(short, "same.project.cut_name") == []


def test_a_cut_name_with_another_amount_accuses_nobody() -> None:
    result = checked(
        projects("农田水利设施维修养护", "农田灌溉用水补助", "林区道路巡查"),
        goals("农田水利设施", "农田灌溉用水", "林区道路巡", amounts=("10.00", "8.00", "7.00")),
    )
    assert statuses(result, "same.project.cut_name") == ["exact", "exact", "not_assessable"]
    assert not errors(result)


def test_the_sources_of_a_project_agree_between_its_performance_forms() -> None:
    def goal(table: str, form: str, fiscal: str) -> Paper:
        lines = (
            Line("资金总额", ("9.00",), role="total", line="performance.total", project="林区道路巡查"),
            item("财政拨款", fiscal, line="performance.fiscal", project="林区道路巡查"),
        )
        return Paper(table, form, [Block("performance", ("=annual_funds",), lines)])

    result = checked(goal("t1", "unit_performance", "9.00"), goal("t2", "project_performance", "9.00"))
    assert statuses(result, "same.project") == ["exact", "exact"]


def test_the_only_unit_row_of_a_form_of_projects_is_their_total() -> None:
    spending = by_function(total("48.00", "30.00", "18.00"), function("208", "48.00", "30.00", "18.00"))
    lines = (Line("本单位", ("18.00",), role="unit"), item("甲", "10.00", project="甲"), item("乙", "8.00", project="乙"))
    form = Paper("t2", "projects", [Block("project", ("金额=amount",), lines)])
    assert check_of(checked(spending, form), "same.project_total", "t2/0/1").status == "exact"


def test_a_total_is_split_also_by_the_group_beside_its_own() -> None:
    heads = (
        "预算额度/总计=total",
        "预算额度/一般公共预算=fund_source",
        "预算额度/政府性基金=fund_source",
        "编制方式/编入部门预算=other",
        "编制方式/财政代编=other",
    )

    def funds(inside: str) -> Paper:
        lines = (total("18.00", "12.00", "6.00", "15.00", "3.00"), item("甲", "10.00", "8.00", "2.00", inside, "2.00", project="甲"),
                 item("乙", "8.00", "4.00", "4.00", "7.00", "1.00", project="乙"))  # fmt: skip
        return Paper("t1", "special_funds", [Block("project", heads, lines)])

    held = checked(funds("8.00"))
    assert len([check for check in held.checks if check.rule == "column.sum" and check.terms[0].fact.endswith("/4")]) == 3
    (error,) = errors(checked(funds("9.00")))
    assert error.evidence[0].fact == "t1/1/4"


def test_fiscal_income_is_all_income_only_where_there_is_no_other() -> None:
    def income(table: str, form: str, *lines: Line) -> Paper:
        return Paper(table, form, [Block("income", ("预算数=amount",), lines)])

    fiscal = income("t2", "fiscal_summary", item("拨款", "45.00", line="income.general_budget"), total("45.00", role="year_total"))
    alone = income(
        "t1", "income_expenditure_summary", item("拨款", "45.00", line="income.general_budget"), total("45.00", role="year_total")
    )
    assert statuses(checked(alone, fiscal), "same.income.only_fiscal") == ["exact"]
    more = income(
        "t1", "income_expenditure_summary", item("拨款", "45.00", line="income.general_budget"), item("其他", "2.00"), total("47.00", role="year_total")
    )  # fmt: skip
    result = checked(more, fiscal)
    assert statuses(result, "same.income.only_fiscal") == []
    assert not errors(result)


def test_a_fiscal_form_that_prints_a_fund_twice_is_not_compared_by_it() -> None:
    """本年 and 上年结转 of one fund may both be called 一般公共预算拨款."""
    lines = (item("一般公共预算拨款", "45.00", line="income.general_budget"), total("45.00", role="year_total"))
    twice = (*lines, item("一般公共预算拨款", "3.00", line="income.general_budget"), total("48.00", role="grand_total"))
    summary = Paper("t1", "income_expenditure_summary", [Block("income", ("预算数=amount",), lines)])
    result = checked(summary, Paper("t2", "fiscal_summary", [Block("income", ("预算数=amount",), twice)]))
    assert statuses(result, "same.income") == []
    assert not errors(result)


def test_a_split_beside_a_total_that_does_not_make_it_up_accuses_nobody() -> None:
    heads = ("预算额度/总计=total", "预算额度/一般公共预算=fund_source", "编制方式/编入部门预算=other", "编制方式/财政代编=other")
    lines = (item("甲", "10.00", "10.00", "8.00", "1.00", project="甲"),)
    result = checked(Paper("t1", "special_funds", [Block("project", heads, lines)]))
    assert statuses(result, "column.sum") == ["exact"]
    assert not errors(result)


def spending(*closing: str) -> Paper:
    """收支总表 with an income list and a list of expenditure for each carry-over."""
    income = (item("拨款", "50.00"), total("50.00", role="year_total"), total("50.00", role="grand_total"))
    lists = [Block("income", ("金额=amount",), income)]
    for amount in closing:
        lines = (
            total("47.00", role="year_total"),
            Line("结转下年", (amount,), role="carry_over", line="carry_over_closing"),
            total("50.00", role="grand_total"),
        )
        lists.append(Block("mixed", ("金额=amount",), lines))
    return Paper("t1", "income_expenditure_summary", lists)


def test_what_several_lists_of_expenditure_carry_over_is_the_same_money() -> None:
    held = checked(spending("3.00", "3.00", "3.00"))
    assert [check.target for check in held.checks if check.rule == "balance.lists" and check.target.startswith("t1/1/")] == [
        "t1/1/5",
        "t1/1/7",
    ]
    (error,) = errors(checked(spending("3.00", "8.00", "3.00")))
    assert (error.evidence[0].fact, error.diagnosis and error.diagnosis.suggested) == ("t1/1/5", "3.00")
    assert not errors(checked(spending("3.00", "", "3.00"))), "a blank is no zero"


def test_a_formula_whose_first_term_is_a_printed_zero_is_held_by_the_next() -> None:
    gov = [
        Line(name, (amount,), gov_economic=code)
        for name, amount, code in (("一", "0.00", "503"), ("二", "0.00", "504"), ("三", "2.00", "506"))
    ]
    lines = (item("项目支出", "2.00"), Line("基本建设", ("2.00",), parent=0, depth=1, economic="309"), Line("资本性支出", ("0.00",), parent=0, depth=1, economic="310"))  # fmt: skip
    paper = Paper(
        "t1", "fiscal_summary", [Block("economic", ("预算数=amount",), lines), Block("gov_economic", ("预算数=amount",), tuple(gov))]
    )
    (check,) = [check for check in checked(paper).checks if check.rule == "views.capital"]
    assert (check.target, check.status) == ("t1/2/3", "exact")


def income_list(table: str, form: str, *lines: Line, whole: str) -> Paper:
    return Paper(table, form, [Block("income", ("金额=amount",), (*lines, total(whole, role="grand_total")))])


def test_an_income_form_of_lines_is_compared_by_its_lines() -> None:
    lines = (item("一般公共预算", "45.00", line="income.general_budget"), item("其他资金", "2.00", line="income.unit_funds"))
    summary = income_list("t1", "income_expenditure_summary", *lines, whole="47.00")
    form = income_list("t2", "income_summary", *lines, whole="47.00")
    assert statuses(checked(summary, form), "same.income") == ["exact"] * 3


def test_a_part_that_is_called_like_its_whole_is_no_second_print() -> None:
    """其他资金 is printed over its parts, and a merged label gives each part the same name."""
    whole = (item("其他资金", "15.00", line="income.unit_funds"),)
    parts = (*whole, item("其他资金", "10.00", line="income.unit_funds"), item("其他资金", "5.00", line="income.unit_funds"))
    summary = income_list("t1", "income_expenditure_summary", *whole, whole="15.00")
    result = checked(summary, income_list("t2", "income_summary", *parts, whole="15.00"))
    assert [check.target for check in result.checks if check.rule == "same.income"] == ["t2/3/1"]
    nested = (*whole, Line("其他资金", ("10.00",), depth=1, parent=0, line="income.unit_funds"))
    result = checked(summary, income_list("t2", "income_summary", *nested, whole="15.00"))
    assert {check.target for check in result.checks if check.rule == "same.income"} == {"t2/0/1", "t2/2/1"}


def operating(*amounts: str, whole: str = "3.50") -> Paper:
    lines = (total(whole), economic("302", amounts[0]), economic("30201", amounts[1]), economic("30217", amounts[2]))
    return Paper("t1", "operating_costs", [Block("economic", ("机关运行经费支出=amount",), lines)], scope="fiscal",
                 changes={1: {"line": "operating_costs"}})  # fmt: skip


def test_items_of_operating_costs_are_those_of_basic_expenditure_where_nothing_else_is_spent_on_them() -> None:
    held = checked(operating("3.50", "2.00", "1.50"), basic())
    assert statuses(held, "lines.operating_items") == ["exact"] * 3
    assert statuses(held, "lines.operating_goods") == ["exact"]
    less = checked(operating("2.50", "1.00", "1.50", whole="2.50"), basic())
    assert statuses(less, "lines.operating_items") == ["not_assessable", "not_assessable", "exact"]
    assert not errors(less)


def test_fiscal_expenditure_by_function_is_compared_with_the_general_public_budget() -> None:
    lines = (total("48.00", "30.00", "18.00"), function("208", "48.00", "30.00", "18.00"))
    result = checked(by_function(*lines, form="fiscal_expenditure"), by_function(*lines, table="t2", form="general_budget_expenditure"))
    assert statuses(result, "same.expenditure") == ["exact"] * 6


def test_basic_and_project_lines_of_a_summary_without_a_year_total_are_those_of_the_other_forms() -> None:
    lines = (
        item("基本支出", "30.00", line="basic_expenditure"),
        item("项目支出", "18.00", line="project_expenditure"),
        total("48.00", role="grand_total"),
    )
    summary = Paper("t1", "fiscal_summary", [Block("mixed", ("金额=amount",), lines)])
    spending = by_function(total("48.00", "30.00", "18.00"), function("208", "48.00", "30.00", "18.00"), table="t2")
    held = {check.target for check in checked(summary, spending).checks if check.rule == "same.expenditure"}
    assert {"t2/0/1", "t2/0/2", "t2/0/3"} <= held


def carried(table: str, form: str, *carry: str) -> Paper:
    """A form of income with what is carried over, as lines."""
    codes = ("carry_over_opening", "carry_over_opening.general")
    lines = [item("拨款", "45.00", line="income.general_budget"), total("45.00", role="year_total")]
    lines += [Line("上年结转", (amount,), role="carry_over" if not place else "item", depth=place, parent=2 if place else None, line=code)
              for place, (code, amount) in enumerate(zip(codes, carry, strict=False))]  # fmt: skip
    return Paper(table, form, [Block("income", ("金额=amount",), lines)])


def test_what_is_carried_over_is_compared_and_need_not_be_the_same_money() -> None:
    columns = Paper(
        "t2", "income_summary",
        [Block("unit", ("合计=total", "上年结转/一般公共预算=opening_balance"), (total("48.00", "3.00"),))],
        changes={2: {"line": "carry_over_opening.general"}},
    )  # fmt: skip
    result = checked(carried("t1", "income_expenditure_summary", "3.00", "3.00"), columns, carried("t3", "fiscal_summary", "3.00"))
    assert {check.target for check in result.checks if check.rule == "same.carry_over"} == {"t2/0/2", "t3/2/1"}
    assert set(statuses(result, "same.carry_over")) == {"exact"}
    other = checked(carried("t1", "income_expenditure_summary", "3.00"), carried("t3", "fiscal_summary", "2.00"))
    assert statuses(other, "same.carry_over") == []
    assert not errors(other)


def test_the_sources_of_a_project_are_its_funds_in_the_form_of_projects() -> None:
    heads = ("合计=total", "财政拨款/小计=fund_source", "财政拨款/其中新增=fund_source", "政府性基金=fund_source", "单位资金=fund_source")
    line = Line("林区道路巡查", ("15.00", "8.00", "3.00", "2.00", "5.00"), project="林区道路巡查")
    funds = {2: "general_public_budget", 3: "general_public_budget", 4: "government_fund", 5: "unit_funds"}
    form = Paper("t1", "projects", [Block("project", heads, (line,))], changes={col: {"fund": fund} for col, fund in funds.items()})

    def goal(fiscal: str, other: str) -> Paper:
        lines = [Line(label, (amount,), role=role, line=f"performance.{part}", project="林区道路巡查", depth=0 if part == "total" else 1)
                 for label, amount, role, part in (("资金总额", "15.00", "total", "total"), ("财政拨款", fiscal, "item", "fiscal"), ("其他资金", other, "item", "other"))]  # fmt: skip
        return Paper("t2", "project_performance", [Block("performance", ("=annual_funds",), lines)])

    held = checked(form, goal("10.00", "5.00"))
    assert statuses(held, "same.project.funds") == ["exact", "exact"]
    assert [term.fact for term in check_of(held, "same.project.funds", "t2/1/1").terms] == ["t1/0/2", "t1/0/4"], (
        "a part of a fund is not added"
    )
    otherwise = checked(form, goal("9.00", "5.00"))
    assert statuses(otherwise, "same.project.funds") == ["not_assessable", "exact"]
    assert not any(check.startswith("same.project.funds") for error in errors(otherwise) for check in error.checks)


def test_a_formula_is_held_against_the_functions_of_which_both_sides_print_something() -> None:
    """Two forms print government classes of a function of which the form of department classes says nothing, and the other way round."""
    wages = wide("t1", "expenditure_by_gov_economic", {"工资": "501"}, "gov_economic",
                 total("50.00", "50.00"), function("205", "20.00", "20.00"), function("208", "30.00", "30.00"))  # fmt: skip
    goods = wide("t2", "expenditure_by_gov_economic", {"商品": "502"}, "gov_economic",
                 total("13.00", "13.00"), function("205", "9.00", "9.00"), function("208", "4.00", "4.00"))  # fmt: skip
    heads = ("合计=total", "基本支出/工资=class", "基本支出/商品=class")
    lines = (function("205", "29.00", "20.00", "9.00"), function("213", "7.00", "5.00", "2.00"))
    staff = Paper("t3", "expenditure_by_department_economic", [Block("function", heads, lines)], scope="general_basic",
                  changes={2: {"economic": "301"}, 3: {"economic": "302"}})  # fmt: skip
    held = [check for check in checked(wages, goods, staff).checks if check.rule == "views.wages_and_goods"]
    assert [(check.target, check.status) for check in held] == [("t1/1/2", "exact")]
    assert {term.fact for term in held[0].terms} == {"t2/1/2", "t3/0/2", "t3/0/3"}
