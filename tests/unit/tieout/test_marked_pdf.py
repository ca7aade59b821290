"""Marks in a PDF: behind the original's bytes, where the figure is as the page is shown, in every kind of file; none where that is not safe."""

from __future__ import annotations

import io
import re

import numpy as np
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter
from pypdf.generic import IndirectObject

from shared.contracts.common import Box
from tests.mutated_pdfs import mutated
from tests.raw_pdf import RawPdf
from tieout.handover.marked_pdf import marked
from tieout.handover.marks import Mark
from tieout.handover.page_space import PageSpace

SENTENCE = "第8页“普法宣传”印为 48.80 万元，应为 45.80 万元。\n+ 90.40\n+ 100.00"
BOX = (100.0, 60.0, 160.0, 75.0)
RECTANGLE = (210.0, 400.0, 290.0, 420.0)  # left, bottom, right, top in the page's own coordinates


def mark(page: int = 1, box: Box | None = BOX, **changes: object) -> Mark:
    values: dict[str, object] = {"tone": "correction", "label": "1", "short": "印为 48.80，应为 45.80", "text": SENTENCE}
    return Mark(page=page, box=box, **{**values, **changes})  # type: ignore[arg-type]


def pdf(entries: bytes = b"/MediaBox[0 0 600 800]", pages: int = 1) -> RawPdf:
    made = RawPdf()
    left, bottom, right, top = RECTANGLE
    for _ in range(pages):
        made.page(b"0 g %d %d %d %d re f" % (left, bottom, right - left, top - bottom), b"", entries)
    return made


def made(data: bytes, *marks: Mark) -> bytes:
    """The marked file; the original's bytes lie in front."""
    result = marked(data, marks or (mark(),))
    assert result.data is not None, result.reason
    assert result.data.startswith(data)
    return result.data


def notes(data: bytes, page: int = 0) -> list[dict[str, object]]:
    found = PdfReader(io.BytesIO(data)).pages[page].get("/Annots")
    return [each.get_object() for each in found.get_object()] if found is not None else []


def shade(data: bytes, scale: float = 2.0) -> np.ndarray:
    page = pypdfium2.PdfDocument(data)[0]
    return page.render(scale=scale, rev_byteorder=True).to_numpy()[:, :, :3].astype(int)


def extent(seen: np.ndarray, scale: float = 2.0) -> tuple[float, ...]:
    """Left, top, right, bottom in points of what is true in a picture."""
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    return columns[0] / scale, rows[0] / scale, (columns[-1] + 1) / scale, (rows[-1] + 1) / scale


@pytest.mark.parametrize("rotate", [0, 90, 180, 270, -90, 450])
@pytest.mark.parametrize(
    "boxes", [b"/MediaBox[0 0 600 800]", b"/MediaBox[-20 30 600 900]/CropBox[50 100 500 650]", b"/MediaBox[600 800 0 0]"]
)
def test_the_box_lies_over_the_figure_as_it_is_shown_however_the_page_is_turned_and_cut(rotate: int, boxes: bytes) -> None:
    data = pdf(boxes + b"/Rotate %d" % rotate).data()
    shown = extent(shade(data).sum(axis=2) < 90)
    result = made(data, mark(box=shown))  # type: ignore[arg-type]
    square = next(note for note in notes(result) if note["/Subtype"] == "/Square")
    assert [float(value) for value in square["/Rect"]] == pytest.approx(RECTANGLE, abs=0.51)  # type: ignore[union-attr]
    picture = shade(result)
    red = (picture[:, :, 0] > picture[:, :, 1] + 60) & (picture[:, :, 0] > picture[:, :, 2] + 60)
    left, top, right, bottom = (round(value * 2) for value in shown)
    lower, half = red.copy(), red.copy()  # the note's disc lies at the upper right
    lower[: (top + bottom) // 2] = False
    half[:, (left + right) // 2 :] = False
    assert (extent(half)[:2], extent(lower)[2:]) == (pytest.approx(shown[:2], abs=1.1), pytest.approx(shown[2:], abs=1.1))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    quarters=st.integers(-4, 7),
    corner=st.tuples(st.integers(-500, 500), st.integers(-500, 500)),
    size=st.tuples(st.integers(50, 900), st.integers(50, 900)),
    first=st.tuples(st.floats(0, 1), st.floats(0, 1)),
    second=st.tuples(st.floats(0, 1), st.floats(0, 1)),
)
def test_a_shown_box_keeps_its_size_and_stays_on_the_page_in_its_own_coordinates(
    quarters: int, corner: tuple[int, int], size: tuple[int, int], first: tuple[float, float], second: tuple[float, float]
) -> None:
    space = PageSpace(*corner, corner[0] + size[0], corner[1] + size[1], quarters)
    width, height = space.shown
    (x, u), (y, v) = sorted((first[0] * width, second[0] * width)), sorted((first[1] * height, second[1] * height))
    left, bottom, right, top = space.own((x, y, u, v))
    assert sorted((right - left, top - bottom)) == pytest.approx(sorted((u - x, v - y)), abs=1e-6)
    assert corner[0] - 1e-6 <= left <= right <= corner[0] + size[0] + 1e-6
    assert corner[1] - 1e-6 <= bottom <= top <= corner[1] + size[1] + 1e-6


@pytest.mark.parametrize("packed", [False, True])
def test_files_with_tables_and_with_streams_of_cross_references_get_an_update_of_their_own_kind(packed: bool) -> None:
    source = pdf(pages=3)
    data = source.packed() if packed else source.data()
    result = made(data, mark(2), mark(3, None))
    added = result[len(data) :]
    assert (b"/XRef" in added, b"\nxref\n" in added) == (packed, not packed)
    assert [len(notes(result, page)) for page in range(3)] == [0, 2, 1]
    assert len(PdfReader(io.BytesIO(result), strict=True).pages) == 3


def test_a_note_says_the_sentence_and_the_sum_in_utf_16_and_embeds_no_font() -> None:
    result = made(pdf().data())
    note, box = notes(result)
    assert (note["/Subtype"], note["/Contents"]) == ("/Text", SENTENCE)
    assert box["/Contents"] == "印为 48.80，应为 45.80"
    assert (box["/RT"], box["/IRT"]) == ("/Group", note)
    raw = result[len(pdf().data()) :]
    assert b"<feff" in raw.lower() or b"\xfe\xff" in raw
    assert b"FontFile" not in raw
    assert b"/Helvetica-Bold" in raw


def test_only_the_page_and_the_notes_are_written_anew() -> None:
    data = pdf(pages=5).data()
    added = made(data, mark(4))[len(data) :]
    numbers = [int(number) for number in re.findall(rb"(?m)^(\d+) 0 obj$", added)]
    before = len(re.findall(rb"(?m)^\d+ 0 obj$", data))
    assert [number for number in numbers if number <= before] == [pdf_page_number(data, 3)]
    assert len(added) < 6000


def pdf_page_number(data: bytes, index: int) -> int:
    reference = PdfReader(io.BytesIO(data)).pages[index].indirect_reference
    assert isinstance(reference, IndirectObject)
    return reference.idnum


@pytest.mark.parametrize("kind", ["in the page", "an object of its own", "of two pages"])
def test_notes_that_are_there_stay_whatever_way_the_page_holds_them(kind: str) -> None:
    source = RawPdf()
    link = source.add(b"<</Type/Annot/Subtype/Link/Rect[10 10 50 50]/Border[0 0 1]>>")
    direct = b"<</Type/Annot/Subtype/Link/Rect[60 10 90 50]/Border[0 0 1]>>"
    array = b"[%d 0 R %s]" % (link, direct)
    held = array if kind == "in the page" else b"%d 0 R" % source.add(array)
    for _ in range(2 if kind == "of two pages" else 1):
        source.page(b"", b"", b"/MediaBox[0 0 600 800]/Annots " + held)
    result = made(source.data())
    assert [note["/Subtype"] for note in notes(result)] == ["/Link", "/Link", "/Text", "/Square"]
    if kind == "of two pages":
        assert [note["/Subtype"] for note in notes(result, 1)] == ["/Link", "/Link"]


@pytest.mark.parametrize("annots", [b"null", b"<<>>", b"99 0 R", b"7", b"(text)"])
def test_annotations_that_are_none_are_taken_for_none(annots: bytes) -> None:
    assert len(notes(made(pdf(b"/MediaBox[0 0 600 800]/Annots " + annots).data()))) == 2


def test_information_and_id_of_the_document_stay_in_the_trailer() -> None:
    source = pdf()
    info = source.add(b"<</Title(Budget)>>")
    data = source.data().replace(b"/Root 1 0 R>>", b"/Root 1 0 R/Info %d 0 R/ID[<0011><2233>]>>" % info)
    reader = PdfReader(io.BytesIO(made(data)))
    assert reader.metadata is not None
    assert reader.metadata.title == "Budget"
    assert "/ID" in reader.trailer


def test_a_page_with_a_generation_keeps_it() -> None:
    data = pdf().data()
    page = pdf_page_number(data, 0)
    offset = data.index(b"%d 0 obj" % page)
    changed = data.replace(b"%d 0 obj" % page, b"%d 3 obj" % page).replace(b"Kids[%d 0 R]" % page, b"Kids[%d 3 R]" % page)
    changed = changed.replace(b"%010d 00000 n" % offset, b"%010d 00003 n" % offset)
    added = made(changed)[len(changed) :]
    assert b"\n%d 3 obj\n" % page in added
    assert b" 00003 n " in added
    assert b"/P %d 3 R" % page in added


def test_a_file_that_was_added_to_before_is_added_to_again() -> None:
    once = made(pdf(pages=2).data(), mark(1))
    twice = made(once, mark(2), mark(1, None))
    assert [len(notes(twice, page)) for page in range(2)] == [3, 2]


@pytest.mark.parametrize("length", [17, 1000])
def test_bytes_before_the_header_do_not_move_the_update(length: int) -> None:
    assert len(notes(made(b"x" * length + b"\n" + pdf().data()))) == 2


@pytest.mark.parametrize(
    "broken",
    [
        lambda data: re.sub(rb"startxref\n\d+", b"startxref\n7", data),
        lambda data: re.sub(rb"startxref\n\d+\n%%EOF", b"", data),
        lambda data: re.sub(rb"(?m)^(\d{10}) 00000 n", lambda m: b"%010d 00000 n" % (int(m[1]) + 5), data),
        lambda data: data[: data.index(b"xref\n")],
    ],
    ids=["wrong pointer", "no pointer", "wrong offsets", "cut off"],
)
def test_a_file_whose_cross_references_are_broken_is_marked_and_said_to_be_so_or_refused(broken: object) -> None:
    data = broken(pdf().data())  # type: ignore[operator]
    result = marked(data, [mark()])
    if result.data is None:
        assert result.reason == "damaged"
    else:
        assert result.repaired
        assert result.data.startswith(data)
        assert len(notes(result.data)) == 2
    assert not marked(pdf().data(), [mark()]).repaired


@pytest.mark.parametrize("algorithm", ["RC4-128"])
def test_an_encrypted_file_is_refused(algorithm: str) -> None:
    writer = PdfWriter(clone_from=io.BytesIO(pdf().data()))
    writer.encrypt("", "owner", algorithm=algorithm)
    target = io.BytesIO()
    writer.write(target)
    result = marked(target.getvalue(), [mark()])
    assert (result.data, result.reason) == (None, "encrypted")


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"no file", b"%PDF-1.4\nstartxref\n99999999999999999999\n%%EOF"])
def test_what_is_no_document_is_refused(data: bytes) -> None:
    assert marked(data, [mark()]).reason == "damaged"


@pytest.mark.parametrize("packed", [False, True])
def test_files_broken_at_random_are_refused_or_marked_behind_their_own_bytes(packed: bool) -> None:
    source = pdf(pages=3)
    whole = source.packed() if packed else source.data()
    ends = set()
    for seed in range(60):
        kind, data = mutated(whole, seed)
        result = marked(data, [mark(1), mark(2, None)])
        assert result.data is None or result.data.startswith(data), (seed, kind)
        ends.add(result.reason)
    assert {"", "damaged"} <= ends


def test_a_mark_on_a_page_that_is_not_there_is_refused() -> None:
    assert marked(pdf().data(), [mark(2)]).reason == "damaged"


def test_a_result_that_the_reader_sees_otherwise_is_not_handed_out(monkeypatch: pytest.MonkeyPatch) -> None:
    from tieout.handover.pdf_update import PdfUpdate

    honest = PdfUpdate.result
    monkeypatch.setattr(PdfUpdate, "result", lambda self: honest(self).replace(b"/Annots", b"/Annotz"))
    assert marked(pdf().data(), [mark()]).reason == "damaged"


def test_the_same_file_and_marks_give_the_same_bytes() -> None:
    data = pdf(pages=3).packed()
    marks = [mark(1), mark(2, None), mark(3, tone="question", label="2,3")]
    assert marked(data, marks) == marked(data, marks)


@pytest.mark.parametrize("text", ["", "(a\\)b", "\ud800 lone", "𠮷", "\x00\x1b[31m", "x" * 40_000])
def test_any_text_becomes_a_note(text: str) -> None:
    (note, _) = notes(made(pdf().data(), mark(text=text, short=text)))
    assert len(str(note["/Contents"])) == len(text)


@pytest.mark.parametrize("box", [(590.0, 0.0, 599.0, 6.0), (0.0, 790.0, 5.0, 800.0), (-50.0, -50.0, 900.0, 900.0)])
def test_a_note_stays_on_the_page(box: Box) -> None:
    (note, _) = notes(made(pdf().data(), mark(box=box)))
    left, bottom, right, top = (float(value) for value in note["/Rect"])  # type: ignore[union-attr]
    assert left >= 0
    assert bottom >= 0
    assert right <= 600
    assert top <= 800
