"""The PDF with the figures in question marked, as an update behind its own bytes; what a confined child does.

A mark is a box over the figure and a note beside it that opens with the sentence and the sums. The words are text strings: the viewer shows them
in its own font, none is embedded. The result is opened again by the reader of documents, and is handed out only where that sees the same pages
with the notes added.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from shared.contracts.common import Box
from tieout.handover.marks import Mark, Tone
from tieout.handover.page_space import PageSpace
from tieout.handover.pdf_update import CannotUpdateError, PdfUpdate

if TYPE_CHECKING:
    from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject

_COLOURS: Final[dict[Tone, tuple[float, float, float]]] = {
    "correction": (0.80, 0.10, 0.10),
    "question": (0.85, 0.50, 0.00),
    "accepted": (0.40, 0.45, 0.50),
}
_ICON = 13.0  # points: a note that can be hit, and that hides no neighbouring figure of 9 pt
_AUTHOR = "tieout"
_PRINTED = 4  # annotation flag: shown on paper too
_LOCKED = 128  # flag: not moved by accident


@dataclass(frozen=True)
class Outcome:
    """How marking a file ended. `reason`: why there is no marked file (encrypted | damaged), else empty. `repaired`: as in MarkedPdf."""

    reason: str = ""
    repaired: bool = False


def mark_file(source: Path, target: Path, marks: Sequence[Mark]) -> Outcome:
    """Writes a file with marks to `target`; nothing where there is none. Raises OSError."""
    made = marked(source.read_bytes(), marks)
    if made.data is not None:
        target.write_bytes(made.data)
    return Outcome(made.reason, made.repaired)


@dataclass(frozen=True)
class MarkedPdf:
    """The marked file, or why there is none: encrypted | damaged. `repaired`: the original's cross-references are damaged."""

    data: bytes | None
    reason: str = ""
    repaired: bool = False


def marked(data: bytes, marks: Sequence[Mark]) -> MarkedPdf:
    """A PDF with marks. Args: data: the original's bytes."""
    import pypdfium2

    try:
        before = _looked_at(data)
        update = PdfUpdate.of(data)
        if len(update.reader.pages) != len(before) or any(mark.page > len(before) for mark in marks):
            raise CannotUpdateError("damaged")
        by_page: defaultdict[int, list[Mark]] = defaultdict(list)
        for mark in marks:
            by_page[mark.page].append(mark)
        for page, own in sorted(by_page.items()):
            _mark_page(update, page - 1, own, before[page - 1].space)
        result = update.result()
        _verify(before, _looked_at(result), {page - 1: sum(2 if mark.box else 1 for mark in own) for page, own in by_page.items()})
        return MarkedPdf(result, repaired=update.repaired)
    except CannotUpdateError as problem:
        return MarkedPdf(None, problem.reason)
    except pypdfium2.PdfiumError:
        return MarkedPdf(None, "damaged")


@dataclass(frozen=True)
class _Look:
    """A page as the reader of documents sees it. `notes`: annotations; `objects`: things drawn."""

    space: PageSpace
    notes: int
    objects: int


def _looked_at(data: bytes) -> list[_Look]:
    import pypdfium2
    from pypdfium2 import raw

    document = pypdfium2.PdfDocument(data)
    try:
        looks = []
        for index in range(len(document)):
            page = document[index]
            left, bottom, right, top = page.get_bbox()
            space = PageSpace(left, bottom, right, top, page.get_rotation() // 90)
            looks.append(_Look(space, raw.FPDFPage_GetAnnotCount(page.raw), raw.FPDFPage_CountObjects(page.raw)))
            page.close()
        return looks
    finally:
        document.close()


def _verify(before: list[_Look], after: list[_Look], added: dict[int, int]) -> None:
    """Raises CannotUpdateError where the marked file is not the original with as many notes more."""
    expected = [_Look(look.space, look.notes + added.get(index, 0), look.objects) for index, look in enumerate(before)]
    if after != expected:
        raise CannotUpdateError("damaged")


def _mark_page(update: PdfUpdate, index: int, marks: Sequence[Mark], space: PageSpace) -> None:
    from pypdf.generic import ArrayObject, DictionaryObject, NameObject

    reference, page = update.page(index)
    notes = _present_notes(page)
    beside = 0
    for number, mark in enumerate(marks):
        name = f"tieout-{index + 1}-{number + 1}"
        if mark.box is None:
            place = space.inside((4.0 + beside * (_ICON + 2), 4.0, 4.0 + _ICON + beside * (_ICON + 2), 4.0 + _ICON))
            beside += 1
        else:
            place = space.inside((mark.box[2] - 3, mark.box[1] - _ICON + 3, mark.box[2] - 3 + _ICON, mark.box[1] + 3))
        note = update.add(_note(update, mark, place, space, reference, name))
        notes.append(note)
        if mark.box is not None:
            notes.append(update.add(_frame(update, mark, mark.box, space, reference, note, name)))
    changed = DictionaryObject(page)
    changed[NameObject("/Annots")] = ArrayObject(notes)
    update.replace(reference.idnum, reference.generation, changed)


def _present_notes(page: DictionaryObject) -> ArrayObject:
    """The page's annotations, as references where they are such; the array itself may be an object of its own."""
    from pypdf.generic import ArrayObject

    try:
        present = page.get("/Annots")
        present = present.get_object() if present is not None else None
    except Exception:
        raise CannotUpdateError("damaged") from None
    return ArrayObject(present) if isinstance(present, ArrayObject) else ArrayObject()


def _annotation(subtype: str, box: Box, mark: Mark, space: PageSpace, page: IndirectObject, name: str, text: str) -> DictionaryObject:
    from pypdf.generic import ArrayObject, DictionaryObject, FloatObject, NameObject, NumberObject

    made: dict[str, Any] = {
        "/Type": NameObject("/Annot"),
        "/Subtype": NameObject(subtype),
        "/Rect": _numbers(space.own(box)),
        "/P": page,
        "/NM": _text(name),
        "/T": _text(_AUTHOR),
        "/Contents": _text(text),
        "/C": ArrayObject(FloatObject(each) for each in _COLOURS[mark.tone]),
        "/F": NumberObject(_PRINTED | _LOCKED),
    }
    return DictionaryObject({NameObject(key): value for key, value in made.items()})


def _note(update: PdfUpdate, mark: Mark, box: Box, space: PageSpace, page: IndirectObject, name: str) -> DictionaryObject:
    """The note: a round sign with the finding's number, which opens."""
    from pypdf.generic import BooleanObject, NameObject

    made = _annotation("/Text", box, mark, space, page, name, mark.text)
    made[NameObject("/Name")] = NameObject("/Comment")
    made[NameObject("/Open")] = BooleanObject(False)
    made[NameObject("/Subj")] = _text(mark.short)
    made[NameObject("/AP")] = _appearance(update.add(_sign(mark, space.quarters)))
    return made


def _frame(
    update: PdfUpdate, mark: Mark, box: Box, space: PageSpace, page: IndirectObject, note: IndirectObject, name: str
) -> DictionaryObject:
    """The box over the figure, of one group with its note."""
    from pypdf.generic import ArrayObject, DictionaryObject, FloatObject, NameObject, NumberObject

    made = _annotation("/Square", box, mark, space, page, f"{name}-box", mark.short)
    made[NameObject("/IRT")] = note
    made[NameObject("/RT")] = NameObject("/Group")
    made[NameObject("/BS")] = DictionaryObject({NameObject("/W"): FloatObject(1.2)})
    made[NameObject("/F")] = NumberObject(_PRINTED | _LOCKED)
    made[NameObject("/RD")] = ArrayObject(NumberObject(0) for _ in range(4))
    left, bottom, right, top = space.own(box)
    made[NameObject("/AP")] = _appearance(update.add(_boxed(right - left, top - bottom, _COLOURS[mark.tone])))
    return made


def _boxed(width: float, height: float, colour: tuple[float, float, float]) -> StreamObject:
    """A translucent area with a line round it: what is printed below stays readable (blend mode Multiply)."""
    red, green, blue = colour
    area = f"{width:.2f} {height:.2f}"
    line = f".6 .6 {max(width - 1.2, 0):.2f} {max(height - 1.2, 0):.2f}"
    drawn = f"q /G gs {red} {green} {blue} rg 0 0 {area} re f Q {red} {green} {blue} RG 1.2 w {line} re S"
    return _form(drawn, width, height, "/ExtGState", _named("/G", _named("/Type", "/ExtGState", "/BM", "/Multiply", "/ca", 0.18)))


def _sign(mark: Mark, quarters: int) -> StreamObject:
    """A disc with the number in Helvetica, one of the fonts that every viewer has; upright as the page is shown."""
    from pypdf.generic import NameObject

    red, green, blue = _COLOURS[mark.tone]
    text = mark.label if len(mark.label) <= 4 else mark.label[:3] + "+"
    size = 8.5 if len(text) == 1 else 6.5 if len(text) == 2 else 4.2
    x = (_ICON - 0.556 * size * len(text)) / 2  # a digit of Helvetica is .556 em wide
    y = (_ICON - 0.72 * size) / 2
    r, k = _ICON / 2, _ICON / 2 * 0.5523  # a quarter of a circle as a Bézier curve
    c, far, near = _ICON / 2, _ICON / 2 + k, _ICON / 2 - k
    circle = (
        f"{c + r:.2f} {c:.2f} m {c + r:.2f} {far:.2f} {far:.2f} {c + r:.2f} {c:.2f} {c + r:.2f} c "
        f"{near:.2f} {c + r:.2f} {c - r:.2f} {far:.2f} {c - r:.2f} {c:.2f} c {c - r:.2f} {near:.2f} {near:.2f} {c - r:.2f} {c:.2f} {c - r:.2f} c "
        f"{far:.2f} {c - r:.2f} {c + r:.2f} {near:.2f} {c + r:.2f} {c:.2f} c f"
    )
    drawn = f"{red} {green} {blue} rg {circle} BT 1 1 1 rg /F {size} Tf {x:.2f} {y:.2f} Td ({text}) Tj ET"
    font = _named("/F", _named("/Type", "/Font", "/Subtype", "/Type1", "/BaseFont", "/Helvetica-Bold", "/Encoding", "/WinAnsiEncoding"))
    form = _form(drawn, _ICON, _ICON, "/Font", font)
    turns = ((1, 0, 0, 1), (0, 1, -1, 0), (-1, 0, 0, -1), (0, -1, 1, 0))[quarters % 4]
    form[NameObject("/Matrix")] = _numbers((*turns, 0, 0))
    return form


def _form(drawn: str, width: float, height: float, kind: str, resources: DictionaryObject) -> StreamObject:
    from pypdf.generic import NameObject, StreamObject

    form = StreamObject()
    form[NameObject("/Type")] = NameObject("/XObject")
    form[NameObject("/Subtype")] = NameObject("/Form")
    form[NameObject("/BBox")] = _numbers((0, 0, width, height))
    form[NameObject("/Resources")] = _named(kind, resources)
    form.set_data(drawn.encode("ascii"))
    return form


def _named(*pairs: Any) -> DictionaryObject:
    """A dictionary from names and values in turn; text that begins with a slash is a name."""
    from pypdf.generic import DictionaryObject, FloatObject, NameObject

    def value(given: Any) -> Any:
        return NameObject(given) if isinstance(given, str) else FloatObject(given) if isinstance(given, float) else given

    return DictionaryObject({NameObject(key): value(given) for key, given in zip(pairs[::2], pairs[1::2], strict=True)})


def _appearance(form: IndirectObject) -> DictionaryObject:
    return _named("/N", form)


def _numbers(values: Sequence[float]) -> ArrayObject:
    from pypdf.generic import ArrayObject, FloatObject

    return ArrayObject(FloatObject(f"{value:.2f}") for value in values)


def _text(text: str) -> Any:
    """A text string in UTF-16 with its mark, whatever it says: Chinese needs it, and one way is enough. What it cannot hold becomes "?"."""
    from pypdf.generic import ByteStringObject

    clean = text.encode("utf-16-be", "replace")
    return ByteStringObject(b"\xfe\xff" + clean)
