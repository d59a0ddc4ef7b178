"""What scripts of a page say in data: JSON-LD, and objects written as JavaScript."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

type_name = "@type"
_LONGEST = 400_000
_STRICT = json.JSONDecoder(strict=False)
_WRAPPING = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/)|(?://\s*)?(?:-->|\]\]>)\s*;?\s*$")
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_PIECE = re.compile(
    r'"(?:[^"\\]|\\.)*"'
    r"|'(?:[^'\\]|\\.)*'"
    r"|[A-Za-z_$][\w$]*|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?"
    r"|//[^\n]*|/\*.*?\*/|\s+|.",
    re.DOTALL,
)  # fmt: skip
_OBJECT = re.compile(r"\s*=\s*(?={)")
_PART_OF_NAME = re.compile(r"[\w$]")
_BAD_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|([^\"\\/bfnrtu]))", re.DOTALL)


def read_json_ld(texts: Iterable[str]) -> tuple[Mapping[str, Any], ...]:
    """Return every JSON-LD node of the given script texts, lists and `@graph` laid flat, in page order.

    Broken scripts give nothing; nothing is raised.
    """
    nodes: list[Mapping[str, Any]] = []
    for text in texts:
        nodes.extend(_flat(_json(_WRAPPING.sub("", text))))
    return tuple(nodes)


def read_data(source: bytes) -> object:
    """Return what a document in JSON holds, None where it is none; Naver's escapes signs that need no escape."""
    if source.lstrip()[:1] not in (b"{", b"["):
        return None
    text = source.decode("utf-8", "replace")
    value = _json(text)
    return _json(_as_json(text[:_LONGEST])) if value is None else value


def _json(text: str) -> object:
    for attempt in (text, _TRAILING_COMMA.sub(r"\1", text)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _flat(value: object) -> Iterator[Mapping[str, Any]]:
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, list):
            waiting.extend(reversed(item))
        elif isinstance(item, dict):
            yield item
            waiting.extend(item[key] for key in ("mainEntity", "@graph") if isinstance(item.get(key), list | dict))


def of_type(nodes: Iterable[Mapping[str, Any]], *types: str) -> Mapping[str, Any]:
    """Return the first node whose `@type` is one of *types*, an empty mapping where there is none."""
    return next((node for node in nodes if not types_of(node).isdisjoint(types)), {})


def types_of(node: Mapping[str, Any]) -> set[str]:
    """Return the node's types without their schema.org address."""
    value = node.get(type_name)
    return {str(name).rsplit("/", 1)[-1] for name in (value if isinstance(value, list) else [value]) if name}


def text_of(value: object) -> str | None:
    """Return the words of a JSON-LD value: a string, a `name`, an `@value`, or the first of a list that has any."""
    for _ in range(8):
        if isinstance(value, list):
            value = next((item for item in value if item), None)
        elif isinstance(value, dict):
            value = value.get("name") or value.get("@value") or value.get("headline")
        else:
            break
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        return None
    # Twice: WordPress plugins and some skins escape what their template escapes again.
    return " ".join(html.unescape(html.unescape(str(value))).split()) or None


def address_of(value: object) -> str | None:
    """Return the address in a JSON-LD value: a string, or the `url`, `@id` or `contentUrl` of an object."""
    for _ in range(8):
        if isinstance(value, list):
            value = next((item for item in value if item), None)
        elif isinstance(value, dict):
            value = value.get("url") or value.get("contentUrl") or value.get("@id")
        else:
            break
    return value.strip() or None if isinstance(value, str) else None


def author_of(node: Mapping[str, Any], nodes: Iterable[Mapping[str, Any]]) -> str | None:
    """Return the author's name of *node*, following an `@id` to another node of the page."""
    value = node.get("author") or node.get("creator")
    first = next((item for item in value if item), None) if isinstance(value, list) else value
    if isinstance(first, dict) and not first.get("name") and first.get("@id"):
        first = next((other for other in nodes if other.get("@id") == first["@id"] and other.get("name")), first)
    name = text_of(first)
    return None if name and name.startswith(("http://", "https://")) else name


def read_object(script: str, name: str) -> Mapping[str, Any] | None:
    """Return the object that *script* assigns to *name*, such as `T.entryInfo`; None where it does not.

    JSON is asked for first; then unquoted keys, single quotes, comments and trailing commas are allowed, since pages
    saved after their scripts ran hold such forms.
    """
    start = _assigned(script, name)
    if start is None:
        return None
    text = script[start : start + _LONGEST]
    try:
        value, _ = _STRICT.raw_decode(text)
    except (ValueError, RecursionError):
        value = _json(_as_json(text))
    return value if isinstance(value, dict) else None


def _assigned(script: str, name: str) -> int | None:
    """Return where the object begins that *script* assigns to *name*."""
    place = script.find(name)  # a pattern that begins with what must not stand before it would try every letter
    while place >= 0:
        found = _OBJECT.match(script, place + len(name))
        if found and not _PART_OF_NAME.match(script, place - 1, place):
            return found.end()
        place = script.find(name, place + 1)
    return None


def _as_json(text: str) -> str:
    """Return the first balanced object of *text* in JSON's own spelling."""
    out: list[str] = []
    depth = 0
    for found in _PIECE.finditer(text):
        piece = found[0]
        if piece in ('"', "'"):
            break  # a string without an end: no object can end after it
        if piece[0].isspace() or piece.startswith(("//", "/*")):
            continue
        if piece in "}]" and out and out[-1] == ",":
            out.pop()
        out.append(_spelled(piece))
        depth += (piece in "{[") - (piece in "}]")
        if depth == 0:
            break
    return "".join(out)


def _spelled(piece: str) -> str:
    if piece[0] == "'" and len(piece) > 1:
        piece = '"' + piece[1:-1].replace('"', '\\"').replace("\\'", "'").replace('\\\\"', '\\"') + '"'
    if piece[0] == '"':
        return _BAD_ESCAPE.sub(lambda m: f"\\u00{m[1]}" if m[1] else m[2], piece)
    if piece[0].isalpha() or piece[0] in "_$":
        return {"true": "true", "false": "false", "null": "null", "undefined": "null"}.get(piece, f'"{piece}"')
    return piece
