"""Forms to be laid over pages: columns, boxhead, and as many rows as the pages hold. Every row says something that no other row says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import count
from random import Random

from hard_rules import Cell

WORDS = (
    "道路养护", "绿化补植", "河道清淤", "设备检修", "校舍修缮", "档案整理", "图书购置", "疫苗采购", "消防演练", "垃圾清运",
    "路灯更换", "农机补贴", "防汛物资", "公厕改造", "信访接待", "数据迁移", "健康体检", "种子储备", "古树保护", "水质监测",
)  # fmt: skip
SENTENCES = (
    "完成辖区内主要干道两侧绿化带补植并按月巡查记录养护情况",
    "组织基层站所开展业务培训不少于十二场并建立参训人员台账",
    "对老旧管网分段检测并更换破损部分确保汛期排水通畅无积水",
    "委托专业机构对历年档案扫描著录并分类入库供群众免费查阅",
)
TITLES = ("收支总表", "支出预算表", "基本支出明细表", "项目支出表", "专项资金安排表", "政府采购表", "新增资产配置表", "对下补助明细表")
BUREAUS = ("云溪县林业局", "云溪县水务局", "青岚市档案馆", "青岚市路灯管理所", "白石区农机站", "白石区图书馆")
MEASURES = ("合计", "基本支出", "项目支出", "人员经费", "公用经费", "上年结转", "本年拨款", "单位资金")
NUMERALS = "零一二三四五六七八九"


def serial(number: int) -> str:
    """A number in ideographs, digit by digit."""
    return "".join(NUMERALS[int(digit)] for digit in str(number))


@dataclass
class Row:
    """A row: (col, colspan, text) of its cells; `tag` stands in no other row. Rows of one `group` share a merged cell in column 0 with its text."""

    cells: list[tuple[int, int, str]]
    tag: str
    group: int | None = None
    group_text: str = ""


@dataclass
class Form:
    """A form: labels, column widths in points, boxhead, and rows without end."""

    title: str
    widths: list[float]
    head: list[Cell]
    head_rows: int
    stub: int
    rows: Iterator[Row]
    number: str = ""
    entity: str = ""
    unit: str = "万元"
    notes: list[str] = field(default_factory=list)
    shape: str = ""

    def sibling(self, random: Random, **changes: object) -> Form:
        """Another form with the same columns and boxhead, and rows of its own from number 1; `changes` make its labels differ."""
        fresh = rows(random, self.shape, self.stub, len(self.widths) - self.stub, series=500)
        return replace(self, rows=fresh, **changes)  # type: ignore[arg-type]

    def total(self, random: Random, word: str = "合计") -> Row:
        """A row over the whole stub with figures in the others."""
        figures = [(col, 1, money(random)) for col in range(self.stub, len(self.widths))]
        return Row([(0, self.stub, word), *figures], "")


def money(random: Random) -> str:
    """A figure as printed."""
    value = random.uniform(1.0, 99999.0)
    return random.choice((f"{value:,.2f}", f"{value:,.2f}", f"{value:.2f}", "0.00", f"{value / 100:.2f}"))


def form(random: Random, shape: str, width: float, title: str = "", deep: bool | None = None, series: int = 0) -> Form:
    """A form that fills so many points across. Shapes: codes, names, ordinals, groups, sentences, pairs."""
    title = title or random.choice(TITLES)
    if shape == "sentences":
        stubs, wide, figures = ["序号", "项目", "主要内容"], [3.5, 10.0, 16.0], 1
    elif shape == "words":
        stubs, wide, figures = ["序号", "单位名称", "单位性质", "备注"], [3.5, 12.0, 12.0, 10.0], 0
    else:
        stubs, wide = {
            "codes": (["科目编码", "科目名称"], [7.0, 13.0]),
            "names": (["项目"], [15.0]),
            "ordinals": (["序号", "项目名称"], [3.5, 14.0]),
            "groups": (["单位", "项目"], [9.5, 12.0]),
        }[shape]
        figures = random.randint(2, 5)
    wide = wide + [random.uniform(7.0, 9.0) for _ in range(figures)]
    widths = [round(w * width / sum(wide), 1) for w in wide]
    names = random.sample(MEASURES, figures)
    head, depth = boxhead(stubs, names, (random.random() < 0.5 if deep is None else deep) and figures >= 2)
    return Form(title, widths, head, depth, len(stubs), rows(random, shape, len(stubs), figures, series), shape=shape)


def boxhead(stubs: list[str], names: list[str], deep: bool) -> tuple[list[Cell], int]:
    """Headings in one row, or in two where the figures stand under a common heading."""
    if not deep:
        return [(0, k, 1, 1, text) for k, text in enumerate(stubs + names)], 1
    upper = [(0, k, 2, 1, text) for k, text in enumerate(stubs)] + [(0, len(stubs), 1, len(names), "本年支出")]
    return sorted(upper + [(1, len(stubs) + k, 1, 1, text) for k, text in enumerate(names)]), 2


def rows(random: Random, shape: str, stub: int, figures: int, series: int = 0) -> Iterator[Row]:
    """Rows without end; `series` keeps the names of two forms apart."""
    group, left, of_group = 0, 0, ""
    for number in count(1):
        name = random.choice(WORDS) + serial(series + number)
        amounts = [(stub + k, 1, money(random) if random.random() < 0.85 else "") for k in range(figures)]
        if shape == "codes":
            yield Row([(0, 1, str(2010000 + number)), (1, 1, name), *amounts], name)
        elif shape == "names":
            yield Row([(0, 1, name), *amounts], name)
        elif shape == "ordinals":
            yield Row([(0, 1, str(number)), (1, 1, name), *amounts], name)
        elif shape == "sentences":
            said = "".join(random.sample(SENTENCES, random.randint(1, 3)))
            yield Row([(0, 1, str(number)), (1, 1, name), (2, 1, said), (3, 1, money(random))], name)
        elif shape == "words":
            kinds = (random.choice(("行政", "参公事业", "公益一类")), random.choice(("", "", "已公开")))
            yield Row([(0, 1, str(number)), (1, 1, name), (2, 1, kinds[0]), (3, 1, kinds[1])], name)
        else:
            if left == 0:
                group, left, of_group = group + 1, random.randint(2, 7), random.choice(BUREAUS)[3:] + serial(series + group + 1)
            left -= 1
            yield Row([(1, 1, name), *amounts], name, group, of_group)


def pairs(random: Random, width: float, number: int, most: int = 12) -> tuple[list[float], list[Cell]]:
    """A form of label-value pairs with at most so many indicators: widths and cells."""
    name = random.choice(WORDS) + serial(number)
    cells: list[Cell] = [
        (0, 0, 1, 1, "项目名称"), (0, 1, 1, 3, name),
        (1, 0, 1, 1, "主管部门"), (1, 1, 1, 1, random.choice(BUREAUS)), (1, 2, 1, 1, "实施单位"), (1, 3, 1, 1, random.choice(BUREAUS)),
        (2, 0, 1, 1, "资金总额"), (2, 1, 1, 3, money(random)),
        (3, 0, 1, 1, "年度目标"), (3, 1, 1, 3, random.choice(SENTENCES)),
        (4, 0, 1, 1, "一级指标"), (4, 1, 1, 1, "二级指标"), (4, 2, 1, 1, "三级指标"), (4, 3, 1, 1, "指标值"),
    ]  # fmt: skip
    for k in range(random.randint(3, most)):
        row = 5 + k
        cells += [
            (row, 0, 1, 1, "产出指标"),
            (row, 1, 1, 1, "数量指标"),
            (row, 2, 1, 1, random.choice(WORDS) + "次数"),
            (row, 3, 1, 1, f"≥{k + 2}次"),
        ]
    return [round(width * part, 1) for part in (0.18, 0.3, 0.22, 0.3)], cells
