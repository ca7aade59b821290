"""Calls into pdfium, many at a time: arguments as plain addresses, loops in C.

A ctypes call through the generated bindings costs about a microsecond, most of it for wrapping arguments. The prototypes here keep the interpreter's lock (nothing else runs in the reader's process) and take
addresses as integers, so that `map` drives them without a Python frame per character: about 0.3 µs a call (measured, pdfium 7xxx).
pdfium is not thread-safe, not even over several documents: one process, one thread.
"""

from __future__ import annotations

import ctypes
from collections import deque
from collections.abc import Callable, Iterable
from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pypdfium2 import raw

_P = ctypes.c_void_p
_I = ctypes.c_int


def _bind(name: str, result: Any, *arguments: Any) -> Callable[..., Any]:
    """The library's function with plain argument types."""
    address = ctypes.cast(getattr(raw, name), ctypes.c_void_p).value
    assert address is not None
    return ctypes.PYFUNCTYPE(result, *arguments)(address)


load_page = _bind("FPDF_LoadPage", _P, _P, _I)
close_page = _bind("FPDF_ClosePage", None, _P)
load_text = _bind("FPDFText_LoadPage", _P, _P)
close_text = _bind("FPDFText_ClosePage", None, _P)
count_chars = _bind("FPDFText_CountChars", _I, _P)
char_unicode = _bind("FPDFText_GetUnicode", ctypes.c_uint, _P, _I)
page_text = _bind("FPDFText_GetText", _I, _P, _I, _I, _P)
char_unmapped = _bind("FPDFText_HasUnicodeMapError", _I, _P, _I)
char_origin = _bind("FPDFText_GetCharOrigin", _I, _P, _I, _P, _P)
char_loose_box = _bind("FPDFText_GetLooseCharBox", _I, _P, _I, _P)
char_box = _bind("FPDFText_GetCharBox", _I, _P, _I, _P, _P, _P, _P)
char_size = _bind("FPDFText_GetFontSize", ctypes.c_double, _P, _I)
char_matrix = _bind("FPDFText_GetMatrix", _I, _P, _I, _P)
char_object = _bind("FPDFText_GetTextObject", _P, _P, _I)
page_box = _bind("FPDF_GetPageBoundingBox", _I, _P, _P)
page_rotation = _bind("FPDFPage_GetRotation", _I, _P)
count_objects = _bind("FPDFPage_CountObjects", _I, _P)
page_object = _bind("FPDFPage_GetObject", _P, _P, _I)
form_count = _bind("FPDFFormObj_CountObjects", _I, _P)
form_object = _bind("FPDFFormObj_GetObject", _P, _P, ctypes.c_ulong)
object_type = _bind("FPDFPageObj_GetType", _I, _P)
object_bounds = _bind("FPDFPageObj_GetBounds", _I, _P, _P, _P, _P, _P)
object_matrix = _bind("FPDFPageObj_GetMatrix", _I, _P, _P)
fill_colour = _bind("FPDFPageObj_GetFillColor", _I, _P, _P, _P, _P, _P)
stroke_colour = _bind("FPDFPageObj_GetStrokeColor", _I, _P, _P, _P, _P, _P)
stroke_width = _bind("FPDFPageObj_GetStrokeWidth", _I, _P, _P)
text_mode = _bind("FPDFTextObj_GetTextRenderMode", _I, _P)
draw_mode = _bind("FPDFPath_GetDrawMode", _I, _P, _P, _P)
count_segments = _bind("FPDFPath_CountSegments", _I, _P)
path_segment = _bind("FPDFPath_GetPathSegment", _P, _P, _I)
segment_point = _bind("FPDFPathSegment_GetPoint", _I, _P, _P, _P)
segment_type = _bind("FPDFPathSegment_GetType", _I, _P)
segment_close = _bind("FPDFPathSegment_GetClose", _I, _P)
clip_path = _bind("FPDFPageObj_GetClipPath", _P, _P)
clip_count = _bind("FPDFClipPath_CountPaths", _I, _P)
clip_segments = _bind("FPDFClipPath_CountPathSegments", _I, _P, _I)
clip_segment = _bind("FPDFClipPath_GetPathSegment", ctypes.c_size_t, _P, _I, _I)

OBJECT_TEXT, OBJECT_PATH, OBJECT_IMAGE, OBJECT_FORM = 1, 2, 3, 5


def exhaust(calls: Iterable[Any]) -> None:
    """Runs calls for what they write."""
    deque(calls, maxlen=0)


def columns(data: NDArray[Any]) -> list[range]:
    """Addresses of an array's elements, per column: what functions with one pointer per value are to be mapped over."""
    rows, width = data.shape
    step, item, base = data.strides[0], data.strides[1], data.ctypes.data
    return [range(base + k * item, base + k * item + rows * step, step) if rows else range(0) for k in range(width)]


def per_item(function: Callable[..., Any], handles: Iterable[Any], count: int, width: int, dtype: Any, *fixed: Any) -> NDArray[Any]:
    """Calls `function(handle, *fixed, &a, &b, …)` for all handles: a count×width array of what it wrote."""
    data = np.zeros((count, width), dtype=dtype)
    exhaust(map(function, handles, *(repeat(value) for value in fixed), *columns(data)))
    return data
