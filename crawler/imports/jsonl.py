"""What `export jsonl` has written: the folder, or one of its files; --source."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from crawler import fields
from crawler.imports._shelving import Shelving
from crawler.spider import now
from crawler.tasks.exporting import blog_of
from crawler.toml.error import printable
from feeds.exports import ExportError
from feeds.exports.jsonl.line import SUFFIX, LineError, PostLine, SiteLine, read_line
from pipelines.identity import address_alias, is_platform_key
from pipelines.normalise import NotAPostError, normalise
from pipelines.pictures import lasting_forms
from pipelines.post import Enclosure, RawPost, xml_safe
from pipelines.site import Site
from pipelines.store import Kept

if TYPE_CHECKING:
    from pathlib import Path

    from crawler.imports import Imported, Intake

options = ("source",)
LONGEST_LINE = 40 * 2**20
"""Bytes of a line: the longest body that is kept, in the longest letters, and what belongs to it."""
_BOM = b"\xef\xbb\xbf"


def read(place: Path, intake: Intake) -> Imported:
    """Store the posts of a file, or of every `.jsonl` file of a folder, under the guids and dates that they have.

    Raises:
        ExportError: there is no such file or folder, it can't be read, or there is no `.jsonl` file in it.
    """
    return _Import(intake).run(_files(place))


class _Import:
    """One run over one file or folder."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake
        self._at = now()
        self._taken: set[tuple[str, str]] = set()
        self._sites: dict[str, Site] = {}

    def run(self, files: list[Path]) -> Imported:
        exchange = self._intake.store.exchange
        shelving = Shelving[Kept](self._intake, lambda batch: exchange.take_in(batch, self._at, self._taken))
        for file in files:
            for number, raw in _lines(file):
                where = f"{printable(file.name)}, line {number}"
                try:
                    if kept := self._read(raw):
                        shelving.take(where, kept, len(kept.post.content_html))
                except (LineError, NotAPostError) as error:
                    shelving.refuse(where, error)
        return shelving.done(self._site)

    def _read(self, raw: bytes | None) -> Kept | None:
        """The post of a line; None where it tells of a blog, which is noted."""
        if raw is None:
            raise LineError(f"it is longer than {LONGEST_LINE // 2**20} MiB")
        try:
            line = read_line(raw)
            source = self._intake.source or fields.name(line.source)
        except LineError as error:
            raise LineError(printable(str(error))) from None
        except ValueError as error:
            raise LineError(f"source: {printable(line.source[:40])!r} {error}") from None
        if isinstance(line, PostLine):
            return kept_of(line, source)
        self._sites.setdefault(source, _site_of(line, source))
        return None

    def _site(self, name: str) -> Site:
        intake = self._intake
        return self._sites.get(name) or blog_of(intake.workspace, intake.loaded, intake.store, name).site


def kept_of(line: PostLine, source: str) -> Kept:
    """Return the post that a line tells of: through the same steps as a page, then what only the export knew.

    Raises:
        NotAPostError: it holds nothing to keep.
    """
    lasting = " ".join(picture.lasting or "" for picture in line.pictures)
    raw = RawPost(
        source=source, page_url=line.url, url=line.url, fetched=line.first_seen, zone="UTC", title=line.title,
        author=line.author, categories=line.categories, tags=line.tags, language=line.language, image=line.image,
        content_html=line.content_html, lasting=lasting_forms(lasting.encode()),
        enclosures=tuple(Enclosure(url=e.url, type=e.type, length=e.length) for e in line.enclosures),
    )
    post = normalise(raw)
    aliases = line.aliases or (address_alias(post.url),)
    known: dict[str, Any] = {
        "guid": line.guid, "published": line.published, "updated": line.updated,
        "excerpt": xml_safe(line.excerpt), "feature_text": xml_safe(line.feature_text),
        "image": post.image if line.image else None, "language": post.language if line.language else None,
        "aliases": tuple(sorted(dict.fromkeys(aliases), key=lambda alias: (not is_platform_key(alias), alias))),
    }
    return Kept(post=replace(post, **known), gone=line.gone, deleted=line.deleted)


def _site_of(line: SiteLine, source: str) -> Site:
    def one_line(text: str) -> str:
        return " ".join(xml_safe(text).split())

    return Site(
        source=source, title=one_line(line.title), home=line.home, platform=one_line(line.platform) or "generic",
        description=one_line(line.description), language=one_line(line.language or "") or None, icon=line.icon,
    )


def _files(place: Path) -> list[Path]:
    try:
        if not place.is_dir():
            return [place] if _is_file(place) else _refuse(place)
        files = sorted(path for path in place.iterdir() if path.suffix == SUFFIX and not path.name.startswith("."))
    except OSError as error:
        raise ExportError(f"{place} can't be read: {error.strerror}") from error
    if not files:
        raise ExportError(f"{place} has no {SUFFIX} file")
    return [path if _is_file(path) else _refuse(path)[0] for path in files]


def _is_file(path: Path) -> bool:
    return stat.S_ISREG(path.lstat().st_mode)


def _refuse(path: Path) -> list[Path]:
    raise ExportError(f"{path} is a link or no regular file; put the file itself there")


def _lines(file: Path) -> Iterator[tuple[int, bytes | None]]:
    """Yield each line that is not blank with its number; None for one that is too long, of which no more is held."""
    try:
        with file.open("rb") as opened:
            number = 0
            while raw := opened.readline(LONGEST_LINE + 1):
                number += 1
                is_long = len(raw) > LONGEST_LINE
                while is_long and raw and not raw.endswith(b"\n"):
                    raw = opened.readline(LONGEST_LINE)
                if number == 1:
                    raw = raw.removeprefix(_BOM)
                if is_long or raw.strip():
                    yield number, None if is_long else raw
    except OSError as error:
        raise ExportError(f"{file} can't be read: {error.strerror}") from error
