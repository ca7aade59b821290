"""Edits that follow each other: what the second rests on is still what the document prints."""

from __future__ import annotations

from validator_documents import by_function, document, errors, function, total

from services.validator.adapters.rules_files import load_rules
from services.validator.handlers import validate_document
from shared.contracts.common import Box

WHOLE = (
    total("160.00", "160.00", ""),
    function("208", "120.00", "120.00", ""),
    function("20801", "100.00", "100.00", ""),
    function("2080101", "100.00", "100.00", ""),
    function("20808", "20.00", "20.00", ""),
    function("2080802", "20.00", "20.00", ""),
    function("221", "40.00", "40.00", ""),
    function("22102", "40.00", "40.00", ""),
    function("2210201", "40.00", "40.00", ""),
)
CUT = tuple(line for line in WHOLE if line.function not in ("20808", "2080802"))


class Blind:
    """A second reader that cannot tell."""

    def read(self, page: int, bbox: Box) -> str | None:
        return None


def test_a_section_that_is_missing_with_its_item_is_one_finding_on_what_is_printed() -> None:
    made = document(by_function(*WHOLE), by_function(*CUT, table="t2", form="general_public_budget"))
    result = validate_document(made, load_rules(), Blind())
    (error,) = errors(result)
    assert error.diagnosis is not None
    assert error.diagnosis.cause == "row_missing"
    assert "20808" in error.message.en
    assert {evidence.fact for evidence in error.evidence} <= {fact.id for fact in made.facts}
