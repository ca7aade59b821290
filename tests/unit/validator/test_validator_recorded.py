"""What the validator says of made documents, as they are and with things wrong in them, is what was looked at and recorded."""

from __future__ import annotations

import pytest
from recorded_trials import Trial, names, outcome_of, recorded, trials


@pytest.mark.parametrize("document", names())
def test_outcomes_are_those_recorded(document: str) -> None:
    kept = recorded()
    own = [trial for trial in trials() if trial.document == document]
    now = {trial.name: outcome for trial in own if (outcome := outcome_of(trial)) is not None}
    assert now
    for name, outcome in now.items():
        assert outcome == kept.get(name), (
            f"{name}: differs; if that is meant, tools/record_verdicts.py records anew and prints what differs"
        )


def test_no_recorded_outcome_is_forgotten() -> None:
    assert {trial.name for trial in trials()} >= set(recorded())


def test_the_same_document_gives_the_same_outcome_twice() -> None:
    trial = Trial(names()[0])
    assert outcome_of(trial) == outcome_of(trial)
