"""Text and elements of the report's page: everything from a document is escaped here, and nowhere else does text become HTML. Pure."""

from __future__ import annotations

import base64
import html
from collections.abc import Iterable

from shared.plain_text import plain


def esc(text: object) -> str:
    """Text of any origin as HTML text or the value of a quoted attribute: no control characters, no marks that turn the direction."""
    return html.escape(plain(str(text)), quote=True)


def tag(name: str, inner: str, **attributes: str) -> str:
    """An element around HTML. Args: attributes: their values are escaped; a trailing underscore is left out, others become hyphens."""
    given = "".join(f' {key.rstrip("_").replace("_", "-")}="{esc(value)}"' for key, value in attributes.items())
    return f"<{name}{given}>{inner}</{name}>"


def row(cells: Iterable[str], numbers: Iterable[int] = (), heading: bool = False, kind: str = "") -> str:
    """A row of a table. Args: cells: HTML. numbers: indexes of those that are figures. heading: the first cell names the row. kind: class of the row."""
    at = frozenset(numbers)
    made = []
    for index, cell in enumerate(cells):
        name = "th" if heading and index == 0 else "td"
        extra = {"scope": "row"} if name == "th" else {}
        made.append(tag(name, cell, **extra, **({"class_": "n"} if index in at else {})))
    return tag("tr", "".join(made), **({"class_": kind} if kind else {}))


def table(headings: Iterable[str], rows: Iterable[str], numbers: Iterable[int] = (), kind: str = "") -> str:
    """A table with its headings. Args: headings: text. rows: HTML. numbers: columns of figures. kind: class of the table."""
    at = frozenset(numbers)
    heads = "".join(tag("th", esc(text), scope="col", **({"class_": "n"} if index in at else {})) for index, text in enumerate(headings))
    return tag("table", tag("thead", tag("tr", heads)) + tag("tbody", "".join(rows)), **({"class_": kind} if kind else {}))


def image(png: bytes, alternative: str) -> str:
    """A picture inside the page."""
    return f'<img src="data:image/png;base64,{base64.b64encode(png).decode("ascii")}" alt="{esc(alternative)}">'


def paragraphs(lines: Iterable[str], **attributes: str) -> str:
    """Lines of text, each a paragraph."""
    return "".join(tag("p", esc(line), **attributes) for line in lines if line)
