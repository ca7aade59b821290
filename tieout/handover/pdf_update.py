"""An incremental update of a PDF (ISO 32000-1, 7.5.6): new and changed objects after the original bytes, which stay as they are.

pypdf reads the file and writes the objects. The update itself is written here: pypdf's own leaves the document information out of the trailer,
gives every object generation 0, and always adds a cross-reference stream, also to files of which no reader expects one.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pypdf import PdfReader
    from pypdf.generic import DictionaryObject, IndirectObject, PdfObject

_STARTXREF: Final = re.compile(rb"startxref\s+(\d+)")
_TAIL = 4096  # readers look for the last `startxref` near the end of the file
_HEADER_WITHIN = 1024  # bytes that may stand before %PDF (annex H, note 13)
_MOST_OBJECTS = 8_388_607  # the number of objects that readers are known to take (annex C)
_KEPT = ("/Root", "/Info", "/ID")  # of the trailer


class CannotUpdateError(Exception):
    """The file cannot be added to safely. `reason`: encrypted | damaged."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class _Section:
    """The last cross-reference section of a file: where it says it is, of which kind, and from where offsets count."""

    previous: int | None
    stream: bool
    base: int
    sound: bool


@dataclass
class PdfUpdate:
    """An update under way. `repaired`: the file's cross-references are damaged, and readers find its objects by searching."""

    data: bytes
    reader: PdfReader
    repaired: bool
    _section: _Section
    _next: int
    _written: dict[tuple[int, int], bytes] = field(default_factory=dict)

    @classmethod
    def of(cls, data: bytes) -> PdfUpdate:
        """Reads a file. Raises CannotUpdateError."""
        from pypdf import PdfReader

        section = _last_section(data)
        with _complaints() as complaints:
            try:
                reader = PdfReader(BytesIO(data[section.base :]), strict=False)
                encrypted = reader.is_encrypted
                pages = 0 if encrypted else len(reader.pages)
            except RecursionError:
                raise CannotUpdateError("damaged") from None
            except (MemoryError, OSError):
                raise
            except Exception:  # whatever a hostile file makes of the parser: it is not written to
                raise CannotUpdateError("damaged") from None
        if encrypted:
            raise CannotUpdateError("encrypted")
        numbers = [number for known in reader.xref.values() for number in known] + list(reader.xref_objStm)
        size = reader.trailer.get("/Size")
        free = max([int(size) if isinstance(size, int) else 1, *(number + 1 for number in numbers)])
        if not pages or free >= _MOST_OBJECTS or "/Root" not in reader.trailer:
            raise CannotUpdateError("damaged")
        return cls(data, reader, bool(complaints) or not section.sound, section, free)

    def page(self, index: int) -> tuple[IndirectObject, DictionaryObject]:
        """A page (from 0): its reference, and its dictionary as it stands in the file. Raises CannotUpdateError."""
        from pypdf.generic import DictionaryObject

        try:
            reference = self.reader.pages[index].indirect_reference
            page = reference.get_object() if reference is not None else None
        except Exception:
            raise CannotUpdateError("damaged") from None
        if reference is None or not isinstance(page, DictionaryObject):
            raise CannotUpdateError("damaged")
        return reference, page

    def add(self, value: PdfObject) -> IndirectObject:
        """A new object; returns its reference."""
        from pypdf.generic import IndirectObject

        number, self._next = self._next, self._next + 1
        self.replace(number, 0, value)
        return IndirectObject(number, 0, self.reader)

    def replace(self, number: int, generation: int, value: PdfObject) -> None:
        """Writes an object in place of the one with this number."""
        target = BytesIO()
        value.write_to_stream(target)
        self._written[number, generation] = target.getvalue()

    def result(self) -> bytes:
        """The original bytes and the update behind them."""
        out = BytesIO()
        out.write(self.data)
        out.write(b"\n")
        offsets: dict[tuple[int, int], int] = {}
        for (number, generation), body in sorted(self._written.items()):
            offsets[number, generation] = out.tell() - self._section.base
            out.write(b"%d %d obj\n%s\nendobj\n" % (number, generation, body))
        start = out.tell() - self._section.base
        out.write(self._stream(offsets, start) if self._section.stream else self._table(offsets))
        out.write(b"startxref\n%d\n%%%%EOF\n" % start)
        return out.getvalue()

    def _trailer(self, size: int) -> DictionaryObject:
        from pypdf.generic import DictionaryObject, NameObject, NumberObject

        trailer = DictionaryObject({NameObject("/Size"): NumberObject(size)})
        for key in _KEPT:
            if key in self.reader.trailer:
                trailer[NameObject(key)] = self.reader.trailer.raw_get(key)
        if self._section.previous is not None:
            trailer[NameObject("/Prev")] = NumberObject(self._section.previous)
        return trailer

    def _table(self, offsets: dict[tuple[int, int], int]) -> bytes:
        lines = [b"xref\n"]
        for run in _runs(sorted(offsets)):
            lines.append(b"%d %d\n" % (run[0][0], len(run)))
            lines += [b"%010d %05d n \n" % (offsets[key], key[1]) for key in run]
        target = BytesIO()
        self._trailer(self._next).write_to_stream(target)
        return b"".join(lines) + b"trailer\n" + target.getvalue() + b"\n"

    def _stream(self, offsets: dict[tuple[int, int], int], start: int) -> bytes:
        from pypdf.generic import ArrayObject, NameObject, NumberObject, StreamObject

        number = self._next
        entries = {**offsets, (number, 0): start}
        runs = list(_runs(sorted(entries)))
        stream = StreamObject()
        stream.update(self._trailer(number + 1))
        stream[NameObject("/Type")] = NameObject("/XRef")
        stream[NameObject("/W")] = ArrayObject(NumberObject(width) for width in (1, 8, 2))
        stream[NameObject("/Index")] = ArrayObject(NumberObject(each) for run in runs for each in (run[0][0], len(run)))
        stream.set_data(b"".join(b"\x01" + entries[key].to_bytes(8) + key[1].to_bytes(2) for run in runs for key in run))
        target = BytesIO()
        stream.write_to_stream(target)
        return b"%d 0 obj\n%s\nendobj\n" % (number, target.getvalue())


def _runs(keys: list[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    """Keys (number, generation) in runs of numbers that follow each other."""
    run: list[tuple[int, int]] = []
    for key in keys:
        if run and key[0] != run[-1][0] + 1:
            yield run
            run = []
        run.append(key)
    if run:
        yield run


def _last_section(data: bytes) -> _Section:
    """Where the file says its last cross-reference section is, counted from the file's first byte, or from its %PDF mark."""
    header = max(0, data[:_HEADER_WITHIN].find(b"%PDF"))
    found = _STARTXREF.findall(data[-_TAIL:])
    if not found or len(found[-1]) > 10:
        return _Section(None, False, header, False)
    previous = int(found[-1])
    for base in dict.fromkeys((header, 0)):
        begin = data[base + previous : base + previous + 32].lstrip()
        if begin.startswith(b"xref"):
            return _Section(previous, False, base, True)
        if re.match(rb"\d+\s+\d+\s+obj\b", begin):
            return _Section(previous, True, base, True)
    return _Section(previous, False, header, False)


@contextmanager
def _complaints() -> Iterator[list[str]]:
    """What pypdf warns of meanwhile: it mends what it can, and says so in its log only."""
    told: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            told.append(record.msg)

    logger, keep = logging.getLogger("pypdf"), Keep(logging.WARNING)
    before = logger.propagate
    logger.addHandler(keep)
    logger.propagate = False
    try:
        yield told
    finally:
        logger.removeHandler(keep)
        logger.propagate = before
