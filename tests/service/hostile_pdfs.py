"""PDFs that are broken, hostile or empty of anything to check, made in memory; `good_pdf` is a small disclosure that is right."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable

from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

FONT = "STSong-Light"
PAGE = (595.0, 842.0)


def assemble(objects: list[bytes]) -> bytes:
    """A PDF of these objects, numbered from 1; object 1 is the catalogue."""
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return out + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start)


def stream(data: bytes, extra: bytes = b"") -> bytes:
    """A stream object, compressed."""
    packed = zlib.compress(data, 9)
    return b"<</Length %d/Filter/FlateDecode%s>>stream\n" % (len(packed), extra) + packed + b"\nendstream"


def one_page(content: bytes, resources: bytes = b"<<>>", *more: bytes) -> bytes:
    """A PDF with one page whose content stream is `content`; `more` are objects from number 5 on."""
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources " + resources + b">>"
    return assemble([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>", page, content, *more])


def good_pdf(encryption: StandardEncryption | None = None, pages: int = 1) -> bytes:
    """A disclosure of a fictional department with one form that ties out."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=PAGE, invariant=1, encrypt=encryption)
    for _ in range(pages):
        _draw_expenditure_form(canvas)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


_ROWS = [
    ("科目编码", "科目名称", "合计", "基本支出", "项目支出"),
    ("", "合计", "120.00", "100.00", "20.00"),
    ("208", "社会保障和就业支出", "120.00", "100.00", "20.00"),
    ("20801", "人力资源和社会保障管理事务", "120.00", "100.00", "20.00"),
    ("2080101", "行政运行", "100.00", "100.00", ""),
    ("2080102", "一般行政管理事务", "20.00", "", "20.00"),
]
_EDGES = (40.0, 110.0, 290.0, 380.0, 465.0, 555.0)


def _draw_expenditure_form(canvas: Canvas) -> None:
    canvas.setFont(FONT, 16)
    canvas.drawCentredString(297, 780, "2025年部门支出总表")
    canvas.setFont(FONT, 10)
    canvas.drawString(40, 755, "部门：云岭省青禾市档案馆")
    canvas.drawRightString(555, 755, "单位：万元")
    top, height = 745.0, 22.0
    for index in range(len(_ROWS) + 1):
        canvas.line(_EDGES[0], top - index * height, _EDGES[-1], top - index * height)
    for edge in _EDGES:
        canvas.line(edge, top, edge, top - len(_ROWS) * height)
    for index, row in enumerate(_ROWS):
        baseline = top - index * height - 15
        for column, text in enumerate(row):
            if column < 2 or index == 0:
                canvas.drawString(_EDGES[column] + 3, baseline, text)
            else:
                canvas.drawRightString(_EDGES[column + 1] - 3, baseline, text)


def blank_pages(count: int) -> bytes:
    """A PDF of empty pages."""
    kids = b" ".join(b"%d 0 R" % (3 + index) for index in range(count))
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>"
    return assemble([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[" + kids + b"]/Count %d>>" % count, *[page] * count])


def prose_without_figures() -> bytes:
    """A page of text with neither tables nor figures."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=PAGE, invariant=1)
    canvas.setFont(FONT, 12)
    canvas.drawString(60, 700, "本馆负责全市档案的收集、保管和利用工作。")
    canvas.save()
    return buffer.getvalue()


def scan() -> bytes:
    """A page that is one grey image."""
    width, height = 1240, 1754
    image = stream(
        b"\xd0" * (width * height),
        b"/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray/BitsPerComponent 8" % (width, height),
    )
    return one_page(stream(b"q 595 0 0 842 0 0 cm /I Do Q"), b"<</XObject<</I 5 0 R>>>>", image)


def huge_image() -> bytes:
    """An image that says it has 60,000 × 60,000 pixels."""
    image = stream(b"\0" * 1000, b"/Type/XObject/Subtype/Image/Width 60000/Height 60000/ColorSpace/DeviceRGB/BitsPerComponent 8")
    return one_page(stream(b"q 595 0 0 842 0 0 cm /I Do Q"), b"<</XObject<</I 5 0 R>>>>", image)


def bomb(lines: int = 30_000_000) -> bytes:
    """A content stream that unpacks to hundreds of megabytes of path segments."""
    return one_page(stream(b"0 0 m 1 1 l S\n" * lines))


def nested_forms() -> bytes:
    """A form XObject that draws itself."""
    form = stream(b"/F Do", b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</XObject<</F 5 0 R>>>>")
    return one_page(stream(b"/F Do"), b"<</XObject<</F 5 0 R>>>>", form)


def page_tree_loop() -> bytes:
    """A page tree whose node is its own kid."""
    return assemble([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R]/Count 1>>"])


HOSTILE: dict[str, tuple[Callable[[], bytes], frozenset[str]]] = {
    # name: (maker, the codes that are right for it)
    "empty.pdf": (lambda: b"", frozenset({"not_a_pdf"})),
    "text.pdf": (lambda: b"hello\n", frozenset({"not_a_pdf"})),
    "zeros.pdf": (lambda: b"%PDF-1.7\n" + b"\0" * 100_000, frozenset({"damaged"})),
    "truncated.pdf": (lambda: good_pdf(pages=30)[:3000], frozenset({"damaged"})),
    "no-pages.pdf": (
        lambda: assemble([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>"]),
        frozenset({"no_pages", "damaged"}),
    ),
    "page-tree-loop.pdf": (page_tree_loop, frozenset({"damaged", "no_pages"})),
    "locked.pdf": (lambda: good_pdf(StandardEncryption("secret", ownerPassword="owner")), frozenset({"encrypted"})),
    "too-many-pages.pdf": (lambda: blank_pages(10_000), frozenset({"too_large"})),
    "bomb.pdf": (bomb, frozenset({"timeout", "memory", "crashed", "nothing_to_check", "too_large"})),
    "huge-image.pdf": (huge_image, frozenset({"scan_without_text", "memory", "crashed", "nothing_to_check"})),
    "nested-forms.pdf": (nested_forms, frozenset({"nothing_to_check", "damaged", "crashed", "timeout"})),
    "scan.pdf": (scan, frozenset({"scan_without_text"})),
    "blank.pdf": (lambda: blank_pages(2), frozenset({"nothing_to_check"})),
    "prose.pdf": (prose_without_figures, frozenset({"nothing_to_check"})),
}

READABLE: dict[str, Callable[[], bytes]] = {
    "good.pdf": good_pdf,
    "empty-password.pdf": lambda: good_pdf(StandardEncryption("", ownerPassword="owner")),
    "broken-xref.pdf": lambda: re.sub(rb"startxref\n\d+", b"startxref\n7", good_pdf()),
}
