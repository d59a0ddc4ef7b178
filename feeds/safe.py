"""Every string of a record made fit for a feed document, so that one bad character never stops a whole feed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from pipelines.post import xml_safe

Record = TypeVar("Record")


def safe(record: Record) -> Record:
    """Return a copy of a dataclass (a post, a feed) whose strings, at any depth, hold only what XML 1.0 allows."""
    return replace(record, **{f.name: _safe(getattr(record, f.name)) for f in fields(record)})  # type: ignore[type-var,arg-type]


def _safe(value: Any) -> Any:
    if isinstance(value, str):
        return xml_safe(value)
    if isinstance(value, tuple):
        return tuple(_safe(item) for item in value)
    if isinstance(value, Mapping):
        return {key: _safe(item) for key, item in value.items()}
    return safe(value) if is_dataclass(value) and not isinstance(value, type) else value
