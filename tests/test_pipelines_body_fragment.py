"""A body that is a tree already is cleaned as its text would be."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.document import Document
from crawler.platforms import detect, load_platforms
from pipelines.body import Fragment, TooMuchError, clean

PAGES = sorted((Path(__file__).parent / "sites").glob("*/*.html"))
BASE = "https://dal.tistory.com/7"


def content(body: str | bytes, url: str = BASE) -> Fragment | None:
    document = Document.parse(body.encode() if isinstance(body, str) else body, url)
    return load_platforms()[detect(document)].post_page(document).content


def post(text: str) -> Fragment:
    found = content(f"<div class='tt_article_useless_p_margin contents_style'>{text}</div>")
    assert found is not None
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.parent.name}/{page.stem}")
def test_the_tree_and_its_text_give_the_same_post(page: Path) -> None:
    url = f"https://{page.parent.name}/{page.stem}"
    found = content(page.read_bytes(), url)
    if found is not None:
        assert clean(found, url) == clean(str(found), url)


@pytest.mark.parametrize("text", [
    "\xa0 <p>가</p>나 &nbsp;", " 글만 ", "", "<p>a<wbr>b</p>",
    "<picture><source srcset='/a.png 2x'><img src='/b.png'></picture>",
    "<p>줄\r\n둘째 &#13; 줄</p>", "<p title='&#1;x'>가</p>\x01", "<p>가\x01<script>x</script>나</p>",
    "<a href='/한글 x?q=가&amp;b=c'>x</a>", "<details open>x</details>",
])  # fmt: skip
def test_what_parsers_treat_with_care_comes_out_the_same(text: str) -> None:
    assert clean(post(text), BASE) == clean(str(post(text)), BASE)


def test_code_shown_by_its_old_names_is_escaped_once() -> None:
    assert clean(post("<xmp>a < b && <i></xmp>"), BASE) == "<pre>a &lt; b &amp;&amp; &lt;i&gt;</pre>"


def test_a_fragment_gives_the_same_post_each_time_it_is_asked() -> None:
    body = post("<p>하나</p><p>&nbsp;</p><p>&nbsp;</p><script>x</script><p>둘</p>")
    assert clean(body, BASE) == clean(body, BASE) == "<p>하나</p><p>&nbsp;</p><p>둘</p>"


def test_a_body_of_too_many_tags_is_refused_as_a_tree_too() -> None:
    with pytest.raises(TooMuchError, match="tags"):
        clean(post("<b>x</b>" * 60_000), BASE)
