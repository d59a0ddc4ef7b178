"""The body as feed readers get it: the page's own styling left out, which readers drop or show badly."""

from __future__ import annotations

import re

from lxml import html

# Most bodies were reduced before (three formats share one selection): then one scan is all it costs.
_STYLING = re.compile(r"\s(?:style|class|id|data-[^\s=>]*)\s*=", re.IGNORECASE)


def reduce(content_html: str) -> str:
    """Return clean body HTML without `style`, `id`, `data-*` and `class`, except `language-*` classes on code."""
    if not _STYLING.search(content_html):
        return content_html
    # Without huge_tree, libxml2 loses text below depth 255 in silence.
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
    body = html.fragment_fromstring(content_html.encode(), create_parent="div", parser=parser)
    for element in body.iter("*"):
        _reduce_attributes(element)
    markup: str = html.tostring(body, encoding="unicode", with_tail=False)
    return markup.removeprefix("<div>").removesuffix("</div>")


def _reduce_attributes(element: html.HtmlElement) -> None:
    attributes = element.attrib
    languages = [name for name in attributes.get("class", "").split() if name.startswith("language-")]
    for name in list(attributes):
        if name in {"style", "class", "id"} or name.startswith("data-"):
            del attributes[name]
    if languages:
        attributes["class"] = " ".join(languages)
