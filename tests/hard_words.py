"""What generated tables say: names of expenditure, column headings, titles, figures. Nothing of it is of a real document."""

from __future__ import annotations

from random import Random

WORDS = (
    "基本工资",
    "津贴补贴",
    "社会保障和就业支出",
    "商品和服务支出",
    "办公费",
    "印刷费",
    "水费",
    "电费",
    "差旅费",
    "因公出国（境）费",
    "公务接待费",
    "住房公积金",
    "行政运行",
    "一般行政管理事务",
    "其他支出",
    "事业单位医疗",
    "机关事业单位基本养老保险缴费支出",
    "维修（护）费",
    "会议费、培训费",
    "信息网络及软件购置更新",
    "项目支出",
    "“三公”经费",
    "专用材料费",
    "劳务费",
    "委托业务费",
    "对个人和家庭的补助",
    "离休费",
    "退休费",
    "资本性支出",
    "卫生健康支出",
)
HEADS = (
    "合计",
    "小计",
    "基本支出",
    "项目支出",
    "财政拨款",
    "事业收入",
    "经营收入",
    "其他收入",
    "人员经费",
    "公用经费",
    "上年结转",
    "本年收入",
    "政府性基金",
    "单位资金",
)
TITLES = (
    "收支总表",
    "收入总表",
    "支出总表",
    "财政拨款收支总表",
    "一般公共预算支出表",
    "基本支出表",
    "政府性基金预算支出表",
    "项目支出表",
    "政府采购表",
)


def money(random: Random) -> str:
    """A figure as printed."""
    value = random.uniform(0.01, 99999.0)
    return random.choice(("", f"{value:,.2f}", f"{value:,.2f}", f"{value:.2f}", "0.00", f"{int(value):,}", f"-{value:,.2f}"))
