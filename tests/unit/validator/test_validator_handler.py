"""The handler reads accused cells a second time before anybody is accused."""

from __future__ import annotations

from validator_documents import by_function, document, errors, function, total, warnings

from services.validator.adapters.rules_files import load_rules
from services.validator.domain.rereading import Rereadings
from services.validator.domain.validate import validate
from services.validator.handlers import validate_document
from shared.contracts.common import Box

RIGHT = (total("90.00", "60.00", "30.00"), function("208", "70.00", "40.00", "30.00"), function("221", "20.00", "20.00", ""))
WRONG = (*RIGHT[:2], function("221", "20.00", "29.00", ""))


class Reader:
    """A second reader that knows what one cell says and cannot tell of the others."""

    def __init__(self, row: int, col: int, text: str | None) -> None:
        self.box: Box = (10.0 * col, 10.0 * row, 10.0 * col + 9, 10.0 * row + 9)
        self.text = text
        self.asked: list[tuple[int, Box]] = []

    def read(self, page: int, bbox: Box) -> str | None:
        self.asked.append((page, bbox))
        return self.text if bbox == self.box else None


def test_a_document_that_ties_is_not_read_again() -> None:
    reader = Reader(2, 2, "29.00")
    assert validate_document(document(by_function(*RIGHT)), load_rules(), reader).verdict == "consistent"
    assert reader.asked == []


def test_results_of_another_reader_of_images_are_of_another_version() -> None:
    made = document(by_function(*RIGHT))
    versions = {validate(made, load_rules(), Rereadings(reader=reader)).producer.version for reader in ("", "one 1.0", "one 2.0")}
    assert len(versions) == 3


def test_an_accused_cell_that_reads_otherwise_is_a_question_about_our_reading() -> None:
    result = validate_document(document(by_function(*WRONG)), load_rules(), Reader(2, 2, "20.00"))
    assert not errors(result)
    assert "我们读错" in warnings(result)[0].message.zh


def test_an_accused_cell_that_reads_the_same_stays_accused() -> None:
    reader = Reader(2, 2, "29.00")
    assert errors(validate_document(document(by_function(*WRONG)), load_rules(), reader))
    assert (1, reader.box) in reader.asked


def test_a_reader_that_cannot_tell_changes_nothing() -> None:
    for text in (None, " "):
        assert errors(validate_document(document(by_function(*WRONG)), load_rules(), Reader(2, 2, text)))


def test_without_a_second_reader_there_is_one_pass() -> None:
    assert errors(validate_document(document(by_function(*WRONG)), load_rules()))
