"""What changes rows. Each function works inside the caller's transaction and may be repeated without effect.

The rows that stay are a function of what was delivered, not of its order: arrivals and runs accumulate under keys made of content, the
current result is the one of highest rank, and filings are worked out again from both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, Table, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from services.store.adapters import schema
from services.store.adapters.ledger_schema import lineages
from services.store.adapters.result_rows import Row
from services.store.adapters.sql_filing_state import drop_stale, filing_info
from services.store.domain.identity import STAGES, all_storable, submission_id, version_order
from services.store.domain.revisions import Arrival, in_order
from shared.contracts.common import Submission
from shared.contracts.events import FilingInfo
from shared.contracts.normalized import NormalizedDocument
from shared.contracts.rejected import Rejected
from shared.filings import info_of
from shared.ids import hashed

Part = tuple[str, str]  # filing, part


def add_if_new(connection: Connection, table: Table, *rows: Row) -> None:
    """Inserts rows; a row whose key is there already is left as it is."""
    if rows:
        connection.execute(insert_on(connection, table).on_conflict_do_nothing(), list(rows))


def insert_on(connection: Connection, table: Table) -> Any:
    """An INSERT that knows ON CONFLICT, in the words of the connection's database."""
    return (postgresql_insert if connection.dialect.name == "postgresql" else sqlite_insert)(table)


def added(connection: Connection, table: Table, row: Row) -> bool:
    """Inserts a row; whether it is new. A row whose key is there already is left as it is."""
    statement = insert_on(connection, table).values(row).on_conflict_do_nothing()
    # Without the option SQLAlchemy forgets the number of rows that psycopg reports of an INSERT.
    return bool(connection.execute(statement, execution_options={"preserve_rowcount": True}).rowcount)


def lock_document(connection: Connection, document_id: str, size: int | None, pages: int | None = None) -> None:
    """Makes the document's row, or completes it, and keeps other writers away from the document until the transaction ends."""
    table = schema.documents
    statement = insert_on(connection, table).values(id=document_id, bytes=size, pages=pages)
    new = statement.excluded
    # The update takes the row's lock on PostgreSQL also where it changes nothing; on SQLite the transaction has the only write lock.
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["id"],
            set_={"bytes": func.coalesce(table.c.bytes, new.bytes), "pages": func.coalesce(table.c.pages, new.pages)},
        )
    )


def add_submission(connection: Connection, submission: Submission, document_id: str, arrived_at: str) -> None:
    """An arrival; of two times of the same arrival the earlier one stays."""
    place = submission.object
    table = schema.submissions
    statement = insert_on(connection, table).values(
        id=submission_id(submission, document_id),
        document_id=document_id,
        name=submission.name,
        department=submission.department,
        bucket=place.bucket if place else None,
        key=place.key if place else None,
        version=place.version if place else None,
        last_modified=place.last_modified if place else None,
        arrived_at=arrived_at,
    )
    earlier = statement.excluded.arrived_at < table.c.arrived_at
    connection.execute(
        statement.on_conflict_do_update(index_elements=["id"], set_={"arrived_at": statement.excluded.arrived_at}, where=earlier)
    )


def add_rejection(connection: Connection, document_id: str | None, submission: Submission, rejected: Rejected, version: str) -> None:
    """A rejection of a document by an extractor version, or of a file whose bytes were not read."""
    place = submission.object
    add_if_new(
        connection,
        schema.rejections,
        {
            "subject": document_id or submission_id(submission, None),
            "version": version,
            "code": rejected.code,
            "document_id": document_id,
            "page": rejected.page,
            "message_zh": rejected.message.zh,
            "message_en": rejected.message.en,
            "name": submission.name,
            "bucket": place.bucket if place else None,
            "key": place.key if place else None,
            "object_version": place.version if place else None,
            "last_modified": place.last_modified if place else None,
        },
    )


def set_activations(connection: Connection, versions: Mapping[Any, str]) -> None:
    """Replaces the activated versions of the stages named."""
    for stage in sorted(versions):
        statement = insert_on(connection, schema.activations).values(stage=stage, version=versions[stage])
        connection.execute(statement.on_conflict_do_update(index_elements=["stage"], set_={"version": statement.excluded.version}))


def activations(connection: Connection) -> dict[str, str]:
    """The activated version of each stage that has one."""
    return {row.stage: row.version for row in connection.execute(select(schema.activations))}


def replace_result(connection: Connection, result: Row, content: Mapping[str, list[Row]], about: NormalizedDocument) -> None:
    """Makes a result the current one of its document, unless the current one ranks higher. Its way is kept: an activation may call it back."""
    document_id = result["document_id"]
    add_if_new(connection, lineages, _lineage(result))
    add_if_new(
        connection,
        schema.stage_runs,
        *(
            {"document_id": document_id, "stage": stage, "version": result[f"{stage}_version"], "digest": result[f"{stage}_digest"]}
            for stage in STAGES
        ),
    )
    table = schema.results
    current = connection.execute(select(table).where(table.c.document_id == document_id)).mappings().one_or_none()
    if current is not None:
        active = activations(connection)
        if rank(current, active) >= rank(result, active):
            return
        for content_table in schema.RESULT_TABLES:
            connection.execute(delete(content_table).where(content_table.c.document_id == document_id))
        connection.execute(update(table).where(table.c.document_id == document_id), result)
    else:
        connection.execute(table.insert(), result)
    for content_table in schema.RESULT_TABLES:
        if rows := content[content_table.name]:
            _insert_many(connection, content_table, rows)
    before = (current["filing_id"], current["part"]) if current is not None else (None, None)
    _assign(connection, before[0], result["filing_id"], about)
    settle(connection, {before, (result["filing_id"], about.part)})


def _lineage(result: Row) -> Row:
    columns = [f"{stage}_{what}" for what in ("version", "digest") for stage in STAGES]
    return {
        "document_id": result["document_id"],
        "id": hashed([result[name] for name in columns]),
        **{name: result[name] for name in columns},
    }


def _insert_many(connection: Connection, table: Table, rows: list[Row]) -> None:
    """Inserts rows that all have the same columns, by the driver's own `executemany`.

    SQLAlchemy would build each row's parameters anew, a third of the time of storing a document. The columns' own conversions are applied.
    """
    dialect = connection.dialect
    compiled = table.insert().compile(dialect=dialect, column_keys=list(rows[0]))
    converted = {
        name: convert
        for name in rows[0]
        if (convert := table.c[name].type.dialect_impl(dialect).bind_processor(dialect))
        and not (isinstance(table.c[name].type, schema.SafeText) and all_storable(row[name] for row in rows))
    }
    columns = [
        [convert(row[name]) for row in rows] if (convert := converted.get(name)) else [row[name] for row in rows] for name in rows[0]
    ]
    if compiled.positiontup is None:
        connection.exec_driver_sql(str(compiled), [dict(zip(rows[0], values, strict=True)) for values in zip(*columns, strict=True)])
    else:
        order = [list(rows[0]).index(name) for name in compiled.positiontup]
        connection.exec_driver_sql(str(compiled), list(zip(*(columns[k] for k in order), strict=True)))


def rank(result: Any, active: Mapping[Any, str]) -> tuple[bool, list[tuple[tuple[int, ...], str]], list[str]]:
    """Of two results of a document the higher one is current: that of the activated versions, else of the later ones.

    The digests decide between results of the same versions, which differ only where a stage before them had another version.
    """
    versions = [result[f"{stage}_version"] for stage in STAGES]
    activated = all(active.get(stage, version) == version for stage, version in zip(STAGES, versions, strict=True))
    return activated, [version_order(version) for version in versions], [result[f"{stage}_digest"] for stage in STAGES]


def _assign(connection: Connection, old: str | None, new: str | None, about: NormalizedDocument) -> None:
    """Makes the filing and the part that a document belongs to now, and locks the filing that it leaves and the one that it joins.

    Without the locks a filing could lose its last document, and be deleted, while another document joins it.
    """
    leaves, joins = filing_info(connection, old) if old is not None else None, info_of(about)
    lock_filings(connection, [info for info in (leaves, joins) if info is not None])
    if new is None:
        return
    statement = insert_on(connection, schema.filings).values(
        id=new, region=about.region, entity=about.entity, year=about.year, kind=about.kind, level=about.level
    )
    connection.execute(statement.on_conflict_do_nothing())
    add_if_new(connection, schema.filing_parts, {"filing_id": new, "part": about.part})


def lock_filings(connection: Connection, filings: Iterable[FilingInfo]) -> None:
    """Keeps other writers away, until the transaction ends, from all years and kinds of what these filings are about.

    One result speaks of the year before and of the budget too, whether or not they are stored, so the lock cannot be a row. All locks are taken in one
    order, so that two writers do not wait for each other. SQLite has one writer at a time anyhow.
    """
    if connection.dialect.name != "postgresql":
        return
    keys = {int(hashed(["filings", info.region, info.entity, info.level])[:15], 16) for info in filings}
    for key in sorted(keys):
        connection.execute(select(func.pg_advisory_xact_lock(key)))


def settle_document(connection: Connection, document_id: str) -> None:
    """Works out the revisions again of the part that a document belongs to."""
    table = schema.results
    row = connection.execute(select(table.c.filing_id, table.c.part).where(table.c.document_id == document_id)).one_or_none()
    if row is not None:
        settle(connection, {(row.filing_id, row.part)})


def settle(connection: Connection, parts: Iterable[tuple[str | None, str | None]]) -> None:
    """Works out the revisions again of filing parts; parts and filings left without documents disappear."""
    wanted = sorted((filing, part) for filing, part in parts if filing is not None and part is not None)
    filings = {filing for filing, _ in wanted}
    lock_filings(connection, [info for filing in filings if (info := filing_info(connection, filing)) is not None])
    for filing, part in wanted:
        _settle_part(connection, filing, part)
    drop_stale(connection, filings)


def _settle_part(connection: Connection, filing: str, part: str) -> None:
    parts, revisions, results, submissions = schema.filing_parts, schema.revisions, schema.results, schema.submissions
    here = (parts.c.filing_id == filing) & (parts.c.part == part)
    documents = select(results.c.document_id).where(results.c.filing_id == filing, results.c.part == part)
    if connection.execute(documents.limit(1)).first() is None:
        connection.execute(delete(parts).where(here))
        left = select(parts.c.part).where(parts.c.filing_id == filing)
        if connection.execute(left.limit(1)).first() is None:
            connection.execute(delete(schema.filings).where(schema.filings.c.id == filing))
        return
    rows = connection.execute(select(submissions).where(submissions.c.document_id.in_(documents))).all()
    ordered = in_order(Arrival(row.id, row.document_id, row.last_modified, row.version, row.arrived_at) for row in rows)
    own = (revisions.c.filing_id == filing) & (revisions.c.part == part)
    stored = connection.execute(select(revisions.c.submission_id).where(own).order_by(revisions.c.number)).scalars().all()
    if list(stored) != [arrival.submission for arrival in ordered]:
        connection.execute(delete(revisions).where(own))
        add_if_new(
            connection,
            revisions,
            *(
                {"filing_id": filing, "part": part, "number": number, "submission_id": arrival.submission, "document_id": arrival.document}
                for number, arrival in enumerate(ordered, 1)
            ),
        )
    connection.execute(update(parts).where(here).values(current_document=ordered[-1].document if ordered else None))
