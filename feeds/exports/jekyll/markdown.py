"""The body of a Jekyll post as HTML: what Liquid and Markdown would have made of it, as far as we can tell."""

from __future__ import annotations

import re
from functools import cache

from markdown_it import MarkdownIt

_RAW = re.compile(r"\{%-?\s*raw\s*-?%\}(.*?)\{%-?\s*endraw\s*-?%\}", re.DOTALL)
# kramdown's attribute lists (`{: .class}`) say nothing that a body keeps.
_ATTRIBUTES = re.compile(r"^[ ]{0,3}\{:[^{}\n]*\}[ \t]*$", re.MULTILINE)


def body_html(body: str) -> str:
    """Return a body as HTML: one that begins with a tag is HTML already, any other is Markdown (CommonMark, tables).

    `raw` tags go, what they guard stays; other Liquid is left as the text that it is.
    """
    text = _RAW.sub(r"\1", body).strip("\n")
    if text.lstrip().startswith("<"):
        return text
    html: str = _markdown().render(_ATTRIBUTES.sub("", text))
    return html


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
