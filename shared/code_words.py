"""Chinese words for the codes of results, where people read them: severities, kinds, verdicts, grades, causes, measures, funds, lines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from shared.column_words import FUND_WORDS, LINE_WORDS, MEASURE_WORDS

CODE_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "severity": {"error": "错误", "warning": "提醒", "info": "说明"},
    "kind": {"budget": "预算", "final_accounts": "决算", "other": "其他"},
    "level": {"department": "部门", "unit": "单位"},
    "part": {"whole": "全文", "narrative": "文字说明", "tables": "报表"},
    "verdict": {
        "inconsistent": "不一致",
        "unverifiable": "无法核实",
        "consistent_within_rounding": "一致（含四舍五入）",
        "consistent": "一致",
    },
    # Of a document, and of a check.
    "status": {
        "stored": "已保存",
        "rejected": "未能读取",
        "submitted": "尚无结果",
        "failed": "不符",
        "exact": "相符",
        "rounding": "尾差",
        "suspicious": "可疑",
        "not_assessable": "无法判断",
    },
    "measure": MEASURE_WORDS,
    "fund": FUND_WORDS,
    "line": LINE_WORDS,
    "notice_kind": {"correction": "更正", "question": "核实", "note": "说明"},
    "cause": {
        "digit_substituted": "一位数字录错",
        "digits_swapped": "两位数字颠倒",
        "digit_dropped": "漏录一位数字",
        "digit_inserted": "多录一位数字",
        "decimal_shift": "小数点错位",
        "zero_extra": "多写一个零",
        "unit_slip": "元与万元混用",
        "sign_flipped": "正负号相反",
        "column_shift": "填错栏目",
        "row_missing": "漏列一行",
        "row_duplicated": "重复列一行",
        "subtotal_counted": "小计重复计入",
        "stale_copy": "沿用了旧数",
        "page_missing": "缺页",
        "cells_merged": "单元格合并",
        "misread": "可能是我们读错",
        "unknown": "原因不明",
    },
}
"""Word by code, by the name of the field that carries the code."""


def code_word(field: str, code: str) -> str:
    """The Chinese word for a code of a field; the code itself where there is none."""
    return CODE_WORDS.get(field, {}).get(code, code)
