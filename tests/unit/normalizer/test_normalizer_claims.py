"""Figures of the narrative with kind, sign, subject and unit."""

from __future__ import annotations

from decimal import Decimal

from services.normalizer.domain.claims import find_claims
from shared.contracts.common import NO_BOX
from shared.contracts.extracted import TextLine
from shared.contracts.normalized import Claim


def claims(*texts: str, kind: str = "paragraph") -> list[Claim]:
    return list(find_claims(TextLine(page=3, kind=kind, text=text, bbox=NO_BOX) for text in texts))  # type: ignore[arg-type]


def told(*texts: str) -> list[tuple[str, str, str, str | None]]:
    return [(claim.kind, claim.subject, str(claim.amount), claim.unit) for claim in claims(*texts)]


def test_named_amounts_of_a_sentence_each_have_their_subject() -> None:
    assert told("2031年本部门收入预算1,600.85万元，其中：一般公共预算拨款1,500.00万元，事业收入100.85万元。") == [
        ("amount", "2031年本部门收入预算", "1600.85", "万元"),
        ("amount", "一般公共预算拨款", "1500.00", "万元"),
        ("amount", "事业收入", "100.85", "万元"),
    ]


def test_direction_words_are_signs_and_comparisons_speak_of_the_subject_before() -> None:
    assert told("公务接待费2.00万元，比上年预算减少0.50万元，下降20.00%。") == [
        ("amount", "公务接待费", "2.00", "万元"),
        ("change", "公务接待费", "-0.50", "万元"),
        ("change", "公务接待费", "-20.00", "%"),
    ]
    assert told("培训费增长5%。") == [("change", "培训费", "5", "%")]


def test_a_share_is_of_the_amount_before_it() -> None:
    assert told("教育支出568.65万元，占94.64%；")[1] == ("share", "教育支出", "94.64", "%")


def test_a_bare_stage_takes_its_subject_from_the_heading_before() -> None:
    assert told("1、教育支出（类）普通教育（款）学前教育（项）。", "年初预算为5.00万元，支出决算为4.00万元。")[0] == (
        "amount",
        "教育支出(类)普通教育(款)学前教育(项):年初预算",
        "5.00",
        "万元",
    )


def test_brackets_inside_a_name_do_not_cut_it() -> None:
    assert told("因公出国（境）费0.30万元（含护照费0.10万元）。") == [
        ("amount", "因公出国(境)费", "0.30", "万元"),
        ("amount", "护照费", "0.10", "万元"),
    ]


def test_counts_are_no_money_and_thresholds_are_no_claims() -> None:
    assert told("编制58人，单价50万元以上设备0台。") == [("count", "编制", "58", "人"), ("count", "单价50万元以上设备", "0", "台")]


def test_decimals_page_and_sentence_are_kept() -> None:
    (claim,) = claims("会议费1.50万元。")
    assert (claim.decimals, claim.page, claim.text, claim.amount) == (2, 3, "会议费1.50万元。", Decimal("1.50"))


def test_headers_footers_and_page_numbers_claim_nothing() -> None:
    assert claims("预算公开 5万元", kind="footer") == []
    assert claims("5万元", kind="page_number") == []


def test_years_and_ordinals_are_no_claims() -> None:
    assert claims("2031年1月1日起第3条执行。") == []


def test_a_figure_at_the_head_of_a_page_keeps_its_words_and_its_place() -> None:
    lines = [
        TextLine(page=6, kind="paragraph", text="公务接待费支出决算为1.50万元，与上年相比减少1.00万元，降低", bbox=(1.0, 1.0, 2.0, 2.0)),
        TextLine(page=7, kind="list_item", text="40.00%，主要原因是厉行节约。", bbox=(3.0, 3.0, 4.0, 4.0)),
    ]
    amount, change, rate = find_claims(lines)
    assert (rate.kind, rate.direction, rate.base, rate.about) == ("change", "down", "last_year", 0)
    assert (rate.page, rate.bbox) == (7, (3.0, 3.0, 4.0, 4.0))
    assert (amount.stage, change.about, change.page) == ("final", 0, 6)


def test_parts_know_their_whole_and_shares_their_amount() -> None:
    found = claims("本年支出合计100.00万元，其中：基本支出60.00万元，占60%；项目支出40.00万元，占本年支出合计的40%。")
    assert [(claim.whole, claim.about, claim.of) for claim in found] == [
        (None, None, None), (0, None, None), (0, 1, ""), (0, None, None), (0, 3, "本年支出合计"),
    ]  # fmt: skip


def test_a_list_in_brackets_ends_with_them() -> None:
    found = claims("三公经费9.00万元，其中，公务用车费5.00万元（其中，购置费2.00万元，运行费3.00万元），公务接待费4.00万元。")
    assert [claim.whole for claim in found] == [None, 0, 1, 1, 0]


def test_a_list_may_go_on_in_paragraphs_until_a_headline() -> None:
    found = claims("支出预算合计100.00万元，其中：", "基本支出60.00万元，占60%。", "三、其他情况说明", "会议费2.00万元。")
    assert [claim.whole for claim in found] == [None, 0, 0, None]


def test_a_change_speaks_of_the_amount_that_its_words_name() -> None:
    found = claims("2031年本部门收入预算50.00万元，其中：拨款50.00万元。2031年收入较去年增加5.00万元，增长11.11%。")
    assert [claim.about for claim in found] == [None, None, 0, 0]
    found = claims("2031年度收入总计50.00万元。与上一年度相比，收入总计减少5.00万元，减少9.09%。")
    assert [claim.about for claim in found] == [None, 0, 0]
    assert claims("教育支出80.00万元。公用经费比上年增加5.00万元，增长5.00%。")[1].about is None


def test_what_is_said_as_a_reason_is_of_no_amount_before() -> None:
    found = claims("培训费8.00万元，比上年增加2.00万元，主要原因是教材费增加1.00万元。")
    assert [claim.about for claim in found] == [None, 0, None]
    assert claims("培训费8.00万元，主要原因是外地培训费增加1.00万元。")[1].about is None


def test_a_template_that_says_both_directions_says_none() -> None:
    (_, change) = claims("基金收入0万元，与上年相比增加（减少）0万元。")
    assert (change.kind, change.direction, change.amount) == ("change", None, 0)


def test_less_than_last_year_is_a_change() -> None:
    (_, change) = claims("公务接待费6.00万元，本年数小于上年预算数2.00万元。")
    assert (change.kind, change.amount, change.base, change.about) == ("change", -2, "last_year_budget", 0)


def test_a_comparison_without_a_direction_is_no_amount_of_this_year() -> None:
    (_, change) = claims("职业年金11.00万元，较上年资金0.69万元。")
    assert (change.kind, change.direction) == ("change", None)


def test_stages_of_the_budget_are_told_apart() -> None:
    found = claims("公务接待费支出年初预算为2.00万元，支出决算为1.00万元，完成年初预算的50%。")
    assert [(claim.stage, claim.base) for claim in found] == [("budget", None), ("final", None), (None, "budget")]
    assert found[1].subject == "公务接待费支出:支出决算"
    assert found[2].about == 1


def test_an_explanation_is_no_new_subject() -> None:
    found = claims("1、教育支出（类）普通教育（款）学前教育（项）。主要用于：幼儿园的经费。年初预算为5.00万元。")
    assert found[0].subject == "教育支出(类)普通教育(款)学前教育(项):年初预算"


def test_counts_know_the_count_whose_parts_are_listed() -> None:
    found = claims("共有车辆3辆，其中：领导用车1辆、其他用车2辆。")
    assert [(claim.kind, claim.whole) for claim in found] == [("count", None), ("count", 0), ("count", 0)]


def test_a_unit_may_stop_at_ten_thousand() -> None:
    assert [(claim.amount, claim.unit) for claim in claims("公用经费4.56万，较上年无变化。")] == [(Decimal("4.56"), "万元")]
    assert claims("参保人数3万人。") == []


def test_a_very_long_sentence_is_kept_around_its_figure() -> None:
    found = claims("".join(f"项目{number}{number}.00万元，" for number in range(200)))
    assert len(found) == 200
    assert all(len(claim.text) <= 600 and f"{claim.amount}万元" in claim.text for claim in found)


def test_the_earlier_amount_of_a_comparison_is_last_years() -> None:
    found = claims("收入合计100.00万元，比上年决算数90.00万元增加10.00万元，增长11.11%。")
    assert [(claim.kind, claim.stage, claim.about) for claim in found] == [
        ("amount", None, None), ("amount", "last_year", None), ("change", None, 0), ("change", None, 0),
    ]  # fmt: skip
    assert claims("培训费8.00万元，比2030年的6.00万元增加2.00万元。")[1].stage == "last_year"


def test_a_rate_of_something_else_and_a_former_share_are_of_nothing() -> None:
    found = claims("公用经费20.00万元，占比由上年的12%提高到15%，群众满意度95%，任务完成率100%。")
    assert [(claim.kind, claim.of, claim.base) for claim in found[1:]] == [("share", None, None)] * 4
