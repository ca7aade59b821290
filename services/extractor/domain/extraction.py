"""The stage: page contents → tables, text, glyph accounts, warnings, as a stream that holds one page and one table at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from services.extractor.domain.continuation import APART, Gap, Seam, continues
from services.extractor.domain.continuation_marks import is_mark_below
from services.extractor.domain.directions import one_account_a_page, upright_parts
from services.extractor.domain.finish import finished
from services.extractor.domain.joined import JoinedTable, begin
from services.extractor.domain.labels import Labelled, Labels, is_label_text, joined_notes, labels_above, labels_below
from services.extractor.domain.margins import Margins, at_edge, below_first
from services.extractor.domain.mending import join
from services.extractor.domain.openseam import fitted
from services.extractor.domain.page import PageContents
from services.extractor.domain.page_warnings import page_warnings, warning
from services.extractor.domain.prose import Prose, text_block
from services.extractor.domain.reading import Line, PageCell, PageReading, PageTable, read_page
from shared.contracts.common import Producer
from shared.contracts.extracted import DocumentInfo, Extracted, GlyphAccount, ReadWarning, Table, TextLine
from shared.contracts.vocabulary import WarningCode

Piece = Table | TextLine | GlyphAccount | ReadWarning


@dataclass(slots=True)
class _Account:
    """Glyphs of a page by where they went, until its last line is placed."""

    page: int
    total: int
    cells: int = 0
    labels: int = 0
    text: int = 0


@dataclass(slots=True)
class _Tail:
    """What stands below a page's last table: prose, or the title of the next page's table; `carried`: and that the table goes on overleaf.
    `blank`: pages behind it with nothing on them but headers, footers and numbers."""

    page: PageContents
    account: _Account
    width: tuple[float, float]
    lines: list[Line] = field(default_factory=list)
    carried: bool = False
    blank: list[_Account] = field(default_factory=list)


def extract_stream(pages: Iterable[PageContents]) -> Iterator[Piece]:
    """Everything that pages say, in the order in which it is certain: a table when the next page does not continue it.

    Holds one page's lines and the open table. Tables come in the order in which they begin, accounts and text in page order.
    """
    yield from one_account_a_page(_pieces(pages))


def _pieces(pages: Iterable[PageContents]) -> Iterator[Piece]:
    stream = _Stream()
    for page in pages:
        for part in upright_parts(page):
            yield from stream.page(part)
    yield from stream.end()


def extract(pages: Iterable[PageContents], document: DocumentInfo, producer: Producer) -> Extracted:
    """The whole document collected."""
    pieces = list(extract_stream(pages))
    return Extracted(
        document=document,
        tables=tuple(piece for piece in pieces if isinstance(piece, Table)),
        text=tuple(piece for piece in pieces if isinstance(piece, TextLine)),
        glyphs=tuple(piece for piece in pieces if isinstance(piece, GlyphAccount)),
        warnings=tuple(piece for piece in pieces if isinstance(piece, ReadWarning)),
        producer=producer,
    )


class _Stream:
    """The state between pages."""

    def __init__(self) -> None:
        self._open: JoinedTable | None = None
        self._tail: _Tail | None = None
        self._count = 0
        self._margins = Margins()
        self._below: frozenset[str] = frozenset()
        self._prose = Prose()

    def page(self, page: PageContents) -> Iterator[Piece]:
        """Takes the next page."""
        reading = read_page(page, self._open.white if self._open is not None else None)
        account = _Account(page.number, reading.total)
        yield from page_warnings(reading)
        if reading.lines or reading.tables:
            self._margins.turn(reading)
        width = text_block(reading.lines, page)
        yield from self._settle_footers(reading)
        marginal = [(line, kind) for line in reading.lines if (kind := self._margins.kind(line, page)) is not None]
        away = {id(line) for line, _ in marginal}
        lines = [line for line in reading.lines if id(line) not in away]
        for number, table in enumerate(reading.tables):
            above = [line for line in lines if (line.box[1] + line.box[3]) / 2 < table.box[1]]
            lines = lines[len(above) :]
            labels, rest = labels_above(above, table.box, page)
            self._margins.left_as_text(rest, page)
            yield from self._table(table, page, labels, rest, account, width, first=number == 0)
        if reading.tables:
            lines = self._notes(lines, reading.tables[-1], page, account)
        for line, kind in marginal:
            account.text += line.glyphs
            yield TextLine(page=page.number, kind=kind, text=line.text, bbox=page.shown(line.box))
        if self._tail is not None and self._open is not None and not reading.tables and not lines and not page.images:
            self._tail.blank.append(account)
            return
        if not reading.tables:
            yield from self._drop_tail()
        self._tail = _Tail(page, account, width, lines)

    def end(self) -> Iterator[Piece]:
        """What is still held."""
        yield from self._drop_tail()
        yield from self._close()
        yield from self._prose.flush()

    # --- tables

    def _table(
        self,
        table: PageTable,
        page: PageContents,
        labels: Labels,
        rest: list[Line],
        account: _Account,
        width: tuple[float, float],
        first: bool,
    ) -> Iterator[Piece]:
        repeated = None
        if first:
            labels = self._labels_at_foot(labels, table) if not rest else labels
            fit = fitted(self._open, table) if self._open is not None else None
            seam = self._seam(fit[0] if fit is not None else table, page, labels, rest)
            repeated = seam.repeated
            if fit is not None and repeated is not None and self._open is not None:
                table, self._open.white = fit
            yield from seam.warnings(page.number)
            yield from self._drop_tail()
        if repeated is None or self._open is None:
            yield from self._close()
        yield from self._text(rest, page, account, width)
        account.cells += sum(cell.glyphs for cell in table.cells)
        account.labels += sum(one.line.glyphs for one in labels.lines if one.line.page == page.number)
        if repeated is None or self._open is None:
            self._open = begin(table, page, labels)
            return
        self._open.labels.lines += labels.lines
        head = join(self._open, table, page, repeated)
        yield from _head_lines(head, page)
        again = sum(cell.glyphs for cell in head)
        account.cells -= again
        account.text += again

    def _seam(self, table: PageTable, page: PageContents, labels: Labels, rest: list[Line]) -> Seam:
        """Whether the page's first table goes on with the open one; `rest`: text above it that is no label."""
        before, tail = self._open, self._tail
        if before is None or tail is None:
            return APART
        between = [line for line in rest if not at_edge(line, page)] or tail.lines
        notes = {one.line.text for one in before.labels.lines if one.kind == "note"}
        noted = bool(notes) and notes <= self._below
        return continues(before, table, labels, Gap(bool(between), tail.carried, len(tail.blank), noted))

    def _labels_at_foot(self, labels: Labels, table: PageTable) -> Labels:
        """Title, number, unit and entity printed at the foot of the page before, for a table that has no name of its own."""
        tail = self._tail
        if tail is None or not tail.lines or labels.has_name():
            return labels
        foot = tail.lines[-1].box[3] + 1.0
        box = (table.box[0], foot, table.box[2], foot)
        found, rest = labels_above(tail.lines, box, tail.page)
        if not found.has_name() or not is_label_text(found.number or found.title or ""):
            return labels
        tail.lines = rest
        tail.account.labels += sum(one.line.glyphs for one in found.lines)
        found.lines += labels.lines
        found.unit, found.unit_label = labels.unit or found.unit, labels.unit_label or found.unit_label
        found.entity, found.entity_label = labels.entity or found.entity, labels.entity_label or found.entity_label
        return found

    def _notes(self, lines: list[Line], table: PageTable, page: PageContents, account: _Account) -> list[Line]:
        """Takes the notes below the page's last table; returns the other lines."""
        assert self._open is not None
        notes, rest = labels_below(lines, table.box)
        self._open.labels.lines += [Labelled("note", line, page.shown(line.box)) for line in notes]
        self._open.labels.notes += [note for note in joined_notes(notes) if note not in self._open.labels.notes]
        account.labels += sum(line.glyphs for line in notes)
        return rest

    def _close(self) -> Iterator[Piece]:
        done, self._open = self._open, None
        if done is not None and any(cell.text for cell in done.cells):  # a grid that nothing is written in is a chart's
            self._count += 1
            yield finished(done, f"t{self._count}")

    # --- text

    def _settle_footers(self, reading: PageReading) -> Iterator[Piece]:
        """Footers of the page before are known by being printed again on this one, in the margin or below its table; 转下页 by its words."""
        tail = self._tail
        if tail is None:
            return
        self._below = below_first(reading)
        kept = []
        for line in tail.lines:
            carries = is_mark_below(line.text)
            if (
                carries
                or line.text in self._below
                or self._margins.is_footer(line, tail.page)
                or (self._open is not None and at_edge(line, tail.page))
            ):
                tail.carried |= carries
                tail.account.text += line.glyphs
                yield TextLine(page=line.page, kind="footer", text=line.text, bbox=tail.page.shown(line.box))
            else:
                kept.append(line)
        tail.lines = kept

    def _drop_tail(self) -> Iterator[Piece]:
        """Settles the page before: what stood below its last table is prose; then its account is complete."""
        tail, self._tail = self._tail, None
        if tail is None:
            return
        if tail.lines:
            yield from self._close()
        yield from self._text(tail.lines, tail.page, tail.account, tail.width)
        for account in (tail.account, *tail.blank):
            yield from _settled(account)

    def _text(self, lines: list[Line], page: PageContents, account: _Account, width: tuple[float, float]) -> Iterator[Piece]:
        account.text += sum(line.glyphs for line in lines)
        yield from self._prose.add(lines, page, width)


def _settled(account: _Account) -> Iterator[Piece]:
    unplaced = account.total - account.cells - account.labels - account.text
    yield GlyphAccount(
        page=account.page, total=account.total, in_cells=account.cells, in_labels=account.labels, in_text=account.text, unplaced=unplaced
    )
    if unplaced:
        yield warning(
            WarningCode.UNPLACED_GLYPHS,
            account.page,
            f"{unplaced} 个字符不在任何单元格、标签或文字行中",
            f"{unplaced} characters are in no cell, label or line of text",
        )


def _head_lines(head: list[PageCell], page: PageContents) -> Iterator[TextLine]:
    """The repeated boxhead, a line per row."""
    rows: dict[int, list[PageCell]] = {}
    for cell in head:
        rows.setdefault(cell.row, []).append(cell)
    for row in sorted(rows):
        cells = [cell for cell in rows[row] if cell.text]
        if not cells:
            continue
        box = (
            min(c.box[0] for c in cells),
            min(c.box[1] for c in cells),
            max(c.box[2] for c in cells),
            max(c.box[3] for c in cells),
        )
        yield TextLine(page=page.number, kind="repeated_header", text=" ".join(cell.text for cell in cells), bbox=page.shown(box))
