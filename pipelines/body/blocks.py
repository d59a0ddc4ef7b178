"""Tistory's editor blocks: each becomes the HTML it stands for."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from pipelines.post import xml_safe
from pipelines.urls import absolute

from .images import emoticon
from .links import file_box, frame_address, link_card, point, watchable
from .nesting import BOXES
from .tree import GONE, append, classes, first, put, replace, text_of, unwrap, vanish

if TYPE_CHECKING:
    from collections.abc import Callable

    from .tree import Element

_LANGUAGE = re.compile(r"[\w.+#-]{1,40}", re.ASCII)
_NO_LANGUAGE = frozenset({
    "", "hljs", "null", "undefined", "text", "plain", "plaintext", "nohighlight", "prettyprint", "linenums", "code",
    "highlight", "codehilite", "chroma", "wp-block-code", "wp-block-preformatted",
})  # fmt: skip
_BRUSH = re.compile(r"brush:\s*([\w+#-]{1,40})")
_BOXES_AROUND = 2
_MORE = "더보기"
_SLIDE_PARTS = frozenset({"mark", "btn", "btn-prev", "btn-next", "btn_prev", "btn_next"})
_LINES = ("tr", "div", "p", "li", "dt", "dd", "center", "figure", *sorted(BOXES))
_LINE_NUMBERS = frozenset({
    "gutter", "linenos", "lineno", "lnt", "hljs-ln-numbers", "hljs-ln-line-numbers", "line-numbers-rows",
    "rouge-gutter",
})


def tidy_figure(figure: Element, base: str) -> None:
    """Turn a block of the editor into plain HTML by its kind."""
    kind = figure.get("data-ke-type") or ""
    if kind not in _FIGURES and "fileblock" in classes(figure):
        kind = "file"
    if handler := _FIGURES.get(kind):
        handler(figure, base)


def video(figure: Element, base: str) -> None:
    """Turn a video into its title, linked to where it can be watched.

    Not its thumbnail: that is no picture of the post's, and since 2025 its address is signed and dies within a month.
    """
    frame = first(figure, "iframe")
    address = absolute(figure.get("data-video-url"), base)
    address = watchable(address) if address else (frame_address(frame, base) if frame is not None else None)
    if address is None:
        return
    caption = first(figure, "figcaption")
    said = text_of(caption) if caption is not None else ""
    title = " ".join(figure.get("data-video-title", "").split()) or said or address
    card = replace(figure, "p", **{"data-ke-type": "video"})
    point(append(card, "a", title), address)
    if said and said != title:
        append(card, "br", tail=said)


def tidy_div(div: Element, _base: str) -> None:
    """Turn the blocks that are a `div`: folded text of two eras, and the image of the old editor."""
    names = classes(div)
    if div.get("data-ke-type") == "moreLess" or "moreless_content" in names:
        _fold(div, div.get("data-text-more", ""))
    elif names & {"imageblock", "wp-caption"}:  # the latter is WordPress's old editor
        div.tag = "figure"
        for caption in div.iter("p"):
            if classes(caption) & {"cap1", "wp-caption-text"}:
                caption.tag = "figcaption"
    elif names & {"moreless-content", "image-container", "image-wrap", "video-wrap"}:
        unwrap(div)


def slide_part(part: Element, labels: str) -> bool:
    """Drop a button or counter of an image slide, whose pictures stand one below the other; tell whether it was one.

    Args:
        part: any element.
        labels: its classes, as written.
    """
    if not ("btn" in labels or "mark" in labels) or _SLIDE_PARTS.isdisjoint(labels.split()):
        return False
    if not any("imageslideblock" in classes(parent) for parent in part.iterancestors("figure", "div")):
        return False
    vanish(part)
    return True


def _fold(div: Element, title: str) -> None:
    """Make folded text a `<details>`: readable in every reader, folded where the reader can."""
    for child in div:
        if child.tag in {"a", "button"} and classes(child) & {"btn-toggle-moreless", "btn_less", "btn_more"}:
            vanish(child)
    div.tag = "details"
    div.attrib.clear()
    put(div, "data-ke-type", "moreLess")
    summary = append(div, "summary", " ".join(title.split()) or _MORE, tail=div.text or "")
    div.text = None
    div.insert(0, summary)


def tidy_button(button: Element, _base: str) -> None:
    """Let a button go; one before folded text (eras A and B: `button.btn_more`) leaves its words to the text."""
    folded = button.getnext()
    if folded is not None and "btn_more" in classes(button) and "moreless_content" in classes(folded):
        put(folded, "data-text-more", text_of(button))
    vanish(button)


def tidy_code(block: Element, _base: str) -> None:
    """Say the language of code the way HTML does: `class="language-x"` on the `code` inside."""
    _lay_out_lines(block)
    inner = first(block, "code")
    language = next(filter(None, map(_language, _named_languages(block, inner))), None)
    if "class" in block.attrib:
        del block.attrib["class"]
    if language:
        put(inner if inner is not None else block, "class", f"language-{language}")


def _lay_out_lines(block: Element) -> None:
    """Make text of code whose lines are rows of a table, or boxes (highlighters), without the numbers of lines."""
    for part in [*block.iterdescendants("td", "th", "span", "div")]:
        if classes(part) & _LINE_NUMBERS:
            vanish(part)
    for line in [*block.iterdescendants(*_LINES)]:
        if line.tag != GONE:
            last = line[-1] if len(line) else None
            if last is None:
                line.text = f"{xml_safe(line.text or '').rstrip()}\n"
            else:
                last.tail = f"{xml_safe(last.tail or '').rstrip()}\n"
    for part in [*block.iterdescendants("table", "thead", "tbody", "td", "th", "ol", "ul", "dl", *_LINES)]:
        unwrap(part)


def _named_languages(block: Element, inner: Element | None) -> list[str]:
    names = [block.get("data-ke-language", "")]
    for node in (inner, block):
        if node is not None:
            brush = _BRUSH.search(node.get("class", ""))
            names += [brush[1]] if brush else []
            given = node.get("class", "").replace(";", " ").split()
            names += [name for name in given if name.startswith("language-")] + given
    # Rouge writes it on the boxes around: <div class="language-ruby highlighter-rouge"><div class="highlight"><pre>
    boxes = (box.get("class", "") for box in islice(block.iterancestors("div"), _BOXES_AROUND))
    return names + [name for labels in boxes for name in labels.split() if name.startswith("language-")]


def _language(name: str) -> str | None:
    name = name.lower().removeprefix("language-").removeprefix("lang-").removeprefix("brush:")
    return name if name not in _NO_LANGUAGE and _LANGUAGE.fullmatch(name) else None


def raw_text(block: Element, _base: str) -> None:
    """Keep code that old posts show in `<xmp>` or `<textarea>`."""
    text = block.text or ""
    around = block.getparent()
    if text.strip():
        replace(block, "span" if around is not None and around.tag == "ul" else "pre", text)
    else:
        vanish(block)


_FIGURES: dict[str, Callable[[Element, str], None]] = {
    "opengraph": link_card, "video": video, "file": file_box, "emoticon": emoticon,
}
