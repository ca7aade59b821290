"""Reads figures where a page shows them: `python -m shared.image_child MEMORY_BYTES FILE`, places on standard input, figures on standard output.

A process of its own with a memory limit of its own, for one document: its libraries take hundreds of megabytes and have had native crashes.
Both sides write one line of JSON: a list of [page, [x0, top, x1, bottom]], and a list of [figure, certainty] or null in the same order.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pypdfium2
from numpy.typing import NDArray

from shared.contracts.common import Box
from shared.line_model import LineModel
from shared.sandbox import confine

Grey = NDArray[np.uint8]
Place = tuple[int, Box]
Seen = tuple[str, float]

SIGNS = "0123456789.,-%()"
# Digits of 9 pt are 26 pixels high: the model scales lines to 48 with the white around them.
_DPI = 300.0
# Ink darker than this part of the way from black to white; grey rules and shaded cells are lighter.
_DARK = 140
# A row or column of pixels that is dark for so much of the crop is a ruling line.
_RULE = 0.7
# White around the digits as the model knows it from lines with ideographs: digits have .72 em of ink, ideographs .92, and .16 em more on each side.
_AROUND = 0.3
# Pixels: a ruling line is not thicker than this, and not further from the edge of its cell's box.
_THIN, _EDGE = 6, 9


def figures_at(path: Path, places: Sequence[Place], model: LineModel) -> list[Seen | None]:
    """What the image of each place shows, with the least certainty of its signs; None where that is no line of ink."""
    document = pypdfium2.PdfDocument(path)
    try:
        crops = [_figure(crop) if (crop := _crop(document, page, box)) is not None else None for page, box in places]
    finally:
        document.close()
    asked = [k for k, crop in enumerate(crops) if crop is not None]
    readings = model.read([crop for crop in crops if crop is not None])
    seen: list[Seen | None] = [None] * len(places)
    for k, reading in zip(asked, readings, strict=True):
        if reading.figure is not None and reading.figure.text.strip():
            seen[k] = reading.figure.text.strip(), round(min(reading.figure.sure), 4)
    return seen


def _crop(document: pypdfium2.PdfDocument, number: int, box: Box) -> Grey | None:
    """The pixels of a box; None where the page cannot be had or the box is empty."""
    if not 1 <= number <= len(document):
        return None
    page = document[number - 1]
    try:
        width, height = page.get_size()
        x0, top, x1, bottom = max(0.0, box[0]), max(0.0, box[1]), min(width, box[2]), min(height, box[3])
        if x1 - x0 < 1 or bottom - top < 1:
            return None
        image = page.render(scale=_DPI / 72, crop=(x0, height - bottom, width - x1, top), grayscale=True)
        pixels: Grey = np.ascontiguousarray(image.to_numpy()).reshape(image.height, image.width)
        return pixels
    except (pypdfium2.PdfiumError, ValueError):
        return None
    finally:
        page.close()


def _figure(crop: Grey) -> Grey | None:
    """The line of ink of a crop without what is left of ruling lines, white around it; None where there is no ink, or more than one line of it."""
    if crop.mean() < _DARK:  # white letters on a dark ground
        crop = 255 - crop
    dark = crop < _DARK
    dark &= (dark.mean(axis=1) < _RULE)[:, None] & (dark.mean(axis=0) < _RULE)[None, :]
    lines = [run for run in _runs(np.flatnonzero(dark.any(axis=1))) if not _is_rest(run, crop.shape[0])]
    if len(lines) != 1:
        return None
    top, bottom = int(lines[0][0]), int(lines[0][-1]) + 1
    strokes = [run for run in _runs(np.flatnonzero(dark[top:bottom].any(axis=0))) if not _is_rest(run, crop.shape[1])]
    if not strokes:
        return None
    left, right = int(strokes[0][0]), int(strokes[-1][-1]) + 1
    around = max(2, round(_AROUND * (bottom - top)))
    return np.pad(crop[top:bottom, left:right], around, constant_values=255).astype(np.uint8)


def _runs(places: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Rows or columns that follow each other with hardly a gap."""
    return list(np.split(places, np.flatnonzero(np.diff(places) > 2) + 1)) if len(places) else []


def _is_rest(run: NDArray[np.int64], length: int) -> bool:
    """Whether a run of rows or columns is the rest of a ruling line: thin, and at the edge of the crop."""
    return len(run) <= _THIN and (run[0] < _EDGE or run[-1] >= length - _EDGE)


def main(arguments: list[str]) -> int:
    """Answers one question; returns the exit code."""
    logging.disable(logging.CRITICAL)
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what a library prints must not break the answer
    confine(int(arguments[0]))
    places = [(page, tuple(box)) for page, box in json.load(sys.stdin)]
    json.dump(figures_at(Path(arguments[1]), places, LineModel(SIGNS)), answers)
    answers.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
