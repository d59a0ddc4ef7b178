"""The post schema: what a page said (RawPost) and what we keep of it (Post)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipelines.body.fragment import Fragment

# XML 1.0 (section 2.2) forbids these, so no feed may hold them; one bad title would stop a whole document.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")

_CONTROLS = bytes(code for code in range(0x20) if chr(code) not in "\t\n\r")
_SHORT = 500


def xml_safe(text: str) -> str:
    r"""Return *text* without characters XML 1.0 forbids, with `\n` as its only line end."""
    if text.isprintable():  # no control character, no line end: most short texts
        return text
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    if len(lines) < _SHORT:
        return _NOT_XML.sub("", lines)
    # The same in a third of the time: a body is asked for three times.
    try:
        encoded = lines.encode()
    except UnicodeEncodeError:  # half a character
        return _NOT_XML.sub("", lines)
    safe = encoded.translate(None, _CONTROLS).replace(b"\xef\xbf\xbe", b"").replace(b"\xef\xbf\xbf", b"")
    return lines if len(safe) == len(encoded) else safe.decode()


@dataclass(frozen=True, kw_only=True, slots=True)
class Enclosure:
    """A media file that belongs to a post (audio, video, document), whole: RSS 2.0 asks for all three values."""

    url: str
    """Absolute address."""
    type: str
    """Media type, such as `audio/mpeg`."""
    length: int
    """Size in bytes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Picture:
    """A picture of a post whose address will stop working."""

    url: str
    """Its address, as in the post's body or lead image."""
    expires: datetime | None = None
    """When that address dies: aware, UTC. None when it does not say."""
    lasting: str | None = None
    """The same picture's address that stays; None where nobody told it yet."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RawPost:
    """One post exactly as a page told it: strings as found, nothing judged yet."""

    source: str
    """Name of the source it came from (the source file's name without `.toml`)."""
    page_url: str
    """Address of the page that was read, after redirects; relative addresses are relative to it."""
    fetched: datetime
    """When the page was fetched: aware, UTC. The only clock a post ever sees."""
    zone: str = "Asia/Seoul"
    """IANA time zone in which dates without an offset are meant."""
    url: str | None = None
    """The page's own idea of its address (`og:url`, canonical); None when it has none worth believing."""
    key: str | None = None
    """The platform's permanent id of the post, such as `tistory:5257724:634`; None where a platform has none."""
    addresses: tuple[str, ...] = ()
    """Other addresses of the same post (mobile view, numeric and slug form)."""
    title: str | None = None
    """Headline as plain text (a parser has decoded its entities; a literal `<div>` in it stays)."""
    author: str | None = None
    """Name as shown; never an e-mail address."""
    published: str | None = None
    """Date as printed: ISO 8601, RFC 822 or Korean."""
    updated: str | None = None
    """Date of the last edit, as printed."""
    categories: tuple[str, ...] = ()
    """Category path, root first."""
    tags: tuple[str, ...] = ()
    """Tags in the page's order, possibly repeated or with `#`."""
    language: str | None = None
    """`lang` of the page, as found."""
    summary: str | None = None
    """The page's own description; often cut short."""
    excerpt: str | None = None
    """The post in short, where somebody chose it; None: its first sentences."""
    feature_text: str | None = None
    """A line that a theme shows on top, where the page has one of its own."""
    image: str | None = None
    """Lead image as the page names it (`og:image`), possibly a thumbnail."""
    content_html: str | Fragment | None = ""
    """The body as the editor wrote it, inner HTML of its container, junk of the platform already left out; as a tree
    where the page is read in this process.
    None where the page has no container that we know: then it is no post, rather than half of one."""
    lasting: Mapping[str, str] = field(default_factory=dict)
    """Lasting forms of picture addresses that the page and its blog name: see `pictures.lasting_forms`."""
    enclosures: tuple[Enclosure, ...] = ()
    """Media files named outside the body."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Post:
    """One normalised post: the schema of the store, of every feed and of `moafeed preview --json`."""

    source: str
    """Name of the source it came from."""
    guid: str
    """Permanent id (RFC 4151 `tag:` URI), minted once and never given to another post."""
    url: str
    """Canonical address of the post, absolute, percent-encoded."""
    title: str
    """Headline: plain text, one line, entities decoded. Empty only when the page has none."""
    author: str | None = None
    """Name as the blog shows it."""
    published: datetime | None = None
    """When the author published it: aware, UTC. None when the page does not say."""
    updated: datetime | None = None
    """When its text last changed, as its page says, else when we noticed: aware, UTC. None when it never did."""
    categories: tuple[str, ...] = ()
    """Category path, root to leaf."""
    tags: tuple[str, ...] = ()
    """Tags, each once, in the page's order, without `#`."""
    language: str | None = None
    """BCP 47 language, such as `ko`. None when unknown."""
    excerpt: str = ""
    """The first sentences worth reading: plain text, about 200 characters."""
    feature_text: str = ""
    """The line a theme shows on top; the excerpt unless the page has its own."""
    image: str | None = None
    """Lead image, absolute, the original behind a thumbnail. None when there is none worth showing."""
    content_html: str = ""
    """The body: clean HTML with absolute addresses, safe to show, `data-ke-size` and chosen styles kept."""
    pictures: tuple[Picture, ...] = ()
    """Pictures in it whose addresses will stop working. What is published has their lasting ones, where known."""
    enclosures: tuple[Enclosure, ...] = ()
    """Media files of the post."""
    first_seen: datetime
    """When we first fetched it: aware, UTC. Stands in for an unknown published date, frozen."""
    digest: str = ""
    """SHA-256 over what a reader would notice; signed image queries, white space and ad markup don't count."""
    aliases: tuple[str, ...] = field(default=(), metadata={"internal": True})
    """Every key and address it is known under; identity is decided by these."""

    @property
    def dated(self) -> datetime:
        """The date readers sort by: published, else first seen."""
        return self.published or self.first_seen

    def to_record(self) -> dict[str, Any]:
        """Return the schema's names with JSON-ready values (ISO 8601 dates, lists), for people and exports."""
        record = {f.name: getattr(self, f.name) for f in fields(self) if not f.metadata.get("internal")}
        return {name: _json_ready(value) for name, value in record.items()}


def _json_ready(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Enclosure | Picture):
        return {name: _json_ready(inner) for name, inner in asdict(value).items()}
    return [_json_ready(item) for item in value] if isinstance(value, tuple) else value
