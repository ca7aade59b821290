"""Layers that are switched off ("optional content"): what stands on them is in the file, and nobody sees it.

pdfium draws pages without them, but hands out their objects like all others, and does not say which layers are off: the catalogue is read with pdfminer,
once a document, and only where the file has layers at all. An object is on a layer by a mark that carries the layer's name. Where
the mark does not (membership of several layers) or a whole form is on a layer, pdfium's own picture decides: what can be taken
away without a change in it is not seen.
"""

from __future__ import annotations

import contextlib
import ctypes
import mmap
import re
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pypdfium2
from numpy.typing import NDArray

from services.extractor.adapters import pdfium_calls as pdfium
from services.extractor.adapters.pdfium_objects import Objects

_LAYERS = b"/OCProperties"
_PACKED = re.compile(rb"/Type\s*/ObjStm\b[^>]*>>\s*stream\r?\n")
# Layers and forms that are tried on a page one by one; pages with more are read as if all were on, and real ones have less than ten.
_MOST_TRIED = 40
# Points per pixel of the pictures that are compared.
_SCALE = 1.0
_LONGEST_NAME = 1024
# Bytes of an object stream that are searched for the catalogue: programs pack a hundred objects or two into one.
_MOST_UNPACKED = 1 << 24
# Forms inside forms, as in the paths.
_DEEPEST = 8


@dataclass(frozen=True, slots=True)
class Layers:
    """Names (their bytes in the file) of layers that are off, and of those that are on. One name may be both."""

    off: frozenset[bytes]
    on: frozenset[bytes]


def layers_off(path: Path) -> Layers | None:
    """The layers of a document; None where none is off."""
    if not _has_layers(path):
        return None
    with contextlib.suppress(Exception):  # pdfminer raises what it likes on damaged files; pdfium's view of them is all on
        return _read_layers(path)
    return None


def _has_layers(path: Path) -> bool:
    """Whether the file names layers anywhere: as plain bytes, or in an object stream."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        if data.find(_LAYERS) >= 0 or data.find(b"/Encrypt") >= 0:
            return True
        for found in _PACKED.finditer(data):
            with contextlib.suppress(zlib.error):
                if _LAYERS in zlib.decompressobj().decompress(data[found.end() : data.find(b"endstream", found.end())], _MOST_UNPACKED):
                    return True
    return False


def _read_layers(path: Path) -> Layers | None:
    from pdfminer.pdfdocument import PDFDocument
    from pdfminer.pdfparser import PDFParser
    from pdfminer.pdftypes import dict_value, list_value, resolve1

    with path.open("rb") as file:
        catalogue = PDFDocument(PDFParser(file)).catalog
        properties = dict_value(catalogue.get("OCProperties", {}))
        groups = list_value(properties.get("OCGs", []))
        settings = dict_value(properties.get("D", {}))
        base = getattr(resolve1(settings.get("BaseState")), "name", "ON")
        listed = {reference.objid for reference in list_value(settings.get("ON" if base == "OFF" else "OFF", []))}
        names = {reference.objid: bytes(resolve1(dict_value(reference).get("Name", b""))) for reference in groups}
    off = frozenset(name for number, name in names.items() if (number in listed) != (base == "OFF"))
    on = frozenset(name for number, name in names.items() if (number in listed) == (base == "OFF"))
    return Layers(off, on) if off else None


def walk(page: int) -> list[tuple[int, int]]:
    """All objects of a page in the order in which they are drawn: the object, and the number of the form that holds it (-1: the page)."""
    found: list[tuple[int, int]] = []

    def enter(handles: list[int], holder: int, depth: int) -> None:
        for handle in handles:
            found.append((handle, holder))
            if depth < _DEEPEST and pdfium.object_type.call(handle) == pdfium.OBJECT_FORM:
                inner = [pdfium.form_object(handle, k) for k in range(pdfium.form_count(handle))]
                enter([each for each in inner if each], len(found) - 1, depth + 1)

    enter([pdfium.page_object.call(page, k) for k in range(pdfium.count_objects(page))], -1, 0)
    return found


def switched_off(document: pypdfium2.PdfDocument, index: int, layers: Layers) -> list[int]:
    """Numbers (as `walk` counts) of the objects of a page (from 0) on layers that are off; of forms, with all that they hold."""
    page = document[index]
    try:
        return _hidden(page, layers)
    finally:
        page.close()


def take_away(objects: Objects, page: int, numbers: list[int]) -> list[int]:
    """Takes paths and pictures off `objects` (of a page or its copy) that are among the walk's numbers; returns the texts that are."""
    walked = walk(page)
    gone = np.array([walked[k][0] for k in numbers], dtype=np.uintp)
    texts: list[int] = []
    for group in objects.groups:
        texts += group.text[np.isin(group.text, gone)].tolist()
        group.without(gone)
    objects.images = sum(len(group.pictures) for group in objects.groups)
    return texts


def _hidden(page: pypdfium2.PdfPage, layers: Layers) -> list[int]:
    objects = walk(pdfium.address(page.raw))
    groups: dict[tuple[bytes, int], list[int]] = {}
    for number, (handle, _) in enumerate(objects):
        for key in _layer_keys(handle, layers.off & layers.on):
            groups.setdefault(key, []).append(number)
    hidden: set[int] = set()
    doubtful: list[list[int]] = []
    for (name, _), numbers in groups.items():
        if name in layers.off:
            hidden.update(numbers)
        elif name not in layers.on:
            doubtful.append(numbers)
    if doubtful and len(doubtful) <= _MOST_TRIED:
        whole = _picture(page)
        for numbers in doubtful:
            inside = _with_contents(objects, set(numbers))
            handles = [objects[k][0] for k in numbers]
            if any(_is_drawable(objects[k][0]) for k in inside) and _makes_no_difference(page, handles, whole):
                hidden.update(numbers)
    return sorted(_with_contents(objects, hidden))


def _with_contents(objects: list[tuple[int, int]], numbers: set[int]) -> set[int]:
    """Objects with all that stands in the forms among them."""
    found = set(numbers)
    for number, (_, holder) in enumerate(objects):  # a form comes before what it holds
        if holder in found:
            found.add(number)
    return found


def _is_drawable(handle: int) -> bool:
    """Whether a picture shows an object on every machine: text only in a font that the file carries."""
    kind = pdfium.object_type.call(handle)
    if kind != pdfium.OBJECT_TEXT:
        return bool(kind != pdfium.OBJECT_FORM)
    return bool(pdfium.font_embedded(pdfium.text_font(handle)) == 1)


def _layer_keys(handle: int, shared: frozenset[bytes]) -> list[tuple[bytes, int]]:
    """Layers that an object is on: by name; a form, a membership without a name, and a name that layers share, by its address."""
    keys = []
    for k in range(pdfium.mark_counts.call(handle)):
        mark = pdfium.marks.call(handle, k)
        if _is_layer(mark):
            name = _name(mark)
            keys.append((name, 0) if name and name not in shared else (b"", mark))
    if pdfium.object_type.call(handle) == pdfium.OBJECT_FORM:
        keys.append((b"", handle))
    return keys


def _is_layer(mark: int) -> bool:
    room, length = (ctypes.c_ubyte * 16)(), ctypes.c_ulong()
    pdfium.mark_name(mark, ctypes.addressof(room), ctypes.sizeof(room), ctypes.addressof(length))
    return bytes(room)[: length.value] == "OC\0".encode("utf-16-le")


def _name(mark: int) -> bytes:
    """The name in a mark's dictionary, as bytes (pdfium's text of it loses all but Latin characters); empty where there is none."""
    room, length = (ctypes.c_ubyte * _LONGEST_NAME)(), ctypes.c_ulong()
    found = pdfium.mark_bytes(mark, b"Name", ctypes.addressof(room), ctypes.sizeof(room), ctypes.addressof(length))
    return bytes(room)[: length.value] if found else b""


def _makes_no_difference(page: pypdfium2.PdfPage, handles: list[int], whole: NDArray[np.uint8]) -> bool:
    for handle in handles:
        pdfium.set_active(handle, 0)
    try:
        return bool((_picture(page) == whole).all())
    finally:
        for handle in handles:
            pdfium.set_active(handle, 1)


def _picture(page: pypdfium2.PdfPage) -> NDArray[np.uint8]:
    return np.array(page.render(scale=_SCALE, may_draw_forms=False, draw_annots=False).to_numpy())
