"""Makes any instance of a contract model: whatever the type allows, a writer of today may send."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
from hypothesis import strategies as st
from msgspec import inspect

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=6)
FLOATS = st.floats(0, 1000, allow_nan=False).map(lambda value: round(value, 2))


def instances(model: type[msgspec.Struct]) -> st.SearchStrategy[Any]:
    """Instances of a model with every field that it may hold; fields that may be left out are there or not."""
    return _of(inspect.type_info(model))


def _of(kind: inspect.Type) -> st.SearchStrategy[Any]:
    match kind:
        case inspect.StructType():
            fields = {field.name: _field(field) for field in kind.fields}
            return st.fixed_dictionaries(fields).map(lambda values: kind.cls(**values))
        case inspect.UnionType():
            return st.one_of(*map(_of, kind.types))
        case inspect.LiteralType():
            return st.sampled_from(kind.values)
        case inspect.VarTupleType():
            return st.lists(_of(kind.item_type), max_size=1).map(tuple)
        case inspect.TupleType():
            return st.tuples(*map(_of, kind.item_types))
    simple: dict[type[inspect.Type], st.SearchStrategy[Any]] = {
        inspect.StrType: TEXT,
        inspect.IntType: st.integers(-(2**31), 2**31),
        inspect.BoolType: st.booleans(),
        inspect.FloatType: FLOATS,
        inspect.NoneType: st.none(),
        inspect.DecimalType: st.integers(-(10**9), 10**9).map(lambda value: Decimal(value).scaleb(-2)),
    }
    return simple[type(kind)]


def _field(field: inspect.Field) -> st.SearchStrategy[Any]:
    made = _of(field.type)
    return st.one_of(st.just(msgspec.UNSET), made) if field.default is msgspec.UNSET else made
