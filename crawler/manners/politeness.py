"""How we behave towards a host: our name, our pace, and which hosts a source may lead to."""

from __future__ import annotations

from importlib.metadata import version
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crawler.source import Source

# Our own machine: there is nobody to be polite to. Never 0, or Scrapy forgets its limit per host.
_OWN_DELAY = 0.02


def user_agent(contact: str | None) -> str:
    """Return who asks: the project and, where *contact* is known, whom its operator can be reached by."""
    return f"moafeed/{version('moafeed')} (feed reader's crawler{f'; {contact}' if contact else ''})"


def hosts_of(url: str) -> frozenset[str]:
    """Return the host of *url* with and without `www.`: the hosts its blog may redirect within."""
    host = urlsplit(url).hostname or ""
    return frozenset({host, host.removeprefix("www."), f"www.{host.removeprefix('www.')}"})


def is_own_server(url: str, home: str) -> bool:
    """Tell whether a request for *url* reaches the server of *home*, and is not overheard where that is not."""
    asked, own = urlsplit(url), urlsplit(home)
    is_same = asked.hostname in hosts_of(home) and asked.port == own.port
    return is_same and not (own.scheme == "https" and asked.scheme != "https")


def site_of(url: str) -> str:
    """Return `scheme://host` of *url*, with its port where it names one: what one robots.txt is for."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def slot_of(host: str) -> str:
    """Return the name under which requests to *host* wait for each other: `www.` is no other server."""
    return host.removeprefix("www.")


def slots_of(source: Source) -> dict[str, str]:
    """Return the names under which requests of *source* wait, by host: its own, its feed's, those of its scripts."""
    hosts = (source.host, urlsplit(source.known_feed or source.url).hostname or "", *source.request.browser_hosts)
    return {host: slot_of(host) for host in hosts}


def download_slots(sources: Iterable[Source]) -> dict[str, dict[str, Any]]:
    """Return Scrapy's `DOWNLOAD_SLOTS`: one request at a time per host, and the longest delay a source asks for.

    Args:
        sources: what is crawled, settled by its workspace: each names its delay.
    """
    slots: dict[str, dict[str, Any]] = {}
    for source in sources:
        for host, name in slots_of(source).items():
            delay = max(source.request.delay or 1.0, slots.get(name, {}).get("delay", 0.0))
            slots[name] = {"concurrency": 1, "delay": _OWN_DELAY if is_own(host) else delay}
    return slots


def is_own(host: str) -> bool:
    """Tell whether *host* is this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
