"""What a configuration of html2rss says (its reference, "channel" and "selectors") to the settings of sources."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from crawler.imports._headers import headers
from crawler.imports._listed import Items, ListedField, Rule, css_link, in_item, settings, untaken
from crawler.imports._selectors import links_css, within_css
from crawler.imports._wanted import Wanted
from crawler.imports.opml.outlines import Outline, plain_title
from crawler.source_file import Setting

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_MOST_FEEDS = 1000
_MOST_HEADERS = 50
_PARAMETER = re.compile(r"%(?:<(\w+)>s|\{(\w+)\})")
_NAMED = re.compile(r"[^()]*@[^()]*\(([^()]+)\)\s*")  # "mail (Name)", as RSS has it
_CHANNEL = {"url", "title", "author", "ttl", "language", "time_zone", "headers"}
_TOP = {"channel", "selectors", "headers", "strategy", "parameters", "auto_source", "directory", "stylesheets"}
"""Keys that are read, or that say nothing to another program."""
_NO_FIELDS = {"items", "url", "link", "guid"}
# By our keys; what a description says is a post's own page's to give.
_FIELDS = {
    "title": "title", "author": "author", "published_at": "published", "updated": "updated", "image": "image",
    "enclosure": "image",
}  # fmt: skip
_HARMLESS = {"parse_time", "sanitize_html", "parse_uri"}
"""Steps that change how a text is written, and nothing of what a post is told to be."""
_BROWSERS = "pages are read as the server sends them; what JavaScript alone makes of them is not seen"


def wanted(document: Any) -> Iterator[Wanted]:
    """Yield the source that each feed of a configuration describes, whatever the document is."""
    whole = _table(document)
    shared = {name: whole[name] for name in ("headers", "strategy") if name in whole}
    if "channel" in whole:
        yield _wanted(whole)
    for name, config in list(_table(whole.get("feeds")).items())[:_MOST_FEEDS]:
        yield _wanted(shared | _table(config), _text(name))


def _wanted(config: Mapping[str, Any], name: str = "") -> Wanted:
    channel, selectors = _table(config.get("channel")), _table(config.get("selectors"))
    url, unknown = _address(_text(channel.get("url")), _table(config.get("parameters")))
    title = plain_title(_text(channel.get("title")))
    outline = Outline(title=title, feed="", page=url)
    if unknown:
        why = f"its address needs a value for {unknown}"
    elif not url:
        why = "it has no channel url"
    elif channel.get("json") is True:
        why = "its posts are in JSON; only pages and feeds are read"
    else:
        why = ""
    if why:
        shown = Outline(title=title or name or url or "a feed", feed="", page=url)
        return Wanted(outline=shown, why=why)
    found = (*_of_channel(channel), *_of_request(config, channel), *_of_selectors(selectors))
    return Wanted(outline=outline, settings=found, left=tuple(_left(config, channel, selectors)))


def _address(written: str, parameters: Mapping[str, Any]) -> tuple[str, str]:
    """Return the address with the defaults of its parameters, and the first that has none."""
    missing = ""

    def value(found: re.Match[str]) -> str:
        nonlocal missing
        name = found[1] or found[2]
        default = _text(_table(parameters.get(name)).get("default"))
        missing = missing or (name if not default else "")
        return default

    return _PARAMETER.sub(value, written), missing


def _of_channel(channel: Mapping[str, Any]) -> Iterator[Setting]:
    for theirs, ours in (("language", "language"), ("time_zone", "zone")):
        if value := _text(channel.get(theirs)):
            yield Setting(key=(ours,), value=value, said=f"channel {theirs}")
    if author := _text(channel.get("author")):
        named = _NAMED.fullmatch(author)
        yield Setting(key=("author",), value=named[1] if named else author, said="channel author")
    if (ttl := _number(channel.get("ttl"))) is not None:
        yield Setting(key=("every",), value=f"{ttl}m", said="channel ttl")


def _of_request(config: Mapping[str, Any], channel: Mapping[str, Any]) -> Iterator[Setting]:
    sent = _table(config.get("headers")) | _table(channel.get("headers"))
    for name, value in list(sent.items())[:_MOST_HEADERS]:
        yield from headers(_text(name), _text(value), f"headers {_text(name)}")


def _of_selectors(selectors: Mapping[str, Any]) -> Iterator[Setting]:
    items, link = _selector(selectors.get("items")), _link(selectors)
    if items:
        links = links_css(items, _selector(link))
        if _text(link.get("extractor")) == "attribute" and _text(link.get("attribute")) not in {"", "href"}:
            links = f"{within_css(items, _selector(link))}::attr({_text(link.get('attribute'))})"
        of = Items(items=items, links=links, link=_link_rule(link), said=("items", "url"))
        yield from settings(of, _fields(selectors))
    author = _table(selectors.get("author"))
    if _text(author.get("extractor")) == "static":
        yield Setting(key=("author",), value=_text(author.get("static")), said="author")
    pages = _number(_table(_table(selectors.get("items")).get("pagination")).get("max_pages"))
    if pages is not None:
        yield Setting(key=("pages",), value=pages, said="items pagination")


def _left(config: Mapping[str, Any], channel: Mapping[str, Any], selectors: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"{_text(name)}: nothing here does that" for name in config if name not in _TOP | {"request"})
    if _text(config.get("strategy")) not in {"", "faraday", "auto"}:
        yield f"strategy {_text(config['strategy'])[:40]}: {_BROWSERS}"
    elif "request" in config:
        yield "request: how a site is asked is moafeed's to decide, but for [request]"
    yield from (f"channel {_text(name)}: nothing here does that" for name in channel if name not in _CHANNEL)
    fields = _fields(selectors)
    yield from untaken(fields)
    for field in fields:
        if field.is_taken and (steps := _steps(selectors[field.name]) - _HARMLESS):
            yield f"{field.name} post_process {', '.join(sorted(steps))[:80]}: the text is taken as its item says it"
    if _text(_table(selectors.get("items")).get("order")) == "reverse":
        yield "items order: posts are in the order of their dates"
    link = _link(selectors)
    if link.get("post_process"):
        yield "url post_process: a post's address is taken as its link says it"
    if _text(link.get("extractor")) not in {"", "href", "attribute"}:
        yield f"url extractor {_text(link['extractor'])[:40]}: a post's address is that of the first link in its item"


def _fields(selectors: Mapping[str, Any]) -> list[ListedField]:
    """The fields that are read in an item, but for an author who is that of all."""
    made = []
    for name, said in selectors.items():
        if name in _NO_FIELDS or (name == "author" and _is_static(said)):
            continue
        if name == "categories":
            key, rule = "tags", _together(said, selectors)
        else:
            key = _FIELDS.get(name, "") if name != "enclosure" or "img" in _selector(said) else ""
            rule = _rule(said) if key else None
        made.append(ListedField(key=key, name=_text(name), said=_text(name), rule=rule))
    return made


def _together(names: Any, selectors: Mapping[str, Any]) -> Rule | None:
    """The rule of what several fields find, by their names; None where it is not the text of elements."""
    rules = [_rule(selectors.get(name)) for name in names if isinstance(name, str)] if isinstance(names, list) else []
    texts = [rule for rule in rules if isinstance(rule, str)]
    return ", ".join(texts) if texts and len(texts) == len(rules) and "./." not in texts else None


def _rule(field: Any) -> Rule | None:
    """Where an item says a field; None where it is no element, text or attribute of it."""
    table = {"selector": field} if isinstance(field, str) else _table(field)
    css, extractor = _selector(field), _text(table.get("extractor"))
    if extractor in {"", "text", "html"}:
        return in_item(css) if css else None
    attribute = {"href": "href", "attribute": _text(table.get("attribute"))}.get(extractor)
    return {"selector": in_item(css), "attribute": attribute} if attribute else None


def _link_rule(link: Mapping[str, Any]) -> Rule | None:
    attribute = _text(link.get("attribute"))
    if _text(link.get("extractor")) == "attribute" and attribute not in {"", "href"}:
        return {"selector": in_item(_selector(link)), "attribute": attribute}
    return css_link(_selector(link))


def _steps(field: Any) -> set[str]:
    """The names of what is done with a text that was found."""
    steps = _table(field).get("post_process")
    return {_text(_table(step).get("name")) for step in (steps if isinstance(steps, list) else [steps])} - {""}


def _link(selectors: Mapping[str, Any]) -> Mapping[str, Any]:
    """What says where the link of an item is; `link` is its older name."""
    link = selectors.get("url") or selectors.get("link")
    return {"selector": link} if isinstance(link, str) else _table(link)


def _is_static(field: Any) -> bool:
    return _text(_table(field).get("extractor")) == "static"


def _selector(field: Any) -> str:
    return _text(field if isinstance(field, str) else _table(field).get("selector")).strip()


def _table(value: Any) -> dict[Any, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _number(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10**6 else None
