#!/usr/bin/env python3
"""How often codes are right, by kind of evidence, on the corpus; and what planted slips of the pen and wrong names do.

First lists of fictional amounts over the whole catalogue, names only: how often the codes are right, by how sure they are said to be. Then the corpus:
truth are the codes of tests/corpus/code_rows.csv, read by hand. Each truth file is normalised as it is, then with its columns of codes wiped out (what is left
are names), then with names cut, misspelt, or with another code's name. Deterministic. Usage: PYTHONPATH=. .venv/bin/python benchmarks/codes.py
"""

from __future__ import annotations

import csv
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

from msgspec import UNSET, structs

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from conftest import corpus_dir  # noqa: E402 (the path is set above)
from truth_documents import truth_document  # noqa: E402 (the path is set above)

from services.normalizer.adapters.catalogue_files import standard_catalogue  # noqa: E402 (the path is set above)
from services.normalizer.domain.charts import Chart, Code  # noqa: E402 (the path is set above)
from services.normalizer.domain.words import plain  # noqa: E402 (the path is set above)
from services.normalizer.handlers import normalize_document  # noqa: E402 (the path is set above)
from shared.contracts.extracted import Cell, Extracted, Table  # noqa: E402 (the path is set above)
from shared.contracts.normalized import Normalized, Row  # noqa: E402 (the path is set above)
from tests.unit.normalizer.normalizer_tables import normalized, table  # noqa: E402 (the path is set above)

CATALOGUE = standard_catalogue()
KINDS = ("function", "economic", "gov_economic")
Place = tuple[str, int, int]
Codes = dict[Place, tuple[str, ...]]
# Characters that a slip puts in: none of them stands in a name of the classification.
WRONG = "喵囧槑囍"


def truth() -> dict[str, Codes]:
    """The codes of every row, by document and place."""
    by_document: dict[str, Codes] = defaultdict(dict)
    with (ROOT / "tests/corpus/code_rows.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(line for line in file if not line.startswith("#")):
            by_document[row["document"]][row["table"], int(row["row"]), int(row["col"])] = tuple(row[kind] for kind in KINDS)
    return by_document


def rows_of(result: Normalized) -> Iterator[tuple[Place, Row]]:
    for form in result.forms:
        for one in form.lists:
            for row in one.rows:
                if one.stub_cols:
                    yield (form.table, row.row, min(one.stub_cols)), row


def evidence(row: Row) -> str:
    """The kind of evidence that a row's code rests on, in words."""
    if row.code_from == "printed":
        return "printed, with its name" if row.confidence == 1.0 else "printed, name unknown or another"
    sums = ", its sum holds" if row.confidence == 0.98 else ""
    spelled = ", cut or misspelt" if row.read_as is not UNSET else ""
    return (
        f"{'place among siblings' if row.code_from == 'position' else row.code_from}{spelled if row.code_from != 'position' else ''}{sums}"
    )


def without_codes(table: Table) -> Table:
    """A table whose cells of codes in the stub print nothing (figures of money stay)."""

    def wiped(cell: Cell) -> Cell:
        text = plain(cell.text)
        code = text.isdigit() and (len(text) in (2, 3, 5, 6, 7)) and cell.col < STUB
        return structs.replace(cell, text="") if code and cell.row >= table.header_rows else cell

    return structs.replace(table, cells=tuple(map(wiped, table.cells)))


STUB = 8  # lists side by side have their codes up to this column

ROUNDS = 20  # of making lists, and of planting names of other codes

Change = Callable[[str, random.Random], str]


def cut(name: str, _: random.Random) -> str:
    """Without the last third."""
    return name[: max(4, len(name) - max(1, len(name) // 3))]


def misspelt(name: str, chance: random.Random) -> str:
    """One character another one."""
    at = chance.randrange(len(name))
    return name[:at] + chance.choice(WRONG) + name[at + 1 :]


def dropped(name: str, chance: random.Random) -> str:
    """One character left out."""
    at = chance.randrange(len(name))
    return name[:at] + name[at + 1 :]


def sibling(name: str, chance: random.Random) -> str:
    """Another code's name of the same chart."""
    for kind in KINDS:
        chart = CATALOGUE.chart(kind)
        if found := chart.candidates(name):
            others = [
                code
                for code in chart.codes.values()
                if code.current and code.attested and code.recent and len(code.code) == len(found[0].code)
            ]
            return chance.choice(others).name
    return name


def renamed(document: Extracted, change: Change, share: float) -> tuple[Extracted, dict[tuple[str, int], str]]:
    """A document with a share of the names of codes changed, and the names that were, by table and row."""
    chance = random.Random(document.document.id)
    was: dict[tuple[str, int], str] = {}
    tables = []
    for each in document.tables:
        cells = []
        for cell in each.cells:
            name = plain(cell.text)
            known = any(CATALOGUE.chart(kind).candidates(name) for kind in KINDS)
            if known and len(name) > 4 and cell.row >= each.header_rows and (each.id, cell.row) not in was and chance.random() < share:
                was[each.id, cell.row] = name
                cells.append(structs.replace(cell, text=change(name, chance)))
            else:
                cells.append(cell)
        tables.append(structs.replace(each, cells=tuple(cells)))
    return structs.replace(document, tables=tuple(tables)), was


def contradicts(row: Row, was: str) -> bool:
    """Whether a row prints a code whose name was another one, beside a name that another code of its classification bears."""
    kind = next(kind for kind in KINDS if getattr(row, kind))
    chart = CATALOGUE.chart(kind)
    code = getattr(row, kind)
    bearers = {named.code for named in chart.candidates(row.label)}
    return code in {named.code for named in chart.candidates(was)} and bool(bearers) and code not in bearers


def measure(
    name: str, make: Callable[[Extracted], Extracted], documents: dict[str, Extracted], codes: dict[str, Codes], only: Callable[[Row], bool]
) -> None:
    """Prints right, wrong and open rows by kind of evidence."""
    right: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    opened = 0
    for key, document in documents.items():
        for place, row in rows_of(normalize_document(make(document), CATALOGUE)):
            want = codes[key].get(place)
            got = (row.function or "", row.economic or "", row.gov_economic or "")
            if not only(row):
                continue
            main = next((index for index, code in enumerate(want) if code), None) if want else None
            if not any(got):
                opened += want is not None and row.role != "unit"
            elif want is not None and main is not None and got[main] == want[main]:
                right[evidence(row)] += 1
            else:
                wrong[evidence(row)] += 1
    print(f"\n{name}: {sum(right.values())} right, {sum(wrong.values())} wrong, {opened} left open")
    for kind in sorted({*right, *wrong}, key=lambda kind: -right[kind]):
        print(f"  {kind:45s} {right[kind]:5d} right {wrong[kind]:4d} wrong")


def branches(chart: Chart, chance: random.Random) -> Iterator[list[tuple[Code, int]]]:
    """For each class of a classification a list of about half the codes below it, with amounts in fen that add up."""
    for top in chart.codes.values():
        if top.level == 1 and top.current:
            rows: list[tuple[Code, int]] = []
            for section in _half(chart.children(top.code), chance):
                items = [(item, chance.randrange(100, 99_999)) for item in _half(chart.children(section.code), chance)]
                rows += [(section, sum(amount for _, amount in items) or chance.randrange(100, 99_999)), *items]
            whole = sum(amount for code, amount in rows if code.level == 2) or chance.randrange(100, 99_999)
            yield [(top, whole), *rows]


def _half(codes: tuple[Code, ...], chance: random.Random) -> list[Code]:
    return [code for code in codes if code.current and chance.random() < 0.5] or [code for code in codes if code.current][:1]


HEADS = {"function": "功能分类科目名称", "economic": "部门预算支出经济分类科目名称", "gov_economic": "政府预算支出经济分类科目名称"}


def whole_catalogue(words: str, change: Change | None, levels: tuple[int, ...], right: Counter[float], wrong: Counter[float]) -> None:
    """Prints right, wrong and open rows of made lists over the whole catalogue, names only; counts them by confidence."""
    opened, before = 0, (right.total(), wrong.total())
    for kind in KINDS:
        chart = CATALOGUE.chart(kind)
        for number in range(ROUNDS):
            chance = random.Random(f"{words}{kind}{number}")
            for rows in branches(chart, chance):
                printed = [(code, amount) for code, amount in rows if code.level in levels]
                changed = [bool(change) and len(code.name) > 4 and chance.random() < 0.2 for code, _ in printed]
                names = [
                    change(code.name, chance) if change and now else code.name for (code, _), now in zip(printed, changed, strict=True)
                ]
                body = [[name, f"{amount / 100:.2f}", f"{amount / 100:.2f}"] for name, (_, amount) in zip(names, printed, strict=True)]
                made = normalized(table([[HEADS[kind], "合计", "基本支出"], *body], 1, title="支出明细表"))
                found = {row.row: row for one in made.forms[0].lists for row in one.rows}
                for place, ((code, _), now) in enumerate(zip(printed, changed, strict=True), 1):
                    got = getattr(found[place], kind) if place in found else None
                    if change and not now:
                        continue
                    if got is None:
                        opened += 1
                    else:
                        (right if got == code.code else wrong)[found[place].confidence] += 1
    print(f"{words:55s} {right.total() - before[0]:6d} right {wrong.total() - before[1]:4d} wrong {opened:5d} open")


def by_confidence(right: Counter[float], wrong: Counter[float]) -> None:
    """Prints how often codes of a confidence are right."""
    print("\nconfidence   right  wrong  share right")
    for confidence in sorted({*right, *wrong}, reverse=True):
        told = right[confidence] + wrong[confidence]
        print(f"{confidence:10.2f} {right[confidence]:7d} {wrong[confidence]:6d}  {right[confidence] / told:.4f}")


def main() -> int:
    """Prints the tables; returns 0."""
    right: Counter[float] = Counter()
    wrong: Counter[float] = Counter()
    print("made lists over the whole catalogue, names only:")
    for words, change, levels in (
        ("all levels", None, (1, 2, 3)),
        ("类 and 项 only", None, (1, 3)),
        ("a fifth of the names cut by a third", cut, (1, 2, 3)),
        ("a fifth with one character wrong", misspelt, (1, 2, 3)),
        ("a fifth with one character left out", dropped, (1, 2, 3)),
    ):
        whole_catalogue(words, change, levels, right, wrong)
    by_confidence(right, wrong)
    folder = corpus_dir()
    if folder is None:
        print("no corpus (TIEOUT_CORPUS)", file=sys.stderr)
        return 5
    codes = truth()
    documents = {key: truth_document(folder / "truth" / f"{key}.html") for key in codes}

    def bare(document: Extracted) -> Extracted:
        return structs.replace(document, tables=tuple(map(without_codes, document.tables)))

    measure("as printed", lambda document: document, documents, codes, lambda _: True)
    measure("codes wiped out", bare, documents, codes, lambda _: True)
    for words, change in (("cut by a third", cut), ("one character wrong", misspelt), ("one character left out", dropped)):

        def spoilt(document: Extracted, change: Change = change) -> Extracted:
            return renamed(bare(document), change, 0.2)[0]

        measure(
            f"codes wiped out, a fifth of the names {words}",
            spoilt,
            documents,
            codes,
            lambda row: row.read_as is not UNSET or row.code_from == "none",
        )
    told = planted = false = 0
    for document in documents.values():
        clean = normalize_document(document, CATALOGUE)
        false += sum(row.contradiction is not UNSET for _, row in rows_of(clean))
        for number in range(ROUNDS):
            again = structs.replace(document, document=structs.replace(document.document, id=f"{document.document.id}{number}"))
            spoilt_document, was = renamed(again, sibling, 0.01)
            for place, row in rows_of(normalize_document(spoilt_document, CATALOGUE)):
                if row.code_from == "printed" and contradicts(row, was.get((place[0], place[1]), "")):
                    planted += 1
                    told += row.contradiction is not UNSET
    print(f"\nanother code's name beside a printed code: {told} of {planted} told; {false} told where nothing was planted")
    return 0


if __name__ == "__main__":
    sys.exit(main())
