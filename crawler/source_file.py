"""A source file as it is written: the keys that the model takes, as TOML."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from crawler.selecting import selector
from crawler.source import SourceKeys
from crawler.toml.faults import first_fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_BARE = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
_FEW = 10  # members of a list of selectors, as the model has it
_OF_SELECTORS = (("select",), ("listing",), ("listing", "select"), ("clean",))
_TOO_MANY = f"it comes after {_FEW} others; no more are read"


@dataclass(frozen=True, kw_only=True, slots=True)
class Setting:
    """One thing that a source file is to say."""

    key: tuple[str, ...]
    """Where it stands there: a key, or a table and a key; of a table of people's own names, those too."""
    value: Any
    """Its value; of `select` and others that take several selectors in their order, one of them."""
    said: str
    """Where it comes from, for people: `line 3, title`."""
    secret: bool = False
    """Whether its value may be shown to nobody."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Refused:
    """A setting that the model does not take."""

    setting: Setting
    """The setting."""
    why: str
    """One sentence without its end; it names the key."""


def written(keys: Mapping[str, Any], about: str = "") -> str:
    """Return the text of a source file.

    Args:
        keys: what it says, tables last; what is None or empty is left out.
        about: a line for people at its top; empty for none.
    """
    lines = [f"# {about}"] if about else []
    plain = {name: value for name, value in keys.items() if not isinstance(value, Mapping)}
    lines += [f"{_name(name)} = {_value(value)}" for name, value in plain.items() if value not in (None, "")]
    for name, table in keys.items():
        if isinstance(table, Mapping) and table:
            lines += _table((name,), table)
    return "".join(f"{line}\n" for line in lines)


def _table(names: tuple[str, ...], table: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines of a table, and then of the table of selectors in it."""
    inner = {name: value for name, value in table.items() if (*names, name) in _OF_SELECTORS}
    yield f"[{'.'.join(map(_name, names))}]"
    yield from (f"{_name(key)} = {_value(_alone(names, value))}" for key, value in table.items() if key not in inner)
    for name, value in inner.items():
        yield from _table((*names, name), value) if value else ()


def taken(base: Mapping[str, Any], settings: Iterable[Setting]) -> tuple[dict[str, Any], list[Refused]]:
    """Return *base* and what of the *settings* the model takes beside it, and what it does not.

    Of a setting that stands once, the first one is taken; selectors are kept in their order.
    """
    keys: dict[str, Any] = {name: dict(value) if isinstance(value, Mapping) else value for name, value in base.items()}
    unordered: dict[str, list[Setting]] = {}
    refused = []
    for setting in settings:
        fault = _fault(keys, setting)
        if not fault and setting.key[0] == "clean" and isinstance(setting.value, list):
            unordered.setdefault(setting.key[1], []).append(setting)  # all of them are used: they can be joined
            continue
        fault = fault or _put(keys, setting)
        if fault:
            refused.append(Refused(setting=setting, why=fault))
    for name, members in unordered.items():
        joined, too_many = _joined(members)
        keys.setdefault("clean", {})[name] = joined
        refused += [Refused(setting=setting, why=_TOO_MANY) for setting in too_many]
    return keys, refused


def _fault(keys: Mapping[str, Any], setting: Setting) -> str:
    """Why the model does not take one setting, by itself beside the keys that stand above it; empty where it does."""
    return _said(_beside(keys, setting.key, setting.value))


def _said(keys: Mapping[str, Any]) -> str:
    try:
        SourceKeys.model_validate(keys)
        json.dumps(keys, ensure_ascii=False).encode()
    except ValidationError as invalid:
        return first_fault(invalid, "", SourceKeys).sentence
    except UnicodeEncodeError:
        return "it holds half a character, which no file can"
    return ""


def _put(keys: dict[str, Any], setting: Setting) -> str:
    """Put a setting among the *keys*; return why it can't stand beside what is there."""
    *tables, name = setting.key
    place = keys
    for table in tables:
        place = place.setdefault(table, {})
    before = place.get(name)
    if isinstance(setting.value, list):
        if len(before or ()) + len(setting.value) > _FEW:
            return _TOO_MANY
        place[name] = [*(before or ()), *(value for value in setting.value if value not in (before or ()))]
    elif before is not None:
        return "" if before == setting.value else "another value of the same key stands before it"
    else:
        place[name] = setting.value
    if fault := _said(keys):
        place.pop(name) if before is None else place.update({name: before})
    return fault


def _joined(members: Iterable[Setting]) -> tuple[list[Any], list[Setting]]:
    """Return ten selectors at most that find what all of them do, and those that found no place."""
    found: list[Any] = []
    left = []
    alone = list(dict.fromkeys(str(value) for setting in members for value in setting.value))
    if len(alone) <= _FEW:
        return alone, []
    for setting in members:
        for value in setting.value:
            joined = next(filter(None, (_both(other, value) for other in found[-1:])), None)
            if joined:
                found[-1] = joined
            elif len(found) < _FEW:
                found.append(value)
            else:
                left.append(setting)
    return found, left


def _both(one: str, other: str) -> str | None:
    """Return a selector of what each of two finds; None where there is none."""
    are_paths = [each.startswith(("/", "./", "(", "xpath:")) for each in (one, other)]
    if are_paths[0] != are_paths[1]:
        return None
    try:
        return selector(f"{one} | {other.removeprefix('xpath:')}" if are_paths[0] else f"{one}, {other}")
    except ValueError:
        return None


def _beside(keys: Mapping[str, Any], place: tuple[str, ...], value: Any, *, is_inside: bool = False) -> dict[str, Any]:
    """Return a value at its place, and of the tables around that what is no table itself; of its own, nothing."""
    name, *rest = place
    is_own = is_inside and not rest
    above = {} if is_own else {key: other for key, other in keys.items() if not isinstance(other, Mapping)}
    if not rest:
        return above | {name: value}
    return above | {name: _beside(keys.get(name, {}), tuple(rest), value, is_inside=True)}


def _alone(table: tuple[str, ...], value: Any) -> Any:
    """A list of one selector is written as that selector."""
    is_one = table in _OF_SELECTORS and isinstance(value, list | tuple) and len(value) == 1
    return value[0] if is_one else value


def _name(name: str) -> str:
    return name if _BARE.fullmatch(name) else _text(name)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, Mapping):
        return f"{{ {', '.join(_pairs(value))} }}" if value else "{}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_value, value))}]"
    return _text(str(value))


def _pairs(table: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"{_name(name)} = {_value(value)}" for name, value in table.items())


def _text(text: str) -> str:
    """A JSON string is a TOML basic string, but for one sign."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
