"""Reads a TOML file into a pydantic model; every fault becomes one sentence naming file, line and key."""

from __future__ import annotations

import re
import stat
import tomllib
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from crawler.toml.error import ConfigError
from crawler.toml.faults import first_fault

if TYPE_CHECKING:
    from pathlib import Path

MAX_BYTES = 2**20
"""No configuration is longer than this; what is, is some other file with a wrong name."""

ErrorT = TypeVar("ErrorT", bound=ConfigError)
ModelT = TypeVar("ModelT", bound=BaseModel)

_TOML_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


def read_toml(path: Path, model: type[ModelT], error: type[ErrorT]) -> ModelT:
    """Return what the file at *path* says.

    Args:
        path: a TOML file, UTF-8, with or without a byte order mark.
        model: what it may say; an unknown key is a fault where the model forbids extras.
        error: the kind of `ConfigError` to raise.

    Raises:
        ConfigError: of the given kind, for the first fault in the file.
    """
    text = _text(path, error)
    data = _parse(text, path, error)
    try:
        return model.model_validate(data)
    except ValidationError as invalid:
        fault = first_fault(invalid, text, model)
        raise error(fault.sentence, file=path, line=fault.line, key=fault.key) from None


def _text(path: Path, error: type[ErrorT]) -> str:
    """Return the file's text; refuses all that is no plain text file inside its own folder."""
    try:
        if stat.S_ISLNK(path.lstat().st_mode):
            home = path.parent.resolve()
            if not path.resolve(strict=True).is_relative_to(home):
                raise error(f"a link that leads out of {home.name}; put the file itself here", file=path)
        if not stat.S_ISREG(path.stat().st_mode):  # before it is opened: a named pipe would wait for ever
            raise error("not a file; remove it or give it another name", file=path)
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise error("no such file", file=path) from None
    except (OSError, RuntimeError, ValueError) as failure:  # RuntimeError: a loop of links, before Python 3.13
        reason = failure.strerror if isinstance(failure, OSError) else None
        raise error(f"cannot be read ({reason or 'the path leads nowhere'})", file=path) from None
    if len(raw) > MAX_BYTES:
        raise error("longer than 1 MiB, so it is no configuration; a few lines are enough", file=path)
    return _decode(raw, path, error)


def _decode(raw: bytes, path: Path, error: type[ErrorT]) -> str:
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as failure:
        line = raw.count(b"\n", 0, failure.start) + 1
        raise error("not UTF-8 text; save it as UTF-8", file=path, line=line) from None


def _parse(text: str, path: Path, error: type[ErrorT]) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise error("not usable TOML: brackets within brackets, far too deep", file=path) from None
    except ValueError as failure:  # TOMLDecodeError, or a number with thousands of digits
        raise _syntax_error(str(failure), text, path, error) from None


def _syntax_error(message: str, text: str, path: Path, error: type[ErrorT]) -> ErrorT:
    place = _TOML_PLACE.search(message)
    if place is None:
        return error("not valid TOML: a number is too long", file=path)
    line = int(place[1]) if place[1] else text.count("\n") + (not text.endswith("\n"))
    column = f" at column {place[2]}" if place[2] else ""
    reason = message[: place.start()].replace("\n", "\\n")
    hint = '; text stands in quotes, as in title = "My blog"' if reason == "Invalid value" else ""
    return error(f"not valid TOML{column}: {reason[:1].lower()}{reason[1:]}{hint}", file=path, line=line or 1)
