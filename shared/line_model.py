"""The recogniser's model: crops of single lines of text → characters with their place along the line and a probability each.

The model (PP-OCR's line recogniser, Apache-2.0) and its alphabet come in the wheel of rapidocr and run on ONNX Runtime. It is driven directly:
detection of text is done from the page's own grid, and the classifier of upside-down lines turns 6 into 9. Nothing is loaded from a network.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

MODEL = "PP-OCRv6_rec_small.onnx"
# The height that the model was trained on; the width follows.
HEIGHT = 48
# Pixels of width for each step of the model's output.
STEP = 8
# Width of a batch, all of its lines together: memory grows with it, and larger ones take no less time for a line (4 lines of 512: 40–44 ms of
# processor time per 1,000 pixels of width, 16 of 512: 54–57).
_BATCH_WIDTH = 2048
# White at the right of every line: without it the last sign of a figure is lost now and then.
_MARGIN = 16

# Signs that stand alone in cells of goals.
LONE = "≥≤=<>%"

Grey = NDArray[np.uint8]


class ModelMissingError(Exception):
    """The wheel's model is not where it should be; the text says where it was looked for."""


@dataclass(frozen=True, slots=True)
class LineReading:
    """The characters of a line. `at`: the middle of each, as a share of the crop's width; `sure`: the model's probability of each.

    `figure`: the same line read with the signs of figures only (a blank at the end where nothing of it is one). `lone`: the likeliest of LONE
    and its probability.
    """

    text: str
    at: tuple[float, ...]
    sure: tuple[float, ...]
    figure: LineReading | None = None
    lone: tuple[str, float] = ("", 0.0)


class LineModel:
    """Reads crops of lines. Args: figure_signs: what figures are made of. threads: of one inference."""

    def __init__(self, figure_signs: str, threads: int = 2) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False  # the arena keeps the largest batch's memory for ever
        options.log_severity_level = 4
        # Threads that wait by spinning cost 75 ms of processor time per 1,000 pixels instead of 55, and a busy machine its other work.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session: Any = onnxruntime.InferenceSession(str(model_path()), options, providers=["CPUExecutionProvider"])
        self._input = self._session.get_inputs()[0].name
        # Position 0 is "nothing here"; the space comes last and is not in the file.
        self._alphabet = ["", *self._session.get_modelmeta().custom_metadata_map["character"].splitlines(), " "]
        # Kana are in the alphabet and in no Chinese form: く is < there, ニ is =.
        self._foreign = np.array([k for k, letter in enumerate(self._alphabet) if "\u3041" <= letter <= "\u30fa"])
        self._lone = np.array([self._alphabet.index(sign) for sign in LONE])
        self._figures = np.array([0, *(self._alphabet.index(sign) for sign in figure_signs)])

    def read(self, crops: Sequence[Grey]) -> list[LineReading]:
        """Readings of grey crops (dark on white), in their order. Lines of like width share a batch; the same crops give the same answer."""
        scaled = [_scaled(crop) for crop in crops]
        order = sorted(range(len(scaled)), key=lambda k: (scaled[k].shape[1], k))
        readings: dict[int, LineReading] = {}
        for batch in _batches(order, [line.shape[1] for line in scaled]):
            width = max(scaled[k].shape[1] for k in batch) + _MARGIN
            width += -width % STEP
            lines = np.full((len(batch), HEIGHT, width), 255, dtype=np.uint8)
            for row, k in enumerate(batch):
                lines[row, :, : scaled[k].shape[1]] = scaled[k]
            chances = self._chances(lines)
            for row, k in enumerate(batch):
                readings[k] = self._reading(chances[row], scaled[k].shape[1])
        return [readings[k] for k in range(len(crops))]

    def _chances(self, lines: Grey) -> NDArray[np.float32]:
        """Probabilities: lines × steps × alphabet."""
        grey = (lines.astype(np.float32) / 127.5 - 1.0)[:, None]
        result: NDArray[np.float32] = self._session.run(None, {self._input: np.repeat(grey, 3, axis=1)})[0]
        result[:, :, self._foreign] = 0.0
        return result

    def _reading(self, chances: NDArray[np.float32], width: int) -> LineReading:
        free = _decoded(chances.argmax(axis=1), chances.max(axis=1), self._alphabet, width)
        some = chances[:, self._figures]
        letters = [self._alphabet[int(k)] for k in self._figures]
        figure = _decoded(some.argmax(axis=1), some.max(axis=1), letters, width)
        lone = chances[:, self._lone].max(axis=0)
        return LineReading(free.text, free.at, free.sure, figure, (LONE[int(lone.argmax())], float(lone.max())))


def _decoded(best: NDArray[np.int64], chance: NDArray[np.float32], alphabet: Sequence[str], width: int) -> LineReading:
    """Runs of one character are one; position 0 parts them (connectionist temporal classification)."""
    edges = np.flatnonzero(np.diff(best)) + 1
    text, at, sure = [], [], []
    for start, stop in zip([0, *edges.tolist()], [*edges.tolist(), len(best)], strict=True):
        if best[start] == 0:
            continue
        weight = chance[start:stop].astype(np.float64)
        middle = float((weight * (np.arange(start, stop) + 0.5)).sum() / weight.sum()) * STEP / width
        text.append(alphabet[int(best[start])])
        at.append(min(1.0, middle))
        sure.append(float(weight.max()))
    return LineReading("".join(text), tuple(at), tuple(sure))


def _scaled(crop: Grey) -> Grey:
    width = max(STEP, round(crop.shape[1] * HEIGHT / crop.shape[0]))
    kind = cv2.INTER_AREA if crop.shape[0] > HEIGHT else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(crop, (width, HEIGHT), interpolation=kind), dtype=np.uint8)


def _batches(order: Sequence[int], widths: Sequence[int]) -> list[list[int]]:
    """Lines by growing width, as many at once as fit."""
    batches: list[list[int]] = []
    for k in order:
        if batches and (len(batches[-1]) + 1) * (widths[k] + _MARGIN) <= _BATCH_WIDTH and widths[k] <= 1.25 * widths[batches[-1][0]] + STEP:
            batches[-1].append(k)
        else:
            batches.append([k])
    return batches


def model_path() -> Path:
    """The model's file inside the wheel. Raises ModelMissingError where the extra is not installed or its wheel has another layout."""
    found = importlib.util.find_spec("rapidocr")
    if found is None or not found.submodule_search_locations:
        raise ModelMissingError("rapidocr is not installed")
    path = Path(found.submodule_search_locations[0]) / "models" / MODEL
    if not path.is_file():
        raise ModelMissingError(f"{path} is not there: this rapidocr brings other models")
    return path


def model_version() -> str:
    """Names and versions of library and model."""
    return f"rapidocr {importlib.metadata.version('rapidocr')} {MODEL} onnxruntime {importlib.metadata.version('onnxruntime')}"
