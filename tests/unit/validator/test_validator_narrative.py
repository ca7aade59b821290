"""Every figure of a narrative ends tied, contradicting or untied, with what it points to."""

from __future__ import annotations

from decimal import Decimal

import pytest
from msgspec import structs
from validator_documents import Block, Line, Paper, by_function, document, errors, item, total, warnings

from services.normalizer.domain.claims import find_claims
from services.validator.adapters.rules_files import load_rules
from services.validator.domain.narrative import Narrative
from services.validator.domain.sheet import read_book
from services.validator.domain.validate import validate
from shared.contracts.common import NO_BOX
from shared.contracts.extracted import TextLine
from shared.contracts.normalized import Claim, ClaimKind, Kind, Normalized
from shared.contracts.validated import Validated

FORMS = (
    by_function(
        total("100.00", "60.00", "40.00", line="expenditure_total"),
        Line("教育支出", ("80.00", "50.00", "30.00"), function="205"),
        Line("科学技术支出", ("20.00", "10.00", "10.00"), function="206"),
        table="t2",
        scope="all",
    ),
    Paper(
        "t3",
        "three_public",
        [
            Block(
                "three_public",
                ("上年预算数=previous_year", "本年预算数=amount"),
                (
                    item("三公经费合计", "12.00", "9.00", line="three_public.total"),
                    item("公务用车购置及运行费", "5.00", "5.00", line="three_public.vehicles"),
                    item("公务接待费", "7.00", "4.00", line="three_public.reception"),
                ),
            )
        ],
    ),
)


def said(*texts: str) -> tuple[Claim, ...]:
    return tuple(find_claims(TextLine(page=7, kind="paragraph", text=text, bbox=NO_BOX) for text in texts))


def of_kind(made: Normalized, kind: Kind) -> Normalized:
    return structs.replace(made, document=structs.replace(made.document, kind=kind))


def checked(*texts: str, forms: tuple[Paper, ...] = FORMS, kind: Kind = "budget") -> Validated:
    result = validate(of_kind(document(*forms, claims=said(*texts)), kind), load_rules())
    assert not errors(result)
    return result


def ends(result: Validated) -> list[tuple[str, str, str | None]]:
    return [(str(claim.amount), claim.status, claim.formula) for claim in result.claims]


TEXT = "本年支出合计100.00万元，其中：基本支出60.00万元，占60.00%；项目支出40.00万元，占40%。"


def test_amounts_point_to_figures_and_shares_to_both() -> None:
    result = checked(TEXT)
    assert ends(result) == [
        ("100.00", "tied", "figure"), ("60.00", "tied", "figure"), ("60.00", "tied", "share"), ("40.00", "tied", "figure"), ("40", "tied", "share"),
    ]  # fmt: skip
    assert result.claims[1].facts == ("t2/0/2",)
    assert set(result.claims[2].facts) == {"t2/0/1", "t2/0/2"}
    assert (result.claims[0].page, result.claims[0].text) == (7, "本年支出合计100.00万元,其中:基本支出60.00万元,占60.00%;")
    claims = result.coverage.claims
    assert (claims.tied, claims.contradicting, claims.untied) == (5, 0, 0)  # type: ignore[union-attr]
    assert warnings(result) == []


@pytest.mark.parametrize(
    ("wrong", "code", "expected"),
    [
        (TEXT.replace("60.00%", "65.00%"), "claim.share", "60.00"),
        (TEXT.replace("基本支出60.00", "基本支出66.00"), "claim.contradiction", "60.00"),
        (TEXT.replace("占40%", "占4%"), "claim.share", "40"),
    ],
)
def test_one_wrong_figure_is_one_contradiction(wrong: str, code: str, expected: str) -> None:
    result = checked(wrong)
    (warning,) = warnings(result)
    assert (warning.code, str(warning.expected)) == (code, expected)
    assert [claim.status for claim in result.claims].count("contradicting") == 1
    assert any(evidence.fact.startswith("claim/") for evidence in warning.evidence)


CHANGE = "培训费50.00万元，比上年增加10.00万元，增长25.00%。"


@pytest.mark.parametrize(
    "text",
    [
        CHANGE,
        "培训费50.00万元，比上年减少10.00万元，下降16.67%。",
        "培训费50.00万元，比上年增加10.00万元，增长25%。",
        "培训费50.00万元，比上年增加10.00万元，增长25.01%。",  # off by the last digit: habit
        "培训费0万元，比上年减少10.00万元，下降100%。",
        "培训费0万元，比上年增加（减少）0万元，增长（减少）0%。",
        "收入50.00万元，其中：上年结转0万元，比上年增加10.00万元，增长25.00%。",  # of the amount before the list
        "培训费50.00万元，比上年增加50.00万元。",
    ],
)
def test_a_change_that_is_possible_is_no_question(text: str) -> None:
    assert warnings(checked(text)) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (CHANGE.replace("25.00%", "52.00%"), "claim.change"),
        (CHANGE.replace("10.00万元", "19.00万元"), "claim.change"),
        (CHANGE.replace("增加", "减少").replace("增长", "下降"), "claim.direction"),
        (CHANGE.replace("增长", "下降"), "claim.direction"),
        ("培训费50.00万元，比上年增加90.00万元。", "claim.direction"),
        ("收入50.00万元，其中：上年结转0万元，比上年增加90.00万元，增长64.29%。", "claim.direction"),
        ("2031年培训费50.00万元，上年培训费40.00万元，较上年减少10.00万元。", "claim.direction"),
        ("2031年培训费50.00万元，上年培训费40.00万元，较上年增加16.00万元。", "claim.change"),
    ],
)
def test_a_change_that_is_impossible_is_one_question(text: str, code: str) -> None:
    assert [finding.code for finding in warnings(checked(text))] == [code]


def test_a_change_is_compared_with_last_years_figure_of_the_same_row() -> None:
    right = checked("公务接待费4.00万元，比上年预算减少3.00万元。")
    assert ends(right)[1] == ("-3.00", "tied", "difference")
    assert set(right.claims[1].facts) == {"t3/2/1", "t3/2/2"}
    (wrong,) = warnings(checked("公务接待费4.00万元，比上年预算增加3.00万元。"))
    assert (wrong.code, str(wrong.expected)) == ("claim.direction", "-3.00")
    assert warnings(checked("公务接待费4.00万元，比上年决算增加3.00万元。")) == [], (
        "a column of the budget says nothing of last year's accounts"
    )


def test_a_change_of_what_is_not_named_before_accuses_nobody() -> None:
    assert warnings(checked("培训费50.00万元。会议费比上年增加10.00万元，增长99.00%。")) == []
    assert warnings(checked("培训费50.00万元，主要是教材费增加10.00万元，增长99.00%。")) == []
    assert warnings(checked("培训费50.00万元，主要原因是外地培训费增加10.00万元，增长99.00%。")) == []


def test_how_much_of_the_budget_was_carried_out() -> None:
    text = "培训费支出年初预算为8.00万元，支出决算为6.00万元，完成年初预算的75.00%。"
    assert ends(checked(text, kind="final_accounts"))[2] == ("75.00", "tied", "completion")
    (warning,) = warnings(checked(text.replace("75.00", "57.00"), kind="final_accounts"))
    assert (warning.code, str(warning.expected)) == ("claim.share", "75.00")


def test_a_budget_in_final_accounts_is_compared_with_columns_of_the_budget_only() -> None:
    heads = ("预算数=budget", "决算数=final")
    form = Paper("t3", "three_public", [Block("three_public", heads, (item("公务接待费", "7.00", "4.00", line="three_public.reception"),))])
    result = checked("公务接待费支出年初预算为7.00万元，支出决算为4.00万元。", forms=(form,), kind="final_accounts")
    assert [claim.facts for claim in result.claims] == [("t3/0/1",), ("t3/0/2",)]


def test_parts_that_add_up_tie_what_no_table_prints() -> None:
    result = checked("采购预算合计9.00万元，其中：货物4.00万元，服务5.00万元。", "共有车辆3辆，其中：领导用车1辆，其他用车2辆。")
    assert {claim.formula for claim in result.claims} == {"sum"}
    assert warnings(checked("采购预算合计9.00万元，其中：货物4.00万元，服务3.00万元。")) == [], "parts need not be all"


def test_parts_that_the_law_makes_complete_must_add_up() -> None:
    text = "政府采购预算合计9.00万元，其中：政府采购货物预算4.00万元，政府采购工程预算0万元，政府采购服务预算5.00万元。"
    assert warnings(checked(text)) == []
    (warning,) = warnings(checked(text.replace("5.00", "3.00")))
    assert (warning.code, str(warning.expected), str(warning.difference)) == ("claim.sum", "7.00", "2.00")


def test_a_part_that_the_tables_contradict_is_the_only_finding() -> None:
    text = "三公经费9.00万元，其中：因公出国（境）费0万元，公务用车购置及运行费5.00万元，公务接待费8.00万元。"
    assert [finding.code for finding in warnings(checked(text))] == ["claim.contradiction"]


def test_a_wrong_amount_accuses_no_share_beside_it() -> None:
    text = "支出主要用于以下方面：印刷费30.00万元，占30.00%；差旅费70.00万元，占70.00%。"
    assert {claim.status for claim in checked(text).claims} == {"tied", "untied"}
    assert warnings(checked(text.replace("70.00万元", "90.00万元"))) == []


def test_digits_that_were_cut_off_are_no_contradiction() -> None:
    yuan = Paper(
        "t2",
        "expenditure_summary",
        [Block("function", ("合计=total",), (Line("教育支出", ("877080",), function="205"),))],
        unit="元",
        precision=0,
    )
    assert warnings(checked("教育支出87.70万元。", forms=(yuan,))) == []
    assert [finding.code for finding in warnings(checked("教育支出87.60万元。", forms=(yuan,)))] == ["claim.contradiction"]


def test_a_rough_amount_beside_a_finer_figure_accuses_no_share() -> None:
    assert warnings(checked("公务接待费4万元，占“三公”经费的44.9%。")) == [], "4.04 of 9.00 would be 44.9 %"


def test_what_the_narrative_says_of_each_fact() -> None:
    book = read_book(document(*FORMS, claims=said("教育支出88.00万元。", "其中：印刷费3.00万元。")))
    amounts = Narrative(book, load_rules()).said()
    assert {fact: [str(one.interval.low / 10000) for one in found] for fact, found in amounts.items()} == {
        f"t2/1/{col}": ["87.995"] for col in (1, 2, 3)
    }


def test_a_rate_of_something_else_is_compared_with_nothing() -> None:
    text = "本年支出合计100.00万元，其中：基本支出60.00万元，占比由上年的12%提高到15%，满意度达到95%。"
    result = checked(text)
    assert warnings(result) == []
    assert [claim.status for claim in result.claims if claim.kind == "share"] == ["untied"] * 3


def test_a_comparison_that_gives_the_earlier_amount_is_checked_against_it() -> None:
    text = "培训费100.00万元，比上年决算数90.00万元增加10.00万元，增长11.11%。"
    assert [claim.formula for claim in checked(text).claims[2:]] == ["difference", "growth"]
    alone = "培训费100.00万元，比上年决算数80.00万元增加10.00万元。"
    assert [finding.code for finding in warnings(checked(alone))] == ["claim.change"]


def test_a_sentence_without_end_is_looked_at_in_bounds() -> None:
    """Every share would else be summed with all others: what is listed is bounded, and beyond it nothing is accused."""
    text = "其中：" + "，".join(f"专项{number}经费{number + 1}.00万元，占{number}%" for number in range(100)) + "。"
    result = checked(text)
    assert len(result.claims) == 200
    assert warnings(result) == []


def test_a_share_of_what_it_names_is_not_excused_by_the_sum_of_what_is_listed() -> None:
    """9.00 is what the form prints; the text rounds 5.00 to 5, so the sum of what it lists would admit 44.9 %."""
    text = "公务用车购置及运行费5万元，占“三公”经费的55.56%；公务接待费4.00万元，占“三公”经费的44.90%。"
    assert [str(finding.expected) for finding in warnings(checked(text))] == ["44.44"]
    listed = "主要支出包括：印刷费30.00万元，占42.86%；差旅费40.00万元，占57.14%。"
    assert [claim.status for claim in checked("本年支出合计100.00万元，" + listed).claims if claim.kind == "share"] == ["tied", "tied"]


def test_a_growth_that_nothing_can_precede_gives_no_expected_figure() -> None:
    (warning,) = warnings(checked("讲课费50.00万元，其中：培训费5.00万元，比上年增加10.00万元，增长26.00%。"))
    assert warning.expected is None
    assert [evidence.fact for evidence in warning.evidence] == ["claim/3", "claim/1", "claim/2"]


CODED = {"function": "205", "economic": "302", "gov_economic": "502"}


@pytest.mark.parametrize(
    ("form", "code", "amount", "unties"),
    [
        # What a form of general money prints in all may be less than all money; what it prints under a code is all of that code.
        ("general_budget_expenditure", None, "99.00", {2, 3}),
        ("general_budget_expenditure", None, "20.00", set()),
        ("general_budget_expenditure", "function", "99.00", set()),
        ("expenditure_by_economic", "economic", "99.00", set()),
        ("expenditure_by_gov_economic", "gov_economic", "99.00", set()),
        ("fiscal_summary", None, "99.00", {3}),
        ("fiscal_summary", "economic", "99.00", set()),
        ("expenditure_summary", None, "99.00", set()),
        # Basic expenditure is a part of what a code stands for.
        ("basic_by_function", "function", "99.00", {1, 2, 3}),
        ("basic_by_economic", "economic", "99.00", {1, 2, 3}),
        ("basic_by_economic", "economic", "20.00", set()),
        ("basic_by_economic", None, "99.00", {1, 2, 3}),
    ],
)
def test_an_amount_that_is_more_than_narrower_forms_print_may_be_that_of_a_wider_form_that_is_missing(
    form: str, code: str | None, amount: str, unties: set[int]
) -> None:
    line = Line("某支出", ("26.00",), **{code: CODED[code]}) if code else Line("支出合计", ("26.00",), line="expenditure_total")
    subject = f"某支出（{CODED[code]}）" if code else "支出合计"
    paper = Paper("t2", form, [Block("mixed", ("金额=amount",), (line,))])
    book = read_book(document(paper, claims=said(f"{subject}{amount}万元。")))
    judged = {missing: Narrative(book, load_rules(), missing=missing).judged[0] for missing in (-1, 0, 1, 2, 3)}
    assert {missing for missing, one in judged.items() if one.status == "untied"} == unties
    assert {one.reason for one in judged.values() if one.status == "untied"} <= {"no_figure"}
    assert {one.status for one in judged.values()} <= {"untied", "contradicting"}


def test_one_amount_that_a_wider_form_may_print_lets_the_others_be_compared() -> None:
    paper = Paper(
        "t2",
        "general_budget_expenditure",
        [
            Block(
                "mixed",
                ("金额=amount",),
                (Line("教育支出", ("26.00",), function="205"), Line("支出合计", ("26.00",), line="expenditure_total")),
            )
        ],
    )
    claims = said("教育支出26.00万元。", "教育支出99.00万元。", "支出合计99.00万元。", "支出合计20.00万元。")
    narrative = Narrative(read_book(document(paper, claims=claims)), load_rules(), missing=3)
    assert [narrative.judged[index].status for index in range(4)] == ["tied", "contradicting", "untied", "contradicting"]


# The rise is of the amount itself, so nothing was there before; half a last digit of each lies between.
@pytest.mark.parametrize(("rise", "codes"), [("50.00", []), ("50.01", []), ("50.02", ["claim.direction"]), ("500.00", ["claim.direction"])])
def test_a_rise_may_be_all_of_an_amount_and_no_more(rise: str, codes: list[str]) -> None:
    assert [finding.code for finding in warnings(checked(f"培训费50.00万元，比上年增加{rise}万元。"))] == codes


@pytest.mark.parametrize("text", ["培训费50.00万元，比上年减少90.00万元。", "培训费50.00万元，比年初预算增加90.00万元。"])
def test_a_fall_and_a_rise_over_another_stage_may_be_more_than_the_amount(text: str) -> None:
    assert warnings(checked(text)) == []


@pytest.mark.parametrize(
    ("last_year", "budget", "ends"),
    [
        ("3.00", "减少2.00", ("tied", "tied")),
        ("3.00", "减少2.01", ("tied", "tied")),
        ("3.00", "减少2.02", ("tied", "untied")),
        ("3.00", "减少2.03", ("tied", "contradicting")),
        ("3.00", "减少3.00", ("tied", "contradicting")),
        ("2.00", "减少2.00", ("contradicting", "tied")),
        ("3.00", "增加2.00", ("tied", "contradicting")),
    ],
)
def test_a_change_is_measured_against_what_its_words_name(last_year: str, budget: str, ends: tuple[str, str]) -> None:
    """Last year's amount and the budget stand in the same sentence."""
    text = f"培训费支出年初预算为8.00万元，支出决算为6.00万元，比上年决算9.00万元减少{last_year}万元，比年初预算{budget}万元。"
    of_last_year, of_budget = checked(text, kind="final_accounts").claims[3:]
    assert (of_last_year.formula, of_last_year.claims) == ("difference", (1, 2))
    assert (of_budget.formula, of_budget.claims) == ("difference", (1, 0))
    assert (of_last_year.status, of_budget.status) == ends


# What is carried out is 60.00: of 100.00 and 99.99 that is 60.00 %, of 99.97 60.02 %, of 80.00 75.00 %, of 120.00 50.00 %.
@pytest.mark.parametrize(
    ("budgets", "rate", "ended"),
    [
        (("100.00", "99.99"), "60.00", ("tied", None)),
        (("99.97", "100.00"), "60.00", ("tied", None)),
        (("100.00", "99.97"), "60.00", ("tied", None)),  # the nearest is a digit off, the one before it is not
        (("100.00", "80.00"), "60.00", ("tied", None)),
        (("80.00", "100.00"), "60.00", ("tied", None)),
        (("99.97", "80.00"), "60.00", ("untied", "60.02")),
        (("80.00", "99.97"), "60.00", ("untied", "60.02")),
        (("120.00", "80.00"), "60.00", ("contradicting", "75.00")),  # the nearest is shown
        (("80.00", "120.00"), "60.00", ("contradicting", "50.00")),
    ],
)
def test_of_several_budgets_the_one_counts_that_agrees_best(budgets: tuple[str, str], rate: str, ended: tuple[str, str | None]) -> None:
    first, second = budgets
    text = f"培训费支出年初预算为{first}万元，调整预算为{second}万元，支出决算为60.00万元，完成预算的{rate}%。"
    judged = checked(text, kind="final_accounts").claims[-1]
    assert judged.formula == "completion"
    assert (judged.status, None if judged.expected is None else str(judged.expected)) == ended


@pytest.mark.parametrize(
    ("text", "kind", "code", "zh", "evidence", "amounts"),
    [
        (
            "本年支出合计100.00万元，其中：基本支出60.00万元，占65.00%；项目支出40.00万元，占40%。",
            "budget",
            "claim.share",
            "第7页文字说明“基本支出”占比为 65.00%，按文中和报表的金额计算应为 60.00%。",
            (
                "claim/2",
                "t2/0/2",
                "t2/0/1",
            ),
            "65.00 60.00 5.00 %",
        ),
        (
            "本年支出合计100.00万元，其中：基本支出66.00万元，占60.00%；项目支出40.00万元，占40%。",
            "budget",
            "claim.contradiction",
            "第7页文字说明“基本支出”为 66.00 万元，而第2页《某表》“合计”×“基本支出”为 60.00 万元，相差 6.00 万元。",
            (
                "t2/0/2",
                "claim/1",
            ),
            "66.00 60.00 6.00 万元",
        ),
        (
            "培训费50.00万元，比上年增加10.00万元，增长52.00%。",
            "budget",
            "claim.change",
            "第7页文字说明“培训费”的增减为 52.00 %，按文中和报表的金额计算应为 25.00 %。",
            (
                "claim/2",
                "claim/0",
                "claim/1",
            ),
            "52.00 25.00 27.00 %",
        ),
        (
            "培训费50.00万元，比上年增加10.00万元，下降25.00%。",
            "budget",
            "claim.direction",
            "第7页文字说明“培训费”写作减少（10.00万元, -25.00%），与数字的方向相反或前后矛盾。",
            (
                "claim/2",
                "claim/0",
                "claim/1",
            ),
            "-25.00 None None %",
        ),
        (
            "培训费50.00万元，比上年减少10.00万元，下降25.00%。",
            "budget",
            "claim.direction",
            "第7页文字说明“培训费”写作减少（-10.00万元, -25.00%），与数字的方向相反或前后矛盾。",
            (
                "claim/2",
                "claim/0",
                "claim/1",
            ),
            "-25.00 -16.67 -8.33 %",
        ),
        (
            "培训费50.00万元，比上年增加90.00万元。",
            "budget",
            "claim.direction",
            "第7页文字说明“培训费”写作增加（90.00万元），与数字的方向相反或前后矛盾。",
            (
                "claim/1",
                "claim/0",
            ),
            "90.00 None None 万元",
        ),
        (
            "公务接待费4.00万元，比上年预算增加3.00万元。",
            "budget",
            "claim.direction",
            "第7页文字说明“公务接待费”写作增加（3.00万元），与数字的方向相反或前后矛盾。",
            (
                "claim/1",
                "t3/2/2",
                "t3/2/1",
            ),
            "3.00 -3.00 6.00 万元",
        ),
        (
            "政府采购预算合计9.00万元，其中：政府采购货物预算4.00万元，政府采购工程预算0万元，政府采购服务预算3.00万元。",
            "budget",
            "claim.sum",
            "第7页文字说明“政府采购预算合计”为 9.00 万元，而文中列出的各部分合计为 7.00 万元，相差 2.00 万元。",
            (
                "claim/0",
                "claim/1",
                "claim/2",
                "claim/3",
            ),
            "9.00 7.00 2.00 万元",
        ),
        (
            "讲课费50.00万元，其中：培训费5.00万元，比上年增加10.00万元，增长26.00%。",
            "budget",
            "claim.change",
            "第7页文字说明“培训费”的增减为 26.00 %，与同一句的金额不能同时成立。",
            (
                "claim/3",
                "claim/1",
                "claim/2",
            ),
            "26.00 None None %",
        ),
        (
            "2031年培训费50.00万元，上年培训费40.00万元，较上年增加16.00万元。",
            "budget",
            "claim.change",
            "第7页文字说明“上年培训费”的增减为 16.00 万元，按文中和报表的金额计算应为 10.00 万元。",
            (
                "claim/2",
                "claim/0",
                "claim/1",
            ),
            "16.00 10.00 6.00 万元",
        ),
        (
            "培训费1234.50万元，比上年减少1100.00万元，增长52.00%。",
            "budget",
            "claim.direction",
            "第7页文字说明“培训费”写作增加（-1,100.00万元, 52.00%），与数字的方向相反或前后矛盾。",
            (
                "claim/2",
                "claim/0",
                "claim/1",
            ),
            "52.00 None None %",
        ),
        (
            "培训费支出年初预算为8.00万元，支出决算为6.00万元，完成年初预算的57.00%。",
            "final_accounts",
            "claim.share",
            "第7页文字说明“培训费支出:支出决算”完成预算的比例为 57.00%，按文中和报表的金额计算应为 75.00%。",
            (
                "claim/2",
                "claim/1",
                "claim/0",
            ),
            "57.00 75.00 -18.00 %",
        ),
    ],
)
def test_a_contradiction_says_what_the_text_gives_what_follows_and_where(
    text: str, kind: Kind, code: str, zh: str, evidence: tuple[str, ...], amounts: str
) -> None:
    (warning,) = warnings(checked(text, kind=kind))
    assert (warning.code, warning.message.zh) == (code, zh)
    assert tuple(each.fact for each in warning.evidence) == evidence
    assert f"{warning.reported} {warning.expected} {warning.difference} {warning.unit}" == amounts
    assert (warning.page, warning.checks) == (7, ())


def test_a_claim_that_the_text_repeats_is_one_contradiction_and_others_are_others() -> None:
    assert len(warnings(checked("教育支出81.00万元。", "教育 支出81.00万元。"))) == 1
    assert len(warnings(checked("教育支出81.00万元。", "教育支出82.00万元。"))) == 2
    assert len(warnings(checked("教育支出81.00万元。", "教育支出810000.00元。"))) == 2
    assert len(warnings(checked("教育支出81.00万元。", "科学技术支出81.00万元。"))) == 2
    assert len(warnings(checked("教育支出81.00万元。", "教育支出81.00万元。", "科学技术支出82.00万元。"))) == 2


def test_what_an_error_already_corrects_is_no_second_finding() -> None:
    lines = (
        total("100.00", "60.00", "40.00", line="expenditure_total"),
        Line("教育支出", ("80.00", "50.00", "30.00"), function="205"),
        Line("科学技术支出", ("29.00", "10.00", "10.00"), function="206"),
    )
    forms = (by_function(*lines, table="t2", scope="all"),)

    def told(*texts: str) -> list[tuple[str, str]]:
        result = validate(document(*forms, claims=said(*texts)), load_rules())
        return [(finding.severity, finding.code) for finding in result.findings if finding.severity != "info"]

    mistyped = ("error", "sum.mismatch")
    assert told("科学技术支出20.00万元。") == [mistyped]
    assert told("科学技术支出25.00万元。") == [mistyped, ("warning", "claim.contradiction")]
    assert told("科学技术支出25.00万元。", "科学技术支出20.00万元。", "教育支出81.00万元。") == [
        mistyped,
        *[("warning", "claim.contradiction")] * 2,
    ]


def test_a_corrected_figure_that_rounds_to_what_the_text_says_is_no_second_finding() -> None:
    lines = (total("100.0000", "60.0000", "40.0000"), Line("教育支出", ("80.0000", "50.0000", "30.0000"), function="205"))
    for printed, amount, told in (("29.0050", "20.00", 0), ("28.9950", "20.00", 0), ("29.0051", "20.00", 1), ("28.9949", "20.00", 1)):
        whole = f"{Decimal(printed) - 9 + 80:.4f}"
        rows = (
            whole_of(lines[0], whole),
            lines[1],
            Line("科学技术支出", (printed, "10.0000", f"{Decimal(printed) - 19:.4f}"), function="206"),
        )
        form = by_function(*rows, table="t2", scope="all", precision=4)
        result = validate(document(form, claims=said(f"科学技术支出{amount}万元。")), load_rules())
        assert len(errors(result)) == 1
        assert [finding.code for finding in warnings(result)] == ["claim.contradiction"] * told


def whole_of(line: Line, whole: str) -> Line:
    """The row of the total of a form whose other columns follow from it."""
    return Line(line.label, (whole, "60.0000", f"{Decimal(whole) - 60:.4f}"), role=line.role)


@pytest.mark.parametrize(
    ("kind", "unit", "reason"), [("count", "辆", "count"), ("change", "辆", "no_amount"), ("change", "万元", "no_amount")]
)
def test_a_claim_that_nothing_was_compared_with_says_why(kind: ClaimKind, unit: str, reason: str) -> None:
    claim = Claim(page=7, text="", kind=kind, subject="公务用车", amount=Decimal(2), unit=unit)
    (judged,) = validate(document(*FORMS, claims=[claim]), load_rules()).claims
    assert (judged.status, judged.reason) == ("untied", reason)


def said_of_facts(*texts: str, forms: tuple[Paper, ...] = FORMS) -> dict[str, list[tuple[str, int]]]:
    """For each fact, what the narrative gives for it, in 元, and by which claim."""
    amounts = Narrative(read_book(document(*forms, claims=said(*texts))), load_rules()).said()
    return {fact: [(f"{(one.interval.low + one.interval.high) / 2:.0f}", one.claim) for one in found] for fact, found in amounts.items()}


def test_only_amounts_under_names_that_mean_nothing_else_speak_for_facts() -> None:
    assert said_of_facts("教育支出80.00万元。", "公务接待费4.00万元。") == {
        **{f"t2/1/{col}": [("800000", 0)] for col in (1, 2, 3)},
        "t3/2/1": [("40000", 1)],
        "t3/2/2": [("40000", 1)],
    }
    assert said_of_facts("教育支出80.00万元。", "教育支出88.00万元。")["t2/1/1"] == [("800000", 0), ("880000", 1)]
    for text in ("教育支出0万元。", "教育支出80.00%。", "教育支出80人。", "会议费3.00万元。", "教育支出比上年增加5.00万元。"):
        assert said_of_facts(text) == {}


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("采购预算合计9.00万元，其中：货物4.00万元，服务5.00万元。", "tied"),
        ("采购预算合计9.00万元，其中：货物4.00万元，服务5.01万元。", "tied"),  # as rounding goes
        ("采购预算合计9.00万元，其中：货物4.00万元，服务5.02万元。", "untied"),
        ("采购预算合计9.00万元，其中：货物9.00万元。", "untied"),  # one part says nothing
        ("采购预算合计9.00万元，其中：货物4.00万元，服务50000.00元。", "untied"),  # another unit
        ("共有车辆3辆，其中：领导用车1辆，其他用车2辆。", "tied"),
        ("共有车辆3辆，其中：领导用车1辆，其他用车1辆。", "untied"),  # a count is not rounded
        ("共有车辆4辆，其中：领导用车1辆，其他用车2辆。", "untied"),
    ],
)
def test_a_whole_is_tied_by_the_parts_that_the_text_lists_for_it(text: str, status: str) -> None:
    result = checked(text)
    assert warnings(result) == []
    first = result.claims[0]
    assert (first.status, first.formula, first.claims) == ((status, "sum", (1, 2)) if status == "tied" else (status, None, ()))
    if status == "tied":
        assert [claim.claims for claim in result.claims[1:]] == [(0, 2), (0, 1)]


PROCUREMENT = "政府采购预算合计9.00万元，其中：政府采购货物预算4.00万元，政府采购工程预算{}万元，政府采购服务预算{}万元"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (PROCUREMENT.format("0.00", "3.00"), ["claim.sum"]),
        (PROCUREMENT.format("0.00", "4.97"), []),  # rounding may be two last digits, and habit is one more
        (PROCUREMENT.format("0.00", "4.96"), ["claim.sum"]),
        (PROCUREMENT.format("0.00", "5.03"), []),
        (PROCUREMENT.format("0.00", "5.04"), ["claim.sum"]),
        (PROCUREMENT.format("0.00", "3.00").replace("工程", "其他"), []),  # not the parts that the law names
        (PROCUREMENT.format("0.00", "3.00").replace("工程", "服务"), []),  # one of them twice
        (PROCUREMENT.format("0.00", "3.00") + "，政府采购服务预算1.00万元", []),
    ],
)
def test_a_whole_contradicts_complete_parts_by_more_than_a_digit(text: str, told: list[str]) -> None:
    assert [warning.code for warning in warnings(checked(text + "。"))] == told
