"""Faults at random while documents are put: the long form of the chaos test, also run by benchmarks/chaos.py."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence

from chaos.site import Site
from made_disclosures import Made

SERVICES = ("store", "extractor", "normalizer", "validator")
SERVERS = ("kafka", "s3", "postgres")
STAGE_TOPICS = ("objects.created", "tables.extracted", "facts.normalized", "documents.validated")
# How often a kill is one of a server: they take longer to come back, and the services are what is being tested.
_SERVER_SHARE = 0.15


def storm(site: Site, waves: Sequence[Sequence[Made]], kills: int, seed: int, tell: Callable[[str], None] = lambda _: None) -> None:
    """Puts the waves one after the other, with kills at random moments in between and after.

    Args: kills: SIGKILLs in all, a few of them at servers. seed: of the choices; the moments depend on the machine all the same.
    """
    chance = random.Random(seed)
    for index, wave in enumerate(waves):
        site.put(wave)
        due = kills * (index + 1) // len(waves) - kills * index // len(waves)
        for number in range(due):
            name = chance.choice(SERVERS if chance.random() < _SERVER_SHARE else SERVICES)
            wait_until_running(site, name)
            site.kill(name)
            tell(f"wave {index + 1}/{len(waves)}: kill {number + 1}/{due}: {name}")
            time.sleep(chance.uniform(0.05, 1.5))


def wait_until_running(site: Site, name: str, seconds: float = 60) -> None:
    """Waits until there is something to kill: a process that is just being started again cannot die."""
    deadline = time.monotonic() + seconds
    while not site.installation.pids(name):
        assert time.monotonic() < deadline, f"{name} was not started again within {seconds} s"
        time.sleep(0.1)
