"""WebSub: the hub that a document names, and word to it when that document has changed."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from contextlib import suppress
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from io import BytesIO
from pathlib import Path
from threading import Thread
from time import monotonic
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

from lxml import etree

from feeds.feed import Feed
from feeds.formats import load_formats

PATIENCE = 10.0
"""Seconds that a hub may take for one answer."""
ALTOGETHER = 60.0
"""Seconds after which no hub is told anything more: whoever waits for the build has to have an end."""

_ATOM = "{http://www.w3.org/2005/Atom}"
_ADDRESS = re.compile(r"https?://[!#-;=?-~]+")


class Named(NamedTuple):
    """Where subscribers of one document hear of its changes (W3C WebSub, section 4)."""

    hub: str
    """Address of its hub."""
    own: str
    """Address of the document, as subscribers name it to the hub."""

    @property
    def header(self) -> str:
        """The value of its HTTP header `Link`."""
        return f'<{self.hub}>; rel="hub", <{self.own}>; rel="self"'


def named(name: str, content: bytes) -> Named | None:
    """Return the hub that a document names; None where it names none, or is no feed that could.

    Args:
        name: its file name, by whose end its format is known.
        content: its bytes.
    """
    links: dict[str, Any] = {}
    with suppress(etree.XMLSyntaxError, ValueError, LookupError, TypeError):
        if name.endswith(".json") and b'"hubs"' in content:
            document = json.loads(content)
            links = {"hub": document["hubs"][0]["url"], "self": document["feed_url"]}
        elif name.endswith((".rss", ".atom")) and b"hub" in content:
            links = _links(content)
    found = Named(hub=str(links.get("hub")), own=str(links.get("self")))
    return found if all(map(_ADDRESS.fullmatch, found)) else None


def _links(content: bytes) -> dict[str, str]:
    """Read a document up to its first entry."""
    found: dict[str, str] = {}
    for _, element in etree.iterparse(BytesIO(content), events=("start",), resolve_entities=False, no_network=True):
        if element.tag in {"item", f"{_ATOM}entry"}:
            break
        if element.tag == f"{_ATOM}link":
            found.setdefault(element.get("rel", ""), element.get("href", ""))
    return found


def announce(
    folder: Path, feeds: Sequence[Feed], written: Sequence[str], *,
    patience: float = PATIENCE, altogether: float = ALTOGETHER,
) -> tuple[str, ...]:
    """Tell the hubs of *feeds* which documents that people subscribe to have changed.

    One POST for each, to the hub that the document itself names. Whoever is not told hears of it at its next poll, so
    nothing is tried twice.

    Args:
        folder: where the documents stand by now.
        feeds: the feeds that were published.
        written: names of the files that are new or changed.
        patience: seconds that a hub may take for one answer.
        altogether: seconds that all answers together may take.

    Returns:
        A sentence for each hub that was not told of everything.
    """
    suffixes, changed = {name: form.suffix for name, form in load_formats().items()}, set(written)
    heads = [feed.name + suffixes[form] for feed in feeds if feed.hub for form in feed.formats]
    waiting: dict[str, list[str]] = {}
    for name in heads:
        if name in changed and (found := named(name, (folder / name).read_bytes())):
            waiting.setdefault(found.hub, []).append(found.own)
    ends = monotonic() + altogether
    told = ((hub, own, _untold(hub, own, patience, ends)) for hub, own in waiting.items())
    return tuple(
        f"The hub {hub} was not told of {len(missed)} of {len(own)} changed documents: {why}."
        for hub, own, (missed, why) in told
        if missed
    )


def _untold(hub: str, own: Sequence[str], patience: float, ends: float) -> tuple[list[str], str]:
    """Tell one hub; return what it does not know, and why. A hub that is not there is not asked again."""
    missed, why = list[str](), ""
    for number, url in enumerate(own):
        left = ends - monotonic()
        answer = _answer(hub, url, min(patience, left)) if left > 0 else None
        if answer is None and left < patience:
            return missed + list(own[number:]), "the answers together took too long"
        if answer is None:
            return missed + list(own[number:]), f"it did not answer within {patience:g} seconds"
        if isinstance(answer, str):
            return missed + list(own[number:]), answer
        if not HTTPStatus.OK <= answer < HTTPStatus.MULTIPLE_CHOICES:
            missed.append(url)
            why = f"it answered {answer}"
    return missed, why


def _answer(hub: str, url: str, patience: float) -> int | str | None:
    """Return the HTTP status of a hub, or why there is none; None where that takes too long, be it its name."""
    got: list[int | str | None] = []
    asking = Thread(target=lambda: got.append(_post(hub, url, patience)), daemon=True)
    asking.start()
    asking.join(patience)
    return got[0] if got else None


def _post(hub: str, url: str, patience: float) -> int | str | None:
    parts = urlsplit(hub)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    body = urlencode({"hub.mode": "publish", "hub.url": url})
    headers = {"Content-Type": "application/x-www-form-urlencoded", "User-Agent": "moafeed"}
    try:
        connection = kind(parts.hostname or "", parts.port, timeout=patience)
        try:
            connection.request("POST", target, body, headers)  # a redirect is an answer, and leads nowhere
            return connection.getresponse().status
        finally:
            connection.close()
    except TimeoutError:
        return None
    except HTTPException:
        return "its answer is no HTTP"
    except (OSError, ValueError) as error:
        return f"it is not there ({getattr(error, 'strerror', None) or error})"
