"""What the validator says of the corpus's documents, as they are and with things wrong or otherwise in them, is what was recorded (codes and a digest)."""

from __future__ import annotations

from pathlib import Path

import pytest
from recorded_trials import corpus_names, outcome_of, recorded, sample_names, trial_of

pytestmark = pytest.mark.corpus

RECORDED = [name for name in recorded() if trial_of(name).document not in sample_names()]


@pytest.mark.parametrize("name", RECORDED)
def test_the_outcome_is_the_one_recorded(corpus: Path, name: str) -> None:
    assert outcome_of(trial_of(name)) == recorded()[name], "if that is meant, tools/record_verdicts.py records anew and prints what differs"


def test_each_document_of_the_corpus_is_recorded(corpus: Path) -> None:
    assert {trial_of(name).document for name in RECORDED} == set(corpus_names())
