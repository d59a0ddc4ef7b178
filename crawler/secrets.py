"""Values of a source file that are no business of whoever reads it: `${NAME}` stands for one of the environment."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipelines.errors import MoafeedError

if TYPE_CHECKING:
    from collections.abc import Callable

_NAMED = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]{0,99})\}", re.ASCII)


class SecretError(MoafeedError):
    """The environment has not what a source file names, or something that can't be sent; the text names no value."""

    exit_code = 2


def is_named(text: str) -> bool:
    """Tell whether a value, or a part of it, is taken from the environment."""
    return _NAMED.search(text) is not None


def checked(text: str) -> str:
    """Return *text* where it is printable ASCII and each `${` in it names a variable.

    Raises:
        ValueError: it is not; the text follows a key's name, and tells nothing of the value.
    """
    if not text.isascii() or not text.isprintable() or text != text.strip():
        raise ValueError("holds what no header can: only ASCII letters and signs can be sent")
    if "${" in _NAMED.sub("", text):
        raise ValueError('has "${" without a name behind it; right would be one such as "${SESSION}"')
    return text


def filled(text: str, secret: Callable[[str], str | None]) -> str:
    """Return *text* with what the environment has for each `${NAME}`.

    Args:
        text: a value of a source file.
        secret: gives a variable's value by its name, None where there is none.

    Raises:
        SecretError: a variable is not there, or holds what can't be sent.
    """

    def value(named: re.Match[str]) -> str:
        found, variable = secret(named[1]), f"the environment variable MOAFEED_{named[1]}"
        if not found:
            raise SecretError(f"its source file names {named[0]}, so set {variable}")
        if not found.isascii() or not found.isprintable():
            raise SecretError(f"{variable} holds a line end or a letter that can't be sent")
        return found

    return _NAMED.sub(value, text)
