"""Loops over pdfium's functions, in C and in Python: the same page contents, byte for byte; and which of them is taken."""

from __future__ import annotations

import ctypes
import dataclasses
import importlib.util
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
from extractor_sheet import GRID, WORDS, pdf
from hard_tables import document

from services.extractor.adapters import native_loops, pdfium_calls
from services.extractor.adapters.native_loops import NativeLoops, best_loops, compiled
from services.extractor.adapters.pdfium_reader import PdfiumReader
from services.extractor.adapters.python_loops import Function, Loops, PythonLoops
from services.extractor.domain.page import PageContents

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment in which set-up compiled the loops."""
    if not any(map(shutil.which, ("cc", "gcc", "clang"))):
        pytest.skip("no C compiler")
    place = tmp_path_factory.mktemp("environment")
    spec = importlib.util.spec_from_file_location("bin_install_native", ROOT / "bin" / "install.py")
    assert spec is not None
    assert spec.loader is not None
    install = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(install)
    install.LOOPS_COPY = place / "native" / install.LOOPS.name
    install.compile_loops()
    return place


@pytest.fixture
def native(environment: Path) -> NativeLoops:
    return NativeLoops(compiled(environment=environment))


def contents(path: Path, loops: Loops, monkeypatch: pytest.MonkeyPatch) -> list[PageContents]:
    monkeypatch.setattr(pdfium_calls, "loops", loops)
    opened = PdfiumReader().open(path)
    try:
        return list(opened.contents())
    finally:
        opened.close()


def as_bytes(pages: list[PageContents]) -> list[dict[str, object]]:
    """Contents with arrays as their type, shape and bytes."""
    fields = [field.name for field in dataclasses.fields(PageContents)]
    plain = [{name: getattr(page, name) for name in fields} for page in pages]
    return [{k: (v.dtype, v.shape, v.tobytes()) if isinstance(v, np.ndarray) else v for k, v in page.items()} for page in plain]


# What a page may hold that the hard tables do not: patterns, text in a form that is clipped, turned text, curves, text that is not painted.
ODD = (
    b"q 50 50 200 200 re W n BT /F1 12 Tf 60 60 Td (inside) Tj 300 0 Td (outside) Tj ET Q "
    b"BT /F1 12 Tf 0 1 -1 0 300 300 Tm (upwards) Tj ET BT 3 Tr /F1 9 Tf 10 10 Td (unseen) Tj ET "
    b"/Pattern cs /P1 scn 100 600 50 50 re f 1 0 0 RG 3 w 10 700 m 100 700 l 100 760 l s 200 700 m 250 760 300 760 350 700 c b "
    b"300 500 40 40 re 360 500 40 40 re f* 0 0 0 0 re W n 5 5 m 5 90 l S"
)


def files() -> dict[str, bytes]:
    made = {f"hard {seed}": document(seed)[0] for seed in range(0, 24, 2)}
    return made | {
        "sheet": pdf([GRID + WORDS]),
        "odd": pdf([ODD, GRID + WORDS + ODD]),
        "empty": pdf([b""]),
        "filed": sorted((ROOT / "samples").glob("*.pdf"))[0].read_bytes(),
    }


def test_pages_read_in_c_and_in_python_are_the_same_byte_for_byte(
    native: NativeLoops, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "page.pdf"
    for name, data in files().items():
        path.write_bytes(data)
        assert as_bytes(contents(path, native, monkeypatch)) == as_bytes(contents(path, PythonLoops(), monkeypatch)), name


@pytest.mark.corpus
def test_real_pages_read_in_c_and_in_python_are_the_same_byte_for_byte(
    native: NativeLoops, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in sorted((corpus / "pdf").glob("*.pdf")):
        assert as_bytes(contents(path, native, monkeypatch)) == as_bytes(contents(path, PythonLoops(), monkeypatch)), path.name


def test_the_compiled_loops_are_taken_where_they_are_and_only_if_they_are_of_this_source(
    environment: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("TIEOUT_NATIVE", raising=False)
    monkeypatch.setattr(sys, "prefix", str(environment))
    assert isinstance(best_loops(), NativeLoops)
    changed = tmp_path / "pdfium_loops.c"
    changed.write_bytes(native_loops.SOURCE.read_bytes() + b"\n")
    assert not compiled(changed, environment).exists()
    monkeypatch.setenv("TIEOUT_NATIVE", "off")
    assert isinstance(best_loops(), PythonLoops)


def test_where_nothing_was_compiled_or_it_is_for_another_machine_python_reads(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("TIEOUT_NATIVE", raising=False)
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    assert isinstance(best_loops(), PythonLoops)
    compiled().parent.mkdir()
    compiled().write_bytes(b"\x7fELF of some other machine")
    assert isinstance(best_loops(), PythonLoops)


def test_arrays_that_do_not_fit_are_refused_before_anything_is_written(native: NativeLoops) -> None:
    called = ctypes.PYFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int)(lambda _of, _at: 7)
    function = Function(called, ctypes.cast(called, ctypes.c_void_p).value or 0)
    three, two = np.zeros(3, dtype=np.uintp), np.zeros(2, dtype=np.int32)
    for loops in (native, PythonLoops()):
        assert loops.numbers_at(function, three, 1).tolist() == [7, 7, 7]
        with pytest.raises(ValueError, match="3 objects and 2 numbers"):
            loops.numbers_at(function, three, two)
        with pytest.raises(ValueError, match="no loop"):
            loops.numbers_at(function, 1, 1)
    with pytest.raises(TypeError, match="int64"):
        native.numbers_at(function, 1, two.astype(np.int64))
    with pytest.raises((TypeError, BufferError, ValueError)):
        native.numbers_at(function, np.zeros(6, dtype=np.uintp)[::2], 1)
