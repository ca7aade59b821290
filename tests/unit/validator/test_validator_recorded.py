"""What the validator says of made documents, as they are and with things wrong or otherwise in them, is what was looked at and recorded."""

from __future__ import annotations

import pytest
from recorded_trials import Trial, outcome_of, recorded, sample_names, trial_of

SAMPLES = [name for name in recorded() if trial_of(name).document in sample_names()]


@pytest.mark.parametrize("name", SAMPLES)
def test_the_outcome_is_the_one_recorded(name: str) -> None:
    assert outcome_of(trial_of(name)) == recorded()[name], "if that is meant, tools/record_verdicts.py records anew and prints what differs"


def test_each_sample_is_recorded_as_it_is_and_in_each_way() -> None:
    plain = {trial_of(name) for name in SAMPLES}
    assert plain >= {Trial(name) for name in sample_names()}
    assert {trial.way for trial in plain} == {"alone", "reread", "apart", "year", "budget", "units", "reissue"}


def test_the_same_document_gives_the_same_outcome_twice() -> None:
    trial = Trial(sample_names()[0])
    assert outcome_of(trial) == outcome_of(trial)


@pytest.mark.parametrize("name", SAMPLES[:3])
def test_a_name_says_the_whole_trial(name: str) -> None:
    assert trial_of(name).name == name
