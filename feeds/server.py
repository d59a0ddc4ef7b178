"""The built-in HTTP server: the published files of one folder, and nothing else."""

from __future__ import annotations

import hashlib
import logging
import os
import re
import socket
import stat
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from email.utils import formatdate, parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import TCPServer
from typing import Any
from urllib.parse import unquote, urlsplit

from feeds import opml, site, websub
from feeds.dates import utc
from feeds.feed import page_name
from feeds.formats import load_formats
from pipelines.errors import MoafeedError

log = logging.getLogger(__name__)

_HOST = "127.0.0.1"
_PORT = 8000
_MAX_AGE = 900  # seconds; some readers do not even ask again before, so never hours
_WEEK = 604_800  # seconds, as RFC 5005 leaves to us
_PAGE = re.compile(r"(?P<feed>[^.]+)\.page-(?P<number>\d{1,6})(?P<suffix>\.\w+)")


class ServeError(MoafeedError):
    """The server cannot start; the text says why."""

    exit_code = 69


def serve(folder: Path, host: str = _HOST, port: int = _PORT, *, ready: Callable[[], None] = lambda: None) -> None:
    """Serve the published files of *folder* until interrupted; *ready* is called once it listens.

    Raises:
        ServeError: the folder is missing, or the port is taken.
    """
    with make_server(folder, host, port) as server, suppress(KeyboardInterrupt):
        ready()
        server.serve_forever()


def make_server(folder: Path, host: str = _HOST, port: int = _PORT) -> ThreadingHTTPServer:
    """Return a server bound to *host* and *port* (0: any free one), not yet serving.

    Raises:
        ServeError: the folder is missing, or the port is taken.
    """
    if not folder.is_dir():
        raise ServeError(f"There is no folder {folder} to serve: build the feeds first.")
    try:
        return _Server(folder, host, port)
    except (OSError, OverflowError) as error:
        reason = str(getattr(error, "strerror", None) or error).rstrip(".")
        raise ServeError(f"Cannot serve on {host}, port {port}: {reason}. Choose another one.") from error


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, folder: Path, host: str, port: int) -> None:
        self.folder = folder
        self.media_types = _media_types()
        if ":" in host:
            self.address_family = socket.AF_INET6
        super().__init__((host, port), _Handler)

    def server_bind(self) -> None:
        TCPServer.server_bind(self)  # HTTPServer's own asks the name service who we are, which may take seconds
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002
        error = sys.exception()
        if isinstance(error, OSError):
            log.debug("%s went away", client_address)  # readers hang up as they like
        else:
            log.error("A request of %s failed", client_address, exc_info=error)


@dataclass(frozen=True, kw_only=True, slots=True)
class _File:
    """A published file as it was when it was opened."""

    content: bytes
    modified: int
    """Seconds since 1970, whole, as HTTP dates are."""
    media_type: str
    max_age: int
    """Seconds for which nobody need ask again."""
    hub: websub.Named | None
    """Where subscribers hear of changes, where it names a hub."""

    @property
    def etag(self) -> str:
        return f'"{hashlib.sha256(self.content).hexdigest()[:32]}"'


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    server_version = "moafeed"
    sys_version = ""
    timeout = 30  # seconds a client may keep a thread waiting

    def do_GET(self) -> None:
        found = self._found()
        if found is None:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        fresh = _is_fresh(found, self.headers.get("If-None-Match"), self.headers.get("If-Modified-Since"))
        self.send_response(HTTPStatus.NOT_MODIFIED if fresh else HTTPStatus.OK)
        self.send_header("ETag", found.etag)
        self.send_header("Last-Modified", formatdate(found.modified, usegmt=True))
        self.send_header("Cache-Control", f"public, max-age={found.max_age}")
        self.send_header("X-Content-Type-Options", "nosniff")
        if found.media_type == site.media_type:
            self.send_header("Content-Security-Policy", site.FRAMED_NOWHERE)
            self.send_header("Referrer-Policy", "no-referrer")
        if not fresh:
            self.send_header("Content-Type", f"{found.media_type}; charset=utf-8")
            self.send_header("Content-Length", str(len(found.content)))
            if found.hub:
                self.send_header("Link", found.hub.header)
        self.end_headers()
        if not fresh and self.command != "HEAD":
            self.wfile.write(found.content)

    do_HEAD = do_GET  # noqa: N815

    def _not_allowed(self) -> None:
        self.send_error(HTTPStatus.METHOD_NOT_ALLOWED)

    do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_TRACE = do_CONNECT = _not_allowed  # noqa: N815

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:  # noqa: ARG002
        """Answer with one plain line; the request, which may be anything, is not repeated."""
        status = HTTPStatus(code)
        body = f"{status.value} {status.phrase}\n".encode()
        self.close_connection = True  # a body that was sent along is left unread
        self.request_version = self.protocol_version  # an unreadable request line counts as HTTP/0.9: no headers
        self.send_response(status)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Connection", "close")
        if status == HTTPStatus.METHOD_NOT_ALLOWED:
            self.send_header("Allow", "GET, HEAD")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- http.server's name
        log.debug(format, *args)

    def _found(self) -> _File | None:
        try:
            name = unquote(urlsplit(self.path).path, errors="strict").removeprefix("/") or "index.html"
        except ValueError:
            return None
        return _read(self.server.folder, name, self.server.media_types)


def _media_types() -> dict[str, str]:
    formats = {form.suffix: form.media_type for form in load_formats().values()}
    return formats | {opml.suffix: opml.media_type, site.suffix: site.media_type, ".css": "text/css"}


def _read(folder: Path, name: str, media_types: Mapping[str, str]) -> _File | None:
    """Return the published file called *name*; None for anything else, whatever stands at that path."""
    media_type = media_types.get(Path(name).suffix)
    if media_type is None or name.startswith(".") or "/" in name or "\0" in name:
        return None
    try:
        # Never through a link, and never waiting for a pipe.
        descriptor = os.open(folder / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    found = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode):
        os.close(descriptor)
        return None
    with open(descriptor, "rb") as file:  # noqa: PTH123 -- a descriptor, not a path
        content = file.read()
    return _File(
        content=content, modified=int(found.st_mtime), media_type=media_type, max_age=_max_age(folder, name),
        hub=websub.named(name, content),
    )  # fmt: skip


def _max_age(folder: Path, name: str) -> int:
    """A page of an archive that has a next one is full, and stays as it is."""
    page = _PAGE.fullmatch(name)
    if page and (folder / page_name(page["feed"], int(page["number"]) + 1, page["suffix"])).exists():
        return _WEEK
    return _MAX_AGE


def _is_fresh(found: _File, if_none_match: str | None, if_modified_since: str | None) -> bool:
    """Whether the client's copy is still good (RFC 9110, 13.2.2): its tags decide, dates only without tags."""
    if if_none_match is not None:
        tags = [tag.strip().removeprefix("W/") for tag in if_none_match.split(",")]
        return "*" in tags or found.etag in tags
    try:
        return found.modified <= utc(parsedate_to_datetime(if_modified_since or "")).timestamp()
    except (ValueError, OverflowError):
        return False
