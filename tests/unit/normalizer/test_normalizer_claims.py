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
