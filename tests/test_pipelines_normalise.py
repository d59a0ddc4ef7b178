"""From what a page said to the post we keep."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines.normalise import NotAPostError, normalise
from pipelines.post import RawPost

FETCHED = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
SEED = Path(__file__).resolve().parents[2] / "shared" / "seed" / "post.md"


def raw(**values: object) -> RawPost:
    given: dict[str, object] = {
        "source": "dal", "page_url": "https://dal.tistory.com/12?category=3", "fetched": FETCHED,
        "url": "https://dal.tistory.com/12", "title": "제목", "content_html": "<p>본문이다.</p>",
    }
    return RawPost(**(given | values))  # type: ignore[arg-type]


def test_dates_are_utc_by_the_sources_zone() -> None:
    post = normalise(raw(published="2026. 11. 20. 10:15", updated="2026-11-20T11:00:00+09:00"))
    assert post.published == datetime(2026, 11, 20, 1, 15, tzinfo=UTC)
    assert post.updated == datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
    assert normalise(raw(published="2026. 11. 19. 10:15", zone="UTC")).published == datetime(
        2026, 11, 19, 10, 15, tzinfo=UTC)


def test_an_unknown_date_is_when_it_was_first_seen() -> None:
    post = normalise(raw(published="조회수 1234"))
    assert (post.published, post.dated) == (None, FETCHED)


def test_texts_are_one_line_each_once_and_fit_for_xml() -> None:
    post = normalise(raw(title=" 두\n줄\x00 <div> &nbsp; ", author="\x0b달 ", categories=("여행 ", ""),
                         tags=("#바다", "바다", " 산 ", "#")))
    assert (post.title, post.author) == ("두 줄 <div> &nbsp;", "달")
    assert (post.categories, post.tags) == (("여행",), ("바다", "산"))


def test_feature_text_is_the_excerpt_unless_the_page_has_its_own() -> None:
    assert normalise(raw()).feature_text == normalise(raw()).excerpt == "본문이다."
    assert normalise(raw(feature_text="한 줄")).feature_text == "한 줄"


def test_addresses_are_absolute_and_canonical() -> None:
    post = normalise(raw(url="/entry/가 나?utm_source=x", image="//x.example/1.png",
                         content_html='<a href="/3">셋</a><img src="사진.png">'))
    assert post.url == "https://dal.tistory.com/entry/%EA%B0%80%20%EB%82%98"
    assert post.image == "https://x.example/1.png"
    assert 'href="https://dal.tistory.com/3"' in post.content_html
    assert 'src="https://dal.tistory.com/%EC%82%AC%EC%A7%84.png"' in post.content_html


def test_what_is_no_post_is_refused() -> None:
    with pytest.raises(NotAPostError):
        normalise(raw(title=None, content_html=" <script>x</script> "))


def test_the_same_page_gives_the_same_post() -> None:
    assert normalise(raw()) == normalise(raw())


def test_the_seed_post_fits_the_schema_without_loss() -> None:
    """title, categories, excerpt, feature_text, image, and the body as its editor wrote it."""
    if not SEED.exists():
        pytest.skip("the seed post is not beside this checkout")
    _, front, body = SEED.read_text("utf-8").split("---\n", 2)
    facts = dict(line.split(": ", 1) for line in front.splitlines() if ": " in line and not line.startswith(" "))
    title, image = facts["title"], facts["image"].strip("'")
    summary = front.split("excerpt: >\n  ", 1)[1].split("\n", 1)[0]
    post = normalise(raw(title=title, categories=("News",), feature_text=summary, summary=summary, image=image,
                         content_html=body))
    assert (post.title, post.categories, post.image, post.feature_text) == (title, ("News",), image, summary)
    for mark in ('<h2 data-ke-size="size26">', '<p data-ke-size="size16">', "<b><span style=\"color: #1a5490;\">",
                 'text-align: center; height: 17px;', 'href="https://qoogle.tistory.com"'):
        assert body.count(mark) == post.content_html.count(mark) > 0
    assert 'rel="dofollow' in post.content_html
