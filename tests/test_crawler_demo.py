"""The demo blog looks like Tistory, answers over real HTTP, and is gone afterwards."""

from __future__ import annotations

import json
import socket
import struct
import threading
import urllib.error
import urllib.request
from datetime import datetime, timedelta, timezone
from urllib.parse import urljoin, urlsplit

import pytest
from lxml import etree, html

from crawler.demo import DemoBlog, DemoPost, demo_posts, render

HOME = "https://slowsol.tistory.com"
KST = timezone(timedelta(hours=9))


def fetch(url: str, method: str = "GET") -> tuple[int, dict[str, str], bytes]:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, method=method), timeout=5) as answer:  # noqa: S310
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, dict(error.headers), error.read()


def page(path: str, posts: tuple[DemoPost, ...] | None = None) -> html.HtmlElement:
    answer = render(path, demo_posts() if posts is None else posts, HOME)
    assert answer.status == 200, path
    return html.document_fromstring(answer.body, parser=html.HTMLParser(encoding="utf-8"))


def meta(tree: html.HtmlElement, name: str) -> str | None:
    found = tree.xpath("//meta[@property=$n or @name=$n]/@content", n=name)
    return found[0] if found else None


def post_with(**values: object) -> DemoPost:
    known = {"id": 900, "title": "새 글", "published": datetime(2026, 12, 1, 9, tzinfo=KST), "body": "<p>글</p>"}
    return DemoPost(**known | values)


def links_of(path: str) -> set[str]:
    tree = page(path)
    targets = tree.xpath("//a/@href | //img/@src | //span/@data-url | //link[@rel='alternate']/@href")
    absolute = {urljoin(HOME + path, target).partition("#")[0] for target in targets}
    return {url.removeprefix(HOME) or "/" for url in absolute if url.startswith(HOME)}


def test_posts_cover_the_editor_and_the_awkward_cases() -> None:
    posts = demo_posts()
    bodies = "".join(post.body for post in posts)
    blocks = ("imageblock", "<figcaption>", "imagegridblock", "opengraph", "video", "codeblock", "data-ke-language",
              "moreLess", "fileblock", "emoticon", "horizontalRule", "<blockquote", "<ol", "<ul", "<table",
              'style="color', 'data-ke-size="size18"', "<h2", "<h3", "<h4")  # fmt: skip
    assert [block for block in blocks if block not in bodies] == []
    assert len(posts) >= 12
    assert len({post.published.month for post in posts}) >= 10
    assert any(not post.category and not post.tags for post in posts)
    assert any("<div>" in post.title for post in posts)
    assert any("🌸" in post.title for post in posts)
    assert any(post.updated and post.updated > post.published for post in posts)
    assert any(post.slug for post in posts)
    assert [post.published for post in posts] == sorted((post.published for post in posts), reverse=True)


def test_same_posts_give_the_same_bytes_in_any_order() -> None:
    posts = demo_posts()
    for path in ("/", "/?page=2", "/category/빵", "/18", "/m/18", "/rss", "/sitemap.xml", "/dn/loaf/demo/0/img.png"):
        assert render(path, posts, HOME) == render(path, tuple(reversed(posts)), HOME), path


def test_every_link_inside_the_blog_resolves() -> None:
    seen: dict[str, int] = {}
    waiting = {"/"}
    while waiting:
        path = waiting.pop()
        answer = render(path, demo_posts(), HOME)
        seen[path] = answer.status
        if answer.headers["Content-Type"].startswith("text/html"):
            waiting |= links_of(path) - seen.keys()
    assert {path: status for path, status in seen.items() if status != 200} == {}
    assert {"/rss", "/?page=3", "/guestbook"} <= seen.keys()


def test_listings_page_through_all_posts_newest_first() -> None:
    pages = [page(f"/?page={n}").xpath("//a[@class='link_category']/@href") for n in (1, 2, 3)]
    assert [path for paths in pages for path in paths] == [post.path for post in demo_posts()]
    assert page("/?page=2").xpath("//a[contains(@class,'link_next')]/@href") == ["/?page=3"]
    assert page("/?page=3").xpath("//a[contains(@class,'link_next')]/@href") == []
    assert page("/?page=9").xpath("//a[@class='link_category']") == []
    assert page("/").xpath("//body/@id") == ["tt-body-index"]


def test_category_page_lists_its_posts_in_json_ld_too() -> None:
    tree = page("/category/%EA%B8%B0%EB%A1%9D/%ED%8C%8C%EC%9D%B4%EC%8D%AC")
    data = json.loads(tree.xpath("//script[@type='application/ld+json']/text()")[0])
    assert data["@type"] == "BreadcrumbList"
    assert [item["item"]["@id"] for item in data["itemListElement"]] == [f"{HOME}/23", f"{HOME}/12"]
    assert tree.xpath("//link[@rel='canonical']/@href") == [HOME]  # as on Tistory: the blog, not the category


def test_post_page_names_every_field_where_tistory_does() -> None:
    tree = page("/18")
    post = next(p for p in demo_posts() if p.id == 18)
    assert post.updated is not None
    assert meta(tree, "og:title") == post.title
    assert meta(tree, "article:published_time") == "2026-05-17T22:15:10+09:00"
    assert meta(tree, "article:modified_time") == "2026-06-02T07:05:44+09:00"
    assert meta(tree, "og:regDate") == "20260517101510"  # the 12-hour clock
    assert meta(tree, "article:txid") == "9900127_18"
    scripts = "\n".join(tree.xpath("//script/text()"))
    assert '"categoryLabel":"기록/홈서버"' in scripts
    assert '"tags":["백업","rsync","셸","홈서버"]' in scripts
    body = tree.find_class("tt_article_useless_p_margin")[0]
    assert body.getparent().find_class("container_postbtn")
    assert not body.find_class("container_postbtn")
    assert body.xpath(".//pre[@data-ke-type='codeblock']/@data-ke-language") == ["bash"]


def test_numeric_and_text_addresses_show_one_post() -> None:
    post = next(p for p in demo_posts() if p.slug == "사과-깡빠뉴-🍎")
    assert render(f"/{post.id}", demo_posts(), HOME) == render(post.path, demo_posts(), HOME)
    assert meta(page(f"/{post.id}"), "og:url") == HOME + post.path
    assert meta(page(f"/m{post.path}"), "dg:plink") == f"{HOME}/{post.id}"
    assert render("/5?category=77", demo_posts(), HOME).status == 200


def test_titles_with_markup_stay_text_everywhere() -> None:
    posts = (post_with(title='</title></script><div> & "따옴표"'), *demo_posts())
    tree = page("/900", posts)
    assert meta(tree, "og:title") == '</title></script><div> & "따옴표"'
    assert json.loads(tree.xpath("//script[@type='application/ld+json']/text()")[0])["headline"] == posts[0].title
    assert tree.xpath("//strong[@class='title_post']/text()") == [posts[0].title]
    assert page("/", posts).xpath("//strong[@class='name']/text()")[0] == posts[0].title


def test_rss_is_strict_xml_with_whole_bodies() -> None:
    body = render("/rss", demo_posts(), HOME).body
    assert body.startswith(b"<?xml")
    channel = etree.fromstring(body).find("channel")
    assert channel is not None
    items = channel.findall("item")
    assert [item.findtext("guid") for item in items] == [f"{HOME}/{post.id}" for post in demo_posts()]
    backup = next(item for item in items if item.findtext("guid") == f"{HOME}/18")
    assert [c.text for c in backup.findall("category")] == ["기록/홈서버", "백업", "rsync", "셸", "홈서버"]
    assert "되살려 보지 않은 백업은" in (backup.findtext("description") or "")
    assert 'class="revenue_unit_wrap"' in (backup.findtext("description") or "")
    snow = next(item for item in items if item.findtext("guid") == f"{HOME}/5")
    assert f'data-url="{HOME}/dn/snow/demo/0/img.png"' in (snow.findtext("description") or "")
    assert snow.findtext("pubDate") == "Wed, 21 Jan 2026 08:32:40 +0900"
    assert "Sun, 4 Jan 2026" in body.decode()  # the day has no zero in front
    assert channel.findtext("pubDate")


def test_sitemap_names_every_post_twice_with_its_last_change() -> None:
    tree = etree.fromstring(render("/sitemap.xml", demo_posts(), HOME).body)
    entries = {url.findtext("{*}loc"): url.findtext("{*}lastmod") for url in tree}
    assert entries[f"{HOME}/18"] == entries[f"{HOME}/m/18"] == "2026-06-02T07:05:44+09:00"
    assert {HOME + post.path for post in demo_posts()} <= entries.keys()


def test_robots_txt_is_tistorys() -> None:
    assert len(render("/robots.txt", (), HOME).body) == 185


def test_an_empty_blog_has_pages_too() -> None:
    for path in ("/", "/rss", "/sitemap.xml", "/category", "/tag"):
        assert render(path, (), HOME).status == (404 if path == "/category" else 200), path


@pytest.mark.parametrize("path", ["/999", "/entry/none", "/category/없는것", "/tag/없는것", "/dn/none/demo/0/img.png"])
def test_what_does_not_exist_is_404(path: str) -> None:
    assert render(path, demo_posts(), HOME).status == 404


def test_pictures_are_png_and_differ() -> None:
    bodies = {render(f"/dn/{name}/demo/0/img.png", (), HOME).body for name in ("snow", "loaf", "night", "apple")}
    assert len(bodies) == 4
    for body in bodies:
        assert body.startswith(b"\x89PNG\r\n\x1a\n")
        assert struct.unpack(">II", body[16:24]) == (480, 300)


def test_blog_answers_over_http_as_tistory_does() -> None:
    with DemoBlog() as blog:
        status, headers, body = fetch(f"{blog.url}/")
        assert status == 200
        assert headers["Content-Type"] == "text/html;charset=UTF-8"
        assert "no-cache" in headers["Cache-Control"]
        assert not {"ETag", "Last-Modified"} & headers.keys()
        assert body == render("/", blog.posts, blog.url).body
        assert f'href="{blog.url}/rss"' in body.decode()
        status, headers, body = fetch(f"{blog.url}/rss", "HEAD")
        assert (status, body) == (200, b"")
        assert int(headers["Content-Length"]) > 10_000
        assert fetch(f"{blog.url}/5", "POST")[0] == 405
        assert blog.requests == ["GET /", "HEAD /rss", "POST /5"]


def test_blog_can_change_while_it_is_read() -> None:
    with DemoBlog() as blog:
        blog.publish(post_with(id=901, title="방금 쓴 글"))
        assert "방금 쓴 글" in fetch(f"{blog.url}/")[2].decode()
        edited = blog.edit(901, title="방금 고친 글")
        assert edited.updated is not None
        assert edited.updated > edited.published
        assert "방금 고친 글" in fetch(f"{blog.url}/901")[2].decode()
        blog.remove(901)
        assert fetch(f"{blog.url}/901")[0] == 404
        blog.down = True
        assert {fetch(f"{blog.url}{path}")[0] for path in ("/", "/rss", "/robots.txt")} == {503}
        blog.down = False
        assert fetch(f"{blog.url}/")[0] == 200


def test_blog_refuses_what_makes_no_sense() -> None:
    blog = DemoBlog()
    with pytest.raises(ValueError, match="post 5 already"):
        blog.publish(post_with(id=5))
    with pytest.raises(KeyError):
        blog.edit(12345, title="?")
    with pytest.raises(KeyError):
        blog.remove(12345)
    with pytest.raises(RuntimeError, match="not running"):
        _ = blog.url


def test_nothing_listens_and_nothing_runs_afterwards() -> None:
    before = set(threading.enumerate())
    with DemoBlog(posts=()) as blog:
        address = urlsplit(blog.url)
        fetch(f"{blog.url}/")
    assert set(threading.enumerate()) <= before
    with pytest.raises(ConnectionRefusedError), socket.create_connection((address.hostname, address.port), timeout=1):
        pass


def test_two_blogs_run_side_by_side() -> None:
    with DemoBlog() as one, DemoBlog(posts=demo_posts()[:1]) as two:
        assert one.url != two.url
        assert len(fetch(f"{one.url}/rss")[2]) > len(fetch(f"{two.url}/rss")[2])
