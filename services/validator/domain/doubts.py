"""Whether failing checks are an error of the document or a question: what may be our own misunderstanding accuses nobody."""

from __future__ import annotations

from services.validator.domain.explanations import Group
from services.validator.domain.failures import Confirmations, Failure
from services.validator.domain.grading import Graded
from services.validator.domain.sheet import Book, Figure

# Figures recognised in an image with less confidence accuse nobody: measured, all wrong ones were below (docs/extraction.md, scans).
_RECOGNIZED = 0.9
# So do figures of the file's own text with less, unless a sum that holds confirms them: of such cells up to six in ten were right where it was
# measured (docs/extraction.md, Confidence). Codes of rows, which count as well, are never less sure than this.
_READ = 0.65
_ENOUGH_DIGITS = 4  # two figures of four digits and more that differ by one plain slip were meant to be equal


def accuses(book: Book, group: Group, confirmations: Confirmations) -> bool:
    """Whether a group of failing checks is an error of the document rather than a question.

    Checks of two readings that agree on one correction of one figure accuse: no accident does that. A single reading accuses where it is
    believed, unless every figure of the sum is confirmed elsewhere or the difference is another figure of the same line: then a row or column
    is counted wrongly, perhaps by us. A table of which a part may stand in the next one accuses nobody by its roll-ups (where the normaliser
    knows of it, such sums are not assessed at all: settling.py).
    """
    operators: set[str] = {failure.graded.equation.identity.operator for failure in group.failures}
    one_way = len(operators) == 1 or operators <= _STUB_OPERATORS
    if one_way and any(_same_line(book, failure) for failure in group.failures):
        return False
    if operators == {"same_income"} and not group.pinned:
        return False  # a form taken for one of income states another total; alone it proves nothing
    if one_unit_off(group) or _cut_off(book, group):
        return False
    if group.pinned and len({id(failure.judged) for failure in group.failures}) > 1 and not group.contradicted:
        return True
    if _plain_copy(group) and not group.contradicted:
        return True
    return any(failure.accuses and not confirmations.all_of(failure.graded) for failure in group.failures)


def _same_line(book: Book, failure: Failure) -> bool:
    """Whether the difference is just a figure of the same row or column: a row or column counted too often, or left out, perhaps by us."""
    graded, equation = failure.graded, failure.graded.equation
    fact, change = equation.target.fact, abs(graded.difference)
    if len({term.fact.table for term, _ in equation.terms} | {fact.table}) > 1:
        return False
    across = all(term.fact.row == fact.row for term, _ in equation.terms)
    near = 4 * equation.target.amount.half  # rounding: two last digits
    for figure in book.by_table(fact.table):
        in_line = figure.fact.row == fact.row if across else figure.fact.col == fact.col
        if in_line and figure.value and abs(abs(figure.value) - change) <= near:
            return True
    return False


def one_unit_off(group: Group) -> bool:
    """Figures of two forms that differ by 元 against 万元 and nothing else: the unit of one form may be our misreading."""
    operators = {failure.graded.equation.identity.operator for failure in group.failures}
    return group.cause == "unit_slip" and operators <= {"same_content", "same_income", "project_repeated", "project_total"}


def _cut_off(book: Book, group: Group) -> bool:
    """Roll-ups along a stub whose rows may go on in another table, or come from one."""
    along_the_stub = all(failure.graded.equation.identity.operator in _STUB_OPERATORS for failure in group.failures)
    return along_the_stub and all(failure.graded.equation.target.fact.table in book.continued for failure in group.failures)


def over_a_seam(book: Book, graded: Graded) -> bool:
    """Whether a check needs rows of a table of which others may stand in another one: any but those across one row."""
    facts = [graded.equation.target.fact, *(term.fact for term, _ in graded.equation.terms)]
    return any(fact.table in book.parted for fact in facts) and len({(fact.table, fact.row) for fact in facts}) > 1


_STUB_OPERATORS = {"code_rollup", "leading_unit", "list_rollup", "list_total", "year_total", "grand_total", "economic_totals"}


def _plain_copy(group: Group) -> bool:
    """A sum of one figure: both are the same amount printed twice, and one differs by a plain slip of the pen."""
    terms = [term for failure in group.failures for term, _ in failure.graded.equation.terms if term.value]
    digits = sum(character.isdigit() for character in group.figure.fact.text)
    return group.pinned and group.cause is not None and len(terms) == 1 and digits >= _ENOUGH_DIGITS


def is_text(figure: Figure) -> bool:
    """Whether a figure is of the file's own text, not recognised in an image."""
    return figure.fact.origin != "image"


def read_with_doubt(figure: Figure) -> bool:
    """Whether what is printed may be another figure, or stand elsewhere, by what the reader says of itself."""
    return figure.fact.confidence < (_READ if is_text(figure) else _RECOGNIZED)
