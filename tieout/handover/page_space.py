"""From the page as it is shown to the page's own coordinates: boxes of results are points from the top left of the page after /Rotate. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from shared.contracts.common import Box


@dataclass(frozen=True)
class PageSpace:
    """A page: what is shown of it (left, bottom, right, top in its own coordinates) and its /Rotate in quarter turns clockwise."""

    left: float
    bottom: float
    right: float
    top: float
    quarters: int

    @property
    def shown(self) -> tuple[float, float]:
        """Width and height of the page as it is shown, in points."""
        width, height = self.right - self.left, self.top - self.bottom
        return (height, width) if self.quarters % 2 else (width, height)

    def own(self, box: Box) -> tuple[float, float, float, float]:
        """A shown box in the page's own coordinates: left, bottom, right, top."""
        (x, y), (u, v) = self._point(box[0], box[1]), self._point(box[2], box[3])
        return min(x, u), min(y, v), max(x, u), max(y, v)

    def _point(self, x: float, y: float) -> tuple[float, float]:
        turn = self.quarters % 4
        if turn == 0:
            return self.left + x, self.top - y
        if turn == 1:  # the page's left edge is shown on top, its lower edge on the left
            return self.left + y, self.bottom + x
        if turn == 2:
            return self.right - x, self.bottom + y
        return self.right - y, self.top - x

    def inside(self, box: Box) -> Box:
        """A shown box moved so that it lies on the page as far as it can."""
        width, height = self.shown
        x = max(min(0.0, width - box[2]), -box[0])
        y = max(min(0.0, height - box[3]), -box[1])
        return box[0] + x, box[1] + y, box[2] + x, box[3] + y
