"""What stands in generated tables: stubs with levels and totals, figures, texts, boxheads with spans. Departments and names are made up."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

Cell = tuple[int, int, int, int, str]
"""(row, col, rowspan, colspan, text)."""

NAMES = (
    "工资福利支出",
    "基本工资",
    "津贴补贴",
    "绩效工资",
    "社会保障缴费",
    "住房公积金",
    "商品和服务支出",
    "办公费",
    "水费",
    "差旅费",
    "因公出国（境）费用",
    "公务接待费",
    "信息网络及软件购置更新",
    "对个人和家庭的补助",
    "离休费",
    "机关事业单位基本养老保险缴费支出",
    "其他一般公共服务支出",
    "行政运行",
    "卫生健康支出",
    "事业单位医疗",
    "政府采购服务项目经费（含上年结转部分）",
    "资本性支出",
)
GROUPS = ("一、人员经费", "二、公用经费", "三、项目支出", "四、对附属单位补助支出", "五、上缴上级支出")
HEADS = (
    "合计",
    "小计",
    "基本支出",
    "项目支出",
    "财政拨款",
    "事业收入",
    "经营收入",
    "其他收入",
    "上年结转",
    "年初预算数",
    "调整预算数",
    "决算数",
    "预算数",
    "一般公共预算财政拨款",
    "政府性基金",
    "比上年增减",
    "完成率",
)
OVER = ("本年支出", "本年收入", "财政拨款", "2025年预算", "2024年决算数", "资金来源", "其中")
INCOME = (
    "一、一般公共预算拨款收入",
    "二、政府性基金拨款收入",
    "三、事业收入",
    "四、经营收入",
    "五、附属单位上缴收入",
    "六、其他收入",
    "上年结转",
)
SPENDING = (
    "一、一般公共服务支出",
    "二、公共安全支出",
    "三、教育支出",
    "四、科学技术支出",
    "五、社会保障和就业支出",
    "六、卫生健康支出",
    "七、节能环保支出",
    "八、城乡社区支出",
    "九、农林水支出",
    "结转下年",
)
UNITS = ("云桥镇财政所", "白石县图书馆", "青溪区气象局", "东岭市档案馆", "南坪县体育中心", "长河区园林站")
REMARKS = ("按月支付", "已完成", "年内竣工", "分两年安排，本年为第一年", "待批复后执行", "跨年度项目，余款结转下年使用", "无")
ASSETS = ("房屋", "车辆", "服务器", "办公家具", "图书档案", "专用仪器设备")


@dataclass
class Plan:
    """A table before it is set. `texts`: columns of words; `most`: widest a column gets, in ems; `levels`: indent per body row;
    `borders`: columns before which a vertical rule may stand."""

    kind: str
    head: list[Cell]
    head_rows: int
    body: list[list[str]]
    texts: set[int]
    most: list[float]
    levels: list[int] = field(default_factory=list)
    borders: list[int] = field(default_factory=list)

    @property
    def columns(self) -> int:
        return len(self.most)

    def indent(self, row: int, col: int) -> float:
        """Indent of a stub's name in ems."""
        return float(self.levels[row]) if col == 0 and 0 <= row < len(self.levels) else 0.0

    def cells(self) -> list[Cell]:
        """All cells in reading order."""
        body = [(self.head_rows + r, c, 1, 1, text) for r, row in enumerate(self.body) for c, text in enumerate(row)]
        return sorted(self.head) + body


def plan(random: Random) -> Plan:
    """A table of one of three kinds."""
    return random.choice((budget, budget, budget, halves, texts))(random)


def figure(random: Random, kind: str) -> str:
    """A figure as a column of its kind prints it."""
    if random.random() < 0.06:
        return random.choice(("—", "0.00", "-"))
    value = random.choice((9.0, 99.0, 999.0, 99999.0)) * random.random()
    if kind == "percent":
        return f"{random.uniform(-40, 180):.2f}%"
    if kind == "whole":
        return f"{int(value * 100):,}"
    sign = "-" if random.random() < 0.08 else ""
    return f"{sign}{value:,.2f}"


def budget(random: Random) -> Plan:
    """A stub, 2–10 columns of figures, group rows, totals."""
    figures = random.choice((2, 3, 4, 5, 6, 8, 10))
    codes = random.random() < 0.25
    stub = 2 if codes else 1
    kinds = [random.choice(("money", "money", "money", "whole", "percent")) for _ in range(figures)]
    rows = random.choice((3, 5, 8, 12, 20, 45))
    body, levels = [], []
    sparse = random.choice((0.0, 0.1, 0.3))
    empty = random.randrange(figures) if random.random() < 0.15 else -1
    grouped = random.random() < 0.4 and not codes
    for k in range(rows):
        if grouped and k % 5 == 0:
            body.append(
                [GROUPS[k // 5 % len(GROUPS)], *([""] * figures if random.random() < 0.6 else _figures(random, kinds, sparse, empty))]
            )
            levels.append(0)
            continue
        name = random.choice(NAMES)
        code = [f"{random.randint(201, 229)}{random.randint(1, 20):02d}{random.randint(1, 99):02d}"] if codes else []
        body.append([*code, name, *_figures(random, kinds, sparse, empty)])
        levels.append(random.choice((1, 1, 2)) if grouped else 0)
    if random.random() < 0.6:
        body.append([*([""] * (stub - 1)), random.choice(("合计", "总计", "合　计")), *_figures(random, kinds, 0.0, empty)])
        levels.append(0)
    head, depth = boxhead(random, stub, figures)
    most = [8.0] * (stub - 1) + [random.choice((7.0, 9.0, 12.0, 20.0))] + [random.choice((4.0, 6.0, 12.0))] * figures
    return Plan("budget", head, depth, body, set(range(stub)), _wide(most, body, stub), levels if stub == 1 else [], [stub])


def _wide(most: list[float], body: list[list[str]], stub: int) -> list[float]:
    """Figures never wrap: their columns may be as wide as they need."""
    return [m if k < stub else max(m, *(0.62 * len(row[k]) for row in body)) for k, m in enumerate(most)]


def _figures(random: Random, kinds: list[str], sparse: float, empty: int) -> list[str]:
    found = ["" if k == empty or random.random() < sparse else figure(random, kind) for k, kind in enumerate(kinds)]
    if not any(found):
        found[0 if empty else -1] = figure(random, kinds[0 if empty else -1])
    return found


def boxhead(random: Random, stub: int, figures: int) -> tuple[list[Cell], int]:
    """One or two levels (three where there is room); a spanning head over two to four columns."""
    stubs = ["科目编码", "科目名称"] if stub == 2 else [random.choice(("项目", "科目", "支出项目"))]
    names = random.sample(HEADS, figures)
    if figures < 3 or random.random() < 0.5:
        return [(0, k, 1, 1, text) for k, text in enumerate(stubs + names)], 1
    over = random.sample([name for name in OVER if name not in names], 3)
    cells: list[Cell] = [(0, k, 2, 1, text) for k, text in enumerate(stubs)]
    k = 0
    while k < figures:
        wide = random.choice((1, 2, 3)) if over and figures - k >= 2 else 1
        wide = min(wide, figures - k)
        if wide == 1:
            cells.append((0, stub + k, 2, 1, names[k]))
        else:
            cells.append((0, stub + k, 1, wide, over.pop()))
            cells += [(1, stub + j, 1, 1, names[j]) for j in range(k, k + wide)]
        k += wide
    if all(cell[2] == 2 for cell in cells):
        return [(0, c, 1, 1, text) for _, c, _, _, text in cells], 1
    return cells, 2


def halves(random: Random) -> Plan:
    """Income at the left, spending at the right."""
    rows = random.choice((6, 8, 10))
    body = []
    left, right = list(INCOME), list(SPENDING)
    for k in range(rows):
        income = left[k] if k < len(left) and k < rows - 1 else ""
        spending = right[k] if k < len(right) else ""
        body.append(
            [
                income,
                figure(random, "money") if income and random.random() < 0.8 else "",
                spending,
                figure(random, "money") if random.random() < 0.8 and spending else "",
            ]
        )
    body[0][1], body[0][3] = figure(random, "money"), figure(random, "money")
    body.append(["本年收入合计", figure(random, "money"), "本年支出合计", figure(random, "money")])
    names = ["项目", random.choice(("预算数", "金额")), "项目", random.choice(("预算数", "金额"))]
    if random.random() < 0.6:
        head: list[Cell] = [(0, 0, 1, 2, "收入"), (0, 2, 1, 2, "支出")] + [(1, k, 1, 1, text) for k, text in enumerate(names)]
        depth = 2
    else:
        head, depth = [(0, k, 1, 1, text) for k, text in enumerate(names)], 1
    narrow = random.choice((8.0, 20.0))
    return Plan("halves", head, depth, body, {0, 2}, _wide_halves(narrow, body), [], [2])


def _wide_halves(narrow: float, body: list[list[str]]) -> list[float]:
    return [narrow, max(6.0, *(0.62 * len(row[1]) for row in body)), narrow, max(6.0, *(0.62 * len(row[3]) for row in body))]


def texts(random: Random) -> Plan:
    """Names, codes, words, one or two figures, remarks that wrap."""
    rows = random.choice((3, 5, 9, 14))
    body = []
    for k in range(rows):
        remark = random.choice((*REMARKS, "", ""))
        count = str(random.randint(1, 48))
        body.append([str(k + 1), random.choice(UNITS), random.choice(ASSETS), count, figure(random, "money"), remark])
    heads = ["序号", "单位名称", "资产类别", "数量", "账面价值", "备注"]
    kept = [0, 1, 2, 3, 4, 5] if random.random() < 0.5 else [1, 2, 4, 5]
    body = [[row[c] for c in kept] for row in body]
    if not any(row[-1] for row in body):
        body[0][-1] = REMARKS[3]
    head: list[Cell] = [(0, k, 1, 1, heads[c]) for k, c in enumerate(kept)]
    most = {0: 3.0, 1: 9.0, 2: 7.0, 3: 4.0, 4: 8.0, 5: random.choice((7.0, 14.0))}
    words = {k for k, c in enumerate(kept) if c in (0, 1, 2, 5)}
    return Plan("texts", head, 1, body, words, [most[c] for c in kept], [], [1])
