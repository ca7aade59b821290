"""What a font draws where pdfium cannot say it: the file's font dictionaries, read by pdfminer.

pdfium hands out a code itself where it finds no Unicode value: fonts without a ToUnicode map, codes missing in it, and maps whose ranges go over more than
one high byte (PDF 32000-1, 9.10.3 forbids them, and programs write them: <0000> <FFFF> <0000>). pdfminer reads those ranges, the cmap of
an embedded TrueType program, and glyph names. Asked only where pdfium said that it does not know.
"""

from __future__ import annotations

import contextlib
import ctypes
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from services.extractor.adapters import pdfium_calls as pdfium

Teller = Callable[[str, int], int | None]
"""Asks the file what a font (by name) draws for a code that pdfium cannot tell: a code point, or None."""
# U+FFFD, the replacement character: stands for a character that cannot be told.
UNREADABLE = 0xFFFD
_LONGEST_NAME = 512
# Forms inside forms, as in the paths.
_DEEPEST = 8


def told(text: int, where: list[int], codes: list[int], teller: Teller | None) -> list[int]:
    """What characters of a text page without a Unicode value are, U+FFFD where nothing tells.

    Args: where: the characters' numbers; codes: what pdfium gives for them, their codes in their font.
    """
    if teller is None:
        return [UNREADABLE] * len(where)
    owners = pdfium.loops.addresses_at(pdfium.char_object, text, np.array(where, dtype=np.int32)).tolist()
    of_owner = {owner: _font_name(pdfium.text_font(owner)) for owner in set(owners)}
    names = [of_owner[owner] for owner in owners]
    known = {(name, code): teller(name, code) or UNREADABLE for name, code in sorted(set(zip(names, codes, strict=True)))}
    return [known[each] for each in zip(names, codes, strict=True)]


def _font_name(font: int) -> str:
    """The base name of a font; bytes that are no UTF-8 as Python shows them, as in the tables below."""
    data = ctypes.create_string_buffer(_LONGEST_NAME)
    length = pdfium.font_name(font, ctypes.addressof(data), _LONGEST_NAME) if font else 0
    found = data.raw[: max(0, min(length, _LONGEST_NAME) - 1)]
    try:
        return found.decode()
    except UnicodeDecodeError:
        return str(found)


class FontTables:
    """The fonts of a document by page and name; opens the file a second time when first asked."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: BinaryIO | None = None
        self._pages: list[Any] = []
        self._manager: Any = None
        self._page = -1
        self._fonts: dict[str, list[Any]] = {}

    def close(self) -> None:
        """Lets go of the file."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def character(self, page: int, name: str, code: int) -> int | None:
        """The code point that a code of a font draws; None where the file does not say, or its fonts of that name say different things.

        Args: page: from 0. name: the font's; empty for fonts without one (Type3).
        """
        with contextlib.suppress(Exception):  # pdfminer raises what it likes on damaged fonts; "not known" is an answer
            found: set[str] = {
                text for font in self._of_page(page).get(_without_tag(name), ()) if (text := _text_of(font, code)) is not None
            }
            if len(found) == 1 and len(only := found.pop()) == 1:
                return ord(only)
        return None

    def _of_page(self, page: int) -> dict[str, list[Any]]:
        if page != self._page:
            self._page, self._fonts = page, {}
            self._open()
            _collect(self._pages[page].resources, self._manager, self._fonts, 0)
        return self._fonts

    def _open(self) -> None:
        if self._file is not None:
            return
        from pdfminer.pdfdocument import PDFDocument
        from pdfminer.pdfinterp import PDFResourceManager
        from pdfminer.pdfpage import PDFPage
        from pdfminer.pdfparser import PDFParser

        logging.getLogger("pdfminer").setLevel(logging.ERROR)
        self._file = self._path.open("rb")
        document = PDFDocument(PDFParser(self._file))
        self._manager = PDFResourceManager()
        self._pages = list(PDFPage.create_pages(document))


def _collect(resources: Any, manager: Any, fonts: dict[str, list[Any]], depth: int) -> None:
    """The fonts of a resource dictionary and of the forms in it, by base name."""
    from pdfminer.pdftypes import PDFObjRef, dict_value, resolve1, stream_value

    entries = dict_value(resources) if resources else {}
    for reference in dict_value(entries.get("Font", {})).values():
        specification = dict_value(reference)
        name = resolve1(specification.get("BaseFont"))
        font = manager.get_font(reference.objid if isinstance(reference, PDFObjRef) else None, specification)
        font.gids = _gids(specification)
        fonts.setdefault(_without_tag(_text_of_name(name)), []).append(font)
    if depth >= _DEEPEST:
        return
    for reference in dict_value(entries.get("XObject", {})).values():
        form = stream_value(reference)
        if getattr(form.get("Subtype"), "name", "") == "Form":
            _collect(resolve1(form.get("Resources")), manager, fonts, depth + 1)


def _gids(specification: Any) -> bytes:
    """The map from codes to glyphs of a Type0 font without a ToUnicode map, where it has one that is not the identity."""
    from pdfminer.pdftypes import PDFStream, dict_value, list_value, resolve1

    if "DescendantFonts" not in specification or "ToUnicode" in specification:
        return b""
    descendant = dict_value(list_value(specification["DescendantFonts"])[0])
    found = resolve1(descendant.get("CIDToGIDMap"))
    return bytes(found.get_data()) if isinstance(found, PDFStream) else b""


def _text_of(font: Any, code: int) -> str | None:
    from pdfminer.pdffont import PDFUnicodeNotDefined

    glyph = int.from_bytes(font.gids[2 * code : 2 * code + 2], "big") if font.gids else code
    try:
        text = str(font.to_unichr(glyph))
    except PDFUnicodeNotDefined:
        return None
    return None if text.startswith("(cid:") else text


def _text_of_name(name: Any) -> str:
    """A PDF name as text; bytes that are no UTF-8 (GBK names) as Python shows them."""
    found = getattr(name, "name", "")
    return found if isinstance(found, str) else str(found)


def _without_tag(name: str) -> str:
    """A font's name without the six letters and + of a subset."""
    return name[7:] if len(name) > 7 and name[6] == "+" else name
