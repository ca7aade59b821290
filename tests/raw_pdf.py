"""PDF files written object by object, so that a test says exactly what a file holds; and fonts in every way that files carry them.

Measures in points. A font is asked to encode text; its widths are half an em for ASCII and one em for all else, whatever the kind.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

UPRIGHT = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


class RawPdf:
    """Objects in the order of their numbers; 1 is the catalogue, 2 the root of the page tree."""

    def __init__(self) -> None:
        self._objects: list[bytes] = [b"", b""]
        self._pages: list[int] = []

    def add(self, body: bytes) -> int:
        """A new object; returns its number."""
        self._objects.append(body)
        return len(self._objects)

    def body(self, number: int) -> bytes:
        """An object as written."""
        return self._objects[number - 1]

    def stream(self, data: bytes, entries: bytes = b"") -> int:
        """A new stream."""
        return self.add(b"<<%s/Length %d>>stream\n%s\nendstream" % (entries, len(data), data))

    def form(self, data: bytes, resources: bytes, box: bytes = b"[-2000 -2000 3000 3000]", entries: bytes = b"") -> int:
        """A form XObject."""
        return self.stream(data, b"/Type/XObject/Subtype/Form/BBox%s/Resources<<%s>>%s" % (box, resources, entries))

    def page(self, content: bytes, resources: bytes, entries: bytes = b"/MediaBox[0 0 600 800]") -> int:
        """A page."""
        body = self.stream(content)
        own = b"/Resources<<%s>>" % resources if resources else b""
        self._pages.append(self.add(b"<</Type/Page/Parent 2 0 R%s%s/Contents %d 0 R>>" % (entries, own, body)))
        return self._pages[-1]

    def packed(self, catalogue: bytes = b"", pages: bytes = b"") -> bytes:
        """The file with all objects but streams in one object stream, and a cross-reference stream (PDF 1.5)."""
        self.data(catalogue, pages)
        plain = {n: body for n, body in enumerate(self._objects, 1) if b"stream\n" not in body}
        offsets, start = b"", 0
        for number, body in plain.items():
            offsets += b"%d %d " % (number, start)
            start += len(body) + 1
        inside = zlib.compress(offsets + b"\n".join(plain.values()))
        holder, table = len(self._objects) + 1, len(self._objects) + 2
        streams = {n: body for n, body in enumerate(self._objects, 1) if n not in plain}
        head = b"<</Type/ObjStm/N %d/First %d/Filter/FlateDecode/Length %d>>stream\n" % (len(plain), len(offsets), len(inside))
        streams[holder] = head + inside + b"\nendstream"
        out, places = b"%PDF-1.7\n", {}
        for number, body in streams.items():
            places[number] = len(out)
            out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
        places[table] = len(out)
        order = {number: k for k, number in enumerate(plain)}
        rows = [(2, holder, order[n]) if n in plain else (1, places[n], 0) for n in range(1, table + 1)]
        data = b"\0\0\0\0\0\0" + b"".join(bytes([a]) + b.to_bytes(4, "big") + bytes([c]) for a, b, c in rows)
        entries = b"/Type/XRef/W[1 4 1]/Size %d/Root 1 0 R/Length %d" % (table + 1, len(data))
        out += b"%d 0 obj\n<<%s>>stream\n%s\nendstream\nendobj\n" % (table, entries, data)
        return out + b"startxref\n%d\n%%%%EOF" % places[table]

    def data(self, catalogue: bytes = b"", pages: bytes = b"") -> bytes:
        """The file. Args: catalogue, pages: further entries of the catalogue and of the root of the page tree."""
        kids = b" ".join(b"%d 0 R" % number for number in self._pages)
        self._objects[0] = b"<</Type/Catalog/Pages 2 0 R%s>>" % catalogue
        self._objects[1] = b"<</Type/Pages/Kids[%s]/Count %d%s>>" % (kids, len(self._pages), pages)
        out, offsets = b"%PDF-1.7\n", []
        for number, body in enumerate(self._objects, 1):
            offsets.append(len(out))
            out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
        start, size = len(out), len(self._objects) + 1
        out += b"xref\n0 %d\n0000000000 65535 f \n" % size + b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
        return out + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (size, start)


@dataclass(frozen=True)
class Font:
    """A font of a file: its object, and how text becomes a string in a content stream. `wide`: every character is one em."""

    number: int
    encode: Callable[[str], bytes]
    wide: bool = False

    def width(self, text: str) -> float:
        """Width in ems."""
        return sum(1.0 if self.wide or ord(char) > 0xFF else 0.5 for char in text)


def program(chars: str, with_cmap: bool = True, shift: int = 0) -> bytes:
    """A TrueType font whose glyphs are bars; glyph k + 1 draws the k-th of `chars`. Args: shift: added to the codes of its cmap."""
    names = [".notdef", *(f"uni{ord(char):04X}" for char in chars)]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({ord(char) + shift: name for char, name in zip(chars, names[1:], strict=True)} if with_cmap else {})
    glyphs, metrics = {}, {}
    for name, char in zip(names, "\xff" + chars, strict=True):
        width = 1000 if ord(char) > 0xFF else 500
        pen = TTGlyphPen(None)
        for x in (60, width // 2 + 20):
            pen.moveTo((x, 0))
            for point in ((x, 700), (x + width // 4, 700), (x + width // 4, 0)):
                pen.lineTo(point)
            pen.closePath()
        glyphs[name], metrics[name] = pen.glyph(), (width, 60)
    builder.setupGlyf(glyphs)
    builder.setupHorizontalMetrics(metrics)
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    builder.setupNameTable({"familyName": "Bars", "styleName": "Regular"})
    builder.setupOS2(sTypoAscender=880, sTypoDescender=-120, usWinAscent=880, usWinDescent=120)
    builder.setupPost()
    out = BytesIO()
    builder.save(out)
    return out.getvalue()


def descriptor(pdf: RawPdf, name: bytes, file: bytes = b"", flags: int = 4) -> int:
    """A font descriptor. Args: file: the font's program, embedded where there is one."""
    embedded = b"/FontFile2 %d 0 R" % pdf.stream(file, b"/Length1 %d" % len(file)) if file else b""
    return pdf.add(
        b"<</Type/FontDescriptor/FontName/%s/Flags %d/FontBBox[0 -120 1000 880]/Ascent 880/Descent -120/ItalicAngle 0"
        b"/CapHeight 700/StemV 80%s>>" % (name, flags, embedded)
    )


def to_unicode(pdf: RawPdf, codes: dict[int, str], width: int = 2) -> int:
    """A ToUnicode CMap. Args: width: bytes of a code."""
    lines = b"".join(b"<%0*X><%s>\n" % (2 * width, code, text.encode("utf-16-be").hex().encode()) for code, text in codes.items())
    space = b"<%s><%s>" % (b"00" * width, b"FF" * width)
    return pdf.stream(
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /U def /CMapType 2 def\n"
        b"1 begincodespacerange %s endcodespacerange %d beginbfchar\n%sendbfchar endcmap end end" % (space, len(codes), lines)
    )


def latin(pdf: RawPdf) -> Font:
    """Helvetica by name: ASCII only (its figures are .556 em wide, which matters to nothing here)."""
    return Font(pdf.add(b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"), _literal)


def embedded(pdf: RawPdf, chars: str, mapped: str = "unicode", name: bytes = b"AAAAAA+Bars", also: dict[str, str] | None = None) -> Font:
    """A Type0 font with Identity-H codes and an embedded program of just these characters.

    Args: mapped: "unicode": a ToUnicode map; "cmap": none, only the program's own cmap; "private": a ToUnicode map into the private use
    area; "nothing": neither. also: what the ToUnicode map says of some characters instead of them.
    """
    number = {char: k + 1 for k, char in enumerate(chars)}
    widths = b" ".join(b"%d[%d]" % (k, 1000 if ord(char) > 0xFF else 500) for char, k in number.items())
    about = descriptor(pdf, name, program(chars, with_cmap=mapped == "cmap"))
    maps = {
        "unicode": lambda: {k: (also or {}).get(char, char) for char, k in number.items()},
        "private": lambda: {k: chr(0xE000 + k) for k in number.values()},
    }
    unicode = b"/ToUnicode %d 0 R" % to_unicode(pdf, maps[mapped]()) if mapped in maps else b""
    descendant = pdf.add(
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/%s/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/DW 1000/W[%s]"
        b"/CIDToGIDMap/Identity/FontDescriptor %d 0 R>>" % (name, widths, about)
    )
    font = pdf.add(b"<</Type/Font/Subtype/Type0/BaseFont/%s/Encoding/Identity-H%s/DescendantFonts[%d 0 R]>>" % (name, unicode, descendant))
    return Font(font, lambda text: _hex(b"".join(b"%04X" % number[char] for char in text)))


def by_name(pdf: RawPdf, cmap: bytes = b"UniGB-UCS2-H", name: bytes = b"STSong-Light") -> Font:
    """A Chinese font that is not in the file: a predefined CMap (UniGB-UCS2, UniGB-UTF16, GBK-EUC, GBKp-EUC; -H or -V) and a name."""
    about = descriptor(pdf, name)
    descendant = pdf.add(
        b"<</Type/Font/Subtype/CIDFontType0/BaseFont/%s/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>/DW 1000"
        b"/W[1 95 500 814 939 500]/FontDescriptor %d 0 R>>" % (name, about)
    )
    font = pdf.add(b"<</Type/Font/Subtype/Type0/BaseFont/%s/Encoding/%s/DescendantFonts[%d 0 R]>>" % (name, cmap, descendant))
    codec = "utf-16-be" if cmap.startswith(b"UniGB") else "gbk"
    return Font(font, lambda text: _hex(text.encode(codec).hex().encode()))


def simple(pdf: RawPdf, chars: str, mapped: str = "unicode", kind: str = "TrueType", name: bytes = b"BAAAAA+Bars") -> Font:
    """A font of single-byte codes: 33, 34, … for `chars`, or ASCII itself where `mapped` is "ascii".

    Args: mapped: "unicode": a ToUnicode map; "names": glyph names in an encoding; "ascii": WinAnsi, nothing else.
    kind: TrueType (embedded) or Type3 (each glyph a small program of bars).
    """
    code = {char: ord(char) if mapped == "ascii" else 33 + k for k, char in enumerate(chars)}
    last = max(code.values())
    wide = {value: (1000 if ord(char) > 0xFF else 500) for char, value in code.items()}
    widths = b" ".join(b"%d" % wide.get(value, 0) for value in range(33, last + 1))
    names = {value: f"uni{ord(char):04X}".encode() if mapped == "names" else b"g%d" % value for char, value in code.items()}
    differences = b" ".join(b"%d /%s" % item for item in sorted(names.items()))
    unicode = b"/ToUnicode %d 0 R" % to_unicode(pdf, {value: char for char, value in code.items()}, 1) if mapped == "unicode" else b""
    encoding = b"/WinAnsiEncoding" if mapped == "ascii" else b"<</Type/Encoding/Differences[%s]>>" % differences
    if kind == "Type3":
        bars = {value: pdf.stream(b"%d 0 0 0 %d 700 d1 60 0 150 700 re f" % (width, width)) for value, width in wide.items()}
        procedures = b" ".join(b"/%s %d 0 R" % (names[value], number) for value, number in bars.items())
        body = b"/FontBBox[0 0 1000 900]/FontMatrix[.001 0 0 .001 0 0]/CharProcs<<%s>>/Resources<<>>" % procedures
    else:
        keyed = program("".join(code))
        body = b"/BaseFont/%s/FontDescriptor %d 0 R" % (name, descriptor(pdf, name, keyed, 4 if mapped == "unicode" else 32))
    font = pdf.add(
        b"<</Type/Font/Subtype/%s/FirstChar 33/LastChar %d/Widths[%s]/Encoding%s%s%s>>"
        % (kind.encode(), last, widths, encoding if kind == "Type3" or mapped != "unicode" else b"/WinAnsiEncoding", unicode, body)
    )
    return Font(font, lambda text: _hex(b"".join(b"%02X" % code[char] for char in text)))


def _hex(digits: bytes) -> bytes:
    return b"<" + digits + b">"


def _literal(text: str) -> bytes:
    return b"(" + text.encode("latin-1").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)") + b")"
