"""How much of the narrative is tied, and how well its contradictions are found: figures and words are got wrong in real texts.

    python benchmarks/narrative.py [--corpus DIR] [--each 200] [--seed 1] [--jobs 2]

DIR holds `pdf/` and `pdf-unlabelled/`; default: TIEOUT_CORPUS, else ../shared/corpus. Every PDF is read once; then one figure, or one word before a
figure, of its narrative is changed as people get it wrong, and the document is normalised and validated anew. A seed gives the same trials.

Printed first: for each document, how many figures of each kind are tied, and how many contradict. Then for each class of errors: n; *found*: a
warning that was not there speaks of the figure; *of those tied*: the same where the figure was tied before, so that there is something to
compare it with; *others*: new warnings that speak of other figures only.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from multiprocessing import Pool
from pathlib import Path
from random import Random

import msgspec
from msgspec import structs

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT)]
from services.extractor.reader import read_document  # noqa: E402 (the path is set above)
from services.normalizer.adapters.catalogue_files import standard_catalogue  # noqa: E402 (the path is set above)
from services.normalizer.domain.claim_words import DOWN, NUMBER, SENTENCE, UP  # noqa: E402 (the path is set above)
from services.normalizer.domain.running_text import passages  # noqa: E402 (the path is set above)
from services.normalizer.handlers import normalize_document  # noqa: E402 (the path is set above)
from services.validator.adapters.rules_files import load_rules  # noqa: E402 (the path is set above)
from services.validator.domain.validate import validate  # noqa: E402 (the path is set above)
from shared.contracts.extracted import Extracted, TextLine  # noqa: E402 (the path is set above)
from shared.contracts.validated import ClaimCheck, Finding, Validated  # noqa: E402 (the path is set above)

KINDS = ("amount", "share", "change", "count")
CLASSES = (
    "amount: digit",
    "amount: digits swapped",
    "share: digit",
    "change: digit",
    "percentage of change: digit",
    "direction word",
    "both words",
)
_OPPOSITES = (("增加", "减少"), ("增长", "下降"), ("上升", "下降"), ("提高", "降低"))


@dataclass(frozen=True)
class Spot:
    """A figure of the narrative: the index of its claim, its line, the text before it in that line and the text from it on."""

    claim: int
    line: int
    start: int
    end: int


@dataclass(frozen=True)
class Trial:
    """What came of one error."""

    kind: str
    tied: bool
    found: bool
    others: int


@cache
def _read(path: Path) -> Extracted:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "extracted.json"
        read_document(path, out)
        return msgspec.json.decode(out.read_bytes(), type=Extracted)


@cache
def _source(path: Path) -> tuple[Extracted, Validated, tuple[Spot, ...]]:
    """A document with its lines in the form in which claims are read, its result, and where each claim stands."""
    document = _read(path)
    lines = list(document.text)
    places = {id(line): number for number, line in enumerate(lines)}
    spots: list[Spot] = []
    for passage in passages(document.text):
        for line, start, end in zip(passage.lines, passage.starts, (*passage.starts[1:], len(passage.text)), strict=True):
            lines[places[id(line)]] = structs.replace(line, text=passage.text[start:end])
        for sentence in SENTENCE.finditer(passage.text):
            for found in NUMBER.finditer(sentence.group()):
                at = sentence.start() + found.start("number")
                line = passage.line_at(at)
                start = at - passage.starts[passage.lines.index(line)]
                spots.append(Spot(len(spots), places[id(line)], start, start + len(found["number"])))
    document = structs.replace(document, text=tuple(lines))
    result = _validated(document)
    assert len(result.claims) == len(spots)
    return document, result, tuple(spots)


def _validated(document: Extracted) -> Validated:
    return validate(normalize_document(document, standard_catalogue()), load_rules())


def _digit(text: str, random: Random) -> str | None:
    """Another digit in place of one of the figure, not of the last one: what rounding and habit explain is no mistake."""
    places = [index for index, character in enumerate(text) if character.isdigit()][:-1]
    if not places:
        return None
    at = random.choice(places)
    return text[:at] + random.choice([digit for digit in "123456789" if digit != text[at]]) + text[at + 1 :]


def _swapped(text: str, random: Random) -> str | None:
    places = [index for index in range(len(text) - 1) if text[index : index + 2].isdigit() and text[index] != text[index + 1]]
    if not places:
        return None
    at = random.choice(places)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def _word(line: str, start: int) -> str | None:
    """The line with the opposite of the word right before a figure."""
    before = line[:start]
    if not (UP.search(before) or DOWN.search(before)):
        return None
    for pair in _OPPOSITES:
        for word, other in (pair, pair[::-1]):
            at = before.rfind(word)
            if at >= 0 and start - at - len(word) <= 1:
                return before[:at] + other + line[at + len(word) :]
    return None


def _plant(
    document: Extracted, claims: Sequence[ClaimCheck], spot: Spot, kind: str, random: Random, after: Spot | None
) -> Extracted | None:
    """The document with one error; None where this figure admits none of the class."""
    line = document.text[spot.line]
    printed = line.text[spot.start : spot.end]
    if "word" in kind:
        text = _word(line.text, spot.start)
        if text and kind == "both words":
            if after is None or after.line != spot.line or claims[after.claim].kind != "change":
                return None
            text = _word(text, after.start + len(text) - len(line.text))
    else:
        wrong = _swapped(printed, random) if kind.endswith("swapped") else _digit(printed, random)
        text = None if wrong is None else line.text[: spot.start] + wrong + line.text[spot.end :]
    if text is None or text == line.text:
        return None
    changed: TextLine = structs.replace(line, text=text)
    return structs.replace(document, text=(*document.text[: spot.line], changed, *document.text[spot.line + 1 :]))


def _of_class(claim: ClaimCheck, kind: str) -> bool:
    if not claim.amount:
        return False
    if kind.startswith("amount"):
        return claim.kind == "amount"
    if kind.startswith("share"):
        return claim.kind == "share"
    if kind.startswith("percentage"):
        return claim.kind == "change" and claim.unit == "%"
    return claim.kind == "change" and claim.unit != "%"


def _told(result: Validated) -> dict[tuple[str, ...], Finding]:
    """The warnings of the narrative by what they say, without the figures of the sentence that a planted error changes."""
    return {(finding.code, finding.message.zh): finding for finding in result.findings if finding.code.startswith("claim.")}


def _trial(path: Path, kind: str, seed: str) -> Trial | None:
    document, before, spots = _source(path)
    random = Random(seed)
    fitting = [spot for spot in spots if _of_class(before.claims[spot.claim], kind)]
    if not fitting:
        return None
    spot = random.choice(fitting)
    after = spots[spot.claim + 1] if spot.claim + 1 < len(spots) else None
    wrong = _plant(document, before.claims, spot, kind, random, after)
    if wrong is None:
        return None
    result = _validated(wrong)
    if len(result.claims) != len(before.claims):
        return None
    old = _told(before)
    new = [finding for key, finding in _told(result).items() if key not in old]
    name = f"claim/{spot.claim}"
    speaks = [finding for finding in new if any(evidence.fact == name for evidence in finding.evidence)]
    return Trial(kind, before.claims[spot.claim].status == "tied", bool(speaks), len(new) - len(speaks))


def _trials(work: tuple[Path, int, str]) -> list[Trial]:
    path, each, seed = work
    made: list[Trial] = []
    for kind in CLASSES:
        tries = 0
        done = 0
        while done < each and tries < each * 3:
            trial = _trial(path, kind, f"{seed}|{path.name}|{kind}|{tries}")
            tries += 1
            if trial is not None:
                made.append(trial)
                done += 1
    return made


def _shares(path: Path) -> tuple[str, Counter[tuple[str, str]]]:
    _, result, _ = _source(path)
    return path.stem, Counter((claim.kind, claim.status) for claim in result.claims)


def _table(trials: Sequence[Trial]) -> Iterator[str]:
    yield "| | n | found | of those tied: n | found | others |"
    yield "|---|--:|--:|--:|--:|--:|"
    by_kind: dict[str, list[Trial]] = defaultdict(list)
    for trial in trials:
        by_kind[trial.kind].append(trial)
    by_kind["**all**"] = list(trials)
    for kind in (*CLASSES, "**all**"):
        found = by_kind[kind]
        tied = [trial for trial in found if trial.tied]
        if found:
            share, of_tied = (sum(trial.found for trial in some) / max(1, len(some)) for some in (found, tied))
            yield f"| {kind} | {len(found)} | {share:.3f} | {len(tied)} | {of_tied:.3f} | {sum(trial.others for trial in found)} |"


def main() -> int:
    """Prints both tables. Exit code 2 where there is no corpus."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=Path(os.environ.get("TIEOUT_CORPUS", ROOT.parent / "shared" / "corpus")))
    parser.add_argument("--each", type=int, default=200, help="errors of each class, over all documents")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    paths = [path for folder in ("pdf", "pdf-unlabelled") for path in sorted((options.corpus / folder).glob("*.pdf"))]
    paths = [path for path in paths if path.read_bytes()[:5] == b"%PDF-"]
    if not paths:
        print(f"no PDFs in {options.corpus}", file=sys.stderr)
        return 2
    with Pool(options.jobs) as pool:
        print("| document | amounts | shares | changes | counts | contradicting |")
        print("|---|--:|--:|--:|--:|--:|")
        for number, (_, counts) in enumerate(pool.imap(_shares, paths), start=1):
            cells = []
            for kind in KINDS:
                whole = sum(count for (of, _), count in counts.items() if of == kind)
                cells.append(f"{counts[kind, 'tied']}/{whole}" if whole else "–")
            against = sum(count for (_, status), count in counts.items() if status == "contradicting")
            if counts:
                print(f"| {number} | {' | '.join(cells)} | {against} |")
        each = -(-options.each // len(paths))
        made = pool.map(_trials, [(path, each, options.seed) for path in paths], chunksize=1)
    print()
    print("\n".join(_table([trial for trials in made for trial in trials])))
    return 0


if __name__ == "__main__":
    sys.exit(main())
