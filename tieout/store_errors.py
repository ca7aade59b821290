"""The store's errors as lines for the user."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from services.store.domain.errors import Ambiguous, StoreError
from shared.plain_text import file_name_text
from tieout.exit_codes import NOT_AVAILABLE, USAGE, UserError


def no_such(asked: str, zh: str, en: str) -> UserError:
    """The error for what is not stored. Args: zh, en: what was looked for."""
    return UserError(
        USAGE,
        f"没有找到{zh}“{file_name_text(asked)}”。用 tieout findings 或 tieout export 可查看已保存的内容。",
        f"there is no stored {en} '{file_name_text(asked)}'. tieout findings and tieout export list what is stored.",
    )


@contextlib.contextmanager
def told() -> Iterator[None]:
    """Turns the store's errors into lines for the user."""
    try:
        yield
    except Ambiguous as problem:
        raise UserError(USAGE, problem.message.zh, problem.message.en) from None
    except StoreError as problem:
        raise UserError(NOT_AVAILABLE, problem.message.zh, problem.message.en) from None
