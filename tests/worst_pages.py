"""Pages made to stall a crawl, and what reading each costs: python worst_pages.py takes names, gives JSON lines.

Each page is a real Tistory-like post page with the attack in its place. Each is read in a process of its own, forked
from one that has loaded everything. Run by hand with `all`, it tells of every page.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

from crawler.demo import demo_posts, render
from crawler.document import Document, PageError
from crawler.page import PageKind
from crawler.platforms import detect, load_platforms
from pipelines.normalise import NotAPostError, normalise
from pipelines.pictures import lasting_forms

BASE = "https://worst.tistory.com"
FETCHED = datetime(2026, 3, 1, tzinfo=UTC)
PATIENCE = 3
"""CPU seconds after which a page's process is killed."""
BEFORE, AFTER = "본문이 있는 글이다.", "여기까지가 글이다."
_MARK, _HEAD = "<p>@@</p>", "</head>"


@dataclass(frozen=True, kw_only=True)
class Attack:
    body: str = ""
    """Stands in the middle of the text."""
    head: str = ""
    whole: bool = True
    """What comes after the attack is in the post too, as in a browser."""
    spoil: Callable[[bytes], bytes] = bytes
    """What is done to the whole page at last."""


@cache
def _template(base: str, number: int) -> tuple[str, str]:
    """A post's page before and after its text."""
    post = replace(demo_posts()[0], id=number, slug=None, title="느린 글", body=_MARK)
    before, _, after = render(post.path, (post,), base).body.decode().rpartition(_MARK)
    return before, after


def page(attack: Attack, base: str = BASE, number: int = 33) -> bytes:
    before, after = _template(base, number)
    text = f"<p>{BEFORE}</p>{attack.body}<p>{AFTER}</p>"
    return attack.spoil((before.replace(_HEAD, attack.head + _HEAD) + text + after).encode())


def _json_ld(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


_ADDRESS = "https://blog.kakaocdn.net/dna/a{0}/b{0}/c{0}/img.png?expires=1767193199&amp;signature=s"
_ARTICLE = '{"@type":"BlogPosting","headline":"글","author":{"name":"가"}}'
_CUT = {"whole": False}
WORST: dict[str, Callable[[], Attack]] = {
    "nested 50k": lambda: Attack(body="<div>" * 50_000 + "속"),
    "nested 200k": lambda: Attack(body="<div>" * 200_000 + "속"),
    "nested and closed": lambda: Attack(body="<div>" * 45_000 + "속" + "</div>" * 45_000),
    "nested quotes": lambda: Attack(body="<blockquote>" * 1_500),
    "nested formatting": lambda: Attack(body="<a><b><i><font>" * 20_000),
    "nested lists": lambda: Attack(body="<ul><li>" * 16_000),
    "nested tables": lambda: Attack(body="<table><tr><td>" * 16_000),
    "50k tables": lambda: Attack(body="<table><tr><td>가" * 50_000),
    "small tables": lambda: Attack(body="<table><tr><td>가</td></tr></table>" * 12_000),
    "table of cells": lambda: Attack(body="<table>" + ("<tr>" + "<td>가" * 100) * 900 + "</table>"),
    "100k attributes": lambda: Attack(body="<p " + " ".join(f"a{n}=1" for n in range(100_000)) + ">가</p>"),
    "attributes below the limit": lambda: Attack(body="<p " + " ".join(f"a{n}" for n in range(9_000)) + ">가</p>"),
    "many full tags": lambda: Attack(body=("<p " + " ".join(f"a{n}" for n in range(1_200)) + ">가</p>") * 400),
    "tag of 1 MB": lambda: Attack(body=f'<p title="{"가" * 350_000}">나</p>'),
    "open tags of 1 MB": lambda: Attack(body="<a" * 500_000),
    "open tags": lambda: Attack(body="<a " * 65_000 + ">"),
    "open attribute": lambda: Attack(body='<p title="' + "가 " * 250_000),
    "open comment": lambda: Attack(body="<!-- " + "가 -" * 250_000, **_CUT),
    "less than": lambda: Attack(body="< " * 190_000),
    "ampersands": lambda: Attack(body="&" * 1_000_000),
    "ampersands below the limit": lambda: Attack(body="&" * 190_000),
    "entities without end": lambda: Attack(body="&notit" * 190_000),
    "text of 10 MB": lambda: Attack(body="가나다 " * 1_000_000),
    "text of 7 MB": lambda: Attack(body="가나다 " * 740_000),
    "sentences": lambda: Attack(body="<p>" + "끝. 1. 2. 가? " * 400_000),
    "white space": lambda: Attack(body="<p>" + " \n\t" * 2_000_000 + "</p>"),
    "code of 3 MB": lambda: Attack(body="<pre><code>" + "if a:\n    b()\n" * 250_000 + "</code></pre>"),
    "empty paragraphs": lambda: Attack(body="<p>&nbsp;</p>" * 45_000),
    "images": lambda: Attack(body="".join(f'<p><img src="{_ADDRESS.format(n)}"></p>' for n in range(12_000))),
    "huge srcset": lambda: Attack(body='<img srcset="' + ", ".join(f"/{n}.png {n}w" for n in range(4_500)) + '">'),
    "many srcsets": lambda: Attack(body=f'<img srcset="{"/a.png 1w, " * 700}">' * 900),
    "links": lambda: Attack(body='<a href="/a b?c=d#e">가</a>' * 20_000),
    "styles": lambda: Attack(body=f'<span style="{"color: red; " * 600}">가</span>' * 900),
    "cards": lambda: Attack(body='<figure data-ke-type="opengraph" data-og-url="/a">' * 20_000),
    "folds": lambda: Attack(body='<div class="moreless_content">' * 20_000),
    "advertisements": lambda: Attack(body='<div class="another_category"><p>가</p></div>나' * 24_000),
    "bodies": lambda: Attack(body='<div class="tt_article_useless_p_margin contents_style">가' * 40_000),
    "scripts": lambda: Attack(body="<script>window.T.config = {};</script>" * 45_000),
    "script of 5 MB": lambda: Attack(body="<script>" + 'window.a = {"b": "c"}; ' * 220_000 + "</script>"),
    "open braces": lambda: Attack(head="<script>window.T.entryInfo = " + "{" * 3_000_000 + "</script>"),
    "open objects": lambda: Attack(head="<script>" + 'window.T.entryInfo = {"a": ' * 150_000 + "</script>"),
    "open strings": lambda: Attack(head="<script>window.tiara = {" + '"\\' * 150_000 + "</script>"),
    "open remarks": lambda: Attack(head="<script>window.tiara = {" + "/*" * 150_000 + "</script>"),
    "long JSON-LD": lambda: Attack(head=_json_ld(f"[{','.join([_ARTICLE] * 90_000)}]")),
    "deep JSON-LD": lambda: Attack(head=_json_ld('{"@graph":[' * 100_000 + "]}" * 100_000)),
    "deep lists": lambda: Attack(head=_json_ld("[" * 1_000_000)),
    "numbers": lambda: Attack(head=_json_ld(f'{{"@type":"BlogPosting","headline":{"9" * 1_000_000}}}')),
    "many JSON-LD": lambda: Attack(head=_json_ld(_ARTICLE) * 45_000),
    "metas": lambda: Attack(head="".join(f'<meta name="n{n}" content="글">' for n in range(99_000))),
    "long title": lambda: Attack(head=f"<title>{'느린 글 :: ' * 150_000}</title>"),
    "long date": lambda: Attack(head=f'<meta property="article:published_time" content="{"2026. " * 9_000}">'),
    "bases": lambda: Attack(head='<base href="//[">' * 90_000),
    "nothing but NUL": lambda: Attack(spoil=lambda content: b"\0" * 7_000_000),
}


def read(content: bytes) -> dict[str, Any]:
    """Read a page as a crawl does; tell what became of it."""
    try:
        lasting = lasting_forms(content)
        document = Document.parse(content, f"{BASE}/33", "utf-8")
        found = load_platforms()[detect(document)].post_page(document)
        if found.kind != PageKind.POST:
            return {"refused": found.kind.instead}
        raw = found.raw(source="worst", zone="Asia/Seoul", fetched=FETCHED)
        post = normalise(replace(raw, lasting=lasting))
    except (PageError, NotAPostError) as error:
        return {"refused": str(error)[:200]}
    return {"size": len(post.content_html), "before": BEFORE in post.content_html, "after": AFTER in post.content_html}


def measure(content: bytes) -> dict[str, Any]:
    """Read a page in a process of its own: what became of it, CPU seconds, MB of memory more than before."""
    ours, theirs = os.pipe()
    child = os.fork()
    if not child:
        _measured(content, theirs)
    os.close(theirs)
    with open(ours, "rb") as answer:  # noqa: PTH123 -- a descriptor, not a path
        told = answer.read()
    os.waitpid(child, 0)
    return json.loads(told) if told else {"stalled": True}


def _measured(content: bytes, answer: int) -> None:
    """In the forked process: write what was measured, and leave without any of the parent's goodbyes."""
    resource.setrlimit(resource.RLIMIT_CPU, (PATIENCE, PATIENCE))
    before = resource.getrusage(resource.RUSAGE_SELF)
    try:
        end = read(content)
    except BaseException:
        end = {"bug": traceback.format_exc()[-2_000:]}
    after = resource.getrusage(resource.RUSAGE_SELF)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    memory = (after.ru_maxrss - before.ru_maxrss) / 1024
    os.write(answer, json.dumps(end | {"seconds": round(seconds, 2), "memory": round(memory)}).encode())
    os._exit(0)


if __name__ == "__main__":
    read(page(Attack()))  # everything is loaded now
    for name in WORST if sys.argv[1:] == ["all"] else map(str.strip, sys.stdin):
        print(json.dumps({"name": name} | measure(page(WORST[name]())), ensure_ascii=False), flush=True)  # noqa: T201
