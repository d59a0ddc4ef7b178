"""From stored posts to published files: of every feed whose posts changed its documents, then what lists all feeds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from feeds import moving, opml, ownership, publish, site
from feeds.documents import Work, make
from feeds.feed import Feed
from feeds.formats import Format, FormatError, load_formats
from feeds.gate import MOST
from feeds.generator import STYLESHEET
from feeds.publish import Held, Published, PublishError
from feeds.record import Listed, digest, fingerprint, unpack_listed, unpack_shown
from pipelines.store.publications import Publication

if TYPE_CHECKING:
    from pipelines.store import Store

_LISTS = ""  # under this name, which no feed can have, stands what was published of all feeds together

_LISTED_IN = ("feeds.opml", "index.html", STYLESHEET)


def build(
    store: Store, feeds: Sequence[Feed], folder: Path, title: str, *, untouched: Sequence[Feed] = (), most: int = MOST
) -> Published:
    """Publish *feeds*, a page to read each, `feeds.opml` and `index.html`; files with the same bytes are not touched.

    A feed is only rendered when something that it is made from has changed since it was published. One that would
    surprise its subscribers (`feeds.gate`) stays as it is until somebody decides. A feed that is no longer among
    *feeds* keeps its last files: people subscribe to them.

    Args:
        store: where the posts are, and what was published last.
        feeds: in the order people should see them.
        folder: the output folder, made when missing.
        title: the workspace's title, on the page and in the subscription list.
        untouched: feeds that stay listed there as they are: their own files are left alone.
        most: how many entries of one source may surprise subscribers at once.

    Raises:
        FormatError: a feed asks for a format that does not exist; nothing was written then.
        PublishError: the folder cannot hold the files, or holds somebody else's in their place; each feed is as before,
            or new and whole.
    """
    _check_names(feeds)
    publish.prepare(folder)
    shelf = store.publications
    known, changes = shelf.all(), shelf.changes()
    keys = {feed.name: fingerprint(feed, changes) for feed in feeds}
    stale = [feed for feed in feeds if not _is_current(known.get(feed.name), keys[feed.name], folder, most)]
    names = {feed.name for feed in stale}
    _check_owner([f for f in feeds if f.name in names or _lacks(known[f.name], folder)], folder, known)
    shown = shelf.shown([feed.name for feed in stale])
    work = Work(store=store, folder=folder, title=title, most=most, changes=changes)
    written: list[str] = []
    for feed in stale:
        before = unpack_shown(shown[feed.name]) if shown.get(feed.name) else None
        made = make(work, feed, keys[feed.name], known.get(feed.name), before)
        shelf.put([made.publication])
        known[feed.name] = made.publication
        written += made.written
    written += _bring([feed.name for feed in feeds], known, folder, store)
    listed = [*feeds, *(_as_published(feed, known.get(feed.name)) for feed in untouched)]
    lists = [(feed, known.get(feed.name)) for feed in listed]
    done, published = _publish_lists(folder, title, lists, known.get(_LISTS))
    if published is not known.get(_LISTS):
        shelf.put([published])
        known[_LISTS] = published
    written += done
    held = [_held(known[feed.name], folder) for feed in feeds if _waits(known[feed.name])]
    files = sum(len(known[name].documents["files"]) for name in (*(feed.name for feed in feeds), _LISTS))
    return Published(written=tuple(sorted(written)), unchanged=max(files - len(written), 0), held=tuple(held))


def _as_published(feed: Feed, last: Publication | None) -> Feed:
    """Give *feed* the formats that its files have, whatever it says: it is left as it is."""
    known = {feed.name + form.suffix: name for name, form in load_formats().items()}
    formats = tuple(known[file] for file in (last.documents["files"] if last else ()) if file in known)
    return replace(feed, formats=formats or feed.formats)


def _is_current(last: Publication | None, key: str, folder: Path, most: int) -> bool:
    if last is None:
        return False
    if last.held and (last.held.get("key"), last.held.get("most")) == (key, most):
        return True  # nothing has changed that could decide
    return last.key == key and _is_there(last, folder)


def _held(waiting: Publication, folder: Path) -> Held:
    return Held(feed=waiting.name, why=(waiting.held or {})["why"], is_lacking=_lacks(waiting, folder))


def _waits(last: Publication) -> bool:
    return last.held is not None and "why" in last.held


def _lacks(last: Publication, folder: Path) -> bool:
    return _waits(last) and moving.is_lacking(last, folder)


def _bring(names: Sequence[str], known: dict[str, Publication], folder: Path, store: Store) -> list[str]:
    """Take along the files of feeds that wait into another output folder than before; return their names."""
    lists, written = known.get(_LISTS), list[str]()
    lacking = [name for name in names if _lacks(known[name], folder)]
    if lists is None or not lacking or lists.documents["folder"] == str(folder.resolve()):
        return written
    shown = store.publications.shown(lacking)
    for name in lacking:
        waiting = replace(known[name], shown=shown[name])
        known[name], brought = moving.bring(waiting, Path(lists.documents["folder"]), folder)
        store.publications.put([known[name]])
        written += brought
    return written


def _is_there(last: Publication, folder: Path) -> bool:
    """Whether the files are as they were written. Archive pages are not looked at each time: there are thousands."""
    files: Mapping[str, list[int]] = last.documents["files"]
    return publish.stamps(folder, files) == files


def _publish_lists(
    folder: Path, title: str, feeds: Sequence[tuple[Feed, Publication | None]], last: Publication | None
) -> tuple[tuple[str, ...], Publication]:
    """Publish what lists all feeds, where one of them changed; return the names of the files, and what is kept."""
    key = digest(title, [(feed.name, feed.title, published and published.key) for feed, published in feeds])
    if last is not None and last.key == key and _is_there(last, folder):
        return (), last
    lists = {
        "feeds.opml": opml.render(title, [feed for feed, _ in feeds]),
        "index.html": site.index(title, [(feed, _listed(published)) for feed, published in feeds]),
        STYLESHEET: site.stylesheet(),
    }
    done = publish.replace(folder, lists, parsed=False)
    return done.written, Publication(name=_LISTS, key=key, documents={
        "files": publish.stamps(folder, lists), "folder": str(folder.resolve()),
    })  # fmt: skip


def _listed(last: Publication | None) -> list[Listed]:
    return unpack_listed(last.documents["listed"]) if last else []


def _check_names(feeds: Sequence[Feed]) -> None:
    """Refuse feeds that would write one file twice, before anything is written."""
    formats = load_formats()
    taken = set(_LISTED_IN)
    for feed in feeds:
        for name in sorted(_names(feed, formats)):
            if name in taken:
                raise PublishError(f"{name} would be written twice: give a feed another name.")
            taken.add(name)


def _check_owner(stale: Sequence[Feed], folder: Path, known: Mapping[str, Publication]) -> None:
    """Refuse to write over somebody else's files, before anything is written."""
    formats, lists = load_formats(), known.get(_LISTS)
    here = lists is not None and lists.documents.get("folder") == str(folder.resolve())
    wanted = set[str]() if here else set(_LISTED_IN)
    new = {feed.name for feed in stale if not here or feed.name not in known}
    pages = [path for path in folder.iterdir() if path.name.partition(".page-")[0] in new] if new else []
    for feed in stale:
        wanted |= _names(feed, formats)
    suffixes = {form.suffix for form in formats.values()}
    wanted |= {path.name for path in pages if ".page-" in path.name and path.suffix in suffixes}
    ours = {name for feed in stale if feed.name not in new for name in known[feed.name].documents["files"]}
    ownership.check(folder, sorted(wanted), ours)


def _names(feed: Feed, formats: Mapping[str, Format]) -> set[str]:
    for name in feed.formats:
        if name not in formats:
            raise FormatError(
                f"The feed {feed.name!r} asks for the format {name!r}; there are: {', '.join(formats)}."
            )
    return {feed.name + formats[name].suffix for name in feed.formats} | {site.page_name(feed)}
