"""What must not change a verdict: the scale and the unit of amounts, the order of rows, a row split in two, a row of zeros; and what is said twice is the same."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from test_validator_properties import Tree, lines_of
from validator_documents import Block, Line, Paper, checked, errors, function

from shared.canonical import canonical_json
from shared.contracts.validated import Finding, Validated

ROOT = Path(__file__).resolve().parents[2]
CENTS = st.integers(min_value=10**5, max_value=10**8).map(lambda n: Decimal(n).scaleb(-2))
EXACT = st.lists(st.lists(st.lists(st.tuples(CENTS, CENTS), min_size=1, max_size=3), min_size=1, max_size=3), min_size=1, max_size=3)
"""Trees whose leaves print all that they have: every sum is exact."""
HEADS = ("合计=total", "基本支出=basic_expenditure", "项目支出=project_expenditure")


def run(lines: list[Line], *, unit: str = "万元", precision: int = 2, forms: tuple[str, ...] = ("expenditure_summary",)) -> Validated:
    """The verdict of forms that print the same rows."""
    papers = [Paper(f"t{n}", form, [Block("function", HEADS, lines)], unit=unit, precision=precision) for n, form in enumerate(forms, 1)]
    return checked(*papers)


def told(result: Validated, power: int = 0) -> list[tuple[object, ...]]:
    """What the errors say, whatever the rows' places: codes, causes, suggested amounts (by a power of ten)."""
    codes = {fact.id: (fact.function, fact.measure) for fact in result.facts}

    def said(finding: Finding) -> tuple[object, ...]:
        diagnosis = finding.diagnosis
        assert diagnosis is not None
        suggested = None if diagnosis.suggested is None else Decimal(diagnosis.suggested).scaleb(-power).normalize()
        return str(codes.get(diagnosis.fact or "")), diagnosis.cause, suggested, diagnosis.confidence, len(finding.checks)

    return sorted(map(said, errors(result)), key=str)


def spoilt(tree: Tree, data: st.DataObject) -> list[Line]:
    """The rows of a tree with one digit of a figure changed."""
    lines = lines_of(tree)
    row, col = data.draw(st.integers(0, len(lines) - 1)), data.draw(st.integers(0, 2))
    text = lines[row].amounts[col]
    place = data.draw(st.sampled_from([k for k, sign in enumerate(text) if sign.isdigit()]))
    digit = data.draw(st.sampled_from([d for d in "123456789" if d != text[place]]))
    amounts = list(lines[row].amounts)
    amounts[col] = text[:place] + digit + text[place + 1 :]
    lines[row] = replace(lines[row], amounts=amounts)
    return lines


def as_unit(lines: list[Line]) -> list[Line]:
    """The same rows in 元."""
    return [replace(line, amounts=[str(Decimal(text) * 10_000) for text in line.amounts]) for line in lines]


def scaled(lines: list[Line], power: int) -> list[Line]:
    return [replace(line, amounts=[str(Decimal(text).scaleb(power)) for text in line.amounts]) for line in lines]


@settings(max_examples=15, deadline=None, derandomize=True)
@given(EXACT, st.data(), st.integers(-2, 2))
def test_scaling_all_amounts_keeps_what_is_said_of_an_error(tree: Tree, data: st.DataObject, power: int) -> None:
    lines = spoilt(tree, data)
    assert told(run(lines)) == told(run(scaled(lines, power), precision=2 - power), power)


@settings(max_examples=15, deadline=None, derandomize=True)
@given(EXACT, st.data(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing_that_is_said_of_an_error(tree: Tree, data: st.DataObject, random: Random) -> None:
    lines = spoilt(tree, data)
    shuffled = lines[:]
    random.shuffle(shuffled)
    assert told(run(lines)) == told(run(shuffled))


@settings(max_examples=15, deadline=None, derandomize=True)
@given(EXACT, st.data())
def test_amounts_in_yuan_are_judged_as_those_in_ten_thousands(tree: Tree, data: st.DataObject) -> None:
    """The last two digits before the point are zeros by the change of unit: their precision is that of the print in 万元."""
    lines = spoilt(tree, data)
    before, after = run(lines), run(as_unit(lines), unit="元", precision=-2)
    assert [(check.rule, check.status) for check in before.checks] == [(check.rule, check.status) for check in after.checks]
    assert len(errors(before)) == len(errors(after))
    assert before.verdict == after.verdict


@settings(max_examples=15, deadline=None, derandomize=True)
@given(EXACT, st.data())
def test_a_row_split_in_two_ties_out_as_before(tree: Tree, data: st.DataObject) -> None:
    lines = lines_of(tree)
    items = [k for k, line in enumerate(lines) if len(line.function or "") == 7]
    place = data.draw(st.sampled_from(items))
    line = lines[place]
    shares = [data.draw(st.integers(0, int(Decimal(text) * 100))) for text in line.amounts[1:]]
    first = [Decimal(share).scaleb(-2) for share in shares]
    second = [Decimal(text) - share for text, share in zip(line.amounts[1:], first, strict=True)]
    parts = [
        function(code, *(str(amount) for amount in (sum(pair, Decimal(0)), *pair)))
        for code, pair in ((line.function, first), (f"{(line.function or '')[:5]}99", second))
    ]  # type: ignore[arg-type]
    split = [*lines[:place], *parts, *lines[place + 1 :]]
    result = run(split)
    assert not errors(result)
    assert result.counts.failed == result.counts.suspicious == 0
    assert result.verdict == run(lines).verdict


@settings(max_examples=15, deadline=None, derandomize=True)
@given(EXACT, st.data())
def test_a_row_of_zeros_changes_nothing_that_is_said_of_an_error(tree: Tree, data: st.DataObject) -> None:
    lines = spoilt(tree, data)
    with_zeros = run([*lines, function("234", "0.00", "0.00", "0.00")])
    assert [said[:2] for said in told(run(lines))] == [said[:2] for said in told(with_zeros)]


@settings(max_examples=15, deadline=None, derandomize=True)
@given(st.lists(st.lists(st.lists(st.tuples(CENTS, CENTS), min_size=1, max_size=3), min_size=1, max_size=3), min_size=1, max_size=3))
def test_consistent_forms_that_print_the_same_rows_never_yield_an_error(tree: Tree) -> None:
    result = run(lines_of(tree), forms=("expenditure_summary", "general_budget_expenditure", "fiscal_expenditure"))
    assert not errors(result)
    assert result.counts.failed == 0


@settings(max_examples=15, deadline=None, derandomize=True)
@given(EXACT, st.data())
def test_all_evidence_is_printed_and_the_same_document_gives_the_same_bytes(tree: Tree, data: st.DataObject) -> None:
    lines = spoilt(tree, data)
    assume(len(lines) > 3)
    del lines[data.draw(st.integers(1, len(lines) - 1))]
    forms = ("expenditure_summary", "general_budget_expenditure")
    result = run(lines, forms=forms)
    printed = {fact.id for fact in result.facts}
    assert all(evidence.fact in printed for finding in result.findings for evidence in finding.evidence)
    assert canonical_json(result) == canonical_json(run(lines, forms=forms))


_REPLAY = """
from hashlib import sha256
from test_validator_verdicts import *
amounts = [[[(Decimal(k * 7 + 3), Decimal(k + 1) / 4) for k in range(3)] for _ in range(3)] for _ in range(3)]
lines = lines_of(amounts)
lines[4] = replace(lines[4], amounts=["1.00", *lines[4].amounts[1:]])
lines[9] = replace(lines[9], amounts=[lines[9].amounts[0], "77.00", lines[9].amounts[2]])
del lines[15]
print(sha256(canonical_json(run([*lines, lines[-1]], forms=("expenditure_summary", "general_budget_expenditure")))).hexdigest())
"""


@pytest.mark.parametrize("seed", ["1", "4711"])
def test_a_result_does_not_depend_on_the_order_in_which_a_process_keeps_its_sets(seed: str) -> None:
    def digest(hash_seed: str) -> str:
        paths = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "property")]
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": os.pathsep.join(paths)}
        done = subprocess.run([sys.executable, "-P", "-c", _REPLAY], capture_output=True, text=True, check=True, env=environment)
        return done.stdout

    assert digest("0") == digest(seed) != ""
