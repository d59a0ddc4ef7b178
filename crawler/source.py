"""Source: one TOML file in `sources/` is one site to crawl, checked before any request."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from crawler import fields
from crawler.platforms import load_platforms
from crawler.request_keys import RequestKeys
from crawler.source_keys import ChoiceKeys, CleanKeys, ListingKeys, SelectKeys, agree
from crawler.toml import read_toml
from crawler.toml.error import ConfigError, shown
from pipelines.urls import same_page_key

if TYPE_CHECKING:
    from pipelines.site import Site


class SourceError(ConfigError):
    """A source file cannot be used; it stops only itself."""


class SourceKeys(BaseModel):
    """What a source file may say: data only, it can never name code."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, use_attribute_docstrings=True)

    url: Annotated[fields.WebAddress, Field(examples=["https://example.tistory.com/"])]
    """Address of the blog's front page, or of one category's list; of a `feed-only` source also its feed's."""
    title: Annotated[fields.OneLine | None, Field(examples=["My blog"])] = None
    """Title of its feed; what the blog calls itself where left out."""
    platform: Annotated[fields.PlatformName | None, Field(examples=["tistory"])] = None
    """Blog platform; recognised from its pages where left out. "feed-only" where its feed is all there is to read."""
    feed: Annotated[fields.WebAddress | None, Field(examples=["https://example.com/rss"])] = None
    """Address of its own feed, where its pages name none or a wrong one."""
    language: Annotated[fields.Language | None, Field(examples=["ko"])] = None
    """Language (BCP 47) of the posts whose pages do not say."""
    zone: Annotated[fields.Zone | None, Field(examples=["Asia/Seoul"])] = None
    """IANA time zone of dates printed without one; the platform's where left out."""
    author: Annotated[fields.OneLine | None, Field(examples=["Kim Mina"])] = None
    """Author of the posts whose pages do not say."""
    feature_text: Annotated[Literal["excerpt", "summary"], Field(examples=["summary"])] = "excerpt"
    """The line a theme shows above a post: its first sentences, or the page's own description."""
    closing: Annotated[fields.Closing | None, Field(examples=['<a href="{url}">{site}</a>'])] = None
    """Line below each exported post that leads back to it; the workspace's where left out, none where empty."""
    formats: Annotated[fields.FormatNames | None, Field(examples=[["rss", "atom", "json"]])] = None
    """Formats of its feed; the workspace's where left out."""
    limit: Annotated[fields.Limit | None, Field(examples=[40])] = None
    """How many of the newest posts its feed holds; the workspace's number where left out."""
    entries: Annotated[Literal["linked", "whole"], Field(examples=["whole"])] = "linked"
    """Whether its own feed holds posts "whole", so that no page of theirs is asked for; else each page is read."""
    every: Annotated[fields.Every | None, Field(examples=["6h"])] = None
    """How often it is asked; learnt from how often it posts where left out."""
    pages: Annotated[int, Field(ge=1, le=50, examples=[3])] = 3
    """How many listing pages one crawl walks at most, newest first."""
    request: Annotated[RequestKeys, Field(examples=[{"delay": 5.0}])] = RequestKeys()
    """How the site is asked."""
    select: Annotated[SelectKeys, Field(examples=[{"title": "h2.subject"}])] = SelectKeys()
    """How a post's page is read."""
    listing: Annotated[ListingKeys, Field(examples=[{"items": "ul.board li"}])] = ListingKeys()
    """How pages that list posts are read."""

    clean: Annotated[CleanKeys, Field(examples=[{"remove": ".ad"}])] = CleanKeys()
    """What is left out of a post's body, and what stays in it."""

    include: Annotated[ChoiceKeys, Field(examples=[{"categories": ["여행"]}])] = ChoiceKeys()
    """Which posts are kept: those that meet all of its keys; all where it has none."""
    exclude: Annotated[ChoiceKeys, Field(examples=[{"tags": ["광고"]}])] = ChoiceKeys()
    """Which posts are not kept: those that meet one of its keys. Posts that are stored already stay."""

    @field_validator("request", "select", "listing", "include", "exclude")
    @classmethod
    def _agrees(cls, table: BaseModel, info: ValidationInfo) -> BaseModel:
        agree(table, info.data)
        return table


class Source(SourceKeys):
    """One site to crawl: what its file says, and the file's name."""

    name: fields.Name
    """The file's name without `.toml`: names its spider, its feed and its posts' source."""
    path: Path | None = None
    """The file; None for a source that exists only for one command (`preview` of an address)."""

    @property
    def is_odd(self) -> bool:
        """Whether its file says how its pages are asked for or read."""
        tables = (self.select, self.listing, self.clean, self.request.model_copy(update={"delay": None}))
        return any(table != type(table)() for table in tables)

    def at(self, url: str) -> Source:
        """Return the same site, begun at one of its posts."""
        listing = self.listing.model_copy(update={"items": (), "also": ()})
        return self.model_copy(update={"url": url, "listing": listing})

    @property
    def warnings(self) -> tuple[str, ...]:
        """Sentences about what its file had better not say."""
        file = shown(self.path) if self.path else self.name
        right = 'write "${NAME}" there, and set the environment variable MOAFEED_NAME'
        return tuple(f'{file}: "{key}" is a secret in clear; {right}' for key in self.request.in_clear())

    @property
    def has_pages(self) -> bool:
        """Whether its posts have pages to be read; else its feed is all that is asked for."""
        platform = load_platforms().get(self.platform) if self.platform else None
        return platform is None or platform.has_pages

    @property
    def takes_entries(self) -> bool:
        """Whether an entry of its feed is the post."""
        return self.entries == "whole" or not self.has_pages

    @property
    def known_feed(self) -> str | None:
        """Address of its own feed as its file says; None where its pages have to name it."""
        return self.feed or (None if self.has_pages else self.url)

    @property
    def start(self) -> str:
        """Address that a crawl of it begins with: its front page, or its feed where that is all."""
        return self.url if self.has_pages else self.known_feed or self.url

    def home(self, site: Site) -> str:
        """Return the address of its front page: what *site* says of it, where its file names nothing but the feed."""
        return self.url if self.has_pages or self.feed else site.home

    @property
    def host(self) -> str:
        """Host that a crawl of it begins at, without the port."""
        return urlsplit(self.start).hostname or ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Loaded:
    """All that a folder of source files holds."""

    sources: tuple[Source, ...]
    """Those that can be crawled, by name."""
    errors: tuple[SourceError, ...]
    """One for each file that cannot, by file name."""

    @property
    def names(self) -> frozenset[str]:
        """Every name in use, also of a file that is at fault: its posts are still in the store."""
        return frozenset([*(s.name for s in self.sources), *(_stem(e.file) for e in self.errors)])


def load_source(path: Path) -> Source:
    """Return the source that the file at *path* describes.

    Raises:
        SourceError: when the file, its name or anything in it is not usable.
    """
    try:
        name = fields.name(path.stem)
    except ValueError as problem:
        raise SourceError(f"the file's name {problem}", file=path) from None
    if path.suffix != ".toml":
        raise SourceError(f'a source file ends with ".toml"; rename it to {name}.toml', file=path)
    keys = read_toml(path, SourceKeys, SourceError)
    return Source(name=name, path=path, **dict(keys))


def load_sources(folder: Path) -> Loaded:
    """Return every source in *folder* and an error for every file that is none; a missing folder holds none.

    Files are compared with each other too: of two with one address, or with names that differ only in case,
    neither is used, since nobody but their owner can say which is meant.
    """
    sources: list[Source] = []
    errors: list[SourceError] = []
    for path in _files(folder):
        try:
            sources.append(load_source(path))
        except SourceError as error:
            errors.append(error)
    errors += _clashes(sources)
    refused = {error.file for error in errors}
    return Loaded(
        sources=tuple(sorted((s for s in sources if s.path not in refused), key=lambda s: s.name)),
        errors=tuple(sorted(errors, key=lambda e: e.file.name)),
    )


def _files(folder: Path) -> list[Path]:
    """Return the folder's source files; a name with `.#` in front is an editor's lock."""
    try:
        return sorted(p for p in folder.iterdir() if p.suffix == ".toml" and not p.name.startswith(".#"))
    except FileNotFoundError:
        return []
    except OSError as failure:
        raise SourceError(f"cannot be listed ({failure.strerror})", file=folder) from None


def _clashes(sources: list[Source]) -> list[SourceError]:
    """Return an error for each source that shares its name or its address with another."""
    names: dict[str, list[Source]] = defaultdict(list)
    addresses: dict[str, list[Source]] = defaultdict(list)
    for source in sources:
        names[source.name.casefold()].append(source)
        addresses[same_page_key(source.start)].append(source)
    errors = {}
    for same in addresses.values():
        errors.update(_each(same, "url", "has the same url as {}; delete one of them"))
    for same in names.values():
        errors.update(_each(same, None, "has the same name as {} (upper and lower case do not differ); rename one"))
    return list(errors.values())


def _each(same: list[Source], key: str | None, sentence: str) -> dict[Path, SourceError]:
    files = [s.path for s in same if s.path]
    if len(files) == 1:
        return {}
    return {
        file: SourceError(sentence.format(" and ".join(shown(f) for f in files if f != file)), file=file, key=key)
        for file in files
    }


def _stem(file: Path) -> str:
    try:
        return fields.name(file.stem)
    except ValueError:
        return file.stem
