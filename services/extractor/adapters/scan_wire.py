"""What goes between the reader of a document and its recogniser's process: frames of a length and an archive of plain arrays (no pickles)."""

from __future__ import annotations

import io
import struct
from typing import Any, BinaryIO

import numpy as np

from services.extractor.domain.page import PageContents
from services.extractor.ports import PageImage

_LENGTH = struct.Struct("<Q")
# The arrays of PageContents that recognition makes; the others stay empty.
_ARRAYS = ("codes", "box", "origin", "size", "angle", "marks", "paint", "filled", "weight", "certainty")
# A page's arrays are a few hundred kilobytes; more than this is no answer of ours.
LARGEST_ANSWER = 64 << 20


class BrokenFrameError(Exception):
    """The other side ended, or wrote what is no frame."""


def image_frame(image: PageImage) -> bytes:
    """The frame that asks for an image to be read."""
    return _frame({"size": np.array([image.number, image.width, image.height, image.dpi]), "pixels": image.pixels})


def contents_frame(page: PageContents) -> bytes:
    """The frame of what an image shows."""
    scalars = np.array([page.number, page.width, page.height, page.turn, page.skew], dtype=np.float64)
    return _frame({"scalars": scalars, **{name: getattr(page, name) for name in _ARRAYS}})


def read_image(source: BinaryIO) -> PageImage | None:
    """The next image asked for; null where there are no more. Raises BrokenFrameError."""
    head = source.read(_LENGTH.size)
    if not head:
        return None
    arrays = _arrays(_whole(source, frame_length(head)))
    number, width, height, dpi = arrays["size"].tolist()
    return PageImage(int(number), width, height, dpi, arrays["pixels"])


def frame_length(head: bytes) -> int:
    """The bytes that follow a frame's head. Raises BrokenFrameError."""
    if len(head) != _LENGTH.size:
        raise BrokenFrameError("ended inside a frame")
    return int(_LENGTH.unpack(head)[0])


def contents_of_frame(body: bytes) -> PageContents:
    """What an image shows, from the body of its frame. Raises BrokenFrameError."""
    try:
        arrays = _arrays(body)
        number, width, height, turn, skew = arrays.pop("scalars").tolist()
        return PageContents(number=int(number), width=width, height=height, turn=int(turn), skew=skew, source="image", **arrays)
    except (ValueError, KeyError, TypeError, OSError) as problem:
        raise BrokenFrameError(f"no answer: {problem}") from None


HEAD_BYTES = _LENGTH.size


def _frame(arrays: dict[str, Any]) -> bytes:
    body = io.BytesIO()
    np.savez(body, **arrays)
    return _LENGTH.pack(body.tell()) + body.getvalue()


def _arrays(body: bytes) -> dict[str, Any]:
    with np.load(io.BytesIO(body), allow_pickle=False) as archive:
        return {name: archive[name] for name in archive.files}


def _whole(source: BinaryIO, length: int) -> bytes:
    body = source.read(length)
    if len(body) != length:
        raise BrokenFrameError("ended inside a frame")
    return body
