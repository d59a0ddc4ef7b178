"""The body as feed readers get it: without the page's styling, which they drop or show badly; videos with a still."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

# Most bodies were reduced before (three formats share one selection): then one scan is all it costs.
_STYLING = re.compile(r"\s(?:style|class|id|data-[^\s=>]*)\s*=", re.IGNORECASE)
# The one host whose pictures can be told from the video's address, and stay.
_YOUTUBE = re.compile(r"https://www\.youtube\.com/watch\?v=([\w-]{6,20})", re.ASCII)


def reduce(content_html: str) -> str:
    """Return clean body HTML without `style`, `id`, `data-*` and `class`, except `language-*` classes on code.

    A link that stands for a video's frame gets the video's still picture, where its address can be told.
    """
    if not _STYLING.search(content_html):
        return content_html
    # Without huge_tree, libxml2 loses text below depth 255 in silence.
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True)
    root = etree.fromstring(f"<html><body><div>{content_html}</div></body></html>".encode(), parser)
    body = root[0][0]
    for element in body.iter("*"):
        if element.get("data-ke-type") == "video":
            _show_still(element)
        _reduce_attributes(element)
    markup = etree.tostring(body, method="html", encoding="unicode", with_tail=False)
    return markup.removeprefix("<div>").removesuffix("</div>")


def _show_still(video: Element) -> None:
    link = next(iter(video.iter("a")), None)
    found = _YOUTUBE.match(link.get("href") or "") if link is not None else None
    if link is None or not found or next(link.iter("img"), None) is not None:
        return
    still = etree.Element("img", src=f"https://i.ytimg.com/vi/{found[1]}/hqdefault.jpg", alt="", loading="lazy")
    line = etree.Element("br")
    line.tail, link.text = link.text, None
    link[:0] = [still, line]


def _reduce_attributes(element: Element) -> None:
    attributes = element.attrib
    languages = [name for name in (element.get("class") or "").split() if name.startswith("language-")]
    for name in map(str, list(attributes)):
        if name in {"style", "class", "id"} or name.startswith("data-"):
            del attributes[name]
    if languages:
        attributes["class"] = " ".join(languages)
