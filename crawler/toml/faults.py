"""Says what is wrong with a configuration and what would be right, from what pydantic found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args, get_origin

from pydantic import BaseModel

from crawler.toml.error import did_you_mean
from crawler.toml.lines import Key, line_of

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic.fields import FieldInfo
    from pydantic_core import ErrorDetails

_NOWHERE = 2**31
_SHOWN = 60  # characters of a value: enough to recognise it


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """One thing that is wrong in a file."""

    sentence: str
    """What is wrong and what would be right."""
    line: int | None
    """Line from 1; None where the fault is that something is missing."""
    key: str | None
    """The key at fault, dotted; None for the file as a whole."""


def first_fault(invalid: ValidationError, text: str, model: type[BaseModel]) -> Fault:
    """Return the fault to show: a misspelt key first, since a missing one is most often its consequence."""
    faults = [(fault, _key(fault)) for fault in invalid.errors(include_url=False)]
    lines = {key: line_of(text, key) for _, key in faults}

    def order(entry: tuple[ErrorDetails, Key]) -> tuple[bool, int]:
        fault, key = entry
        return fault["type"] != "extra_forbidden", lines[key] or _NOWHERE

    fault, key = min(faults, key=order)
    line = None if fault["type"] == "missing" else lines[key]
    return Fault(sentence=_sentence(fault, key, model), line=line, key=".".join(key) or None)


def _key(fault: ErrorDetails) -> Key:
    """Return where the fault is, down to the last name: positions in a list have no key of their own."""
    names = [part for part in fault["loc"] if isinstance(part, str)]
    if names[-1:] == ["[key]"] and len(names) > 1:  # how pydantic marks a fault of the name of a table
        names.pop()
    return tuple(names)


def _sentence(fault: ErrorDetails, key: Key, model: type[BaseModel]) -> str:
    table, field = _find(model, key)
    name = _short(".".join(key))
    if fault["type"] == "extra_forbidden":
        return f'unknown key "{_short(key[-1])}"{did_you_mean(key[-1], table.model_fields)}'
    example = f"{key[-1]} = {_value(field.examples[0])}" if key and field and field.examples else ""
    if fault["type"] == "missing":
        return f'the key "{name}" is missing; add a line such as {example}'
    message = fault["msg"].removeprefix("Value error, ")
    if fault["type"] == "value_error":
        return f'"{name}" {message}'
    value = "" if field and not field.repr else f", not {_value(fault['input'])}"
    right = f"; right would be {example}" if example else ""
    return f'"{name}" {_should(message)}{value}{right}'


def _should(message: str) -> str:
    """Return pydantic's sentence without its subject, in the words of TOML."""
    rest = message[message.find(" should") + 1 :]
    for theirs, ours in (
        ("a valid string", "text in quotes"),
        ("a valid integer", "a whole number"),
        ("a valid number", "a number"),
        ("a valid tuple", "a list"),
        ("a valid dictionary or instance of", "a table, one"),
        ("a valid dictionary", "a table"),
    ):
        rest = rest.replace(theirs, ours)
    return rest


def _find(model: type[BaseModel], key: Key) -> tuple[type[BaseModel], FieldInfo | None]:
    """Return the table that holds *key* and the field it names, None where it names none."""
    field = model.model_fields.get(key[0]) if key else None
    inner, depth = _table(field)
    if inner and len(key) > depth:
        return _find(inner, key[depth:])
    return model, field


def _table(field: FieldInfo | None) -> tuple[type[BaseModel] | None, int]:
    """Return the model of a table and how many names lead into it: two where people name the tables."""
    kind = field.annotation if field else None
    kind = get_args(kind)[0] if get_origin(kind) is tuple else kind
    if get_origin(kind) is dict:
        kind, depth = get_args(kind)[1], 2
    else:
        depth = 1
    return (kind, depth) if isinstance(kind, type) and issubclass(kind, BaseModel) else (None, depth)


def _value(value: object) -> str:
    """Return a value as TOML would write it, cut to what fits a line."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list | tuple):
        return _short("[" + ", ".join(map(_value, value))) + "]"
    return f'"{_short(value)}"' if isinstance(value, str) else _short(str(value))


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
