"""What a reader would notice, and what changes at every fetch of a post that nobody touched."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pipelines.digest import digest

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


@given(st.text(max_size=200), st.text(max_size=300))
def test_any_text_has_a_digest(title: str, body: str) -> None:
    assume(not re.search("[\ud800-\udfff]", title + body))  # normalise lets none through
    assert re.fullmatch("[0-9a-f]{64}", digest(title, body))
