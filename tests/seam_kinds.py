"""The kinds of seams between pages: each draws a document of its kind and says what must be read from it."""

from __future__ import annotations

from random import Random

from made_seams import Made
from seam_documents import Draw
from seam_joined import JOINED
from seam_parted import PARTED

KINDS: dict[str, Draw] = {**JOINED, **PARTED}


def document(kind: str, seed: int) -> Made:
    """A document of that kind."""
    return KINDS[kind](Random(f"{kind}/{seed}"))
