"""Links of a body, and the frames that become links."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote, urlsplit

from pipelines.urls import absolute

from .tree import append, make, put, replace, text_of, vanish

if TYPE_CHECKING:
    from .tree import Element

# No page of ours opens a window, and no reader's address is anybody's business.
_OURS = ("noopener", "noreferrer")
_YOUTUBE = re.compile(r"(?:^|\.)(?:youtube(?:-nocookie)?\.com|youtu\.be)$")
_VIDEO_HOSTS = re.compile(
    r"(?:^|\.)(?:youtube(?:-nocookie)?\.com|youtu\.be|tv\.kakao\.com|play-tv\.kakao\.com|videofarm\.daum\.net|vimeo\.com"
    r"|dailymotion\.com|tv\.naver\.com|serviceapi\.nmv\.naver\.com|serviceapi\.rmcnmv\.naver\.com|twitch\.tv"
    r"|ted\.com|soundcloud\.com|spotify\.com|nicovideo\.jp|bilibili\.com)$"
)
# What authors put in by hand: code, forms and polls, slides, posts of social networks.
_WIDGET_HOSTS = re.compile(
    r"(?:^|\.)(?:codepen\.io|jsfiddle\.net|codesandbox\.io|stackblitz\.com|replit\.com|docs\.google\.com"
    r"|drive\.google\.com|slideshare\.net|speakerdeck\.com|figma\.com|instagram\.com|facebook\.com|tiktok\.com"
    r"|twitter\.com|x\.com|threads\.net|podbbang\.com|naver\.me|form\.naver\.com|form\.office\.naver\.com)$"
)
# Tistory's own map block first: /proxy/plusmapViewer.php on the blog's host.
_MAPS = re.compile(
    r"/plusmapViewer\.php$|(?:^|\.)(?:map\.kakao\.com|map\.daum\.net|map\.naver\.com|openstreetmap\.org)/"
    r"|(?:^|\.)google\.(?:com|co\.kr)/maps"
)
_MAP = "지도"


def tidy_link(link: Element, base: str) -> None:
    """Make a link absolute; a link to nowhere, to a script or to a file becomes its text."""
    href = absolute(link.get("href"), base)
    if href is None:
        make(link, "span")
    else:
        point(link, href)


def point(link: Element, href: str) -> None:
    """Let a link point to an absolute address; one around it is none any more, since a parser would end it here."""
    around = next(link.iterancestors("a"), None)
    if around is not None:
        make(around, "span")
    put(link, "href", href)
    put(link, "rel", " ".join(dict.fromkeys([*link.get("rel", "").lower().split(), *_OURS])))


def tidy_frame(frame: Element, base: str) -> None:
    """Turn the frame of a video, map or widget that an author puts in into a link to it; others are advertisements."""
    address = frame_address(frame, base)
    if address is None:
        vanish(frame)
        return
    parts = urlsplit(address)
    title = " ".join(frame.get("title", "").split())
    if _MAPS.search(f"{parts.hostname}{parts.path}"):
        title = title or _MAP
    kind = {"data-ke-type": "video"} if _VIDEO_HOSTS.search(parts.hostname or "") else {}
    point(replace(frame, "a", title or address, **kind), address)


def frame_address(frame: Element, base: str) -> str | None:
    """Return the address behind a frame as a person may open it, None where its host is none we know."""
    names = ("src", "data-src", "data-lazy-src", "data")
    found = (url for name in names if (url := absolute(frame.get(name), base)) and url.startswith("http"))
    address = next(found, None)
    if address is None:
        return None
    parts = urlsplit(address)
    host = parts.hostname or ""
    known = _VIDEO_HOSTS.search(host) or _WIDGET_HOSTS.search(host) or _MAPS.search(f"{host}{parts.path}")
    return watchable(address) if known else None


def watchable(address: str) -> str:
    """Return the page of a YouTube video instead of its player: a player alone refuses to play outside a frame."""
    parts = urlsplit(address)
    if not _YOUTUBE.search(parts.hostname or ""):
        return address
    kind, _, rest = parts.path.strip("/").partition("/")
    if kind == "embed" and rest.startswith("videoseries"):
        return f"https://www.youtube.com/playlist?list={parse_qs(parts.query).get('list', [''])[0]}"
    if kind in {"embed", "v"} and re.fullmatch(r"[\w-]{6,20}", name := rest.split("/")[0].split("&")[0]):
        return f"https://www.youtube.com/watch?v={name}"
    return address


def tidy_media(player: Element, base: str) -> None:
    """Turn `<video>` and `<audio>` into a link to the file."""
    written = next((node.get("src") for node in player.iter(player.tag, "source") if node.get("src")), None)
    address = absolute(written, base)
    if address is None:
        vanish(player)
        return
    name = unquote(urlsplit(address).path.rpartition("/")[2])
    point(replace(player, "a", " ".join(name.split()) or address), address)


def link_card(figure: Element, base: str) -> None:
    """Turn Tistory's link card into a paragraph; its attributes say what its nested boxes only draw."""
    known = ("data-og-source-url", "data-og-url")
    address = next((url for name in known if (url := absolute(figure.get(name), base))), None)
    if address is None:
        return
    title = _said(figure, "data-og-title") or text_of(figure)
    description, host = _said(figure, "data-og-description"), _said(figure, "data-og-host")
    card = replace(figure, "p", **{"data-ke-type": "opengraph"})
    link = append(card, "a", title or host or address)
    point(link, address)
    for line in dict.fromkeys(filter(None, (description, host))):
        append(card, "br", tail=line)


def file_box(figure: Element, base: str) -> None:
    """Turn Tistory's file box into a link with the file's name, and its size."""
    link = next(iter(figure.iter("a")), None)
    address = absolute(link.get("href") if link is not None else None, base)
    if address is None:
        return
    said = {name: text_of(node) for node in figure.iter() for name in node.get("class", "").split()}
    name = said.get("name") or said.get("filename") or text_of(figure)
    box = replace(figure, "p", **{"data-ke-type": "file"})
    point(append(box, "a", name or address, tail=f" {said['size']}" if said.get("size") else ""), address)


def _said(node: Element, name: str) -> str:
    return " ".join(node.get(name, "").split())
