"""The identities as data: what the rule files say, as the domain uses it.

An identity names an operator (a way of finding targets and terms in a document) and says where it applies, what guards it, and in which
words a person is told when it does not hold. A new identity of a known kind is a new entry in services/validator/rules/, not a new branch.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from services.validator.domain.requirements import Requirement, Subject

Operator = Literal[
    "column_rollup",
    "code_rollup",
    "leading_unit",
    "list_rollup",
    "list_total",
    "year_total",
    "grand_total",
    "lists_agree",
    "economic_totals",
    "fund_balance",
    "same_content",
    "content_sum",
    "same_income",
    "project_total",
    "project_repeated",
    "reprinted_cell",
    "claims_between",
    "previous_year",
]
Guard = Literal["structure", "same_scope", "conditional"]
"""structure: the roll-up must be what the form's layout means (it holds elsewhere in the form). same_scope: the forms speak of the same money.

conditional: the identity need not hold; where it does it ties figures, where it does not nobody is accused.
"""


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """One identity.

    `forms` and `lists`: kinds of forms and lists where it applies, empty for all. `level`: for roll-ups, the level of the target (class,
    section, total). `questions`: kinds of forms whose layout is too free to accuse anybody by this identity alone. `left`, `right`: for content sums, what is added on each side (`Content` in the notation of `views.toml`).
    `code`: the finding it leads to. `zh`, `en`: its name for people. `source`: why it must hold.

    Between the documents of filings (`claims_between`, `previous_year`; rules/filings.toml): `kinds`: kinds of filings where it applies,
    empty for all. `measures`: what this year's figure measures. `counterparts`: what last year's figure measures, the preferred one first.
    `lines`: this year's line → last year's, where they differ (then only these lines are compared, and they say what is meant). `heads`: a
    pattern of header paths that say which figure of last year is meant. `not_heads`: one of those that mean a figure which last year's filing
    does not print.
    """

    id: str
    operator: Operator
    zh: str
    en: str
    source: str
    guard: Guard = "structure"
    code: str = "sum.mismatch"
    forms: tuple[str, ...] = ()
    not_forms: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    level: str = ""
    questions: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    right: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    counterparts: tuple[str, ...] = ()
    lines: dict[str, str] = {}
    heads: str = ""
    not_heads: str = ""

    def applies(self, form: str | None) -> bool:
        """Whether it applies to a kind of form."""
        return (not self.forms or form in self.forms) and form not in self.not_forms


class View(msgspec.Struct, frozen=True, kw_only=True):
    """What the figures of a kind of form speak of, so that the same fact is recognised in another form.

    `flow`: income or expenditure. `scope`: vocabulary.Scope (the form's own where it says one). `basis`: which part of expenditure its
    total column is (total, basic, project). `economic`, `gov_economic`: the class that the form breaks down.
    """

    form: str
    flow: Literal["income", "expenditure"] = "expenditure"
    scope: str = "all"
    basis: str = "total"
    economic: str | None = None
    gov_economic: str | None = None


class Word(msgspec.Struct, frozen=True, kw_only=True):
    """A pattern of printed labels (regular expressions over the text without white space)."""

    total: str
    of_which: str
    alternatives: str
    beside: str
    subject: dict[str, str]


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """A rule set: identities, views of forms, words, forms that must be there, and `version`, the digest of the files that it came from."""

    identities: tuple[Identity, ...]
    views: tuple[View, ...]
    words: Word
    version: str
    required: tuple[Requirement, ...] = ()
    subjects: tuple[Subject, ...] = ()

    def of(self, operator: Operator, level: str | None = None) -> Identity | None:
        """The identity of an operator (and level), None where the rule set has none."""
        for identity in self.identities:
            if identity.operator == operator and (level is None or identity.level == level):
                return identity
        return None

    def all_of(self, operator: Operator) -> tuple[Identity, ...]:
        """All identities of an operator."""
        return tuple(identity for identity in self.identities if identity.operator == operator)
