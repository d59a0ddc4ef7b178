"""A store as a crawl leaves it, filled with recorded pages through the code of a crawl, without its engine."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

from command_line import SITES, Ran
from w3lib.encoding import http_content_type_encoding

from crawler.__main__ import main
from crawler.document import Document
from crawler.page import PageKind
from crawler.reading import platform_of, raw_post
from crawler.recording.folder import Recording
from crawler.source import load_sources
from crawler.workspace import load_workspace
from pipelines.identity import address_alias
from pipelines.normalise import normalise
from pipelines.pictures import lasting_forms
from pipelines.post import Post
from pipelines.site import Site
from pipelines.store import Address, RawPage, Read, Store

FETCHED = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)

# Whoever tries to reach anything over a network ends the process.
NO_NETWORK = """
import sys

def refuse(event, args):
    if event.startswith("socket."):
        print("a request left the machine:", event, args, file=sys.stderr)
        sys.exit(99)

sys.addaudithook(refuse)
"""


def recorded(host: str) -> dict[str, RawPage]:
    """The pages of a recorded site, by the address that was asked for."""
    pages = Recording.load(SITES / host).pages
    html = (page for page in pages if page.status == 200 and "html" in page.headers.get("Content-Type", ""))
    return {page.url: RawPage(url=page.url, fetched=FETCHED, body=page.body,
                              encoding=http_content_type_encoding(page.headers["Content-Type"])) for page in html}


def page(url: str, html: str, *, fetched: datetime = FETCHED) -> dict[str, RawPage]:
    return {url: RawPage(url=url, fetched=fetched, encoding="utf-8", body=html.encode())}


def crawled(here: Path, pages: dict[str, RawPage], name: str = "blog") -> list[Post]:
    """Store the posts among *pages* as the source file reads them now, each with its page; return them."""
    workspace = load_workspace(here)
    (source,) = (workspace.settle(s) for s in load_sources(workspace.sources_folder).sources if s.name == name)
    posts, said = [], []
    for asked, answer in pages.items():
        document = Document.parse(answer.body, answer.url, answer.encoding)
        used, platform = platform_of(document, source)
        found = platform.post_page(document)
        if found.kind == PageKind.POST and asked != source.url:
            raw = raw_post(found, platform, source, zone=workspace.config.defaults.zone, fetched=answer.fetched,
                           lasting=lasting_forms(answer.body))
            posts.append(normalise(raw))
            address = Address(source=name, key=address_alias(asked), url=asked, kind="post", status=200)
            said.append(Read(address=address, page=answer))
    with Store.open(workspace.store_url) as store:
        store.save(posts, said)
        store.save_site(Site(source=name, title=name, home=source.url, platform=used))
    return posts


def stored(here: Path, name: str = "blog") -> list[Post]:
    """Every stored post with its aliases, oldest first."""
    with Store.open(load_workspace(here).store_url) as store:
        return list(store.each([name]))


def reprocess(here: Path, *args: str, code: int = 0) -> Ran:
    """Run `moafeed reprocess` in this process, which saves a second each time."""
    out, err = io.StringIO(), io.StringIO()
    command = ["moafeed", "-C", str(here), "reprocess", *args]
    with patch.object(sys, "argv", command), redirect_stdout(out), redirect_stderr(err):
        try:
            main()
        except SystemExit as end:
            ran = Ran(int(end.code or 0), out.getvalue(), err.getvalue())
    assert ran.code == code, ran
    return ran


def reprocess_offline(here: Path, *args: str) -> Ran:
    """Run it as a process that ends where anything asks for a network."""
    offline = here.parent / "offline"
    offline.mkdir(exist_ok=True)
    (offline / "sitecustomize.py").write_text(NO_NETWORK, encoding="utf-8")
    env = os.environ | {"COLUMNS": "200", "PYTHONPATH": str(offline)}
    done = subprocess.run([sys.executable, "-m", "crawler", "reprocess", *args], cwd=here, env=env, timeout=120,
                          capture_output=True, text=True, encoding="utf-8", check=False)  # fmt: skip
    ran = Ran(done.returncode, done.stdout, done.stderr)
    assert ran.code == 0, ran
    assert "Traceback" not in ran.err, ran
    return ran
