"""What `moafeed.toml` may say, with a default for every key."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from crawler import fields
from crawler.feed_keys import CombinedFeed
from feeds.closing import DEFAULT as CLOSING
from feeds.gate import MOST

DATABASE = re.compile(r"(?P<kind>[\w+]+)://(?P<rest>.*)", re.DOTALL)
"""A store that is an address and no path."""

_KINDS = {"sqlite", "postgresql", "postgresql+psycopg"}
_MODEL = ConfigDict(frozen=True, extra="forbid", strict=True, use_attribute_docstrings=True)


def _a_place(text: str) -> str:
    """Refuse what would become a folder that nobody means."""
    if not text.isprintable() or not text.strip() or text.startswith("~"):
        raise ValueError("is no path; give one from the workspace's folder, or an absolute one (~ is not expanded)")
    return text


def _a_store(text: str) -> str:
    """Refuse a database that no driver of ours speaks to."""
    address = DATABASE.fullmatch(text)
    if address is None:
        return _a_place(text)
    if address["kind"] not in _KINDS or not text.isprintable():
        raise ValueError("names no known database; a path, sqlite:///PATH or postgresql+psycopg://USER@HOST/NAME would")
    return text


Place = Annotated[str, Field(max_length=1000), AfterValidator(_a_place)]
Store = Annotated[str, Field(max_length=1000), AfterValidator(_a_store)]


class Defaults(BaseModel):
    """What holds for every source that does not say otherwise."""

    model_config = _MODEL

    zone: Annotated[fields.Zone, Field(examples=["Asia/Seoul"])] = "Asia/Seoul"
    """IANA time zone of dates printed without one."""
    language: Annotated[fields.Language | None, Field(examples=["ko"])] = None
    """Language (BCP 47) of posts whose pages do not say."""
    limit: Annotated[fields.Limit, Field(examples=[40])] = 50
    """How many of the newest posts a feed holds."""
    formats: Annotated[fields.FormatNames, Field(examples=[["rss", "atom", "json"]])] = ("rss", "atom", "json")
    """Formats each feed is written in."""
    closing: Annotated[fields.Closing, Field(examples=['<a href="{url}">{site}</a>'])] = CLOSING
    """Line below each exported post that leads back to it: HTML with {url} {title} {home} {host} {site}."""
    delay: Annotated[fields.Delay, Field(examples=[1.0])] = fields.MIN_DELAY
    """Seconds between two requests to one site."""


# 50 MB hold the pages of 4,500 posts, so that nearly every blog is kept whole; a thousand blogs of 300 posts come to
# 3.3 GB. Age is no bound by itself: the pages of a blog that was read to its first post would all go on one day, though
# they take no more room than before, and each would have to be asked for again.
class RawPages(BaseModel):
    """Whether the posts' pages are kept as they were answered, so that `moafeed reprocess` can read them again."""

    model_config = _MODEL

    keep: Annotated[bool, Field(examples=[True])] = True
    """Whether pages are kept; where not, a post that was read wrongly has to be asked for again."""
    megabytes: Annotated[int, Field(ge=1, le=100_000, examples=[50])] = 50
    """What the pages of one source may take, packed; about 90 pages take one. Those of its oldest posts go first."""
    days: Annotated[int | None, Field(ge=1, le=36_500, examples=[730])] = None
    """After how many days since it was read a page goes; never where left out."""


class Gate(BaseModel):
    """When a feed stays as it is until you decide."""

    model_config = _MODEL

    entries: Annotated[int, Field(ge=1, le=1000, examples=[20])] = MOST
    """How many entries of one blog may show as new, changed or dated anew at once, beyond its natural news."""


class Automatic(BaseModel):
    """Which blogs have a feed for each of their categories (with all below it) or tags, beside their own."""

    model_config = _MODEL

    categories: Annotated[tuple[str, ...], Field(strict=False, examples=[["*"]])] = ()
    """Names of sources, or patterns of names, whose categories have feeds."""
    tags: Annotated[tuple[str, ...], Field(strict=False, examples=[["*"]])] = ()
    """Names of sources, or patterns of names, whose tags have feeds."""
    posts: Annotated[int, Field(ge=1, le=1000, examples=[3])] = 3
    """How many posts there must be."""


class WorkspaceConfig(BaseModel):
    """What `moafeed.toml` may say; every key has a default."""

    model_config = _MODEL

    title: Annotated[fields.OneLine, Field(examples=["My feeds"])] = "moafeed"
    """What the whole collection is called, in the subscription list and on the pages."""
    base_url: Annotated[fields.FolderAddress, Field(examples=["https://feeds.example.org/"])] = "http://127.0.0.1:8000/"
    """Where the output folder is found on the web; feeds name themselves by it."""
    hub: Annotated[fields.WebAddress | None, Field(examples=["https://hub.example.org/"])] = None
    """WebSub hub that feeds name and that is told of each change, so that subscribers hear of it at once."""
    output: Annotated[Place, Field(examples=["public"])] = "public"
    """Folder the feeds are written to."""
    store: Annotated[Store, Field(examples=["state/moafeed.db"], repr=False)] = "state/moafeed.db"
    """Where posts are kept: a file, or the address of a database such as postgresql+psycopg://me@localhost/moafeed."""
    contact: Annotated[fields.Contact | None, Field(examples=["me@example.org"])] = None
    """E-mail or web address that every request carries, so that a site's owner can write to you."""
    defaults: Defaults = Defaults()
    """Zone, language, limit, formats, closing line and delay of every source whose file is silent about them."""
    raw: RawPages = RawPages()
    """Whether pages are kept as they were answered, and how many."""
    gate: Gate = Gate()
    """When a feed waits for your word (`moafeed accept`, `moafeed reject`), so that its readers are not flooded."""
    automatic: Automatic = Automatic()
    """Which blogs have a feed for each category or tag."""
    feeds: Annotated[dict[fields.Name, CombinedFeed], Field(examples=[{"all": {"sources": ["*"]}}])] = {}
    """Feeds of several sources, each by its name."""
