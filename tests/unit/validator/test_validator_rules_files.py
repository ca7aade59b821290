"""The rule files."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from services.validator.adapters.rules_files import RULES_DIR, RulesError, load_rules, rule_bytes
from services.validator.domain.formula import BASES
from services.validator.domain.rules import Identity, Part
from shared.contracts.vocabulary import FindingCode, FormKind, Fund, Line, Measure, Scope


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(RULES_DIR, tmp_path / "rules")
    return tmp_path / "rules"


def test_the_rules_speak_the_words_of_the_contracts() -> None:
    rules = load_rules()
    kinds = {kind.value for kind in FormKind}
    assert {view.form for view in rules.views} <= kinds
    for identity in rules.identities:
        assert {*identity.measures, *identity.counterparts} <= {measure.value for measure in Measure}
        assert {*identity.lines, *identity.lines.values()} <= {line.value for line in Line}
        assert identity.code in {code.value for code in FindingCode}
        assert {*identity.forms, *identity.not_forms, *identity.questions} <= kinds
        assert identity.zh
        assert identity.en
        assert identity.source
        assert identity.formula
        assert {fund for funds in identity.funds.values() for fund in funds} <= {fund.value for fund in Fund}
        assert {*identity.fund_lines, *identity.funds} <= {line.value for line in Line}
    measures, scopes = {measure.value for measure in Measure}, {scope.value for scope in Scope}
    meaning = rules.meaning
    assert {*meaning.measures, *meaning.plain, *meaning.apart} - {""} <= measures
    assert {*meaning.funds} <= {fund.value for fund in Fund}
    assert {*meaning.funds.values(), *(view.scope for view in rules.views)} <= scopes
    assert {words.basis for words in (*meaning.heads, *meaning.rows, *meaning.totals)} | {*meaning.measures.values()} <= {*BASES, "other"}
    for view in rules.views:
        assert {*view.measures} <= measures
        assert {view.basis, *view.measures.values()} <= {*BASES}
    for required in rules.required:
        assert set(required.forms) <= kinds
        assert set(required.kinds) <= {"budget", "final_accounts"}
        assert required.subject in {"", *(subject.id for subject in rules.subjects)}
        assert required.zh
        assert required.en
        assert required.source
    assert {form for subject in rules.subjects for form in subject.forms} <= kinds


def test_the_version_is_the_digest_of_the_files(folder: Path) -> None:
    before = load_rules(folder).version
    assert before == load_rules(RULES_DIR).version
    load_rules.cache_clear()
    file = folder / "words.toml"
    file.write_text(file.read_text() + "\n# a word\n")
    assert load_rules(folder).version != before
    load_rules.cache_clear()
    assert len(rule_bytes(folder)) == 8


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[identity", "broken.toml"),
        ('[[identity]]\nid = "x"\noperator = "guesswork"\nzh = ""\nen = ""\nsource = ""\n', "guesswork"),
        ('[[identity]]\nid = "x"\noperator = "year_total"\n', "missing required field"),
        (
            '[[identity]]\nid = "total.year"\noperator = "year_total"\nzh = "a"\nen = "a"\nsource = "a"\nformula = "a"\nexample = "a"\n',
            "twice",
        ),
    ],
)
def test_a_broken_rule_file_says_what_is_wrong(folder: Path, text: str, said: str) -> None:
    (folder / "broken.toml").write_text(text)
    with pytest.raises(RulesError, match=said):
        load_rules(folder)


@pytest.mark.parametrize(
    ("form", "width"),
    [
        ("income_expenditure_summary", 3),
        ("expenditure_summary", 3),
        ("an unknown kind", 3),
        ("fiscal_summary", 2),
        ("general_budget_expenditure", 1),
        ("expenditure_by_economic", 1),
        ("basic_by_function", 0),
        ("government_fund_expenditure", 0),
        (None, 0),
    ],
)
def test_how_wide_the_money_is_that_a_form_speaks_of(form: str | None, width: int) -> None:
    assert load_rules().width(form) == width


def test_an_identity_is_found_by_its_operator_and_level() -> None:
    rules = load_rules()
    found = [rules.of("code_rollup", level) for level in ("function.class", "economic.class", None)]
    assert [one.level if one else None for one in found] == ["function.class", "economic.class", rules.all_of("code_rollup")[0].level]
    assert rules.of("code_rollup", "function.nothing") is None
    assert {one.operator for one in rules.all_of("project_repeated")} == {"project_repeated"}
    assert len(rules.all_of("project_repeated")) == 2


@pytest.mark.parametrize(
    ("forms", "not_forms", "form", "applies"),
    [
        ((), (), "assets", True),
        ((), (), None, True),
        (("assets",), (), "assets", True),
        (("assets",), (), "projects", False),
        (("assets",), (), None, False),
        ((), ("assets",), "assets", False),
        ((), ("assets",), "projects", True),
    ],
)
def test_an_identity_applies_to_the_kinds_of_forms_that_it_names_or_to_all_but_some(
    forms: tuple[str, ...], not_forms: tuple[str, ...], form: str | None, applies: bool
) -> None:
    identity = Identity(id="i", operator="list_total", zh="", en="", source="", formula="", example="", forms=forms, not_forms=not_forms)
    assert identity.applies(form) is applies


def test_a_part_of_economic_classes_sums_those_that_it_names_or_all_but_some() -> None:
    assert [Part(label="", classes=("301", "303")).holds(code) for code in ("301", "303", "302")] == [True, True, False]
    assert [Part(label="", all_but=("301", "303")).holds(code) for code in ("301", "303", "302")] == [False, False, True]
    assert not Part(label="").holds("301")
