"""The store as a process on real Kafka, S3 and PostgreSQL, with the three stages beside it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from made_disclosures import Made
from stack.running import Running, first_versions, running

from tieout.installation.installation import Installation

pytestmark = pytest.mark.stack


@pytest.fixture
def stack(place: Installation, tmp_path: Path) -> Iterator[Running]:
    with running(place, tmp_path / "logs", TIEOUT_ACTIVATE=first_versions()) as made:
        yield made


def test_a_document_goes_through_all_services(stack: Running) -> None:
    stack.put("林业局/2025 预算+说明.pdf", Made(1).pdf())
    stack.start()
    (row,) = stack.wait_settled(1)
    assert row.outcome == "stored"
    assert stack.audit().holes == ()
