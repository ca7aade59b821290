"""A department beside the units that its forms name: the comparison as one result, made on demand from stored documents."""

from __future__ import annotations

from collections.abc import Sequence

from services.validator.domain.members import Between, Source
from services.validator.domain.messages import Places
from services.validator.domain.rules import Rules
from services.validator.domain.sheet import read_book
from services.validator.domain.subjects import name_key
from services.validator.domain.unit_rows import unit_checks, units_named
from shared.contracts.department import DepartmentUnits
from shared.contracts.filing import Member
from shared.contracts.normalized import Normalized


def compare_units(department: Normalized, candidates: Sequence[Normalized], rules: Rules) -> DepartmentUnits:
    """Compares the rows of units in a department's forms with the units' own documents.

    Args: candidates: documents that may be of its units; those of another year or kind, and those that its forms do not name, are left out.
    Returns: checks and findings (warnings), which units were compared and which have no document. The same documents give the same bytes.
    """
    source, about = _source(department), department.document
    named = units_named(source)
    fitting = [
        one for one in candidates if (one.document.year, one.document.kind) == (about.year, about.kind) and one.document.id != about.id
    ]
    units = [_source(one) for one in sorted(fitting, key=lambda one: one.document.id) if name_key(one.document.entity or "") in named]
    between = Between()
    for identity in rules.all_of("unit_rows"):
        unit_checks(source, units, identity, between)
    there = {name_key(unit.book.document.document.entity or "") for unit in units}
    return DepartmentUnits(
        department=about.id,
        units=tuple(unit.id for unit in units),
        missing=tuple(name for name in named if name not in there),
        checks=tuple(between.checks),
        findings=tuple(between.findings),
    )


def _source(document: Normalized) -> Source:
    about = document.document
    book = read_book(document)
    member = Member(part=about.part, document=about.id, digest="", version=document.producer.version)
    return Source(member=member, year=about.year or 0, book=book, places=Places(book))
