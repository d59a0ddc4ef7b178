"""`moafeed.json` beside posts: what front matter has no place for, and which file is whose (`site.data.moafeed`)."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any

from feeds.exports import ExportError
from pipelines.post import Enclosure
from pipelines.site import Site

from .slug import LONGEST_NAME, same_file_key

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pipelines.post import Post

    from .names import Key

FOLDER, FILE = "_data", "moafeed.json"
"""Where it lies in a Jekyll folder."""
_NAME = re.compile(r"[^./\\\x00][^/\\\x00]*")
_INSTANTS = frozenset({"published", "updated", "first_seen"})
_LISTS = frozenset({"tags", "aliases"})
# Jekyll reads JSON as YAML, to which these are line ends or no characters at all.
_NOT_YAML = re.compile("[\x7f-\x9f\u2028\u2029\ufeff]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """What the data file says of one post; the names are the post schema's."""

    source: str
    """Name of its source."""
    guid: str
    """Its permanent id, minted once."""
    url: str
    """Its canonical address."""
    author: str | None = None
    """Its author's name."""
    published: datetime | None = None
    """When it was published: aware, UTC."""
    updated: datetime | None = None
    """When it was last edited: aware, UTC."""
    first_seen: datetime
    """When it was first fetched: aware, UTC."""
    tags: tuple[str, ...] = ()
    """Its tags."""
    language: str | None = None
    """Its language (BCP 47)."""
    enclosures: tuple[Enclosure, ...] = ()
    """Its media files."""
    aliases: tuple[str, ...] = ()
    """Every key and address it is known under."""
    lead: str = ""
    """The lead image that the export put above the body, as written."""
    closing: str = ""
    """The closing line that the export put below it, as written."""

    @property
    def key(self) -> Key:
        """Its source and guid."""
        return (self.source, self.guid)


@dataclass(frozen=True, kw_only=True, slots=True)
class Data:
    """The whole file."""

    posts: Mapping[str, Record]
    """Posts by the name of their file, without `.md`."""
    sites: Mapping[str, Site]
    """Blogs by the name of their source."""

    def given(self) -> dict[Key, str]:
        """Return the file name of each post that has one."""
        return {record.key: name for name, record in self.posts.items()}

    def record(self, name: str) -> Record | None:
        """Return what is known of the post in the file called *name*, however a disk has spelt that."""
        return self.posts.get(name) or next(
            (record for known, record in self.posts.items() if same_file_key(known) == same_file_key(name)), None
        )


def record_of(post: Post) -> Record:
    """Return what the data file says of *post*, before anything was put around its body."""
    names = [field.name for field in fields(Record) if field.name not in {"lead", "closing"}]
    return Record(**{name: getattr(post, name) for name in names})


def render(data: Data) -> bytes:
    """Return the file's bytes: keys sorted, so that equal data gives equal bytes."""
    posts = {name: _filled(asdict(record)) for name, record in data.posts.items()}
    sites = {name: _filled(asdict(site)) for name, site in data.sites.items()}
    text = json.dumps({"posts": posts, "sites": sites}, ensure_ascii=False, indent=1, sort_keys=True, default=_iso)
    return (_NOT_YAML.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text) + "\n").encode()


def load(folder: Path) -> Data:
    """Return what the data file of a Jekyll folder says; see `load_file`."""
    return load_file(folder / FOLDER / FILE)


def load_file(file: Path) -> Data:
    """Return what a data file says; nothing where there is none.

    Raises:
        ExportError: it is no regular file, is broken, or says what no export has written.
    """
    try:
        if file.is_symlink() or file.parent.is_symlink():
            raise ExportError(f"{file} is reached through a symbolic link; put the file itself there")
        found = json.loads(file.read_bytes())
        posts = {_name(name): _record(values) for name, values in found["posts"].items()}
        sites = {name: Site(**_texts(values)) for name, values in found["sites"].items()}
    except FileNotFoundError:
        return Data(posts={}, sites={})
    except OSError as error:
        raise ExportError(f"{file} can't be read: {error.strerror}") from error
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ExportError(f"{file} is broken ({type(error).__name__}: {error}); restore it, or the posts it names "
                          "would get new files") from error
    return Data(posts=posts, sites=sites)


def _filled(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, "", (), [])}


def _iso(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(value)


def _name(name: str) -> str:
    """Refuse what would be a file elsewhere."""
    if not _NAME.fullmatch(name) or len(name.encode()) > LONGEST_NAME - len(".md"):
        raise ValueError(f"{name[:40]!r} is no file name")
    return name


def _record(values: dict[str, Any]) -> Record:
    read: dict[str, Any] = dict.fromkeys(values, _text)
    read |= dict.fromkeys(_LISTS, lambda value: tuple(map(_text, value))) | dict.fromkeys(_INSTANTS, _instant)
    read["enclosures"] = lambda value: tuple(Enclosure(**item) for item in value)
    return Record(**{name: read[name](value) for name, value in values.items()})


def _texts(values: dict[str, Any]) -> dict[str, Any]:
    return {name: _text(value) for name, value in values.items()}


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{str(value)[:40]!r} is no text")
    return value


def _instant(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} has no zone")
    return moment
