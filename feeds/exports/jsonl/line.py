"""The lines of a JSON Lines file: what a blog is called, and each of its posts; nothing in a file is believed."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from feeds.exports import ExportError
from pipelines.post import Enclosure, Picture, xml_safe
from pipelines.site import Site
from pipelines.store import Kept
from pipelines.urls import absolute

SUFFIX = ".jsonl"
VERSION = 1
"""Of the lines; a reader passes over keys that it does not know."""
_LONGEST_KEY = 1100  # bytes; PostgreSQL refuses index entries of more than 2,700
_MOST = 500  # aliases of a post, each of which is looked up
_SHOWN = 100  # characters of a value in a sentence
_GUID = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\t\n]+")
_MEDIA_TYPE = re.compile(r"[\w!#$&^.+-]{1,127}/[\w!#$&^.+-]{1,127}", re.ASCII)


class LineError(ExportError):
    """One line of a file that can't be taken; the text says why."""


def _instant(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC).replace(microsecond=0)
    except OverflowError:
        raise ValueError("is out of range in UTC") from None


def _key(value: str) -> str:
    if not value or xml_safe(value) != value or len(value.encode()) > _LONGEST_KEY:
        raise ValueError("is empty, too long, or holds control characters")
    return value


def _guid(value: str) -> str:
    if not _GUID.fullmatch(value):
        raise ValueError("is no URI such as tag:example.org,2026:1")
    return _key(value)


def _address(value: str) -> str:
    address = absolute(value, value)
    if address is None or urlsplit(address).scheme not in {"http", "https"}:
        raise ValueError("is no web address")
    return address


def _media_type(value: str) -> str:
    if not _MEDIA_TYPE.fullmatch(value):
        raise ValueError("is no media type such as audio/mpeg")
    return value


Instant = Annotated[AwareDatetime, AfterValidator(_instant)]
Key = Annotated[str, AfterValidator(_key)]
Address = Annotated[str, AfterValidator(_address)]


class _Line(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="ignore", from_attributes=True)


class EnclosureItem(_Line):
    """A media file."""

    url: Address
    type: Annotated[str, AfterValidator(_media_type)]
    length: int = Field(ge=0, lt=2**63)


class PictureItem(_Line):
    """A picture whose address will stop working."""

    url: str
    expires: Instant | None = None
    lasting: str | None = None


class SiteLine(_Line):
    """What a blog says about itself; the names are those of `pipelines.site.Site`."""

    moafeed: int = Field(ge=VERSION, le=VERSION)
    kind: Literal["site"]
    source: str
    title: str
    home: Address
    platform: str = "generic"
    description: str = ""
    language: str | None = None
    icon: Address | None = None


class PostLine(_Line):
    """A post; the names are those of `pipelines.post.Post`, then what became of its page. The digest is made anew."""

    kind: Literal["post"]
    source: str
    guid: Annotated[str, AfterValidator(_guid)]
    url: Address
    title: str
    author: str | None = None
    published: Instant | None = None
    updated: Instant | None = None
    first_seen: Instant
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    language: str | None = None
    excerpt: str = ""
    feature_text: str = ""
    image: str | None = None
    content_html: str = ""
    pictures: tuple[PictureItem, ...] = ()
    enclosures: tuple[EnclosureItem, ...] = ()
    aliases: tuple[Key, ...] = Field(default=(), max_length=_MOST)
    gone: Instant | None = None
    deleted: Instant | None = None


_ANY: TypeAdapter[SiteLine | PostLine] = TypeAdapter(Annotated[SiteLine | PostLine, Field(discriminator="kind")])
_ITEMS: tuple[tuple[str, type[_Line], type[Enclosure | Picture]], ...] = (
    ("enclosures", EnclosureItem, Enclosure), ("pictures", PictureItem, Picture),
)


def site_line(site: Site) -> bytes:
    """Return the first line of a blog's file, by whose beginning the file is known to be ours."""
    values = {name: getattr(site, name) for name in SiteLine.model_fields if name not in {"moafeed", "kind"}}
    return _written(SiteLine.model_construct(moafeed=VERSION, kind="site", **values))


def post_line(kept: Kept) -> bytes:
    """Return one post as a line; what is empty is left out. The same post, the same bytes."""
    state = {"kind", "gone", "deleted"}
    values = {name: getattr(kept.post, name) for name in PostLine.model_fields if name not in state}
    for name, item, _ in _ITEMS:
        values[name] = tuple(
            item.model_construct(**{n: getattr(each, n) for n in item.model_fields}) for each in values[name]
        )
    return _written(PostLine.model_construct(kind="post", gone=kept.gone, deleted=kept.deleted, **values))


def read_line(raw: bytes) -> SiteLine | PostLine:
    """Return what one line says.

    Raises:
        LineError: it is no JSON, or not what an export writes.
    """
    try:
        return _ANY.validate_json(raw)
    except ValidationError as invalid:
        fault = invalid.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in fault["loc"][1:])
        said = fault["msg"].removeprefix("Value error, ")
        raise LineError(f"{place}: {said}"[:_SHOWN * 2] if place else said[: _SHOWN * 2]) from None


def _written(line: _Line) -> bytes:
    return line.model_dump_json(exclude_defaults=True).encode() + b"\n"
