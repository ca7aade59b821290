"""Parts of made-up disclosures: amounts that add up, laid out as the forms of several provinces and of final accounts print them.

Amounts are whole cents of the form's unit; everything else (classes, sections, totals) is summed from the items, so that the documents are
consistent by construction: whatever a later stage says against them is wrong.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tests.unit.normalizer.normalizer_tables import Printed

Amounts = Sequence[int]
Items = Mapping[str, Amounts]

FUNCTIONS = {
    "201": "一般公共服务支出",
    "20103": "政府办公厅（室）及相关机构事务",
    "2010301": "行政运行",
    "2010302": "一般行政管理事务",
    "205": "教育支出",
    "20508": "进修及培训",
    "2050803": "培训支出",
    "208": "社会保障和就业支出",
    "20805": "行政事业单位养老支出",
    "2080501": "行政单位离退休",
    "2080505": "机关事业单位基本养老保险缴费支出",
    "2080506": "机关事业单位职业年金缴费支出",
    "210": "卫生健康支出",
    "21011": "行政事业单位医疗",
    "2101101": "行政单位医疗",
    "2101103": "公务员医疗补助",
    "213": "农林水支出",
    "21303": "水利",
    "2130301": "行政运行",
    "2130305": "水利工程建设",
    "2130306": "水利工程运行与维护",
    "212": "城乡社区支出",
    "21208": "国有土地使用权出让收入安排的支出",
    "2120804": "农村基础设施建设支出",
    "221": "住房保障支出",
    "22102": "住房改革支出",
    "2210201": "住房公积金",
    "2210203": "购房补贴",
}
ECONOMIC = {
    "301": "工资福利支出",
    "30101": "基本工资",
    "30102": "津贴补贴",
    "30103": "奖金",
    "30108": "机关事业单位基本养老保险缴费",
    "30109": "职业年金缴费",
    "30110": "职工基本医疗保险缴费",
    "30113": "住房公积金",
    "302": "商品和服务支出",
    "30201": "办公费",
    "30207": "邮电费",
    "30211": "差旅费",
    "30215": "会议费",
    "30216": "培训费",
    "30217": "公务接待费",
    "30231": "公务用车运行维护费",
    "30239": "其他交通费用",
    "303": "对个人和家庭的补助",
    "30302": "退休费",
    "30305": "生活补助",
    "310": "资本性支出",
    "31002": "办公设备购置",
}


def money(cents: int | None, *, zeros: bool = False) -> str:
    """An amount as printed: two digits after the point; blank for nothing (and for zero, unless `zeros`)."""
    if cents is None or (cents == 0 and not zeros):
        return ""
    return f"{cents / 100:.2f}"


def totals(items: Items) -> list[int]:
    """The columns' totals over all items."""
    return [sum(column) for column in zip(*items.values(), strict=True)]


def tree(items: Items, widths: Sequence[int] = (3, 5)) -> dict[str, list[int]]:
    """The items with the codes above them, in the order of codes, each with its sums."""
    found: dict[str, list[int]] = {}
    for code, amounts in sorted(items.items()):
        for key in (*(code[:width] for width in widths if width < len(code)), code):
            found[key] = [a + b for a, b in zip(found.get(key, [0] * len(amounts)), amounts, strict=True)]
    return dict(sorted(found.items()))


def code_rows(items: Items, names: Mapping[str, str], *, zeros: bool = False, narrow: bool = False) -> list[list[Printed]]:
    """Rows of code (whole, or 类 款 项 apart), name and amounts for every level."""
    rows: list[list[Printed]] = []
    for code, amounts in tree(items).items():
        printed = [code[:3], code[3:5], code[5:7]] if narrow else [code]
        rows.append([*printed, names[code], *(money(amount, zeros=zeros) for amount in amounts)])
    return rows


def total_row(label: Sequence[str], items: Items, *, zeros: bool = False) -> list[Printed]:
    """The row of totals behind a stub of labels."""
    return [*label, *(money(amount, zeros=zeros) for amount in totals(items))]


def side_by_side(*lists: Sequence[Sequence[Printed]]) -> list[list[Printed]]:
    """Lists printed beside each other; the shorter ones end in blank cells."""
    height = max(len(rows) for rows in lists)
    widths = [max(len(row) for row in rows) for rows in lists]
    return [
        [cell for rows, width in zip(lists, widths, strict=True) for cell in (rows[line] if line < len(rows) else [""] * width)]
        for line in range(height)
    ]
