"""Why a document is not normalised: with words that its department can act on."""

from __future__ import annotations

from typing import Final

from shared.contracts.common import Message
from shared.contracts.rejected import Rejected

NOTHING_TO_CHECK: Final = Rejected(
    code="nothing_to_check",
    page=None,
    message=Message(
        zh="没有表格，文字中也没有可核对的金额。请确认上传的是预算或决算公开文件。",
        en="there are neither tables nor amounts in the text. Make sure that it is a budget or final-accounts disclosure.",
    ),
)
"""A document without tables and without figures in its text."""
