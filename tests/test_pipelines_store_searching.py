"""Queries to the store, on SQLite and on PostgreSQL: what is found, in which order, and that nothing else is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from empty_store import copied
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from pipelines.patterns import compiled
from pipelines.post import Post
from pipelines.query import Asked, Query, Terms, fits
from pipelines.searchable import fold, searchable
from pipelines.store import Store
from pipelines.store.engine import open_engine
from pipelines.store.moving import copy_store

NOON = datetime(2026, 3, 1, 3, 0, tzinfo=UTC)
LONG = (
    "골목을 걷다가 오래된 빵집 앞에서 한참을 서 있었다. 창문에 붙은 종이에는 내일부터 쉰다고 적혀 있었고, "
    "나는 그 말을 두 번 읽었다. "
)
NOTHING = Terms()


def post(number: int, body: str = "본문", source: str = "dal", **changes: Any) -> Post:
    values: dict[str, Any] = {
        "source": source, "guid": f"tag:{source}.tistory.com,2026:{number}",
        "url": f"https://{source}.tistory.com/{number}", "title": f"글 {number}", "content_html": f"<p>{body}</p>",
        "published": NOON + timedelta(days=number), "first_seen": NOON, "digest": f"{number} {body} {changes}",
        "aliases": (f"id:{source}:{number}",),
    }
    return Post(**(values | changes))


def numbers(store: Store, *, sources: tuple[str, ...] = ("dal", "byeol"), limit: int = 50, unwanted: Terms = NOTHING,
            since: datetime | None = None, order: Any = "published", copies: Any = "once", **wanted: Any) -> list[int]:
    """Numbers of the posts that are found."""
    terms = (Terms(**wanted),) if wanted else ()
    query = Query(wanted=terms, unwanted=unwanted, since=since, order=order, copies=copies)
    return [int(found.guid.rpartition(":")[2]) for found in store.answers(sources, query, limit)]


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    with Store.open(store_url) as opened:
        yield opened


def test_words_are_found_within_longer_ones_whatever_their_case_width_and_composition(store: Store) -> None:
    store.save([post(1, "김치찌개를 끓였다"), post(2, "된장찌개, 그리고 C++"),
                post(3, "ＰＹＴＨＯＮ과 Straße", title="여행")])
    assert numbers(store, words=("찌개",)) == [2, 1]
    assert numbers(store, words=("김치찌",)) == [1]
    assert numbers(store, words=("찌개를 끓",)) == [1]
    assert numbers(store, words=("개",)) == [2, 1]
    assert numbers(store, words=("c++",)) == [2]
    assert numbers(store, words=("python",)) == numbers(store, words=("STRASSE",)) == [3]
    assert numbers(store, words=("여행",)) == [3]
    assert numbers(store, words=("\u1100\u1175\u11b7\u110e\u1175",)) == [1]  # decomposed, as macOS types it
    assert numbers(store, words=("찌개", "된장")) == [2]
    assert numbers(store, words=("개찌",)) == numbers(store, words=("없는말",)) == []


def test_what_only_looks_alike_to_the_index_is_not_found(store: Store) -> None:
    store.save([post(1, "가나 나다"), post(2, "가나다"), post(3, "category\u200btag tagpython", tags=("파이썬",))])
    assert numbers(store, words=("가나다",)) == [2]
    assert numbers(store, tags=("python",)) == []


def test_an_edit_is_found_by_its_new_words_alone(store: Store) -> None:
    store.save([post(1, "김치찌개"), post(2, "된장찌개")])
    store.save([post(1, "순두부", tags=("저녁",))])
    assert (numbers(store, words=("김치",)), numbers(store, words=("순두부",))) == ([], [1])
    assert numbers(store, tags=("저녁",)) == [1]
    store.replace([replace(store.newest(["dal"], 1)[0], content_html="<p>청국장</p>")])
    assert (numbers(store, words=("된장",)), numbers(store, words=("청국장",))) == ([], [2])


def test_a_poorer_version_that_waits_is_not_found(store: Store) -> None:
    store.save([post(1, LONG * 5)])
    assert [saved.outcome for saved in store.save([post(1, "광고")])] == ["held"]
    assert (numbers(store, words=("광고",)), numbers(store, words=("빵집",))) == ([], [1])


def test_categories_are_subtrees(store: Store) -> None:
    store.save([post(1, categories=("여행", "일본", "오사카")), post(2, categories=("여행",)),
                post(3, categories=("요리", "일본"))])
    assert numbers(store, categories=(("여행",),)) == [2, 1]
    assert numbers(store, categories=(("여행", "일본"),)) == [1]
    assert numbers(store, categories=(("일본",),)) == [3, 1]
    assert numbers(store, categories=(("여행", "오사카"),)) == []
    assert numbers(store, categories=(("요리",), ("오사카",))) == [3, 1]


def test_tags_authors_and_languages_are_whole(store: Store) -> None:
    store.save([post(1, tags=("Python",), author="김 민아", language="ko-KR"),
                post(2, tags=("python 3",), author="민아"), post(3, tags=("여행",), language="en")])
    assert numbers(store, tags=("python",)) == [1]
    assert numbers(store, tags=("PYTHON", "여행")) == [3, 1]
    assert numbers(store, authors=("김  민아",)) == [1]
    assert numbers(store, languages=("ko",)) == numbers(store, languages=("KO-kr",)) == [1]
    assert numbers(store, languages=("ko-KP",)) == []


def test_patterns_are_searched_in_lines(store: Store) -> None:
    store.save([post(1, "v1.25 나왔다", title="새 판"), post(2, "v2 나옴</p><p>끝")])
    assert numbers(store, patterns=(r"v\d+\.\d+",)) == [1]
    assert numbers(store, patterns=("^끝$",)) == [2]
    assert numbers(store, patterns=("^새 판$", "v1")) == [1]
    assert numbers(store, patterns=("나옴.끝",)) == []


@pytest.mark.parametrize("pattern", ["(?=a)", r"(a)\1", "[", "a{2000}", ")(", "(" * 2000, "((a{1000}){1000}){1000}"])
def test_patterns_that_cannot_be(pattern: str) -> None:
    with pytest.raises(ValueError, match=r'.'):
        compiled(pattern)


def test_a_pattern_that_others_take_for_ever_for(store: Store) -> None:
    store.save([post(1, "가" * 200_000)])
    assert numbers(store, patterns=("(가+)+나",)) == []


def test_what_is_unwanted_is_left_out(store: Store) -> None:
    store.save([post(1, "맛집 광고"), post(2, "맛집", tags=("협찬",)), post(3, "맛집"),
                post(4, "맛집", categories=("광고",))])
    out = Terms(words=("광고",), tags=("협찬",), patterns=("^3$",))
    assert numbers(store, words=("맛집",), unwanted=out) == [3]
    assert numbers(store, unwanted=Terms(categories=(("광고",),))) == [3, 2, 1]


def test_since_and_limit_and_order(store: Store) -> None:
    store.save([post(n, "같은 말", updated=NOON + timedelta(days=50 - n) if n % 2 else None) for n in range(1, 7)])
    assert numbers(store, limit=3) == numbers(store, words=("같은",), limit=3) == [6, 5, 4]
    assert numbers(store, since=NOON + timedelta(days=5)) == [6, 5]
    assert numbers(store, words=("같은",), since=NOON + timedelta(days=5)) == [6, 5]
    assert numbers(store, order="updated") == numbers(store, words=("같은",), order="updated") == [1, 3, 5, 6, 4, 2]


def test_deleted_posts_and_other_sources_are_no_answers(store: Store) -> None:
    store.save([post(n, "같은 말") for n in range(1, 9)] + [post(9, "같은 말", source="byeol")])
    for days in (0, 2):
        store.gone("dal", post(3).guid, NOON + timedelta(days=60 + days), 410)
    assert numbers(store, words=("같은",)) == [9, 8, 7, 6, 5, 4, 2, 1]
    assert numbers(store, sources=("byeol",)) == numbers(store, sources=("byeol",), words=("같은",)) == [9]
    assert numbers(store, sources=()) == numbers(store, sources=("nobody",), words=("같은",)) == []


def test_copies_are_shown_once_the_original_where_it_is_an_answer(store: Store) -> None:
    store.save([post(1, LONG * 5, source="byeol", title="빵집"), post(2, LONG * 5, title="빵집"), post(3, "다른 글")])
    assert numbers(store) == numbers(store, copies="once") == [3, 1]
    assert numbers(store, copies="all") == [3, 2, 1]
    assert numbers(store, words=("빵집",)) == [1]
    assert numbers(store, sources=("dal",)) == [3, 2]  # its original is not among them
    assert numbers(store, since=NOON + timedelta(days=2)) == [3, 2]  # or too old


def test_many_answers_and_many_sources(store: Store) -> None:
    many = [post(n, "흔한 말" if n % 2 else "다른 말", source=f"blog{n % 30}") for n in range(300)]
    store.save(many, hold=False)
    everywhere = tuple(f"blog{n}" for n in range(30))
    odd = [n for n in range(299, -1, -1) if n % 2]
    assert numbers(store, sources=everywhere, words=("흔한",), limit=400) == odd
    assert numbers(store, sources=everywhere, limit=400) == list(range(299, -1, -1))
    assert numbers(store, sources=("blog7",), words=("흔한",)) == [n for n in odd if n % 30 == 7]


def test_a_word_that_most_posts_have(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.store.searching._RARE", 5)
    blogs = ("byeol", "dal")
    store.save([post(n, "흔한 말" if n % 3 else "드문 일", source=blogs[n % 2]) for n in range(40)], hold=False)
    expected = [n for n in range(39, -1, -1) if n % 3]
    assert numbers(store, words=("흔한",)) == expected
    assert numbers(store, words=("흔한",), sources=("byeol",), limit=3) == [n for n in expected if n % 2 == 0][:3]


LETTERS = st.text("가나다 ab", max_size=8)
POSTS = st.lists(
    st.builds(dict, title=LETTERS, body=LETTERS, tags=st.lists(LETTERS.filter(str.strip), max_size=2).map(tuple),
              categories=st.lists(LETTERS.filter(str.strip), max_size=2).map(tuple)),
    min_size=1, max_size=8,
)
TERMS = st.builds(
    Terms, words=st.lists(LETTERS.filter(str.strip), max_size=2).map(tuple),
    tags=st.lists(LETTERS.filter(str.strip), max_size=1).map(tuple),
    categories=st.lists(st.tuples(LETTERS.filter(str.strip)), max_size=1).map(tuple),
)


@given(found=POSTS, wanted=st.lists(TERMS, max_size=2).map(tuple), unwanted=TERMS)
@settings(max_examples=60)
def test_the_index_finds_what_a_look_at_every_post_finds(
    tmp_path_factory: pytest.TempPathFactory, found: list[dict[str, Any]], wanted: tuple[Terms, ...], unwanted: Terms
) -> None:
    posts = [post(n, each["body"], title=each["title"], tags=each["tags"], categories=each["categories"])
             for n, each in enumerate(found)]
    query = Query(wanted=wanted, unwanted=unwanted)
    with Store.open(copied(tmp_path_factory.mktemp("s"))) as store:
        store.save(posts, hold=False)
        answers = {answer.guid for answer in store.answers(["dal"], query, 50)}
    assert answers == {each.guid for each in posts if fits(query, Asked(
        categories=each.categories, tags=each.tags, author=None, language=None, text=searchable(each).text
    ))}


def test_folding_twice_is_folding_once() -> None:
    for sample in ("Ⅷ ﬁ ẞ İ ſ ㎏ ﷺ", "\u1100\u1161 \ufb01", "ＡＢＣ\u3000Ｄ"):
        assert fold(fold(sample)) == fold(sample)


def test_an_older_store_can_be_searched_at_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/moafeed.db"
    with Store.open(url) as store:
        store.save([post(1, "김치찌개", tags=("저녁",)), post(2, "된장")])
        before = store.newest(["dal"], 5)
    engine = open_engine(url)
    with engine.begin() as connection:
        for statement in ("DROP TABLE words", "DROP TABLE texts", "DROP TABLE labels", "DROP TABLE changes",
                          "CREATE INDEX posts_source_changed ON posts (source, changed)",
                          "UPDATE alembic_version SET version_num = '0004'"):
            connection.execute(text(statement))
    engine.dispose()
    with Store.open(url) as store:
        assert numbers(store, words=("김치",)) == numbers(store, tags=("저녁",)) == [1]
        assert store.newest(["dal"], 5) == before
        counted = store.publications.changes()
        store.save([post(3)])
        assert store.publications.changes() == {"dal": counted["dal"] + 1} == {"dal": 3}


def test_a_copied_store_is_searched_like_the_first(store_url: str, store: Store, tmp_path: Path) -> None:
    store.save([post(1, "김치찌개", tags=("저녁",)), post(2, "된장")])
    target = f"sqlite:///{tmp_path}/copy.db"
    copy_store(store_url, target)
    with Store.open(target) as copied:
        assert numbers(copied, words=("찌개",)) == numbers(copied, tags=("저녁",)) == [1]
        copied.save([post(1, "순두부")])
        assert (numbers(copied, words=("찌개",)), numbers(copied, words=("순두",))) == ([], [1])


def test_categories_and_tags_are_counted_as_they_are(store: Store) -> None:
    def counted() -> list[tuple[str, tuple[str, ...], int]]:
        return [(each.kind, each.path, each.posts) for each in store.publications.labels(["dal"])["dal"]]

    assert store.publications.labels(["dal"]) == {}
    store.save([post(1, categories=("여행", "일본"), tags=("a", "B")), post(2, categories=("여행",), tags=("b", "b "))])
    store.save([post(3, tags=("B",)), post(4, source="byeol", tags=("c",))])
    expected = [("category", ("여행",), 2), ("category", ("여행", "일본"), 1), ("tag", ("a",), 1), ("tag", ("B",), 3)]
    assert counted() == counted() == expected
    for days in (0, 2):
        store.gone("dal", post(3).guid, NOON + timedelta(days=60 + days), 410)
    assert counted()[-1][2] == 2
