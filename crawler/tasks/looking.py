"""Looking at addresses: which blogs are behind them, and what a crawl would keep of these. Nothing is written."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.imports.opml import list_bytes
from crawler.imports.opml.outlines import read_outlines
from crawler.platforms import load_platforms
from crawler.recording import EACH, Recording
from crawler.run import trial
from crawler.source import Source, load_sources
from crawler.spider import now
from crawler.tasks.choosing import UnknownSourceError
from crawler.tasks.confidence import Confidence, confidence
from crawler.tasks.trial import AddressError, NoBlogError, name_for, replay_settings, trial_source
from crawler.trial_spider import Lost, Wish
from pipelines.urls import same_page_key

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from scrapy.crawler import Crawler

    from crawler.run import Crawled
    from crawler.source import Loaded
    from crawler.workspace import Workspace
    from pipelines.post import Post
    from pipelines.site import Site

_TRIED = 4  # posts fetched to see whether a blog can be read: one may be protected
_TRIED_OF_SOME = 20  # where only some of them are wanted


class AlreadyThereError(UnknownSourceError):
    """The blog, or the name, is a source already."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """What looking at one address came to."""

    address: str
    """What was asked for."""
    source: Source | None = None
    """What it could become; None where it can't be followed."""
    problem: str = ""
    """Why it can't be followed, as one sentence; empty where it can."""
    is_known: bool = False
    """Whether that is because it is followed already."""
    site: Site | None = None
    """What the blog says of itself."""
    posts: tuple[Post, ...] = ()
    """Its newest posts, as a crawl would keep them, newest first."""
    zone: str = "UTC"
    """IANA time zone in which the blog's dates are meant."""
    fields: tuple[Confidence, ...] = ()
    """How sure we are of each field of theirs."""

    @property
    def is_plain(self) -> bool:
        """Whether nobody said so, and it is asked over http."""
        return self.source is not None and "://" not in self.address and self.source.url.startswith("http:")

    def must_be_there(self) -> None:
        """Raise where it can't be followed.

        Raises:
            AlreadyThereError: it is followed already.
            NoBlogError: nothing there could be read as a blog.
        """
        if self.is_known:
            raise AlreadyThereError(self.problem)
        if self.source is None:
            raise NoBlogError(self.problem)


@dataclass(frozen=True, kw_only=True, slots=True)
class Looked:
    """What looking at several addresses came to."""

    looks: tuple[Look, ...]
    """One for each, in their order."""
    keys: Mapping[str, Any] = field(default_factory=dict)
    """What each source file says beside what was found."""
    recorded: Path
    """Folder in which the answers are kept, a folder for each source."""

    @property
    def lost(self) -> tuple[Look, ...]:
        """Those that can't be followed, and are not yet."""
        return tuple(look for look in self.looks if look.source is None and not look.is_known)


def wanted(addresses: Sequence[str], file: Path | None, name: str | None) -> list[str]:
    """Return the addresses to look at: those given, and those in *file*, each once.

    Args:
        addresses: given one by one.
        file: has one a line (what follows a `#` says nothing), or is the subscription list (OPML) of a reader.
        name: of the source; there can be only one then.

    Raises:
        AddressError: there is none, or several for one name.
        ExportError: *file* can't be read, or is larger than any list.
    """
    found = list(dict.fromkeys([*addresses, *(_listed(file) if file else ())]))
    if not found:
        raise AddressError("nothing to add: give an address, or a file of addresses with --from")
    if name is not None and len(found) > 1:
        raise AddressError("--name names one blog, and there are several addresses")
    return found


def _listed(file: Path) -> list[str]:
    content = list_bytes(file)
    outlines = read_outlines(content)
    if outlines is not None:
        return [line.page or line.feed for line in outlines.lines if line.page or line.feed]
    lines = (line.split("#")[0].strip() for line in content.decode("utf-8-sig", "replace").splitlines())
    return [line for line in lines if line]


def look(
    workspace: Workspace, addresses: Sequence[str], recorded: Path, *,
    name: str | None = None, replay: Path | None = None, watch: Callable[[Crawler], None] | None = None, **keys: Any,
) -> Looked:
    """Return what could be followed at *addresses*.

    Args:
        workspace: whose sources are known, and whose settings hold.
        addresses: of front pages, posts, lists of posts or feeds.
        recorded: an empty folder, in which what the blogs answer is kept.
        name: of the source; made from its address where None.
        replay: folder of recorded sites that answer instead of the network.
        watch: called with the crawler before it starts, to connect signals.
        keys: what the source files are to say, whatever is found.

    Raises:
        AddressError: the one address, or the name, can't be used; of several that is what their looks say.
        AlreadyThereError: the name is taken.
    """
    loaded = load_sources(workspace.sources_folder)
    wished, refused = _wished(addresses, name, keys)
    for there, names in (("source", loaded.names), ("combined feed", workspace.config.feeds)):
        if name is not None and name.casefold() in map(str.casefold, names):
            raise AlreadyThereError(f"there is a {there} {name!r} already; give another name with --name")
    first: dict[str, str] = {}
    twice = {a for a, url in wished.items() if first.setdefault(same_page_key(url), a) != a}
    new = {url: a for a, url in wished.items() if a not in twice and _known(loaded, url) is None}
    named = keys | ({"name": name} if name else {})
    wishes = [Wish(address=url, keys=named, is_guess="://" not in a) for url, a in new.items()]
    taken = {*loaded.names, *workspace.config.feeds}

    def name_of(url: str) -> str:
        name = name_for(url, taken)
        taken.add(name)
        return name

    # One moment for all pages, which the recording keeps: "3시간 전" must mean the same when it is read again.
    tried_posts = _TRIED_OF_SOME if "include" in keys else _TRIED
    settings = {"MOAFEED_POSTS": tried_posts, "MOAFEED_RECORD": str(recorded / EACH), **replay_settings(replay)}
    settings["MOAFEED_CLOCK"] = settings.get("MOAFEED_CLOCK") or now().isoformat()
    tried, crawled = trial(workspace, wishes, name_of, watch=watch, **settings) if wishes else ([], None)
    found = dict(zip(new, tried, strict=True))
    looks = [
        Look(address=address, problem=refused[address]) if address in refused
        else Look(address=address, problem=f"{address} is there twice", is_known=True) if address in twice
        else _judged(loaded, address, found.get(wished[address]), crawled) for address in addresses
    ]
    detailed = tuple(_with_details(look, workspace, recorded) for look in looks)
    return Looked(looks=detailed, keys=keys, recorded=recorded)


def _wished(
    addresses: Sequence[str], name: str | None, keys: Mapping[str, Any]
) -> tuple[dict[str, str], dict[str, str]]:
    """What to ask for at each address, and of those that can't be asked why."""
    wished, refused = dict[str, str](), dict[str, str]()
    for address in addresses:
        try:
            wished[address] = trial_source(address, name, **keys).url
        except AddressError as error:
            if len(addresses) == 1:
                raise
            refused[address] = str(error)
    return wished, refused


def _judged(loaded: Loaded, address: str, found: Source | Lost | None, crawled: Crawled | None) -> Look:
    if isinstance(found, Lost):
        return Look(address=address, problem=found.why, is_known=found.is_twice)
    known = _known(loaded, found.start if found else trial_source(address).url)
    if found is None or crawled is None or known is not None:
        return Look(address=address, problem=f"{address} is there already, as the source {known!r}", is_known=True)
    posts = tuple(post for post in crawled.posts if post.source == found.name)
    if not posts:
        result = next(result for result in crawled.run.results if result.source == found.name)
        nothing = f"{found.url}: only protected or private posts there, or others than are wanted"
        return Look(address=address, problem=result.failures[0] if result.failures else nothing)
    return Look(address=address, source=found, site=crawled.sites.get(found.name), posts=posts)


def _with_details(look: Look, workspace: Workspace, recorded: Path) -> Look:
    """The same with what is shown of it beside its posts."""
    source = look.source
    if source is None:
        return look
    platform = load_platforms().get(source.platform or "")
    zone = source.zone or (platform.zone if platform else None) or workspace.config.defaults.zone
    is_known = source.platform is not None and source.has_pages
    fields = confidence(source, look.posts, Recording.load(recorded / source.name), known=is_known)
    return replace(look, zone=zone, fields=tuple(fields))


def _known(loaded: Loaded, address: str) -> str | None:
    """The name of the source that has that address already."""
    key = same_page_key(address)
    return next((s.name for s in loaded.sources if key in {same_page_key(s.url), same_page_key(s.start)}), None)
