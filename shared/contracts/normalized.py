"""`tieout.normalized/1`: the facts of a document with their national codes (body of `facts.normalized`)."""

from __future__ import annotations

from decimal import Decimal
from typing import Final, Literal

import msgspec

from shared.contracts.common import Box, Model, Producer, Submission

SCHEMA: Final = "tieout.normalized/1"

Kind = Literal["budget", "final_accounts", "other"]
Level = Literal["department", "unit"]
Part = Literal["whole", "tables", "narrative"]
Origin = Literal["image"]
CodeFrom = Literal["printed", "name", "header", "alias", "position", "total", "none"]
RowRole = Literal["grand_total", "year_total", "total", "subtotal", "unit", "item", "of_which", "carry_over", "blank", "text"]
CofogConfidence = Literal["exact", "broad", "ambiguous"]
Classification = Literal["function", "economic", "gov_economic"]
CodeSupport = Literal["code", "name"]
ClaimKind = Literal["amount", "share", "change", "count"]
Direction = Literal["up", "down"]
Base = Literal["last_year", "last_year_budget", "last_year_final", "budget"]
Stage = Literal["budget", "final", "last_year"]
ListKind = Literal[
    "income", "function", "economic", "gov_economic", "project", "unit", "three_public", "performance", "procurement", "mixed"
]


class NormalizedDocument(Model, frozen=True, kw_only=True):
    """What the document is about (its filing)."""

    id: str
    region: str | None
    entity: str | None
    entity_code: str | None
    year: int | None
    kind: Kind
    level: Level | None
    part: Part


class Column(Model, frozen=True, kw_only=True):
    """A column of figures (or of counts): `path` is its header path from the top, repeated spans once.

    `code` is its canonical measure (shared/contracts/vocabulary.py) or null; `economic`, `gov_economic`, `function`, `fund` where the header
    names one. `money` tells a column of money from one of counts, running numbers, codes and text. `unit` where it differs from the form's.
    `list` is the index of the list (stub + figure columns) that the column belongs to.
    """

    col: int
    path: tuple[str, ...]
    code: str | None
    money: bool = True
    list: int = 0
    economic: str | None = None
    gov_economic: str | None = None
    function: str | None = None
    fund: str | None = None
    line: str | None = None
    unit: str | None = None


class Candidate(Model, frozen=True, kw_only=True):
    """A code that an unmapped text might mean."""

    code: str
    name: str
    score: float


class CodeContradiction(Model, frozen=True, kw_only=True):
    """A printed code beside the name of another code: `name` is the code's, `printed` what stands there, `meant` the codes that bear that name.

    Both rest on a public source of the classification. `supports`: which of the two the sums of the list support, where they tell.
    """

    chart: Classification
    code: str
    name: str
    printed: str
    meant: tuple[Candidate, ...]
    supports: CodeSupport | msgspec.UnsetType = msgspec.UNSET


class Row(Model, frozen=True, kw_only=True):
    """A row of a list with what its stub says.

    `label` is the stub's text without ordinal; `ordinal` e.g. "一、" or "（二）"; `depth` the level in the stub's tree (0 = top) as far as codes,
    ordinals and indentation tell; `parent` the row it belongs under, null at the top or where unknown; `role` what kind of row it is. `read_as`: the
    name of the catalogue that the label was taken for, where it is spelled otherwise (cut at the cell's edge, brackets left out, a slip of the pen).
    `contradiction`: the row prints another code's name.
    """

    row: int
    label: str
    ordinal: str | None
    depth: int
    parent: int | None
    role: RowRole
    function: str | None = None
    economic: str | None = None
    gov_economic: str | None = None
    line: str | None = None
    project: str | None = None
    code_from: CodeFrom = "none"
    confidence: float = 1.0
    read_as: str | msgspec.UnsetType = msgspec.UNSET
    contradiction: CodeContradiction | msgspec.UnsetType = msgspec.UNSET


class StubList(Model, frozen=True, kw_only=True):
    """A list inside a form: a stub and the columns of figures that belong to it. Summary forms have two to four side by side."""

    index: int
    kind: ListKind
    stub_cols: tuple[int, ...]
    cols: tuple[int, ...]
    rows: tuple[Row, ...]


class Form(Model, frozen=True, kw_only=True):
    """A table recognised as a kind of form; `form` is null where it was not recognised (its figures are facts all the same).

    `scope`: which money the form speaks of (vocabulary.Scope), null where unknown. `required_note`: the table is empty and carries a note.
    `continues`: the table of which this one is, or may be, a further part that was not joined (its sums may go over both). `pages`: those that the table
    stands on, in order; a form without figures has them too.
    """

    table: str
    form: str | None
    confidence: float
    unit: str | None
    columns: tuple[Column, ...]
    title: str | None = None
    scope: str | None = None
    lists: tuple[StubList, ...] = ()
    empty: bool = False
    note: str | None = None
    continues: str | None = None
    pages: tuple[int, ...] = ()


class Fact(Model, frozen=True, kw_only=True):
    """One money figure with its codes, unit, exact text and place.

    `amount` is the printed number in `unit`; `yuan` the same in 元; `decimals` as printed in the cell; `precision` as used for its
    interval. `label` is the row's label, `list` the list inside the form. `duplicate_of`: the same cell printed again after a page break.
    `origin`: "image" where the figure was recognised in the image of a page; absent where it is the file's own text.
    """

    id: str
    table: str
    row: int
    col: int
    form: str | None
    function: str | None
    economic: str | None
    gov_economic: str | None
    line: str | None
    measure: str | None
    fund: str | None
    project: str | None
    amount: Decimal
    decimals: int
    precision: int
    unit: str | None
    yuan: Decimal | None
    text: str
    page: int
    bbox: Box
    code_from: CodeFrom
    confidence: float
    label: str = ""
    list: int = 0
    duplicate_of: str | None = None
    origin: Origin | msgspec.UnsetType = msgspec.UNSET


class Unmapped(Model, frozen=True, kw_only=True):
    """A row, column or figure that got no code, or a money figure that became no fact, with the reason."""

    table: str
    row: int | None
    col: int | None
    text: str
    candidates: tuple[Candidate, ...] = ()
    reason: str = ""


class Claim(Model, frozen=True, kw_only=True):
    """A figure in the narrative. `text` is its sentence, `page` and `bbox` are of the line that the figure stands in.

    `sentence`: the number of its sentence. `direction`: what the words before a change say; null where they say none, or both (增加（减少）). `base`:
    what a change or a share of completion compares with. `of`: the words that a share is of, empty where it only says 占. `stage`: which stage
    of the budget an amount is of, null where nothing is said. `about`: the index of the amount that a change or a share speaks of; `whole`: of
    the amount whose parts are listed (其中); both null where the sentence does not tell.
    """

    page: int
    text: str
    kind: ClaimKind
    subject: str
    amount: Decimal
    unit: str | None
    bbox: Box | None = None
    decimals: int = 0
    sentence: int = 0
    direction: Direction | None = None
    base: Base | None = None
    of: str | None = None
    stage: Stage | None = None
    about: int | None = None
    whole: int | None = None


class CofogLink(Model, frozen=True, kw_only=True):
    """Where a function code of the document stands in COFOG 1999: `code`, and how sure that is.

    `exact`: the same thing; `broad`: mostly; `ambiguous`: `rivals` are the codes that it may be as well, so that no figure should rest on it alone.
    """

    function: str
    code: str
    confidence: CofogConfidence
    rivals: tuple[str, ...] = ()


class ListedForm(Model, frozen=True, kw_only=True):
    """An entry of the document's list of contents that names a form.

    `title` without number; `number` as printed (表3, 一); `page`: where the list stands; `forms`: the kinds that the title may name; `empty`: the list says that the
    form is empty.
    """

    page: int
    title: str
    number: str | None = None
    forms: tuple[str, ...] = ()
    empty: bool = False


class FormTitle(Model, frozen=True, kw_only=True):
    """The title of a form in the text that belongs to no table that was read. `forms`: the kinds that it may name."""

    page: int
    title: str
    forms: tuple[str, ...] = ()


class Statement(Model, frozen=True, kw_only=True):
    """A sentence of the text that says that there is nothing of something."""

    page: int
    text: str


class CatalogueProducer(Producer, frozen=True, kw_only=True):
    """The normaliser's producer also names the catalogue."""

    catalogue: str


class Normalized(Model, frozen=True, kw_only=True):
    """The facts of a document. Every money figure of every table is a fact or stands in `unmapped`.

    `cofog`: the place in COFOG of every function code of the facts, in order of the codes; a table beside the facts, since few codes have many figures.
    What the document says of its forms: `contents` (its list of contents), `loose_titles` (titles above no table that was read), `nothing`
    (sentences that say that there is nothing of something), `unread_pages` (pages of which something printed may not have been read).
    """

    schema: Literal["tieout.normalized/1"] = SCHEMA
    document: NormalizedDocument
    forms: tuple[Form, ...]
    facts: tuple[Fact, ...]
    unmapped: tuple[Unmapped, ...]
    claims: tuple[Claim, ...]
    producer: CatalogueProducer
    cofog: tuple[CofogLink, ...] = ()
    contents: tuple[ListedForm, ...] = ()
    loose_titles: tuple[FormTitle, ...] = ()
    nothing: tuple[Statement, ...] = ()
    unread_pages: tuple[int, ...] = ()
    submission: Submission | msgspec.UnsetType = msgspec.UNSET
