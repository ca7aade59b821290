"""Figures become facts with unit, precision, codes and place, or are named as unmapped."""

from __future__ import annotations

from decimal import Decimal

from msgspec import UNSET, structs

from services.normalizer.adapters.catalogue_files import standard_catalogue
from services.normalizer.handlers import normalize_document
from shared.canonical import canonical_json
from tests.unit.normalizer.normalizer_tables import Span, document, fact, heading, normalized, table

HEAD = ["科目编码", "科目名称", "合计", "基本支出", "项目支出"]


def test_a_fact_knows_its_code_measure_amount_and_place() -> None:
    result = normalized(table([HEAD, ["205", "教育支出", "1,234.50", "1,000.00", "234.50"]], 1, title="支出总表"))
    found = fact(result, "t1/1/4")
    assert (found.function, found.measure, found.amount, found.unit, found.text) == (
        "205",
        "project_expenditure",
        Decimal("234.50"),
        "万元",
        "234.50",
    )
    assert found.yuan == Decimal("2345000.00")
    assert found.code_from == "printed"
    assert (found.page, found.bbox[0], found.bbox[1]) == (1, 160.0, 112.0)


def test_figures_of_a_table_that_was_recognised_in_an_image_say_so() -> None:
    plain = table([HEAD, ["205", "教育支出", "1.00", "1.00", ""]], 1, title="支出总表")
    seen = structs.replace(plain, engine="ocr", cells=tuple(structs.replace(cell, confidence=0.7) for cell in plain.cells))
    assert [(entry.origin, entry.confidence) for entry in normalized(seen).facts] == [("image", 0.7)] * 2
    assert [entry.origin for entry in normalized(plain).facts] == [UNSET] * 2


def test_the_unit_is_the_forms_own_then_the_heads_then_the_familys() -> None:
    rows = [HEAD, ["205", "教育支出", "1.00", "1.00", ""]]
    many = [HEAD, *([f"205{number:02d}", f"教育事务之{number}", "1.00", "1.00", "1.00"] for number in range(1, 9))]
    result = normalized(
        table(many, 1, title="支出总表", unit="元", table_id="t1"),
        table(rows, 1, title="一般公共预算支出表", unit=None, table_id="t2"),
        table([["项目名称", "金额（万元）"], ["河堤加固", "2.00"]], 1, title="项目支出表", unit=None, table_id="t3"),
    )
    assert [form.unit for form in result.forms] == ["元", "元", "万元"]


def test_a_column_with_a_unit_of_its_own_keeps_it() -> None:
    result = normalized(table([["项目名称", "合计", "其中：贷款（元）"], ["河堤加固", "2.00", "300"]], 1, title="项目支出表"))
    assert fact(result, "t1/1/1").unit == "万元"
    assert fact(result, "t1/1/2").unit == "元"
    assert fact(result, "t1/1/2").yuan == Decimal(300)


def test_families_that_differ_give_no_unit_and_no_yuan() -> None:
    rows = [HEAD, ["205", "教育支出", "1.00", "1.00", "1.00"]]
    result = normalized(
        table(rows, 1, title="支出总表", unit="元", table_id="t1"),
        table(rows, 1, title="一般公共预算支出表", unit="万元", table_id="t2"),
        table(rows, 1, title="政府性基金预算支出表", unit=None, table_id="t3"),
    )
    assert fact(result, "t3/1/2").unit is None
    assert fact(result, "t3/1/2").yuan is None


def test_a_whole_number_in_a_column_of_cents_is_exact_to_the_cent() -> None:
    result = normalized(table([["项目名称", "金额"], ["甲项目", "0.84"], ["乙项目", "4"], ["丙项目", "30"]], 1, title="项目支出表"))
    assert [entry.precision for entry in result.facts] == [2, 2, 2]
    assert [entry.decimals for entry in result.facts] == [2, 0, 0]


def test_whole_ten_thousands_take_the_precision_of_their_family_and_whole_yuan_do_not() -> None:
    cents = table([["项目名称", "金额"], ["甲项目", "0.84"]], 1, title="项目支出表", table_id="t1")
    wan = normalized(cents, table([["项目名称", "金额"], ["乙项目", "4"]], 1, title="项目支出表", table_id="t2"))
    yuan = normalized(
        table([["项目名称", "金额"], ["甲项目", "0.84"]], 1, title="项目支出表", table_id="t1", unit="元"),
        table([["项目名称", "金额"], ["乙项目", "4"]], 1, title="项目支出表", table_id="t2", unit="元"),
    )
    assert fact(wan, "t2/1/1").precision == 2
    assert fact(yuan, "t2/1/1").precision == 0


def test_counts_percentages_and_running_numbers_are_no_facts() -> None:
    rows = [["行次", "科目名称", "人数", "完成率（%）", "金额"], ["1", "教育支出", "12", "98.50", "3.00"]]
    result = normalized(table(rows, 1))
    assert [entry.id for entry in result.facts] == ["t1/1/4"]


def test_a_figure_in_a_remark_is_unmapped_with_its_place() -> None:
    result = normalized(table([[*HEAD, "备注"], ["205", "教育支出", "1.00", "1.00", "", "5,000.00"]], 1, title="支出总表"))
    assert [(entry.row, entry.col, entry.text) for entry in result.unmapped] == [(1, 5, "5,000.00")]


def test_an_unreadable_figure_in_a_column_of_money_is_unmapped_and_not_guessed() -> None:
    result = normalized(table([HEAD, ["205", "教育支出", "1,23.45", "1.00", "2.00"]], 1, title="支出总表"))
    assert [entry.reason for entry in result.unmapped] == ["not a figure"]
    assert len(result.facts) == 2


def test_a_dash_is_neither_a_fact_nor_unmapped() -> None:
    result = normalized(table([HEAD, ["205", "教育支出", "1.00", "—", "-"]], 1, title="支出总表"))
    assert len(result.facts) == 1
    assert result.unmapped == ()


def test_a_row_whose_name_means_nothing_is_a_fact_and_is_named_with_candidates() -> None:
    result = normalized(
        table([["部门预算支出经济科目名称", "合计"], ["工资福利支出", "2.00"], ["行政运行", "1.00"], ["神秘支出", "1.00"]], 1)
    )
    assert len(result.facts) == 3
    assert {entry.text for entry in result.unmapped} == {"行政运行", "神秘支出"}
    named = next(entry for entry in result.unmapped if entry.text == "行政运行")
    assert named.candidates
    assert all(len(candidate.code) == 7 for candidate in named.candidates)


def test_a_merged_figure_is_one_fact() -> None:
    rows = [
        ["单位代码", "单位（专项）名称", "资金总额", "一级指标", "指标值"],
        [Span("311001", rows=2), Span("河堤加固", rows=2), Span("3.00", rows=2), "产出指标", "3"],
        ["效益指标", "5"],
    ]
    result = normalized(table(rows, 1))
    assert [(entry.id, entry.project) for entry in result.facts] == [("t1/1/2", "河堤加固")]


def test_a_merged_cell_printed_again_after_a_page_break_is_a_duplicate() -> None:
    rows = [
        ["单位代码", "单位（专项）名称", "资金总额", "一级指标", "指标值"],
        ["311001", "河堤加固", "3.00", "产出指标", "3"],
        ["311001", "河堤加固", "3.00", "效益指标", "5"],
    ]
    broken = normalized(table(rows, 1, page_starts=(2,)))
    whole = normalized(table(rows, 1))
    assert [entry.duplicate_of for entry in broken.facts] == [None, "t1/1/2"]
    assert [entry.duplicate_of for entry in whole.facts] == [None, None]


def test_one_row_without_a_stub_is_coded_by_its_heads() -> None:
    rows = [["合计", "因公出国（境）费", "公务接待费", "机关运行经费"], ["3.00", "1.00", "2.00", "7.00"]]
    result = normalized(table(rows, 1, title="“三公”经费和机关运行经费表"))
    assert [entry.line for entry in result.facts] == [
        "three_public.total",
        "three_public.abroad",
        "three_public.reception",
        "operating_costs",
    ]


def test_a_heading_above_an_untitled_table_is_its_title() -> None:
    made = table([HEAD, ["205", "教育支出", "1.00", "1.00", ""]], 1)
    near = normalized(made, text=[heading("五、一般公共预算支出预算表", bbox=(0, 60, 90, 76))])
    far = normalized(made, text=[heading("五、一般公共预算支出预算表", bbox=(0, -40, 90, -24))])
    assert (near.forms[0].form, near.forms[0].title) == ("general_budget_expenditure", "一般公共预算支出预算表")
    assert far.forms[0].form == "expenditure_summary"


def test_the_same_document_gives_the_same_bytes() -> None:
    extracted = document(table([HEAD, ["205", "教育支出", "1.00", "1.00", ""]], 1, title="支出总表"), text=["2031年部门预算1.00万元。"])
    first, second = (canonical_json(normalize_document(extracted, standard_catalogue())) for _ in range(2))
    assert first == second
    assert canonical_json(normalize_document(canonical_json(extracted), standard_catalogue())) == first


def test_every_function_of_the_facts_has_its_place_in_cofog_beside_them() -> None:
    body = [["2080109", "社会保险经办机构", "1.00"], ["2210201", "住房公积金", "2.00"], ["2080177", "地方自设机构", "3.00"]]
    result = normalized(table([["科目编码", "科目名称", "合计"], *body], 1, title="支出总表"))
    links = {link.function: link for link in result.cofog}
    assert list(links) == ["2080109", "2080177", "2210201"]
    assert (links["2210201"].code, links["2210201"].confidence, links["2210201"].rivals) == ("10.6", "ambiguous", ("06.1",))
    assert (links["2080109"].code, links["2080177"].code) == ("10.9", "04.1"), "a code of a province has the place of the code above it"
    assert links["2080177"].confidence == "broad"


def test_a_document_without_functions_has_no_places_in_cofog() -> None:
    result = normalized(table([["科目编码", "科目名称", "合计"], ["30101", "基本工资", "1.00"]], 1, title="一般公共预算基本支出表"))
    assert result.cofog == ()
