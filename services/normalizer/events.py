"""The normaliser's event: a document has tables. Turns them into facts in a child process and tells of them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from shared.contracts.rejected import Rejected
from shared.delivery.messages import Outgoing, Received
from shared.stage import Stage, announce, announced_again, caused, finished, keep, reject, scratch
from shared.storage.payloads import payload_of

Normalize = Callable[[Path, Path], Awaitable[Rejected | None]]
"""Turns an extracted document into a normalised one, from file to file, in a child process; or says why not. Raises PoisonError, OSError."""


async def on_tables_extracted(received: Received, stage: Stage, normalize: Normalize) -> list[Outgoing]:
    """Tells of a document's facts (`facts.normalized`), or that there is nothing to check (`documents.rejected`).

    Raises: PoisonError: the event is malformed, or our code fails on the document. TransientError: storage, local disk, missing artifact.
    """
    payload = await asyncio.to_thread(payload_of, received.body, "extract")
    document, submission, runs = payload.document, payload.submission, payload.runs
    run = await asyncio.to_thread(finished, stage, payload.digest, caused(received).force)
    if run and (told := await asyncio.to_thread(announced_again, stage, received, document, submission, runs, run)):
        return [told]
    with scratch(stage.work) as folder:
        source, out = folder / "extracted.json", folder / "normalized.json"
        await asyncio.to_thread(payload.write_to, source, stage.artifacts)
        if rejected := await normalize(source, out):
            return [reject(stage, received, submission, rejected, document)]
        run = await asyncio.to_thread(keep, stage, payload.digest, out)
        return [await asyncio.to_thread(announce, stage, received, document, submission, runs, run, out)]
