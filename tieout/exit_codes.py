"""Exit codes of the command line and the errors that lead to them. The largest code that applies is the one returned."""

from __future__ import annotations

from shared.contracts.common import Message

NOTHING_TO_REPORT = 0
FINDINGS = 1  # findings of severity error
USAGE = 2  # wrong usage, or a path that does not exist
UNREADABLE = 3  # some document could not be read, or a folder without PDFs
OWN_FAILURE = 4
NOT_AVAILABLE = 5  # set-up, database, disk full, data folder in use
INTERRUPTED = 130

MEANINGS = (
    (NOTHING_TO_REPORT, "无需处理", "nothing to report"),
    (FINDINGS, "有错误", "errors found"),
    (USAGE, "用法有误或路径不存在", "wrong usage or no such path"),
    (UNREADABLE, "有文件无法读取", "a document could not be read"),
    (OWN_FAILURE, "程序自身故障", "our own failure"),
    (NOT_AVAILABLE, "缺少所需环境", "something needed is not there"),
    (INTERRUPTED, "已中断", "interrupted"),
)


class UserError(Exception):
    """Ends the command with one clear line instead of a traceback.

    Args: exit_code: one of this module's. zh, en: what happened, where, and what to do.
    """

    def __init__(self, exit_code: int, zh: str, en: str) -> None:
        super().__init__(en)
        self.exit_code = exit_code
        self.message = Message(zh=zh, en=en)
