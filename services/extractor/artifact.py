"""Writes a `tieout.extracted/1` document while it is being extracted: finished tables go to the file at once.

The bytes equal `canonical_json` of the collected model; text, glyph accounts and warnings, which come after the tables in it, wait encoded.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from services.extractor.domain.extraction import Piece
from shared.canonical import canonical_json
from shared.contracts.common import Producer
from shared.contracts.extracted import SCHEMA, DocumentInfo, GlyphAccount, Table, TextLine

_MEBI = 1 << 20


def document_info(path: Path, pages: int) -> DocumentInfo:
    """Identity of a document: digest and size of its bytes, read piece by piece."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while piece := file.read(_MEBI):
            digest.update(piece)
            size += len(piece)
    return DocumentInfo(id="sha256:" + digest.hexdigest(), bytes=size, pages=pages)


def write_extracted(out: BinaryIO, document: DocumentInfo, pieces: Iterable[Piece], producer: Producer) -> None:
    """Writes the document piece by piece."""
    text, glyphs, warnings = bytearray(), bytearray(), bytearray()
    out.write(b'{"schema":' + canonical_json(SCHEMA) + b',"document":' + canonical_json(document) + b',"tables":[')
    comma = b""
    for piece in pieces:
        encoded = canonical_json(piece)
        if isinstance(piece, Table):
            out.write(comma + encoded)
            comma = b","
        else:
            waiting = text if isinstance(piece, TextLine) else glyphs if isinstance(piece, GlyphAccount) else warnings
            waiting += b"," + encoded if waiting else encoded
    out.write(b'],"text":[' + text + b'],"glyphs":[' + glyphs + b'],"warnings":[' + warnings)
    out.write(b'],"producer":' + canonical_json(producer) + b"}")
