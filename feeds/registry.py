"""The modules of a folder, each of which is one of a kind: found by name, and imported only when one is wanted."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
from importlib.abc import InspectLoader
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

_FOLDED = '"""'


class Registry:
    """The files and packages of one folder, with `-` for `_`; names that begin with `_` are parts of others."""

    def __init__(self, package: str, path: Sequence[str]) -> None:
        self._package = package
        self._path = path

    def names(self) -> list[str]:
        """Return the names, in order."""
        return sorted(
            m.name.replace("_", "-") for m in pkgutil.iter_modules(self._path) if not m.name.startswith("_")
        )

    def summaries(self) -> dict[str, str]:
        """Return the first line of each docstring by name; nothing is imported."""
        return {name: self._summary(name) for name in self.names()}

    def load(self, name: str) -> Any:
        """Return the module called *name*, which is one of `names`."""
        return importlib.import_module(self._module(name))

    def _module(self, name: str) -> str:
        return f"{self._package}.{name.replace('-', '_')}"

    def _summary(self, name: str) -> str:
        spec = importlib.util.find_spec(self._module(name))
        loader = spec.loader if spec else None
        source = loader.get_source(self._module(name)) if isinstance(loader, InspectLoader) else None
        return (source or "").partition("\n")[0].strip(_FOLDED + " ")


def listed(summaries: dict[str, str]) -> str:
    """Return names and summaries as a list for a command's help (Markdown)."""
    return "\n".join(f"- `{name}`: {summary}" for name, summary in summaries.items())
