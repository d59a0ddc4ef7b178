"""The wall: what leaves it is safe to show, whatever came before."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

import nh3

from pipelines.post import xml_safe

from . import style

if TYPE_CHECKING:
    from collections.abc import Callable

_TAG_NAMES = (
    "a abbr address article aside b bdi bdo big blockquote br caption cite code col colgroup dd del details dfn "
    "div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark ol p pre q rp rt "
    "ruby s samp section small span strike strong sub summary sup table tbody td tfoot th thead time tr tt u ul var wbr"
)
TAGS = frozenset(_TAG_NAMES.split())
_WITH_CONTENT = (
    "script style noscript template svg math iframe applet form button select textarea title noembed noframes xmp"
)
_REL = frozenset({"dofollow", "nofollow", "ugc", "sponsored", "author", "license", "tag", "noopener", "noreferrer"})

_WORD = re.compile(r"[\w.+#-]{1,40}", re.ASCII)
_LANGUAGE_CLASS = re.compile(r"language-[\w.+#-]{1,40}", re.ASCII)
_LENGTH = re.compile(r"\d{1,5}(?:\.\d{1,3})?(?:px|%)?", re.ASCII)
_NUMBER = re.compile(r"-?\d{1,4}", re.ASCII)
_WEB = re.compile(r"https?://", re.IGNORECASE)
_DATETIME = re.compile(r"[\w:.+ -]{1,40}", re.ASCII)
_ALIGN = re.compile(r"left|right|center|justify|top|middle|bottom|baseline", re.IGNORECASE)


def _if(pattern: re.Pattern[str]) -> Callable[[str, str], str | None]:
    return lambda _tag, value: value if pattern.fullmatch(value) else None


def _rel(_tag: str, value: str) -> str | None:
    return " ".join(dict.fromkeys(word for word in value.lower().split() if word in _REL)) or None


def _code_class(_tag: str, value: str) -> str | None:
    return " ".join(word for word in value.split() if _LANGUAGE_CLASS.fullmatch(word)) or None


_ANY: dict[str, Callable[[str, str], str | None]] = {
    "style": lambda tag, value: style.tidy(tag, value) or None,
    "title": lambda _tag, value: value, "lang": _if(_WORD), "dir": _if(re.compile("ltr|rtl|auto")),
    # The Tistory editor's own marks: sizes, quote and rule styles, block kinds.
    "data-ke-size": _if(_WORD), "data-ke-style": _if(_WORD), "data-ke-align": _if(_WORD), "data-ke-type": _if(_WORD),
    "data-ke-language": _if(_WORD), "data-ke-list-type": _if(_WORD),
}
_CELL = {
    "colspan": _if(_NUMBER), "rowspan": _if(_NUMBER), "scope": _if(_WORD), "align": _if(_ALIGN), "valign": _if(_ALIGN),
    "width": _if(_LENGTH), "height": _if(_LENGTH),
}
_OWN: dict[str, dict[str, Callable[[str, str], str | None]]] = {
    "a": {"href": lambda _tag, value: value, "rel": _rel},
    "img": {
        "src": lambda _tag, value: value if _WEB.match(value) else None, "alt": lambda _tag, value: value,
        "width": _if(_LENGTH), "height": _if(_LENGTH), "loading": _if(re.compile("lazy")),
    },
    "code": {"class": _code_class}, "pre": {"class": _code_class},
    "td": _CELL, "th": _CELL, "tr": _CELL, "table": _CELL | {"border": _if(_NUMBER)},
    "col": {"span": _if(_NUMBER), "width": _if(_LENGTH)}, "colgroup": {"span": _if(_NUMBER)},
    "ol": {"start": _if(_NUMBER), "type": _if(re.compile("[1aAiI]")), "reversed": lambda _tag, _value: ""},
    "li": {"value": _if(_NUMBER)}, "details": {"open": lambda _tag, _value: ""},
    "time": {"datetime": _if(_DATETIME)}, "del": {"datetime": _if(_DATETIME)}, "ins": {"datetime": _if(_DATETIME)},
    **{tag: {"align": _if(_ALIGN)} for tag in ("p", "div", "h1", "h2", "h3", "h4", "h5", "h6")},
}
"""No `cite` and no `srcset`: nh3 does not look at their scheme. `src` and `href` it checks itself."""


@lru_cache(maxsize=1024)
def _attribute(tag: str, name: str, value: str) -> str | None:
    """Return the value an attribute may keep; None lets it go."""
    judge = _OWN.get(tag, {}).get(name) or _ANY.get(name)
    return judge(tag, value) if judge else None


_CLEANER = nh3.Cleaner(
    tags=set(TAGS),
    clean_content_tags=set(_WITH_CONTENT.split()),
    attributes={"*": set(_ANY), **{tag: set(judges) for tag, judges in _OWN.items()}},
    attribute_filter=_attribute,
    # `rel` is set while links are made absolute: nh3 can only overwrite what the author said.
    link_rel=None,
    url_schemes={"http", "https", "mailto"},
    url_relative="deny",
)


def sanitise(html: str) -> str:
    """Return only what a feed may show: known tags, known attributes, harmless values; well-formed for any reader."""
    return xml_safe(_CLEANER.clean(html))
