"""Small contents of reports: one table of three figures whose total is wrong, as often and with whatever words a test wants."""

from __future__ import annotations

from typing import Any

import msgspec

from services.store.domain.views import Acceptance
from shared.contracts.common import Message
from shared.contracts.extracted import ReadWarning
from shared.contracts.normalized import Column, Form
from shared.contracts.validated import CandidateCause, Coverage, Diagnosis, Finding, FormSummary
from tests.unit.store.store_documents import check, fact, finding, result
from tieout.handover.contents import Handover

HOSTILE = "</style></title><script>alert(1)</script>\"'><img src=x onerror=alert(2)>\u202egnirts\u0000\x1b[31m&amp;=cmd|'!A1"
ACCEPTED = Acceptance(finding="f-0000000000000001", by="李四", at="2026-03-02T08:01:00.000000Z", why="批复口径如此")


def wrong_total(number: int = 1, severity: str = "error", **changes: Any) -> Finding:
    """A finding about the total of the table; figures of different numbers stand in different rows."""
    values: dict[str, Any] = {
        "severity": severity,
        "message": Message(zh=f"第3页《支出总表》第 {number} 个合计印为 378.81 万元，应为 378.79 万元。", en=f"page 3: total {number} prints 378.81"),
        "diagnosis": Diagnosis(
            cause="digit_substituted", fact="t1/1/1", reported="378.81", suggested="378.79", confidence=0.9, confirmed_by=("c1",),
            candidates=(CandidateCause(cause="unknown", fact="t1/2/1", suggested="300.02", confidence=0.1),),
        ),
        "reported": "378.81", "expected": "378.79", "difference": "0.02", "unit": "万元", "rule": "rollup.function", "page": 3,
    }  # fmt: skip
    made = finding(f"f-{number:016d}", check("c1", "t1/1/1", ("t1/2/1", "t1/3/1"), "378.81", "378.79"))
    evidence = tuple(msgspec.structs.replace(each, bbox=(100.0, 60.0 + number, 160.0, 75.0 + number)) for each in made.evidence)
    own = {"evidence": evidence, **values, **changes}
    return msgspec.convert({**msgspec.to_builtins(made), **msgspec.to_builtins(own)}, Finding)


def contents(*findings: Finding, words: str = "社会保险", name: str = "青禾.pdf", **changes: Any) -> Handover:
    """The contents of a report. Args: words: entity, title, labels, headings and reasons say it. changes: fields of Handover."""
    facts = (
        fact("t1/1/1", "378.81", label=words),
        fact("t1/2/1", "300.00", label=words),
        fact("t1/3/1", "78.79", label=words),
        fact("t1/4/1", "5.00", label=words),
    )
    made = result("A", facts=facts, entity=words)
    columns = (Column(col=1, path=("支出", words), code="total"),)
    assessed = check("c2", "t1/4/1", (), "5.00", "5.00")
    waiting = msgspec.structs.replace(assessed, status="not_assessable", reported=None, computed=None, difference=None, reason=words)
    validated = msgspec.structs.replace(
        made.validated,
        findings=findings,
        facts=facts,
        checks=(msgspec.structs.replace(made.validated.checks[0], rule="rollup.total"), waiting),
        coverage=Coverage(figures=4, tied=3, untied=1),
        forms=(
            FormSummary(table="t1", form="expenditure_summary", title=words, pages=(3, 4), figures=4, tied=3),
            FormSummary(table="t2", form=None, title=words, pages=(5,), figures=0, tied=0),
        ),
    )
    forms = (Form(table="t1", form="expenditure_summary", confidence=1.0, unit="万元", columns=columns, title=words, scope="all"),)
    normalized = msgspec.structs.replace(made.normalized, forms=forms, facts=facts)
    warnings = (ReadWarning(code="x", page=2, message=f"{words} / {words}"),)
    return Handover(**{"name": name, "pages": 5, "validated": validated, "normalized": normalized, "warnings": warnings, **changes})
