"""The columns of the exports, the same in every format: name, heading, kind and meaning. docs/data-dictionary.md is compared with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["text", "integer", "amount", "share", "flag"]
Sheet = Literal["documents", "findings", "facts", "checks"]
SHEETS: Final[tuple[Sheet, ...]] = ("documents", "findings", "facts", "checks")


@dataclass(frozen=True)
class Column:
    """A column. `name` is its heading in CSV, Parquet and JSON, `zh` and `en` those in the workbook; `width` in characters there.

    Kinds: text (codes too: leading zeros stay), integer, amount (exact decimal), share (0 to 1), flag (true or false).
    """

    name: str
    zh: str
    en: str
    kind: Kind = "text"
    width: int = 14


_WHERE = (
    Column("document", "文件编号", "document id", width=16),
    Column("file", "文件名", "file", width=32),
    Column("entity", "单位", "entity", width=28),
    Column("region", "地区", "region"),
    Column("year", "年度", "year", "integer", 7),
    Column("kind", "类别", "kind", width=15),
    Column("current", "是否现行", "current", "flag", 9),
)

# Where several documents were compared with one another.
_FILING = Column("filing", "文件之间", "between documents", width=16)

_DOCUMENTS = (
    *_WHERE[:-1],
    Column("level", "级次", "level", width=12),
    Column("part", "部分", "part", width=10),
    Column("entity_code", "单位代码", "entity code"),
    _WHERE[-1],
    Column("status", "状态", "status", width=10),
    Column("verdict", "结论", "verdict", width=26),
    Column("pages", "页数", "pages", "integer", 7),
    Column("bytes", "字节数", "bytes", "integer", 10),
    Column("tables", "表格数", "tables", "integer", 8),
    Column("forms", "识别的表", "forms recognised", "integer", 9),
    Column("figures", "数字个数", "figures", "integer", 9),
    Column("tied", "已勾稽", "tied", "integer", 8),
    Column("tied_once", "勾稽一次", "tied once", "integer", 9),
    Column("tied_more", "勾稽两次以上", "tied more than once", "integer", 11),
    Column("untied", "未勾稽", "not tied", "integer", 8),
    Column("unmapped", "未能编码", "unmapped", "integer", 9),
    Column("claims", "文字数据", "claims", "integer", 9),
    Column("checks_exact", "相符", "checks exact", "integer", 8),
    Column("checks_rounding", "尾差", "checks rounding", "integer", 8),
    Column("checks_suspicious", "可疑", "checks suspicious", "integer", 8),
    Column("checks_failed", "不符", "checks failed", "integer", 8),
    Column("checks_not_assessable", "无法判断", "checks not assessable", "integer", 9),
    Column("errors", "错误", "errors", "integer", 7),
    Column("warnings", "提醒", "warnings", "integer", 7),
    Column("infos", "说明", "notes", "integer", 7),
    Column("accepted", "已认可", "accepted", "integer", 8),
    Column("rejection", "未读取原因", "rejection", width=18),
    Column("rejection_message", "未读取说明", "rejection in words", width=50),
    Column("stored_at", "保存时间", "stored at", width=28),
)

_FINDINGS = (
    Column("severity", "级别", "severity", width=9),
    Column("code", "代码", "code", width=20),
    *_WHERE[1:],
    Column("page", "页", "page", "integer", 6),
    Column("form", "表种代码", "form", width=28),
    Column("form_name", "表种", "form name", width=28),
    Column("title", "表名", "title", width=28),
    Column("row", "行", "row", "integer", 6),
    Column("col", "列", "column", "integer", 6),
    Column("message", "问题", "message", width=80),
    Column("text", "原文", "text"),
    Column("reported", "印出数", "reported", "amount", 18),
    Column("computed", "计算数", "computed", "amount", 18),
    Column("difference", "差额", "difference", "amount", 16),
    Column("unit", "计量单位", "unit", width=9),
    Column("rule", "核对规则", "rule", width=24),
    Column("cause", "可能原因", "cause", width=18),
    Column("suggested", "建议数", "suggested", width=16),
    Column("accepted", "已认可", "accepted", "flag", 9),
    Column("accepted_by", "认可人", "accepted by", width=12),
    Column("accepted_at", "认可时间", "accepted at", width=28),
    Column("accepted_why", "认可原因", "accepted because", width=40),
    Column("finding", "问题编号", "finding id", width=16),
    _WHERE[0],
    _FILING,
)

_FACTS = (
    *_WHERE[1:6],
    Column("page", "页", "page", "integer", 6),
    Column("table", "表", "table", width=7),
    Column("form", "表种代码", "form", width=28),
    Column("form_name", "表种", "form name", width=28),
    Column("row", "行", "row", "integer", 6),
    Column("col", "列", "column", "integer", 6),
    Column("label", "项目名称", "label", width=32),
    Column("function", "功能科目", "function", width=10),
    Column("economic", "部门经济科目", "economic", width=12),
    Column("gov_economic", "政府经济科目", "government economic", width=12),
    Column("line", "行次项目", "line", width=24),
    Column("measure", "栏目", "measure", width=20),
    Column("fund", "资金性质", "fund", width=20),
    Column("project", "项目", "project", width=24),
    Column("amount", "金额", "amount", "amount", 18),
    Column("text", "原文", "text"),
    Column("unit", "计量单位", "unit", width=9),
    Column("yuan", "金额（元）", "amount in yuan", "amount", 20),
    Column("decimals", "小数位", "decimals", "integer", 8),
    Column("code_from", "编码依据", "code from", width=10),
    Column("confidence", "把握", "confidence", "share", 8),
    Column("duplicate_of", "重复于", "duplicate of", width=12),
    Column("cofog", "COFOG 编码", "COFOG", width=10),
    Column("cofog_confidence", "COFOG 对应程度", "COFOG confidence", width=12),
    Column("fact", "数据编号", "fact id", width=12),
    _WHERE[6],
    _WHERE[0],
)

_CHECKS = (
    Column("status", "结果", "status", width=14),
    Column("rule", "核对规则", "rule", width=26),
    *_WHERE[1:6],
    Column("form", "表种代码", "form", width=28),
    Column("form_name", "表种", "form name", width=28),
    Column("page", "页", "page", "integer", 6),
    Column("target", "被核数据", "target", width=12),
    Column("label", "项目名称", "label", width=32),
    Column("terms", "算式", "terms", width=40),
    Column("reported", "印出数", "reported", "amount", 18),
    Column("computed", "计算数", "computed", "amount", 18),
    Column("difference", "差额", "difference", "amount", 16),
    Column("possible", "尾差上限", "possible", "amount", 12),
    Column("plausible", "尾差常限", "plausible", "amount", 12),
    Column("unit", "计量单位", "unit", width=9),
    Column("reason", "无法判断的原因", "reason", width=40),
    Column("check", "核对编号", "check id", width=16),
    _WHERE[6],
    _WHERE[0],
    _FILING,
)

COLUMNS: Final[dict[Sheet, tuple[Column, ...]]] = {"documents": _DOCUMENTS, "findings": _FINDINGS, "facts": _FACTS, "checks": _CHECKS}
