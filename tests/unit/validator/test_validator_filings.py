"""Filings: what is compared between documents, what is left alone, and what a person is told."""

from __future__ import annotations

from decimal import Decimal

import pytest
from filing_documents import budget_2024, by_year, changed, claim, info, member, named, of_kind, reconciled, sum_of
from msgspec import structs
from validator_documents import Block, Paper, function, item, total

from services.validator.adapters.rules_files import load_rules
from services.validator.domain.grading import grade_equation
from services.validator.domain.members import Between, sources_of
from services.validator.domain.proposal import Equation
from services.validator.domain.reconcile import reconcile
from services.validator.domain.validate import validate
from services.validator.handlers import reconcile_filing
from shared.canonical import canonical_json
from shared.contracts.filing import Filing, Member
from shared.contracts.normalized import Normalized
from shared.filings import needs_reconciling, of_year, state_digest

INCOME = Paper(
    "t1",
    "income_expenditure_summary",
    [Block("income", ("金额=amount",), (item("拨款", "90.00"), total("90.00", role="grand_total", label="收入总计", line="income_total")))],
    title="收支总表",
)


def tables(*papers: Paper) -> Normalized:
    return named("tables", *(papers or (INCOME,)), part="tables")


def narrative(*amounts: str, subject: str = "2025年度收入总计") -> Normalized:
    return named("narrative", claims=[claim(subject, amount) for amount in amounts], part="narrative")


def statuses(filing: Filing) -> list[str]:
    return [check.status for check in filing.checks]


# -- claims of one document, tables of another --------------------------------------------------------------------------------------------


def test_a_claim_that_the_other_document_prints_is_tied() -> None:
    filing = reconciled([narrative("90.00"), tables()])
    (check,) = filing.checks
    assert (check.rule, check.status, check.target, check.document) == ("filing.claims", "exact", "claim/0", narrative("90.00").document.id)
    assert [(term.document, term.fact) for term in check.terms] == [(tables().document.id, "t1/1/1")]
    assert (filing.verdict, filing.findings) == ("consistent", ())
    assert (filing.coverage.figures, filing.coverage.tied) == (1, 1)


def test_a_claim_that_the_other_document_contradicts_is_a_warning_that_names_both_places() -> None:
    filing = reconciled([narrative("91.23"), tables()])
    (warning,) = filing.findings
    assert (warning.severity, warning.code, warning.rule) == ("warning", "claim.contradiction", "filing.claims")
    assert (warning.reported, warning.expected, warning.difference) == (Decimal("91.23"), Decimal("90.00"), Decimal("1.23"))
    assert (warning.page, warning.document) == (7, narrative("1").document.id)
    assert "说明文件第7页" in warning.message.zh
    assert "报表文件第1页《收支总表》" in warning.message.zh
    assert [(each.document, each.fact) for each in warning.evidence] == [
        (tables().document.id, "t1/1/1"),
        (narrative("1").document.id, "claim/0"),
    ]
    assert statuses(filing) == ["failed"]
    assert filing.verdict == "unverifiable"


@pytest.mark.parametrize(("amount", "status"), [("90.00", "exact"), ("90.004", "rounding"), ("90.006", "failed")])
def test_a_claim_is_compared_in_the_decimals_of_both(amount: str, status: str) -> None:
    assert statuses(reconciled([narrative(amount), tables()])) == [status]


def test_the_same_contradiction_on_two_pages_is_one_finding() -> None:
    filing = reconciled([narrative("91.23", "91.23", "90.00"), tables()])
    (warning,) = filing.findings
    assert len(warning.checks) == 2
    assert statuses(filing) == ["failed", "failed", "exact"]


def test_a_total_that_no_document_prints_is_not_assessable() -> None:
    filing = reconciled([narrative("12.00", subject="三公经费支出预算"), tables()])
    assert statuses(filing) == ["not_assessable"]
    assert filing.checks[0].reported is None
    assert (filing.verdict, filing.findings) == ("unverifiable", ())


def test_nothing_of_a_total_that_no_document_prints_is_no_check() -> None:
    assert reconciled([narrative("0.00", subject="三公经费支出预算"), tables()]).checks == ()


def test_a_subject_that_names_nothing_known_is_no_check() -> None:
    assert reconciled([narrative("12.00", subject="印刷费"), tables()]).checks == ()


def test_figures_of_unknown_unit_are_not_compared_between_documents() -> None:
    unknown = Paper("t1", INCOME.form, INCOME.blocks, unit=None)
    assert statuses(reconciled([narrative("91.23"), tables(unknown)])) == ["not_assessable"]


def test_a_claim_that_its_own_document_answers_is_not_asked_again() -> None:
    whole = named("whole", INCOME, claims=[claim("2025年度收入总计", "90.00")], part="whole")
    other = named(
        "tables", Paper("t1", INCOME.form, [Block("income", ("金额=amount",), (total("70.00", line="income_total"),))]), part="tables"
    )
    assert reconciled([whole, other]).checks == ()


def test_the_year_of_the_filing_counts_for_claims() -> None:
    assert reconciled([narrative("91.23", subject="2024年度收入总计"), tables()]).checks == ()


# -- last year's figures ------------------------------------------------------------------------------------------------------------------


def budget(*lines: str, head: str = "上年预算数=previous_year", **more: object) -> Normalized:
    """This year's budget; `lines` are what it prints as last year's figures of 合计, 208, 221."""
    rows = (sum_of(lines[0], "95.00"), function("208", lines[1], "65.00"), function("221", lines[2], "30.00"))
    return named("2025", by_year(*rows, head=head, **more), part="whole")


def test_last_years_figures_that_agree_are_tied() -> None:
    filing = reconciled([budget("90.00", "60.00", "30.00")], [budget_2024()])
    assert [(check.rule, check.status) for check in filing.checks] == [("filing.previous_year.budget", "exact")] * 3
    assert filing.checks[0].terms[0].document == budget_2024().document.id
    assert (filing.verdict, filing.findings) == ("consistent", ())
    assert filing.coverage.untied == 0


def test_a_figure_that_differs_is_a_warning_with_both_figures() -> None:
    filing = reconciled([budget("90.00", "62.00", "30.00")], [budget_2024()])
    (warning,) = filing.findings
    assert (warning.code, warning.severity) == ("previous_year.mismatch", "warning")
    assert (warning.reported, warning.expected, warning.difference) == (Decimal("62.00"), Decimal("60.00"), Decimal("2.00"))
    assert "上年数与上年公开的数不一致" in warning.message.zh
    assert "2024年文件第4页《一般公共预算支出表》" in warning.message.zh
    assert [each.fact for each in warning.evidence] == ["t4/1/1", "t4/1/2"]
    assert warning.document == budget("1", "1", "1").document.id
    assert statuses(filing) == ["exact", "failed", "exact"]
    assert filing.verdict == "unverifiable"


def test_one_form_is_one_finding() -> None:
    filing = reconciled([budget("92.00", "62.00", "30.00")], [budget_2024()])
    (warning,) = filing.findings
    assert "该表核对 3 个上年数，2 个不一致" in warning.message.zh
    assert len(warning.checks) == 2


def test_a_form_that_differs_nearly_everywhere_is_a_question() -> None:
    filing = reconciled([budget("70.00", "40.00", "20.00")], [budget_2024()])
    (warning,) = filing.findings
    assert "口径可能不是" in warning.message.zh
    assert statuses(filing) == ["not_assessable"] * 3


def test_a_bare_head_accuses_only_where_some_of_its_figures_agree() -> None:
    bare = "上年数=previous_year"
    assert statuses(reconciled([budget("90.00", "62.00", "30.00", head=bare)], [budget_2024()])) == ["exact", "failed", "exact"]
    filing = reconciled([budget("92.00", "62.00", "", head=bare)], [budget_2024()])
    assert statuses(filing) == ["not_assessable"] * 2
    assert "请人工核对" in filing.findings[0].message.zh


@pytest.mark.parametrize("head", ["上年执行数=previous_year", "2024年执行数=previous_year", "上年决算数=previous_year"])
def test_a_budget_does_not_compare_what_was_carried_out(head: str) -> None:
    assert reconciled([budget("10.00", "20.00", "30.00", head=head)], [budget_2024()]).checks == ()


def test_final_accounts_compare_last_years_final_figures() -> None:
    now = of_kind("final_accounts", budget("80.00", "50.00", "31.00", head="上年决算数=previous_year", now="决算数=final"))
    then = named(
        "then",
        by_year(sum_of("90.00", "80.00"), function("208", "60.00", "50.00"), function("221", "30.00", "30.00"),
                head="预算数=budget", now="决算数=final"),
        part="whole", year=2024, kind="final_accounts",
    )  # fmt: skip
    filing = reconciled([now], [then])
    assert [check.status for check in filing.checks] == ["exact", "exact", "failed"]
    assert {check.rule for check in filing.checks} == {"filing.previous_year.final_accounts"}


@pytest.mark.parametrize(("printed", "status"), [("60.004", "rounding"), ("60.006", "failed")])
def test_last_years_figures_are_compared_by_their_printed_decimals(printed: str, status: str) -> None:
    now = named("2025", by_year(sum_of("90.000", "95.000"), function("208", printed, "65.000"), precision=3), part="whole")
    assert statuses(reconciled([now], [budget_2024()])) == ["exact", status]


def test_units_are_converted() -> None:
    now = named("2025", by_year(sum_of("900000", "950000"), function("208", "600000", "1"), unit="元", precision=0), part="whole")
    assert statuses(reconciled([now], [budget_2024()])) == ["exact", "exact"]


def test_an_unknown_unit_is_not_assessable() -> None:
    now = named("2025", by_year(sum_of("90.00", "95.00"), unit=None), part="whole")
    assert statuses(reconciled([now], [budget_2024()])) == ["not_assessable"]


def test_a_line_that_last_year_did_not_print_is_not_assessable_and_one_of_zero_is_nothing() -> None:
    now = named("2025", by_year(sum_of("90.00", "95.00"), function("210", "5.00", "5.00"), function("213", "0.00", "5.00")), part="whole")
    filing = reconciled([now], [budget_2024()])
    assert statuses(filing) == ["exact", "not_assessable"]
    assert filing.coverage.untied == 1


def test_a_line_printed_twice_with_different_figures_is_not_assessable() -> None:
    then = named(
        "2024",
        by_year(sum_of("1.00", "90.00"), function("208", "1.00", "60.00"), function("208", "1.00", "61.00")),
        part="whole",
        year=2024,
    )
    assert statuses(reconciled([budget("90.00", "60.00", "")], [then])) == ["exact", "not_assessable"]


def test_a_form_of_another_kind_or_scope_is_not_compared() -> None:
    for other in ({"form": "government_fund_expenditure"}, {"scope": "government_fund"}):
        paper = by_year(sum_of("70.00", "70.00"))
        paper.form, paper.scope = other.get("form", paper.form), other.get("scope")
        now = named("2025", by_year(sum_of("90.00", "95.00"), scope="general"), part="whole")
        assert statuses(reconciled([now], [named("2024", paper, part="whole", year=2024)])) == ["not_assessable"]


def test_parts_under_a_head_of_last_year_mean_the_same_parts() -> None:
    def split(name: str, year: int, last: tuple[str, str], now: tuple[str, str]) -> Normalized:
        heads = (f"{year - 1}年预算数/合计=total", f"{year - 1}年预算数/基本支出=basic_expenditure",
                 f"{year}年预算数/合计=total", f"{year}年预算数/基本支出=basic_expenditure")  # fmt: skip
        paper = Paper("t4", "expenditure_summary", [Block("function", heads, (sum_of(*last, *now),))])
        return named(name, paper, part="whole", year=year)

    filing = reconciled(
        [split("b", 2025, ("90.00", "61.00"), ("95.00", "70.00"))], [split("a", 2024, ("80.00", "50.00"), ("90.00", "60.00"))]
    )
    assert [(check.target, check.status, check.computed) for check in filing.checks] == [
        ("t4/0/1", "exact", Decimal("90.00")),
        ("t4/0/2", "failed", Decimal("60.00")),
    ]


def test_all_columns_of_a_form_are_one_finding() -> None:
    def wide(name: str, year: int, last: tuple[str, ...], now: tuple[str, ...]) -> Normalized:
        kinds = ("合计=total", "基本支出=basic_expenditure", "项目支出=project_expenditure")
        heads = [f"{of}年预算数/{kind}" for of in (year - 1, year) for kind in kinds]
        rows = (sum_of(*last, *now), function("208", *last, *now), function("221", "9.00", "4.00", "5.00", "9.00", "4.00", "5.00"))
        return named(name, Paper("t4", "expenditure_summary", [Block("function", heads, rows)]), part="whole", year=year)

    then = wide("a", 2024, ("1.00", "1.00", ""), ("90.00", "60.00", "30.00"))
    filing = reconciled([wide("b", 2025, ("92.00", "62.00", "30.00"), ("95.00", "65.00", "30.00"))], [then])
    (warning,) = filing.findings
    assert (warning.reported, warning.expected) == (Decimal("92.00"), Decimal("90.00"))
    assert len(warning.checks) == 4


def balance(name: str, year: int, opening: str, closing: str) -> Normalized:
    heads = ("年初结转和结余=opening_balance", "本年收入=income", "本年支出=expenditure", "年末结转和结余=closing_balance")
    paper = Paper("t7", "government_fund_balance", [Block("function", heads, (sum_of(opening, "5.00", "5.00", closing),))])
    return named(name, paper, part="whole", year=year, kind="final_accounts")


@pytest.mark.parametrize(("opening", "status"), [("3.00", "exact"), ("4.00", "failed")])
def test_an_opening_balance_is_last_years_closing_balance(opening: str, status: str) -> None:
    filing = reconciled([balance("b", 2025, opening, opening)], [balance("a", 2024, "9.00", "3.00")])
    assert [(check.rule, check.status) for check in filing.checks] == [("filing.opening_balance", status)]


def test_the_carry_over_of_a_summary_is_last_years() -> None:
    def summary(name: str, year: int, opening: str, closing: str) -> Normalized:
        lines = (item("年初结转和结余", opening, line="carry_over_opening"), item("年末结转和结余", closing, line="carry_over_closing"))
        return named(
            name, Paper("t1", "income_expenditure_summary", [Block("mixed", ("决算数=amount",), lines)]), year=year, kind="final_accounts"
        )

    filing = reconciled([summary("b", 2025, "7.00", "1.00")], [summary("a", 2024, "2.00", "6.00")])
    assert [(check.rule, check.status, check.computed) for check in filing.checks] == [
        ("filing.opening_balance.summary", "failed", Decimal("6.00"))
    ]


@pytest.mark.parametrize(
    ("printed", "verdict"),
    [
        (("90.00", "60.00", "30.00"), "consistent"),
        (("90.00", "60.01", "30.00"), "consistent_within_rounding"),
        (("90.00", "61.00", "30.00"), "unverifiable"),
        (("10.00", "20.00", "40.00"), "unverifiable"),
        (("", "", ""), "unverifiable"),
    ],
)
def test_a_filing_is_consistent_where_nothing_differs_and_half_of_its_figures_tie(printed: tuple[str, ...], verdict: str) -> None:
    assert reconciled([budget(*printed)], [budget_2024()]).verdict == verdict


@pytest.mark.parametrize(("lines", "verdict"), [(1, "consistent"), (2, "unverifiable")])
def test_half_of_the_figures_are_enough(lines: int, verdict: str) -> None:
    more = [function(f"21{number}", "5.00", "5.00") for number in range(lines)]
    now = named("2025", by_year(sum_of("90.00", "95.00"), *more), part="whole")
    assert reconciled([now], [budget_2024()]).verdict == verdict


# -- the stage ----------------------------------------------------------------------------------------------------------------------------


def test_a_filing_of_one_document_needs_no_reconciling() -> None:
    whole, text = named("w", INCOME, part="whole"), named("n", part="narrative")
    assert not needs_reconciling(changed([whole]))
    assert not needs_reconciling(changed([text], [budget_2024()]))
    assert not needs_reconciling(changed([whole], [of_part("narrative", budget_2024())]))
    assert not needs_reconciling(structs.replace(changed([whole]), members=()))
    assert needs_reconciling(changed([whole], [budget_2024()]))
    assert needs_reconciling(changed([text, tables()]))


def test_last_years_filing_has_the_id_that_its_documents_give_it() -> None:
    assert of_year(info(tables()), 2024) == info(budget_2024())


def test_a_result_and_the_change_that_it_came_of_have_one_state() -> None:
    members, previous = [narrative("91.23"), tables()], [budget_2024()]
    first, backwards = changed(members, previous), changed(members[::-1], previous)
    assert state_digest(first) == state_digest(backwards) == state_digest(reconciled(members, previous))
    assert state_digest(changed(members)) != state_digest(first)


def of_part(part: str, document: Normalized) -> Normalized:
    return structs.replace(document, document=structs.replace(document.document, part=part))


def test_the_order_of_members_does_not_matter() -> None:
    members = [narrative("91.23"), tables(), budget("90.00", "62.00", "30.00")]
    previous = [budget_2024(), of_part("tables", budget_2024("2024 again"))]
    first = canonical_json(reconciled(members, previous))
    assert canonical_json(reconciled(members[::-1], previous[::-1])) == first
    assert canonical_json(reconcile(changed(members, previous), members[::-1], previous[::-1], load_rules())) == first


def test_documents_that_are_not_the_members_are_refused() -> None:
    with pytest.raises(ValueError, match="not those of the members"):
        reconcile(changed([narrative("1"), tables()]), [narrative("1")], [], load_rules())


def test_findings_of_a_filing_keep_their_ids_when_another_document_changes() -> None:
    first = reconciled([narrative("91.23"), tables()])
    other = named("tables, corrected elsewhere", INCOME, part="tables")
    assert [each.id for each in reconciled([narrative("91.23"), other]).findings] == [each.id for each in first.findings]


def test_results_of_single_documents_name_no_document_in_their_checks() -> None:
    alone = canonical_json(validate(named("w", INCOME, claims=[claim("2025年度收入总计", "91.23")]), load_rules()))
    assert alone.count(b'"document"') == 1


def test_a_member_knows_its_artifact() -> None:
    filing = reconciled([narrative("90.00"), tables()])
    assert filing.members == (member(narrative("90.00")), member(tables()))
    assert filing.filing == info(tables())


def test_the_handler_reads_the_members_that_it_needs_and_no_others() -> None:
    documents = {each.document.id: each for each in (narrative("91.23"), tables(), budget_2024())}
    read: list[str] = []

    def normalized(of: Member) -> Normalized:
        read.append(of.document)
        return documents[of.document]

    members = [narrative("91.23"), tables()]
    filing = reconcile_filing(changed(members, [budget_2024()]), normalized, load_rules())
    assert filing == reconciled(members, [budget_2024()])
    assert sorted(read) == sorted(documents)
    read.clear()
    assert reconcile_filing(changed([tables()]), normalized, load_rules()) is None
    assert read == []


def test_a_claim_that_names_nothing_hides_none_that_follows() -> None:
    claims = [
        claim("印刷费", "12.00"),
        claim("2025年度收入总计", "90"),
        claim("2025年度收入总计", "91.23"),
        claim("2025年度收入总计", "90.00"),
    ]
    filing = reconciled([named("narrative", claims=claims, part="narrative"), tables()])
    assert [(check.target, check.status) for check in filing.checks] == [("claim/2", "failed"), ("claim/3", "exact")]


def test_the_only_tables_of_a_filing_are_compared_with_the_other_documents_in_any_order() -> None:
    said = [claim("2025年度收入总计", "91.23")]
    for part in ("attachment", "whole"):  # before and after the other one in the order of the filing
        text, other = named("text", claims=said, part="narrative"), named("form", INCOME, claims=said, part=part)
        assert statuses(reconciled([text, other])) == ["failed"]


def test_checks_of_one_figure_are_numbered_from_the_second_on() -> None:
    (source,) = sources_of([member(tables())], [tables()], 2025)
    figure = source.book.figures["t1/1/1"]
    (identity, *_) = load_rules().all_of("claims_between")
    between = Between()
    graded = grade_equation(Equation(identity, figure, ((source.book.figures["t1/0/1"], 1),)))
    blank = grade_equation(Equation(identity, source.book.figures["t1/0/1"], ()))
    name = f"filing.claims@{source.short}"
    assert [between.check(graded, source, [source]) for _ in range(4)] == [f"{name}/t1/1/1{number}" for number in ("", "#2", "#3", "#4")]
    assert between.check(blank, source, []) == f"{name}/t1/0/1"
    assert between.spoken_of == {(source.id, "t1/1/1"), (source.id, "t1/0/1")}
    assert between.tied == {(source.id, "t1/1/1")}
    assert {check.document for check in between.checks} == {source.id}
    assert {term.document for check in between.checks for term in check.terms} == {source.id}
