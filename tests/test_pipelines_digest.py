"""What a reader would notice, and what changes at every fetch of a post that nobody touched."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from crawler.document import Document
from crawler.platforms import load_platforms
from pipelines.digest import digest
from pipelines.normalise import normalise

WORDS = st.text("가나다라마바사abcABC0189.,!()-", min_size=1, max_size=12)
NAMES = st.text("abcdXYZ019", min_size=3, max_size=12)
PICTURE = '<p>앞</p><figure><img src="{}" alt="그림"></figure><p>뒤</p>'
SIGNED = "https://blog.kakaocdn.net/dna/{}/{}/AAAA{}/img.jpg?credential=x&amp;expires={}&amp;signature={}"


@given(WORDS, WORDS)
def test_the_same_words_are_the_same_and_others_are_not(one: str, other: str) -> None:
    assert digest("제목", f"<p>{one}</p>") == digest("제목", f"<p>{one}</p>")
    assume(one != other)
    assert digest("제목", f"<p>{one}</p>") != digest("제목", f"<p>{other}</p>")
    assert digest(one, "<p>글</p>") != digest(other, "<p>글</p>")


@given(st.lists(WORDS, min_size=2, max_size=6), st.sampled_from([" ", "\n", "  ", "\u00a0", "&nbsp;", "\t \n"]))
def test_white_space_is_one_space(words: list[str], space: str) -> None:
    spread = "<p>" + space.join(words) + "</p>"
    assert digest("제목", spread) == digest("제목", f"<p>{' '.join(words)}</p>")
    assert digest("제목", spread) == digest(" 제목\n", f"\n<p>\n{' '.join(words)} </p>\n\n")
    assert digest("제목", spread) != digest("제목", f"<p>{''.join(words)}</p>")  # words that grew together


@given(NAMES, NAMES, NAMES, NAMES, st.integers(1, 2_000_000_000))
def test_a_picture_signed_anew_is_the_same_picture(first: str, second: str, more: str, sign: str, until: int) -> None:
    before = PICTURE.format(SIGNED.format(first, second, "", 1, "s"))
    assert digest("제목", before) == digest("제목", PICTURE.format(SIGNED.format(first, second, more, until, sign)))
    lasting = f"https://blog.kakaocdn.net/dn/{first}/{second}/{more}/img.jpg"
    assert digest("제목", before) == digest("제목", PICTURE.format(lasting))
    assert digest("제목", before) != digest("제목", PICTURE.format(lasting.replace(f"/dn/{first}/", f"/dn/{first}x/")))
    assert digest("제목", before) != digest("제목", re.sub("<figure>.*</figure>", "", before))


@pytest.mark.parametrize("changed", [
    '<p data-ke-size="size18" style="text-align: center">앞 <b>굵게</b></p><pre class="python"><code>x</code></pre>',
    '<p>앞 <b>굵게</b></p><p><br></p><p>&nbsp;</p><pre><code>x</code></pre>',
    '<p>앞 <b data-x="1">굵게</b></p>\n\n<pre data-ke-language="python"><code>x</code></pre>',
])
def test_looks_are_no_content(changed: str) -> None:
    assert digest("제목", changed) == digest("제목", "<p>앞 <b>굵게</b></p><pre><code>x</code></pre>")


@pytest.mark.parametrize(("one", "other"), [
    ('<a href="https://x.example/a">가</a>', '<a href="https://x.example/b">가</a>'),
    ('<a href="https://x.example/?id=1&amp;token=t">가</a>', '<a href="https://x.example/?id=2&amp;token=t">가</a>'),
    ('<a href="https://x.example/">가</a>', "가"),
    ('<img src="https://x.example/1.png">', '<img src="https://x.example/2.png">'),
    ('<img src="https://x.example/1.png" alt="봄">', '<img src="https://x.example/1.png" alt="여름">'),
    ("<ul><li>가</li></ul>", "<ol><li>가</li></ol>"),
    ("<p>가</p><p>나</p>", "<p>나</p><p>가</p>"),
    ('<pre><code>&lt;p class="one"&gt;</code></pre>', '<pre><code>&lt;p class="two"&gt;</code></pre>'),
    ("<p>왜?</p><p>accessToken은 하루</p>", "<p>왜?</p><p>refreshToken은 하루</p>"),
    ("<p>/api?user=1&amp;token=x 를 부른다</p>", "<p>/api?user=2&amp;token=x 를 부른다</p>"),
    ("<pre>if x:\n    y()\nz()</pre>", "<pre>if x:\n    y()\n    z()</pre>"),
], ids=["link", "link with a token", "link gone", "picture", "picture's words", "list", "order", "code's attribute",
        "words behind a question mark", "address in the text", "code's indent"])
def test_a_reader_would_notice(one: str, other: str) -> None:
    assert digest("제목", one) != digest("제목", other)


# --- the same over the whole way: a page fetched twice


ADS = (
    '<div class="revenue_unit_wrap"><ins class="adsbygoogle" data-ad-slot="{0}"></ins></div>',
    '<script>(adsbygoogle = window.adsbygoogle || []).push({{"n": {0}}});</script>',
    '<div class="tt_adsense_top"><iframe src="https://ads.example/{0}"></iframe><p>광고 {0}</p></div>',
    '<div class="kakao_ad_area"><a href="https://ad.example/{0}"><img src="https://ad.example/{0}.gif"></a></div>',
    '<div class="google-auto-placed"><p>광고</p></div>', "<!-- {0} -->", "<noscript>{0}</noscript>",
    '<div class="another_category"><h4>다른 글 {0}</h4></div>',
    '<div class="container_postbtn"><button>공감 {0}</button></div>',
    '<div data-tistory-react-app="SupportButton">{0}</div>',
)
BLOCK = st.one_of(
    st.lists(WORDS, min_size=1, max_size=4).map(lambda words: ("p", words)),
    st.tuples(NAMES, NAMES).map(lambda key: ("picture", key)),
    st.lists(WORDS, min_size=1, max_size=3).map(lambda lines: ("pre", lines)),
    st.lists(WORDS, min_size=1, max_size=3).map(lambda items: ("ul", items)),
)
# What differs between two fetches of one page: white space, where which advertisement stands, how pictures are signed.
FETCH = st.fixed_dictionaries({
    "space": st.sampled_from(["", " ", "\n", "\n\n\t ", "\r\n"]), "words": st.sampled_from([" ", "\n", "  "]),
    "ads": st.lists(st.tuples(st.integers(0, 6), st.sampled_from(ADS), st.integers(0, 99)), max_size=4),
    "sign": st.tuples(NAMES, st.integers(1, 2_000_000_000), NAMES),
})


def _fetched(blocks: list[tuple[str, Any]], fetch: dict[str, Any]) -> str:
    """The digest of the post whose page has *blocks*, as one fetch gave it."""
    parts = [_markup(kind, content, fetch) for kind, content in blocks]
    for place, advertisement, number in fetch["ads"]:
        at_the_end = "container_postbtn" in advertisement  # where Tistory always puts them
        parts.insert(len(blocks) + 9 if at_the_end else min(place, len(parts)), advertisement.format(number))
    page = (
        '<html lang="ko"><head><meta name="twitter:site" content="@TISTORY"><meta property="og:type" content="article">'
        '<meta property="og:title" content="글"></head><body id="tt-body-page"><div class="article">'
        f'<div class="tt_article_useless_p_margin">{fetch["space"].join(parts)}</div></div></body></html>'
    )
    document = Document.parse(page.encode(), "https://b.tistory.com/7", "utf-8")
    read = load_platforms()["tistory"].post_page(document)
    return normalise(read.raw(source="b", zone="Asia/Seoul", fetched=datetime(2026, 3, 1, tzinfo=UTC))).digest


def _markup(kind: str, content: Any, fetch: dict[str, Any]) -> str:
    space = fetch["space"]
    if kind == "picture":
        return f'<figure class="imageblock"><img src="{SIGNED.format(*content, *fetch["sign"])}"></figure>'
    if kind == "pre":
        return "<pre><code>" + "\n    ".join(content) + "</code></pre>"
    if kind == "ul":
        return "<ul>" + "".join(f"{space}<li>{text}</li>" for text in content) + "</ul>"
    return f'<p data-ke-size="size16">{space}{fetch["words"].join(content)}</p>'


@given(st.lists(BLOCK, min_size=1, max_size=6), FETCH, FETCH)
def test_a_page_fetched_twice_is_the_same_post(blocks: list[Any], one: dict[str, Any], other: dict[str, Any]) -> None:
    assert _fetched(blocks, one) == _fetched(blocks, other)


@given(st.lists(BLOCK, min_size=1, max_size=5), st.lists(BLOCK, min_size=1, max_size=5), FETCH)
def test_another_page_is_another_post(blocks: list[Any], others: list[Any], fetch: dict[str, Any]) -> None:
    assume(blocks != others)
    assert _fetched(blocks, fetch) != _fetched(others, fetch)


@given(st.text(max_size=200), st.text(max_size=300))
def test_any_text_has_a_digest(title: str, body: str) -> None:
    assume(not re.search("[\ud800-\udfff]", title + body))  # normalise lets none through
    assert re.fullmatch("[0-9a-f]{64}", digest(title, body))


@pytest.mark.parametrize("tag", ['<a href="{}">자료.zip</a>', '<a href="{}"><img src="https://x.example/1.png"></a>'])
def test_a_file_signed_anew_is_the_same_file(tag: str) -> None:
    signed = "https://blog.kakaocdn.net/dna/{}/btsC2/AAAA{}/자료.zip?credential=x&amp;expires={}&amp;signature={}"
    one = digest("글", tag.format(signed.format("bAb1", "x", 1, "s")))
    assert one == digest("글", tag.format(signed.format("bAb1", "y", 2, "t")))
    assert one != digest("글", tag.format(signed.format("other", "x", 1, "s")))


def test_an_empty_wrapper_in_a_wrapper_is_nothing() -> None:
    assert digest("글", "<p>앞</p><div><div><span></span></div></div><p>뒤</p>") == digest("글", "<p>앞</p><p>뒤</p>")
