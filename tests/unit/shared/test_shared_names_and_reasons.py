"""Names of forms and reasons of the system, in the language of the reader."""

from __future__ import annotations

import errno
import os

import pytest

from shared.contracts.vocabulary import FormKind
from shared.form_names import FORM_NAMES, form_name
from shared.system_errors import reason


def test_every_kind_of_form_has_a_name_of_its_own_in_both_languages() -> None:
    assert set(FORM_NAMES) == set(FormKind)
    for names in zip(*FORM_NAMES.values(), strict=True):
        assert len(set(names)) == len(FormKind)
    assert form_name("expenditure_summary", "zh") == "支出总表"
    assert form_name("of_a_later_release", "zh") == "of_a_later_release"


@pytest.mark.parametrize("number", [errno.EACCES, errno.ENOTDIR, errno.EROFS, errno.EIO])
def test_what_a_user_can_mend_is_said_in_chinese(number: int) -> None:
    problem = OSError(number, os.strerror(number))
    assert reason(problem, "zh") == reason(number, "zh")
    assert reason(problem, "zh").isascii() is False
    assert reason(problem, "en") == os.strerror(number)


def test_an_error_without_a_number_says_its_own_words() -> None:
    assert reason(OSError("cut off"), "en") == "cut off"
