"""Why a document is not read: typed, with a message that its department can act on."""

from __future__ import annotations

from shared.contracts.common import Message
from shared.contracts.rejected import RejectionCode

MEBI = 1 << 20


class DocumentRejected(Exception):  # noqa: N818 - an outcome of reading, not a failure of ours
    """A normal end: the document cannot be read, for a reason outside this software.

    `code` is stable; `page` counts from 1 and is None where the reason concerns the whole document; `message` says what and what to do.
    """

    def __init__(self, code: RejectionCode, message: Message, page: int | None = None) -> None:
        super().__init__(f"{code}: {message.en}")
        self.code = code
        self.message = message
        self.page = page

    def __reduce__(self) -> tuple[type[DocumentRejected], tuple[RejectionCode, Message, int | None]]:
        """Crosses process boundaries whole: the reader runs in a child process."""
        return (DocumentRejected, (self.code, self.message, self.page))


_MESSAGES: dict[RejectionCode, tuple[str, str]] = {
    "not_a_pdf": ("不是 PDF 文件（开头没有 %PDF 标记）；请上传 PDF 原件", "not a PDF (no %PDF mark at its start); upload the PDF itself"),
    "damaged": ("PDF 文件已损坏，无法打开；请重新导出后上传", "the PDF is damaged and cannot be opened; export it again"),
    "encrypted": ("PDF 需要密码才能打开；请去除密码后上传", "the PDF needs a password; remove it and upload again"),
    "no_pages": ("PDF 没有任何页面", "the PDF has no pages"),
    "scan_without_text": (
        "PDF 全部是扫描图像，没有可读的文字；请上传由电子表格或文档直接导出的 PDF，或安装文字识别组件后重试：bin/setup core ocr",
        "the PDF is a scan without text; upload the PDF exported from the spreadsheet or document itself, or install recognition and try again: "
        "bin/setup core ocr",
    ),
}


def rejected(code: RejectionCode, page: int | None = None) -> DocumentRejected:
    """The exception for a code with its standing message."""
    zh, en = _MESSAGES[code]
    return DocumentRejected(code, Message(zh=zh, en=en), page)


def scan_without_words() -> DocumentRejected:
    """A scan in which recognition read nothing at all."""
    zh = "PDF 全部是扫描图像，未能识别出任何文字；请上传由电子表格或文档直接导出的 PDF，或更清晰的扫描件"
    en = "the PDF is a scan in which no text was recognised; upload the PDF exported from the spreadsheet or document itself, or a clearer scan"
    return DocumentRejected("scan_without_text", Message(zh=zh, en=en))


def too_large(what_zh: str, what_en: str) -> DocumentRejected:
    """The document exceeds a limit; `what` says which: found and allowed."""
    return DocumentRejected("too_large", Message(zh=f"文件过大：{what_zh}", en=f"too large: {what_en}"))


def too_large_file(size: int, limit: int) -> DocumentRejected:
    """The file exceeds the limit. Args: size, limit: bytes."""
    return too_large(f"{size / MEBI:.0f} MB，上限 {limit // MEBI} MB", f"{size / MEBI:.0f} MB, at most {limit // MEBI} MB are read")
