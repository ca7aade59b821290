"""Whether an image lets through what is painted under it: masks, transparent colours, stencils."""

from __future__ import annotations

import ctypes

import numpy as np
from pypdfium2 import raw

from services.extractor.adapters import pdfium_calls as pdfium

# An image is looked at in a picture of a pixel a point; one that would be larger than a sheet of A0 (points by points) is taken for transparent.
_LARGEST = 2384.0 * 3370.0
_BYTES = 4  # blue, green, red, alpha


def is_opaque(document: int, page: int, image: int, area: float) -> bool:
    """Whether an image hides all that lies under it.

    Args: document, page, image: addresses. area: of its box, square points. Returns: False where it cannot be told: dropping what is visible
    would be worse than reading what is not.
    """
    if area > _LARGEST:
        return False
    picture = pdfium.image_picture(document, page, image)
    if not picture:
        return False
    try:
        wide, high, stride = pdfium.picture_width(picture), pdfium.picture_height(picture), pdfium.picture_stride(picture)
        if pdfium.picture_format(picture) != raw.FPDFBitmap_BGRA:
            return True
        pixels = np.frombuffer(ctypes.string_at(pdfium.picture_bytes(picture), stride * high), dtype=np.uint8)
        # What stands beside whole pixels is half transparent at the edges.
        alpha = pixels.reshape(high, stride)[:, 3 : _BYTES * wide : _BYTES]
        return bool(alpha[1:-1, 1:-1].min(initial=255) == 255) and bool(alpha.max(initial=0) == 255)
    finally:
        pdfium.free_picture(picture)
