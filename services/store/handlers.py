"""Taking results in: artifacts first, then the rows that point to them, so that a row never points to nothing."""

from __future__ import annotations

from services.store.domain.identity import Stage
from services.store.domain.views import ExtractedSummary
from services.store.ports import Artifacts, Store
from shared.canonical import canonical_json
from shared.contracts.extracted import DocumentInfo
from shared.contracts.normalized import Normalized
from shared.contracts.validated import Validated


def keep_result(
    store: Store,
    artifacts: Artifacts,
    document: DocumentInfo,
    extracted: ExtractedSummary,
    extracted_digest: str,
    normalized: Normalized,
    validated: Validated,
) -> dict[Stage, str]:
    """Stores a finished document whose extraction is an artifact already; returns the digests of all three artifacts.

    Killed between the two steps, it leaves artifacts that the next try finds again under the same digests.
    """
    digests: dict[Stage, str] = {
        "extract": extracted_digest,
        "normalize": artifacts.put(canonical_json(normalized)),
        "validate": artifacts.put(canonical_json(validated)),
    }
    store.store_result(document, extracted, normalized, validated, digests)
    return digests
