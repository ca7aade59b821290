"""A PDF in which one font lies: its glyphs are those of digits, its ToUnicode says that one of them is another digit.

Two liars. An embedded font with an encoding of its own, about which nothing else in the file says anything; and a standard font, whose encoding says
that the ToUnicode is wrong, so that a reader may doubt it.
"""

from __future__ import annotations

import io
import re

from reportlab.pdfbase import pdfmetrics, ttfonts
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

FONT = "STSong-Light"
# Used for nothing else, so that the other figures of the page are read as they are. The embedded one is the font of the other figures again.
EMBEDDED, STANDARD = "Liar", "Courier"
_HONEST, _FILE = "Honest", "Vera.ttf"  # reportlab brings it
_EDGES = (40.0, 110.0, 290.0, 380.0, 465.0, 555.0)
_HEIGHT = 22.0

Row = tuple[str, ...]


def form(rows: list[Row], lies_at: tuple[int, int] | None = None, shown: str = "3", said: str = "8", liar: str = EMBEDDED) -> bytes:
    """A page with 支出总表. Args: rows: its cells. lies_at: row and column of the cell whose glyph `shown` the file calls `said`."""
    pdfmetrics.registerFont(TTFont(_HONEST, _FILE))
    pdfmetrics.registerFont(_Liar(EMBEDDED, _FILE, shown, said))
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(595.0, 842.0), invariant=1, pageCompression=0)
    canvas.setFont(FONT, 16)
    canvas.drawCentredString(297, 780, "2025年部门预算支出总表")
    canvas.setFont(FONT, 10)
    canvas.drawString(40, 755, "部门：青禾市林业事务中心")
    canvas.drawRightString(555, 755, "单位：万元")
    top = 745.0
    for index in range(len(rows) + 1):
        canvas.line(_EDGES[0], top - index * _HEIGHT, _EDGES[-1], top - index * _HEIGHT)
    for edge in _EDGES:
        canvas.line(edge, top, edge, top - len(rows) * _HEIGHT)
    for index, row in enumerate(rows):
        baseline = top - index * _HEIGHT - 15
        for column, text in enumerate(row):
            honest = _HONEST if text.isascii() else FONT
            canvas.setFont(liar if (index, column) == lies_at else honest, 10)
            if column < 2 or index == 0:
                canvas.drawString(_EDGES[column] + 3, baseline, text)
            else:
                canvas.drawRightString(_EDGES[column + 1] - 3, baseline, text)
    canvas.showPage()
    canvas.save()
    return _with_lie(buffer.getvalue(), shown, said) if lies_at is not None and liar == STANDARD else buffer.getvalue()


class _Liar(TTFont):  # type: ignore[misc]
    """A font whose ToUnicode has two characters changed over: no character has two codes, and nothing looks odd."""

    def __init__(self, name: str, file: str, shown: str, said: str) -> None:
        super().__init__(name, file)
        self.face.name += b"-Liar"  # objects of two fonts of one name would be shared
        self._lies = {ord(shown): ord(said), ord(said): ord(shown)}

    def addObjects(self, doc: object) -> None:  # noqa: N802 - reportlab's
        """Writes the font while its CMap lies."""
        honest = ttfonts.makeToUnicodeCMap
        ttfonts.makeToUnicodeCMap = lambda name, subset: honest(name, [self._lies.get(code, code) for code in subset])
        try:
            super().addObjects(doc)
        finally:
            ttfonts.makeToUnicodeCMap = honest


def _with_lie(data: bytes, shown: str, said: str) -> bytes:
    """The file with an update at its end: the liar's ToUnicode."""
    found = re.search(rb"(\d+) 0 obj\n<<\n/BaseFont /%s[^>]*>>" % STANDARD.encode(), data)
    size = re.search(rb"/Size (\d+)", data)
    root = re.search(rb"/Root (\d+ 0 R)", data)
    before = re.findall(rb"startxref\n(\d+)", data)
    assert found is not None
    assert size is not None
    assert root is not None
    font, stream = int(found[1]), int(size[1])
    pairs = b"".join(b"<%02X> <%04X>\n" % (ord(digit), ord(said if digit == shown else digit)) for digit in "0123456789.,-")
    cmap = b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Lie def /CMapType 2 def\n"
    cmap += b"1 begincodespacerange <00> <FF> endcodespacerange\n%d beginbfchar\n%sendbfchar\nendcmap end end" % (pairs.count(b"\n"), pairs)
    at = len(data) + 1
    body = found[0].split(b"obj\n", 1)[1].rstrip(b">") + b"/ToUnicode %d 0 R >>" % stream
    first = b"%d 0 obj\n%s\nendobj\n" % (font, body)
    second = b"%d 0 obj\n<</Length %d>>stream\n%s\nendstream\nendobj\n" % (stream, len(cmap), cmap)
    table = at + len(first) + len(second)
    xref = b"xref\n%d 1\n%010d 00000 n \n%d 1\n%010d 00000 n \n" % (font, at, stream, at + len(first))
    trailer = b"trailer<</Size %d/Root %s/Prev %s>>\nstartxref\n%d\n%%%%EOF" % (stream + 1, root[1], before[-1], table)
    return data + b"\n" + first + second + xref + trailer
