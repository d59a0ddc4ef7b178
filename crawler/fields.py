"""The kinds of value a configuration file holds: each is checked, then brought to one form."""

from __future__ import annotations

import re
import unicodedata
import zoneinfo
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated
from urllib.parse import SplitResult, quote, urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from crawler.platforms import load_platforms
from crawler.toml.error import did_you_mean
from feeds.closing import PLACEHOLDERS, unknown_placeholders
from feeds.formats import load_formats

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_NAME_BYTES = 100
"""A name is a file name with endings of ours added; file systems end at 255 bytes."""
LONGEST_ADDRESS = 2000
"""Characters."""
MIN_DELAY = 1.0
"""Seconds: what a small server does not feel."""
MAX_DELAY = 3600.0
"""Seconds: more would be a crawl that never ends."""

MIN_EVERY = timedelta(minutes=15)
"""More polls than that disturb a small server, and few blogs have news so often."""
MAX_EVERY = timedelta(days=30)
"""Most feeds hold a month of posts; what fell out of one between two polls is found by a longer way."""

_DURATION = re.compile(r"(?:(\d{1,6})d)? ?(?:(\d{1,6})h)? ?(?:(\d{1,6})m)? ?(?:(\d{1,6})s)?", re.ASCII)
_NAME = re.compile(r"\w[\w-]*")
# RFC 5646 section 2.1 in short: a language, then subtags; what exists is not checked.
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
_MAIL_OR_PAGE = re.compile(r"[!-~]+@[!-~]+\.[!-~]+|https?://[!-~]+")
_SAFE_IN_URL = "!#$%&'()*+,/:;=?@[]~"
_HOST = re.compile(r"[a-z0-9._:-]+")
_HOST_ALONE = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)+")
_DEFAULT_PORTS = {"http": 80, "https": 443}


def duration(text: object) -> timedelta:
    """Return the length of time that *text* writes in days, hours, minutes or seconds: `30m`, `2h`, `1d`, `1h30m`.

    Raises:
        ValueError: when it writes none, or none at all (`0m`).
    """
    found = _DURATION.fullmatch(text.strip().lower()) if isinstance(text, str) else None
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups()) if found else (0, 0, 0, 0)
    length = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    if not length:
        raise ValueError('is no length of time; right would be one such as "30m", "2h", "1d" or "1h30m"')
    return length


def _length(value: object) -> timedelta:
    return value if isinstance(value, timedelta) else duration(value)  # checked again in a model made of a model


def host(text: str) -> str:
    """Return *text* as the name of a host, in lower case.

    Raises:
        ValueError: it is none; an address has more than that.
    """
    if not _HOST_ALONE.fullmatch(text.lower()):
        raise ValueError("is no name of a host; right would be one such as cdn.example.net")
    return text.lower()


def every(length: timedelta) -> timedelta:
    """Return the interval at which one site is looked at; neither so short that it disturbs, nor for ever."""
    if not MIN_EVERY <= length <= MAX_EVERY:
        raise ValueError('is out of range; "15m" to "30d" are allowed, such as "2h"')
    return length


def name(text: str) -> str:
    """Return *text* as the name of a source or a feed, in Unicode's composed form (NFC).

    Raises:
        ValueError: when it cannot be a file name and part of an address.
    """
    text = unicodedata.normalize("NFC", text)
    if not _NAME.fullmatch(text):
        raise ValueError("is no usable name; letters, digits, - and _ make one, such as my-blog")
    if len(text.encode()) > MAX_NAME_BYTES:
        raise ValueError(f"is too long a name; {MAX_NAME_BYTES} bytes is the most")
    if text.casefold() == "index":
        raise ValueError("would take the place of index.html, the list of all feeds; choose another name")
    return text


def web_address(text: str) -> str:
    """Return *text* as an absolute http or https address in one form: ASCII, no fragment, no default port.

    Raises:
        ValueError: when it is none, or holds a user name or a password.
    """
    text = text.strip()
    try:
        parts = urlsplit(text)
        port = parts.port
        host = (parts.hostname or "").encode("idna").decode("ascii")
    except ValueError:  # a port that is no number, half an IPv6 address, a host no name server could know
        raise ValueError("is no web address; right would be one such as https://example.tistory.com/") from None
    if parts.scheme not in _DEFAULT_PORTS or not _HOST.fullmatch(host) or not text.isprintable() or " " in text:
        raise ValueError("is no web address; it starts with https:// or http://, then the host")
    if parts.username is not None:
        raise ValueError("holds a user name; take it out (everything before the @): only public pages are read")
    host = f"[{host}]" if ":" in host else host
    place = host if port in {None, _DEFAULT_PORTS[parts.scheme]} else f"{host}:{port}"
    path, query = (quote(part, safe=_SAFE_IN_URL) for part in (parts.path or "/", parts.query))
    return SplitResult(parts.scheme, place, path, query, "").geturl()


def folder_address(text: str) -> str:
    """Return *text* as a web address that names can be added to: it ends with a slash."""
    address = web_address(text)
    if "?" in address:
        raise ValueError("has a query; names are added to its end, so it must be a plain address")
    return address if address.endswith("/") else address + "/"


def one_line(text: str) -> str:
    """Return *text* with its white space made single, so that it fits one line of a feed reader."""
    text = " ".join(text.split())
    if not text or not text.isprintable():
        raise ValueError("is empty or holds control characters; one line of text would be right")
    return text


def zone(text: str) -> str:
    """Return the IANA time zone *text*, such as `Asia/Seoul`."""
    try:
        zoneinfo.ZoneInfo(text)
    except (KeyError, ValueError, OSError):  # unknown; a path or a NUL; a folder of zones
        near = did_you_mean(text[:MAX_NAME_BYTES], zoneinfo.available_timezones()) if text.isprintable() else ""
        near = near if "did you mean" in near else "; right would be one such as Asia/Seoul"
        raise ValueError(f"is no time zone{near}") from None
    return text


def language(text: str) -> str:
    """Return the BCP 47 language tag *text*, such as `ko` or `en-GB`."""
    if not _LANGUAGE.fullmatch(text):
        raise ValueError('is no language tag (BCP 47); right would be one such as "ko" or "en-GB"')
    return text


def contact(text: str) -> str:
    """Return an e-mail or web address that a request may carry."""
    if not _MAIL_OR_PAGE.fullmatch(text):
        raise ValueError("is neither an e-mail address nor a web address; site owners write there when we disturb")
    return text


def platform(text: str) -> str:
    """Return the name of a platform that is installed."""
    known = load_platforms()
    if text not in known:
        raise ValueError(f"is no platform{_choice(text, known)}")
    return text


def format_names(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of installed feed formats, each once, in the order given."""
    known = load_formats()
    for text in names:
        if text not in known:
            raise ValueError(f'names "{text[:MAX_NAME_BYTES]}", which is no format{_choice(text, known)}')
    if not names:
        raise ValueError(f"is empty; name at least one of {', '.join(sorted(known))}")
    return tuple(dict.fromkeys(names))


def closing(text: str) -> str:
    """Return the template of the line below an exported post; empty for none."""
    unknown = unknown_placeholders(text)
    if unknown:
        known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
        raise ValueError(f"has {{{unknown[0][:MAX_NAME_BYTES]}}}, for which no post has a value; known are {known}")
    return text


def delay(seconds: float) -> float:
    """Return the pause between two requests to one site, in seconds; never less than one."""
    if not MIN_DELAY <= seconds <= MAX_DELAY:  # also refuses a NaN
        raise ValueError(
            f"is out of range; {MIN_DELAY:g} to {MAX_DELAY:g} seconds are allowed: "
            "it may slow a crawl down, never make it less polite"
        )
    return seconds


def _choice(text: str, known: Mapping[str, object]) -> str:
    near = did_you_mean(text[:MAX_NAME_BYTES], known)
    return near if "known are" in near else f"{near} Known are {', '.join(sorted(known))}"


Name = Annotated[str, AfterValidator(name)]
WebAddress = Annotated[str, Field(max_length=LONGEST_ADDRESS), AfterValidator(web_address)]
FolderAddress = Annotated[str, Field(max_length=LONGEST_ADDRESS), AfterValidator(folder_address)]
OneLine = Annotated[str, Field(max_length=500), AfterValidator(one_line)]
Zone = Annotated[str, AfterValidator(zone)]
Language = Annotated[str, AfterValidator(language)]
Contact = Annotated[str, Field(max_length=200), AfterValidator(contact)]
PlatformName = Annotated[str, AfterValidator(platform)]
# Strict models take no list for a tuple, and TOML has only lists.
FormatNames = Annotated[tuple[str, ...], Field(strict=False), AfterValidator(format_names)]
Closing = Annotated[str, Field(max_length=2000), AfterValidator(closing)]
WebAddresses = Annotated[tuple[WebAddress, ...], Field(strict=False, max_length=20)]
Hosts = Annotated[tuple[Annotated[str, AfterValidator(host)], ...], Field(strict=False, max_length=20)]
Lines = Annotated[tuple[OneLine, ...], Field(strict=False, max_length=100)]
Limit = Annotated[int, Field(ge=1, le=500)]
Delay = Annotated[float, AfterValidator(delay), Field(json_schema_extra={"minimum": MIN_DELAY, "maximum": MAX_DELAY})]
# A schema for editors: pydantic's own would ask for ISO 8601 (`PT2H`), which nobody writes.
Duration = Annotated[
    timedelta, BeforeValidator(_length), WithJsonSchema({"type": "string", "pattern": "^([0-9]+[dhms] ?)+$"})
]
Every = Annotated[Duration, AfterValidator(every)]
