"""What a document itself says of its codes: a name that it prints beside a code in one form is that code where another form prints the name alone.

This reads what the catalogue cannot know: codes that a province added, and which 行政运行 the department has.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from services.normalizer.domain.catalogue import Catalogue
from services.normalizer.domain.coding import printed_name
from services.normalizer.domain.headcodes import class_name
from services.normalizer.domain.lists import RawList
from services.normalizer.domain.meant import CHARTS, OwnNames
from services.normalizer.domain.words import name_key, plain


def own_names(lists: Iterable[RawList], catalogue: Catalogue) -> OwnNames:
    """The codes beside which a document prints names: known codes beside a name of theirs, and codes that the catalogue does not know."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for entry in lists:
        if entry.kind not in CHARTS:
            continue
        chart = catalogue.chart(entry.kind)
        for row in entry.rows:
            code = row.codes.get(entry.kind, "")
            key = name_key(class_name(printed_name(row, entry.kind)))
            if not key or plain(key).isdigit() or chart.printed(code, key) is None:
                continue
            if chart.agrees(code, key) or code not in chart.codes:
                found[entry.kind, key].add(code)
    return {name: frozenset(codes) for name, codes in found.items()}
