"""The normaliser's handler: decodes an extracted document, calls the stage, gives the result."""

from __future__ import annotations

import msgspec

from services.normalizer.domain.catalogue import Catalogue
from services.normalizer.domain.normalize import normalize
from shared.contracts.extracted import Extracted
from shared.contracts.normalized import Normalized
from shared.versions import producer_version

_DECODER = msgspec.json.Decoder(Extracted)


def normalizer_version(catalogue: Catalogue) -> str:
    """Version of results: release and digest of the catalogue's data (no setting changes results)."""
    return producer_version(catalogue.digest_data)


def normalize_document(extracted: Extracted | bytes, catalogue: Catalogue) -> Normalized:
    """The normalised document of an extracted one (or of its canonical JSON). Raises msgspec.ValidationError where the JSON is no such document."""
    document = _DECODER.decode(extracted) if isinstance(extracted, bytes) else extracted
    return normalize(document, catalogue, normalizer_version(catalogue))
