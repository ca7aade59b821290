"""Codes by names: in their place, by the level that other rows tell, by the neighbours' codes, and in spite of a slip of the pen."""

from __future__ import annotations

import pytest

from services.normalizer.adapters.catalogue_files import standard_catalogue
from services.normalizer.domain.charts import Chart, Code
from services.normalizer.domain.spelling import is_slip, loosened, nearest, slips_allowed, telling_differences
from shared.contracts.normalized import Row
from tests.unit.normalizer.normalizer_tables import Span, form_of, normalized, rows_of, table

FUNCTIONS = [["功能科目名称", "合计", "基本支出", "项目支出"]]


def coded(body: list[list[str | Span]], head: list[list[str]] = FUNCTIONS) -> list[Row]:
    return list(form_of([*head, *body], 1).lists[0].rows)


def functions(*names: str | Span) -> list[str | None]:
    return [row.function for row in coded([[name, "1.00", "1.00", ""] for name in names])]


def test_a_section_and_its_item_of_the_same_name_are_told_by_their_order() -> None:
    names = ("社会保障和就业支出", "其他社会保障和就业支出", "其他社会保障和就业支出", "卫生健康支出")
    assert functions(*names) == ["208", "20899", "2089999", "210"]


def test_where_only_items_are_printed_below_a_class_the_name_is_the_item_s() -> None:
    def item(name: str) -> Span:
        return Span(name, indent=2.0)

    names = ("社会保障和就业支出", item("行政单位离退休"), item("社会保险经办机构"), item("其他社会保障和就业支出"))
    assert functions(*names) == ["208", "2080501", "2080109", "2089999"]


def test_a_slip_of_the_pen_below_a_known_section_is_read_with_less_confidence_and_says_as_what() -> None:
    rows = coded(
        [[name, "1.00", "1.00", ""] for name in ("社会保障和就业支出", "人力资源和社会保障管理事务", "社会保险经办机够", "劳动保障监察")]
    )
    assert [row.function for row in rows] == ["208", "20801", "2080109", "2080105"]
    assert rows[2].read_as == "社会保险经办机构"
    assert rows[2].confidence < rows[3].confidence


def test_missing_brackets_are_no_other_name() -> None:
    rows = coded([[name, "1.00", "1.00", ""] for name in ("一般公共服务支出", "政府办公厅室及相关机构事务", "行政运行")])
    assert [row.function for row in rows] == ["201", "20103", "2010301"]


def test_full_width_digits_and_brackets_are_the_same_code_and_name() -> None:
    rows = coded([["２０１０３", "政府办公厅(室)及相关机构事务", "1.00", ""]], [["科目编码", "科目名称", "合计", "基本支出"]])
    assert (rows[0].function, rows[0].code_from, rows[0].confidence) == ("20103", "printed", 1.0)


def siblings() -> Chart:
    codes = [
        Code("208", "保障支出", 1, None, True),
        Code("20801", "在职人员抚恤补助", 2, "208", True),
        Code("20802", "离职人员抚恤补助", 2, "208", True),
        Code("20803", "中央财政补助支出", 2, "208", True),
        Code("20804", "水利设施维修养护", 2, "208", True),
    ]
    return Chart.build("function", codes, [], (3, 5, 7), "2")


def test_a_name_as_near_to_a_sibling_as_to_the_next_one_is_left_open() -> None:
    chart = siblings()
    assert chart.by_spelling("存职人员抚恤补助", ("208",)) is None
    assert [near.name for near in chart.near("存职人员抚恤补助", ("208",), slips=2)] == ["在职人员抚恤补助", "离职人员抚恤补助"]


@pytest.mark.parametrize("name", ["地方财政补助支出", "其他水利设施维修养护", "外水利设施维修养护", "水利设施维修", "水利", ""])
def test_another_word_is_no_slip(name: str) -> None:
    assert siblings().by_spelling(name, ("208",)) is None


def test_a_single_near_name_is_taken_for_a_slip() -> None:
    hit = siblings().by_spelling("水利设施维修养扩", ("208",))
    assert hit is not None
    assert (hit.code, hit.read_as) == ("20804", "水利设施维修养护")
    assert siblings().by_spelling("水利设施维修养扩", ()) is None, "a slip is forgiven in a known place only"


def test_a_slip_between_siblings_is_listed_with_its_candidates() -> None:
    # 国内债务付息 and 国外债务付息 differ by one character: 国夕债务付息 may be either.
    body = [["债务利息及费用支出", "5.00"], ["国夕债务付息", "5.00"]]
    result = normalized(table([["部门预算支出经济分类科目名称", "合计"], *body], 1, title="一般公共预算基本支出表"))
    (row,) = [row for row in result.forms[0].lists[0].rows if row.label == "国夕债务付息"]
    assert row.economic is None
    (open_,) = [entry for entry in result.unmapped if entry.text == "国夕债务付息"]
    assert {candidate.code for candidate in open_.candidates} == {"30701", "30702"}


def test_a_cut_name_printed_twice_is_told_by_the_codes_around_it() -> None:
    names = ["机关工资福利支出", "机关商品和服务支出", "机关资本性支出", "机关资本性支出", "对事业单位经常性补助"]
    rows = coded(
        [[f"{number}、{name}", "1.00"] for number, name in zip("一二三四五", names, strict=True)],
        [["政府预算支出经济分类科目名称", "合计"]],
    )
    assert [row.gov_economic for row in rows] == ["501", "502", "503", "504", "505"]
    assert rows[3].code_from == "position"
    assert rows[3].confidence < rows[2].confidence


def test_a_name_twice_in_a_list_out_of_order_stays_what_it_says() -> None:
    names = ["对事业单位经常性补助", "机关资本性支出", "机关资本性支出", "对企业补助"]
    rows = coded(
        [[f"{number}、{name}", "1.00"] for number, name in zip("一二三四", names, strict=True)], [["政府预算支出经济分类科目名称", "合计"]]
    )
    assert [row.gov_economic for row in rows] == ["505", "503", "503", "507"]


def test_a_second_name_beside_the_code_of_a_unit_is_its_project() -> None:
    body = [["205001", "青石县教育局", "9.00"], ["205001", "新建图书馆", "4.00"], ["205001", "校园安保", "5.00"]]
    rows = rows_of(form_of([["单位代码", "单位（项目）名称", "资金总额"], *body], 1, title="项目支出绩效目标表"))
    assert [rows[name].role for name in ("青石县教育局", "新建图书馆", "校园安保")] == ["unit", "item", "item"]
    assert rows["新建图书馆"].project == "新建图书馆"


def test_economic_lists_side_by_side_are_read_below_their_classes() -> None:
    body = [
        ["工资福利支出", "9.00", "商品和服务支出", "3.00"],
        ["基本工资", "9.00", "会议费", "1.00"],
        ["对个人和家庭的补助", "2.00", "公务接待费", "2.00"],
        ["离休费", "2.00", "资本性支出", "4.00"],
        ["", "", "办公设备购置", "4.00"],
        ["", "", "其他支出", "5.00"],
        ["", "", "其他支出", "5.00"],
    ]
    head = [[Span("人员经费", cols=2), Span("公用经费", cols=2)], ["科目名称", "决算数", "科目名称", "决算数"]]
    lists = form_of([*head, *body], 2, title="一般公共预算财政拨款基本支出决算表").lists
    assert [row.economic for row in lists[0].rows if row.role == "item"] == ["301", "30101", "303", "30301"]
    assert [row.economic for row in lists[1].rows] == ["302", "30215", "30217", "310", "31002", "399", "39999"]


def test_a_column_of_codes_that_is_blank_does_not_say_what_the_list_is_of() -> None:
    body = [["", "工资福利支出", "9.00"], ["", "基本工资", "5.00"], ["", "绩效工资", "4.00"]]
    form = form_of([["科目代码", "科目名称", "决算数"], *body], 1, title="一般公共预算基本支出表")
    assert form.lists[0].kind == "economic"
    assert [row.economic for row in form.lists[0].rows] == ["301", "30101", "30107"]


def test_a_cut_name_that_fits_the_section_and_the_class_is_left_open() -> None:
    # 其他国防 may go on as 其他国防支出 (20399) or as 其他国防动员支出 (2030699).
    assert functions("国防支出", "国防动员", "兵役征集", "其他国防") == ["203", "20306", "2030601", None]


def test_a_name_of_another_class_is_less_sure() -> None:
    rows = coded([[name, "1.00", "1.00", ""] for name in ("社会保障和就业支出", "社会保险经办机构", "初中教育")])
    assert [row.function for row in rows] == ["208", "2080109", "2050203"]
    assert (rows[1].confidence, rows[2].confidence) == (0.98, 0.7)


def test_how_many_slips_a_name_may_have_grows_with_its_length() -> None:
    assert [slips_allowed("字" * length) for length in (1, 3, 4, 5, 9, 10, 30)] == [0, 0, 1, 1, 1, 2, 2]


def test_the_nearest_names_come_first() -> None:
    found = nearest("水利工程建没", ["水利工程建设", "水利工程建没有", "农田水利"], 2)
    assert [(near.name, near.slips) for near in found] == [("水利工程建没有", 1), ("水利工程建设", 1)]


def test_what_tells_two_names_apart_is_no_slip() -> None:
    telling = telling_differences(["东湖治理", "西湖治理", "湖治理"])
    assert frozenset("东西") in telling
    assert frozenset("东") in telling
    assert not is_slip("东河治理", "西河治理", telling)
    assert is_slip("东湖冶理", "东湖治理", telling)


def test_brackets_and_points_do_not_count() -> None:
    assert loosened("维修(护)费、养护-费") == "维修护费养护费"


def test_no_name_of_the_catalogue_is_taken_for_another_one() -> None:
    """Every name of a code, looked for as a misspelt one among its siblings, is found as itself or not at all."""
    for chart in (standard_catalogue().economic, standard_catalogue().gov_economic):
        for code in chart.codes.values():
            if code.parent and code.current:
                hit = chart.by_spelling(code.name, (code.parent,))
                assert hit is None or hit.code == code.code, code


EXPENDITURE = [
    ["205", "教育支出", "9.00"],
    ["20501", "教育管理事务", "9.00"],
    ["2050101", "行政运行", "6.00"],
    ["2050177", "校园驿站建设", "3.00"],
]


def test_a_name_that_the_document_prints_beside_a_code_elsewhere_is_that_code() -> None:
    coded_form = table([["科目编码", "科目名称", "合计"], *EXPENDITURE], 1, title="支出总表")
    names = [["功能科目名称", "合计", "基本支出"], ["行政运行", "6.00", "6.00"], ["校园驿站建设", "3.00", ""]]
    alone = table(names, 1, title="支出明细表", table_id="t2", page=2)
    rows = rows_of(normalized(coded_form, alone).forms[1])
    assert [rows[name].function for name in ("行政运行", "校园驿站建设")] == ["2050101", "2050177"]
    assert rows_of(normalized(alone).forms[0])["行政运行"].function is None, "the catalogue alone cannot tell which 行政运行"


def test_a_name_that_the_document_prints_beside_two_codes_is_left_open() -> None:
    more = [*EXPENDITURE, ["210", "卫生健康支出", "1.00"], ["21001", "卫生健康管理事务", "1.00"], ["2100101", "行政运行", "1.00"]]
    coded_form = table([["科目编码", "科目名称", "合计"], *more], 1, title="支出总表")
    alone = table(
        [["功能科目名称", "合计", "基本支出"], ["行政运行", "6.00", "6.00"], ["初中教育", "1.00", ""]],
        1,
        title="明细表",
        table_id="t2",
        page=2,
    )
    assert rows_of(normalized(coded_form, alone).forms[1])["行政运行"].function is None


def test_a_code_beside_another_codes_name_teaches_nothing() -> None:
    wrong = [["205", "教育支出", "9.00"], ["2050203", "校园驿站建设", "9.00"]]
    coded_form = table([["科目编码", "科目名称", "合计"], *wrong], 1, title="支出总表")
    alone = table([["功能科目名称", "合计"], ["校园驿站建设", "9.00"], ["初中教育", "1.00"]], 1, title="明细表", table_id="t2", page=2)
    assert rows_of(normalized(coded_form, alone).forms[1])["校园驿站建设"].function is None


def test_a_heading_with_a_slip_is_read_beside_its_neighbours_with_less_confidence() -> None:
    heads = ["科目名称", "合计", "基本工资", "津贴补贴", "绩效工资", "机关事业单位基本养老保险激费"]
    made = normalized(table([heads, ["行政运行", "9.00", "1.00", "2.00", "3.00", "3.00"]], 1, title="人员经费（工资福利支出）表"))
    assert [column.economic for column in made.forms[0].columns if column.money] == [None, "30101", "30102", "30107", "30108"]
    by_code = {fact.economic: fact.confidence for fact in made.facts}
    assert by_code["30108"] < by_code["30101"]
