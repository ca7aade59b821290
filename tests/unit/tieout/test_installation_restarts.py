"""What dies is started again: soon, then later and later, and soon again after it ran well."""

from __future__ import annotations

from tieout.installation.restarts import DELAYS, STEADY_SECONDS, Restarts


def delays(*ran: float) -> list[float]:
    found, restarts = [], Restarts()
    for seconds in ran:
        restarts, delay = restarts.after(seconds)
        found.append(delay)
    return found


def test_the_first_restart_comes_at_once_and_each_later_one_waits_longer() -> None:
    found = delays(*[1.0] * 8)
    assert found == [0.2, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0]


def test_no_wait_is_longer_than_the_longest() -> None:
    assert delays(*[0.0] * 20)[-12:] == [DELAYS[-1]] * 12


def test_a_process_that_ran_well_begins_anew() -> None:
    assert delays(1, 1, 1, STEADY_SECONDS, 1) == [0.2, 0.5, 1.0, 0.2, 0.5]


def test_just_short_of_running_well_is_not_well() -> None:
    assert delays(1, STEADY_SECONDS - 0.1) == [0.2, 0.5]
