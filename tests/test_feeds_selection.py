"""Which posts a document holds, and what readers get of a body."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from feeds_fixtures import BODY, combined, feed, post, posts
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from feeds.formats import load_formats
from feeds.reduce import reduce
from feeds.selection import CAP, MINIMUM, TARGET, select


def test_newest_first_whatever_the_order_given():
    given_order = posts(12)
    expected = [item.guid for item in given_order]
    random.Random(7).shuffle(given_order)
    assert [item.guid for item in select(feed(), given_order)] == expected


def test_ties_are_broken_by_guid():
    same_time = [post(1, guid=f"tag:x,2026:{name}") for name in "bca"]
    assert [item.guid[-1] for item in select(feed(), same_time)] == ["c", "b", "a"]


@pytest.mark.parametrize("order", [1, -1])
def test_a_guid_stands_once_in_a_combined_feed(order: int):
    twice = [post(1, source="bori"), post(1, source="mint"), post(2)][::order]
    assert [(item.guid, item.source) for item in select(combined(), twice)] == [
        ("tag:bori.example.org,2026:2", "bori"),
        ("tag:bori.example.org,2026:1", "bori"),
    ]


def test_the_limit_holds():
    assert [item.guid.rpartition(":")[2] for item in select(feed(limit=2), posts(5))] == ["5", "4"]


def _long(number: int, size: int) -> object:
    return post(number, content_html="<p>" + "가" * (size // 3) + "</p>")


def test_oldest_posts_go_first_when_a_document_grows_too_long():
    many = [_long(number, 12_000) for number in range(40, 0, -1)]
    kept = select(feed(), many)
    assert MINIMUM < len(kept) < 25
    assert [item.guid for item in kept] == [item.guid for item in many[: len(kept)]]
    for made in load_formats().values():
        assert TARGET * 0.8 < len(made.render(feed(), many)) <= TARGET


def test_ten_posts_stay_whatever_their_size():
    kept = select(feed(), [_long(number, 60_000) for number in range(40, 0, -1)])
    assert len(kept) == MINIMUM
    assert all(len(item.content_html) > 20_000 for item in kept)


def test_a_giant_costs_its_own_body_not_the_others():
    many = [_long(number, 1_500_000 if number == 12 else 20_000) for number in range(12, 0, -1)]
    kept = select(feed(), many)
    assert [bool(item.content_html) for item in kept] == [False] + [True] * (MINIMUM - 1)
    for made in load_formats().values():
        document = made.render(feed(), many)
        assert len(document) <= CAP
        assert kept[0].excerpt.split(".")[0] in document.decode()


def test_selecting_again_changes_nothing():
    many = [_long(number, 200_000) for number in range(12, 0, -1)] + [post(20, title="", excerpt="", content_html=BODY)]
    once = select(feed(), many)
    assert select(feed(), once) == once


def test_a_post_without_a_title_shows_its_first_words():
    wordy = post(1, title="", excerpt="가나다라 " * 30)
    bare = post(2, title="", excerpt="")
    titles = [item.title for item in select(feed(), [wordy, bare])]
    assert titles == ["https://bori.example.org/2", ("가나다라 " * 12).strip() + "…"]


def test_bodies_lose_the_page_s_styling_and_nothing_else():
    assert reduce(BODY) == (
        "<h2>둘째 문단</h2><p>수집기를 <b>한 번</b> 돌려 봤다.</p>"
        '<figure><img src="https://img.example.org/%EC%82%AC%EC%A7%84.png" alt="사진"></figure>'
        '<pre class="language-python"><code>if a[0]]&gt;b &amp;&amp; c:\n    pass</code></pre>'
        "<table><tbody><tr><td>하나</td><td>둘</td></tr></tbody></table>"
    )


@pytest.mark.parametrize(
    ("body", "left"),
    [
        ("", ""),
        ("글만", "글만"),
        ('앞 <b id="x">굵게</b> 뒤', "앞 <b>굵게</b> 뒤"),
        ("<p STYLE='color:red' title=\"style = x\">글</p>", '<p title="style = x">글</p>'),
        ('<a href="https://e.org/?a=1&amp;b=%ED%95%9C" data-x="1">가</a>', '<a href="https://e.org/?a=1&amp;b=%ED%95%9C">가</a>'),
        ("<pre><code>id = 1\nclass = 2</code></pre>", "<pre><code>id = 1\nclass = 2</code></pre>"),
        ('<pre id="a">\n\n두 줄</pre>', "<pre>\n\n두 줄</pre>"),
        ('<br><hr class="x">&nbsp;', "<br><hr>\u00a0"),
    ],
)
def test_bodies_of_every_shape(body: str, left: str):
    assert reduce(body) == left


@pytest.mark.parametrize("body", [
    '<p data-ke-type="video"><a href="https://www.youtube.com/watch?v=dQw4w9WgXcQ">산책 영상</a></p>',
    '<p>앞 <a data-ke-type="video" href="https://www.youtube.com/watch?v=dQw4w9WgXcQ">산책 영상</a> 뒤</p>',
])
def test_a_video_shows_its_still_and_leads_to_where_it_can_be_watched(body: str):
    shown = reduce(body)
    (link,) = html.fromstring(shown).iter("a")
    assert link.get("href") == "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
    assert link.xpath("img/@src") == ["https://i.ytimg.com/vi/dQw4w9WgXcQ/hqdefault.jpg"]
    assert html.fromstring(shown).text_content() == html.fromstring(body).text_content()
    assert "data-" not in shown
    assert reduce(shown) == shown


def test_a_video_whose_still_nobody_can_tell_stays_a_link():
    body = '<p data-ke-type="video"><a href="https://play-tv.kakao.com/embed/player/cliplink/1">영상</a></p>'
    assert reduce(body) == '<p><a href="https://play-tv.kakao.com/embed/player/cliplink/1">영상</a></p>'


def test_text_deep_in_a_body_is_kept():
    depth = 400
    body = '<p class="x">위</p>' + "<div>" * depth + "깊은 글" + "</div>" * depth
    assert "깊은 글" in reduce(body)


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="가a<>&\"' =-\n", max_size=40), st.sampled_from(["b", "p", "code"]))
def test_text_survives_the_reduction(text: str, tag: str):
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    body = f'<div>x<{tag} data-ke-size="size16">{escaped}</{tag}>y</div>'
    assert html.fromstring(reduce(body)).text_content() == f"x{text}y"


def test_what_is_given_is_not_changed():
    given_post = replace(post(), content_html=BODY)
    select(feed(), [given_post])
    assert given_post.content_html == BODY
