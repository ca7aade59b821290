"""One digest over all current facts, checks and findings of a database."""

from __future__ import annotations

import hashlib
import json

from sqlalchemy import Connection, select

from services.store.adapters import schema

_CONTENT = (schema.facts, schema.checks, schema.findings)


def digest_of(connection: Connection) -> str:
    """`sha256:HEX` over the rows themselves, document by document in the order of their ids.

    It depends on what the results say and on nothing else: not on the kind of database, the order of storing, submissions, filings,
    versions of producers or times. Rows are hashed, not stored digests, so that a row lost or changed is seen. Memory: one document.
    """
    total = hashlib.sha256()
    for document_id in sorted(connection.execute(select(schema.results.c.document_id)).scalars()):
        lines = sorted(_lines(connection, document_id))
        if lines:
            total.update(document_id.encode() + b"\n")
            total.update(hashlib.sha256(b"\n".join(lines)).digest())
    return "sha256:" + total.hexdigest()


def _lines(connection: Connection, document_id: str) -> list[bytes]:
    lines = []
    for table in _CONTENT:
        columns = [column for column in table.columns if column.name != "document_id"]
        rows = connection.execute(select(*columns).where(table.c.document_id == document_id))
        lines += [json.dumps([table.name, *row], ensure_ascii=False, separators=(",", ":")).encode() for row in rows]
    return lines
