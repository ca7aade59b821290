"""Samples without text in the file: a scan, which has to be recognised, and a file that is no PDF."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from PIL import Image
from reportlab.lib.utils import ImageReader  # type: ignore[import-untyped]
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]

from tools.samples import budget
from tools.samples.drawing import A4, Look, Press
from tools.samples.layout import Layout
from tools.samples.ledger import Ledger, Money
from tools.samples.sample import entries

ARCHIVE = "青禾市档案馆"
DPI = 150
SKEW = 0.4  # degrees: a sheet laid on the scanner by hand is never straight


def archive_ledger() -> Ledger:
    """The archive's budget of 2025."""
    run = "2012601"
    return entries(
        (run, "30101", "98.36"), (run, "30102", "81.24"), (run, "30103", "64.18"), (run, "30112", "2.15"), (run, "30201", "7.20"),
        (run, "30207", "3.05"), (run, "30211", "4.60"), (run, "30217", "0.72"), (run, "30228", "4.87"), (run, "30239", "13.92"),
        ("2012604", "30227", "56.40", "馆藏档案数字化"), ("2080505", "30108", "39.01"), ("2101101", "30110", "17.07"), ("2210201", "30113", "29.26"),
    )  # fmt: skip


def scan(folder: Path, rasterise: Any) -> dict[str, Any]:
    """Write the scan: two pages of a budget as grey JPEG images, a little askew, without a text layer.

    rasterise: (path of a PDF, dpi) → images of its pages; passed in because only this sample needs a renderer.
    """
    layout = Layout(Money(), "split", f"部门：{ARCHIVE}", "金额单位：万元", number="部门公开表{:02d}")
    ledger, draft = archive_ledger(), folder / "draft.pdf"
    press = Press(draft, Look(rules="long"), ARCHIVE)
    for form in (budget.expenditure(layout, 3, ledger), budget.basic_by_economic(layout, 6, ledger, landscape=False)):
        press.form(form)
    press.save()
    name = "6-青禾市档案馆2025年预算（扫描件）.pdf"
    out: Any = Canvas(str(folder / name), pagesize=A4, invariant=1)
    out.setTitle(ARCHIVE)
    out.setProducer("sample generator")
    images = rasterise(draft, DPI)
    draft.unlink()
    for image in images:
        size = (image.width * 72 / DPI, image.height * 72 / DPI)
        out.setPageSize(size)
        out.drawImage(ImageReader(io.BytesIO(_scanned(image))), 0, 0, *size)
        out.showPage()
    out.save()
    return {
        "file": name,
        "about": "a scan without a text layer",
        "scan": True,
        "kind": "budget",
        "part": "tables",
        "entity": ARCHIVE,
        "year": None,
        "pages": len(images),
        "verdict": "consistent",
        "planted": [],
        "false_claims": [],
        "tables": [{"title": title, "pages": [page]} for page, title in enumerate(("支出总表", "一般公共预算基本支出表"), 1)],
    }


def _scanned(image: Image.Image) -> bytes:
    """JPEG of a page as a scanner sees it: grey paper, ink not quite black, askew."""
    grey = image.convert("L").rotate(SKEW, resample=Image.Resampling.BICUBIC, fillcolor=255).point(lambda v: 40 + v * 205 // 255)
    buffer = io.BytesIO()
    grey.save(buffer, "JPEG", quality=45)
    return buffer.getvalue()


PAGE = """<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>登录已过期</title></head>
<body><h1>登录已过期</h1><p>您的会话已失效，请重新登录后下载附件《青禾市档案馆2024年部门决算》。</p></body></html>
"""


def no_pdf(folder: Path) -> dict[str, Any]:
    """Write a web page under a PDF's name, as a download whose session has ended leaves it."""
    name = "7-青禾市档案馆2024年决算.pdf"
    (folder / name).write_text(PAGE, encoding="utf-8")
    return {
        "file": name,
        "about": "a web page saved under the name of a PDF",
        "kind": None,
        "entity": None,
        "year": None,
        "pages": None,
        "rejected": "not_a_pdf",
    }
