"""What `sources/README.md` says of every key of a source file: `python -m crawler.key_page FILE` rewrites it."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args, get_origin

from pydantic import BaseModel

from crawler.source import SourceKeys
from crawler.source_keys import DateRule, ElementRule, TextRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic.fields import FieldInfo

START = "<!-- What follows is made of the code by `python -m crawler.key_page sources/README.md`. -->\n"
_BARE = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
_WIDTH = 116


def keys_part() -> str:
    """Return the Markdown of every key: its table, what it means, an example."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    yield from _block("## Keys: the site", "They stand above all tables.", _plain(SourceKeys))
    for name, field in _tables(SourceKeys):
        yield from _block(f"## Keys: `[{name}]`", field.description or "", _plain(_table(field)), f"[{name}]")
    rules = {
        "a rule": (ElementRule, "A rule, where a key names elements: a selector, or a table of it."),
        "a rule of a text": (TextRule, "And where a key names a text, as in `title = { … }` in `[select]`."),
        "a rule of a date": (DateRule, "And where it names a date."),
    }
    seen: set[str] = set()
    for title, (model, said) in rules.items():
        own = {name: field for name, field in model.model_fields.items() if name not in seen}
        seen |= set(own)
        yield from _block(f"## Keys: {title}", said, own)


def _plain(table: type[BaseModel] | None) -> dict[str, FieldInfo]:
    fields = table.model_fields if table else {}
    return {name: field for name, field in fields.items() if _table(field) is None}


def _tables(model: type[BaseModel], around: str = "") -> Iterator[tuple[str, FieldInfo]]:
    """Yield each table by its dotted name, those inside of one after it."""
    for name, field in model.model_fields.items():
        if (table := _table(field)) is not None:
            yield around + name, field
            yield from _tables(table, f"{around}{name}.")


def _table(field: FieldInfo) -> type[BaseModel] | None:
    kind = field.annotation
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def _block(title: str, said: str, fields: dict[str, FieldInfo], header: str | None = None) -> Iterator[str]:
    yield from (title, "", said, "", "```toml")
    if header is not None:
        yield header
    for name, field in fields.items():
        yield from _wrapped(f"{field.description}{_standard(field)}")
        yield f"{name} = {toml(field.examples[0] if field.examples else None)}"
    yield from ("```", "")


def _standard(field: FieldInfo) -> str:
    """Say what holds where the key is left out, unless its description does or nothing does."""
    default = field.get_default()
    if default in (None, (), {}) or field.is_required() or isinstance(default, BaseModel):
        return ""
    return f" Left out: {toml(default)}."


def _wrapped(text: str) -> Iterator[str]:
    line = "#"
    for word in text.split():
        if len(line) + len(word) >= _WIDTH:
            yield line
            line = "#"
        line += f" {word}"
    yield line


def toml(value: Any) -> str:
    """Return a value as it stands in a TOML file, on one line."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key(name)} = {toml(inner)}" for name, inner in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, str) and "\\" in value and "'" not in value:
        return f"'{value}'"  # where a pattern's signs stand as they are
    return json.dumps(value, ensure_ascii=False)


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else json.dumps(name, ensure_ascii=False)


def written(page: str) -> str:
    """Return a page with its part of keys made anew."""
    return page.partition(START)[0] + START + "\n" + keys_part()


def examples(model: type[BaseModel] = SourceKeys, place: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield every key's example, and the names that lead to it."""
    for name, field in model.model_fields.items():
        if (table := _table(field)) is not None:
            yield from examples(table, (*place, name))
            continue
        yield (*place, name), field.examples[0] if field.examples else None
        inner = get_args(field.annotation)[0] if get_origin(field.annotation) is tuple else None
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            example = {key: f.examples[0] for key, f in inner.model_fields.items() if f.examples}
            yield (*place, name), example


if __name__ == "__main__":
    file = Path(sys.argv[1])
    file.write_text(written(file.read_text("utf-8")), encoding="utf-8")
