"""What a child process of the normaliser does. The embedded run does the same, by the same functions."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import msgspec

from services.normalizer.adapters.catalogue_files import standard_catalogue
from services.normalizer.errors import NOTHING_TO_CHECK
from services.normalizer.handlers import normalize_document, normalizer_version
from shared.canonical import canonical_json
from shared.contracts.extracted import Extracted
from shared.contracts.normalized import Normalized
from shared.contracts.rejected import Rejected
from shared.limits import Limits
from shared.sandbox import set_deadline

_EXTRACTED: Final = msgspec.json.Decoder(Extracted)


def normalize(extracted: Extracted, out: Path) -> Normalized | Rejected:
    """Writes the normalised document of an extracted one to `out`; no file where there is nothing to check. Raises OSError."""
    normalized = normalize_document(extracted, standard_catalogue())
    if not normalized.forms and not normalized.claims:
        return NOTHING_TO_CHECK
    out.write_bytes(canonical_json(normalized))
    return normalized


def normalize_file(source: Path, out: Path, limits: Limits) -> Rejected | None:
    """The same from file to file. The deadline of this process grows with the document's pages. Raises OSError, msgspec.ValidationError."""
    extracted = _EXTRACTED.decode(source.read_bytes())
    set_deadline(limits.deadline(extracted.document.pages))
    result = normalize(extracted, out)
    return result if isinstance(result, Rejected) else None


def version() -> str:
    """The version of what `normalize` makes."""
    return normalizer_version(standard_catalogue())
