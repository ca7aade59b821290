"""Reads the rule files (services/validator/rules/*.toml) into the domain's `Rules`; the digest of their bytes is the version."""

from __future__ import annotations

import hashlib
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from services.validator.domain.formula import FormulaError, parse_formula
from services.validator.domain.requirements import Requirement, Subject
from services.validator.domain.rules import ClaimList, ClaimSubject, Identity, Meaning, Rules, View, Word

RULES_DIR = Path(__file__).resolve().parents[1] / "rules"


class RulesError(ValueError):
    """A rule file cannot be read: names the file and what is wrong with it."""


def rule_bytes(folder: Path = RULES_DIR) -> tuple[bytes, ...]:
    """The bytes of all rule files in the order of their names: the data that a validator's version is made of."""
    return tuple(path.read_bytes() for path in sorted(folder.glob("*.toml")))


@cache
def load_rules(folder: Path = RULES_DIR) -> Rules:
    """The rule set of a folder.

    Raises: RulesError: a file is no TOML, an entry has an unknown operator or lacks a field, a formula cannot be read, or an id stands twice.
    """
    merged: dict[str, list[Any]] = {"identity": [], "view": [], "required": [], "subject": [], "claim_subject": [], "claim_list": []}
    words: dict[str, Any] = {}
    meaning: dict[str, Any] = {}
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.toml")):
        raw = path.read_bytes()
        digest.update(hashlib.sha256(raw).digest())
        try:
            data = tomllib.loads(raw.decode())
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise RulesError(f"{path.name}: {error}") from error
        for key, entries in merged.items():
            entries.extend(data.get(key, []))
        words |= data.get("words", {})
        meaning |= data.get("meaning", {})
    try:
        identities = msgspec.convert(merged["identity"], tuple[Identity, ...])
        views = msgspec.convert(merged["view"], tuple[View, ...])
        required = msgspec.convert(merged["required"], tuple[Requirement, ...])
        subjects = msgspec.convert(merged["subject"], tuple[Subject, ...])
        named = msgspec.convert(merged["claim_subject"], tuple[ClaimSubject, ...])
        lists = msgspec.convert(merged["claim_list"], tuple[ClaimList, ...])
        vocabulary = msgspec.convert(words, Word)
        means = msgspec.convert(meaning, Meaning)
    except msgspec.ValidationError as error:
        raise RulesError(f"{folder.name}: {error}") from error
    ids = [identity.id for identity in identities]
    if len(set(ids)) < len(ids):
        raise RulesError(f"{folder.name}: an identity's id stands twice")
    for identity in identities:
        try:
            if identity.operator == "content_sum":
                parse_formula(identity.formula)
        except FormulaError as error:
            raise RulesError(f"{folder.name}: {identity.id}: {error}") from error
    return Rules(
        identities=identities,
        views=views,
        meaning=means,
        words=vocabulary,
        version=digest.hexdigest()[:12],
        required=required,
        subjects=subjects,
        claim_subjects=named,
        claim_lists=lists,
    )
