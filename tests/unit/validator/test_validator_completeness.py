"""Missing, unread, unlisted and unexplained empty forms; what is certain is said, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from msgspec import structs

from services.validator.adapters.rules_files import load_rules
from services.validator.domain.completeness import find_gaps
from services.validator.domain.contents import alike
from services.validator.domain.requirements import Requirement
from services.validator.domain.sheet import read_book
from services.validator.domain.validate import validate
from shared.contracts.normalized import Claim, Form, FormTitle, ListedForm, Normalized, Statement
from shared.contracts.validated import Finding, Validated
from tests.validator_documents import Block, Paper, document, function, item, total

TITLES = {
    "income_expenditure_summary": "收支总表",
    "income_summary": "收入总表",
    "expenditure_summary": "支出总表",
    "fiscal_summary": "财政拨款收支总表",
    "general_budget_expenditure": "一般公共预算支出表",
    "basic_by_economic": "一般公共预算基本支出表",
    "three_public": "一般公共预算“三公”经费支出表",
    "government_fund_expenditure": "政府性基金预算支出表",
}


def paper(kind: str | None, number: int, title: str | None = None) -> Paper:
    """A form of one total and one row, which hold."""
    heads, lines = ("合计=total",), (total("10.00"), function("205", "10.00"))
    if kind == "three_public":
        lines = (total("10.00"), item("公务接待费", "10.00", line="three_public.reception"))
    return Paper(f"t{number}", kind, [Block("function", heads, lines)], title=title or TITLES.get(kind or "", "某表"))


def disclosure(*, without: Sequence[str] = (), more: Sequence[Paper] = (), **said: Any) -> Normalized:
    """A disclosure of the eight forms but some, with what it says of itself."""
    kinds = [kind for kind in TITLES if kind not in without]
    made = document(*(paper(kind, number) for number, kind in enumerate(kinds, 1)), *more, claims=said.pop("claims", ()))
    about = structs.replace(made.document, **said.pop("about", {}))
    forms = tuple(structs.replace(form, pages=(int(form.table[1:]),)) for form in made.forms)
    return structs.replace(made, document=about, forms=forms, **said)


def change(made: Normalized, kind: str, **changes: Any) -> Normalized:
    """The disclosure with one form changed; an empty one has no figures."""
    forms: list[Form] = [structs.replace(form, **changes) if form.form == kind else form for form in made.forms]
    tables = {form.table for form in forms if form.form == kind and form.empty}
    return structs.replace(made, forms=tuple(forms), facts=tuple(fact for fact in made.facts if fact.table not in tables))


def run(made: Normalized) -> Validated:
    return validate(made, load_rules())


def told(made: Normalized) -> list[tuple[str, str]]:
    """Code and severity of what is said of forms."""
    return [(finding.code, finding.severity) for finding in _of_forms(run(made))]


def _of_forms(result: Validated) -> list[Finding]:
    return [finding for finding in result.findings if finding.code.startswith("form.")]


def test_a_disclosure_of_the_eight_forms_is_complete() -> None:
    assert told(disclosure()) == []


def test_a_form_that_nothing_speaks_of_is_missing_and_the_figures_are_judged_all_the_same() -> None:
    made = disclosure(without=["income_summary"])
    result = run(made)
    (finding,) = _of_forms(result)
    assert (finding.code, finding.severity, finding.form) == ("form.missing", "warning", "income_summary")
    assert "《收入总表》" in finding.message.zh
    assert "财预〔2016〕143 号" in finding.message.zh
    assert result.verdict == run(disclosure()).verdict


def test_another_kind_of_form_may_stand_for_a_required_one() -> None:
    fund = Paper("t9", "government_fund_balance", [], title="政府性基金预算财政拨款收入支出决算表")
    assert told(disclosure(without=["government_fund_expenditure"], more=[fund])) == []


def test_a_form_merged_with_another_is_there_by_its_title() -> None:
    merged = paper("operating_costs", 9, "部门“三公”经费和机关运行经费预算表")
    assert told(disclosure(without=["three_public"], more=[merged])) == []


def test_several_missing_forms_are_one_line_since_they_may_be_in_other_files() -> None:
    made = disclosure(without=["income_summary", "fiscal_summary", "three_public"])
    (finding,) = _of_forms(run(made))
    assert (finding.code, finding.severity) == ("form.missing", "info")
    assert "8 张表中，本文件有 5 张" in finding.message.zh


def test_a_missing_form_whose_want_the_text_explains_is_told_only() -> None:
    nothing = (Statement(page=2, text="本部门没有政府性基金预算安排的支出。"),)
    assert told(disclosure(without=["government_fund_expenditure"], nothing=nothing)) == [("form.missing", "info")]


def test_a_claim_of_zero_explains_too_and_one_of_something_else_does_not() -> None:
    for subject, amount, severity in (("政府性基金拨款", "0", "info"), ("政府性基金拨款", "3", "warning"), ("事业收入", "0", "warning")):
        claim = Claim(page=2, text="", kind="amount", subject=subject, amount=Decimal(amount), unit="万元")
        made = disclosure(without=["government_fund_expenditure"], claims=[claim])
        assert told(made) == [("form.missing", severity)]


def test_an_amount_of_it_in_the_text_explains_nothing() -> None:
    def claim(subject: str, amount: str) -> Claim:
        return Claim(page=2, text="", kind="amount", subject=subject, amount=Decimal(amount), unit="万元")

    both = [claim("公务接待费", "1.50"), claim("公务用车购置费", "0")]
    assert told(disclosure(without=["three_public"], claims=both)) == [("form.missing", "warning")]
    assert told(disclosure(without=["three_public"], claims=both[1:])) == [("form.missing", "info")]


def test_an_amount_that_a_missing_form_may_print_contradicts_no_narrower_form() -> None:
    """支出预算 of all money is compared with the general public budget where the form of all money is missing."""

    def contradictions(amount: str, *without: str) -> list[str]:
        claim = Claim(page=2, text="", kind="amount", subject="本部门支出预算", amount=Decimal(amount), unit="万元", decimals=2)
        found = run(disclosure(without=without, claims=[claim])).findings
        return [finding.code for finding in found if finding.code == "claim.contradiction"]

    assert contradictions("12.34")
    assert not contradictions("12.34", "expenditure_summary")
    assert contradictions("8.76", "expenditure_summary")
    assert not contradictions("10.00", "expenditure_summary")


def test_narratives_other_kinds_and_earlier_years_need_no_forms() -> None:
    for about in ({"part": "narrative"}, {"kind": "other"}, {"year": 2015}):
        assert told(disclosure(without=["income_summary"], about=about)) == []


def test_final_accounts_without_a_form_of_state_capital_are_told_so() -> None:
    assert told(disclosure(about={"kind": "final_accounts", "year": 2024})) == [("form.missing", "info")]
    assert told(disclosure(about={"kind": "final_accounts", "year": 2019})) == []


def test_a_required_form_in_the_contents_and_nowhere_else_leaves_the_document_unverifiable() -> None:
    contents = (ListedForm(page=2, title="收入总表", number="表2", forms=("income_summary",)),)
    contents += tuple(ListedForm(page=2, title=title, forms=(kind,)) for kind, title in TITLES.items() if kind != "income_summary")
    result = run(disclosure(without=["income_summary"], contents=contents))
    (finding,) = _of_forms(result)
    assert (finding.code, finding.severity, finding.page) == ("form.not_found", "warning", 2)
    assert "表2《收入总表》" in finding.message.zh
    assert result.verdict == "unverifiable"


def test_one_that_the_contents_call_empty_does_not() -> None:
    contents = tuple(ListedForm(page=2, title=title, forms=(kind,), empty="基金" in title) for kind, title in TITLES.items())
    result = run(disclosure(without=["government_fund_expenditure"], contents=contents))
    assert [finding.code for finding in _of_forms(result)] == ["form.not_found"]
    assert result.verdict == run(disclosure()).verdict


def test_a_title_above_no_table_is_a_form_that_was_not_read() -> None:
    titles = (FormTitle(page=6, title="收入总表", forms=("income_summary",)),)
    result = run(disclosure(without=["income_summary"], loose_titles=titles))
    (finding,) = _of_forms(result)
    assert (finding.code, finding.page) == ("form.unread", 6)
    assert result.verdict == "unverifiable"


def test_a_page_that_was_not_read_may_be_the_form() -> None:
    result = run(disclosure(without=["income_summary"], unread_pages=(6,)))
    (finding,) = _of_forms(result)
    assert (finding.code, finding.page) == ("form.unread", 6)
    assert "《收入总表》" in finding.message.zh
    assert result.verdict == "unverifiable"
    assert told(disclosure(unread_pages=(1,))) == []


def test_a_table_of_no_known_kind_may_be_the_form() -> None:
    result = run(disclosure(without=["income_summary"], more=[paper(None, 9)]))
    (finding,) = _of_forms(result)
    assert (finding.code, [evidence.table for evidence in finding.evidence]) == ("form.unread", ["t9"])
    assert "《收入总表》" in finding.message.zh
    assert result.verdict == "unverifiable"


def test_a_table_of_no_known_kind_of_which_nothing_ties_is_told_once() -> None:
    loose = Paper("t9", None, [Block("mixed", ("金额=other",), (item("灯塔", "3.00"), item("航标", "5.00")))], title="某表")
    told_of = [evidence.table for finding in _of_forms(run(disclosure(more=[loose]))) for evidence in finding.evidence]
    assert (told_of, told(disclosure(more=[loose]))) == (["t9"], [("form.unread", "warning")])
    (finding,) = _of_forms(run(disclosure(without=["income_summary"], more=[loose])))
    assert "《收入总表》" in finding.message.zh, "it may be that form, and that is all that is said of it"


def test_one_page_that_was_not_read_cannot_be_four_forms() -> None:
    without = ["income_summary", "fiscal_summary", "three_public", "expenditure_summary"]
    result = run(disclosure(without=without, unread_pages=(1,)))
    assert [(finding.code, finding.severity) for finding in _of_forms(result)] == [("form.missing", "info")]


def listed(**changes: str) -> tuple[ListedForm, ...]:
    """The contents of the eight forms, with other words for some."""
    return tuple(ListedForm(page=2, title=changes.get(kind, title), forms=(kind,)) for kind, title in TITLES.items())


def test_contents_that_name_each_form_in_slightly_other_words_are_right() -> None:
    assert told(disclosure(contents=listed(government_fund_expenditure="2025年部门政府性基金财政拨款支出预算表"))) == []


def test_a_listed_form_of_a_province_that_is_not_there_is_named() -> None:
    contents = (*listed(), ListedForm(page=2, title="项目支出预算表(上年结转)", forms=("projects",)))
    (finding,) = _of_forms(run(disclosure(contents=contents)))
    assert (finding.code, finding.severity, finding.title) == ("form.not_found", "warning", "项目支出预算表(上年结转)")


def test_one_of_two_listed_forms_of_a_kind_is_missed_by_its_title() -> None:
    contents = (*listed(), *(ListedForm(page=2, title=f"项目支出预算表({of})", forms=("projects",)) for of in ("本年预算", "上年结转")))
    there = paper("projects", 9, "项目支出预算表（本年预算）")
    assert [finding.title for finding in _of_forms(run(disclosure(contents=contents, more=[there])))] == ["项目支出预算表(上年结转)"]


def test_an_entry_of_no_known_kind_is_let_be_unless_it_is_numbered_as_a_form() -> None:
    assert told(disclosure(contents=(*listed(), ListedForm(page=2, title="部门预算表", number="五")))) == []
    assert told(disclosure(contents=(*listed(), ListedForm(page=2, title="结转资金表", number="表11")))) == [("form.not_found", "warning")]


def test_an_entry_may_be_a_table_of_no_known_kind() -> None:
    contents = (*listed(), ListedForm(page=2, title="结转资金表", number="表11"))
    assert "form.not_found" not in {code for code, _ in told(disclosure(contents=contents, more=[paper(None, 9)]))}


def test_contents_of_forms_in_another_file_are_one_line() -> None:
    without = [kind for kind in TITLES if kind not in ("income_summary", "expenditure_summary", "fiscal_summary")]
    made = disclosure(without=without, contents=listed())
    assert [(finding.code, finding.severity) for finding in _of_forms(run(made))] == [("form.not_found", "warning")]


def test_a_form_that_the_contents_do_not_name_is_told_and_attachments_need_no_entry() -> None:
    more = [paper("procurement", 9, "政府采购预算表"), paper("project_performance", 10, "项目支出绩效目标表")]
    (finding,) = _of_forms(run(disclosure(contents=listed(), more=more)))
    assert (finding.code, finding.severity) == ("form.unlisted", "info")
    assert "政府采购预算表" in finding.message.zh
    assert "绩效" not in finding.message.zh


FUND = "government_fund_expenditure"


def test_an_empty_form_without_a_word_is_a_warning() -> None:
    (finding,) = _of_forms(run(change(disclosure(), FUND, empty=True)))
    assert (finding.code, finding.severity, finding.page, finding.form) == ("form.empty", "warning", 8, FUND)


def test_notes_contents_and_text_explain_an_empty_form() -> None:
    empty = change(disclosure(), FUND, empty=True)
    assert told(structs.replace(empty, nothing=(Statement(page=3, text="本单位无政府性基金预算。"),))) == []
    assert told(structs.replace(empty, nothing=(Statement(page=8, text="故本表无数据。"),))) == []
    assert told(structs.replace(empty, nothing=(Statement(page=3, text="故本表无数据。"),))) == [("form.empty", "warning")]
    assert told(structs.replace(empty, nothing=(Statement(page=3, text="本单位无国有资本经营预算。"),))) == [("form.empty", "warning")]
    assert told(change(disclosure(), FUND, empty=True, note="注：本表无数据")) == []
    entries = tuple(structs.replace(entry, empty=FUND in entry.forms) for entry in listed())
    assert told(structs.replace(empty, contents=entries)) == []


def test_empty_forms_about_one_thing_are_one_finding() -> None:
    by_class = Paper("t9", "government_fund_by_economic", [], title="政府性基金预算支出表（按经济分类）")
    made = change(change(disclosure(more=[by_class]), FUND, empty=True), "government_fund_by_economic", empty=True)
    (finding,) = _of_forms(run(made))
    assert "按经济分类" in finding.message.zh
    assert TITLES[FUND] in finding.message.zh


def test_the_note_of_any_form_may_say_that_there_is_nothing() -> None:
    def with_note(note: str, without: Sequence[str] = ()) -> Normalized:
        return change(disclosure(without=without), "income_summary", note=note)

    for note, severity in (
        ("注：本单位无政府性基金预算。", "info"),
        ("注：本表单位为万元。", "warning"),
        ("注：无国有资本经营预算。", "warning"),
    ):
        assert told(with_note(note, [FUND])) == [("form.missing", severity)]
    assert told(change(with_note("注：本单位无政府性基金预算。"), FUND, empty=True)) == []
    assert told(change(with_note("注：本表单位为万元。"), FUND, empty=True)) == [("form.empty", "warning")]


def test_an_amount_in_the_text_outweighs_words_and_notes_that_there_is_nothing() -> None:
    spent = Claim(page=2, text="", kind="amount", subject="政府性基金拨款", amount=Decimal("3.00"), unit="万元")
    fewer = structs.replace(spent, kind="change")
    nothing = (Statement(page=2, text="本部门没有政府性基金预算安排的支出。"),)
    assert told(disclosure(without=[FUND], nothing=nothing, claims=[spent])) == [("form.missing", "warning")]
    assert told(disclosure(without=[FUND], nothing=nothing, claims=[fewer])) == [("form.missing", "info")]
    assert told(disclosure(without=[FUND], claims=[structs.replace(fewer, amount=Decimal(0))])) == [("form.missing", "warning")]


@pytest.mark.parametrize(
    ("about", "applies"),
    [
        ({}, True),
        ({"year": 2024}, True),
        ({"year": 2023}, False),
        ({"year": None}, True),
        ({"kind": "final_accounts"}, False),
        ({"part": "tables"}, True),
        ({"part": "narrative"}, False),
    ],
)
def test_a_form_is_required_of_some_kinds_of_documents_with_tables_from_a_year_on(about: dict[str, Any], applies: bool) -> None:
    required = Requirement(id="r", kinds=("budget",), forms=("assets",), titles="资产", zh="资产表", en="assets", source="", since=2024)
    assert required.applies(structs.replace(disclosure().document, **about)) is applies


def test_many_missing_forms_are_in_other_files_and_so_may_be_what_the_text_says() -> None:
    """Of up to two missing forms the text may speak; of more, only where the document names them itself."""

    def contradicted(amount: str, *without: str, **said: Any) -> bool:
        claim = Claim(page=2, text="", kind="amount", subject="本部门支出预算", amount=Decimal(amount), unit="万元", decimals=2)
        return any(finding.code == "claim.contradiction" for finding in run(disclosure(without=without, claims=[claim], **said)).findings)

    two, three = ("expenditure_summary", "income_summary"), ("expenditure_summary", "income_summary", "three_public")
    titles = (FormTitle(page=6, title="支出总表", forms=("expenditure_summary",)),)
    contents = (ListedForm(page=2, title="支出总表", forms=("expenditure_summary",)),)
    assert not contradicted("12.34", *two)
    assert contradicted("12.34", *three)
    assert not contradicted("12.34", *three, loose_titles=titles)
    assert not contradicted("12.34", *three, contents=contents)
    assert contradicted("12.34", "three_public"), "a form of one thing alone is not wider"


def test_only_an_entry_of_its_own_that_says_empty_explains_an_empty_form() -> None:
    def with_entries(**empty: bool) -> Normalized:
        entries = tuple(structs.replace(entry, empty=empty.get(entry.forms[0], False)) for entry in listed())
        return structs.replace(change(disclosure(), FUND, empty=True), contents=entries)

    assert told(with_entries(**{FUND: True})) == []
    assert told(with_entries(income_summary=True)) == [("form.empty", "warning")]
    unknown = (*listed()[:-1], ListedForm(page=2, title="2025年政府性基金预算支出情况表", number="表8", empty=True))
    assert told(structs.replace(change(disclosure(), FUND, empty=True), contents=unknown)) == []
    other = (*listed()[:-1], ListedForm(page=2, title="国有资产占用情况表", number="表8", forms=(FUND,)))
    assert ("form.empty", "warning") in told(structs.replace(change(disclosure(), FUND, empty=True), contents=other))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("收入总表", "收入总表", True),
        ("2025年部门收入总表", "收入 总表", True),
        ("“三公”经费支出表", "三公经费支出情况表", True),
        ("政府性基金预算收入表", "政府性基金预算支出表", True),  # nearness only ever excuses
        ("收入总表", "支出总表", False),
        ("收入总表", "项目支出绩效目标表", False),
        ("", "", False),
        ("收入总表", "", False),
    ],
)
def test_titles_of_one_form_differ_by_a_word_or_two(one: str, other: str, same: bool) -> None:
    assert alike(one, other) is same


def test_tables_without_a_title_or_pages_are_held_against_the_contents_all_the_same() -> None:
    made = disclosure(contents=listed(), more=[paper("procurement", 9, "政府采购预算表")])
    forms = tuple(structs.replace(form, pages=()) if form.form == "procurement" else form for form in made.forms)
    (finding,) = _of_forms(run(structs.replace(made, forms=forms)))
    assert (finding.code, finding.page) == ("form.unlisted", 2)
    untitled = tuple(structs.replace(form, title=None) if form.form == "procurement" else form for form in made.forms)
    assert told(structs.replace(made, forms=untitled)) == []
    required = tuple(structs.replace(form, title=None) if form.form == "income_summary" else form for form in made.forms[:-1])
    assert told(structs.replace(made, forms=required)) == []


def test_of_many_listed_forms_that_are_not_there_the_first_is_named_with_its_page() -> None:
    without = [kind for kind in TITLES if kind not in ("income_expenditure_summary", "basic_by_economic", "government_fund_expenditure")]
    contents = tuple(structs.replace(entry, page=page) for page, entry in enumerate(listed(), 2))
    (finding,) = [one for one in _of_forms(run(disclosure(without=without, contents=contents))) if one.code == "form.not_found"]
    assert finding.page == 3


def test_parts_without_pages_are_told_as_well() -> None:
    first = Paper("t1", "projects", [Block("project", ("金额=amount",), (total("30.00"), item("补助", "10.00"), item("津贴", "12.00")))])
    second = Paper("t2", "projects", [Block("project", ("金额=amount",), (item("奖励", "5.00"), total("30.00")))])
    made = document(first, second)
    one, two = made.forms
    for pages, place in (((), None), ((3, 4), 4)):
        parts = (structs.replace(one, pages=pages[:1]), structs.replace(two, pages=pages[1:], continues="t1"))
        (finding,) = [each for each in _of_forms(run(structs.replace(made, forms=parts))) if each.code == "form.apart"]
        assert finding.page == place
        assert f"第{place or 0}页的表可能接第{3 if place else 0}页《某表》" in finding.message.zh


@pytest.mark.parametrize(
    ("missing", "pages", "codes"),
    [
        (1, 0, ["form.missing"]),
        (2, 0, ["form.missing", "form.missing"]),
        (3, 0, ["form.missing"]),  # one line for many
        (2, 1, ["form.unread"]),
        (3, 1, ["form.missing"]),  # one page is too little for three forms
        (3, 2, ["form.missing"]),
        (3, 3, ["form.unread"]),
        (4, 3, ["form.missing"]),
    ],
)
def test_missing_forms_may_stand_on_as_many_pages_that_were_not_read(missing: int, pages: int, codes: list[str]) -> None:
    made = disclosure(without=list(TITLES)[:missing], unread_pages=tuple(range(20, 20 + pages)))
    findings = _of_forms(run(made))
    assert [finding.code for finding in findings] == codes
    assert {finding.severity for finding in findings} == {"info" if missing > 2 and codes == ["form.missing"] else "warning"}


def test_an_empty_part_of_a_form_or_one_of_no_page_needs_no_word() -> None:
    empty = change(disclosure(), FUND, empty=True)
    assert told(empty) == [("form.empty", "warning")]
    assert told(change(empty, FUND, pages=())) == []
    assert told(change(empty, FUND, continues="t7")) == []
    begun = structs.replace(
        empty, forms=tuple(structs.replace(form, continues="t8") if form.table == "t7" else form for form in empty.forms)
    )
    assert ("form.empty", "warning") not in told(begun)
    by_kind = tuple(structs.replace(entry, title="第八张", empty=True) if FUND in entry.forms else entry for entry in listed())
    assert told(structs.replace(empty, contents=by_kind)) == []


@pytest.mark.parametrize(("there", "codes"), [(8, set()), (5, {"form.not_found"}), (4, {"form.not_found"}), (3, {"form.not_found"})])
def test_more_than_half_of_the_contents_elsewhere_is_one_line(there: int, codes: set[str]) -> None:
    findings = _of_forms(run(disclosure(without=list(TITLES)[there:], contents=listed())))
    assert {finding.code for finding in findings} == codes
    assert len(findings) == (1 if there < 4 else 8 - there)


@pytest.mark.parametrize(("named", "told_then"), [(8, False), (7, True), (4, True), (3, False), (1, False)])
def test_contents_that_name_less_than_half_of_the_forms_are_not_of_forms(named: int, told_then: bool) -> None:
    codes = {finding.code for finding in _of_forms(run(disclosure(contents=listed()[:named])))}
    assert ("form.unlisted" in codes) is told_then


def test_a_form_that_goes_on_from_another_needs_no_entry() -> None:
    made = disclosure(contents=listed(), more=[paper("procurement", 9, "政府采购预算表")])
    parts = tuple(structs.replace(form, continues="t8") if form.table == "t9" else form for form in made.forms)
    assert "form.unlisted" in {code for code, _ in told(made)}
    assert "form.unlisted" not in {code for code, _ in told(structs.replace(made, forms=parts))}


@pytest.mark.parametrize(
    ("title", "forms", "found"),
    [
        ("项目支出预算安排明细汇总表", (), True),  # .8 as near: it may be meant
        ("项目支出预算安排明细汇总表", ("projects",), False),  # a form of another kind is not
        ("部门项目支出预算安排汇总表", ("projects",), True),  # so near that its kind is our mistake
        ("资产配置预算表", (), False),
    ],
)
def test_an_entry_is_found_by_its_title_the_nearer_the_surer_its_kind_is(title: str, forms: tuple[str, ...], found: bool) -> None:
    contents = (*listed(), ListedForm(page=2, title=title, number="表9", forms=forms))
    made = disclosure(contents=contents, more=[paper("special_funds", 9, "项目支出预算安排表")])
    assert ("form.not_found" not in {code for code, _ in told(made)}) is found


def test_a_narrative_needs_no_forms_no_words_for_empty_ones_and_no_list_of_them() -> None:
    made = change(disclosure(contents=(*listed(), ListedForm(page=2, title="结转资金表", number="表11"))), FUND, empty=True)
    assert told(made) == [("form.empty", "warning"), ("form.not_found", "warning")]
    for part, silent in (("narrative", True), ("tables", False), ("whole", False)):
        assert (told(structs.replace(made, document=structs.replace(made.document, part=part))) == []) is silent


@pytest.mark.parametrize(("title", "lost"), [("专项资产", True), ("专项资金", True), ("专项清单", False)])
def test_a_form_whose_title_is_that_of_another_entry_is_no_second_one(title: str, lost: bool) -> None:
    """Of two entries of one kind of form the one that the form is named like is it; where none is named like it, any may be."""
    entries = (
        ListedForm(page=2, title=title, forms=("special_funds",)),
        ListedForm(page=2, title="支出安排明细表", forms=("special_funds",)),
    )
    made = disclosure(contents=(*listed(), *entries), more=[paper("special_funds", 9, "专项资金")])
    missed = [finding.title for finding in _of_forms(run(made)) if finding.code == "form.not_found"]
    assert ("支出安排明细表" in missed) is lost


def test_a_listed_form_that_was_not_read_is_told_once() -> None:
    titles = (FormTitle(page=6, title="收入总表", forms=("income_summary",)),)
    assert told(disclosure(without=["income_summary"], contents=listed(), loose_titles=titles)) == [("form.unread", "warning")]
    assert told(disclosure(without=["income_summary"], contents=listed())) == [("form.not_found", "warning")]


def test_a_narrative_published_alone_lacks_no_forms_whatever_tables_stand_in_it() -> None:
    made = document(Paper("t1", "expenditure_summary", [Block("function", ("合计=total",), [total("5.00"), function("208", "5.00")])]))
    alone = structs.replace(made, document=structs.replace(made.document, part="narrative"))
    assert find_gaps(read_book(made), load_rules())
    assert not find_gaps(read_book(alone), load_rules())
    assert not find_gaps(read_book(structs.replace(made, forms=(), facts=())), load_rules())
