"""Loops over functions of pdfium: what they are, and how they run without a compiler.

One function of pdfium is called for many objects or characters; here `map` drives it without a Python frame per call, about .3 µs each
(measured). native_loops.py does the same at a twentieth of that where a compiler was at hand; both write the same bytes.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import repeat
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from services.extractor.domain.page import Floats, Ints

Handles = NDArray[np.uintp]
"""Addresses of pdfium's objects."""


def no_handles() -> Handles:
    """None at all."""
    return np.zeros(0, dtype=np.uintp)


@dataclass(frozen=True, slots=True)
class Function:
    """A function of pdfium. `call`: for Python, with plain addresses.

    Of one that writes: `width` values of type `dtype`, to `pointers` addresses: one per value (2, 4), or 1 for all of them;
    `refused`: what stands where it writes nothing, else zeros.
    """

    call: Callable[..., Any]
    address: int
    pointers: int = 0
    width: int = 0
    dtype: Any = None
    refused: tuple[float, ...] | None = None

    def rows(self, count: int) -> NDArray[Any]:
        """Room for what it writes in so many calls."""
        room = np.zeros((count, self.width), dtype=self.dtype)
        if self.refused is not None:
            room[:] = self.refused
        return room


class Loops(Protocol):
    """Ways to call one function many times. `of`: objects, or one for all calls; `at`: numbers of characters, segments …, or one for all."""

    def numbers(self, function: Function, of: Handles) -> Ints:
        """`function(of[k])`, integers."""

    def addresses(self, function: Function, of: Handles) -> Handles:
        """`function(of[k])`, addresses."""

    def numbers_at(self, function: Function, of: Handles | int, at: Ints | int) -> Ints:
        """`function(of[k], at[k])`, integers."""

    def addresses_at(self, function: Function, of: Handles | int, at: Ints | int) -> Handles:
        """`function(of[k], at[k])`, addresses."""

    def parts(self, function: Function, of: Handles, part: int, at: Ints | int) -> Handles:
        """`function(of[k], part, at[k])`, addresses."""

    def doubles_at(self, function: Function, of: int, at: Ints) -> Floats:
        """`function(of, at[k])`, double precision."""

    def fill(self, function: Function, of: Handles) -> NDArray[Any]:
        """What `function(of[k], …)` writes: a row each."""

    def fill_at(self, function: Function, of: int, at: Ints) -> NDArray[Any]:
        """What `function(of, at[k], …)` writes: a row each."""


class PythonLoops:
    """`Loops` by `map`."""

    def numbers(self, function: Function, of: Handles) -> Ints:
        """See `Loops`."""
        return np.fromiter(map(function.call, of.tolist()), dtype=np.int32, count=len(of))

    def addresses(self, function: Function, of: Handles) -> Handles:
        """See `Loops`."""
        return np.fromiter(map(function.call, of.tolist()), dtype=np.uintp, count=len(of))

    def numbers_at(self, function: Function, of: Handles | int, at: Ints | int) -> Ints:
        """See `Loops`."""
        return np.fromiter(map(function.call, _each(of), _each(at)), dtype=np.int32, count=count_of(of, at))

    def addresses_at(self, function: Function, of: Handles | int, at: Ints | int) -> Handles:
        """See `Loops`."""
        return np.fromiter(map(function.call, _each(of), _each(at)), dtype=np.uintp, count=count_of(of, at))

    def parts(self, function: Function, of: Handles, part: int, at: Ints | int) -> Handles:
        """See `Loops`."""
        return np.fromiter(map(function.call, of.tolist(), repeat(part), _each(at)), dtype=np.uintp, count=count_of(of, at))

    def doubles_at(self, function: Function, of: int, at: Ints) -> Floats:
        """See `Loops`."""
        return np.fromiter(map(function.call, repeat(of), at.tolist()), dtype=np.float64, count=len(at))

    def fill(self, function: Function, of: Handles) -> NDArray[Any]:
        """See `Loops`."""
        out = function.rows(len(of))
        _exhaust(map(function.call, of.tolist(), *_places(out, function)))
        return out

    def fill_at(self, function: Function, of: int, at: Ints) -> NDArray[Any]:
        """See `Loops`."""
        out = function.rows(len(at))
        _exhaust(map(function.call, repeat(of), at.tolist(), *_places(out, function)))
        return out


def count_of(of: Handles | int, at: Ints | int) -> int:
    """How many calls: as many as there are objects, or numbers. Raises ValueError where the two differ, or neither says."""
    if isinstance(at, int):
        if isinstance(of, int):
            raise ValueError("one object and one number are no loop")
        return len(of)
    if not isinstance(of, int) and len(of) != len(at):
        raise ValueError(f"{len(of)} objects and {len(at)} numbers for one loop")
    return len(at)


def _each(values: Handles | Ints | int) -> Iterable[int]:
    return repeat(values) if isinstance(values, int) else values.tolist()


def _exhaust(calls: Iterable[Any]) -> None:
    """Runs calls for what they write."""
    deque(calls, maxlen=0)


def _places(out: NDArray[Any], function: Function) -> list[range]:
    """Addresses of an array's rows, or of its values, per column."""
    rows, item, base = out.shape[0], out.strides[1], out.ctypes.data
    step = out.strides[0]
    return [range(base + k * item, base + k * item + rows * step, step) if rows else range(0) for k in range(function.pointers)]
