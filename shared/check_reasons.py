"""Why a check is not assessable: the words that results carry (English, as codes do), and the Chinese ones for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

PARTS_BLANK: Final = "the parts are blank"
UNIT_UNKNOWN: Final = "a unit is unknown"
UNIT_IN_DOUBT: Final = "the unit of a form is in doubt"
APART: Final = "a part of the form may stand in another table"
CUT: Final = "a part of a form is missing"
CONDITIONAL: Final = "need not hold here"
LAYOUT: Final = "the layout is not certain"
CUT_OFF: Final = "the narrative may have cut digits off"
NOT_PRINTED_THEN: Final = "last year's filing does not print the figure"
SEVERAL_OF_ONE_NAME: Final = "several figures of one name"
MOST_DIFFER: Final = "most figures of the form differ: perhaps other figures are meant"
ADJUSTED_BUDGET: Final = "most amounts differ: perhaps an adjusted budget is meant"

_ZH: Final[Mapping[str, str]] = {
    PARTS_BLANK: "各项均为空白",
    UNIT_UNKNOWN: "有数的金额单位不明",
    UNIT_IN_DOUBT: "有表的金额单位存疑",
    APART: "该表的一部分可能在另一张表中",
    CUT: "有表缺少一部分",
    CONDITIONAL: "此处不一定成立",
    LAYOUT: "表的结构没有读准",
    CUT_OFF: "文字说明中的数可能是截去尾数而非四舍五入",
    NOT_PRINTED_THEN: "上年文件没有列出这个数",
    SEVERAL_OF_ONE_NAME: "有几个同名的数",
    MOST_DIFFER: "该表多数数字不同，可能另有所指",
    ADJUSTED_BUDGET: "多数金额不同，可能指调整后的预算",
}


def reason_in(reason: str | None, language: Literal["zh", "en"]) -> str:
    """A reason in the reader's language; one of an older or newer version stays as it is, none is empty."""
    return (_ZH.get(reason, reason) if language == "zh" else reason) if reason else ""
