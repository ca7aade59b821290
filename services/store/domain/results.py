"""A finished document as its three artifacts tell it, without what the store does not keep (the cells of its tables)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import msgspec

from services.store.domain.identity import STAGES, Stage
from services.store.domain.views import ExtractedSummary, TableSummary
from shared.contracts.common import Model, Producer
from shared.contracts.events import Runs
from shared.contracts.extracted import DocumentInfo
from shared.contracts.normalized import Normalized
from shared.contracts.validated import Validated
from shared.failures import PoisonError


class TableHead(Model, frozen=True, kw_only=True):
    """A table without its cells."""

    id: str
    title: str | None
    number: str | None
    pages: tuple[int, ...]
    n_rows: int
    n_cols: int
    unit: str | None


class ExtractedHead(Model, frozen=True, kw_only=True):
    """An extraction without cells, text and glyph accounts: these are passed over and take no memory."""

    document: DocumentInfo
    tables: tuple[TableHead, ...]
    producer: Producer

    @property
    def summary(self) -> ExtractedSummary:
        """What the store keeps of it."""
        tables = tuple(TableSummary(**msgspec.structs.asdict(table)) for table in self.tables)
        return ExtractedSummary(version=self.producer.version, tables=tables)


@dataclass(frozen=True)
class Result:
    """The three results of a document. `digests`: of their artifacts."""

    document: DocumentInfo
    extracted: ExtractedSummary
    normalized: Normalized
    validated: Validated
    digests: Mapping[Stage, str]


_EXTRACTED: Final = msgspec.json.Decoder(ExtractedHead)
_NORMALIZED: Final = msgspec.json.Decoder(Normalized)
_VALIDATED: Final = msgspec.json.Decoder(Validated)


def digests_of(runs: Runs) -> dict[Stage, str]:
    """The digest of each stage's artifact. Raises PoisonError `event.malformed` where a stage has no run."""
    found = {stage: run.digest for stage in STAGES if (run := getattr(runs, stage)) is not None}
    if missing := set(STAGES) - set(found):
        raise PoisonError("event.malformed", f"no run of {', '.join(sorted(missing))}: a result needs all three")
    return found


def load_result(digests: Mapping[Stage, str], get: Callable[[str], bytes]) -> Result:
    """Reads the artifacts of a document. Args: get: the bytes of an artifact by its digest.

    Raises: PoisonError `artifact.malformed`: an artifact is none of its stage. What `get` raises.
    """
    try:
        head = _EXTRACTED.decode(get(digests["extract"]))
        normalized = _NORMALIZED.decode(get(digests["normalize"]))
        validated = _VALIDATED.decode(get(digests["validate"]))
    except (msgspec.DecodeError, UnicodeDecodeError) as problem:
        raise PoisonError("artifact.malformed", f"an artifact of {dict(digests)} is not what its stage makes ({problem})") from problem
    return Result(head.document, head.summary, normalized, validated, digests)
