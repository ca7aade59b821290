"""The words for documents that could not be read because our own process ended or the file could not be opened."""

from __future__ import annotations

import errno

from shared.contracts.common import Message
from shared.contracts.rejected import Rejected, RejectionCode
from shared.limits import Limits
from shared.sandbox import WorkerEndedError
from tieout.language import reason


def unreadable(problem: OSError) -> Rejected:
    """A path that cannot be read: permissions, a directory, a file that vanished."""
    reasons = {
        errno.EACCES: ("没有读取权限", "no permission to read it"),
        errno.ENOENT: ("文件已不存在", "the file is gone"),
        errno.EISDIR: ("这是一个文件夹（run 命令可处理文件夹）", "it is a folder (the command run takes folders)"),
        errno.ELOOP: ("符号链接成环", "its links form a loop"),
    }
    zh, en = reasons.get(problem.errno or 0, (reason(problem, "zh"), reason(problem, "en")))
    return _rejected("unreadable", f"无法读取：{zh}。请检查文件后重试。", f"cannot be read: {en}. Check the file and call again.")


def ended(end: WorkerEndedError, limits: Limits) -> Rejected:
    """A document whose reader did not survive it, after it was tried a second time alone."""
    if end.end == "timeout":
        return _rejected(
            "timeout",
            f"读取超时（上限 {limits.seconds:g} 秒 + 每页 {limits.seconds_per_page:g} 秒），已终止。请检查该 PDF，或重新导出后再试。",
            f"reading took longer than the limit ({limits.seconds:g} s + {limits.seconds_per_page:g} s a page) and was ended. "
            "Check the PDF, or export it again.",
        )
    if end.end == "memory":
        megabytes = limits.memory_bytes // 1_000_000
        return _rejected(
            "memory",
            f"读取所需内存超过上限（{megabytes} MB），已终止。请检查该 PDF，或重新导出后再试。",
            f"reading needed more memory than the limit ({megabytes} MB) and was ended. Check the PDF, or export it again.",
        )
    return _rejected(
        "crashed",
        f"读取进程在该文件上崩溃或耗尽内存（{end.detail}），已试两次。请重新导出该 PDF 后再试。",
        f"the reading process crashed on this file or ran out of memory ({end.detail}), twice. Export the PDF again and retry.",
    )


def failed(problem: str) -> Rejected:
    """Our own failure on this input. Args: problem: class and text of the exception."""
    return _rejected(
        "failed",
        f"程序内部错误：{problem}。这是 tieout 的缺陷，不是文件的问题；请连同文件一并反馈。",
        f"internal error: {problem}. This is a defect of tieout, not of the file; please report it with the file.",
    )


def _rejected(code: RejectionCode, zh: str, en: str) -> Rejected:
    return Rejected(code=code, page=None, message=Message(zh=zh, en=en))
