"""Laws of the ledger: the order and repetition of the telling do not matter, and no department waits for more than its neighbours."""

from __future__ import annotations

import tempfile
from collections import Counter, deque
from collections.abc import Sequence
from datetime import timedelta
from functools import reduce
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.store.adapters.sql_ledger import open_ledger
from services.store.domain.ledger import LedgerRow, Step, StepKind
from services.store.domain.positions import Position, in_order, merged, position
from services.store.domain.scheduling import in_turn, room
from tests.unit.store.ledger_story import T0, WAY, after, found, step

OBJECT = found().object
BEGINNINGS: tuple[StepKind, ...] = ("restarted", "reprocess_requested", "redriven")
ENDS: tuple[StepKind, ...] = ("stored", "rejected", "gone", "dead_lettered")


@st.composite
def lives(draw: st.DrawFn) -> list[Step]:
    """What was told of one submission: its way, repairs and requests, failures on the way, some of it told again later."""
    told = [step(OBJECT, "arrived", 0, event="a")]
    second = 1
    for number in range(draw(st.integers(1, 3))):
        if number:
            kind = draw(st.sampled_from(BEGINNINGS))
            stage = draw(st.sampled_from((None, "extract", "normalize", "validate")))
            told.append(
                step(OBJECT, kind, second, event=f"begin{number}", stage=stage, reason="repair" if kind == "restarted" else "reprocess")
            )
        kinds: list[Any] = ["dispatched", *draw(st.lists(st.sampled_from((*WAY, "deferred", *ENDS)), max_size=6))]
        for kind in kinds:
            second += draw(st.integers(0, 3))
            told.append(step(OBJECT, kind, second, event=draw(st.sampled_from((kind, f"{kind}{number}"))), attempts=number + 1))
    return told


def row_of(told: Sequence[Step]) -> tuple[Position, list[Step]]:
    """Row and trail after telling these steps one after the other, as the database does it."""
    trail: dict[tuple[str, str], Step] = {}
    now: Position | None = None
    for each in told:
        known = trail.get((each.event, each.kind))
        trail[each.event, each.kind] = merged(known, each) if known else each
        now = position(trail.values())
    assert now is not None
    return now, in_order(trail.values())


@given(lives(), st.data())
def test_steps_in_any_order_and_told_any_number_of_times_give_the_same_row_and_trail(told: list[Step], data: st.DataObject) -> None:
    again = data.draw(st.permutations([*told, *data.draw(st.lists(st.sampled_from(told), max_size=6))]))
    assert row_of(again) == row_of(told)


@given(lives(), st.data())
def test_tellings_merge_in_any_grouping(told: list[Step], data: st.DataObject) -> None:
    same = [
        step(OBJECT, "deferred", data.draw(st.integers(0, 5)), event="e", attempts=number, detail=str(number % 2)) for number in range(4)
    ]
    expected = reduce(merged, same)
    one, two, three, four = data.draw(st.permutations(same))
    assert merged(merged(one, two), merged(three, four)) == merged(one, merged(two, merged(three, four))) == expected


@given(lives())
def test_a_submission_is_either_under_way_or_settled_and_keeps_its_outcome(told: list[Step]) -> None:
    kept: set[str] = set()
    for count in range(1, len(told) + 1):
        now, _ = row_of(told[:count])
        assert (now.place is None) == (now.since is None) == (now.settled_at is not None)
        assert now.place is not None or now.outcome is not None, "what is nowhere has ended"
        assert (now.outcome == "stored") >= ("stored" in kept), "what was stored stays stored"
        kept |= {now.outcome or ""}


@settings(max_examples=15, deadline=None)
@given(lives(), st.data())
def test_the_database_gives_the_same_row_and_trail_as_the_rule(told: list[Step], data: st.DataObject) -> None:
    order = data.draw(st.permutations([*told[1:], *data.draw(st.lists(st.sampled_from(told), max_size=4))]))
    noted = data.draw(st.integers(0, len(order)))
    with tempfile.TemporaryDirectory() as folder, open_ledger(f"sqlite:///{Path(folder) / 'x.sqlite'}") as ledger:
        for number, each in enumerate(order):
            if number == noted:
                ledger.note_object(found(), T0)
            ledger.note_step(each)
        ledger.note_object(found(), T0)
        arrived = next(each for each in ledger.trail(OBJECT) if each.kind == "arrived" and each.event != "a")
        now, trail = row_of([*order, arrived])
        assert ledger.trail(OBJECT) == trail
        (row,) = ledger.row(OBJECT)
        assert _told_by(row) == (now.outcome, now.place is not None, now.place == "queued", now.stage, now.since, now.progressed_at)


def _told_by(row: LedgerRow) -> tuple[Any, ...]:
    return row.outcome, row.under_way, row.queued, row.stage, row.since, row.progressed_at


# -- turns ---------------------------------------------------------------------------------------------------------------------------

DEPARTMENTS = st.dictionaries(st.text("abcdefgh", max_size=2), st.integers(0, 40), min_size=1, max_size=8)


@given(DEPARTMENTS, DEPARTMENTS, st.lists(st.integers(0, 7), min_size=1, max_size=60))
def test_no_department_waits_for_more_dispatches_than_there_are_departments(
    first: dict[str, int], burst: dict[str, int], places: list[int]
) -> None:
    """Whatever arrives meanwhile, and however many places become free at a time."""
    queues = {department: deque(f"{department}/{number}" for number in range(count)) for department, count in first.items()}
    served: dict[str, int] = {}
    waited: Counter[str] = Counter()
    count = 0
    departments = len({*first, *burst})
    for turn, free in enumerate(places):
        if turn == len(places) // 2:
            for department, more in burst.items():
                queues.setdefault(department, deque()).extend(f"{department}/late{number}" for number in range(more))
        for each in in_turn(queues, served, free):
            department = each.partition("/")[0]
            assert queues[department].popleft() == each, "the oldest of its department"
            count += 1
            served[department] = count
            for other, queue in queues.items():
                waited[other] = 0 if other == department or not queue else waited[other] + 1
                assert waited[other] <= departments


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 30), min_size=1), st.integers(1, 12), st.integers(0, 3))
def test_places_shared_out_at_once_are_those_shared_out_one_by_one(waiting: dict[str, int], places: int, old: int) -> None:
    queues = {department: [f"{department}{number}" for number in range(count)] for department, count in waiting.items()}
    served = {department: number for number, department in enumerate(sorted(waiting)[:old], 1)}
    together = in_turn(queues, served, places)
    one_by_one: list[str] = []
    for _ in range(places):
        for each in in_turn(queues, served, 1):
            queues = {department: [other for other in ids if other != each] for department, ids in queues.items()}
            served[each[0]] = max(served.values(), default=0) + 1
            one_by_one.append(each)
    assert together == one_by_one


@given(st.integers(1, 64), st.integers(0, 80), st.integers(0, 80))
def test_a_window_is_never_overfull(window: int, busy: int, bulk: int) -> None:
    left = room(window, busy, min(bulk, busy))
    assert 0 <= left.bulk <= left.upload <= window
    assert busy >= window or left.upload + busy == window
    assert left.bulk + min(bulk, busy) <= max(1, window // 4) or left.bulk == 0


def test_the_smaller_departments_of_a_burst_are_done_first(tmp_path: Path) -> None:
    """300 objects before a deadline, a third from one department: the others are all dispatched before its last third is begun."""
    with open_ledger(f"sqlite:///{tmp_path / 'burst.sqlite'}") as ledger:
        for number in range(300):
            department = "大户" if number < 100 else f"d{number % 10}"
            ledger.note_object(found(f"{number}.pdf", department), T0 + timedelta(milliseconds=number))
        order: list[str | None] = []
        while events := ledger.take(after(60), 16, 100):
            ledger.sent([event.id for event in events], after(61 + len(order)))
            for event in events:
                order.append(event.department)
                ledger.note_step(step(event.object or "", "extracted", 62 + len(order), event=event.id))
        assert len(order) == 300
        small = max(place for place, department in enumerate(order) if department != "大户")
        assert order[: small + 1].count("大户") <= 21, "one turn of eleven, as everybody"
