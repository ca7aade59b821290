"""Signs that stand alone in their cell on a scan, and strokes: ≥ ≤ = < > % in columns of goals, which a model trained on words takes for letters."""

from __future__ import annotations

import cv2
import numpy as np

from services.extractor.adapters.scan_lines import PixelBox
from services.extractor.domain.page import Bools
from shared.line_model import LineReading

# A single sign is read again, so many times side by side, where the model is not this sure of it. Of 43 lone ≥ ≤ = < > % it read 26 right once,
# 38 so; those that it was surer of were right.
SURE_ALONE, TIMES = 0.99, 3
# Of a sign alone that it takes for a letter, or for nothing, the model gives ≥ ≤ = < > % .08–.3 where it is one of them (.00 elsewhere).
LONE_LEAST = 0.05
# How sure an equals sign is that was told by its form.
EQUALS_SURE = 0.9
# A flat stroke is not higher than this part of its width.
FLAT = 0.4
# What a certainty is multiplied by where something speaks against what was read: another number of separators, an impossible grouping.
DOUBT = 0.5


def is_unsure_sign(reading: LineReading, box: PixelBox, usual: float) -> bool:
    """Whether a line is a single sign that the model, which was trained on words, is not sure of: ≥ and = stand alone in columns of goals."""
    return len(reading.text) < 2 and min(reading.sure, default=0.0) < SURE_ALONE and box[2] - box[0] < 1.3 * usual


def of_one(ink: Bools, box: PixelBox, reading: LineReading, repeated: LineReading) -> LineReading:
    """The reading of a single sign: the same sign several times over where all of these agree, the form of =, or the likeliest sign of goals."""
    signs = [(sign, sure) for sign, sure in zip(repeated.text, repeated.sure, strict=True) if not sign.isspace()]
    kinds = {sign for sign, _ in signs}
    if len(signs) == TIMES and len(kinds) == 1:
        reading = LineReading(signs[0][0], (0.5,), (min(sure for _, sure in signs),), lone=reading.lone)
    elif reading.text and kinds != {reading.text}:
        reading = LineReading(reading.text, reading.at, (DOUBT * reading.sure[0],), lone=reading.lone)
    if (not reading.text or reading.sure[0] < SURE_ALONE or reading.text in ("二", "三")) and _is_equals(ink, box):
        return LineReading("=", (0.5,), (max(reading.lone[1], EQUALS_SURE),))
    if (not reading.text or (reading.text.isascii() and reading.text.isalpha())) and reading.lone[1] > LONE_LEAST:
        return LineReading(reading.lone[0], (0.5,), (reading.lone[1],))
    return reading


def _is_equals(ink: Bools, box: PixelBox) -> bool:
    """Whether a sign is two flat strokes of one length: of 二 the upper one is a third shorter."""
    x0, top, x1, bottom = box
    count, _, stats, _ = cv2.connectedComponentsWithStats(ink[top:bottom, x0:x1].astype(np.uint8), connectivity=8)
    wide, high = stats[1:count, cv2.CC_STAT_WIDTH], stats[1:count, cv2.CC_STAT_HEIGHT]
    return count == 3 and bool((high <= FLAT * wide).all()) and bool(wide.min() + 1 >= 0.85 * wide.max())
