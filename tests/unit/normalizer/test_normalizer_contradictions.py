"""A printed code beside another code's name is said, and nothing that has an explanation."""

from __future__ import annotations

import pytest
from msgspec import UNSET

from services.normalizer.adapters.catalogue_files import standard_catalogue
from services.normalizer.domain.contradictions import is_name_of
from shared.contracts.extracted import Table
from shared.contracts.normalized import CodeContradiction
from tests.unit.normalizer.normalizer_tables import Span, normalized, table

HEAD = ["科目编码", "科目名称", "合计", "基本支出", "项目支出"]
GOOD = [
    ["", "合计", "100.00", "90.00", "10.00"],
    ["208", "社会保障和就业支出", "80.00", "70.00", "10.00"],
    ["20801", "人力资源和社会保障管理事务", "50.00", "40.00", "10.00"],
    ["2080109", "社会保险经办机构", "50.00", "40.00", "10.00"],
    ["20805", "行政事业单位养老支出", "30.00", "30.00", ""],
    ["2080505", "机关事业单位基本养老保险缴费支出", "30.00", "30.00", ""],
    ["221", "住房保障支出", "20.00", "20.00", ""],
    ["22102", "住房改革支出", "20.00", "20.00", ""],
    ["2210201", "住房公积金", "20.00", "20.00", ""],
]


def form(changes: dict[int, tuple[str, str]], year: int | None = 2025, table_id: str = "t1") -> Table:
    """A form of expenditure with other codes and names in some rows."""
    body = [[*changes.get(row, tuple(texts[:2])), *texts[2:]] for row, texts in enumerate(GOOD)]
    title = f"{year}年部门支出预算总表" if year else "支出总表"
    return table([HEAD, *body], 1, title=title, table_id=table_id)


def said(*tables: Table) -> list[CodeContradiction]:
    """The contradictions of a document."""
    rows = [row for each in normalized(*tables).forms for one in each.lists for row in one.rows]
    return [row.contradiction for row in rows if row.contradiction is not UNSET]


def test_codes_beside_their_own_names_contradict_nothing() -> None:
    assert said(form({})) == []


def test_a_code_beside_another_codes_name_is_said_with_both() -> None:
    (one,) = said(form({5: ("2080505", "住房公积金")}))
    assert (one.chart, one.code, one.name, one.printed) == ("function", "2080505", "机关事业单位基本养老保险缴费支出", "住房公积金")
    assert [candidate.code for candidate in one.meant] == ["2210201"]


def test_the_sums_tell_that_the_code_is_right_and_the_name_is_not() -> None:
    (one,) = said(form({5: ("2080505", "住房公积金")}))
    assert one.supports == "code"


def test_the_sums_tell_that_the_name_is_right_and_the_code_is_not() -> None:
    (one,) = said(form({8: ("2080506", "住房公积金")}))
    assert (one.code, one.supports) == ("2080506", "name")


def test_sums_say_nothing_where_both_codes_have_the_same_parent() -> None:
    (one,) = said(form({3: ("2080109", "劳动保障监察")}))
    assert one.supports is UNSET


@pytest.mark.parametrize(
    ("row", "code", "name", "why"),
    [
        (4, "20805", "行政事业单位离退休", "an earlier name"),
        (5, "2080505", "机关事业单位基本养老保险缴", "cut at the cell's edge"),
        (5, "2080505", "基本养老保险缴费支出", "shortened"),
        (5, "2080505", "机关事业单位基本养老保险缴费支出（在职）", "with an addition"),
        (5, "2080505", "机关事业单位基本养老保险激费支出", "a slip of the pen"),
        (5, "2080505", "养老代扣款", "no code's name"),
        (3, "2080199", "其他支出", "shortened to what is another code's name"),
        (3, "2080177", "住房公积金", "the code of a province"),
        (3, "2080109", "人力资源和社会保障管理事务", "the name of the code above it"),
        (1, "208", "青石县人力资源和社会保障局", "a unit"),
        (5, "2080505", "", "no name"),
    ],
)
def test_what_has_an_explanation_is_no_contradiction(row: int, code: str, name: str, why: str) -> None:
    assert said(form({row: (code, name)})) == [], why


def test_names_that_differ_by_a_word_are_two_names() -> None:
    body = [["210", "卫生健康支出", "9.00"], ["21011", "行政事业单位医疗", "9.00"], ["2101101", "事业单位医疗", "9.00"]]
    (one,) = said(table([["科目编码", "科目名称", "合计"], *body], 1, title="2025年支出总表"))
    assert (one.code, [candidate.code for candidate in one.meant]) == ("2101101", ["2101102"])


def test_codes_of_units_in_the_code_column_contradict_nothing() -> None:
    head = [
        [Span("功能科目", cols=3), Span("科目编码", rows=2), Span("科目名称", rows=2), Span("合计", rows=2)],
        ["类", "款", "项"],
    ]
    body = [
        ["", "", "", "", "合计", "9.00"],
        ["", "", "", "221", "青石县房产局", "9.00"],
        ["", "", "", "221001", "青石县房产局", "9.00"],
        ["221", "02", "01", "221001", "住房公积金", "9.00"],
    ]
    assert said(table([*head, *body], 2, title="2025年支出预算分类汇总表")) == []


def test_a_catalogue_row_that_rests_on_general_knowledge_alone_accuses_nobody() -> None:
    codes = standard_catalogue().function.codes
    unproven = next(
        code for code in codes.values() if code.current and code.level == 3 and not code.attested and code.code.startswith("208")
    )
    assert said(form({5: (unproven.code, "住房公积金")})) == []


def test_documents_older_than_the_present_names_are_not_held_to_them() -> None:
    changes = {5: ("2080505", "住房公积金")}
    assert said(form(changes, 2016)) == []
    assert said(form(changes, None)) == []
    assert len(said(form(changes, 2019))) == 1


def test_a_list_in_which_most_rows_contradict_is_read_wrongly_or_of_another_edition() -> None:
    names = [texts[1] for texts in GOOD]
    shifted = {row: (GOOD[row][0], names[row - 1]) for row in range(3, 9)}
    assert said(form(shifted)) == []


def test_economic_classes_are_compared_too() -> None:
    body = [["301", "工资福利支出", "9.00"], ["30101", "奖金", "5.00"], ["30102", "津贴补贴", "4.00"]]
    (one,) = said(table([["科目编码", "科目名称", "合计"], *body], 1, title="2025年一般公共预算基本支出表"))
    assert (one.chart, one.code, one.printed, [candidate.code for candidate in one.meant]) == ("economic", "30101", "奖金", ["30103"])


def test_a_number_that_once_meant_what_is_printed_explains_the_name() -> None:
    chart = standard_catalogue().economic
    assert is_name_of(chart, "30701", "国库券付息")
    assert not is_name_of(chart, "30701", "住房公积金")


def test_a_code_that_only_older_sources_show_contradicts_where_the_document_itself_knows_it() -> None:
    codes = standard_catalogue().function.codes
    older = next(code for code in codes.values() if code.current and code.attested and not code.recent and code.code.startswith("20801"))
    wrong = form({5: (older.code, "住房公积金"), 8: ("2210201", "住房公积金")})
    without = form({5: (older.code, "住房公积金"), 8: ("2210203", "购房补贴")})
    properly = form({5: (older.code, older.name), 8: ("2210203", "购房补贴")}, table_id="t2")
    assert said(without) == [], "the edition that the document follows may be another one"
    assert [one.code for one in said(wrong)] == [older.code], "the document prints the name beside its own code"
    assert [one.code for one in said(without, properly)] == [older.code], "another form prints the code beside its own name"
