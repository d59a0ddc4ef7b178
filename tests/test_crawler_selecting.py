"""People's selectors and patterns: what they may be, what is said where they can't, how long they take."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from command_line import moafeed
from cssselect import HTMLTranslator
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from odd_site import BODY, LISTING, PAGES, board, post, village

from crawler.cleaning import wished
from crawler.document import Element
from crawler.selecting import selection
from crawler.source import SourceError, load_source
from crawler.source_keys import CleanKeys
from pipelines.patterns import compiled

URL = 'url = "https://board.example/"\n'
PAGE = (
    "<html lang=ko><body><h1 class='t big'>A</h1><dl><dt>글</dt><dd>1</dd><dt>날짜</dt><dd>2</dd></dl><p>a</p>"
    "<p>b <a href=/1>q</a></p><!-- p --></body></html>"
)


def parsed(html: str) -> Element:
    return etree.fromstring(html.encode(), etree.HTMLParser(huge_tree=True, encoding="utf-8"))


def found(selector: str, html: str = PAGE) -> list[str]:
    nodes = selection(selector).find(parsed(html))
    return [node if isinstance(node, str) else str(node.tag) + (node.text or "").strip() for node in nodes]


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        ("h1.t", ["h1A"]),
        ("dd + dt", ["dt날짜"]),
        ("dl dd:nth-of-type(2)::text", ["2"]),
        ("dd, h1", ["h1A", "dd1", "dd2"]),
        ("(//dd/preceding-sibling::*)[last()]", ["dt날짜"]),
        ("//p | //h1", ["h1A", "pa", "pb"]),
        ("a::attr(href)", ["/1"]),
        ("p:has(> a)", ["pb"]),
        ("p:not(:has(a))", ["pa"]),
        ("body > *", ["h1A", "dl", "pa", "pb"]),
        ("html::attr(lang)", ["ko"]),
        ("//dt[.='날짜']/following-sibling::dd[1]", ["dd2"]),
        ("//a/..", ["pb"]),
        ("//a/ancestor::body/h1", ["h1A"]),
        ("(//p)[last()]//a/@href", ["/1"]),
        ("(//dd)[2]", ["dd2"]),
        ("//dd[2]", ["dd2"]),
        ("/html/body/p[1]", ["pa"]),
        (".//p[contains(., 'q')]", ["pb"]),
        ("xpath: //p[a] | //h1", ["h1A", "pb"]),
        ("//html/@lang", ["ko"]),
        ("//body//p//a", ["aq"]),
        ("//h1/text()", ["A"]),
        ("//nothing", []),
    ],
)
def test_what_a_selector_finds(selector: str, expected: list[str]) -> None:
    assert found(selector) == expected


PIECES = ["<div>", "<div class=x>", "</div>", "<p>t", "<p class=x>", "<a href=1>y</a>", "<ul><li>1<li>2</ul>"]
CSS = ["div", "p", "a", ".x", "*", "p.x", "a:first-child", "li:nth-child(2)", "div:not(.x)", "p:has(> a)", ":empty"]
STEPS = ["div", "p", "*", "a[@href]", "p[1]", "*[last()]", "div[@class='x']", "*[.//a]", "*[not(ancestor::p)]"]
TURNS = ["", "", "/following-sibling::*", "/following-sibling::p[1]", "/ancestor::div[1]", "/preceding-sibling::*[1]"]
PAGES_OF_PIECES = st.lists(st.sampled_from(PIECES), max_size=40).map(lambda pieces: "<html><body>" + "".join(pieces))


@given(PAGES_OF_PIECES, st.lists(st.sampled_from([" ", " > ", " + ", " ~ ", ", "]), max_size=3), st.data())
def test_css_finds_what_libxml2_finds(html: str, signs: list[str], data: st.DataObject) -> None:
    root = parsed(html)
    written = data.draw(st.sampled_from(CSS)) + "".join(sign + data.draw(st.sampled_from(CSS)) for sign in signs)
    path = HTMLTranslator().css_to_xpath(written, prefix="/descendant-or-self::node()/descendant-or-self::")
    assert selection(written).find(root) == etree.XPath(path)(root)


@given(PAGES_OF_PIECES, st.lists(st.sampled_from(["//", "/"]), min_size=1, max_size=3), st.data())
def test_paths_taken_apart_find_what_libxml2_finds(html: str, signs: list[str], data: st.DataObject) -> None:
    root = parsed(html)
    path = "".join(sign + data.draw(st.sampled_from(STEPS)) for sign in signs) + data.draw(st.sampled_from(TURNS))
    path = data.draw(st.sampled_from(["{}", "({})[1]", "({})[last()]", "({})[2]"])).format(path)
    assert selection(path).find(root) == etree.XPath(path)(root)


# --- how long they take -----------------------------------------------------------------------------------------------

MEGABYTE = 2**20
WORST_PAGES = {
    "flat": "<p>x" * (MEGABYTE // 4),
    "deep": ("<div>" * 1000 + "</div>" * 1000) * (MEGABYTE // 11_000),
    "deep with a long text": "<div>" * 1900 + "x" * MEGABYTE,
    "tables": "<table><tr><td>x</table>" * (MEGABYTE // 24),
}
WORST_SELECTORS = [
    "//*//*//*", "* * * * * *", "* ~ * ~ *", "*:nth-child(2)", "p:nth-last-child(2)", "//*/following-sibling::*",
    "//*/following-sibling::*[@q]/preceding-sibling::*", "//*/preceding-sibling::*[last()]", "//*/ancestor::*[last()]",
    "//*[.//zzz]", "//*[ancestor::zzz]", "//*[preceding-sibling::zzz]", "//*[contains(., 'q')]", "//*/..//*/..//*",
    "//*[count(.//*) > 3]", "//*[../*[3]]", "*:not(:only-child) *:empty",
]  # fmt: skip


@pytest.mark.parametrize("kind", WORST_PAGES)
def test_no_selector_holds_a_crawl_up(kind: str) -> None:
    root = parsed(f"<html><body>{WORST_PAGES[kind]}</body></html>")
    for selector in WORST_SELECTORS:
        began = time.process_time()
        assert len(selection(selector).find(root)) <= 2000
        took = time.process_time() - began
        assert took < 3, f"{selector} takes {took:.1f} s on a page that is {kind}"


WORST_LISTS = {
    "nested": "<div class=i>" * 1900 + "<b>x</b>" * 20_000,
    "siblings": "<p class=i><b>x</b></p>" * 2000 + "<p>y</p>" * 12_000,
    "wide": "<table>" + ("<tr class=i>" + "<td>x</td>" * 50 + "</tr>") * 2000 + "</table>",
}
WORST_FROM_ITEMS = [
    "b", "b::text, td", "./following-sibling::*", "./following-sibling::p//b", "./parent::*//b", "./ancestor::*//td",
    "(.//*)[last()]", ".//*[following-sibling::b]", "./td/following-sibling::td/preceding-sibling::td",
]  # fmt: skip


@pytest.mark.parametrize("kind", WORST_LISTS)
def test_no_list_holds_a_crawl_up(kind: str) -> None:
    items = selection(".i").elements(parsed(f"<html><body>{WORST_LISTS[kind]}</body></html>"))
    for selector in WORST_FROM_ITEMS:
        began = time.process_time()
        assert len(selection(selector).find_from(items)) == len(items)
        took = time.process_time() - began
        assert took < 3, f"{selector} takes {took:.1f} s on a list that is {kind}"


def test_no_pattern_holds_a_crawl_up() -> None:
    began = time.process_time()
    assert not compiled("(a+)+$").matches("a" * MEGABYTE + "b")
    assert compiled("(x|y|(x|y)+)*z").first("xy" * 50_000) == ""
    assert time.process_time() - began < 2


# --- what they may not be ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('title = "h1["', 'line 3: "select.title" is no CSS selector (expected'),
        ('title = "//h1["', '"select.title" is no XPath expression (invalid expression); right would be one such as'),
        ('title = ""', '"select.title" is empty; right would be one such as h1.title'),
        ('title = "h1:first"', "pseudo-class :first is unknown"),
        ('title = "//x:h1"', "undefined namespace prefix"),
        ('title = "//h1[$x]"', "has a variable ($)"),
        ('title = "//a[re:test(., \'x\')]"', "calls re:test(), which is no function of XPath 1.0"),
        ('title = "//*[.//a[.//b]]"', "goes up, down or aside more than once within [ ]"),
        ('title = "//*[//a]"', "a path inside [ ] that starts at the top of the page"),
        ('title = "//a/following::b"', "looks through the whole page for each element"),
        ('title = "(//a"', '"select.title" is no'),
        ('title = "' + "a " * 400 + '"', "is longer than 500 characters"),
        ("title = 5", '"select.title" should be a selector in quotes, a table such as { selector = "h1" }'),
        ("title = []", '"select.title" is a list of none'),
        ('title = { selector = "h1", atribute = "x" }', 'line 3: unknown key "atribute"; did you mean "attribute"?'),
        ('title = { attribute = "x" }', 'the key "select.title.selector" is missing; add a line such as selector = '),
        ('title = { selector = "h1", attribute = "a b" }', '"select.title.attribute" is no name of an attribute'),
        ('title = { selector = "a::text", attribute = "x" }', "has a selector of a text and an attribute too"),
        ('title = { selector = "h1", pattern = "(" }', '"select.title.pattern" is no regular expression: missing ):'),
        ('title = { selector = "h1", pattern = "a(?=b)" }', "looks ahead or behind, as in (?=…)"),
        ("title = { selector = 'h1', pattern = '(a)\\1' }", "refers back to a group"),
        ('title = ["h1", { selector = "h2", pattern = "*" }]', '"select.title.pattern" is no regular expression'),
        ('titel = "h1"', 'line 3: unknown key "titel"; did you mean "title"?'),
        ('body = { selector = "p", pattern = "x" }', 'unknown key "pattern"; known are selector'),
        ('published = { selector = "p", format = "%Y" }', '"select.published.format" needs the year (%Y), the month'),
        ('published = { selector = "p", format = "%Y-%m-%Q" }', "has %Q, which is no part of a date"),
        ('published = { selector = "p", format = "%Y-%m-%d %" }', "is no date format: a single %"),
        ('published = { selector = "p", format = "%Y-%m-%d %d" }', "has a part twice"),
        ('published = { selector = "p", format = "%Y-%m-%d %I" }', "an hour of twelve (%I) without its half"),
        ('published = { selector = "p", zone = "Asia/Seoul" }', "has a zone but no format"),
        ('published = { selector = "p", format = "%Y-%m-%d", zone = "Asia/Soul" }', 'did you mean "Asia/Seoul"?'),
        ('title = { selector = "h1", format = "%Y-%m-%d" }', 'unknown key "format"'),
        ('[listing]\nadress = "x"', 'line 4: unknown key "adress"; did you mean "address"?'),
        ('[listing]\naddress = "a(?!b)"', 'line 4: "listing.address" looks ahead or behind'),
        ('[listing]\nalso = ["https://other.example/"]', '"listing" has https://other.example/ in also'),
        ('[clean]\nremove = ["a", "b["]', 'line 4: "clean.remove" is no CSS selector'),
        ('[clean]\nreplace = { "(" = "" }', '"clean.replace.(" is no regular expression'),
        ("[clean]\nreplace = { 'a' = '\\1' }", '"clean.replace" names a group 1 that its pattern has not'),
        ('[clean]\nreplace = "a"', '"clean.replace" should be a table'),
        ("[clean]\nreplace = { 'a' = '" + "b" * 501 + "' }", '"clean.replace" has a text longer than 500'),
        ("[clean]\nreplace = { 'a*' = 'b' }", '"clean.replace" has "a*", which finds nothing at all too'),
        ('[include]\ntag = ["a"]', 'line 4: unknown key "tag"; did you mean "tags"?'),
        ('[exclude]\ntitle = "["', '"exclude.title" is no regular expression'),
        ('[include]\ntags = "a"', '"include.tags" should be a list, not "a"'),
        ('[include]\ntags = ["a"]\n[exclude]\ntags = ["a", "b"]', '"exclude" has the same tags as include'),
        ('[request]\nheaders = { Host = "a" }', '"request.headers.Host" is the crawler\'s to decide; take it out'),
        ('[request]\nheaders = { "Content-Length" = "1" }', "is the crawler's to decide"),
        ('[request]\nheaders = { X-HTTP-Method-Override = "DELETE" }', "is the crawler's to decide"),
        ('[request]\nheaders = { User-Agent = "a" }', "is a key of its own; write user_agent in [request]"),
        ('[request]\nheaders = { "a b" = "1" }', "is no name of a header"),
        ('[request]\nheaders = { A = "1", a = "2" }', "has a header twice"),
        ('[request]\nheaders = { Cookie = "a=1" }\ncookies = { b = "2" }', "has cookies, and a header of them too"),
        ('[request]\nheaders = { A = "secret\\u000a1" }', '"request.headers.A" holds what no header can'),
        ('[request]\nheaders = { A = "${secret" }', 'has "${" without a name behind it'),
        ('[request]\ncookies = { a = "secret; b=1" }', "holds a sign that ends a cookie"),
        ('[request]\ncookies = "secret"', '"request.cookies" should be a table; right would be'),
        ("[request]\ncookies = { a = 770077 }", '"request.cookies.a" should be text in quotes; right would be'),
        ('[request]\nproxy = "socks5://secret@a"', '"request.proxy" is no proxy; right would be one such as http://proxy'),
        ('[request]\nproxy = "http://a:99999"', "has a port that is none"),
        ('[request]\nuser_agent = "${UA}"', "is no secret, and not empty"),
        ('[listing]\nitems = "a >"', '"listing.items" is no CSS selector'),
    ],
)
def test_one_sentence_for_each_fault(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "x.toml"
    file.write_text(f"{URL}[select]\n{text}\n", encoding="utf-8")
    with pytest.raises(SourceError) as caught:
        load_source(file)
    assert says in str(caught.value)
    assert str(caught.value).isprintable()
    assert "770077" not in str(caught.value)
    assert "secret" not in str(caught.value).replace("no secret", "")
    assert len(str(caught.value)) < 420


def test_what_has_no_pages_has_no_selectors(tmp_path: Path) -> None:
    file = tmp_path / "x.toml"
    file.write_text(f'{URL}platform = "feed-only"\n[select]\ntitle = "h2"\n', encoding="utf-8")
    with pytest.raises(SourceError, match='"select" is about pages, and a source with platform = "feed-only" has none'):
        load_source(file)
    file.write_text(f'{URL}platform = "feed-only"\n[request]\nbrowser = true\n', encoding="utf-8")
    with pytest.raises(SourceError, match='"request" has a browser for pages, and platform = "feed-only"'):
        load_source(file)


def test_two_ways_to_say_one_thing_are_told(tmp_path: Path) -> None:
    file = tmp_path / "x.toml"
    file.write_text(f'{URL}feature_text = "summary"\n[select]\nfeature_text = "h2"\n', encoding="utf-8")
    with pytest.raises(SourceError, match='feature_text = "summary" above it takes another; delete one of them'):
        load_source(file)


@given(st.text(max_size=40) | st.text("/*[]()@.:|'=abp ", max_size=25))
def test_no_text_is_anything_but_a_selector_or_one_sentence(text: str) -> None:
    try:
        wanted = selection(text)
    except ValueError as error:
        said = str(error)
    else:
        said = f"finds {len(wanted.find(parsed(PAGE)))}"
    assert said


# --- who obeys them ---------------------------------------------------------------------------------------------------


def test_explain_shows_the_files_selectors_before_the_platforms_rules(tmp_path: Path) -> None:
    with village(tmp_path, LISTING + BODY + 'title = ["h1", "h4"]\nexcerpt = ".lead"\nfeature_text = ".sub"\n'):
        (page,) = json.loads(moafeed("explain", "x", "--json", cwd=tmp_path).out)
    fields = {each["name"]: each["rules"] for each in page["fields"]}
    assert fields["title"][:2] == [
        ["the source file's select.title (1 of 2)", ""], ["the source file's select.title (2 of 2)", "골목의 고양이"],
    ]  # fmt: skip
    assert ["<title>", "마을 게시판"] in fields["title"]
    assert fields["body"][0][0] == "the source file's select.body"
    assert fields["excerpt"][0] == ["the source file's select.excerpt", "짧은 소개."]
    assert fields["feature_text"][0] == ["the source file's select.feature_text", "부제 1"]


def test_explain_shows_what_a_date_format_could_not_read(tmp_path: Path) -> None:
    rules = 'published = [{ selector = ".on", format = "%Y-%m-%d" }, ".on", ".gone"]\nupdated = "h4"\n'
    with village(tmp_path, LISTING + BODY + rules):
        told = moafeed("explain", "x", cwd=tmp_path).out
    assert 'select.published (1 of 3), which finds "05/03/2024 15시 12분", no date of that format: -' in told
    assert "the source file's select.published (3 of 3): -" in told
    assert "the source file's select.updated, which finds \"골목의 고양이\", no date: -" in told


def test_a_selector_that_finds_nothing_leaves_the_platform_its_rules(tmp_path: Path) -> None:
    rules = 'title = ".gone"\npublished = { selector = ".on", format = "%Y-%m-%d" }\n'
    with village(tmp_path, LISTING + BODY + rules) as it:
        found = it.post()
    assert found["title"] == "마을 게시판"
    assert found["published"] is None


def test_what_is_no_date_leaves_the_next_its_turn(tmp_path: Path) -> None:
    text = '<p class="day">어느 봄날</p><p class="day">2024년 3월 5일 오후 3시 12분</p>'
    rules = 'published = [".by", ".day"]\n'
    with village(tmp_path, LISTING + BODY + rules, PAGES | {"/read?no=1": post(text=text)}) as it:
        assert it.post()["published"] == "2024-03-05T06:12:00+00:00"


def test_reprocess_reads_stored_pages_by_new_selectors(tmp_path: Path) -> None:
    with village(tmp_path, LISTING + BODY) as it:
        moafeed("crawl", cwd=tmp_path)
        file = tmp_path / "sources" / "x.toml"
        file.write_text(file.read_text("utf-8") + 'title = "h4.subject"\n', encoding="utf-8")
        before = len(it.site.asked)
        assert "골목의 고양이" in moafeed("reprocess", cwd=tmp_path).out
        assert len(it.site.asked) == before
    moafeed("build", cwd=tmp_path)
    assert json.loads((tmp_path / "public" / "x.json").read_text("utf-8"))["items"][0]["title"] == "골목의 고양이"


def test_record_and_check_read_by_selectors(tmp_path: Path) -> None:
    with village(tmp_path, LISTING + BODY + 'title = "h4"\n'):
        moafeed("record", "x", cwd=tmp_path)
    moafeed("check", "x", cwd=tmp_path)
    file = tmp_path / "sources" / "x.toml"
    file.write_text(file.read_text("utf-8").replace('"h4"', '"h5"'), encoding="utf-8")
    assert "title should be '골목의 고양이', is '부제 1'" in moafeed("check", "x", cwd=tmp_path, code=1).err


def test_a_list_whose_look_is_new_is_a_red_run_until_the_file_is_right(tmp_path: Path) -> None:
    with village(tmp_path, LISTING + BODY) as it:
        moafeed("crawl", cwd=tmp_path)
        headers = {"Content-Type": "text/html; charset=utf-8", "ETag": '"2"'}
        it.site.pages["/"] = (200, headers, board(1, 2).replace("<tr class=\"row\">", "<tr>"))
        it.site.pages["/read?no=2"] = post(2)
        for _ in range(2):  # the second time it could answer "as before"
            told = moafeed("crawl", cwd=tmp_path, code=1).err
            assert "the source file's listing.items finds nothing there; the blog may have a new look" in told
        assert "/read?no=2" in it.site.asked  # the addresses still tell which are posts
        it.site.pages["/"] = board(1, 2)
        moafeed("crawl", cwd=tmp_path)


def test_a_front_page_that_looks_like_a_post_is_a_list_where_the_file_says_so(tmp_path: Path) -> None:
    start = 'url = "{url}/list?in=all"\n'
    text = '<div id="text">' + "<p>이 게시판은 마을의 것이다. 누구나 쓸 수 있다.</p>" * 9 + "</div><table>"
    page = board(1).replace("<table>", text)
    with village(tmp_path, start + LISTING + BODY, PAGES | {"/list?in=all": page}) as it:
        assert [each["url"] for each in it.posts()] == [f"{it.site.url}/read?no=1"]


@pytest.mark.parametrize("target", ["address", "guid", "file"])
def test_one_post_is_read_by_the_file_of_its_site(tmp_path: Path, target: str) -> None:
    """Its address, its guid, or its page as somebody saved it: the file's selectors hold for all."""
    pages = PAGES | {"/read?no=1": post(text="<p>짧은 글.</p>")}
    with village(tmp_path, LISTING + BODY + 'title = "h4"\n', pages) as it:
        url = f"{it.site.url}/read?no=1"
        arguments = [url]
        if target == "file":
            (tmp_path / "saved.html").write_text(str(it.site.pages["/read?no=1"]), encoding="utf-8")
            arguments = ["saved.html", "--url", url]
        elif target == "guid":
            moafeed("crawl", cwd=tmp_path)
            moafeed("build", cwd=tmp_path)
            arguments = [json.loads((tmp_path / "public" / "x.json").read_text("utf-8"))["items"][0]["id"]]
        else:
            assert "골목의 고양이" in moafeed("preview", *arguments, cwd=tmp_path).out
        told = moafeed("explain", *arguments, cwd=tmp_path).out
    assert "the source file's select.title: 골목의 고양이" in told
    assert "짧은 글." in told


def test_replacing_does_not_hold_a_crawl_up() -> None:
    keys = CleanKeys.model_validate({"replace": {".": "yy"} | {f"{n}": "" for n in range(9)}})
    wanted = wished(keys, parsed("<p>x</p>"))
    began = time.process_time()
    changed = [wanted.replaced("x" * 1000) for _ in range(1000)]
    assert time.process_time() - began < 3
    assert changed[0] == "yy" * 1000
    assert changed[-1] == "x" * 1000
