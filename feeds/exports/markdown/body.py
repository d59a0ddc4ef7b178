"""A clean body as Markdown, by markdownify: what that library leaves to chance is decided here."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bs4 import Tag
from bs4.element import NavigableString
from markdownify import ATX, MarkdownConverter

from . import escaping
from .table import BLOCKS, as_html, inline_html, pipe_table

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

_SPACE = re.compile(r"\s+")
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_BACKTICKS = re.compile(r"`+")
_LINE = re.compile(r"^(?=.*\S)", re.MULTILINE)
_LANGUAGE = "language-"
_MARKS = "*_~`<>[]"
_APART = {*BLOCKS, "br", "td", "th"}
_CODE = ["code", "kbd", "samp", "tt"]
_BOXES = {"address", "article", "aside", "div", "figcaption", "figure", "footer", "header", "main", "p", "section"}
_MORE_THAN_A_LINE = [tag for tag in BLOCKS if tag not in _BOXES]


def markdown(content_html: str) -> str:
    """Return a clean body as Markdown (CommonMark, with the tables and strikethrough of GitHub's); no line end last."""
    made: str = _Converter(heading_style=ATX, wrap=True, wrap_width=None).convert(f"<div>{content_html}</div>")
    return made.strip()


class _Converter(MarkdownConverter):
    """`convert_TAG(element, text, parent_tags)` gets what the element holds as *text*, converted already.

    `_inline` among the parents stands for a heading or a cell, where there is but one line; `_noformat` for code.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._numbers: dict[int, int] = {}
        self._cells: dict[int, str] = {}

    def escape(self, text: str, _parent_tags: AbstractSet[str]) -> str:
        return escaping.text(text)

    def convert_a(self, el: Tag, text: str, parent_tags: AbstractSet[str]) -> str:
        href = _said(el, "href")
        if "_noformat" in parent_tags or not href:
            return text
        target = escaping.destination(href, _said(el, "title"))
        if _BLANK_LINE.search(text.strip()) or ("_inline" not in parent_tags and _holds_blocks(el)):
            return f"{text.rstrip()}\n\n[{escaping.label(href)}]({target})\n\n"
        before, inner, after = _parts(text)
        return f"{before}[{inner}]({target}){after}"

    def convert_img(self, el: Tag, _text: str, **_: object) -> str:
        return f"![{escaping.label(_said(el, 'alt'))}]({escaping.destination(_said(el, 'src'), _said(el, 'title'))})"

    def convert_br(self, _el: Tag, _text: str, parent_tags: AbstractSet[str]) -> str:
        if "pre" in parent_tags:
            return "\n"
        return "<br>" if "td" in parent_tags or "th" in parent_tags else " " if "_inline" in parent_tags else "  \n"

    def convert_hr(self, _el: Tag, _text: str, parent_tags: AbstractSet[str]) -> str:
        return " " if "_inline" in parent_tags else "\n\n***\n\n"

    def convert_b(self, el: Tag, text: str, parent_tags: AbstractSet[str]) -> str:
        return _marked(el, text, parent_tags, "**", "strong")

    def convert_em(self, el: Tag, text: str, parent_tags: AbstractSet[str]) -> str:
        return _marked(el, text, parent_tags, "*", "em")

    def convert_del(self, el: Tag, text: str, parent_tags: AbstractSet[str]) -> str:
        return _marked(el, text, parent_tags, "~~", "del")

    convert_strong, convert_i, convert_s, convert_strike = convert_b, convert_em, convert_del, convert_del

    def _as_tag(self, el: Tag, text: str, parent_tags: AbstractSet[str]) -> str:
        """What Markdown has no sign for."""
        if "_noformat" in parent_tags or not text.strip() or _BLANK_LINE.search(text):
            return text
        return f"<{el.name}>{text}</{el.name}>"

    convert_sub = convert_sup = convert_mark = convert_u = convert_ins = _as_tag
    convert_ruby = convert_rt = convert_rp = _as_tag

    def convert_code(self, el: Tag, text: str, parent_tags: AbstractSet[str]) -> str:
        if "_noformat" in parent_tags or not text.strip():
            return text
        if "_inline" not in parent_tags and el.name != "pre" and el.find(BLOCKS):
            return f"\n\n<div>{as_html(el)}</div>\n\n"
        if el.name != "pre" and el.find(["a", "img"]):
            return inline_html(el)
        before, inner, after = _parts(_SPACE.sub(" ", text))
        fence = "`" * (max(map(len, _BACKTICKS.findall(inner)), default=0) + 1)
        pad = " " if inner[0] == "`" or inner[-1] == "`" else ""
        return f"{before}{fence}{pad}{inner}{pad}{fence}{after}"

    convert_kbd = convert_samp = convert_tt = convert_code

    def convert_pre(self, el: Tag, text: str, parent_tags: AbstractSet[str]) -> str:
        code = text.removeprefix("\n").rstrip("\n")
        if not code.strip():
            return ""
        if "_inline" not in parent_tags and el.find("img"):
            return f"\n\n{as_html(el)}\n\n"
        if "_inline" in parent_tags:
            return self.convert_code(el, code, set())
        fence = "`" * max(3, max(map(len, _BACKTICKS.findall(code)), default=0) + 1)
        return f"\n\n{fence}{_language(el)}\n{code}\n{fence}\n\n"

    def convert_hN(self, n: int, _el: Tag, text: str, parent_tags: AbstractSet[str]) -> str:  # noqa: N802
        line = _SPACE.sub(" ", text).strip()
        return _in_line(line) if "_inline" in parent_tags else f"\n\n{'#' * n} {line}\n\n" if line else ""

    def convert_p(self, _el: Tag, text: str, parent_tags: AbstractSet[str]) -> str:
        inner = text.strip(" \t\n")
        return _in_line(inner) if "_inline" in parent_tags else f"\n\n{inner}\n\n" if inner else ""

    convert_div = convert_article = convert_section = convert_figure = convert_figcaption = convert_p
    convert_address = convert_aside = convert_header = convert_footer = convert_main = convert_p
    convert_dl = convert_dd = convert_p

    def convert_dt(self, el: Tag, text: str, parent_tags: AbstractSet[str]) -> str:
        return self.convert_p(el, _marked(el, text, parent_tags, "**", "strong"), parent_tags)

    def convert_blockquote(self, _el: Tag, text: str, parent_tags: AbstractSet[str]) -> str:
        inner = text.strip(" \t\n")
        if "_inline" in parent_tags or not inner:
            return _in_line(inner)
        quoted = "\n".join(f"> {line}" if line.strip() else ">" for line in inner.split("\n"))
        return f"\n\n{quoted}\n\n"

    def convert_summary(self, el: Tag, text: str, parent_tags: AbstractSet[str]) -> str:
        is_title = "_inline" not in parent_tags and el.parent is not None and el.parent.name == "details"
        return "" if is_title else self.convert_p(el, text, parent_tags)  # its details write it as HTML

    def convert_details(self, el: Tag, text: str, parent_tags: AbstractSet[str]) -> str:
        if "_inline" in parent_tags:
            return _in_line(text)
        said = "".join(f"{as_html(each)}\n" for each in el.find_all("summary", recursive=False))
        return f"\n\n<details>\n{said}\n{text.strip()}\n\n</details>\n\n"

    def convert_ul(self, el: Tag, text: str, parent_tags: AbstractSet[str]) -> str:
        inner = text.strip("\n")
        if "_inline" in parent_tags or not inner.strip():
            return _in_line(inner)
        # Only a list that begins with 1 may follow a line of text at once.
        tight = el.parent is not None and el.parent.name == "li" and _start(el) == 1
        return f"{chr(10) if tight else chr(10) * 2}{inner}\n\n"

    convert_ol = convert_ul

    def convert_li(self, el: Tag, text: str, parent_tags: AbstractSet[str]) -> str:
        inner = text.strip(" \t\n")
        if "_inline" in parent_tags or not inner:
            return _in_line(inner)
        marker = f"{self._number(el)}. " if el.parent is not None and el.parent.name == "ol" else "- "
        return marker + _LINE.sub(" " * len(marker), inner)[len(marker):] + "\n"

    def _number(self, item: Tag) -> int:
        """Number of an item of its list; all of one list are counted at once."""
        if id(item) not in self._numbers and item.parent is not None:
            items = item.parent.find_all("li", recursive=False)
            self._numbers |= {id(each): number for number, each in enumerate(items, _start(item.parent))}
        return self._numbers[id(item)]

    def convert_td(self, el: Tag, text: str, **_: object) -> str:
        self._cells[id(el)] = _SPACE.sub(" ", text).strip()
        return f" {text} "

    convert_th = convert_caption = convert_td

    def convert_tr(self, _el: Tag, text: str, **_: object) -> str:
        return text  # markdownify's own looks at all rows for each

    def convert_table(self, el: Tag, text: str, parent_tags: AbstractSet[str]) -> str:
        if "_inline" in parent_tags:
            return _in_line(text)
        made = pipe_table(el, lambda cell: self._cells.get(id(cell), ""))
        return f"\n\n{made or as_html(el)}\n\n"


def _in_line(text: str) -> str:
    """A block where there is but one line; nothing of one that says nothing, or spaces would add up to an indent."""
    line = _SPACE.sub(" ", text).strip()
    return f" {line} " if line else ""


def _marked(el: Tag, text: str, parent_tags: AbstractSet[str], sign: str, tag: str) -> str:
    """Text between two signs; between tags where CommonMark would not read the signs as such.

    It does not beside punctuation with a letter on the other side, as is common in Korean: `**“말”**이`.
    """
    if "_noformat" in parent_tags or not text.strip() or _BLANK_LINE.search(text):
        return text
    before, inner, after = _parts(text)
    sides = (el.previous_sibling, el.next_sibling)
    begins = inner[0].isalnum() or (inner[0] not in _MARKS and (before or _is_apart(el, sides[0], -1)))
    ends = inner[-1].isalnum() or (inner[-1] not in _MARKS and (after or _is_apart(el, sides[1], 0)))
    if begins and ends and not any(isinstance(side, Tag) and side.name not in _APART for side in sides):
        return f"{before}{sign}{inner}{sign}{after}"
    return f"{before}<{tag}>{inner}</{tag}>{after}"


def _is_apart(el: Tag, sibling: object, at: int) -> bool:
    """Whether white space, or the edge of a line, stands between an element and what is beside it."""
    if sibling is None:
        return el.parent is not None and el.parent.name in _APART
    if isinstance(sibling, Tag):
        return sibling.name in _APART
    return isinstance(sibling, NavigableString) and sibling[at:][:1].isspace()


def _holds_blocks(el: Tag) -> bool:
    """Whether an element holds more than a line of text in a box."""
    return el.find(_MORE_THAN_A_LINE) is not None or any(code.find(BLOCKS) for code in el.find_all(_CODE))


def _parts(text: str) -> tuple[str, str, str]:
    """White space before, the text, and white space after: signs must touch what they mark."""
    inner = text.strip()
    start = text.index(inner)
    return text[:start], inner, text[start + len(inner):]


def _said(el: Tag, name: str) -> str:
    value = el.get(name)
    return value if isinstance(value, str) else ""


def _language(block: Tag) -> str:
    for element in (block, *block.find_all("code")):
        for name in element.get("class") or ():
            if name.startswith(_LANGUAGE):
                return name.removeprefix(_LANGUAGE)
    return ""


def _start(items: Tag) -> int:
    written = _said(items, "start")
    return int(written) if items.name == "ol" and written.isdecimal() else 1
