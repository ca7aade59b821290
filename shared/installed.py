"""Whether the modules of an extra are installed."""

from __future__ import annotations

import importlib.util

_found: set[str] = set()


def is_installed(*modules: str) -> bool:
    """Whether all modules are installed; nothing of them is imported.

    Remembered from when it is so: looking takes as long as reading a page. Asked again until then: the command line installs an extra when a
    document needs it, and the children that are there already have to see it.
    """
    for module in modules:
        if module not in _found and importlib.util.find_spec(module) is not None:
            _found.add(module)
    return _found.issuperset(modules)
