"""The first sentences worth reading."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.excerpt import excerpt, plain_text


@pytest.mark.parametrize(("html", "expected"), [
    ("<p>가</p><p>나<br>다</p>라", "가\n나\n다\n라"),
    ("<ul><li>하나</li><li>둘</li></ul>", "하나\n둘"),
    ("<table><tr><td>이름</td><td>값</td></tr></table>", "이름\n값"),
    ("<p>굵<b>은</b> 글씨</p>", "굵은 글씨"),
    ("  여러 \n 칸&nbsp;&nbsp;사이 ", "여러 칸 사이"),
    ("A &amp; B &lt;C&gt;", "A & B <C>"),
    ("a < b", "a < b"),
    ("<script>x</script><style>y</style>본문<!-- z -->끝", "본문끝"),
    ("", ""),
    ("제목 그대로", "제목 그대로"),
    ("&#1;a\x00b", "ab"),
])
def test_plain_text_keeps_blocks_apart(html, expected):
    assert plain_text(html).replace("\ufffd", "") == expected


LONG = "물은 높은 곳에서 낮은 곳으로 흐르고 사람의 마음도 그와 다르지 않다고 옛사람은 말했다."


def test_whole_sentences_up_to_the_length():
    text = excerpt("".join(f"<p>{LONG}</p>" for _ in range(9)))
    assert text == " ".join([LONG] * 4)
    assert len(text) <= 200


def test_headings_captions_code_tables_cards_and_link_lists_are_skipped():
    assert excerpt(
        '<h2>들어가며</h2><figure><img src="a.png"><figcaption>사진 설명</figcaption></figure><pre>int x;</pre>'
        '<p data-ke-type="opengraph"><a href="https://x.example">남의 글</a><br>남의 설명</p>'
        '<ul><li><a href="#1">1. 목차</a></li><li><a href="#2">2. 목차</a></li></ul><p>https://x.example/</p><p>----</p>'
        "<table><tr><td>표</td></tr></table><p>글은 <a href='/1'>여기</a>에서 시작한다.</p>"
    ) == "글은 여기에서 시작한다."


def test_what_is_all_there_is_is_better_than_nothing():
    assert excerpt("<h2>사진만 있는 글</h2><img src='a.png'>") == "사진만 있는 글"
    assert excerpt("<table><tr><td>가</td><td>나</td></tr></table>") == "가 나"


@pytest.mark.parametrize(("first", "rest"), [
    ("2024. 6. 28. 오후에 만났다.", "그리고 헤어졌다."),
    ('그가 말했다. "정말이야?"', "나는 웃었다."),
    ("버전 3.5.2 를 깔았다!", "잘 된다."),
    ("(1편에서 이어진다.)", "다음 날이었다."),
])
def test_sentences_end_where_a_reader_thinks_so(first, rest):
    filler = "가나다라마바사 " * 30
    assert excerpt(f"<p>{first} {rest} {filler}</p>", length=len(f"{first} {rest}") + 1) == f"{first} {rest}"


def test_a_first_sentence_too_long_is_cut_after_a_word():
    text = excerpt("<p>" + "끝나지 않는 문장이 이어지고 " * 30 + "</p>")
    assert text.endswith("…")
    assert 150 < len(text) <= 200
    assert text[:-1].split()[-1] in {"끝나지", "않는", "문장이", "이어지고"}


def test_lines_of_one_sentence_are_not_glued():
    assert excerpt("<p>한 문장을<br>두 줄로 썼다.</p>") == "한 문장을 두 줄로 썼다."


def test_the_summary_stands_in_without_the_dots_of_its_cut():
    assert excerpt("<p><img src='a.png'></p>", "그림으로 말하는 글입니다 &amp; 더..") == "그림으로 말하는 글입니다 & 더"
    assert excerpt("<p>본문이 있다.</p>", "요약..") == "본문이 있다."
    assert excerpt("", None) == ""


_PIECES = ("<p>", "</p>", "<br>", "가. ", "나! ", "말 ", "긴말" * 40, "<b>", "<li>", "&nbsp;", "<pre>", "“", "\n")
_bodies = st.lists(st.sampled_from(_PIECES), max_size=40).map("".join)


@settings(max_examples=200, deadline=None)
@given(_bodies, st.integers(20, 300))
def test_never_longer_than_asked_and_always_one_line(html, length):
    text = excerpt(html, "요약 " * 200, length=length)
    assert len(text) <= length
    assert "\n" not in text
    assert text == text.strip()
