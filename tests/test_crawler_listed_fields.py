"""What a list alone says of its posts: it stands in for what a post's own page leaves out, and is remembered."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from command_line import moafeed
from odd_site import TEXT, Village, village
from stored_pages import stored

from pipelines.post import Post

ITEMS = '[listing]\nitems = "li.item"\naddress = "/read\\\\?no=\\\\d+$"\n'
BODY = '[select]\nbody = "#text"\n'
ALL = """[listing.select]
title = ".subject"
author = { selector = ".by", pattern = "글쓴이: (.+)" }
published = { selector = ".when", format = "%y/%m/%d %H:%M", zone = "Asia/Tokyo" }
categories = "./@data-board"
tags = ".keys b"
excerpt = ".lead"
image = "img"
"""


def bare(text: str = TEXT, head: str = "", top: str = "") -> str:
    """A post's page that says nothing but its text."""
    return f'<html><head><title>마을</title>{head}</head><body>{top}<div id="text">{text}</div></body></html>'


def item(number: int, *, by: str = "해온", board: str = "소식", when: str = "24/03/05 15:12", title: str = "") -> str:
    return (
        f'<li class="item" data-board="{board}"><img data-src="/t/{number}.jpg" src="/blank.gif">'
        f'<a href="/read?no={number}"><span class="subject">{title or f"골목 {number}"}</span></a>'
        f'<i class="by">글쓴이: {by}</i><i class="when">{when}</i><i class="keys"><b>비</b><b>산책</b></i>'
        f'<p class="lead">짧은 소개 {number}.</p></li>'
    )


def board(*items: str, more: str = "") -> str:
    return f"<html><head><title>마을</title></head><body><ul>{''.join(items)}</ul>{more}</body></html>"


PAGES: dict[str, Any] = {"/": board(item(1), item(2)), "/read?no=1": bare(), "/read?no=2": bare(TEXT * 2)}


def by_number(here: Path) -> dict[str, Post]:
    """The stored posts, by the number in their address."""
    return {post.url[-1]: post for post in stored(here, "x")}


def written(it: Village, toml: str) -> None:
    (it.folder / "sources" / "x.toml").write_text(f'url = "{it.site.url}/"\n{toml}', encoding="utf-8")


def test_what_the_page_leaves_out_comes_from_the_list(tmp_path: Path) -> None:
    with village(tmp_path, ITEMS + ALL + BODY, PAGES) as it:
        one, two = it.posts()
        assert (one["title"], one["author"], one["published"]) == ("골목 1", "해온", "2024-03-05T06:12:00+00:00")
        assert (one["categories"], one["tags"], one["excerpt"]) == (["소식"], ["비", "산책"], "짧은 소개 1.")
        assert one["image"] == f"{it.site.url}/t/1.jpg"
        assert (two["title"], two["image"]) == ("골목 2", f"{it.site.url}/t/2.jpg")


def test_the_page_goes_before_the_list(tmp_path: Path) -> None:
    head = '<meta property="og:title" content="바른 제목"><meta name="author" content="바른 이">'
    head += '<meta property="og:image" content="/own.jpg">'
    head += '<meta property="article:published_time" content="2020-01-02T03:04:05Z">'
    page = bare(head=head, top='<p class="sort">바른 분류</p>')
    with village(tmp_path, f'{ITEMS}{ALL}{BODY}categories = ".sort"\n', PAGES | {"/read?no=1": page}) as it:
        one, two = it.posts()
        assert (one["title"], one["author"], one["published"]) == ("바른 제목", "바른 이", "2020-01-02T03:04:05+00:00")
        assert (one["categories"], one["tags"]) == (["바른 분류"], ["비", "산책"])
        assert one["image"] == f"{it.site.url}/own.jpg"
        assert two["categories"] == ["소식"]


def test_explain_names_the_list(tmp_path: Path) -> None:
    with village(tmp_path, ITEMS + ALL + BODY, PAGES) as it:
        for target in ("x", f"{it.site.url}/read?no=1"):
            (page,) = json.loads(moafeed("explain", target, "--json", cwd=tmp_path).out)
            fields = {each["name"]: each for each in page["fields"]}
            if target == "x":
                assert ["the list, by the source file's listing.select.author", "해온"] in fields["author"]["rules"]
                assert fields["author"]["value"] == "해온"
                moafeed("crawl", cwd=tmp_path)
            else:  # no list is read on the way there: it is remembered
                assert fields["author"]["value"] == "해온"


def test_they_are_stored_at_the_first_crawl_and_at_later_ones(tmp_path: Path) -> None:
    with village(tmp_path, ITEMS + ALL + BODY, dict(PAGES)) as it:
        moafeed("update", "--now", cwd=tmp_path)
        assert {post.author for post in by_number(tmp_path).values()} == {"해온"}
        it.site.pages |= {"/": board(item(3, by="나루"), item(1, board="공지"), item(2)), "/read?no=3": bare(TEXT * 3)}
        begun = len(it.site.asked)
        moafeed("update", "--now", cwd=tmp_path)
        posts = by_number(tmp_path)
        assert (posts["3"].author, posts["3"].title) == ("나루", "골목 3")
        assert posts["1"].categories == ("공지",)  # what a list says of a post is a sign that it changed
        assert sorted(it.site.since(begun)) == ["/", "/read?no=1", "/read?no=3"]
        feed = json.loads((tmp_path / "public" / "x.json").read_text("utf-8"))
    assert {entry["title"] for entry in feed["items"]} == {"골목 1", "골목 2", "골목 3"}


def test_a_walk_takes_them_from_each_list_and_a_cut_off_one_remembers_them(tmp_path: Path) -> None:
    pages = {"/": board(item(1), more='<a class="next" href="/?p=2">다음</a>'), "/?p=2": board(item(2, by="나루"))}
    with village(tmp_path, f'{ITEMS}next = "a.next"\n{ALL}{BODY}', PAGES | pages) as it:
        moafeed("crawl", "--all", "--limit", "1", cwd=tmp_path, code=None)
        assert len(by_number(tmp_path)) == 1
        it.site.pages["/"] = it.site.pages["/?p=2"] = board(item(9))
        it.site.pages["/read?no=9"] = bare(TEXT * 4)
        moafeed("crawl", cwd=tmp_path)
        posts = by_number(tmp_path)
    assert {number: post.author for number, post in posts.items()} == {"1": "해온", "2": "나루", "9": "해온"}


def test_reprocess_keeps_them_and_applies_a_changed_file(tmp_path: Path) -> None:
    with village(tmp_path, ITEMS + ALL + BODY, PAGES) as it:
        moafeed("crawl", cwd=tmp_path)
        before = by_number(tmp_path)
        moafeed("reprocess", cwd=tmp_path)
        assert by_number(tmp_path) == before
        written(it, ITEMS + ALL + BODY + '[clean]\nremove = ".ad"\n')
        begun = len(it.site.asked)
        moafeed("reprocess", cwd=tmp_path)
        after = by_number(tmp_path)
        assert {post.author for post in after.values()} == {"해온"}
        assert not any("광고" in post.content_html for post in after.values())
        written(it, ITEMS + ALL.replace("author =", "# author =") + BODY)
        moafeed("reprocess", cwd=tmp_path)
        assert {(post.author, post.categories) for post in by_number(tmp_path).values()} == {(None, ("소식",))}
        assert it.site.since(begun) == []


def test_a_file_that_learns_of_them_reads_the_posts_of_its_list_again(tmp_path: Path) -> None:
    with village(tmp_path, ITEMS + BODY, PAGES) as it:
        moafeed("crawl", cwd=tmp_path)
        assert {post.author for post in by_number(tmp_path).values()} == {None}
        written(it, ITEMS + ALL + BODY)
        moafeed("crawl", cwd=tmp_path)
        assert {post.author for post in by_number(tmp_path).values()} == {"해온"}


def test_a_date_of_how_long_ago_is_meant_from_the_day_of_the_list(tmp_path: Path) -> None:
    keys = '[listing.select]\npublished = ".when"\n'
    pages = PAGES | {"/": board(item(1, when="3일 전"), item(2, when="어제"))}
    with village(tmp_path, ITEMS + keys + BODY, pages) as it:
        moafeed("crawl", cwd=tmp_path)
        before = {number: post.published for number, post in by_number(tmp_path).items()}
        assert len(before) == 2
        assert all(before.values())
        it.site.pages["/"] = board(item(1, when="2주 전"), item(2, when="4일 전"))
        moafeed("crawl", cwd=tmp_path)
        moafeed("reprocess", cwd=tmp_path)
        assert {number: post.published for number, post in by_number(tmp_path).items()} == before


def test_a_post_in_parts_has_them_too(tmp_path: Path) -> None:
    pages = {f"/post/{n}": bare(TEXT * n) for n in (1, 2)}
    pages["/post/1"] = bare(top='<a href="/post/1/2">2</a>')
    pages["/post/1/2"] = bare("<p>둘째 쪽이다.</p>", top='<a href="/post/1">1</a>')
    pages["/"] = board(*(item(n).replace("/read?no=", "/post/") for n in (1, 2)))
    toml = (ITEMS + ALL + BODY).replace("/read\\\\?no=", "/post/")
    with village(tmp_path, f'platform = "generic"\n{toml}', pages) as it:
        assert [post["author"] for post in it.posts()] == ["해온", "해온"]


# --- where they stand ------------------------------------------------------------------------------------------------

ROWS = (
    '<tr class="item"><td><a href="/vote?no={n}">+</a> <a class="t" href="/read?no={n}">골목 {n}</a></td></tr>'
    '<tr><td><i class="by">{by}</i></td></tr>'
)


@pytest.mark.parametrize("selector", [
    "./following-sibling::tr[1]//i[@class='by']", "(./following-sibling::tr//i)[1]",
    "xpath:./following-sibling::*[1]/td/i",
])  # fmt: skip
def test_a_path_may_lead_to_what_stands_beside_an_item(tmp_path: Path, selector: str) -> None:
    rows = ROWS.format(n=1, by="해온") + ROWS.format(n=2, by="나루")
    toml = f'[listing]\nitems = "tr.item"\naddress = "/read"\n[listing.select]\nauthor = "{selector}"\n{BODY}'
    with village(tmp_path, toml, PAGES | {"/": f"<html><body><table>{rows}</table></body></html>"}) as it:
        assert [post["author"] for post in it.posts()] == ["해온", "나루"]


@pytest.mark.parametrize(("link", "found"), [
    ('"a.more"', ["/read?no=8", "/read?no=9"]), ('".way"', ["/read?no=8", "/read?no=9"]),
    ('{ selector = "./@data-to" }', ["/read?no=1", "/read?no=2"]),
    ('{ selector = "button", attribute = "onclick", pattern = "go\\\\(\'(.+)\'\\\\)" }', ["/read?no=1", "/read?no=2"]),
    ('["a.gone", "a.more"]', ["/read?no=8", "/read?no=9"]), ('"a.gone"', []),
])  # fmt: skip
def test_a_link_stands_where_the_file_says(tmp_path: Path, link: str, found: list[str]) -> None:
    items = "".join(
        f'<li class="item" data-to="/read?no={n}"><h3><a href="/read?no={n + 3}">딴 글</a></h3><i class="by">{n}</i>'
        f"<button onclick=\"go('/read?no={n}')\">열기</button>"
        f'<span class="way"><a class="more" href="/read?no={n + 7}">더</a></span></li>'
        for n in (1, 2)
    )
    pages = {"/": board(items)} | {f"/read?no={n}": bare(TEXT * n) for n in (1, 2, 4, 5, 8, 9)}
    toml = f'[listing]\nitems = "li.item"\n[listing.select]\nlink = {link}\nauthor = ".by"\n{BODY}'
    with village(tmp_path, toml, pages) as it:
        if not found:
            moafeed("crawl", cwd=tmp_path, code=None)
            assert "listing.items finds nothing there" in moafeed("status", cwd=tmp_path, code=None).out
            return
        posts = it.posts()
        assert [post["url"].removeprefix(it.site.url) for post in posts] == found
        assert [post["author"] for post in posts] == ["1", "2"]


def test_of_items_in_each_other_the_inner_one_is_believed(tmp_path: Path) -> None:
    page = f'<html><body><li class="item"><i class="by">글쓴이: 딴 이</i>{item(1)}</li></body></html>'
    page = page.replace("<li", "<div").replace("</li", "</div")
    toml = (ITEMS + ALL + BODY).replace("li.item", "div.item")
    with village(tmp_path, toml, PAGES | {"/": page}) as it:
        assert it.post()["author"] == "해온"


def test_a_table_without_items_is_told_before_anything_is_asked(tmp_path: Path) -> None:
    with village(tmp_path, f"[listing.select]\nauthor = '.by'\n{BODY}", PAGES) as it:
        said = moafeed("crawl", cwd=tmp_path, code=2).err
        assert "has select, and no items to look in" in said
        written(it, f'{ITEMS}[listing.select]\ndate = ".when"\n{BODY}')
        assert 'line 6: unknown key "date"' in moafeed("crawl", cwd=tmp_path, code=2).err
        assert it.site.asked == []
