"""What the subjects of a narrative name in the tables."""

from __future__ import annotations

import pytest
from validator_documents import Block, Line, Paper, by_function, document, item, total

from services.validator.adapters.rules_files import load_rules
from services.validator.domain.sheet import read_book
from services.validator.domain.subjects import Dictionary, Meaning, read_subject

FUNCTIONS = (
    total("100.00", "60.00", "40.00"),
    Line("教育支出", ("80.00", "50.00", "30.00"), function="205"),
    Line("普通教育", ("80.00", "50.00", "30.00"), function="20502"),
    Line("行政运行", ("80.00", "50.00", "30.00"), function="2050201"),
    Line("科学技术支出", ("20.00", "10.00", "10.00"), function="206"),
    Line("行政运行", ("20.00", "10.00", "10.00"), function="2060101"),
)
INCOME = Paper(
    "t3",
    "income_summary",
    [
        Block(
            "income",
            ("金额=amount",),
            (item("事业收入", ""), item("其他收入", "7.00", line="income.other"), total("100.00", line="income_total")),
        )
    ],
    scope="all",
)
THREE = Paper(
    "t4",
    "three_public",
    [
        Block(
            "three_public",
            ("金额=amount",),
            (item("三公经费合计", "9.00", line="three_public.total"), item("公务接待费", "4.00", line="three_public.reception")),
        )
    ],
)


@pytest.fixture(scope="module")
def dictionary() -> Dictionary:
    papers = (
        by_function(*FUNCTIONS, table="t1", scope="all"),
        by_function(total("55.00", "35.00", "20.00"), table="t2", form="general_budget_expenditure", scope="general"),
        INCOME,
        THREE,
    )
    return Dictionary(read_book(document(*papers)), load_rules())


def amounts(meaning: Meaning) -> list[str]:
    return [str(figure.fact.amount) for figure in meaning.figures]


@pytest.mark.parametrize(
    ("subject", "nearest"),
    [
        ("2025年某某局支出预算", "100.00"),
        ("一般公共预算财政拨款支出", "55.00"),
        ("本部门2025年一般公共预算拨款安排的基本支出预算", "35.00"),
        ("基本支出", "60.00"),
        ("“教育支出（类）普通教育（款）行政运行（项）”", "80.00"),
        ("“科学技术支出-科学技术管理事务-行政运行”科目", "20.00"),
        ("教育支出(类)", "80.00"),
        ("普通教育(20502)", "80.00"),
        ("“三公”经费支出预算数", "9.00"),
        ("公务接待费支出:支出决算", "4.00"),
        ("2025年部门预算编制说明:支出预算", "100.00"),
        ("其他收入", "7.00"),
    ],
)
def test_a_subject_names_its_figure(dictionary: Dictionary, subject: str, nearest: str) -> None:
    assert amounts(dictionary.look_up(subject))[0] == nearest


@pytest.mark.parametrize("subject", ["印刷费", "某项新的专项经费", "", "教育支出(类)没有的(项)"])
def test_a_name_that_no_table_prints_names_nothing(dictionary: Dictionary, subject: str) -> None:
    assert dictionary.look_up(subject).all == []


def test_an_item_is_not_that_of_another_class(dictionary: Dictionary) -> None:
    codes = {figure.fact.function for figure in dictionary.look_up("教育支出(类)普通教育(款)行政运行(项)").all}
    assert codes == {"2050201"}


def test_a_line_without_a_figure_is_blank(dictionary: Dictionary) -> None:
    assert dictionary.look_up("事业收入").blank
    assert not dictionary.look_up("其他收入").blank


def test_only_names_that_can_mean_nothing_else_are_certain(dictionary: Dictionary) -> None:
    assert dictionary.look_up("教育支出").certain
    assert dictionary.look_up("2025年本部门收入预算").certain
    assert dictionary.look_up("其他收入").certain
    assert not dictionary.look_up("其他收入总计").certain
    assert not dictionary.look_up("会议费").certain


def test_a_subject_is_taken_apart() -> None:
    assert read_subject("教育支出(类)普通教育(款)行政运行(项)支出").above == ("教育支出", "普通教育")
    assert read_subject("一般公共预算支出").core == "一般公共预算支出"
    assert read_subject("机关事业单位基本养老保险缴费支出(2080505)").code == "2080505"
    assert read_subject("某县某某局2025年度收入支出总计").core == "收入支出总计"
