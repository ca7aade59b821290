"""What can go wrong with the store, each with a stable code and a sentence in Chinese and English."""

from __future__ import annotations

from shared.contracts.common import Message


class StoreError(Exception):
    """Base of the store's errors. `code` is stable; `message` says what happened and what to do."""

    code = "store.error"

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.message = Message(zh=zh, en=en)


class StoreUnavailable(StoreError):  # noqa: N818 - named for the state, as in the ports
    """The database cannot be opened or does not answer, or it was written by a newer release."""

    code = "store.unavailable"


class DiskFull(StoreError):  # noqa: N818
    """There is no room for a result; nothing of it was stored."""

    code = "store.disk_full"

    @classmethod
    def at(cls, place: str) -> DiskFull:
        """For the folder or database `place`."""
        return cls(
            f"磁盘空间不足，未能写入：{place}。请清理空间后重试。", f"no space left to write {place}. Free some space and call again."
        )


class ArtifactMissing(StoreError):  # noqa: N818
    """No artifact has this digest. It can be computed again from the stage before."""

    code = "artifact.missing"


class ArtifactUnavailable(StoreError):  # noqa: N818
    """The artifact folder cannot be read or written (permissions, an I/O error)."""

    code = "artifact.unavailable"


class DigestMismatch(StoreError):  # noqa: N818
    """The bytes of an artifact are not those of its digest: it was damaged on disk."""

    code = "artifact.digest_mismatch"


class Ambiguous(StoreError):  # noqa: N818
    """A name or the beginning of an id means several things. `candidates` are their ids."""

    code = "store.ambiguous"

    def __init__(self, asked: str, candidates: tuple[str, ...]) -> None:
        shown = ", ".join(candidates[:5]) + (" …" if len(candidates) > 5 else "")
        super().__init__(f"“{asked}”对应多项：{shown}。请写得更完整。", f"“{asked}” is ambiguous: {shown}. Give more of it.")
        self.candidates = candidates


class TooShort(Ambiguous):
    """The beginning of an id of so few characters that it says next to nothing; it was not looked up."""

    code = "store.too_short"

    def __init__(self, asked: str, least: int) -> None:
        super().__init__(asked, ())
        self.message = Message(
            zh=f"“{asked}”太短：编号至少要写 {least} 位。", en=f"'{asked}' is too short: give at least {least} characters of the id."
        )
