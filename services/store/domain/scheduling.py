"""What leaves the outbox, and in which turn: uploads before bulk work, departments one after the other, a bounded number at a time. Pure.

A department that sends a third of a burst of 5,000 gets every n-th place among n waiting departments, not a third of the time of the others.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heapreplace


@dataclass(frozen=True)
class Room:
    """How many submissions may be dispatched now, by lane. `bulk` is part of `upload`, not on top of it."""

    upload: int
    bulk: int


def room(window: int, busy: int, busy_bulk: int) -> Room:
    """What a window has left. Args: window: its size. busy: submissions in it; busy_bulk: those of them that are bulk work.

    Bulk work takes a quarter at most, but one at least: it must not stand still for ever in a small window.
    """
    free = max(0, window - busy)
    return Room(free, max(0, min(free, max(1, window // 4) - busy_bulk)))


def in_turn(waiting: Mapping[str, Sequence[str]], served: Mapping[str, int], places: int) -> list[str]:
    """Whose events leave, in order.

    Args: waiting: ids by department, oldest first. served: number of each department's last dispatch; without one it was never served.
    Returns: at most `places` ids: always one of the department that was served longest ago (of equals the one whose name comes first). A
    department that was idle comes first once and has saved up nothing.
    """
    queues = {department: deque(ids) for department, ids in waiting.items() if ids}
    turns = [(served.get(department, -1), department) for department in queues]
    heapify(turns)
    now = max(served.values(), default=0)
    chosen: list[str] = []
    while turns and len(chosen) < places:
        department = turns[0][1]
        chosen.append(queues[department].popleft())
        now += 1
        if queues[department]:
            heapreplace(turns, (now, department))
        else:
            heappop(turns)
    return chosen
