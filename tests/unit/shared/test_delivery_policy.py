"""What follows from a failure, in numbers; and what may be written down of an error."""

from __future__ import annotations

from itertools import islice

import pytest

from shared.delivery.policy import (
    ARTIFACT_MISSING,
    Failure,
    after,
    attempt_key,
    deferral_seconds,
    failure_of,
    growing_delays,
    stack_digest,
)
from shared.delivery.work import fitting_workers, handler_seconds, last_resort, poll_seconds
from shared.envelope import Envelope
from shared.failures import PoisonError, TransientError
from shared.limits import Limits
from shared.storage.ports import StorageUnavailableError
from shared.telemetry.cleaning import clean_text


def failure(kind: str, code: str = "x") -> Failure:
    return Failure(kind, code, "", "", "")  # type: ignore[arg-type]


def test_a_passing_failure_is_tried_again_here_until_its_time_is_over_then_deferred() -> None:
    assert after(failure("transient"), 1, seconds_left=3.0) == "again"
    assert after(failure("transient"), 1, seconds_left=0.0) == "defer"
    assert after(failure("transient"), 4, seconds_left=3.0) == "again"


def test_a_missing_artifact_is_deferred_at_once_because_another_stage_has_to_make_it() -> None:
    assert after(failure("transient", ARTIFACT_MISSING), 1, seconds_left=20.0) == "defer"


def test_poison_is_tried_once_more_alone_and_then_buried() -> None:
    assert after(failure("poison"), 1, seconds_left=20.0) == "again_alone"
    assert after(failure("poison"), 2, seconds_left=20.0) == "bury"
    assert after(failure("poison"), 3, seconds_left=20.0) == "bury"


def test_delays_in_place_double_from_a_fifth_of_a_second_to_five() -> None:
    assert list(islice(growing_delays(), 8)) == [0.2, 0.4, 0.8, 1.6, 3.2, 5.0, 5.0, 5.0]


def test_deferrals_wait_ten_seconds_first_and_ten_minutes_from_the_fourth_on() -> None:
    assert [deferral_seconds(count) for count in range(7)] == [10, 10, 30, 120, 600, 600, 600]


@pytest.mark.parametrize(
    ("error", "kind", "code"),
    [
        (TransientError("s3.away", "no answer"), "transient", "s3.away"),
        (StorageUnavailableError("storage.unavailable", "503"), "transient", "storage.unavailable"),
        (PoisonError("timeout", "SIGALRM"), "poison", "timeout"),
        (ZeroDivisionError("division by zero"), "poison", "error.ZeroDivisionError"),
        (RecursionError(), "poison", "error.RecursionError"),
    ],
)
def test_only_a_transient_error_is_passing_anything_unforeseen_is_poison(error: Exception, kind: str, code: str) -> None:
    found = failure_of(error)
    assert (found.kind, found.code) == (kind, code)


def test_the_digest_of_a_stack_is_the_same_for_the_same_place_and_another_for_another() -> None:
    def fails(text: str) -> None:
        raise ValueError(text)

    def fails_elsewhere() -> None:
        fails("x")

    def digest_of(function: object, *arguments: str) -> str:
        try:
            function(*arguments)  # type: ignore[operator]
        except ValueError as error:
            return stack_digest(error)
        raise AssertionError

    assert digest_of(fails, "one <object at 0x7f3a12345678>") == digest_of(fails, "two")
    assert digest_of(fails, "x") != digest_of(fails_elsewhere)


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("postgresql://user:hunter2@db/x", "postgresql://***@db/x"),
        ("login failed, password=hunter2; host=db", "login failed, password=***; host=db"),
        ("secret_key: 'abc def' next", "secret_key: *** next"),
        ("Authorization: Bearer abc.def", "Authorization: ***"),
        ("token hunter2-value is bad", "token *** is bad"),
        ("<Thing at 0x7f00deadbeef>", "<Thing at 0x…>"),
        ("two\n  lines", "two lines"),
    ],
)
def test_what_is_written_down_of_an_error_holds_no_secret_and_no_address(text: str, clean: str) -> None:
    assert clean_text(text, ("hunter2-value",)) == clean


def test_a_long_text_is_cut() -> None:
    assert len(clean_text("x" * 5000)) == 1000


def test_attempts_are_counted_by_service_event_and_redrive() -> None:
    envelope = Envelope(id="evt:abc", source="s", type="t", subject="x", redrive=2)
    assert attempt_key("extractor", envelope) == "extractor/evt:abc-2"


@pytest.mark.parametrize("identifier", ["../../runs/x", "a/b", "事件", "x" * 500, "a b", ".."])
def test_an_event_id_of_a_strangers_making_cannot_leave_the_folder_of_attempts(identifier: str) -> None:
    key = attempt_key("extractor", Envelope(id=identifier, source="s", type="t", subject="x"))
    assert key.startswith("extractor/evt:")
    assert key.count("/") == 1
    assert len(key) < 100


def test_the_longest_work_fits_well_into_the_poll_interval_and_its_child_into_the_handlers_time() -> None:
    limits = Limits()
    longest = handler_seconds(limits)
    assert limits.deadline(limits.pages) < last_resort(limits) < longest
    for consumers in (1, 2, 8):
        # a first try, then a second one that waits until each of the others has had both of theirs
        assert poll_seconds(longest, 20, consumers) >= 2 * consumers * (longest + 20) + 2 * longest


def test_children_are_no_more_than_the_memory_holds_and_at_least_one() -> None:
    gigabyte = 1_000_000_000
    assert fitting_workers(8, int(1.5 * gigabyte), 8 * gigabyte) == 4
    assert fitting_workers(2, int(1.5 * gigabyte), 64 * gigabyte) == 2
    assert fitting_workers(4, int(1.5 * gigabyte), gigabyte) == 1
