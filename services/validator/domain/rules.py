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
    "same_items",
    "content_sum",
    "same_income",
    "only_fiscal",
    "carry_over_repeated",
    "gov_rows",
    "project_total",
    "project_repeated",
    "project_funds",
    "reprinted_cell",
    "claims_between",
    "previous_year",
    "year_budget",
    "budget_claims",
    "unit_rows",
]
Guard = Literal["structure", "same_scope", "conditional"]
"""structure: the roll-up must be what the form's layout means (it holds elsewhere in the form). same_scope: the forms speak of the same money.

conditional: the identity need not hold; where it does it ties figures, where it does not nobody is accused.
"""


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a list of economic classes: a pattern of the label of its total, and the classes that it sums (`all_but`: all others)."""

    label: str
    classes: tuple[str, ...] = ()
    all_but: tuple[str, ...] = ()

    def holds(self, code: str) -> bool:
        """Whether it sums a class."""
        return code in self.classes or bool(self.all_but and code not in self.all_but)


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """One identity.

    `forms`: kinds of forms where it applies, empty for all. `level`: for roll-ups, the level of the target (class, section, total).
    `questions`: kinds of forms whose layout is too free to accuse anybody by this identity alone. `formula`: the equation. Those of
    `content_sum` are read by the validator (formula.py); the operators that follow a layout find target and terms by themselves, and the
    formula says for people what they look for. `example`: the equation with figures. `parts`: for totals of economic classes, which total sums
    which classes. `measures`: for projects, measures of columns that say a project's amount, the preferred first. `fund_lines`: for income,
    beginnings of lines that mean the same money in forms of every scope. `funds`: for projects, line of a source → funds that make it up. `code`: the finding it leads to. `zh`, `en`: its name for people.
    `source`: why it must hold.

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
    formula: str
    example: str
    guard: Guard = "structure"
    code: str = "sum.mismatch"
    forms: tuple[str, ...] = ()
    not_forms: tuple[str, ...] = ()
    level: str = ""
    questions: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    fund_lines: tuple[str, ...] = ()
    funds: dict[str, tuple[str, ...]] = {}
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
    total column is (total, basic, project). `economic`, `gov_economic`: the class that the form breaks down. `measures`: measures of its
    columns that mean a part of expenditure here, beside those of `Meaning`. `units`: its rows are units; the only one, or their total, speaks
    of the whole. `need_not`: what it prints need not be the whole of what it names.
    """

    form: str
    flow: Literal["income", "expenditure"] = "expenditure"
    scope: str = "all"
    basis: str = "total"
    economic: str | None = None
    gov_economic: str | None = None
    measures: dict[str, str] = {}
    units: bool = False
    need_not: bool = False


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """A pattern of labels without white space, and the part of expenditure that they name."""

    pattern: str
    basis: str


class Meaning(msgspec.Struct, frozen=True, kw_only=True):
    """What columns and rows of expenditure mean.

    `measures`: measure of a column → part of expenditure ("other": none that is compared). `plain`: measures that mean the form's own part.
    `apart`: measures that speak of something else (another year, a balance), `apart_heads`: a pattern of header groups that do. `funds`: fund of a column → scope. `heads`, `rows`, `totals`: words
    of header paths, of row labels and of the labels of totals; the first that fits counts.
    """

    measures: dict[str, str]
    plain: tuple[str, ...]
    apart: tuple[str, ...]
    apart_heads: str
    funds: dict[str, str]
    heads: tuple[Words, ...]
    rows: tuple[Words, ...]
    totals: tuple[Words, ...]


class Word(msgspec.Struct, frozen=True, kw_only=True):
    """A pattern of printed labels (regular expressions over the text without white space)."""

    total: str
    of_which: str
    alternatives: str
    beside: str


class ClaimSubject(msgspec.Struct, frozen=True, kw_only=True):
    """What a subject of the narrative means in the tables (rules/narrative.toml).

    `pattern`: over the core of the subject. `lines`, `measures`, `economic`: how the figures meant are coded; `forms`: kinds of forms whose total
    they are; `loose_forms`: all rows without codes of these count where it is asked whether any figure agrees. `certain`: over the whole subject;
    only where it matches a figure may be said to contradict; empty for never.
    """

    id: str
    pattern: str
    lines: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    economic: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    loose_forms: tuple[str, ...] = ()
    certain: str = ""


class ClaimList(msgspec.Struct, frozen=True, kw_only=True):
    """A complete list of parts in the narrative. `parts`: a pattern over the subject of each; where just these are listed, they make up the whole."""

    id: str
    parts: tuple[str, ...]


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """A rule set: identities, views of forms, what columns and rows mean, words, forms that must be there, subjects of the narrative, and `version`, the digest of its files."""

    identities: tuple[Identity, ...]
    views: tuple[View, ...]
    meaning: Meaning
    words: Word
    version: str
    required: tuple[Requirement, ...] = ()
    subjects: tuple[Subject, ...] = ()
    claim_subjects: tuple[ClaimSubject, ...] = ()
    claim_lists: tuple[ClaimList, ...] = ()

    def of(self, operator: Operator, level: str | None = None) -> Identity | None:
        """The identity of an operator (and level), None where the rule set has none."""
        for identity in self.identities:
            if identity.operator == operator and (level is None or identity.level == level):
                return identity
        return None

    def all_of(self, operator: Operator) -> tuple[Identity, ...]:
        """All identities of an operator."""
        return tuple(identity for identity in self.identities if identity.operator == operator)

    def width(self, form: str | None) -> int:
        """How wide the money is that a kind of form speaks of: 3 all funds, 2 fiscal, 1 the general public budget, 0 a part of that or a fund."""
        view = next((view for view in self.views if view.form == form), None)
        if view is None or view.basis != "total":
            return 3 if view is None and form is not None else 0
        return {"all": 3, "fiscal": 2, "general": 1}.get(view.scope, 0)
