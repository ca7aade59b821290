"""What the subjects of a narrative name in the tables."""

from __future__ import annotations

import pytest
from msgspec import structs
from validator_documents import Block, Line, Paper, by_function, document, economic, item, total

from services.validator.adapters.rules_files import load_rules
from services.validator.domain.sheet import read_book
from services.validator.domain.subjects import Dictionary, Meaning, Named, name_key, plain_name, read_subject

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


@pytest.mark.parametrize(
    ("printed", "plain"),
    [
        ("　“ 三公 ”经费", "三公经费"),
        ("《支出表》", "支出表"),
        ("（一）基本支出", "基本支出"),
        ("其中：1.项目支出", "项目支出"),
        ("二、（三）教育", "教育"),
        ("1.5万", "1.5万"),
        ("Ａ１", "A1"),
    ],
)
def test_a_name_is_plain_without_signs_and_ordinals(printed: str, plain: str) -> None:
    assert plain_name(printed) == plain


@pytest.mark.parametrize(
    ("printed", "key"),
    [
        ("教育支出（类）", "教育支出"),
        ("普通教育(20502)：", "普通教育"),
        ("教育支出(205)(类)、", "教育支出"),
        ("“三公”经费；", "三公经费"),
        ("因公出国（境）费", "因公出国(境)费"),
    ],
)
def test_names_are_the_same_but_for_codes_and_level_marks(printed: str, key: str) -> None:
    assert name_key(printed) == key


@pytest.mark.parametrize(
    ("subject", "core", "code", "above"),
    [
        ("教育支出（类）普通教育（款）行政运行（项）支出", "行政运行", None, ("教育支出", "普通教育")),
        ("教育支出（205）普通教育（款）行政运行（2050201）（项）", "行政运行", "205", ("教育支出普通教育",)),
        ("科学技术支出-科学技术管理事务－行政运行科目", "行政运行", None, ("科学技术支出", "科学技术管理事务")),
        ("教育支出（类）支出（款）", "教育支出", None, ()),
        ("教育支出（类）-普通教育（款）、行政运行（项）", "行政运行", None, ("教育支出", "普通教育")),
        ("教育支出（类）普通教育（款）科目", "普通教育", None, ("教育支出",)),
        ("教育支出（类）普通教育（款）预算支出", "普通教育", None, ("教育支出",)),
        ("—教育—", "教育", None, ()),
        ("(2050201)行政运行", "行政运行", "2050201", ()),
        ("2025年度某某局本级本年支出预算数", "支出", None, ()),
        ("某县某某局2025年度收入支出总计", "收入支出总计", None, ()),
        ("本部门2025年一般公共预算拨款安排的基本支出预算:年初", "一般公共预算拨款安排的基本支出", None, ()),
        ("一般公共预算支出决算总计", "一般公共预算支出总计", None, ()),
        ("支出预算支出", "支出", None, ()),
        ("预算支出", "支出", None, ()),
        ("年初预算数", "年初预算数", None, ()),
        ("林业局支出", "支出", None, ()),
    ],
)
def test_a_subject_is_its_core_its_code_and_the_names_above_it(subject: str, core: str, code: str | None, above: tuple[str, ...]) -> None:
    assert read_subject(subject) == Named(core, code, above)


def looked_up(found: Meaning) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    """What a subject means: the facts meant, all others of the name, and whether it is certain, or blank in the tables."""
    said = " ".join(word for word, holds in (("certain", found.certain), ("blank", found.blank)) if holds)
    return tuple(figure.id for figure in found.figures), tuple(figure.id for figure in found.loose), said


@pytest.mark.parametrize(
    ("subject", "meant", "loose", "said"),
    [
        ("2025年某某局支出预算", ("t1/0/1", "t2/0/1"), ("t1/0/2", "t1/0/3", "t2/0/2", "t2/0/3"), "certain"),
        ("一般公共预算财政拨款支出", ("t2/0/1",), ("t1/0/1", "t1/0/2", "t1/0/3", "t2/0/2", "t2/0/3"), "certain"),
        ("政府性基金支出", (), ("t1/0/1", "t2/0/1", "t1/0/2", "t1/0/3", "t2/0/2", "t2/0/3"), ""),
        ("基本支出", ("t1/0/2", "t2/0/2"), ("t1/1/2", "t1/2/2", "t1/3/2", "t1/4/2", "t1/5/2"), "certain"),
        ("一般公共预算基本支出", ("t2/0/2",), ("t1/0/2", "t1/1/2", "t1/2/2", "t1/3/2", "t1/4/2", "t1/5/2"), "certain"),
        ("教育支出(类)普通教育(款)行政运行(项)", ("t1/3/1",), ("t1/3/2", "t1/3/3"), "certain"),
        ("科学技术支出(类)行政运行(项)", ("t1/5/1",), ("t1/5/2", "t1/5/3"), "certain"),
        ("没有的(类)行政运行(项)", ("t1/3/1", "t1/5/1"), ("t1/3/2", "t1/3/3", "t1/5/2", "t1/5/3"), "certain"),
        ("教育支出(类)没有的(项)", (), (), ""),
        ("行政运行", ("t1/3/1", "t1/3/2", "t1/3/3", "t1/5/1", "t1/5/2", "t1/5/3"), (), ""),
        ("教育", ("t1/1/1", "t1/1/2", "t1/1/3"), (), "certain"),
        ("教育经费", ("t1/1/1", "t1/1/2", "t1/1/3"), (), "certain"),
        ("普通教育(20502)", ("t1/2/1",), ("t1/2/2", "t1/2/3"), "certain"),
        ("普通教育(20503)", ("t1/2/1",), ("t1/2/2", "t1/2/3"), "certain"),
        ("三公经费", ("t4/0/1",), ("t4/1/1",), "certain"),
        ("公务接待费", ("t4/1/1",), (), "certain"),
        ("事业收入", (), ("t3/1/1", "t3/2/1"), "certain blank"),
        ("其他收入", ("t3/1/1",), ("t3/2/1",), "certain"),
        ("会议费", (), (), "blank"),
        ("支出预算情况:行政运行", ("t1/3/1", "t1/3/2", "t1/3/3", "t1/5/1", "t1/5/2", "t1/5/3"), (), ""),
        ("支出预算情况说明:支出预算", ("t1/0/1", "t2/0/1"), ("t1/0/2", "t1/0/3", "t2/0/2", "t2/0/3"), ""),
        ("没有(类)的:支出预算", (), (), ""),
        ("没有的:支出预算", ("t1/0/1", "t2/0/1"), ("t1/0/2", "t1/0/3", "t2/0/2", "t2/0/3"), ""),
        ("行政运行:支出预算", ("t1/3/1", "t1/3/2", "t1/3/3", "t1/5/1", "t1/5/2", "t1/5/3"), (), ""),
    ],
)
def test_what_a_subject_means_in_forms_of_several_scopes(
    dictionary: Dictionary, subject: str, meant: tuple[str, ...], loose: tuple[str, ...], said: str
) -> None:
    found = dictionary.look_up(subject)
    assert looked_up(found) == (meant, loose, said)
    assert found.all == found.figures + found.loose
    assert dictionary.look_up(subject) is found


BASIC = Paper(
    "t5",
    "basic_by_economic",
    [
        Block(
            "economic",
            ("合计=total", "人员经费=personnel", "公用经费=public"),
            (
                economic("301", "20.00", "20.00", ""),
                Line("会议费", ("3.00", "", "3.00"), economic="30215"),
                Line("退休费", ("0.00", "0.00", ""), economic="30302"),
                total("23.00", "20.00", "3.00"),
            ),
        )
    ],
    scope="general",
)
PROJECTS = Paper(
    "t6",
    "projects",
    [
        Block(
            "project",
            ("金额=amount",),
            (item("灯塔维护", "5.00", project="灯塔维护"), item("绿化费", "5.00", project="绿化费"), item("浮桥", "", project="浮桥")),
        )
    ],
)
COLUMNS = Paper(
    "t7",
    "three_public",
    [Block("unit", ("公务接待费=amount", "合计/培训费=amount", "备注=other"), (total("4.00", "2.00", "1.00"),))],
    changes={1: {"line": "three_public.reception"}, 2: {"economic": "30216"}, 3: {"money": False}},
)


@pytest.mark.parametrize(
    ("subject", "meant", "loose", "said"),
    [
        ("会议费", ("t5/1/1", "t5/1/3"), (), ""),
        ("会议费（30215）", ("t5/1/1",), ("t5/1/3",), "certain"),
        ("会议费（30216）", ("t5/1/1",), ("t5/1/3",), "certain"),
        ("退休费", ("t5/2/1", "t5/2/2"), (), "blank"),
        ("退休", ("t5/2/1", "t5/2/2"), (), ""),
        ("人员经费", ("t5/3/2",), ("t5/0/2", "t5/2/2"), "certain"),
        ("基本支出", ("t5/3/1",), ("t5/3/2", "t5/3/3"), "certain"),
        ("一般公共预算基本支出", ("t5/3/1",), ("t5/3/2", "t5/3/3"), "certain"),
        ("政府性基金基本支出", (), ("t5/3/1", "t5/3/2", "t5/3/3"), ""),
        ("灯塔维护", ("t6/0/1",), (), "certain"),
        ("绿化费", ("t6/1/1",), (), ""),
        ("浮桥", (), (), "blank"),
        ("公务接待费", ("t7/0/1",), (), "certain"),
        ("培训费", ("t7/0/2",), (), ""),
        ("备注", (), (), ""),
        ("科目301", ("t5/0/1", "t5/0/2"), (), ""),
    ],
)
def test_what_a_subject_means_by_codes_columns_and_projects(
    subject: str, meant: tuple[str, ...], loose: tuple[str, ...], said: str
) -> None:
    assert looked_up(Dictionary(read_book(document(BASIC, PROJECTS, COLUMNS)), load_rules()).look_up(subject)) == (meant, loose, said)


@pytest.mark.parametrize(("subject", "found"), [("水费", True), ("水", False), ("水支出", False), ("取暖", True), ("取暖经费支出", True)])
def test_a_name_without_its_last_word_is_known_unless_one_character_is_left(subject: str, found: bool) -> None:
    rows = (Line("水费", ("5.00", "", ""), economic="30205"), Line("取暖费", ("3.00", "", ""), economic="30208"))
    assert bool(Dictionary(read_book(document(by_function(*rows))), load_rules()).look_up(subject).all) is found


def test_an_item_named_by_its_path_may_be_blank_or_printed_in_a_part_only() -> None:
    rows = (Line("特殊教育", ("", "", ""), function="20507"), Line("职业教育", ("", "3.00", ""), function="20503"), *FUNCTIONS[1:2])
    dictionary = Dictionary(read_book(document(by_function(*rows))), load_rules())
    assert looked_up(dictionary.look_up("教育支出(类)特殊教育(款)")) == ((), (), "blank")
    assert looked_up(dictionary.look_up("教育支出(类)职业教育(款)")) == (("t1/1/2",), (), "certain")
    assert looked_up(dictionary.look_up("教育支出(205)")) == (("t1/2/1",), ("t1/2/2", "t1/2/3"), "certain")
    assert looked_up(dictionary.look_up("教育支出(类)成人教育(款)")) == ((), (), "")


def test_tables_whose_unit_is_in_doubt_or_unknown_name_nothing() -> None:
    doubting = Dictionary(read_book(document(BASIC, PROJECTS, COLUMNS)), load_rules(), frozenset({"t5", "t7"}))
    assert [bool(doubting.look_up(subject).all) for subject in ("会议费", "公务接待费", "培训费", "灯塔维护")] == [
        False,
        False,
        False,
        True,
    ]
    no_unit = Paper("t6", "projects", PROJECTS.blocks, unit=None)
    assert not Dictionary(read_book(document(no_unit)), load_rules()).look_up("灯塔维护").all


def test_a_cell_that_is_printed_again_is_no_second_figure_of_its_name() -> None:
    made = document(PROJECTS)
    facts = tuple(structs.replace(fact, label="灯塔维护", duplicate_of="t6/0/1") if fact.row == 1 else fact for fact in made.facts)
    found = Dictionary(read_book(structs.replace(made, facts=facts)), load_rules()).look_up("灯塔维护")
    assert [figure.id for figure in found.all] == ["t6/0/1"]


@pytest.mark.parametrize(
    ("subject", "known"),
    [
        ("2025年某某局支出预算", True),
        ("某某局年初预算收入总计", True),
        ("2025年度收入总计", True),
        ("“三公”经费支出", True),
        ("三公经费:年初", True),
        ("会议费", False),
        ("印刷费", False),
    ],
)
def test_some_names_are_those_that_tables_of_disclosures_print(subject: str, known: bool) -> None:
    assert Dictionary(read_book(document(PROJECTS)), load_rules()).names_total(subject) is known
