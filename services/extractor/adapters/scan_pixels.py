"""OpenCV's operations on grey images and masks, with types; windows are width × height in pixels."""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]
"""An image height×width, 0 black, 255 paper; or a mask of 0 and 1."""


def _window(wide: float, high: float) -> Grey:
    return np.ones((max(int(high), 1), max(int(wide), 1)), dtype=np.uint8)


def opened(image: Grey, wide: float, high: float) -> Grey:
    """Without what is bright (set) and smaller than the window."""
    return cast(Grey, cv2.morphologyEx(image, cv2.MORPH_OPEN, _window(wide, high)))


def closed(image: Grey, wide: float, high: float) -> Grey:
    """Without what is dark (not set) and smaller than the window."""
    return cast(Grey, cv2.morphologyEx(image, cv2.MORPH_CLOSE, _window(wide, high)))


def spread(mask: Grey, wide: float, high: float) -> Grey:
    """A mask grown by half the window on each side."""
    return cast(Grey, cv2.dilate(mask, _window(wide, high)))


def averaged(image: Grey, wide: int, high: int) -> Grey:
    """Means over the window."""
    return cast(Grey, cv2.blur(image, (max(wide, 1), max(high, 1))))


def resized(image: Grey, width: int, height: int) -> Grey:
    """Scaled to a size: means of what falls together, linear where it grows."""
    smaller = width * height < image.shape[0] * image.shape[1]
    return cast(Grey, cv2.resize(image, (max(width, 1), max(height, 1)), interpolation=cv2.INTER_AREA if smaller else cv2.INTER_LINEAR))


def blobs(mask: Grey) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float64]]:
    """What hangs together: label of each pixel (0: not set); n×5 boxes (x, y, width, height) and areas; n×2 centres (x, y). Row 0: the rest."""
    _, labels, stats, centre = cv2.connectedComponentsWithStats(mask)
    return cast(NDArray[np.int32], labels), cast(NDArray[np.int32], stats), cast(NDArray[np.float64], centre)
