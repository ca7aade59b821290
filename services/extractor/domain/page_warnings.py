"""What a reader of a page has to be told: what was not read, or not as it stands in the file, and why."""

from __future__ import annotations

from collections.abc import Iterator

from services.extractor.domain.legibility import legibility
from services.extractor.domain.reading import PageReading
from services.extractor.domain.redfigures import red_figures
from shared.contracts.extracted import ReadWarning
from shared.contracts.vocabulary import WarningCode

# So many characters of a watermark stand in its warning.
_QUOTED = 60


def page_warnings(reading: PageReading) -> Iterator[ReadWarning]:
    """The warnings about a page, but for those of seams and of what was placed nowhere."""
    page = reading.page
    if page.unread:
        kind = WarningCode.PICTURE_UNREAD if legibility(page) == "sound" else WarningCode.UNRELIABLE_TEXT
        code = kind if reading.total else WarningCode.PAGE_WITHOUT_TEXT
        yield warning(code, page.number, "该页图像中的内容未读取", f"the page was not read as it is seen: {page.unread}")
    elif reading.total == 0 and page.images:
        recognised = page.source == "image"
        yield warning(
            WarningCode.PAGE_WITHOUT_TEXT,
            page.number,
            f"无文字，有 {page.images} 幅图像：" + ("识别未读出内容" if recognised else "扫描页未读取"),
            f"no text, {page.images} images: " + ("recognition read nothing in it" if recognised else "a scanned page is not read"),
        )
    for _ in reading.unread_regions:
        yield warning(
            WarningCode.BORDERLESS_TABLE,
            page.number,
            "数字成列而无表线，行列不能确定，按文字保留",
            "figures stand in columns without rules; rows and columns cannot be told, and they are text",
        )
    if reds := red_figures(page):
        yield warning(
            WarningCode.RED_FIGURES,
            page.number,
            f"{reds} 个数字以红色印刷而无负号：红色可能表示负数，按印刷原样读取",
            f"{reds} figures are printed in red without a sign: red may mean negative; they are read as printed",
        )
    yield from _of_characters(reading)


def _of_characters(reading: PageReading) -> Iterator[ReadWarning]:
    page = reading.page
    if page.unseen:
        yield warning(
            WarningCode.INVISIBLE_TEXT,
            page.number,
            f"{page.unseen} 个字符虽在文件中但看不见（白底白字、被遮盖、图层关闭），未读取",
            f"{page.unseen} characters are painted but not seen (white on white, covered, on a layer that is off): not read",
        )
    if page.aslant or reading.watermark:
        words = page.aslant + reading.watermark
        yield warning(
            WarningCode.WATERMARK,
            page.number,
            f"{len(words)} 个字符倾斜或横跨表格（水印），不计入任何行或单元格",
            f"{len(words)} characters stand aslant or across a table (a watermark) and are in no line or cell: {words[:_QUOTED]}",
        )
    if page.without_unicode:
        yield warning(
            WarningCode.GLYPHS_WITHOUT_UNICODE,
            page.number,
            f"{page.without_unicode} 个字符在文件中没有 Unicode 值，其文字不可靠",
            f"{page.without_unicode} characters have no Unicode value in the PDF: their text is uncertain",
        )


def warning(code: WarningCode, page: int, zh: str, en: str) -> ReadWarning:
    """A warning in both languages."""
    return ReadWarning(code=code.value, page=page, message=f"{zh} / {en}")
