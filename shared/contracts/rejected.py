"""`tieout.rejected/1`: why a file could not be read (body of `documents.rejected`); a reason its department can act on."""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from shared.contracts.common import Message, Model, Submission

SCHEMA: Final = "tieout.rejected/1"

RejectionCode = Literal[
    "not_a_pdf",  # the bytes are no PDF, or empty
    "damaged",  # a PDF that cannot be opened: truncated, broken xref, page tree in a loop
    "encrypted",  # needs a password
    "no_pages",
    "too_large",  # bytes or pages over the limit
    "scan_without_text",  # pages without text: needs the extra `ocr`
    "nothing_to_check",  # neither tables nor claims
    "unreadable",  # the path cannot be read (permissions, a directory, vanished)
    "timeout",  # our reader took too long on it
    "memory",  # our reader ran out of its memory limit on it
    "crashed",  # our reader crashed on it
    "failed",  # our own failure on this input
    "gone",  # deleted or replaced in its bucket before it was read
]


class Rejected(Model, frozen=True, kw_only=True):
    """A file that was not read. `page` is null where the reason concerns the whole document."""

    schema: Literal["tieout.rejected/1"] = SCHEMA
    submission: Submission | msgspec.UnsetType = msgspec.UNSET
    code: RejectionCode
    page: int | None
    message: Message
