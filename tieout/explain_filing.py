"""A finding between documents written out: its checks name figures of several documents, so every line says which file it is from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from msgspec import UNSET, UnsetType, structs

from services.validator.domain.claim_figures import CLAIMS_TABLE, claim_fact
from shared.contracts.filing import Filing, Member
from shared.contracts.normalized import Fact, Normalized
from shared.contracts.validated import Check, Finding
from shared.filings import all_members
from shared.plain_text import plain
from tieout.explain import Context, rule_names
from tieout.language import Language, pick


@dataclass(frozen=True)
class Named:
    """A document of the filing or of last year's, with the name of its file."""

    document: Normalized
    name: str


def members_named(filing: Filing, finding: Finding) -> tuple[Member, ...]:
    """The documents that a finding's checks and evidence speak of: members of the filing or of last year's."""
    checks = [check for check in filing.checks if check.id in finding.checks]
    ids = {check.document for check in checks} | {term.document for check in checks for term in check.terms}
    ids |= {each.document for each in finding.evidence}
    return tuple(member for member in all_members(filing) if member.document in ids)


def joined(
    filing: Filing, finding: Finding, documents: Mapping[str, Named], language: Language
) -> tuple[Finding, tuple[Check, ...], Context]:
    """Finding, checks and context with ids of facts and tables that are unambiguous over all documents (`DOCUMENT:FACT`).

    Args: documents: by id, those of `members_named`.
    """
    facts: dict[str, Fact] = {}
    titles: dict[str, str] = {}
    columns: dict[tuple[str, int], tuple[str, ...]] = {}
    files: dict[str, str] = {}
    for identifier, named in documents.items():
        document = named.document
        claims = [claim_fact(claim, index) for index, claim in enumerate(document.claims)]
        for fact in (*document.facts, *claims):
            renamed = structs.replace(fact, id=_key(identifier, fact.id), table=_key(identifier, fact.table))
            facts[renamed.id] = renamed
        for form in document.forms:
            titles[_key(identifier, form.table)] = plain(form.title or "")
            columns |= {(_key(identifier, form.table), column.col): column.path for column in form.columns}
        titles[_key(identifier, CLAIMS_TABLE)] = pick(language, "文字说明", "narrative")
        files |= {_key(identifier, table): plain(named.name) for table in (CLAIMS_TABLE, *(form.table for form in document.forms))}
    checks = tuple(_renamed(check) for check in filing.checks if check.id in finding.checks)
    # The figure in question first: that of the document that the finding is about.
    ordered = sorted(finding.evidence, key=lambda each: each.document != finding.document)
    evidence = tuple(structs.replace(each, fact=_key(each.document, each.fact)) for each in ordered)
    loose = frozenset(_key(identifier, CLAIMS_TABLE) for identifier in documents)
    context = Context(facts, titles, columns, rule_names(language), language, files, loose)
    return structs.replace(finding, evidence=evidence), checks, context


def _renamed(check: Check) -> Check:
    terms = tuple(structs.replace(term, fact=_key(term.document, term.fact)) for term in check.terms)
    return structs.replace(check, target=_key(check.document, check.target), terms=terms)


def _key(document: str | UnsetType, identifier: str) -> str:
    return identifier if document is UNSET else f"{document}:{identifier}"
