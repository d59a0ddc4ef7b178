"""Our own rules for a document that may be published: what readers choke on, told in one sentence."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from lxml import etree

from pipelines.post import xml_safe

_ATOM = "{http://www.w3.org/2005/Atom}"
_BODY = "{http://purl.org/rss/1.0/modules/content/}encoded"
_XML = (".rss", ".atom", ".opml", ".xml")
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_THUMBNAIL = "{http://search.yahoo.com/mrss/}thumbnail"
_TOMBSTONE = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"

# RFC 3986 allows brackets around an IPv6 host and nowhere else. A lone % is tolerated: some hosts mean it.
_ADDRESS = re.compile(r"https?://(?:[\w.-]+|\[[\da-fA-F:.]+\])(?::\d+)?(?:[/?#][\w.~!$&'()*+,;=:@/?#%-]*)?", re.ASCII)
# In our bodies' markup every value stands in double quotes; a quote within text is harmless where no tag is open.
_SUSPECT = re.compile(r'\s(?:href|src|poster)="(?!(?:https?://|mailto:)[!-~]+")')
_LINK = re.compile(r"(?:https?://|mailto:)[!-~]+")
_TAG = re.compile(r'<[a-zA-Z](?:[^>"]|"[^"]*")*+>')
_ATTRIBUTE = re.compile(r'\s([\w:-]+)="([^"]*)"')
_RFC822 = re.compile(
    r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} "
    r"\d\d:\d\d:\d\d [+-]\d{4}"
)
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
_MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+", re.ASCII)


def problem(name: str, content: bytes) -> str:
    """Return what is wrong with a document, as one sentence without its end; empty where nothing is.

    Args:
        name: its file name, by whose end its format is known; a format of another package is only parsed.
        content: its bytes.
    """
    suffix = Path(name).suffix
    try:
        found = parse(name, content)
    except ValueError as error:
        return f"{name} {error}"
    judge = {".rss": _rss, ".atom": _atom, ".json": _json}.get(suffix)
    first = next(iter(judge(found)), "") if judge else ""
    return f"{name} is no valid feed: {first}" if first else ""


def first_problem(documents: Mapping[str, bytes]) -> str:
    """Return the `problem` of the first of some documents that has one; empty where none has."""
    return next(filter(None, (problem(name, content) for name, content in documents.items())), "")


def parse(name: str, content: bytes) -> Any:
    """Return what a document of XML or JSON holds, as a reader would see it; None of any other.

    Args:
        name: its file name, by whose end it is known.
        content: its bytes.

    Raises:
        ValueError: it is empty or does not parse; the text says so.
    """
    suffix = Path(name).suffix
    if not content:
        raise ValueError("is empty")
    try:
        if suffix in _XML or content.startswith(b"<?xml"):
            return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
        return json.loads(content) if suffix == ".json" else None
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ValueError(f"does not parse ({error})") from error


def _rss(root: etree._Element) -> Iterator[str]:
    channel = root.find("channel")
    if channel is None:
        yield "it has no channel"
        return
    yield from _lacking("it", channel, ("title", "link", "description"))
    yield from _self(channel)
    yield from _language(channel.findtext("language"))
    yield from _dates(_RFC822, channel.findtext("lastBuildDate"))
    yield from _addresses(*(e.text for e in channel.iterfind("link")), *(e.text for e in channel.iterfind("image/url")))
    items = channel.findall("item")
    for item in items:
        yield from _item(item)
    yield from _twice(item.findtext("guid") for item in items)


def _item(item: etree._Element) -> Iterator[str]:
    yield from _lacking("an item", item, ("title", "link", "guid", "pubDate"))
    yield from _dates(_RFC822, item.findtext("pubDate"))
    if any(guid.get("isPermaLink") != "false" for guid in item.iterfind("guid")):
        yield "an item's guid does not say that it is no address"
    names = [child.tag for child in item]
    if _BODY in names and names.index(_BODY) < names.index("description" if "description" in names else _BODY):
        yield "an item's description stands after its body"
    if names.count("enclosure") > 1:
        yield "an item has two enclosures"
    if any(category.get("domain") for category in item.iterfind("category")):
        yield "a category has a domain"
    for media in item.iterfind("enclosure"):
        yield from _media(media.get("url"), media.get("type"), media.get("length"))
    yield from _addresses(item.findtext("link"), *(e.get("url") for name in ("source", _THUMBNAIL)
                                                   for e in item.iterfind(name)))  # fmt: skip
    yield from _body(item.findtext(_BODY))


def _atom(root: etree._Element) -> Iterator[str]:
    yield from _lacking("it", root, (f"{_ATOM}id", f"{_ATOM}title", f"{_ATOM}updated"))
    yield from _self(root)
    yield from _language(root.get(_LANG))
    yield from _dates(_RFC3339, root.findtext(f"{_ATOM}updated"))
    named = (f"{_ATOM}icon", f"{_ATOM}logo", f"{_ATOM}author/{_ATOM}uri")
    yield from _addresses(*(link.get("href") for link in root.iterfind(f"{_ATOM}link")),
                          *(e.text for name in named for e in root.iterfind(name)))  # fmt: skip
    entries, gone = root.findall(f"{_ATOM}entry"), root.findall(_TOMBSTONE)
    for entry in entries:
        yield from _entry(entry)
    yield from _dates(_RFC3339, *(each.get("when") for each in gone))
    yield from _twice([*(entry.findtext(f"{_ATOM}id") for entry in entries), *(each.get("ref") for each in gone)])


def _entry(entry: etree._Element) -> Iterator[str]:
    yield from _lacking("an entry", entry, (f"{_ATOM}id", f"{_ATOM}title", f"{_ATOM}updated", f"{_ATOM}published"))
    yield from _dates(_RFC3339, entry.findtext(f"{_ATOM}updated"), entry.findtext(f"{_ATOM}published"))
    yield from _language(entry.get(_LANG))
    links = entry.findall(f"{_ATOM}link")
    if [link.get("rel") for link in links].count("alternate") != 1:
        yield "an entry has not exactly one address"
    source = entry.find(f"{_ATOM}source")
    if source is not None:
        yield from _lacking("an entry's source", source, (f"{_ATOM}id", f"{_ATOM}title", f"{_ATOM}updated"))
        links += source.findall(f"{_ATOM}link")
    yield from _addresses(*(link.get("href") for link in links if link.get("rel") != "enclosure"),
                          *(e.get("url") for e in entry.iterfind(_THUMBNAIL)),
                          *(e.get("scheme") for e in entry.iterfind(f"{_ATOM}category")))  # fmt: skip
    for link in links:
        if link.get("rel") == "enclosure":
            yield from _media(link.get("href"), link.get("type"), link.get("length"))
    for body in entry.iterfind(f"{_ATOM}content"):
        if body.get("type") != "html":
            yield "an entry's body does not say that it is HTML"
        yield from _body(body.text)


def _json(document: Any) -> Iterator[str]:
    if not isinstance(document, dict) or not isinstance(document.get("items"), list):
        yield "it has no list of items"
        return
    if not document.get("title") or document.get("version") != "https://jsonfeed.org/version/1.1":
        yield "it lacks its title or its version"
    if any(xml_safe(text) != text for text in _texts(document)):
        yield "it holds a character that no feed may"
    optional = [document[key] for key in ("next_url", "icon", "favicon") if key in document]
    hubs = [hub.get("url") for hub in document.get("hubs", [])]
    yield from _addresses(document.get("home_page_url"), document.get("feed_url"), *optional, *hubs)
    yield from _language(document.get("language"))
    for item in document["items"]:
        yield from _json_item(item)
    yield from _twice(item.get("id") for item in document["items"])


def _json_item(item: dict[str, Any]) -> Iterator[str]:
    if not item.get("id") or not isinstance(item["id"], str):
        yield "an item lacks its id"
    if ("content_html" in item) == ("content_text" in item):
        yield "an item has not exactly one body"
    yield from _addresses(item.get("url"), *(item[key] for key in ("image", "banner_image") if key in item))
    yield from _dates(_RFC3339, item.get("date_published"), item.get("date_modified", item.get("date_published")))
    yield from _language(item.get("language"))
    for media in item.get("attachments", []):
        yield from _media(media.get("url"), media.get("mime_type"), str(media.get("size_in_bytes")))
    yield from _body(item.get("content_html"))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield key
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


def _lacking(what: str, parent: etree._Element, names: Sequence[str]) -> Iterator[str]:
    for name in names:
        found = parent.find(name)
        if found is None or not (found.text or found.get("href")):
            yield f"{what} lacks its {name.rpartition('}')[2]}"


def _self(parent: etree._Element) -> Iterator[str]:
    own = [link.get("href") for link in parent.iterfind(f"{_ATOM}link") if link.get("rel") == "self"]
    if len(own) != 1:
        yield "it does not say where it is itself"
    yield from _addresses(*own)


def _language(code: str | None) -> Iterator[str]:
    if code is not None and not _LANGUAGE.fullmatch(code):
        yield f"{code[:100]!r} is no language"


def _dates(form: re.Pattern[str], *dates: str | None) -> Iterator[str]:
    for date in dates:
        if not form.fullmatch(date or ""):
            yield f"{(date or 'nothing')[:100]!r} is no date as it should be"


def _media(url: str | None, kind: str | None, length: str | None) -> Iterator[str]:
    yield from _addresses(url)
    if not _MEDIA_TYPE.fullmatch(kind or "") or not (length or "").isdecimal() or not int(length or 0):
        yield f"the media file {(url or '')[:100]} lacks its type or its length"


def _addresses(*urls: str | None) -> Iterator[str]:
    for url in urls:
        if not _ADDRESS.fullmatch(url or ""):
            yield f"{(url or 'nothing')[:100]!r} is no absolute address"


def _body(text: str | None) -> Iterator[str]:
    """Tell what a reader would look for at an address of its own; nearly every body takes one scan."""
    if not _SUSPECT.search(text or ""):
        return
    for tag in _TAG.finditer(text or ""):
        for name, value in _ATTRIBUTE.findall(tag[0]):
            if name in {"href", "src", "poster"} and not _LINK.fullmatch(value):
                yield f"a body leads to {value[:100]!r}, which is no absolute address"


def _twice(ids: Iterable[str | None]) -> Iterator[str]:
    seen: set[str | None] = set()
    for each in ids:
        if each in seen:
            yield f"the id {each} stands twice"
        seen.add(each)
