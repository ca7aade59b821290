"""Loops over functions of pdfium in C: native/pdfium_loops.c, where set-up could compile it. See python_loops.py for what they do."""

from __future__ import annotations

import ctypes
import hashlib
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.extractor.adapters.python_loops import Function, Handles, Loops, PythonLoops, count_of
from services.extractor.domain.page import Floats, Ints

SOURCE = Path(__file__).resolve().parents[1] / "native" / "pdfium_loops.c"
# TIEOUT_NATIVE=off: as on a machine without a compiler, to compare the two.
SETTING = "TIEOUT_NATIVE"

_P = ctypes.c_void_p
_I = ctypes.c_int
_N = ctypes.c_int64
_HANDLE, _INT = np.dtype(np.uintp), np.dtype(np.int32)
_start: Callable[[Any], ctypes.c_char] = ctypes.c_char.from_buffer
_address = ctypes.addressof


def compiled(source: Path = SOURCE, environment: Path | None = None) -> Path:
    """Where set-up puts what it compiles of this source: the name holds the source's digest, so that another version's is never taken."""
    name = hashlib.sha256(source.read_bytes()).hexdigest()[:16]
    return (environment or Path(sys.prefix)) / "native" / f"pdfium_loops-{name}.so"


def best_loops() -> Loops:
    """Loops in C if they were compiled here, else in Python: the results are the same."""
    if os.environ.get(SETTING) == "off":
        return PythonLoops()
    try:
        return NativeLoops(compiled())
    except (OSError, AttributeError):
        return PythonLoops()


class NativeLoops:
    """`Loops` in C.

    Raises: OSError, AttributeError: the library is not there, or not for this machine.
    """

    def __init__(self, library: Path) -> None:
        loaded = ctypes.PyDLL(str(library))  # keeps the interpreter's lock: nothing else runs in the reader's process

        def bind(name: str, *arguments: Any) -> Any:
            function = getattr(loaded, name)
            function.restype, function.argtypes = None, arguments
            return function

        self._numbers = bind("loop_numbers", _P, _N, _P, _P)
        self._addresses = bind("loop_addresses", _P, _N, _P, _P)
        self._numbers_at = bind("loop_numbers_at", _P, _N, _P, _I, _P, _I, _P)
        self._addresses_at = bind("loop_addresses_at", _P, _N, _P, _I, _P, _I, _P)
        self._parts = bind("loop_parts", _P, _N, _P, _I, _P, _I, _P)
        self._doubles_at = bind("loop_doubles_at", _P, _N, _P, _P, _P)
        self._fill = bind("loop_fill", _P, _N, _P, _I, _N, _N, _P)
        self._fill_at = bind("loop_fill_at", _P, _N, _P, _P, _I, _N, _N, _P)

    def numbers(self, function: Function, of: Handles) -> Ints:
        """See `Loops`."""
        out = np.empty(len(of), dtype=np.int32)
        if len(of):
            self._numbers(function.address, len(of), _at(of, _HANDLE), _room(out))
        return out

    def addresses(self, function: Function, of: Handles) -> Handles:
        """See `Loops`."""
        out = np.empty(len(of), dtype=np.uintp)
        if len(of):
            self._addresses(function.address, len(of), _at(of, _HANDLE), _room(out))
        return out

    def numbers_at(self, function: Function, of: Handles | int, at: Ints | int) -> Ints:
        """See `Loops`."""
        return self._pairs(self._numbers_at, function, of, at, np.empty(count_of(of, at), dtype=np.int32))

    def addresses_at(self, function: Function, of: Handles | int, at: Ints | int) -> Handles:
        """See `Loops`."""
        return self._pairs(self._addresses_at, function, of, at, np.empty(count_of(of, at), dtype=np.uintp))

    def _pairs(self, loop: Any, function: Function, of: Handles | int, at: Ints | int, out: NDArray[Any]) -> NDArray[Any]:
        if len(out):
            objects, numbers = _array(of, _HANDLE), _array(at, _INT)
            steps = int(objects is of), int(numbers is at)
            loop(function.address, len(out), _at(objects, _HANDLE), steps[0], _at(numbers, _INT), steps[1], _room(out))
        return out

    def parts(self, function: Function, of: Handles, part: int, at: Ints | int) -> Handles:
        """See `Loops`."""
        out = np.empty(count_of(of, at), dtype=np.uintp)
        if len(out):
            numbers = _array(at, _INT)
            self._parts(function.address, len(out), _at(of, _HANDLE), part, _at(numbers, _INT), int(numbers is at), _room(out))
        return out

    def doubles_at(self, function: Function, of: int, at: Ints) -> Floats:
        """See `Loops`."""
        out = np.empty(len(at))
        if len(at):
            self._doubles_at(function.address, len(at), of, _at(at, _INT), _room(out))
        return out

    def fill(self, function: Function, of: Handles) -> NDArray[Any]:
        """See `Loops`."""
        out = function.rows(len(of))
        if len(of):
            into = function.pointers, out.itemsize, out.strides[0], _room(out)
            self._fill(function.address, len(of), _at(of, _HANDLE), *into)
        return out

    def fill_at(self, function: Function, of: int, at: Ints) -> NDArray[Any]:
        """See `Loops`."""
        out = function.rows(len(at))
        if len(at):
            into = function.pointers, out.itemsize, out.strides[0], _room(out)
            self._fill_at(function.address, len(at), of, _at(at, _INT), *into)
        return out


def _array(values: NDArray[Any] | int, dtype: np.dtype[Any]) -> NDArray[Any]:
    return np.array([values], dtype=dtype) if isinstance(values, int) else values


def _room(out: NDArray[Any]) -> int:
    """Address of an array that was made here for what is written."""
    return _address(_start(out))


def _at(data: NDArray[Any], dtype: np.dtype[Any]) -> int:
    """Address of an array's first value. Raises TypeError where its values are of another type, or do not follow each other."""
    if data.dtype != dtype:
        raise TypeError(f"{data.dtype} for {dtype}")
    return _address(_start(data))
