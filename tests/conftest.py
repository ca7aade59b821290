"""What all tests share: where the corpus is, and that CI skips nothing it has."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def corpus_dir() -> Path | None:
    """The corpus of real disclosures: TIEOUT_CORPUS, else ../shared/corpus; None where there is none."""
    place = Path(os.environ.get("TIEOUT_CORPUS") or ROOT.parent / "shared" / "corpus")
    return place if (place / "truth").is_dir() else None


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The corpus folder; skips where it is absent."""
    place = corpus_dir()
    if place is None:
        pytest.skip("no corpus: set TIEOUT_CORPUS")
    return place


@pytest.fixture(scope="session", autouse=True)
def cold_rules() -> None:
    """What an earlier run in this process remembered is no test of this one: mutation testing runs all tests again in a copy of its process."""
    for name, module in list(sys.modules.items()):
        if name.startswith("services.validator."):
            for function in list(vars(module).values()):
                getattr(function, "cache_clear", lambda: None)()


@pytest.fixture(autouse=True)
def no_deadline_left() -> Iterator[None]:
    """A stage that a test calls in its own process sets the deadline of a child: a minute later it would end the whole run."""
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)


# What a machine of CI may lack for good: a font that only the maker of the samples needs, a compiler that set-up does without, a processor of
# XBRL that grades the same sums (no dependency).
MAY_BE_ABSENT = ("the samples' font is not installed", "no C compiler", "Arelle is not installed")


def _forbidden_skips(config: pytest.Config) -> list[tuple[str, str]]:
    """(test, reason) of what was skipped although a machine of CI has it."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") != "true" or reporter is None:
        return []
    skipped = [
        (report.nodeid, report.longrepr[2] if isinstance(report.longrepr, tuple) else "") for report in reporter.stats.get("skipped", [])
    ]
    return [(test, reason) for test, reason in skipped if not any(allowed in reason for allowed in MAY_BE_ABSENT)]


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """With CI=true a skipped test is a failure, unless it skips for something that CI may lack."""
    if session.exitstatus == pytest.ExitCode.OK and _forbidden_skips(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Names the skips that made the run fail."""
    for test, reason in _forbidden_skips(config):
        terminalreporter.write_line(f"CI may not skip {test}: {reason}", red=True)
