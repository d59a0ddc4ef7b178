"""Trying a blog out: a small crawl that stores nothing, for `add`, `preview` and `record`."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from pydantic import ValidationError

from crawler import fields
from crawler.recording import Recording
from crawler.run import Crawled, crawl
from crawler.source import Source
from pipelines.errors import MoafeedError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from crawler.workspace import Workspace

_ROOM = 10  # bytes for a number behind a name
_NOT_A_NAME = re.compile(r"[^\w-]+")


class AddressError(MoafeedError):
    """Not an address of a web page."""

    exit_code = 2


class NoBlogError(MoafeedError):
    """Nothing at an address could be read as a blog."""

    exit_code = 69  # EX_UNAVAILABLE


def name_for(url: str, taken: Iterable[str] = ()) -> str:
    """Return a source name for *url* that is not *taken*: the blog's own part of its host, then its path.

    `https://dal.tistory.com/` is `dal`; a custom domain keeps its dots as hyphens; `blog.naver.com/dal` keeps both.
    """
    parts = urlsplit(url if "://" in url else f"https://{url}")
    host = (parts.hostname or "blog").removeprefix("www.")
    words = [host.removesuffix(".tistory.com"), *unquote(parts.path).split("/")]
    plain = unicodedata.normalize("NFC", "-".join(filter(None, words)).lower())
    stem = _NOT_A_NAME.sub("-", plain).strip("-_")[:60]
    stem = stem.encode()[: fields.MAX_NAME_BYTES - _ROOM].decode("utf-8", "ignore").rstrip("-_")
    stem = stem if stem and stem != "index" else "blog"
    names, number = {name.casefold() for name in taken}, 1
    name = stem
    while name.casefold() in names:
        number += 1
        name = f"{stem}-{number}"
    return name


def trial_source(url: str, name: str | None = None, **keys: Any) -> Source:
    """Return a source for *url* that has no file.

    Raises:
        AddressError: *url* is no http(s) address.
    """
    address = url if "://" in url else f"https://{url}"
    try:
        return Source(name=name or name_for(address), url=address, **keys)
    except ValidationError as error:
        what = error.errors()[0]
        given = f"--name {name!r}" if what["loc"] == ("name",) else repr(url)
        raise AddressError(f"{given} can't be used: it {what['msg'].removeprefix('Value error, ')}") from None


def try_out(workspace: Workspace, source: Source, *, posts: int, **settings: Any) -> Crawled:
    """Read at most *posts* posts of *source* through the real code; the store is neither read nor written.

    Raises:
        NoBlogError: no post came of it; the text says why.
    """
    crawled = crawl(workspace, [source], store=False, MOAFEED_POSTS=posts, **settings)
    if not crawled.posts:
        (result,) = crawled.run.results
        reason = result.failures[0] if result.failures else f"{source.url}: only protected or private posts there"
        left = next((skipped for skipped in result.skipped if "source file's" in skipped.reason), None)
        if left and not result.failures:
            reason = f"{source.url}: no post there is kept; {left.example} {left.reason}"
        raise NoBlogError(reason)
    return crawled


def replay_settings(folder: Path | None) -> dict[str, Any]:
    """Return the settings of a crawl that the recorded sites in *folder* answer, at the time of a single one.

    None means that the sites themselves answer: no settings.

    Raises:
        RecordingError: there is no usable recording.
    """
    if folder is None:
        return {}
    handler = "crawler.recording.ReplayHandler"
    recorded = Recording.load(folder).recorded
    return {
        "MOAFEED_REPLAY": str(folder),
        "MOAFEED_CLOCK": recorded.isoformat() if recorded else "",
        "DOWNLOAD_HANDLERS": {"file": None, "data": None, "ftp": None, "s3": None, "http": handler, "https": handler},
        "DOWNLOAD_DELAY": 0.01,  # nobody is asked
        "DOWNLOAD_SLOTS": {},
        "RETRY_ENABLED": False,  # a recording answers the same again
    }
