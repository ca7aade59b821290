"""The two kinds of failure that stop a stage: transient (later it may work) and poison (our code fails on this input).

The third kind, a rejection, is no failure: it is a result that its department can act on.
"""

from __future__ import annotations


class StageError(Exception):
    """Base of both kinds. `code` is stable and goes into metrics, dead letters and the ledger; the text says what happened."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(f"{code}: {text}")
        self.code = code
        self.text = text

    def __reduce__(self) -> tuple[type[StageError], tuple[str, ...]]:
        """Crosses process boundaries whole."""
        return type(self), (self.code, self.text)


class TransientError(StageError):
    """Storage, database or broker do not answer, or something that another stage has to make again is missing: tried again, for ever."""


class PoisonError(StageError):
    """Our code fails on this input: exception, crash, time or memory limit, a damaged record. Tried once more alone, then a dead letter."""
