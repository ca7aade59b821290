"""The stage: facts in, verdict out. Reads the document's layout for identities, grades them, and says what does not tie out."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import structs

from services.validator.domain.agreements import fund_balances, income_bundles, lists_agree, reprinted_cells
from services.validator.domain.code_names import code_name_findings
from services.validator.domain.columns import column_bundles
from services.validator.domain.completeness import check_completeness, find_gaps, report_apart, told_as_unread, widest_missing
from services.validator.domain.correspondences import content_sums, gov_rows, items_beside
from services.validator.domain.coverage import coverage_of, form_summaries, verdict_of
from services.validator.domain.failures import Confirmations
from services.validator.domain.findings import Findings, Ledger
from services.validator.domain.grading import Graded, check_id, to_check
from services.validator.domain.lists import plain_bundles, summary_bundles, totals_beside
from services.validator.domain.lost_ends import cut_forms, find_lost_ends, report_lost_ends, uncertain_scopes, without_lost_ends
from services.validator.domain.magnitudes import report_magnitudes
from services.validator.domain.narrative import Narrative
from services.validator.domain.outline import is_summary
from services.validator.domain.plausibility import doubted_tables, find_unit_slips, report_units
from services.validator.domain.projects import project_bundles, project_funds, project_totals
from services.validator.domain.proposal import Bundle
from services.validator.domain.repairs import find_repairs, key_of
from services.validator.domain.rereading import NOT_REREAD, Rereadings
from services.validator.domain.rules import Rules
from services.validator.domain.settling import settle
from services.validator.domain.sheet import Book, Sheet, read_book
from services.validator.domain.structure import Judged, choose_readings
from services.validator.domain.stubs import code_bundles, plain_units
from services.validator.domain.three_public import report_three_public
from services.validator.domain.tieout_graph import graph_of
from services.validator.domain.views import content_bundles, expenditure_pages
from shared.check_reasons import CUT, UNIT_IN_DOUBT
from shared.contracts.normalized import Normalized
from shared.contracts.validated import Check, Counts, RulesProducer, Validated
from shared.versions import producer_version


def _sheet_bundles(sheet: Sheet, rules: Rules) -> list[Bundle]:
    bundles: list[Bundle] = []
    coded, read = code_bundles(sheet, rules)
    bundles += coded
    for one in sheet.lists:
        bundles += column_bundles(sheet, one, rules)
        if one.spec.index in read:
            continue
        if is_summary(one):
            bundles += summary_bundles(sheet, one, rules)
        else:
            bundles += plain_bundles(sheet, one, rules)
            bundles += plain_units(sheet, one, rules)
    bundles += totals_beside(sheet, rules)
    bundles += lists_agree(sheet, rules)
    bundles += fund_balances(sheet, rules)
    return bundles


def propose(book: Book, rules: Rules) -> list[Bundle]:
    """All equations that the document's layout implies."""
    bundles = [bundle for sheet in book.sheets for bundle in _sheet_bundles(sheet, rules)]
    pages = expenditure_pages(book, rules)
    bundles += content_bundles(pages, rules)
    bundles += content_sums(book, pages, rules)
    bundles += gov_rows(pages, rules)
    bundles += items_beside(book, pages, rules)
    bundles += income_bundles(book, rules)
    bundles += project_bundles(book, rules)
    bundles += project_funds(book, rules)
    bundles += project_totals(book, pages, rules)
    bundles += reprinted_cells(book, rules)
    return bundles


def _checks(judged: Iterable[Judged]) -> tuple[list[Check], list[Graded], Ledger]:
    taken: set[str] = set()
    checks, graded_all = [], []
    ledger = Ledger({})
    for one in judged:
        for graded in one.graded:
            identifier = check_id(graded.equation, taken)
            ledger.ids[id(graded)] = identifier
            checks.append(to_check(graded, identifier))
            graded_all.append(graded)
    return checks, graded_all, ledger


def validator_version(rules: Rules, image_reader: str = "") -> str:
    """Version of results: release and digest of the rules, and what reads images where it is installed."""
    return producer_version([rules.version.encode()], settings={"image_reader": image_reader} if image_reader else None)


def validate(document: Normalized, rules: Rules, readings: Rereadings = NOT_REREAD) -> Validated:
    """Checks a document.

    Args: document: its facts. rules: the identities. readings: second readings of accused cells by independent readers; where
        one is another figure, we may have misread, and the finding is a warning that says so.
    Returns: checks, findings, coverage and verdict; the same input gives the same bytes.
    """
    book = read_book(document)
    judged = choose_readings(propose(book, rules))
    repairs, all_tried = find_repairs(book, judged, lambda edited: choose_readings(propose(edited, rules)))
    ends = find_lost_ends(book, judged)
    repairs = without_lost_ends(repairs, ends)
    lacking = {id(graded) for end in ends for graded in end.lacking}
    explained = {key for repair in repairs for key in repair.repaired}
    graph = graph_of(graded for one in judged for graded in one.graded)
    confirmations = Confirmations(graph)
    slips = find_unit_slips(book)
    doubted = doubted_tables(slips)
    apart = dict.fromkeys(sorted(uncertain_scopes(ends)), CUT) | dict.fromkeys(sorted(doubted), UNIT_IN_DOUBT)
    gaps = find_gaps(book, rules)
    failures = [
        failure
        for failure in settle(judged, book, confirmations, apart)
        if key_of(failure.graded) not in explained and id(failure.graded) not in lacking
    ]
    checks, graded, ledger = _checks(judged)
    findings = Findings(book, ledger, readings)
    findings.repairs(repairs, graded)
    report_lost_ends(book, ends, findings)
    if not all_tried:
        findings.incomplete()
    all_off = any(slip.whole for slip in slips)  # then all claims are off by the same power of ten
    missing = widest_missing(gaps, cut_forms(ends), rules)
    narrative = Narrative(book, rules, frozenset(book.tables) if all_off else doubted, missing)
    findings.failures(failures, confirmations, narrative.said())
    findings.suspicious([one for one in graded if one.status == "suspicious"])
    findings.rounding([one for one in graded if one.status == "rounding"])
    narrative.report(findings)
    code_name_findings(book, findings)
    report_units(book, slips, findings)
    ties = dict(graph.times())
    coverage = structs.replace(coverage_of(book, ties), claims=narrative.counts())
    findings.unread(set(ties), told_as_unread(gaps, book))
    report_magnitudes(book, ties, doubted, findings)
    report_three_public(book, doubted, findings)
    report_apart(book, graded, findings)
    unread = check_completeness(book, rules, gaps, findings, cut_forms(ends))
    found = findings.result()
    counts = Counts(
        **{
            status: sum(1 for check in checks if check.status == status)
            for status in ("exact", "rounding", "suspicious", "failed", "not_assessable")
        }
    )
    return Validated(
        document=document.document,
        verdict=verdict_of(found, counts, coverage, unread=unread),
        counts=counts,
        coverage=coverage,
        checks=tuple(checks),
        findings=found,
        facts=document.facts,
        producer=RulesProducer(name="validator", version=validator_version(rules, readings.reader), rules=rules.version),
        forms=form_summaries(book, ties),
        claims=narrative.checks(),
    )


def accused_cells(result: Validated) -> tuple[str, ...]:
    """The facts that errors rest on, or would but for our doubts, in the order of findings: what has to be read again before anybody is accused."""
    asked = (one for one in result.findings if one.severity == "error" or (one.diagnosis is not None and one.diagnosis.cause == "misread"))
    return tuple(dict.fromkeys(evidence.fact for finding in asked for evidence in finding.evidence))
