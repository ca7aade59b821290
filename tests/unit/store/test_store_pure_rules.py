"""Order of revisions, weight of findings, keys of submissions and filings."""

from __future__ import annotations

import itertools
from decimal import Decimal

import pytest

from services.store.domain.identity import storable, submission_id, version_order
from services.store.domain.ranking import Weight, fen, relative_ppm, weigh
from services.store.domain.revisions import Arrival, in_order, moment_of
from shared.contracts.common import ObjectRef, Submission
from shared.contracts.normalized import NormalizedDocument
from shared.ids import filing_id
from tests.unit.store.store_documents import check, finding, result, submission


def arrival(name: str, modified: str | None = None, version: str | None = None, arrived: str = "2026-05-01T00:00:00Z") -> Arrival:
    return Arrival(name, name, modified, version, arrived)


def test_revisions_are_ordered_by_the_moment_and_not_by_how_it_is_written() -> None:
    moments = ["2026-01-01T09:00:00+08:00", "2026-01-01T02:00:00Z", "2026-01-01T02:00:00.5Z", "2026-01-01T03:00:00"]
    expected = [arrival(str(index), moment) for index, moment in enumerate(moments)]
    for order in itertools.permutations(expected):
        assert in_order(order) == expected


def test_equal_moments_are_ordered_by_version_and_then_by_key_alone() -> None:
    expected = [arrival("b"), arrival("a", version="1"), arrival("c", version="1"), arrival("0", version="2")]
    for order in itertools.permutations(expected):
        assert in_order(order) == expected


@pytest.mark.parametrize("modified", [None, "", "yesterday"])
def test_where_an_object_has_no_time_its_arrival_counts(modified: str | None) -> None:
    first, last = arrival("first", "2026-04-30T00:00:00Z"), arrival("last", "2026-05-02T00:00:00Z")
    timeless = arrival("timeless", modified)
    assert in_order([last, timeless, first]) == [first, timeless, last]


def test_a_time_without_zone_is_utc() -> None:
    assert moment_of("2026-01-01T00:00:00") == moment_of("2026-01-01T08:00:00+08:00")


def test_an_arrival_has_a_key_of_its_content_also_where_its_name_is_not_utf8() -> None:
    name = b"\xff.pdf".decode("utf-8", "surrogateescape")
    keys = {
        submission_id(submission(), "sha256:1"),
        submission_id(submission(), "sha256:2"),
        submission_id(submission(modified="2026-01-01T00:00:01Z"), "sha256:1"),
        submission_id(submission(version="1"), "sha256:1"),
        submission_id(Submission(name="A.pdf"), "sha256:1"),
        submission_id(Submission(name="A.pdf", department="x"), "sha256:1"),
        submission_id(Submission(name=name, object=ObjectRef(bucket="b", key=name)), None),
    }
    assert len(keys) == 7
    assert submission_id(submission(), "sha256:1") in keys


@pytest.mark.parametrize("about", [{"entity": None}, {"entity": ""}, {"year": None}, {"kind": "other"}])
def test_a_document_that_does_not_say_what_it_is_about_is_in_no_filing(about: dict[str, object]) -> None:
    assert filing_id(result(**about).validated.document) is None  # type: ignore[arg-type]


def test_the_parts_of_a_filing_share_its_key_and_other_filings_do_not() -> None:
    def key(**about: object) -> str | None:
        document: NormalizedDocument = result(**about).validated.document  # type: ignore[arg-type]
        return filing_id(document)

    assert key(part="narrative") == key(part="tables") == key()
    others = [key(region=None), key(entity="x"), key(year=2024), key(kind="final_accounts"), key(level="department"), key()]
    assert len(set(others)) == len(others)


def test_where_nothing_was_activated_the_later_release_counts() -> None:
    ordered = ["0.1.0", "0.2.0+d.ff", "0.10.0+d.00", "1.0.0"]
    for pair in itertools.combinations(ordered, 2):
        assert max(pair, key=version_order) == max(pair[::-1], key=version_order) == pair[1]


def test_text_that_databases_refuse_is_escaped_and_all_other_text_is_kept() -> None:
    assert storable("支出\t−1 𠀀\n") == "支出\t−1 𠀀\n"
    assert storable("a\0b") == "a\ufffdb"
    assert storable("表\udcff\ud800\0") == "表\\xff\ufffd\ufffd"


def test_a_difference_is_weighed_against_the_larger_figure() -> None:
    def ppm(reported: str, computed: str) -> int | None:
        return relative_ppm(check("c", "t1/1/1", (), reported, computed))

    assert ppm("110", "100") == ppm("100", "110") == 90_909
    assert ppm("0", "0.00") == 0
    assert ppm("0", "5") == 1_000_000
    assert ppm("-5", "5") == 2_000_000


def test_a_finding_stands_at_the_figure_that_its_diagnosis_accuses() -> None:
    one, other = check("c1", "t1/1/1", (), "1", "2"), check("c2", "t1/2/1", (), "1", "9")
    base = finding("f", one)
    both = finding("f", one, checks=("c1", "c2", "gone"), evidence=(*base.evidence, *finding("g", other).evidence))
    weight = weigh(both, {"c1": one, "c2": other})
    assert (weight.rule, weight.computed) == (one.rule, Decimal("2")), "the check of the figure accused, not the worst"
    assert weight.evidence is not None
    assert weight.evidence.fact == "t1/1/1"
    accused = result("A").validated.findings[0]
    assert weigh(accused, {}).evidence == accused.evidence[0]
    assert weigh(finding("f", one, evidence=(), checks=()), {}) == type(weight)(None, None, None)


def test_a_finding_shows_the_amounts_of_its_own_sentence_though_a_check_has_others() -> None:
    sum_of_it = check("c1", "t1/1/1", ("t1/2/1",), "45.80", "48.80", rule="column.sum")
    accused = finding("g", check("c2", "t1/2/1", (), "48.80", "45.80"))
    said = {
        "reported": Decimal("48.80"),
        "expected": Decimal("45.80"),
        "difference": Decimal("3.00"),
        "unit": "元",
        "rule": "rollup.total",
        "page": 3,
    }
    weight = weigh(finding("f", sum_of_it, evidence=accused.evidence, **said), {"c1": sum_of_it})
    assert (weight.reported, weight.computed, weight.difference) == (Decimal("48.80"), Decimal("45.80"), Decimal("3.00"))
    assert (weight.unit, weight.rule, weight.text) == ("元", "rollup.total", "48.80")
    assert weight.relative_ppm == 61_475


def test_a_remark_on_the_whole_document_shows_no_figure() -> None:
    rounded = check("c1", "t1/1/1", ("t1/2/1",), "45.81", "45.80", status="rounding")
    remark = finding("f", rounded, code="sum.rounding", severity="info", evidence=())
    assert weigh(remark, {"c1": rounded}) == Weight(None, None, None)


def test_a_figure_of_the_narrative_stands_on_its_own_page_and_in_no_table() -> None:
    said = {"reported": Decimal("91.23"), "expected": Decimal("90.00"), "difference": Decimal("1.23"), "unit": "万元", "page": 7}
    told = finding("f", check("c1", "t1/1/1", (), "90.00", "90.00"), code="claim.contradiction", checks=(), **said)
    weight = weigh(told, {})
    assert (weight.evidence, weight.page, weight.text, weight.computed) == (None, 7, "91.23", Decimal("90.00"))
    assert told.evidence, "though the form's figure is its evidence"


def test_amounts_in_fen_are_whole_and_fit_the_column() -> None:
    assert fen(Decimal("1.005")) == 100
    assert fen(Decimal("-3788100.00")) == -378_810_000
    assert fen(Decimal("1E+30")) is None
    assert fen(None) is None
