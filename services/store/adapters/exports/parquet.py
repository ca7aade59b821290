"""Parquet: text as strings, amounts as decimal128, in row groups of bounded size."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import ROUND_HALF_EVEN, Context, Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from services.store.adapters.exports import whole_files
from services.store.adapters.exports.sheets import rows_of
from services.store.domain.columns import COLUMNS, SHEETS, Column, Sheet
from services.store.domain.export_rows import Language, Row, Value
from services.store.domain.views import Filter
from services.store.ports import Store

_ROWS = 20_000  # a row group: some tens of megabytes at most
# decimal128 has 38 digits and one scale a column: 8 decimals hold 万元 printed to the 分 and shares of it, 30 digits any budget.
_DIGITS, _SCALE = 38, 8
_EXACT = Context(prec=_DIGITS, rounding=ROUND_HALF_EVEN)


def write(store: Store, out_dir: Path, only: Filter, language: Language) -> list[str]:
    """Writes the four files; returns their names. Raises ImportError without pyarrow."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    names = [f"{sheet}.parquet" for sheet in SHEETS]
    documents = store.documents(only)
    with whole_files(out_dir, names) as files:
        for sheet, file in zip(SHEETS, files, strict=True):
            schema = _schema(pa, sheet)
            with pq.ParquetWriter(file, schema, compression="zstd") as target:
                for batch in _batches(rows_of(store, sheet, documents, only, language)):
                    columns = [[_value(row[index]) for row in batch] for index in range(len(COLUMNS[sheet]))]
                    arrays = [pa.array(values, type=field.type) for values, field in zip(columns, schema, strict=True)]
                    target.write_table(pa.Table.from_arrays(arrays, schema=schema))
    return names


def _schema(pa: Any, sheet: Sheet) -> Any:
    kinds = {
        "text": pa.string(),
        "integer": pa.int64(),
        "amount": pa.decimal128(_DIGITS, _SCALE),
        "share": pa.float64(),
        "flag": pa.bool_(),
    }

    def field(column: Column) -> Any:
        return pa.field(column.name, kinds[column.kind])

    return pa.schema([field(column) for column in COLUMNS[sheet]])


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    waiting = iter(rows)
    while batch := list(islice(waiting, _ROWS)):
        yield batch


def _value(value: Value) -> Value:
    if isinstance(value, Decimal):
        return value.quantize(Decimal(1).scaleb(-_SCALE), context=_EXACT)
    return value
