"""A YAML document that somebody else wrote: plain values alone, and never more than it seems."""

from __future__ import annotations

from typing import Any

import yaml

_DEEPEST = 30
_MOST = 50_000  # values, those that aliases repeat counted again
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C library's where there is one: ten times as fast


class YamlError(Exception):
    """It can't be read; one sentence without its end."""


def yaml_value(text: str) -> Any:
    """Return what a document says: dictionaries, lists, texts, numbers; None where it says nothing.

    Raises:
        YamlError: it is no YAML, names types (`!…`), is nested too deep, or its aliases make too much of it.
    """
    try:
        _check_events(text)
        node = yaml.compose(text, _LOADER)
        if node is not None:
            _size(node, {}, set())
        return yaml.load(text, _LOADER)  # noqa: S506  # a safe loader
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" in line {mark.line + 1}" if mark else ""
        raise YamlError(f"no YAML that can be read{where}: {getattr(error, 'problem', None) or 'unknown'}") from error
    except RecursionError as error:
        raise YamlError("its aliases lead too far") from error
    except (ValueError, OverflowError) as error:  # a date that is none, a number with thousands of digits
        raise YamlError("no YAML that can be read: a date or a number that is none") from error


def _check_events(text: str) -> None:
    depth = 0
    for event in yaml.parse(text, _LOADER):
        if tag := getattr(event, "tag", None):
            raise YamlError(f"it names a type ({str(tag)[:60]}), and only plain values are read")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise YamlError("nested too deep")


def _size(node: yaml.Node, known: dict[int, int], around: set[int]) -> int:
    """Return how many values a node is, each alias counted as what it stands for."""
    if id(node) in around:
        raise YamlError("an alias in it stands for what it is in")
    if id(node) not in known:
        around.add(id(node))
        known[id(node)] = 1 + sum(_size(each, known, around) for each in _within(node))
        around.discard(id(node))
    if known[id(node)] > _MOST:
        raise YamlError("its aliases make far more of it than any configuration has")
    return known[id(node)]


def _within(node: yaml.Node) -> list[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        return [part for pair in node.value for part in pair]
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []
