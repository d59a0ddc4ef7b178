"""Any question is a feed: what people type and write into moafeed.toml, from the store to the published file."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from command_line import moafeed, workspace
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from crawler.automatic import name_of
from crawler.feed_keys import Asked, CombinedFeed, Excluded
from crawler.query_text import QueryError, question
from crawler.question import Among, members
from pipelines.post import Post
from pipelines.query import Terms
from pipelines.site import Site
from pipelines.store import Store
from pipelines.store.labels import Label

NOON = datetime(2026, 3, 1, 3, 0, tzinfo=UTC)
LONG = "이 문단은 두 블로그에 똑같이 실린 긴 글의 한 부분이고, 누가 먼저 썼는지는 날짜만이 말해 준다. "


def post(number: int, source: str = "dal", **changes: Any) -> Post:
    values: dict[str, Any] = {
        "source": source, "guid": f"tag:{source}.example,2026:{number}", "url": f"https://{source}.example/{number}",
        "title": f"글 {number}", "content_html": f"<p>{number}번째 본문</p>", "first_seen": NOON,
        "published": NOON + timedelta(days=number), "digest": str(number), "aliases": (f"{source}:{number}",),
        "language": "ko",
    }
    return Post(**(values | changes))


POSTS = (
    post(1, categories=("여행", "일본"), tags=("맛집", "Python"), author="김 민아",
         content_html="<p>라멘과 김치찌개</p>"),
    post(2, categories=("여행",), tags=("광고",), content_html="<p>제주의 김치찌개</p>"),
    post(3, categories=("개발",), tags=("python",), language="en", content_html="<p>v1.25 is out</p>"),
    post(4, title="퍼온 글", content_html=f"<p>{LONG * 6}</p>"),
    post(5, "byeol", title="퍼온 글", content_html=f"<p>{LONG * 6}</p>", published=NOON),
    post(6, "byeol", updated=NOON + timedelta(days=40)),
)


def filled(folder: Path, config: str = "") -> Path:
    """A workspace whose store holds POSTS."""
    here = workspace(folder, config or 'title = "모음"\n', dal="https://dal.example/", byeol="https://byeol.example/")
    with Store.open(f"sqlite:///{here}/state/moafeed.db") as store:
        store.save(POSTS, hold=False)
        for name, platform in (("dal", "tistory"), ("byeol", "generic")):
            store.save_site(Site(source=name, title=f"{name}의 글", home=f"https://{name}.example/", platform=platform))
    return here


def asked(here: Path, query: str) -> list[int]:
    """Numbers of the posts that a query finds."""
    found = json.loads(moafeed("query", "--json", "--", query, cwd=here).out)
    return [int(each["guid"].rpartition(":")[2]) for each in found]


def shown(here: Path, name: str) -> list[int]:
    """Numbers of the posts that a published feed holds."""
    feed = json.loads((here / f"public/{name}.json").read_text("utf-8"))
    return [int(item["id"].rpartition(":")[2]) for item in feed["items"]]


QUERIES = [
    ("", [6, 3, 2, 1, 5]),
    ("김치찌개", [2, 1]),
    ("김치찌개 -제주", [1]),
    ('"제주의 김치"', [2]),
    ("tag:python", [3, 1]),
    ("tag:맛집|광고", [2, 1]),
    ("tag:python tag:맛집", [1]),
    ("-tag:python source:dal", [4, 2]),
    ("category:여행", [2, 1]),
    ("category:여행/일본", [1]),
    ("-category:여행 lang:ko -퍼온", [6]),
    ('author:"김 민아"', [1]),
    ("lang:en", [3]),
    (r"/v\d+\.\d+/", [3]),
    (r"-/\d번째/ -/v1/", [2, 1, 5]),
    ("source:by*", [6, 5]),
    ("-source:dal", [6, 5]),
    ("platform:tistory 글", [4, 3, 2, 1]),
    ("since:2026-03-04", [6, 4, 3]),
    ("since:2027", []),
    ("limit:2", [6, 3]),
    ("order:updated limit:1", [6]),
    ("퍼온", [5]),
    ("퍼온 copies:all", [4, 5]),
    ("퍼온 source:dal", [4]),
]


def test_a_query_holds_what_it_says(tmp_path: Path) -> None:
    here = filled(tmp_path)
    assert {query: asked(here, query) for query, _ in QUERIES} == dict(QUERIES)


MALFORMED = {
    '"offen': "is a quotation mark missing?",
    "tags:x": 'tags: is nothing that can be asked for; did you mean "tag"?',
    "tag:": "tag: has no value after it",
    "tag:a|": "tag: has an empty value beside a |",
    "since:gestern": "since: is a day, such as 2024-03-05 or 2024, not 'gestern'",
    "since:2026-02-30": "since: is a day",
    "limit:0": "limit: is a number from 1 to 500, not '0'",
    "limit:1 limit:2": "limit: stands once in a query",
    "-order:updated": "order: stands once in a query, and without a -",
    "order:new": "order: is one of published, updated, not 'new'",
    "copies:no": "copies: is one of once, all",
    "/(?=a)/": "looks ahead or behind",
    "/[/": "is no regular expression",
    "source:dall": "source: names 'dall', which is no source; did you mean \"dal\"?",
    "platform:tistori": "did you mean \"tistory\"?",
    '""': "a query asks for nothing by an empty value",
}


def test_a_query_that_cannot_be_is_one_sentence(tmp_path: Path) -> None:
    here = filled(tmp_path)
    for query, says in MALFORMED.items():
        told = moafeed("query", "--", query, cwd=here, code=2).err
        assert says in told, query
        assert len(told.strip().splitlines()) == 1


@given(st.text(st.sampled_from('ab가:"|-/\\ \n()[*') | st.characters(), max_size=30))
def test_whatever_is_typed_is_understood_or_refused_in_words(text: str) -> None:
    with suppress(QueryError):
        question(text, "Asia/Seoul")


LAST = ["https://byeol.example/6"]  # no excerpt


def test_search_shows_where_the_words_stand(tmp_path: Path) -> None:
    here = filled(tmp_path)
    found = moafeed("search", "김치", "라멘", cwd=here).out
    assert "글 1" in found
    assert "라멘과 김치찌개" in found
    assert "https://dal.example/1" in found
    assert "글 2" not in found
    assert [each["title"] for each in json.loads(moafeed("search", "퍼온", "--json", cwd=here).out)] == ["퍼온 글"]
    assert "no stored post has that" in moafeed("search", "없는말", cwd=here, code=1).err
    assert moafeed("search", "글", "--limit", 1, cwd=here).out.split() == ["2026-03-07", "byeol", "글", "6", *LAST]


FEEDS = {
    'platforms = ["tistory"]': [4, 3, 2, 1],
    'categories = ["여행/일본", "개발"]': [3, 1],
    'tags = ["PYTHON"]': [3, 1],
    'authors = ["김 민아"]': [1],
    'languages = ["en"]': [3],
    'words = ["김치찌개", "제주"]': [2],
    "patterns = ['v\\d+']": [3],
    'exclude = { tags = ["python", "광고"], sources = ["byeol"] }': [4],
    'exclude = { platforms = ["tistory"] }': [6, 5],
    'exclude = { categories = ["여행"], languages = ["en"], authors = ["x"], words = ["퍼온"] }': [6],
    "exclude = { patterns = ['^글', '번째'] }": [5],
    "since = 2026-03-04": [6, 4, 3],
    'order = "updated"': [6, 3, 2, 1, 5],
    'copies = "all"': [6, 4, 3, 2, 1, 5],
    "limit = 2": [6, 3],
    'query = "tag:python -lang:en"': [1],
    'query = "김치찌개"\ntags = ["광고"]': [2],
    'sources = ["dal"]\nquery = "퍼온"': [4],
    'query = "없는말"': [],
}


def test_each_key_of_a_combined_feed(tmp_path: Path) -> None:
    tables = [f"[feeds.f{number}]\n{keys}\n" for number, keys in enumerate(FEEDS)]
    here = filled(tmp_path, "".join(tables))
    assert moafeed("build", cwd=here).err == ""
    assert {keys: shown(here, f"f{number}") for number, keys in enumerate(FEEDS)} == FEEDS
    keys = {*CombinedFeed.model_fields, *(f"exclude.{key}" for key in Excluded.model_fields)}
    tried = " ".join(FEEDS)
    untried = {key for key in keys if key.removeprefix("exclude.") not in tried}
    assert untried <= {"title", "description", "formats"}
    before = {path: path.stat().st_mtime_ns for path in (here / "public").iterdir()}
    moafeed("build", cwd=here)
    assert {path: path.stat().st_mtime_ns for path in (here / "public").iterdir()} == before


@pytest.mark.parametrize(("keys", "says"), [
    ("patterns = ['(?=a)']", "\"feeds.f.patterns\" holds '(?=a)', which looks ahead or behind"),
    ('query = "tags:x"', "\"feeds.f.query\" can't be understood: tags: is nothing that can be asked for"),
    ('query = "source:dall"', '"feeds.f.query" names "dall", which is no source; did you mean "dal"?'),
    ('exclude = { sources = ["dall"] }', '"feeds.f.exclude.sources" names "dall"'),
    ('platforms = ["tistori"]', "is no platform; did you mean"),
    ('languages = ["korean!"]', "is no language tag"),
    ('tags = [""]', '"feeds.f.tags" has an empty value'),
    ('categories = ["/"]', "has a category without a name"),
    ('order = "new"', '"feeds.f.order"'),
    ('since = "bald"', '"feeds.f.since"'),
    ('exclude = { tag = ["x"] }', 'unknown key "tag"; did you mean "tags"?'),
])  # fmt: skip
def test_a_feed_that_cannot_be_is_told_with_file_line_and_key(tmp_path: Path, keys: str, says: str) -> None:
    here = filled(tmp_path, f"[feeds.f]\n{keys}\n")
    told = moafeed("build", cwd=here, code=2).err
    assert says in told
    assert "moafeed.toml" in told
    assert not (here / "public/dal.rss").exists()


def test_a_new_post_that_fits_is_the_only_change(tmp_path: Path) -> None:
    here = filled(tmp_path, '[feeds.py]\ntags = ["python"]\n[feeds.other]\ntags = ["광고"]\n')
    moafeed("build", cwd=here)
    before = {path.name: path.read_bytes() for path in (here / "public").iterdir()}
    with Store.open(f"sqlite:///{here}/state/moafeed.db") as store:
        store.save([post(9, tags=("Python",))])
    moafeed("build", cwd=here)
    after = {path.name: path.read_bytes() for path in (here / "public").iterdir()}
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed == {f"{name}{end}" for name in ("py", "dal") for end in (".rss", ".atom", ".json", ".html")} | {
        "index.html"
    }
    assert shown(here, "py") == [9, 3, 1]


def test_a_deleted_post_is_a_tombstone_of_the_feeds_that_had_it(tmp_path: Path) -> None:
    here = filled(tmp_path, '[feeds.py]\ntags = ["python"]\n[feeds.other]\ntags = ["맛집", "광고"]\n')
    moafeed("build", cwd=here)
    with Store.open(f"sqlite:///{here}/state/moafeed.db") as store:
        for days in (50, 52):
            store.gone("dal", post(3).guid, NOON + timedelta(days=days), 410)
    moafeed("build", cwd=here)
    assert shown(here, "py") == [1]
    assert "deleted-entry" in (here / "public/py.atom").read_text("utf-8")
    assert "deleted-entry" not in (here / "public/other.atom").read_text("utf-8")


def test_an_old_post_that_was_edited_comes_to_a_feed_by_updates(tmp_path: Path) -> None:
    here = filled(tmp_path, '[feeds.fresh]\norder = "updated"\nlimit = 2\n[feeds.plain]\nlimit = 2\n')
    moafeed("build", cwd=here)
    assert shown(here, "fresh") == [6, 3]
    with Store.open(f"sqlite:///{here}/state/moafeed.db") as store:
        later = NOON + timedelta(days=50)
        store.save([replace(POSTS[0], content_html="<p>고쳐 쓴 글</p>", digest="new", updated=later)])
    assert moafeed("build", cwd=here).err == ""
    assert shown(here, "fresh") == [1, 6]
    assert shown(here, "plain") == [6, 3]


AUTOMATIC = '[automatic]\ncategories = ["*"]\ntags = ["da*"]\nposts = 1\n'


def test_categories_and_tags_have_feeds_where_that_is_switched_on(tmp_path: Path) -> None:
    here = filled(tmp_path, AUTOMATIC)
    assert moafeed("build", cwd=here).err == ""
    assert shown(here, "dal-category-여행") == [2, 1]
    assert shown(here, "dal-tag-python") == [3, 1]
    below = next((here / "public").glob("dal-category-여행-일본-*.json")).stem
    assert shown(here, below) == [1]
    feed = json.loads((here / f"public/{below}.json").read_text("utf-8"))
    assert feed["title"] == "dal의 글: 여행/일본"
    assert f"{below}.rss" not in (here / "public/feeds.opml").read_text("utf-8")  # it is percent-encoded there
    assert "여행/일본" in (here / "public/feeds.opml").read_text("utf-8")
    assert not list((here / "public").glob("byeol-*"))
    assert not list((here / "public").glob("*-tag-*.page-*"))


def test_a_feed_of_few_posts_begins_later_and_never_ends(tmp_path: Path) -> None:
    here = filled(tmp_path, AUTOMATIC.replace("posts = 1", "posts = 2"))
    moafeed("build", cwd=here)
    assert not list((here / "public").glob("dal-tag-광고*"))
    with Store.open(f"sqlite:///{here}/state/moafeed.db") as store:
        for days in (50, 52):
            store.gone("dal", post(3).guid, NOON + timedelta(days=days), 410)
    moafeed("build", cwd=here)
    assert shown(here, "dal-tag-python") == [1]


def test_feeds_of_a_source_whose_file_is_broken_stay_listed_where_they_are(tmp_path: Path) -> None:
    here = filled(tmp_path, AUTOMATIC.replace("posts = 1", "posts = 2"))
    file = here / "sources/dal.toml"
    file.write_text(file.read_text("utf-8") + 'formats = ["json", "atom"]\n', "utf-8")
    moafeed("build", cwd=here)
    before = addresses(here)
    assert {"dal.json", "dal-tag-python.json", "byeol.rss"} <= before
    published = {path.name: path.stat().st_mtime_ns for path in (here / "public").glob("dal*")}
    file.write_text("url = 3\n", "utf-8")
    with Store.open(f"sqlite:///{here}/state/moafeed.db") as store:
        store.save([post(number, tags=("daily",)) for number in (7, 8)])
    moafeed("build", cwd=here, code=None)
    assert addresses(here) == before
    assert "dal-tag-python" in (here / "public/index.html").read_text("utf-8")
    assert {path.name: path.stat().st_mtime_ns for path in (here / "public").glob("dal*")} == published
    file.write_text('url = "https://dal.example/"\n', "utf-8")
    moafeed("build", cwd=here)
    assert {"dal.rss", "dal-tag-daily.rss"} <= addresses(here)


def addresses(here: Path) -> set[str]:
    """What the subscription list leads to: the ends of the addresses."""
    outlines = etree.parse(here / "public/feeds.opml").iter("outline")
    return {unquote(str(each.get("xmlUrl")).rpartition("/")[2]) for each in outlines}


def test_a_source_or_feed_of_the_same_name_goes_before(tmp_path: Path) -> None:
    here = filled(tmp_path, AUTOMATIC + '[feeds.dal-tag-python]\ntitle = "mine"\n')
    assert moafeed("build", cwd=here).err == ""
    assert json.loads((here / "public/dal-tag-python.json").read_text("utf-8"))["title"] == "mine"


LABELS = st.builds(
    Label, kind=st.sampled_from(["category", "tag"]), posts=st.just(1),
    path=st.lists(st.text(min_size=1, max_size=40), min_size=1, max_size=2).map(tuple),
)


@given(LABELS, LABELS)
def test_names_of_automatic_feeds_are_file_names_and_differ(one: Label, other: Label) -> None:
    name = name_of("dal", one)
    assert len(name.encode()) <= 100
    assert not set(name) & set('/\\.:*?"<>|\0\n')
    if (one.kind, "/".join(one.path).casefold()) == (other.kind, "/".join(other.path).casefold()):
        assert name == name_of("dal", other)


def test_members_are_chosen_by_name_and_platform() -> None:
    read_as = {"a-1": "tistory", "a-2": None, "b": "naver"}
    assert members(question(""), read_as) == ("a-1", "a-2", "b")
    assert members(question("source:a-* -source:a-2"), read_as) == ("a-1",)
    assert members(question("platform:naver|tistory"), read_as) == ("a-1", "b")
    assert CombinedFeed(sources=("b",)).question("UTC").among == (Among(sources=("b",)),)
    assert Asked().terms() == Terms()
