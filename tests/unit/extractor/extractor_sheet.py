"""Pages for tests: drawn in points from the top left, as page contents or as the bytes of a small PDF."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from services.extractor.domain.page import PageContents

BLACK = (0.0, 0.0, 0.0, 255.0)
WHITE = (255.0, 255.0, 255.0, 255.0)


@dataclass
class Sheet:
    """A page to draw on: 600 × 800 points."""

    number: int = 1
    width: float = 600.0
    height: float = 800.0
    turn: int = 0
    images: int = 0
    glyphs: list[tuple[str, float, float, float, int]] = field(default_factory=list)
    marks: list[tuple[float, float, float, float]] = field(default_factory=list)
    paint: list[tuple[float, float, float, float]] = field(default_factory=list)
    filled: list[bool] = field(default_factory=list)
    weight: list[float] = field(default_factory=list)

    def text(self, x: float, baseline: float, text: str, size: float = 10.0, spread: float = 0.0) -> Sheet:
        for char in text:
            if char not in " \u3000":
                self.glyphs.append((char, x, baseline, size, 0))
            x += advance(char) * size + spread
        return self

    def line(self, x0: float, y0: float, x1: float, y1: float, paint=BLACK, weight: float = 0.5) -> Sheet:
        return self._mark((min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)), paint, False, weight)

    def area(self, x0: float, y0: float, x1: float, y1: float, paint=BLACK) -> Sheet:
        return self._mark((x0, y0, x1, y1), paint, True, 0.0)

    def _mark(self, box, paint, filled, weight) -> Sheet:
        self.marks.append(box)
        self.paint.append(paint)
        self.filled.append(filled)
        self.weight.append(weight)
        return self

    def grid(self, xs: Iterable[float], ys: Iterable[float], paint=BLACK) -> Sheet:
        xs, ys = list(xs), list(ys)
        for x in xs:
            self.line(x, ys[0], x, ys[-1], paint)
        for y in ys:
            self.line(xs[0], y, xs[-1], y, paint)
        return self

    def cells(self, xs: list[float], ys: list[float], rows: list[list[str]], size: float = 10.0) -> Sheet:
        """Text at the left of each cell of a plain grid."""
        for r, row in enumerate(rows):
            for c, text in enumerate(row):
                self.text(xs[c] + 2, (ys[r] + ys[r + 1]) / 2 + 3.5, text, size)
        return self

    def table(self, xs: list[float], ys: list[float], rows: list[list[str]]) -> Sheet:
        return self.grid(xs, ys).cells(xs, ys, rows)

    def contents(self) -> PageContents:
        n, m = len(self.glyphs), len(self.marks)
        size = np.array([g[3] for g in self.glyphs], dtype=np.float64)
        origin = np.array([[g[1], g[2]] for g in self.glyphs], dtype=np.float64).reshape(n, 2)
        wide = np.array([advance(g[0]) * g[3] for g in self.glyphs], dtype=np.float64)
        box = np.stack([origin[:, 0], origin[:, 1] - 0.88 * size, origin[:, 0] + wide, origin[:, 1] + 0.12 * size], axis=1)
        return PageContents(
            number=self.number,
            width=self.width,
            height=self.height,
            turn=self.turn,
            codes=np.array([ord(g[0]) for g in self.glyphs], dtype=np.int32),
            box=box,
            origin=origin,
            size=size,
            angle=np.array([g[4] for g in self.glyphs], dtype=np.int32),
            marks=np.array(self.marks, dtype=np.float64).reshape(m, 4),
            paint=np.array(self.paint, dtype=np.float64).reshape(m, 4),
            filled=np.array(self.filled, dtype=np.bool_),
            weight=np.array(self.weight, dtype=np.float64),
            images=self.images,
        )


def advance(char: str) -> float:
    """Width in ems: full for CJK, half for the rest."""
    return 1.0 if ord(char) >= 0x2E80 else 0.5


def pdf(
    contents: list[bytes], box: str = "0 0 600 800", page: str = "", resources: str = "", objects: Iterable[bytes] = (), trailer: str = ""
) -> bytes:
    """A PDF of pages with these content streams.

    Fonts: /F Helvetica; /C a CID font without data whose codes are Unicode (UTF-16BE strings). `objects` are numbered from 6.
    """
    unicode_map = b"""/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /U def /CMapType 2 def
1 begincodespacerange <0000> <FFFF> endcodespacerange 1 beginbfrange <0000> <FFFF> <0000> endbfrange endcmap end end"""
    fixed = [
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        b"<</Type/Font/Subtype/Type0/BaseFont/Song/Encoding/Identity-H/ToUnicode 5 0 R/DescendantFonts[<</Type/Font/Subtype/CIDFontType2"
        b"/BaseFont/Song/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/DW 1000"
        b"/FontDescriptor<</Type/FontDescriptor/FontName/Song/Flags 4/FontBBox[0 -120 1000 880]/Ascent 880/Descent -120/ItalicAngle 0"
        b"/CapHeight 880/StemV 80>>>>]>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(unicode_map), unicode_map),
    ]
    extra = list(objects)
    first = 6 + len(extra)
    kids = " ".join(f"{first + 2 * k} 0 R" for k in range(len(contents)))
    body = [b"<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Kids[{kids}]/Count {len(contents)}>>".encode(), *fixed, *extra]
    for k, stream in enumerate(contents):
        font = "/Font<</F 3 0 R/C 4 0 R>>"
        body.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[{box}]{page}/Resources<<{font}{resources}>>/Contents {first + 2 * k + 1} 0 R>>".encode()
        )
        body.append(b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream))
    out, offsets = b"%PDF-1.7\n", []
    for number, one in enumerate(body, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(body) + 1) + b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return out + f"trailer<</Size {len(body) + 1}/Root 1 0 R{trailer}>>\nstartxref\n{start}\n%%EOF".encode()


def cjk(text: str) -> bytes:
    """A string for font /C."""
    return b"<" + text.encode("utf-16-be").hex().encode() + b">"


GRID = b"0.5 w 100 700 m 300 700 l S 100 650 m 300 650 l S 100 600 m 300 600 l S 100 600 m 100 700 l S 200 600 m 200 700 l S 300 600 m 300 700 l S "
"""A table of two columns and two rows, in PDF coordinates: x 100–200–300, from the top 100–150–200 on a page 800 high."""

WORDS = b"BT /F 10 Tf 105 670 Td (one) Tj ET BT /F 10 Tf 205 670 Td (two) Tj ET BT /F 10 Tf 105 620 Td (1.50) Tj ET BT /F 10 Tf 205 620 Td (2.50) Tj ET "
"""Its text."""
