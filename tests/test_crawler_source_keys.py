"""Every key of a source file, by what a person notices of it in a crawl: a key without its test here fails."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_args, get_origin

import pytest
from command_line import moafeed
from odd_site import BODY, LISTING, PAGES, board, post, village
from pydantic import BaseModel
from small_site import listing as plain_list
from small_site import post as plain_post
from small_site import site as small_site

from crawler.manners.politeness import download_slots
from crawler.source import Source, SourceKeys

Effect = Callable[[Path], None]
EFFECTS: dict[str, Effect] = {}
RSS = {"Content-Type": "application/rss+xml"}


def keys(model: type[BaseModel]) -> Iterator[str]:
    """Every key that a file may have, by the table it stands in."""
    for name, field in model.model_fields.items():
        kinds = (kind for kind in _kinds(field.annotation) if isinstance(kind, type) and issubclass(kind, BaseModel))
        inner = next(kinds, None)
        if inner is None or get_origin(field.annotation) is tuple:
            yield f"{model.__name__}.{name}"
        if inner is not None:
            yield from keys(inner)


def _kinds(annotation: Any) -> Iterator[Any]:
    yield annotation
    for inner in get_args(annotation):
        yield from _kinds(inner)


ALL = sorted(set(keys(SourceKeys)))


def effect(*names: str) -> Callable[[Effect], Effect]:
    def put(test: Effect) -> Effect:
        EFFECTS.update(dict.fromkeys(names, test))
        return test

    return put


@pytest.mark.parametrize("key", ALL)
def test_a_key_has_its_effect(key: str, tmp_path: Path) -> None:
    assert key in EFFECTS, f"{key} has no test of what it does; add one here"
    EFFECTS[key](tmp_path)


def test_no_test_is_of_a_key_that_is_gone() -> None:
    assert set(EFFECTS) <= set(ALL)


# --- the site --------------------------------------------------------------------------------------------------------

PLAIN = {"/": plain_list("/1"), "/1": plain_post()}


@effect("SourceKeys.url")
def _url(folder: Path) -> None:
    pages = PLAIN | {"/tag/sea/": plain_list("/2"), "/2": plain_post("바다")}
    with village(folder, 'url = "{url}/tag/sea/"\n', pages) as it:
        assert it.post()["title"] == "바다"


@effect("SourceKeys.title")
def _title(folder: Path) -> None:
    with village(folder, 'title = "우리 동네"\n', PLAIN) as it:
        assert json.loads(it.read())["title"] == "우리 동네"


@effect("SourceKeys.platform")
def _platform(folder: Path) -> None:
    with village(folder, 'platform = "tistory"\n', PLAIN) as it:
        assert "read as tistory" in moafeed("explain", "x", cwd=folder).out
        assert it.site.asked


@effect("SourceKeys.language")
def _language(folder: Path) -> None:
    pages = {path: page.replace('<html lang="ko">', "<html>") for path, page in PLAIN.items()}
    with village(folder, 'language = "ko-KR"\n', pages) as it:
        assert it.post()["language"] == "ko-KR"


@effect("SourceKeys.zone")
def _zone(folder: Path) -> None:
    pages = PLAIN | {"/1": plain_post().replace("+09:00", "")}
    with village(folder, 'zone = "America/New_York"\n', pages) as it:
        assert it.post()["published"] == "2026-03-01T14:00:00+00:00"


@effect("SourceKeys.author")
def _author(folder: Path) -> None:
    with village(folder, 'author = "해온"\n', PLAIN) as it:
        assert it.post()["author"] == "해온"


@effect("SourceKeys.feature_text")
def _feature(folder: Path) -> None:
    pages = PLAIN | {"/1": plain_post().replace("</head>", '<meta name="description" content="소개하는 말"></head>')}
    with village(folder, 'feature_text = "summary"\n', pages) as it:
        assert it.post()["feature_text"] == "소개하는 말"


@effect("SourceKeys.closing")
def _closing(folder: Path) -> None:
    with village(folder, "closing = '<b>처음 실린 곳: {title}</b>'\n", PLAIN):
        moafeed("crawl", cwd=folder)
        moafeed("export", "jekyll", "out", cwd=folder)
    (written,) = (folder / "out" / "_posts").iterdir()
    assert "처음 실린 곳: 글 하나" in written.read_text("utf-8")


@effect("SourceKeys.formats")
def _formats(folder: Path) -> None:
    with village(folder, 'formats = ["atom"]\n', PLAIN) as it:
        it.read(".atom")
    assert not (folder / "public" / "x.rss").exists()


@effect("SourceKeys.limit")
def _limit(folder: Path) -> None:
    pages = {"/": plain_list("/1", "/2"), "/1": plain_post(), "/2": plain_post("둘", "둘째 글의 글이 여기 있다. 길다.")}
    with village(folder, "limit = 1\n", pages) as it:
        assert len(json.loads(it.read())["items"]) == 1


@effect("SourceKeys.entries")
def _entries(folder: Path) -> None:
    feed = ('<rss version="2.0"><channel><title>t</title><link>{url}/</link><item><title>글 하나</title>'
            "<link>{url}/1</link><description>&lt;p&gt;피드에만 있는 글.&lt;/p&gt;</description></item></channel>"
            "</rss>")  # fmt: skip
    head = '<link rel="alternate" type="application/rss+xml" href="/feed"></head>'
    with village(folder, 'entries = "whole"\n', {"/": PLAIN["/"].replace("</head>", head), "/1": plain_post()}) as it:
        it.site.pages["/feed"] = (200, RSS, feed.replace("{url}", it.site.url))
        assert "피드에만 있는 글" in it.post()["content_html"]
        assert "/1" not in it.site.asked


@effect("SourceKeys.feed")
def _feed(folder: Path) -> None:
    item = "<item><title>글 하나</title><link>{url}/1</link></item>"
    feed = f'<rss version="2.0"><channel><title>t</title><link>{{url}}/</link>{item}</channel></rss>'
    with village(folder, 'feed = "{url}/hidden"\n', {"/": plain_list(), "/1": plain_post()}) as it:
        it.site.pages["/hidden"] = (200, RSS, feed.replace("{url}", it.site.url))
        assert it.post()["title"] == "글 하나"


@effect("SourceKeys.every")
def _every(folder: Path) -> None:
    """A blog on this machine is asked at each `update` else."""
    with village(folder, 'every = "6h"\n', PLAIN) as it:
        os.utime(folder / "sources" / "x.toml", (0, 0))  # a file that has just been changed is due
        moafeed("update", cwd=folder)
        before = len(it.site.asked)
        moafeed("update", cwd=folder)
        assert len(it.site.asked) == before > 0


@effect("SourceKeys.pages")
def _pages(folder: Path) -> None:
    following = '<a rel="next" href="{}">다음</a></main>'
    pages = PLAIN | {
        "/": plain_list("/1").replace("</main>", following.format("/page/2")),
        "/page/2": plain_list("/2").replace("</main>", following.format("/page/3")),
        "/page/3": plain_list("/3"), "/2": plain_post("둘"), "/3": plain_post("셋"),
    }  # fmt: skip
    with village(folder, "pages = 2\n", pages) as it:
        assert [each["title"] for each in it.posts()] == ["글 하나", "둘"]
        assert "/page/3" not in it.site.asked


@effect("RequestKeys.delay")
def _delay(folder: Path) -> None:
    """Nobody has to be polite to this machine, so this one asks what Scrapy is told of another."""
    source = Source.model_validate({"name": "x", "url": "https://a.example/", "request": {"delay": 7.0}})
    assert download_slots([source])["a.example"] == {"concurrency": 1, "delay": 7.0}


def asked_with(
    folder: Path, request: str, *, config: str = "", secrets: dict[str, str] | None = None
) -> dict[str, str]:
    """The headers that the post's page was asked with."""
    with village(folder, f"{LISTING}{BODY}[request]\n{request}", config=config) as it:
        moafeed("crawl", cwd=folder, secrets=secrets)
        robots = it.site.headers[it.site.asked.index("/robots.txt")]
        assert not {"cookie", "authorization", "x-key"} & set(robots)
        return it.site.headers[it.site.asked.index("/read?no=1")]


@effect("RequestKeys.headers")
def _headers(folder: Path) -> None:
    toml = 'headers = { Authorization = "Bearer ${VILLAGE}", X-Key = "${OTHER_KEY}", "Accept-Language" = "ja" }\n'
    secrets = {"MOAFEED_VILLAGE": "canary-1", "VILLAGE": "wrong", "OTHER_KEY": "canary-2"}
    found = asked_with(folder, toml, secrets=secrets)
    assert (found["authorization"], found["x-key"]) == ("Bearer canary-1", "canary-2")
    assert found["accept-language"] == "ja"


@effect("RequestKeys.cookies")
def _cookies(folder: Path) -> None:
    found = asked_with(folder, 'cookies = { sid = "${SID}", seen = "1" }\n', secrets={"MOAFEED_SID": "canary"})
    assert found["cookie"] == "sid=canary; seen=1"


@effect("RequestKeys.user_agent")
def _user_agent(folder: Path) -> None:
    """Whom to write to stays in it."""
    config = 'contact = "me@example.org"\n'
    assert asked_with(folder, 'user_agent = "Reader/2"\n')["user-agent"] == "Reader/2"
    named = asked_with(folder, 'user_agent = "Reader/2"\n', config=config)["user-agent"]
    assert named == "Reader/2 (me@example.org)"


@effect("RequestKeys.proxy")
def _proxy(folder: Path) -> None:
    home = "http://board.invalid/"
    pages = {home: board(1), f"{home}read?no=1": post(), f"{home}robots.txt": "User-agent: *\nDisallow:"}
    with small_site(pages) as proxy:
        place = proxy.url.replace("http://", "http://me:${PROXY_WORD}@")
        toml = f'url = "{home}"\n{LISTING}{BODY}[request]\nproxy = "{place}"\n'
        with village(folder, toml):
            moafeed("crawl", cwd=folder, secrets={"PROXY_WORD": "canary"})
        assert proxy.asked == [f"{home}robots.txt", home, f"{home}read?no=1"]
        assert {each["proxy-authorization"] for each in proxy.headers} == {"Basic bWU6Y2FuYXJ5"}


@effect("RequestKeys.browser")
def _browser(folder: Path) -> None:
    """Where there is none nothing is asked; what one shows is in `test_crawler_browser.py`."""
    with village(folder, f"{LISTING}{BODY}[request]\nbrowser = true\n") as it:
        said = moafeed("crawl", cwd=folder, code=1, secrets={"MOAFEED_BROWSER": str(folder / "none")}).err
        assert "to be read as a browser shows them, and the browser" in said
        assert it.site.asked == []


@effect("RequestKeys.browser_hosts")
def _browser_hosts(folder: Path) -> None:
    """They are of use in a browser alone; what one gets from them is in `test_crawler_browser.py`."""
    for hosts, said in (('["cdn.example.net"]', "no browser"), ('["https://cdn.example.net/x"]', "no name of a host")):
        with village(folder, f"{LISTING}{BODY}[request]\nbrowser_hosts = {hosts}\n") as it:
            assert said in moafeed("crawl", cwd=folder, code=2).err
            assert it.site.asked == []


# --- select ----------------------------------------------------------------------------------------------------------


def chosen(folder: Path, select: str, **kinds: Any) -> dict[str, Any]:
    """The post as it is read with these keys in its [select], beside its body."""
    with village(folder, LISTING + BODY + select, PAGES | kinds) as it:
        return it.post()


@effect("SelectKeys.title", "ElementRule.selector", "TextRule.selector", "DateRule.selector")
def _select_title(folder: Path) -> None:
    assert chosen(folder, 'title = "h4.subject"\n')["title"] == "골목의 고양이"
    assert chosen(folder, 'title = "//h4[@class=\'subject\']"\n')["title"] == "골목의 고양이"
    assert chosen(folder, 'title = ["h4.gone", "//h4"]\n')["title"] == "골목의 고양이"


@effect("SelectKeys.author", "TextRule.pattern", "DateRule.pattern")
def _select_author(folder: Path) -> None:
    rule = 'author = { selector = ".by", pattern = "글쓴이: (\\\\S+)" }\n'
    assert chosen(folder, rule)["author"] == "해온"


@effect("SelectKeys.published", "DateRule.format", "DateRule.zone")
def _select_published(folder: Path) -> None:
    rule = 'published = {{ selector = "p.on", format = "%d/%m/%Y %H시 %M분"{} }}\n'
    assert chosen(folder, rule.format(""))["published"] == "2024-03-05T06:12:00+00:00"
    assert chosen(folder, rule.format(', zone = "America/New_York"'))["published"] == "2024-03-05T20:12:00+00:00"


@effect("SelectKeys.updated", "TextRule.attribute", "DateRule.attribute")
def _select_updated(folder: Path) -> None:
    rule = 'updated = { selector = ".edited", attribute = "data-at" }\n'
    assert chosen(folder, rule)["updated"] == "2024-03-06T00:30:00+00:00"


@effect("SelectKeys.categories")
def _select_categories(folder: Path) -> None:
    assert chosen(folder, 'categories = ".top a"\n')["categories"] == ["생활", "동네"]


@effect("SelectKeys.tags")
def _select_tags(folder: Path) -> None:
    rule = 'tags = { selector = "meta[name=words]", pattern = "[^,]+" }\n'
    assert chosen(folder, rule)["tags"] == ["산책", "비"]


@effect("SelectKeys.excerpt")
def _select_excerpt(folder: Path) -> None:
    found = chosen(folder, 'excerpt = "p.lead"\n')
    assert found["excerpt"] == "짧은 소개."
    assert "담장 위에" in found["content_html"]


@effect("SelectKeys.image")
def _select_image(folder: Path) -> None:
    assert str(chosen(folder, 'image = ".cover"\n')["image"]).endswith("/cover-1.jpg")


@effect("SelectKeys.body")
def _select_body(folder: Path) -> None:
    found = chosen(folder, "")
    assert "담장 위에" in found["content_html"]
    assert "이웃 글" not in found["content_html"]


@effect("SelectKeys.feature_text")
def _select_feature(folder: Path) -> None:
    assert chosen(folder, 'feature_text = ".sub"\n')["feature_text"] == "부제 1"


@effect("SelectKeys.language")
def _select_language(folder: Path) -> None:
    assert chosen(folder, 'language = "i.lang"\n')["language"] == "ko-KR"


@effect("SelectKeys.next")
def _select_next(folder: Path) -> None:
    first = post().replace("</body>", '<a class="on" href="/read?no=1&amp;then=b">이어서</a></body>')
    found = chosen(folder, 'next = "a.on"\n', **{"/read?no=1": first, "/read?no=1&then=b": post(text="<p>끝이다.</p>")})
    assert str(found["content_html"]).endswith("끝이다.</p></div>")


# --- listing ---------------------------------------------------------------------------------------------------------


@effect("ListingKeys.items")
def _items(folder: Path) -> None:
    more = '<a href="/read?no=2">배너</a>'
    pages = PAGES | {"/member?id=1": post(title="회원"), "/": board(1, more=more), "/read?no=2": post(2)}
    with village(folder, '[listing]\nitems = "a.go"\n' + BODY, pages) as it:
        assert [each["url"] for each in it.posts()] == [f"{it.site.url}/read?no=1"]


@effect("ListingKeys.next")
def _next(folder: Path) -> None:
    """As Korean boards do it: numbers of a block of pages, then the way to the next block."""
    more = '<p class="nums"><b>1</b> <a href="/?p=2">[2]</a> <a class="block" href="/?p=3">≫</a></p>'
    last = '<p class="nums"><a href="/">1</a> <b>2</b> <a class="block" href="/?p=3">≫</a></p>'
    pages = {"/": board(1, more=more), "/?p=2": board(2, more=last), "/?p=3": board(3)}
    pages |= {f"/read?no={n}": post(n) for n in (1, 2, 3)}
    with village(folder, LISTING + 'next = [".nums b + a:not(.block)", "a.block"]\n' + BODY, pages) as it:
        assert len(it.posts()) == 3
        assert it.site.asked.index("/?p=2") < it.site.asked.index("/?p=3")


@effect("ListingKeys.address")
def _address(folder: Path) -> None:
    pages = PAGES | {"/": board(1, more='<a href="/notice">알림</a>'), "/notice": post(title="알림")}
    with village(folder, '[listing]\naddress = "read\\\\?no=\\\\d+$"\n' + BODY, pages) as it:
        assert [each["url"] for each in it.posts()] == [f"{it.site.url}/read?no=1"]
        assert "/notice" not in it.site.asked


@effect("ListingKeys.also")
def _also(folder: Path) -> None:
    pages = PAGES | {"/notes": board(2), "/read?no=2": post(2, title="쪽지")}
    with village(folder, LISTING + 'also = ["{url}/notes"]\n' + BODY + 'title = "h4"\n', pages) as it:
        assert [each["title"] for each in it.posts()] == ["골목의 고양이", "쪽지"]


ITEM = (
    '<li class="go"><a href="/read?no=7">딴 글</a> <a class="to" href="/read?no=1">읽기</a>'
    '<b class="t">목록의 제목</b>'
    '<i class="by">나루</i><i class="on">2021.2.3</i><i class="at" data-at="2021-02-04">고침</i><img src="/thumb.jpg">'
    '<i class="in">소식</i><i class="keys">비, 산책</i><p>목록의 말.</p></li>'
)
SILENT = '<html><head><title>마을</title></head><body><div id="text"><p>담장 위에 있다.</p></div></body></html>'


def from_list(folder: Path, select: str) -> dict[str, Any]:
    """The post, whose own page is silent, as it is read with these keys in [listing.select]."""
    pages = {"/": f"<html><body><ul>{ITEM}</ul></body></html>", "/read?no=1": SILENT, "/read?no=7": SILENT}
    with village(folder, f'[listing]\nitems = "li.go"\n[listing.select]\n{select}{BODY}', pages) as it:
        return it.post()


@effect("ListedKeys.link")
def _listed_link(folder: Path) -> None:
    assert from_list(folder, 'title = "b"\n')["url"].endswith("no=7")
    assert from_list(folder, 'link = "a.to"\n')["url"].endswith("no=1")


@effect("ListedKeys.title", "ListedKeys.author")
def _listed_title(folder: Path) -> None:
    found = from_list(folder, 'title = ".t"\nauthor = ".by"\n')
    assert (found["title"], found["author"]) == ("목록의 제목", "나루")
    assert from_list(folder, 'author = ".gone"\n')["title"] == "마을"


@effect("ListedKeys.published", "ListedKeys.updated")
def _listed_dates(folder: Path) -> None:
    found = from_list(folder, 'published = ".on"\nupdated = { selector = ".at", attribute = "data-at" }\n')
    assert (found["published"], found["updated"]) == ("2021-02-02T15:00:00+00:00", "2021-02-03T15:00:00+00:00")


@effect("ListedKeys.categories", "ListedKeys.tags")
def _listed_labels(folder: Path) -> None:
    found = from_list(folder, 'categories = ".in"\ntags = { selector = ".keys", pattern = "[^, ]+" }\n')
    assert (found["categories"], found["tags"]) == (["소식"], ["비", "산책"])


@effect("ListedKeys.excerpt", "ListedKeys.image")
def _listed_show(folder: Path) -> None:
    found = from_list(folder, 'excerpt = "p"\nimage = "img"\n')
    assert found["excerpt"] == "목록의 말."
    assert str(found["image"]).endswith("/thumb.jpg")


def test_a_further_list_is_asked_only_if_it_changed(tmp_path: Path) -> None:
    notes = (200, {"Content-Type": "text/html; charset=utf-8", "ETag": '"1"'}, board(2))
    pages = PAGES | {"/notes": notes, "/read?no=2": post(2)}
    with village(tmp_path, LISTING + 'also = ["{url}/notes"]\n' + BODY, pages) as it:
        for _ in range(3):
            moafeed("crawl", cwd=tmp_path)
        answered = [status for path, status in zip(it.site.asked, it.site.statuses, strict=True) if path == "/notes"]
    assert answered == [200, 304, 304]


# --- clean -----------------------------------------------------------------------------------------------------------


def cleaned(folder: Path, clean: str, text: str) -> str:
    """The body of a post whose text is *text*, read with these keys in [clean]."""
    toml = f"{LISTING}{BODY}[clean]\n{clean}"
    with village(folder, toml, PAGES | {"/read?no=1": post(text=f"<p>담장 위에 있다.</p>{text}")}) as it:
        return str(it.post()["content_html"]).removeprefix("<p>담장 위에 있다.</p>")


@effect("CleanKeys.remove")
def _remove(folder: Path) -> None:
    text = '<p class="ad">광고</p>뒤에 남는 글 <b>강조</b><p>끝.</p>'
    assert cleaned(folder, 'remove = ["p.ad", "//b"]\n', text) == "뒤에 남는 글 <p>끝.</p>"
    assert "광고" in cleaned(folder, 'remove = "p.other"\n', text)
    (page,) = json.loads(_explained(folder, text))
    assert ["the source file's clean.remove", "광고"] in page["dropped"]


def _explained(folder: Path, text: str) -> str:
    with village(folder, f'{LISTING}{BODY}[clean]\nremove = "p.ad"\n', PAGES | {"/read?no=1": post(text=text)}):
        return moafeed("explain", "x", "--json", cwd=folder).out


@effect("CleanKeys.keep")
def _keep(folder: Path) -> None:
    text = '<div class="related"><p>이웃 글</p></div><aside><p class="note">곁들이는 말</p><p>딴 말</p></aside>'
    assert cleaned(folder, "", text) == ""
    related, note = "<div><p>이웃 글</p></div>", "<aside><p>곁들이는 말</p>{}</aside>"
    assert cleaned(folder, 'keep = [".related", ".note"]\n', text) == related + note.format("<p>딴 말</p>")
    assert cleaned(folder, 'keep = ".note"\nremove = "aside p"\n', text) == note.format("")
    assert "alert" not in cleaned(folder, 'keep = "script"\n', "<script>alert(1)</script><p>글</p>")


@effect("CleanKeys.unwrap")
def _unwrap(folder: Path) -> None:
    text = "<p>가 <b>나 <i>다</i> 라</b> 마</p><p><b></b>끝</p>"
    assert cleaned(folder, 'unwrap = "b"\n', text) == "<p>가 나 <i>다</i> 라 마</p><p>끝</p>"


@effect("CleanKeys.replace")
def _replace(folder: Path) -> None:
    text = '<p>무단 전재 금지 (C) 마을</p><p><a href="https://a.example/무단">2024/03</a> 글</p>'
    rules = 'replace = { "무단 전재.*" = "", "(\\\\d+)/(\\\\d+)" = "\\\\2월 \\\\1년 <b>" }\n'
    found = cleaned(folder, rules, text)
    assert "무단 전재" not in found
    assert "03월 2024년 &lt;b&gt;</a> 글" in found
    assert "a.example/" in found


def test_clean_is_for_posts_from_a_feed_too(tmp_path: Path) -> None:
    words = "&lt;p class='ad'&gt;광고&lt;/p&gt;&lt;p&gt;피드의 글.&lt;/p&gt;"
    item = f"<item><title>글 하나</title><link>{{url}}/1</link><description>{words}</description></item>"
    toml = 'feed = "{url}/f"\nentries = "whole"\n[clean]\nremove = ".ad"\nreplace = { "피드" = "씨앗" }\n'
    with village(tmp_path, toml, {"/": plain_list()}) as it:
        feed = f'<rss version="2.0"><channel><title>t</title><link>{it.site.url}/</link>{item}</channel></rss>'
        it.site.pages["/f"] = (200, RSS, feed.replace("{url}", it.site.url))
        assert it.post()["content_html"] == "<p>씨앗의 글.</p>"


# --- include and exclude ---------------------------------------------------------------------------------------------

MIXED = {
    "/": board(1, 2, 3), "/read?no=1": post(1, "[후기] 여행", path="여행,제주", words="바다, 비"),
    "/read?no=2": post(2, "한식", path="요리,한식", words="밥"),
    "/read?no=3": post(3, "광고 한 줄", path="여행기", words="광고"),
}  # fmt: skip
FIELDS = LISTING + BODY + (
    'title = ".subject"\ncategories = ".top a"\ntags = { selector = "meta[name=words]", pattern = "[^,]+" }\n'
)


def kept(folder: Path, toml: str) -> list[int]:
    """The numbers of the posts that are kept of MIXED."""
    with village(folder, FIELDS + toml, MIXED) as it:
        return [int(str(each["url"])[-1]) for each in it.posts()]


@effect("ChoiceKeys.categories")
def _by_category(folder: Path) -> None:
    assert kept(folder, '[include]\ncategories = ["여행"]\n') == [1]
    assert kept(folder, '[include]\ncategories = ["여행/제주", "요리"]\n') == [1, 2]
    assert kept(folder, '[exclude]\ncategories = ["요리 / 한식"]\n') == [1, 3]


@effect("ChoiceKeys.tags")
def _by_tag(folder: Path) -> None:
    assert kept(folder, '[include]\ntags = ["#밥", "비"]\n') == [1, 2]
    assert kept(folder, '[exclude]\ntags = ["광고"]\n') == [1, 2]


@effect("ChoiceKeys.title")
def _by_title(folder: Path) -> None:
    assert kept(folder, '[include]\ntitle = "^\\\\[후기\\\\]"\n') == [1]
    assert kept(folder, '[include]\ncategories = ["여행기", "여행"]\n[exclude]\ntitle = "광고"\n') == [1]


@effect("ChoiceKeys.address")
def _by_address(folder: Path) -> None:
    with village(folder, FIELDS + '[exclude]\naddress = "no=[23]$"\n', MIXED) as it:
        assert len(it.posts()) == 1
        assert not {"/read?no=2", "/read?no=3"} & set(it.site.asked)
    assert kept(folder, '[include]\naddress = "no=2$"\n') == [2]


def test_what_is_left_out_is_told_and_not_asked_for_again(tmp_path: Path) -> None:
    toml = FIELDS + '[exclude]\ntags = ["광고"]\naddress = "no=2"\n'
    with village(tmp_path, toml, MIXED) as it:
        moafeed("crawl", cwd=tmp_path)
        told = moafeed("status", cwd=tmp_path).out
        assert "/read?no=2 is left out by the source file's exclude.address" in told
        moafeed("crawl", cwd=tmp_path)
        moafeed("crawl", "--all", cwd=tmp_path)
        assert it.site.asked.count("/read?no=3") == 1
        assert "/read?no=2" not in it.site.asked
        told = moafeed("status", cwd=tmp_path).out
        assert "/read?no=3 is left out by the source file's exclude.tags" in told
        assert "1 posts stored" in told
        file = tmp_path / "sources" / "x.toml"
        file.write_text(file.read_text("utf-8").partition("[exclude]")[0], encoding="utf-8")
        moafeed("crawl", "--all", cwd=tmp_path)  # or when the list changes
    assert "3 posts stored" in moafeed("status", cwd=tmp_path).out


def test_what_is_left_out_is_left_alone_by_reprocess_and_explained(tmp_path: Path) -> None:
    with village(tmp_path, FIELDS, MIXED):
        moafeed("crawl", cwd=tmp_path)
        file = tmp_path / "sources" / "x.toml"
        toml = file.read_text("utf-8").replace('".subject"', '".sub"')
        file.write_text(toml + '[exclude]\ntags = ["광고"]\ntitle = "부제 [12]"\n', encoding="utf-8")
        told = moafeed("reprocess", cwd=tmp_path)
        assert "is left out by the source file's exclude.title" in told.out + told.err
        explained = moafeed("explain", "x", cwd=tmp_path).out
        assert "it is left out by the source file's exclude.title" in explained
        assert "no post there is kept" in moafeed("preview", "x", cwd=tmp_path, code=69).err
