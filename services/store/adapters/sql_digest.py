"""One digest over all current facts, checks and findings of a database, those between the documents of filings included."""

from __future__ import annotations

import hashlib
import json

from sqlalchemy import Connection, Table, select

from services.store.adapters import schema

_CONTENT = (schema.facts, schema.checks, schema.findings)


def digest_of(connection: Connection) -> str:
    """`sha256:HEX` over the rows themselves, document by document in the order of their ids, then filing by filing.

    It depends on what the results say and on nothing else: not on the kind of database, the order of storing, submissions, revisions,
    versions of producers or times. Rows are hashed, not stored digests, so that a row lost or changed is seen. Memory: one document or filing.
    """
    total = hashlib.sha256()
    for owner, tables in ((schema.results.c.document_id, _CONTENT), (schema.filing_results.c.filing_id, schema.FILING_TABLES)):
        for identifier in sorted(connection.execute(select(owner)).scalars()):
            lines = sorted(_lines(connection, tables, owner.name, identifier))
            if lines:
                total.update(identifier.encode() + b"\n")
                total.update(hashlib.sha256(b"\n".join(lines)).digest())
    return "sha256:" + total.hexdigest()


def _lines(connection: Connection, tables: tuple[Table, ...], owner: str, identifier: str) -> list[bytes]:
    lines = []
    for table in tables:
        columns = [column for column in table.columns if column.name != owner]
        rows = connection.execute(select(*columns).where(table.c[owner] == identifier))
        lines += [json.dumps([table.name, *row], ensure_ascii=False, separators=(",", ":")).encode() for row in rows]
    return lines
