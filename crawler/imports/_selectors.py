"""Selectors of other programs as ours are written: XPath told from CSS, one within what another finds."""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING

from crawler.selecting import selector
from crawler.source_file import Setting
from crawler.xpath import parts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ENDS_IN_ATTRIBUTE = re.compile(r"/@[\w:-]+$")
_BELOW = re.compile(r"(?:\.?//|(?:\./)?descendant(?:-or-self)?::)")
_MARKED = re.compile(r"[.\\+*?()|\[\]{}^$]")
_AROUND = re.compile(r"substring-(?P<part>before|after)\(\s*(?P<path>.+?)\s*,\s*([\"'])(?P<sign>.+?)\3\s*\)", re.DOTALL)
_PLAIN = re.compile(r"(?:string|normalize-space)\(\s*(?P<path>[^()]*(?:\([^()]*\)[^()]*)*)\)")
_ID = re.compile(r"^id\(\s*([\"'])([^\"']+)\1\s*\)")
FIRST = re.compile(r":first(?![\w-])")  # how Nokogiri, as jQuery, says it; no CSS
ANY_LINK = ("", "a", "a[href]", "a[@href]", "a[1]", "a[string-length(@href)>0]")
_MOST = 10
_LONGEST = 1000  # characters of both: twice that of any selector of ours
_PIECE = re.compile(r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|.", re.DOTALL)


def xpath(written: str) -> str:
    """Return an XPath expression as our selectors of that kind are written."""
    written = _ID.sub(r"//*[@id='\2']", written.strip())
    return written if written.startswith(("/", "./", "(")) else f"xpath:{written}"


def text_rule(written: str, path: Callable[[str], str] = xpath) -> dict[str, str] | None:
    """Return the rule of a text that an XPath function gives: what is before or after a sign in what a path finds.

    None where it is no such function: then it is a path, or nothing that can be used.

    Args:
        written: the function.
        path: writes the path in it as ours are.
    """
    around, plain = _AROUND.fullmatch(written.strip()), _PLAIN.fullmatch(written.strip())
    if around and usable(found := path(around["path"])):
        sign = literally(around["sign"])
        pattern = f"(?s)^(.*?){sign}" if around["part"] == "before" else f"(?s){sign}(.*)"
        return {"selector": found, "pattern": pattern}
    return {"selector": found} if plain and usable(found := path(plain["path"])) else None


def literally(text: str) -> str:
    """Return the pattern (RE2) of a text itself."""
    return _MARKED.sub(r"\\\g<0>", text)


def usable(written: str) -> bool:
    """Tell whether a selector is one that can be used here."""
    try:
        selector(written)
    except ValueError:
        return False
    return True


def links_of(items: str, links: str, said: str) -> Iterator[Setting]:
    """Yield where a list names its posts: by the *links* in its *items*, or by these where those can't be used."""
    if links != items and not usable(links):
        yield Setting(key=("listing", "items"), value=[links], said=said)  # to be told
        links = items
    yield Setting(key=("listing", "items"), value=[links], said=said)


def links_css(items: str, link: str) -> str:
    """Return the CSS selector of the links of posts: of *items*, where *link* names any link in them.

    Others take the first link in an item that their selector finds; ours of an item is the one in its headline.
    """
    bare = FIRST.sub("", link.strip())
    return items.strip() if bare in ANY_LINK else within_css(items, bare)


def within_css(outer: str, inner: str) -> str:
    """Return the CSS selector of what *inner* finds inside of what *outer* finds; of it where *inner* is empty."""
    if not inner.strip():
        return outer.strip()
    return ", ".join(f"{one} {other}" for one, other in product(_alternatives(outer), _alternatives(inner)))


def _alternatives(selector: str) -> list[str]:
    found, depth = [""], 0
    for piece in _PIECE.findall(selector):
        depth += (piece in "[(") - (piece in "])")
        if piece == "," and not depth:
            found.append("")
        else:
            found[-1] += piece
    return [part.strip() for part in found if part.strip()][:_MOST]


def linked_xpath(items: str, link: str) -> str | None:
    """Return the XPath expression of the links that *link*, from each of *items*, finds; None where it is no path.

    The links themselves, where *link* says their addresses: a link has a text, which is its title.
    """
    if len(items) + len(link) > _LONGEST:
        return None
    found = list(_linked(items, link))
    return " | ".join(each for each in found if each) if found and all(found) else None


def _linked(items: str, link: str) -> Iterator[str | None]:
    for (_, one), (_, other) in product(parts(items, "|"), parts(link, "|")):
        item, step = one.strip(), ENDS_IN_ATTRIBUTE.sub("", other.strip())
        if step in (".", "@href", "./@href", "self::a", ""):
            yield item
        elif below := _BELOW.match(step):
            last = step[below.end() :]
            yield item if last.replace(" ", "") in ANY_LINK else f"{item}//{last}"
        elif re.match(r"(?:\./)?(?:[\w*.-]+(?:::[\w*]+)?)(?:[\[/]|$)", step):
            yield f"{item}/{step.removeprefix('./')}"
        else:
            yield None
