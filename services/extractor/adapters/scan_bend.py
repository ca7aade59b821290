"""Sheets that went through the feeder unevenly or lay not quite flat: how far each place is off, from rules that ought to be straight."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from services.extractor.adapters.scan_pixels import Grey, blobs, resized
from services.extractor.adapters.scan_ridges import find_ridges
from services.extractor.domain.page import Floats

# Rules are followed in an image of so many pixels a point (100 dpi).
SCALE = 1.4
# Rules this long (points) bear witness, in steps of so many; as many of them at least. They stay inside so many points across.
LONG, STEP, FEWEST, DEEP = 90.0, 12, 4, 14.0
# Less than this, in points, is left as it is; more than this is no bend but a mistake.
LEAST, MOST = 0.3, 8.0
# What keeps far corners from being thrown about where few rules witness.
STIFF = 0.05
# The shifts are computed at places so many pixels apart.
MESH = 32

Shape = NDArray[np.float64]
"""Weights of the terms of `_terms`, in points."""


def straightened(grey: Grey, scale: float, em: float) -> Grey:
    """The page with its long rules made straight; as it is where they are, or where there are too few."""
    small = resized(grey, int(grey.shape[1] * SCALE / scale), int(grey.shape[0] * SCALE / scale))
    size = (grey.shape[1] / scale, grey.shape[0] / scale)
    down = _shape(_witnesses(small, em), size)
    across = _shape([line[:, ::-1] for line in _witnesses(np.ascontiguousarray(small.T), em)], size, upright=True)
    if down is None and across is None:
        return grey
    return _moved(grey, scale, size, across, down)


def _witnesses(image: Grey, em: float) -> list[Floats]:
    """Long horizontal ridges, each as places along it (n×2: x, y in points)."""
    ridges = find_ridges(image, SCALE, em)
    labels, stats, _ = blobs(ridges.mask)
    lines = []
    for k in range(1, len(stats)):
        x, y, w, h, _ = stats[k].tolist()
        if w < LONG * SCALE or h > DEEP * SCALE:
            continue
        ink = (labels[y : y + h, x : x + w] == k) * (255.0 - image[y : y + h, x : x + w])
        count = w // STEP
        ink = ink[:, : count * STEP].reshape(h, count, STEP).sum(axis=2)
        total = ink.sum(axis=0)
        there = total > 0
        place = (ink * np.arange(h)[:, None]).sum(axis=0)[there] / total[there]
        along = x + (np.arange(count)[there] + 0.5) * STEP
        lines.append(np.stack([along, y + place + 0.5], axis=1) / SCALE)
    return lines


def _terms(x: Floats, y: Floats, size: tuple[float, float], upright: bool) -> Floats:
    """What a shift is made of: powers of the place along the rules, alone and with the place across; n×6."""
    u, v = 2 * x / size[0] - 1, 2 * y / size[1] - 1
    if upright:
        u, v = v, u
    return np.stack([u, u**2, u**3, u * v, u**2 * v, u * v**2], axis=1)


def _shape(lines: list[Floats], size: tuple[float, float], upright: bool = False) -> Shape | None:
    """The smooth shift across that explains how the rules run; None where they are straight, or say nothing."""
    if len(lines) < FEWEST:
        return None
    value = 0 if upright else 1
    terms = [_terms(line[:, 0], line[:, 1], size, upright) for line in lines]
    left = np.concatenate([one - one.mean(axis=0) for one in terms])
    right = np.concatenate([line[:, value] - line[:, value].mean() for line in lines])
    good = np.ones(len(right), dtype=np.bool_)
    weights = np.zeros(left.shape[1])
    for _ in range(3):
        a, b = left[good], right[good]
        weights = np.linalg.solve(a.T @ a + STIFF * len(a) * 0.1 * np.eye(left.shape[1]), a.T @ b)
        off = np.abs(right - left @ weights)
        good = off <= max(3 * float(np.median(off)), 0.3)
    reach = np.abs(np.concatenate(terms) @ weights)
    return weights if LEAST < float(reach.max()) < MOST else None


def _moved(grey: Grey, scale: float, size: tuple[float, float], across: Shape | None, down: Shape | None) -> Grey:
    height, width = grey.shape
    rows, columns = height // MESH + 2, width // MESH + 2
    y, x = np.mgrid[0:rows, 0:columns] * (MESH / scale)
    maps = []
    for weights, upright, start in ((across, True, x), (down, False, y)):
        shift = np.zeros(x.size) if weights is None else _terms(x.ravel(), y.ravel(), size, upright) @ weights
        coarse = ((start.ravel() + np.clip(shift, -MOST, MOST)) * scale).reshape(rows, columns).astype(np.float32)
        matrix = np.array([[1 / MESH, 0, 0], [0, 1 / MESH, 0]])
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        maps.append(cv2.warpAffine(coarse, matrix, (width, height), flags=flags, borderMode=cv2.BORDER_REPLICATE))
    moved = cv2.remap(grey, maps[0], maps[1], cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=(255,))
    return np.asarray(moved, dtype=np.uint8)
