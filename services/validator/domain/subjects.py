"""What a subject of the narrative names in the tables: by what the words say, before any values are compared.

A subject is reduced to its core (no year, department, stage of the budget), the fund that it begins with becomes the scope of forms, and the
core is looked up among the rule set's subjects (rules/narrative.toml) and among the labels of rows and heads of columns. A path
(教育支出（类）普通教育（款）学前教育（项）) names the item below its section and class.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache

from services.validator.domain.rules import ClaimSubject, Rules
from services.validator.domain.sheet import Book, Figure

_SPACE = re.compile(r"[\s\u3000]+")
_QUOTES = re.compile("[\"'“”‘’《》「」]")
_MARK = re.compile(r"\((?:类|款|项|目)\)")
_CODE = re.compile(r"\((\d{3,9})\)")
_ORDINAL = re.compile(r"^(?:其中[:,]?)?(?:\(?[一二三四五六七八九十]+[)、.]|\(?\d{1,2}[)、.](?!\d))*")
# The department before what it speaks of: anything that ends in a word for a body, where a word of the budget follows.
_BODY = re.compile(
    r"^[\u4e00-\u9fff()]{0,30}?(?:局|院|厅|委|会|部|中心|办公室|部门|单位|办|所|站|队|处|校|府)(?:本级|部门|单位)?"
    r"(?=(?:本年|当年|预算|决算|收入|支出|收、|财政|一般公共|政府性|国有|基本支出|项目支出|三公|机关运行|公务|因公))"
)
_YEAR = re.compile(r"^.*?20\d\d年度?|20\d\d年度?")
_WHO = re.compile("(?:本|我|全)(?:部门|单位|局|院|办|中心)|^(?:本|当)年度?|^(?:涉及|安排|开支|共|其中|预计)")
_STAGE = re.compile("(?:年初|全年|调整)?(?:预算|决算|执行)?(?:数|总额|总金额)?$")
_WHEN = re.compile("(?:年初|全年)(?=预算)")
_TOTAL_END = re.compile("(?:预算|决算)(?=(?:总计|合计)$)")
_TWICE = re.compile("(?:(?<!公共)(?<!基金)(?<!经营)预算支出|支出预算|支出决算|决算支出)(?:支出)?$")
_SCOPES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"^(?:当年)?一般公共预算(?:财政|当年)?(?:拨款)?(?:当年)?(?:安排)?的?"), "general"),
    (re.compile(r"^(?:当年)?政府性基金(?:预算)?(?:财政|当年)?(?:拨款)?(?:安排)?的?"), "government_fund"),
    (re.compile(r"^(?:当年)?国有资本经营(?:预算)?(?:财政|当年)?(?:拨款)?(?:安排)?的?"), "state_capital"),
    (re.compile(r"^(?:当年)?财政(?:拨款)?(?:安排)?的?"), "fiscal"),
)
_TOTALS = frozenset({None, "total", "amount", "final", "budget", "fund_source"})
_SUFFIX = re.compile("(?:支出|经费|收入|资金|费用?)+$")


@lru_cache(maxsize=16384)
def plain_name(text: str) -> str:
    """A name without spaces, quotation marks, ordinals; NFKC, so brackets are half width."""
    return _ORDINAL.sub("", _QUOTES.sub("", _SPACE.sub("", unicodedata.normalize("NFKC", text))))


@lru_cache(maxsize=16384)
def name_key(text: str) -> str:
    """The key under which names are the same: without codes and level marks in brackets."""
    return _MARK.sub("", _CODE.sub("", plain_name(text))).rstrip(":;,、")


@dataclass(frozen=True, slots=True)
class Named:
    """What a subject says: its core, the printed code, and the names above it in a path, the highest first."""

    core: str
    code: str | None = None
    above: tuple[str, ...] = ()


@lru_cache(maxsize=16384)
def read_subject(subject: str) -> Named:
    """Takes a subject apart. The text after a colon is its stage only."""
    name = plain_name(subject.partition(":")[0])
    code = _CODE.search(name)
    parts = _path(name)
    if len(parts) > 1:
        return Named(name_key(parts[-1]), code=code[1] if code else None, above=tuple(map(name_key, parts[:-1])))
    key = name_key(parts[0])
    return Named(key, code=code[1]) if code else Named(_core(key))


def _path(name: str) -> list[str]:
    """The parts of a path by its level marks or dashes; without the words 支出, 科目 that may end it."""
    pieces = _MARK.split(name) if _MARK.search(name) else re.split("[-—－]+", name.removesuffix("科目"))
    parts = [piece for piece in (piece.strip("-—、,") for piece in pieces) if piece and piece not in ("支出", "科目", "预算支出")]
    return parts or [name]


def _core(name: str) -> str:
    name = _WHO.sub("", _BODY.sub("", _WHO.sub("", _YEAR.sub("", name))))
    return _STAGE.sub("", _TWICE.sub("支出", _TOTAL_END.sub("", name))) or name


def _scoped(core: str) -> tuple[str | None, str]:
    """The scope that a core begins with, and what follows it."""
    for pattern, scope in _SCOPES:
        found = pattern.match(core)
        if found and found.end() < len(core):
            return scope, _core(core[found.end() :])
    return None, core


@dataclass(slots=True)
class Meaning:
    """Figures that a subject may mean.

    `figures`: those meant, the nearest in scope first. `loose`: all others that are called so in any form. `certain`: nothing else can be meant, so
    that a figure which agrees with none of them contradicts. `blank`: the tables have a line of that name without figure.
    """

    figures: list[Figure] = field(default_factory=list)
    loose: list[Figure] = field(default_factory=list)
    certain: bool = False
    blank: bool = False

    @property
    def all(self) -> list[Figure]:
        """All figures of the name."""
        return self.figures + self.loose


class Dictionary:
    """What subjects mean in one document's tables; those of `doubted` tables are left out."""

    def __init__(self, book: Book, rules: Rules, doubted: frozenset[str] = frozenset()) -> None:
        self._subjects = [(re.compile(subject.pattern), re.compile(subject.certain or "(?!)"), subject) for subject in rules.claim_subjects]
        self._scope = {sheet.form.table: sheet.form.scope for sheet in book.sheets}
        self._codes: dict[str, set[str]] = defaultdict(set)  # reduced key of a label → its codes
        self._labelled: dict[str, list[Figure]] = defaultdict(list)
        self._short: dict[str, list[Figure]] = defaultdict(list)  # by keys without 支出, 经费 …
        self._rows: set[str] = set()
        self._figures = [figure for figure in book.figures.values() if not figure.fact.duplicate_of and figure.order is not None]
        self._read(book, doubted)
        self._known: dict[str, Meaning] = {}

    def _read(self, book: Book, doubted: frozenset[str]) -> None:
        self._figures = [figure for figure in self._figures if figure.fact.table not in doubted]
        for figure in self._figures:
            fact = figure.fact
            key = name_key(fact.label)
            if key:
                self._labelled[key].append(figure)
                if _code_of(figure):
                    self._codes[_reduced(key)].add(_code_of(figure))
        for sheet in book.sheets:
            if sheet.form.table in doubted:
                continue
            self._rows.update(name_key(row.label) for one in sheet.lists for row in one.rows)
            for column in sheet.form.columns:
                if column.money and column.path:
                    key = name_key(column.path[-1])
                    self._rows.add(key)
                    if column.line or column.economic or column.gov_economic:
                        self._labelled[key] += [figure for (_, col), figure in sheet.cells.items() if col == column.col]
        for key, figures in self._labelled.items():
            self._short[_reduced(key)] += figures

    def look_up(self, subject: str) -> Meaning:
        """The figures that a subject may mean; an empty meaning where it names nothing known."""
        if subject not in self._known:
            name, _, stage = subject.partition(":")
            found = self._look_up(name)
            # A heading that names nothing (支出预算情况说明) stands before what names itself (支出预算).
            self._known[subject] = found if found.all or not stage or _MARK.search(name) else self._look_up(stage)
        return self._known[subject]

    def names_total(self, subject: str) -> bool:
        """Whether a subject names without doubt what tables of disclosures print, whether or not these do."""
        whole = _whole(subject.partition(":")[0])
        return any(certain.search(whole) for _, certain, _ in self._subjects)

    def _look_up(self, subject: str) -> Meaning:
        named = read_subject(subject)
        if named.above or named.code:
            return self._coded(named)
        whole = _whole(subject)
        found = []
        for wanted, core in ((None, named.core), _scoped(named.core)):
            for pattern, certain, entry in self._subjects:
                if pattern.search(core) or (wanted is None and certain.search(whole)):
                    found.append(self._by_entry(entry, wanted, bool(certain.search(whole)) or wanted is not None))
            if found:
                return next((meaning for meaning in found if meaning.figures), found[0])
        key = name_key(subject)
        return self._by_label(key if key in self._labelled else named.core)

    def _coded(self, named: Named) -> Meaning:
        """An item named by its path or with its code: the rows of that name whose codes stand below the names above it."""
        figures = self._of_key(named.core)
        for above in named.above:
            known = self._codes.get(_reduced(above))
            if known:
                figures = [figure for figure in figures if _code_of(figure).startswith(tuple(known))]
        if named.code:
            exact = [figure for figure in figures if named.code in (figure.fact.function, figure.fact.economic, figure.fact.gov_economic)]
            figures = exact or [figure for figure in figures if not named.above]
        coded = [figure for figure in figures if _code_of(figure)]
        totals = [figure for figure in coded if figure.fact.measure in _TOTALS]
        rest = [figure for figure in coded if figure.fact.measure not in _TOTALS]
        return Meaning(totals or coded, rest if totals else [], certain=bool(coded), blank=named.core in self._rows and not coded)

    def _by_label(self, core: str) -> Meaning:
        figures = self._of_key(core)
        classes = {figure.fact.function for figure in figures if figure.fact.function and len(figure.fact.function) == 3}
        if classes:
            figures = [figure for figure in self._figures if figure.fact.function in classes]
        project = bool(figures) and all(figure.fact.project for figure in figures)
        blank = not any(figure.value for figure in figures) and (core in self._rows)
        return Meaning(figures, certain=bool(classes) or (project and len(core) > 3), blank=blank)

    def _of_key(self, key: str) -> list[Figure]:
        found = self._labelled.get(key)
        if not found and len(_reduced(key)) > 1:
            found = self._short.get(_reduced(key))
        return list(found or ())

    def _by_entry(self, entry: ClaimSubject, scope: str | None, certain: bool) -> Meaning:
        near: list[Figure] = []
        wider: list[Figure] = []
        loose: list[Figure] = []
        for figure in self._figures:
            if _means(entry, figure):
                place = self._scope.get(figure.fact.table)
                (near if place == (scope or "all") or entry.economic else wider).append(figure)
            elif figure.fact.measure in entry.measures or (figure.fact.form in (*entry.forms, *entry.loose_forms) and not _coded(figure)):
                loose.append(figure)
        inside = [figure for figure in wider if scope is None or (self._scope.get(figure.fact.table) or "").startswith(scope)]
        rest = [figure for figure in wider if figure not in inside]
        found = near + inside
        exists = scope is None or any(place == scope for place in self._scope.values())
        blank = exists and not any(figure.value for figure in found)
        return Meaning(found, rest + loose, certain and (scope is None or bool(found)), blank)


def _whole(subject: str) -> str:
    """A subject as the patterns of certain names see it: 年初预算 and 全年预算 are 预算."""
    return _WHEN.sub("", plain_name(subject))


def _means(entry: ClaimSubject, figure: Figure) -> bool:
    """Whether a figure is what an entry of the rule set speaks of: its line, or the row that is the total of its form or column."""
    fact = figure.fact
    if fact.line in entry.lines or fact.economic in entry.economic:
        return True
    if _coded(figure):
        return False
    return fact.measure in entry.measures or (fact.form in entry.forms and fact.measure in _TOTALS)


def _coded(figure: Figure) -> bool:
    fact = figure.fact
    return bool(fact.function or fact.economic or fact.gov_economic or fact.project)


def _code_of(figure: Figure) -> str:
    return figure.fact.function or figure.fact.economic or figure.fact.gov_economic or ""


def _reduced(key: str) -> str:
    return _SUFFIX.sub("", key)
