"""The table `[request]` of a source file: how a site is asked, never less politely than the workspace says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, TypeAlias
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator

from crawler import fields
from crawler.secrets import checked, is_named

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Self

_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}", re.ASCII)
_PROXY = re.compile(r"https?://(?:[^\s:/@]+(?::[^\s/@]*)?@)?[A-Za-z0-9.\[\]:_-]+/?", re.ASCII)
_SECRET = re.compile("cookie|auth|token|secret|api-?key|session|password", re.IGNORECASE)
# What belongs to the connection, what the crawler decides itself, and what would make another request of a GET.
_OURS = frozenset({
    "host", "content-length", "content-type", "content-encoding", "transfer-encoding", "connection", "keep-alive",
    "upgrade", "te", "trailer", "expect", "accept-encoding", "range", "if-none-match", "if-modified-since", "if-match",
    "if-unmodified-since", "if-range", "user-agent", "from", "via", "forwarded", "x-http-method-override",
    "x-http-method", "x-method-override",
})  # fmt: skip
_ELSEWHERE = {"user-agent": "user_agent"}


def is_secret(name: str) -> bool:
    """Tell whether what a header of that name holds is nobody else's business."""
    return _SECRET.search(name) is not None


def _header(name: str) -> str:
    if not _TOKEN.fullmatch(name):
        raise ValueError("is no name of a header; letters and - make one, such as Accept-Language")
    if name.lower() in _ELSEWHERE:
        raise ValueError(f"is a key of its own; write {_ELSEWHERE[name.lower()]} in [request]")
    if name.lower() in _OURS or name.lower().startswith("proxy-"):
        raise ValueError("is the crawler's to decide; take it out")
    return name


def _cookie(name: str) -> str:
    if not _TOKEN.fullmatch(name):
        raise ValueError("is no name of a cookie; letters and digits make one, such as PHPSESSID")
    return name


def _cookie_value(text: str) -> str:
    if set(text) & set('; ,"\\'):
        raise ValueError('holds a sign that ends a cookie (; , " or a space); write one cookie a line')
    return text


def _proxy(text: str) -> str:
    if not _PROXY.fullmatch(text):
        raise ValueError("is no proxy; right would be one such as http://proxy.example:3128")
    try:
        _ = urlsplit(text).port
    except ValueError:
        raise ValueError("has a port that is none; right would be one such as http://proxy.example:3128") from None
    return text


Value = Annotated[str, Field(max_length=4000), AfterValidator(checked)]
CookieValue = Annotated[Value, AfterValidator(_cookie_value)]
HeaderName = Annotated[str, AfterValidator(_header)]
CookieName = Annotated[str, AfterValidator(_cookie)]
Proxy = Annotated[Value, AfterValidator(_proxy)]
Headers: TypeAlias = dict[HeaderName, Value]
Cookies: TypeAlias = dict[CookieName, CookieValue]


class RequestKeys(BaseModel):
    """How a site is asked; never less politely than the workspace says."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, use_attribute_docstrings=True)

    delay: Annotated[fields.Delay | None, Field(examples=[5.0])] = None
    """Seconds between two requests; only more than the workspace's own delay has an effect."""
    headers: Annotated[Headers, Field(max_length=20, repr=False, examples=[{"Accept-Language": "ja"}])] = {}
    """Headers of each request to its own server; `${NAME}` is taken from the environment: MOAFEED_NAME, else NAME."""
    cookies: Annotated[Cookies, Field(max_length=20, repr=False, examples=[{"sid": "${SID}"}])] = {}
    """Cookies of each request to its own server, as of one who is logged in; `${NAME}` as in headers."""
    user_agent: Annotated[Value | None, Field(examples=["Mozilla/5.0 (compatible)"])] = None
    """What it is told who asks, where it refuses what it does not know; the workspace's `contact` is added."""
    proxy: Annotated[Proxy | None, Field(repr=False, examples=["http://me:${PASSWORD}@proxy.example:3128"])] = None
    """HTTP proxy by which it is asked; `${NAME}` as in headers."""
    browser: Annotated[bool, Field(examples=[True])] = False
    """Whether its pages are read as a browser shows them, for a site made by JavaScript (needs `moafeed[browser]`)."""

    browser_hosts: Annotated[fields.Hosts, Field(examples=[["cdn.example.net"]])] = ()
    """Other hosts whose scripts and data its pages may have in the browser; they are asked as politely as its own."""

    @property
    def is_plain(self) -> bool:
        """Whether a request for the site is like one for any other."""
        return not (self.headers or self.cookies or self.user_agent or self.proxy)

    @field_validator("user_agent")
    @classmethod
    def _is_in_clear(cls, text: str | None) -> str | None:
        if text is not None and (is_named(text) or not text):
            raise ValueError("is no secret, and not empty; write it as it is sent")
        return text

    @model_validator(mode="after")
    def _has_a_browser(self) -> Self:
        if self.browser_hosts and not self.browser:
            raise ValueError("has browser_hosts, and no browser; write browser = true too, or delete them")
        return self

    @model_validator(mode="after")
    def _names_each_once(self) -> Self:
        names = [name.lower() for name in self.headers]
        if len(set(names)) < len(names):
            raise ValueError("has a header twice (upper and lower case do not differ); delete one of them")
        if self.cookies and "cookie" in names:
            raise ValueError("has cookies, and a header of them too; delete one of them")
        return self

    def in_clear(self) -> Iterator[str]:
        """Yield the keys of secrets that are written in the file itself."""
        yield from (f"request.cookies.{name}" for name, value in self.cookies.items() if not is_named(value))
        named = (name for name, value in self.headers.items() if is_secret(name) and not is_named(value))
        yield from (f"request.headers.{name}" for name in named)
        password = urlsplit(self.proxy).password if self.proxy else None
        if password and not is_named(password):
            yield "request.proxy"
