"""The post schema: what is promised to every export, and the little that a post computes itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import FrozenInstanceError
from datetime import UTC, datetime

import pytest

from crawler.schemas import post_schema
from pipelines.post import Enclosure, Post, xml_safe

SEEN = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
POST = Post(
    source="blog", guid="tag:example.com,2026:1", url="https://example.com/1", title="제목", first_seen=SEEN,
    categories=("요리", "국수"), enclosures=(Enclosure(url="https://example.com/a.mp3", type="audio/mpeg", length=9),),
    aliases=("tistory:1:1",),
)  # fmt: skip
JSON_TYPES = {"string": str, "null": type(None), "array": list, "object": dict, "integer": int}


def test_schema(golden: Callable[[str, object], None]) -> None:
    golden("post.schema.json", post_schema())


def test_every_field_says_what_it_is() -> None:
    schema = post_schema()
    assert all(field["description"] for field in schema["properties"].values())
    assert {"type": "string", "format": "date-time"}.items() <= schema["properties"]["first_seen"].items()
    assert "aliases" not in schema["properties"]


def test_the_seed_schema_fits() -> None:
    seed = {"title", "categories", "excerpt", "feature_text", "image", "content_html"}
    assert seed <= set(post_schema()["properties"])


def test_a_record_is_what_the_schema_says() -> None:
    record = json.loads(json.dumps(POST.to_record()))
    schema = post_schema()
    assert list(record) == list(schema["properties"]) == schema["required"]
    for name, value in record.items():
        types = schema["properties"][name]["type"]
        assert isinstance(value, tuple(JSON_TYPES[t] for t in ([types] if isinstance(types, str) else types))), name
    assert record["first_seen"] == "2026-01-02T03:04:00+00:00"
    assert record["categories"] == ["요리", "국수"]
    assert record["enclosures"] == [{"url": "https://example.com/a.mp3", "type": "audio/mpeg", "length": 9}]


def test_an_undated_post_sorts_by_when_it_was_first_seen() -> None:
    assert POST.dated == SEEN


def test_a_post_cannot_change() -> None:
    with pytest.raises(FrozenInstanceError):
        POST.title = "other"  # type: ignore[misc]


def test_text_that_xml_cannot_hold_is_taken_out() -> None:
    assert xml_safe("a\x00b\x0bc\ufffed\r\ne\rf\ud800\t가🎉") == "abcd\ne\nf\t가🎉"
