"""Filings in the embedded run: what has no result over its present documents is reconciled, after the documents are stored."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

from services.store.domain.errors import ArtifactMissing, DigestMismatch
from services.store.ports import Artifacts, Store
from shared.canonical import canonical_json
from shared.contracts.filing import Filing, FilingChanged, Member
from shared.contracts.normalized import Normalized
from shared.contracts.run import RunFiling

_FILING = msgspec.json.Decoder(Filing)
_CHANGED = msgspec.json.Decoder(FilingChanged)
_NORMALIZED = msgspec.json.Decoder(Normalized)

Compute = Callable[..., bytes]
"""Runs a function in a confined child: `Embedded.compute`."""


def reconcile_bytes(changed: bytes, members: list[bytes], previous: list[bytes]) -> bytes:
    """The stage as a function of bytes, for a child process: canonical JSON of the change and of the normalised documents → of the result."""
    from services.validator.adapters.rules_files import load_rules
    from services.validator.domain.reconcile import reconcile

    made = reconcile(_CHANGED.decode(changed), map(_NORMALIZED.decode, members), map(_NORMALIZED.decode, previous), load_rules())
    return canonical_json(made)


def due(store: Store, documents: Iterable[str]) -> list[FilingChanged]:
    """The filings to be reconciled after these documents were stored: theirs, next year's, and any that has no result at all.

    Others whose result is of an older version keep it until one of their documents is processed again, as documents do.
    """
    touched = {filing for document in documents for filing in store.changed_filings(document)}
    return [state for state in store.unreconciled_filings() if state.filing.id in touched or store.filing_result(state.filing.id) is None]


def reconcile_filing(store: Store, artifacts: Artifacts, changed: FilingChanged, compute: Compute) -> None:
    """Reconciles a filing and stores its result: the artifact first, then the rows that point to it.

    Raises MemberMissingError: the artifact of a document is not there, or damaged. StoreError. WorkerEndedError: the child did not survive.
    """
    before = changed.previous.members if changed.previous else ()
    result = compute(reconcile_bytes, canonical_json(changed), _bytes_of(artifacts, changed.members), _bytes_of(artifacts, before))
    store.store_filing(_FILING.decode(result), artifacts.put(result))


class MemberMissingError(Exception):
    """The normalised artifact of a filing's document cannot be had; the document has to be processed again."""

    def __init__(self, document: str) -> None:
        super().__init__(document)
        self.document = document


def _bytes_of(artifacts: Artifacts, members: Iterable[Member]) -> list[bytes]:
    found = []
    for member in members:
        try:
            found.append(artifacts.get(member.digest))
        except (ArtifactMissing, DigestMismatch):
            raise MemberMissingError(member.document) from None
    return found


def stored_filing(store: Store, artifacts: Artifacts, filing: str) -> Filing | None:
    """The stored result of a filing, by its id or the beginning of it. Raises StoreError."""
    found = store.filing_result(filing)
    return _FILING.decode(artifacts.get(found.artifact)) if found is not None else None


def run_filing(filing: Filing, name_of: Callable[[str], str]) -> RunFiling:
    """A filing as a run reports it. Args: name_of: the name of a document by its id."""
    return RunFiling(
        filing=filing.filing,
        members=filing.members,
        files=tuple(name_of(member.document) for member in filing.members),
        previous_files=tuple(name_of(member.document) for member in filing.previous.members) if filing.previous else (),
        verdict=filing.verdict,
        counts=filing.counts,
        coverage=filing.coverage,
        findings=filing.findings,
    )
