"""Filings in the embedded run: what has no result over its present documents is reconciled, after the documents are stored."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

import msgspec

from services.store.domain.errors import ArtifactMissing, DigestMismatch, StoreError
from services.store.ports import Artifacts, Store
from shared.canonical import canonical_json
from shared.contracts.common import Message
from shared.contracts.events import FilingInfo
from shared.contracts.filing import Filing, FilingChanged, Member
from shared.contracts.normalized import Normalized
from shared.contracts.run import RunFiling
from shared.filings import budget_members, previous_of
from shared.plain_text import plain

_FILING = msgspec.json.Decoder(Filing)
_CHANGED = msgspec.json.Decoder(FilingChanged)
_NORMALIZED = msgspec.json.Decoder(Normalized)

Compute = Callable[..., bytes]
"""Runs a function in a confined child: `Embedded.compute`."""


def reconcile_bytes(changed: bytes, members: list[bytes], previous: list[bytes], budget: list[bytes]) -> bytes:
    """The stage as a function of bytes, for a child process: canonical JSON of the change and of the normalised documents → of the result."""
    from services.validator.adapters.rules_files import load_rules
    from services.validator.domain.reconcile import reconcile

    documents, before, planned = (map(_NORMALIZED.decode, each) for each in (members, previous, budget))
    made = reconcile(_CHANGED.decode(changed), documents, before, load_rules(), planned)
    return canonical_json(made)


def due(store: Store, documents: Iterable[str]) -> list[FilingChanged]:
    """The filings to be reconciled after these documents were stored: theirs, next year's, and any that has no result at all.

    Others whose result is of an older version keep it until one of their documents is processed again, as documents do.
    """
    touched = {filing for document in documents for filing in store.changed_filings(document)}
    return [state for state in store.unreconciled_filings() if state.filing.id in touched or store.filing_result(state.filing.id) is None]


@dataclass(frozen=True)
class Unreconciled:
    """A filing that could not be reconciled, and why. `own`: by our own failure."""

    filing: FilingInfo
    why: Message
    own: bool


def attempt(store: Store, artifacts: Artifacts, changed: FilingChanged, compute: Compute) -> Unreconciled | None:
    """Reconciles a filing and stores its result: the artifact first, then the rows that point to it.

    Returns: why it was not reconciled; None where it was. Raises StoreError.
    """
    try:
        each = (changed.members, previous_of(changed), budget_members(changed))
        result = compute(reconcile_bytes, canonical_json(changed), *(_bytes_of(artifacts, members) for members in each))
    except _MemberMissingError as problem:
        view = store.document(problem.document)
        name = plain(view.name if view is not None else problem.document)
        why = Message(
            zh=f"{name} 的中间结果已丢失，请用 run --again 重新处理它", en=f"an artifact of {name} is lost: call run --again with it"
        )
        return Unreconciled(changed.filing, why, own=False)
    except StoreError:
        raise
    except Exception as problem:  # our own failure on one filing must not end the others, nor the report of the documents
        return Unreconciled(changed.filing, Message(zh=f"程序出错：{problem}", en=f"our own failure: {problem}"), own=True)
    store.store_filing(_FILING.decode(result), artifacts.put(result))
    return None


class _MemberMissingError(Exception):
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
            raise _MemberMissingError(member.document) from None
    return found


def stored_filing(store: Store, artifacts: Artifacts, filing: str) -> Filing | None:
    """The stored result of a filing, by its id or the beginning of it. Raises StoreError."""
    found = store.filing_result(filing)
    return _FILING.decode(artifacts.get(found.artifact)) if found is not None else None


def run_filing(filing: Filing, name_of: Callable[[str], str], accepted: Collection[str]) -> RunFiling:
    """A filing as a run reports it. Args: name_of: the name of a document by its id. accepted: ids of accepted findings."""
    return RunFiling(
        filing=filing.filing,
        members=filing.members,
        files=tuple(name_of(member.document) for member in filing.members),
        previous_files=tuple(name_of(member.document) for member in previous_of(filing)),
        budget_files=tuple(name_of(member.document) for member in budget_members(filing)),
        verdict=filing.verdict,
        counts=filing.counts,
        coverage=filing.coverage,
        findings=filing.findings,
        accepted=tuple(finding.id for finding in filing.findings if finding.id in accepted),
    )
