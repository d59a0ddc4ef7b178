"""An XPath expression of a person's taken apart, so that no page can make it slow.

libxml2 takes minutes for `//*/following-sibling::*` on a page of 10,000 elements, since it looks for each element of a
set in all that it has. One element at a time is quick: so an expression becomes segments, of which only the first step
may lead far, and `crawler.selecting` puts the sets together.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

_MOST_PATHS = 10
_MOST_TURNS = 3
_PIECE = re.compile(r"\"[^\"]*\"|'[^']*'|//|.", re.DOTALL)
_WORD = re.compile(r"\"[^\"]*\"|'[^']*'|[\w.-]+|.", re.DOTALL)
_TEXT = re.compile(r"\"[^\"]*\"|'[^']*'")
_AXIS = re.compile(r"([a-z-]+)\s*::")
_FUNCTION = re.compile(r"([\w:-]+)\s*\(")
_NUMBERED = re.compile(r"\((?P<paths>.+)\)\s*\[\s*(?P<number>[1-9]\d{0,4}|last\(\))\s*\]", re.DOTALL)
# XPath 1.0, section 4: what a condition may call. `id` would look through the whole page.
_FUNCTIONS = frozenset({
    "boolean", "ceiling", "comment", "concat", "contains", "count", "false", "floor", "lang", "last", "local-name",
    "name", "node", "normalize-space", "not", "number", "position", "round", "starts-with", "string", "string-length",
    "substring", "substring-after", "substring-before", "sum", "text", "translate", "true", "and", "or", "mod", "div",
})  # fmt: skip
_BESIDE = frozenset({"following-sibling", "preceding-sibling"})
_UP = frozenset({"parent", "ancestor", "ancestor-or-self"})
_NEAR = frozenset({"child", "self", "attribute"})
# Inside a condition: what leads to many elements from each.
_WIDE = re.compile(r"(?:following|preceding)-sibling\s*::|(?<![\w-])parent\s*::|\.\.")
_DEEP = re.compile(r"//|(?<![\w-])descendant(?:-or-self)?\s*::|(?<![\w-])ancestor(?:-or-self)?\s*::")
_FAR = re.compile(r"(?<![\w-])(?:following|preceding|namespace)\s*::")
_FROM_TOP = re.compile(r"(?:^|[\s(,\[=<>+|])/")


@dataclass(frozen=True, kw_only=True, slots=True)
class Segment:
    """Some steps, of which only the first may lead to many elements."""

    path: str
    """To be evaluated from one element."""
    is_below: bool
    """Whether it leads to all below an element: then elements inside others of a set add nothing."""
    leads_up: bool = False
    """Whether it begins with a step to what is around an element."""
    leads_aside: bool = False
    """Whether it begins with a step to what stands beside an element."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Path:
    """One location path."""

    segments: tuple[Segment, ...]
    """In their order; the first starts from the page."""
    number: int | None = None
    """Which one of all that were found is meant, from 1; -1 for the last; None for all."""
    rest: tuple[Segment, ...] = ()
    """Where it leads on from that one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Expression:
    """One or several paths, and what their conditions cost on a page."""

    paths: tuple[Path, ...]
    """Tried together: what they find is put together."""
    is_wide: bool
    """Whether a condition looks at siblings, whose number is then squared."""
    is_deep: bool
    """Whether a condition looks at everything below or above an element."""
    has_conditions: bool
    """Whether there is any: it may read the text of an element, and of each one around it again."""


def expression(text: str, *, is_css: bool = False) -> Expression:
    """Return what *text* says.

    Args:
        text: XPath 1.0.
        is_css: whether it is a CSS selector written as XPath: then no condition is about an element's number.

    Raises:
        ValueError: it is of a kind that can be slow; the text follows a key's name.
    """
    bare = _TEXT.sub("''", text)
    if "$" in bare:
        raise ValueError("has a variable ($), which nothing gives a value")
    if unknown := next((name for name in _FUNCTION.findall(bare) if name.split("::")[-1] not in _FUNCTIONS), ""):
        raise ValueError(f"calls {unknown}(), which is no function of XPath 1.0 that can be used here")
    paths = [part for _, part in parts(text, "|")]
    if len(paths) > _MOST_PATHS:
        raise ValueError(f"has more than {_MOST_PATHS} alternatives; write a list of selectors")
    conditions = [condition for path in paths for condition in _conditions(path)]
    for condition in conditions:
        _check(condition)
    return Expression(
        paths=tuple(_path(path.strip(), is_css=is_css) for path in paths), is_wide=any(map(_WIDE.search, conditions)),
        is_deep=any(map(_DEEP.search, conditions)), has_conditions=bool(conditions),
    )


def from_element(path: Path) -> tuple[Segment, ...]:
    """Return the segments of a path as they lead on from any element, in place of the page."""
    first, *others = path.segments
    return (replace(first, path=first.path.removeprefix("/")), *others)


def parts(path: str, *signs: str) -> list[tuple[str, str]]:
    """Split a path at *signs* outside of brackets and texts: each part, and the sign before it."""
    depth, found = 0, [("", "")]
    for piece in _PIECE.findall(path):
        depth += (piece in ("[", "(")) - (piece in ("]", ")"))
        if not depth and piece in signs:
            found.append((piece, ""))
        else:
            found[-1] = (found[-1][0], found[-1][1] + piece)
    return found


def _conditions(path: str) -> list[str]:
    """Return what stands in the outermost square brackets, texts emptied."""
    found, depth = [""], 0
    for piece in _PIECE.findall(_TEXT.sub("''", path)):
        depth -= piece == "]"
        if depth > 0:
            found[-1] += piece
        elif piece == "]":
            found.append("")
        depth += piece == "["
    return found[:-1]


def _check(condition: str) -> None:
    if _FAR.search(condition):
        raise ValueError("looks through the whole page for each element (following::, preceding::); name the place")
    if _FROM_TOP.search(condition):
        raise ValueError("has a path inside [ ] that starts at the top of the page; begin it with . or a name")
    for clause in _clauses(condition):
        if len(_WIDE.findall(clause)) + len(_DEEP.findall(clause)) > 1:
            raise ValueError("goes up, down or aside more than once within [ ], which can be slow; write simpler ones")


def _clauses(condition: str) -> list[str]:
    """Split a condition at `and` and `or`, but not inside square brackets of its own."""
    clauses, depth = [""], 0
    for word in _WORD.findall(condition):
        depth += (word == "[") - (word == "]")
        if not depth and word in ("and", "or"):
            clauses.append("")
        else:
            clauses[-1] += word
    return clauses


def _path(text: str, *, is_css: bool) -> Path:
    (_, first), *steps = parts(text, "//", "/")
    if numbered := _NUMBERED.fullmatch(first.strip()):
        if "|" in _TEXT.sub("", numbered["paths"]):
            raise ValueError("has alternatives (|) inside ( ); write a list of selectors instead")
        inner = _path(numbered["paths"].strip(), is_css=is_css)
        number = -1 if numbered["number"] == "last()" else int(numbered["number"])
        return Path(segments=inner.segments, number=number, rest=_segments(steps, is_css=is_css))
    if first.strip() not in ("", ".") or not steps:
        raise ValueError("is no path; right would be one such as //h1, .//a[@class='title'] or (//p)[1]")
    from_page, *others = _segments(steps, is_css=is_css)
    return Path(segments=(replace(from_page, path="/" + from_page.path), *others))


def _segments(steps: list[tuple[str, str]], *, is_css: bool) -> tuple[Segment, ...]:
    """Join the steps that lead no further than to children to the one before them."""
    segments: list[Segment] = []
    # `//x` makes libxml2 collect every node first; where no condition counts, this is the same in a fifth of the time.
    below = "descendant::" if is_css else "descendant-or-self::node()/"
    is_below, turns = False, 0
    for sign, step in steps:
        written = step.strip()
        if sign == "/" and written in ("descendant-or-self::node()", "descendant-or-self::*"):
            is_below = True  # how `//` is written out
            continue
        is_below, axis = is_below or sign == "//", _axis(written)
        turns += axis not in _NEAR
        if is_below and axis not in _NEAR:
            raise ValueError(f"has {axis}:: right after //; name an element between them")
        if is_below or axis not in _NEAR or not segments:
            path, up, aside = (below if is_below else "") + written, axis in _UP, axis in _BESIDE
            segments.append(Segment(path=path, is_below=is_below, leads_up=up, leads_aside=aside))
        else:
            segments[-1] = replace(segments[-1], path=f"{segments[-1].path}/{written}")
        is_below = False
    if is_below or turns > _MOST_TURNS:
        raise ValueError("goes aside or up more than three times, or ends with //; name what is wanted itself")
    return tuple(segments)


def _axis(step: str) -> str:
    if not step:
        raise ValueError("has a / without a step behind it")
    if step == "." or step.startswith(".."):
        return "parent" if step.startswith("..") else "self"
    named = _AXIS.match(step)
    axis = named[1] if named else "child"
    if axis in ("descendant", "descendant-or-self"):
        raise ValueError(f"has {axis}::; write // instead")
    if axis not in _NEAR | _BESIDE | _UP:
        raise ValueError(f"has {axis}::, which looks through the whole page for each element; name the place itself")
    return axis
