"""The JSON Schemas (draft 2020-12) of the source file, of `moafeed.toml` and of a post."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, get_type_hints

from itemadapter import ItemAdapter

from crawler.source import SourceKeys
from crawler.workspace_keys import WorkspaceConfig
from pipelines.post import Post

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def source_schema() -> dict[str, Any]:
    """Return the schema of a source file, so that editors complete its keys."""
    return {"$schema": _DIALECT, **SourceKeys.model_json_schema(), "title": "moafeed source file"}


def workspace_schema() -> dict[str, Any]:
    """Return the schema of `moafeed.toml`, so that editors complete its keys."""
    return {"$schema": _DIALECT, **WorkspaceConfig.model_json_schema(), "title": "moafeed workspace file"}


def post_schema() -> dict[str, Any]:
    """Return the schema of a post as `moafeed preview --json` writes it."""
    schema = ItemAdapter.get_json_schema(Post)
    shown = [field.name for field in fields(Post) if not field.metadata.get("internal")]
    hints = get_type_hints(Post)
    properties = {name: _dated(schema["properties"][name], hints[name]) for name in shown}
    title = {"$schema": _DIALECT, "title": "moafeed post", "description": (Post.__doc__ or "").strip()}
    return title | schema | {"properties": properties, "required": shown}


def _dated(schema: dict[str, Any], hint: object) -> dict[str, Any]:
    """Return the schema of one field; Scrapy's adapter does not know how a date looks in JSON."""
    if "datetime" not in str(hint):
        return schema
    nullable = "anyOf" in schema
    rest = {key: value for key, value in schema.items() if key != "anyOf"}
    return {"type": ["string", "null"] if nullable else "string", "format": "date-time", **rest}
