"""Small documents for tests of the store: results of the three stages, as their stages would make them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec

from services.store.domain.identity import Stage
from services.store.domain.views import ExtractedSummary, TableSummary
from services.store.ports import Store
from shared.canonical import canonical_json, digest
from shared.contracts.common import Message, ObjectRef, Submission
from shared.contracts.extracted import DocumentInfo
from shared.contracts.normalized import CatalogueProducer, Fact, Form, Normalized, NormalizedDocument, Unmapped
from shared.contracts.rejected import Rejected
from shared.contracts.validated import (
    Check,
    Counts,
    Coverage,
    Diagnosis,
    Evidence,
    Finding,
    FormSummary,
    RulesProducer,
    Term,
    Validated,
)

T0 = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
VERSIONS: dict[Stage, str] = {"extract": "0.1.0+d.a", "normalize": "0.1.0+d.b", "validate": "0.1.0+d.c"}


def versions(release: str) -> dict[Stage, str]:
    """The three versions of a release."""
    return {stage: f"{release}+{stage}" for stage in ("extract", "normalize", "validate")}  # type: ignore[misc]


def document_id(name: str) -> str:
    """The id of a document whose bytes are `name`."""
    return "sha256:" + hashlib.sha256(name.encode()).hexdigest()


def fact(identifier: str, amount: str, **changes: Any) -> Fact:
    """A fact of table t1: `t1/ROW/COL`."""
    table, row, col = identifier.split("/")
    values: dict[str, Any] = {
        "id": identifier, "table": table, "row": int(row), "col": int(col), "form": "expenditure_summary", "function": "2080109",
        "economic": None, "gov_economic": None, "line": None, "measure": "total", "fund": None, "project": None,
        "amount": Decimal(amount), "decimals": 2, "precision": 2, "unit": "万元", "yuan": Decimal(amount) * 10000, "text": amount,
        "page": 3, "bbox": (1.0, 2.5, 30.25, 40.0), "code_from": "printed", "confidence": 0.99, "label": "社会保险经办机构",
    }  # fmt: skip
    return Fact(**{**values, **changes})


def check(identifier: str, target: str, terms: tuple[str, ...], reported: str, computed: str, **changes: Any) -> Check:
    """A failed check: target = sum of the terms."""
    values: dict[str, Any] = {
        "id": identifier, "rule": "rollup.function", "form": "expenditure_summary", "status": "failed", "target": target,
        "terms": tuple(Term(fact=term, sign=1) for term in terms), "reported": Decimal(reported), "computed": Decimal(computed),
        "difference": Decimal(reported) - Decimal(computed), "possible": Decimal("0.015"), "plausible": Decimal("0.01"), "unit": "万元",
    }  # fmt: skip
    return Check(**{**values, **changes})


def finding(identifier: str, of: Check, **changes: Any) -> Finding:
    """A finding about a check's target."""
    table, row, col = of.target.split("/")
    evidence = Evidence(fact=of.target, table=table, row=int(row), col=int(col), page=3, bbox=(1.0, 2.0, 3.0, 4.0), text=str(of.reported))
    values: dict[str, Any] = {
        "id": identifier, "code": "sum.mismatch", "severity": "error", "message": Message(zh="合计不符", en="the sum differs"),
        "checks": (of.id,), "evidence": (evidence,), "form": of.form, "title": "支出总表",
    }  # fmt: skip
    return Finding(**{**values, **changes})


@dataclass(frozen=True)
class Result:
    """A document's result as the store takes it."""

    document: DocumentInfo
    extracted: ExtractedSummary
    normalized: Normalized
    validated: Validated
    artifacts: dict[Stage, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return self.document.id

    def store_in(self, store: Store) -> None:
        """Stores it."""
        store.store_result(self.document, self.extracted, self.normalized, self.validated, self.artifacts)


def result(name: str = "A", facts: tuple[Fact, ...] | None = None, of: dict[Stage, str] = VERSIONS, **about: Any) -> Result:
    """The result of the document `name`: one table, two items and a total that is 0.02 too high. Args: about: changes of the filing."""
    identifier = document_id(name)
    if facts is None:
        facts = (fact("t1/1/1", "378.81"), fact("t1/2/1", "300.00"), fact("t1/3/1", "78.79"))
    what: dict[str, Any] = {
        "id": identifier, "region": "青禾市", "entity": "青禾市林业事务中心", "entity_code": "230005", "year": 2025, "kind": "budget",
        "level": "unit", "part": "whole",
    }  # fmt: skip
    document = NormalizedDocument(**{**what, **about})
    form = Form(table="t1", form="expenditure_summary", confidence=1.0, unit="万元", columns=(), title="支出总表", scope="all")
    normalized = Normalized(
        document=document,
        forms=(form,),
        facts=facts,
        unmapped=(Unmapped(table="t1", row=4, col=None, text="其他"),),
        claims=(),
        producer=CatalogueProducer(name="normalizer", version=of["normalize"], catalogue="2025"),
    )
    failed = check("c1", "t1/1/1", ("t1/2/1", "t1/3/1"), "378.81", "378.79")
    cause = Diagnosis(cause="digit_substituted", fact="t1/1/1", reported="378.81", suggested="378.79", confidence=0.9)
    validated = Validated(
        document=document,
        verdict="inconsistent",
        counts=Counts(failed=1),
        coverage=Coverage(figures=len(facts), tied=len(facts), untied=0),
        checks=(failed,),
        findings=(finding(f"f-{identifier[7:23]}", failed, diagnosis=cause),),
        facts=facts,
        producer=RulesProducer(name="validator", version=of["validate"], rules="r1"),
        forms=(FormSummary(table="t1", form="expenditure_summary", title="支出总表", pages=(3,), figures=len(facts), tied=len(facts)),),
    )
    return finished(DocumentInfo(id=identifier, bytes=1000 + len(name), pages=5), normalized, validated, of)


def finished(document: DocumentInfo, normalized: Normalized, validated: Validated, of: dict[Stage, str] = VERSIONS) -> Result:
    """A result with the digests of its artifacts."""
    table = TableSummary(id="t1", title="支出总表", number="表03", pages=(3, 4), n_rows=9, n_cols=4, unit="万元")
    extracted = ExtractedSummary(version=of["extract"], tables=(table,))
    artifacts: dict[Stage, str] = {
        "extract": digest(f"{document.id}{of['extract']}".encode()),
        "normalize": digest(canonical_json(normalized)),
        "validate": digest(canonical_json(validated)),
    }
    return Result(document, extracted, normalized, validated, artifacts)


def with_findings(base: Result, checks: tuple[Check, ...], findings: tuple[Finding, ...]) -> Result:
    """The same result with other checks and findings."""
    validated = msgspec.structs.replace(base.validated, checks=checks, findings=findings)
    return finished(base.document, base.normalized, validated)


def submission(
    name: str = "A.pdf", modified: str | None = "2026-01-01T00:00:00Z", version: str | None = None, folder: str = "/in"
) -> Submission:
    """An arrival of the file `folder/name`."""
    return Submission(name=name, object=ObjectRef(bucket="file", key=f"{folder}/{name}", version=version, last_modified=modified))


def rejection(code: str = "encrypted") -> Rejected:
    """A rejection with its sentence."""
    return Rejected(code=code, page=None, message=Message(zh="文件已加密", en="the file is encrypted"))  # type: ignore[arg-type]
