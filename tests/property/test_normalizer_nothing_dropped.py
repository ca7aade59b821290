"""Whatever a table looks like, every figure that is money beyond doubt becomes a fact or is named as unmapped, once."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.normalizer.adapters.catalogue_files import standard_catalogue
from services.normalizer.domain.boxhead import boxhead_rows
from services.normalizer.domain.columns import is_head
from services.normalizer.domain.figures import looks_like_money
from tests.unit.normalizer.normalizer_tables import Span, normalized, table

WORDS = [
    "", "项目", "科目编码", "科目名称", "类", "款", "项", "合计", "小计", "基本支出", "项目支出", "一、教育支出", "（一）卫生健康支出", "205", "20502", "2050201", "301",
    "工资福利支出", "公务接待费", "项目名称", "指标值", "资金总额", "备注", "单位：万元", "收入", "支出", "本年收入合计", "上年结转", "其中：财政拨款", "数量", "人数", "1", "2", "3", "—",
    "12.50", "1,234.00", "0.00", "-3.20", "98%", "预算数", "决算数", "2031年预算数", "青石县水利局", "行次", "三公经费", "采购项目", "一般公共预算", "政府性基金预算",
]  # fmt: skip
CELLS = st.builds(Span, st.sampled_from(WORDS), st.integers(1, 3), st.integers(1, 2), st.sampled_from([0.0, 1.0]))
ROWS = st.lists(st.lists(CELLS, min_size=1, max_size=6), min_size=1, max_size=8)
TITLES = st.sampled_from(
    [None, "支出总表", "收支总表", "“三公”经费支出表", "项目支出绩效目标表", "政府采购预算表", "基本支出表（按政府预算经济分类）"]
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ROWS, st.integers(0, 4), TITLES)
def test_every_figure_is_a_fact_or_unmapped(rows: list[list[Span]], header_rows: int, title: str | None) -> None:
    made = table(rows, min(header_rows, len(rows)), title=title)
    catalogue = standard_catalogue()
    first = boxhead_rows(made, lambda text: is_head(catalogue, text))
    result = normalized(made)
    facts = [(fact.row, fact.col) for fact in result.facts]
    named = {(entry.row, entry.col) for entry in result.unmapped}
    money = {(cell.row, cell.col) for cell in made.cells if cell.row >= first and looks_like_money(cell.text)}
    assert len(facts) == len(set(facts))
    assert money <= set(facts) | named
    assert not set(facts) & named
