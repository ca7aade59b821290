"""Which artifacts the current results rest on: what a clean-up has to leave."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Engine, select

from services.store.adapters.engine import reading
from services.store.adapters.schema import filing_results, results


def current_digests(engine: Engine) -> Iterator[str]:
    """Digests of the artifacts of every current result: three a document, one a filing. Raises StoreUnavailable."""
    columns = (results.c.extract_digest, results.c.normalize_digest, results.c.validate_digest)
    with reading(engine) as connection:
        for row in connection.execute(select(*columns)):
            yield from row
        for (digest,) in connection.execute(select(filing_results.c.digest)):
            yield digest
