"""Reads images of pages for one document: `python -m … MEMORY_BYTES`, images on standard input, what they show on standard output.

A process of its own with a memory limit of its own: its libraries take hundreds of megabytes and have had native crashes. It ends with its
input, and with its parent. Frames (scan_wire.py) go both ways; nothing else is written to its output.
"""

from __future__ import annotations

import logging
import os
import sys
from typing import BinaryIO

import numpy as np

from services.extractor.adapters.scan_image import CleanScan, cleaned, upside_down
from services.extractor.adapters.scan_text import LineReader, scanned_page
from services.extractor.adapters.scan_wire import contents_frame, read_image
from services.extractor.domain.figuretext import SIGNS
from services.extractor.domain.page import PageContents, no_floats
from services.extractor.ports import PageImage
from shared.line_model import LineModel
from shared.sandbox import confine

# Two cores read a page in about half a second; more threads only wait for one another on lines of a few characters.
_THREADS = 2
# Text that is read upright has a mean certainty of .93 and more, also on poor scans; standing on its head it has less than .6.
_DOUBTFUL = 0.75


def contents_of(image: PageImage, reader: LineReader) -> PageContents:
    """What the image of a page shows, upright whichever way it was scanned."""
    scan = cleaned(image.pixels, image.dpi)
    page = _read(image.number, scan, reader)
    if _mean(page) >= _DOUBTFUL or not len(page.codes):
        return page
    return max((page, _read(image.number, upside_down(scan), reader)), key=_mean)


def _read(number: int, scan: CleanScan, reader: LineReader) -> PageContents:
    nothing = np.zeros(0)
    blank = PageContents(
        number=number,
        width=scan.width,
        height=scan.height,
        turn=-scan.quarter % 4,
        codes=nothing.astype(np.int32),
        box=no_floats(4),
        origin=no_floats(2),
        size=nothing,
        angle=nothing.astype(np.int32),
        skew=scan.skew,
    )
    return scanned_page(scan, blank, reader)


def _mean(page: PageContents) -> float:
    return float(page.certainty.mean()) if len(page.certainty) else 0.0


def serve(source: BinaryIO, answers: BinaryIO) -> None:
    """Answers images until there are no more."""
    model = LineModel(SIGNS, _THREADS)
    while (image := read_image(source)) is not None:
        answers.write(contents_frame(contents_of(image, model)))
        answers.flush()


def main(arguments: list[str]) -> int:
    """Serves until its input ends; returns the exit code."""
    logging.disable(logging.CRITICAL)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not break a frame
    confine(int(arguments[0]))
    serve(sys.stdin.buffer, answers)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
