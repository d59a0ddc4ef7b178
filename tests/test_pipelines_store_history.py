"""What the store keeps beside the newest version: edits, a poorer version that waits, deleted posts, copies."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, event, select, update

from pipelines.digest import digest
from pipelines.post import Enclosure, Picture, Post
from pipelines.store import Address, Read, Store, tables
from pipelines.store.departures import alarming, decided
from pipelines.store.history import DamagedRevisionError, History

NOON = datetime(2026, 3, 1, 3, 4, 5, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def text(seed: int, words: int = 160) -> str:
    roll = random.Random(seed)
    return " ".join("".join(roll.choices("가나다라마바사아자차카타파하고는을이도", k=3)) for _ in range(words))


def post(number: int = 1, body: str | None = None, **changes: object) -> Post:
    content = f"<p>{text(number) if body is None else body}</p>"
    values: dict[str, object] = {
        "source": "dal", "guid": f"tag:dal.example,2026:{number}", "url": f"https://dal.example/{number}",
        "title": f"글 {number}", "content_html": content, "published": NOON + number * DAY, "first_seen": NOON,
        "aliases": (f"id:tistory:7:{number}", f"at:dal.example/{number}"),
    }
    values |= changes
    values.setdefault("digest", digest(str(values["title"]), str(values["content_html"])))
    return Post(**values)  # type: ignore[arg-type]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def opened(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One store of each kind for all tests of this file: to make one takes longer than to empty it."""
    with ExitStack() as stack:
        url = f"sqlite:///{tmp_path_factory.mktemp('store')}/x.db"
        if request.param == "postgresql":
            server = request.getfixturevalue("postgres")
            url = server.url(stack.enter_context(server.database()))
        yield stack.enter_context(Store.open(url))


@pytest.fixture
def store(opened: Store) -> Store:
    with opened._engine.begin() as connection:
        for table in reversed(tables.metadata.sorted_tables):
            connection.execute(delete(table))
    return opened


def outcome(store: Store, one: Post) -> str:
    (saved,) = store.save([one])
    return saved.outcome


def told(store: Store, number: int = 1, source: str = "dal") -> History:
    found = store.history(source, f"tag:dal.example,2026:{number}")
    assert found is not None
    return found


# --- edits ------------------------------------------------------------------------------------------------------------


def test_what_an_edit_replaced_is_kept_whole(store: Store) -> None:
    first = post(categories=("여행",), tags=("바다",), author="달", language="ko", excerpt="첫", image="https://x/1.png",
                 updated=NOON, enclosures=(Enclosure(url="u", type="audio/mpeg", length=3),),
                 pictures=(Picture(url="https://x/1.png", expires=NOON + DAY, lasting="https://x/1"),))
    store.save([first])
    assert outcome(store, post(body=text(1) + " 끝", title="새 제목", first_seen=NOON + DAY)) == "edited"
    (edit,) = told(store).edits
    assert (edit.number, edit.at, edit.before) == (1, NOON + DAY, replace(first, aliases=()))
    assert edit.after == told(store).post == store.newest(["dal"], 1)[0]
    assert edit.after.title == "새 제목"


def test_what_no_reader_notices_is_no_edit(store: Store) -> None:
    store.save([post()])
    same = {"digest": post().digest, "updated": NOON + 2 * DAY, "first_seen": NOON + DAY}
    assert outcome(store, post(body=f"<b></b>{text(1)}", tags=("새",), **same)) == "unchanged"
    found = told(store)
    assert (found.edits, found.post.updated, found.post.tags) == ((), None, ("새",))


def test_the_first_and_the_newest_nineteen_are_kept(store: Store) -> None:
    for n in range(31):
        store.save([post(body=f"{text(1)} {n}", first_seen=NOON + n * HOUR)])
    edits = told(store).edits
    assert [edit.number for edit in edits] == [*range(30, 11, -1), 1]
    assert all(edit.after.content_html.endswith(f" {edit.number}</p>") for edit in edits[:-1])
    assert edits[-1].before.content_html.endswith(" 0</p>")


def test_the_last_edits_of_a_source_are_the_latest_first(store: Store) -> None:
    for n in range(1, 5):
        store.save([post(n), post(n, source="other")])
        store.save([post(n, body=text(n) + " 끝", first_seen=NOON + n * HOUR)])
    found = store.last_edited("dal", 3)
    assert [(each.post.title, [edit.number for edit in each.edits]) for each in found] == [
        ("글 4", [1]), ("글 3", [1]), ("글 2", [1]),
    ]
    assert store.last_edited("nobody", 3) == []


def test_a_damaged_revision_is_said_to_be_one(store: Store) -> None:
    store.save([post()])
    store.save([post(body=text(1) + " 끝")])
    with store._engine.begin() as connection:
        connection.execute(update(tables.revisions).values(record=b"\x28\xb5\x2f\xfd broken"))
    with pytest.raises(DamagedRevisionError):
        told(store)


# --- dates ------------------------------------------------------------------------------------------------------------


def test_a_date_that_changes_alone_is_not_believed_and_a_late_one_is(store: Store) -> None:
    store.save([post(1), post(2, published=None)])
    store.save([post(1, published=NOON + 90 * DAY), post(2)])
    assert told(store, 1).post.published == NOON + DAY
    assert told(store, 2).post.published == NOON + 2 * DAY


def test_a_post_that_is_written_anew_and_dated_today_is_published_again(store: Store) -> None:
    store.save([post(1)])
    store.save([post(1, body=text(1) + " 2판", published=NOON + 90 * DAY)])
    assert told(store).post.published == NOON + 90 * DAY


# --- a poorer version waits -------------------------------------------------------------------------------------------

POORER = {
    "shrank": {"body": text(1, 70)},
    "lost all its text": {"body": '<img src="https://x/1.png" alt="">'},
    "lost its title": {"title": ""},
    "lost its date": {"published": None, "body": text(1) + " 끝"},
}


@pytest.mark.parametrize("why", POORER)
def test_a_poorer_version_waits_for_a_second_look(store: Store, why: str) -> None:
    def poorer(later: timedelta) -> Post:
        return post(first_seen=NOON + later, **POORER[why])

    store.save([post()])
    before = told(store)
    assert outcome(store, poorer(DAY)) == "held"
    assert outcome(store, poorer(DAY + HOUR - timedelta(seconds=1))) == "held"
    found = told(store)
    assert (found.post, found.edits) == (before.post, ())
    assert found.held is not None
    assert why in found.held.why
    assert found.held.seen == NOON + DAY
    assert outcome(store, poorer(DAY + HOUR)) == "edited"
    found = told(store)
    assert found.held is None
    assert found.post.digest == poorer(DAY).digest
    assert [edit.before for edit in found.edits] == [before.post]
    assert outcome(store, poorer(DAY + 2 * HOUR)) == "unchanged"


@pytest.mark.parametrize("between", [{}, {"body": text(1) + " 덧붙임"}, {"body": text(1, 60)}], ids=str)
def test_what_is_read_in_between_begins_the_wait_anew(store: Store, between: dict[str, object]) -> None:
    poorer = POORER["shrank"]
    store.save([post()])
    store.save([post(first_seen=NOON + DAY, **poorer)])
    store.save([post(first_seen=NOON + DAY + HOUR, **between)])
    assert outcome(store, post(first_seen=NOON + 2 * DAY, **poorer)) == "held"
    assert outcome(store, post(first_seen=NOON + 2 * DAY + HOUR, **poorer)) == "edited"


def test_a_clock_that_jumps_back_takes_nothing(store: Store) -> None:
    store.save([post()])
    for later in (DAY, -DAY, timedelta(0)):
        assert outcome(store, post(first_seen=NOON + later, **POORER["shrank"])) == "held"


def test_what_a_person_imports_is_not_doubted(store: Store) -> None:
    store.save([post()])
    (saved,) = store.save([post(**POORER["shrank"])], hold=False)
    assert saved.outcome == "edited"


def test_a_post_that_had_little_may_have_little(store: Store) -> None:
    store.save([post(1, body="", published=None, title="사진")])
    assert outcome(store, post(1, body='<img src="https://x/2.png">', published=None, title="사진")) == "edited"


# --- deleted posts ----------------------------------------------------------------------------------------------------


def test_a_post_is_deleted_when_it_is_missing_twice_a_day_apart(store: Store) -> None:
    posts = [post(n) for n in range(1, 4)]
    store.save(posts)
    guid = posts[0].guid
    assert store.gone("dal", guid, NOON, 404) == "first"
    assert store.gone("dal", guid, NOON + DAY - timedelta(seconds=1), 410) == "waiting"
    assert len(store.newest(["dal"], 9)) == 3
    assert store.gone("dal", guid, NOON + DAY, 404) == "deleted"
    assert store.gone("dal", guid, NOON + 2 * DAY, 404) == "deleted"
    assert {p.guid for p in store.newest(["dal"], 9)} == {p.guid for p in store.each(["dal"])} == {
        p.guid for p in posts[1:]
    }
    assert len(list(store.each(["dal"], deleted=True))) == 3
    assert (told(store).gone, told(store).deleted) == (NOON, NOON + DAY)


def test_a_post_that_is_there_again_is_back_under_its_guid(store: Store) -> None:
    store.save([post(1), post(2)])
    store.gone("dal", post(1).guid, NOON, 404)
    store.gone("dal", post(1).guid, NOON + DAY, 404)
    (saved,) = store.save([post(1)])
    assert (saved.guid, saved.outcome) == (post(1).guid, "unchanged")
    assert len(store.newest(["dal"], 9)) == 2
    assert (told(store).gone, told(store).deleted) == (None, None)
    assert store.gone("dal", post(1).guid, NOON + 2 * DAY, 404) == "first"


def test_a_poor_page_does_not_bring_a_post_back(store: Store) -> None:
    store.save([post()])
    store.gone("dal", post().guid, NOON, 404)
    assert outcome(store, post(first_seen=NOON + HOUR, **POORER["lost its title"])) == "held"
    assert store.gone("dal", post().guid, NOON + DAY, 404) == "deleted"


def test_when_many_are_gone_at_once_none_is_deleted(store: Store) -> None:
    posts = [post(n) for n in range(1, 17)]
    store.save([*posts, *(post(n, source="other") for n in range(1, 40))])
    said = [store.gone("dal", p.guid, NOON + n * HOUR, 404) for n, p in enumerate(posts[:5])]
    assert said == ["first", "first", "first", "first", "alarm"]
    assert [store.gone("dal", p.guid, NOON + 30 * HOUR, 404) for p in posts[:5]] == ["alarm"] * 5
    assert len(store.newest(["dal"], 99)) == 16
    assert store.gone_share("dal", NOON + 30 * HOUR) == 5 / 16
    store.save(posts[:1])  # one is back: what is left is no alarm
    assert store.gone_share("dal", NOON + 31 * HOUR) == 4 / 16
    assert store.gone("dal", posts[1].guid, NOON + 31 * HOUR, 404) == "deleted"


def test_what_stays_away_for_a_month_is_deleted_after_all(store: Store) -> None:
    posts = [post(n) for n in range(1, 11)]
    store.save(posts)
    for p in posts[:6]:
        store.gone("dal", p.guid, NOON, 404)
    assert [store.gone("dal", p.guid, NOON + 3 * DAY, 404) for p in posts[:6]] == ["alarm"] * 6
    assert [store.gone("dal", p.guid, NOON + 31 * DAY, 404) for p in posts[:6]] == ["deleted"] * 6


@pytest.mark.parametrize(("gone", "posts", "then"), [
    (4, 4, "deleted"), (5, 5, "alarm"), (5, 16, "alarm"), (5, 17, "deleted"), (30, 100, "deleted"),
    (31, 100, "alarm"), (0, 0, "deleted"),
])
def test_what_is_too_many(gone: int, posts: int, then: str) -> None:
    assert alarming(gone, posts) is (then == "alarm")
    assert decided(NOON, NOON + DAY, gone, posts) == then
    assert decided(None, NOON, gone, posts) == then.replace("deleted", "first")


def test_only_404_and_410_say_that_a_page_is_gone(store: Store) -> None:
    store.save([post()])
    with pytest.raises(ValueError, match="503"):
        store.gone("dal", post().guid, NOON, 503)
    assert store.gone("dal", "tag:nobody", NOON, 404) == "unknown"
    assert told(store).gone is None


def test_an_address_that_a_post_has_left_says_nothing_of_it(store: Store) -> None:
    def read(key: str, status: int) -> Read:
        return Read(address=Address(source="dal", key=key, url=f"https://{key[3:]}", kind="post", checked=NOON,
                                    status=status))

    store.save([post()], [read("at:dal.example/1", 200)])
    moved = post(url="https://dal.example/entry/a", aliases=("id:tistory:7:1", "at:dal.example/entry/a"))
    store.save([moved], [read("at:dal.example/entry/a", 200)])
    assert store.gone("dal", post().guid, NOON, 404, asked="at:dal.example/1") == "elsewhere"
    assert told(store).gone is None
    assert store.gone("dal", post().guid, NOON, 404, asked="at:dal.example/entry/a") == "first"


# --- copies -----------------------------------------------------------------------------------------------------------


def mirrored(number: int, **changes: object) -> Post:
    values: dict[str, object] = {
        "source": "mirror", "url": f"https://mirror.example/{number}", "guid": f"tag:mirror.example,2026:{number}",
        "aliases": (f"at:mirror.example/{number}",),
    }
    return post(number, **(values | changes))


def copies(store: Store) -> dict[str, str | None]:
    with store._engine.connect() as connection:
        rows = connection.execute(select(tables.posts.c.guid, tables.posts.c.copy_of)).all()
    return {row.guid: row.copy_of for row in rows}


def test_the_same_text_in_two_sources_is_a_copy_of_the_first_published(store: Store) -> None:
    late = mirrored(1, published=NOON + 9 * DAY)
    store.save([late, post(2)])
    store.save([post(1), mirrored(3)])
    assert copies(store) == {late.guid: post(1).guid, post(1).guid: None, post(2).guid: None, mirrored(3).guid: None}
    assert len(store.newest(["dal", "mirror"], 9)) == 4  # feeds show copies


def test_of_three_all_are_copies_of_one(store: Store) -> None:
    store.save([mirrored(1, published=NOON + 9 * DAY)])
    third = mirrored(1, source="third", guid="tag:third", published=NOON + 5 * DAY, aliases=("at:third.example/1",))
    store.save([third])
    store.save([post(1)])
    assert copies(store) == {mirrored(1).guid: post(1).guid, "tag:third": post(1).guid, post(1).guid: None}


def test_where_dates_are_unknown_the_first_seen_is_the_original(store: Store) -> None:
    store.save([post(1, published=None)])
    store.save([mirrored(1, published=None, first_seen=NOON + HOUR)])
    assert copies(store) == {post(1).guid: None, mirrored(1).guid: post(1).guid}


def test_a_slightly_edited_copy_of_the_same_day_is_one_under_another_title(store: Store) -> None:
    store.save([post(1, body=text(1, 400))])
    words = text(1, 400).split()
    words[50:54] = ["다른", "낱말", "넷을", "넣음"]
    store.save([mirrored(1, body=" ".join(words), title="글 하나 :: 달", published=NOON + DAY + HOUR)])
    assert copies(store)[mirrored(1).guid] == post(1).guid


@pytest.mark.parametrize("changes", [
    {"title": "다른 제목", "published": NOON + 9 * DAY}, {"body": text(99)}, {"body": "짧은 글"}, {"source": "dal"},
], ids=str)
def test_what_is_no_copy(store: Store, changes: dict[str, object]) -> None:
    store.save([post(1, body="짧은 글" if changes.get("body") == "짧은 글" else None)])
    store.save([mirrored(1, **({"published": NOON + 3 * DAY} | changes))])
    assert set(copies(store).values()) == {None}


def test_a_post_that_becomes_a_copy_by_an_edit_is_linked(store: Store) -> None:
    store.save([post(1), mirrored(1, body=text(50))])
    store.save([mirrored(1, published=NOON + 2 * DAY)])
    assert copies(store)[mirrored(1).guid] == post(1).guid
    store.save([mirrored(1, body=text(51), published=NOON + 2 * DAY)])
    assert copies(store)[mirrored(1).guid] == post(1).guid  # it was one


def test_copies_are_looked_up_and_never_searched_for(tmp_path: Path) -> None:
    """SQLite itself is asked how: no statement of a save reads a whole table. PostgreSQL reads small ones whole."""
    asked: list[tuple[str, object]] = []

    def note(_c: object, _cursor: object, statement: str, parameters: object, _x: object, many: object) -> None:
        if not many and statement.startswith(("SELECT", "UPDATE", "DELETE")):
            asked.append((statement, parameters))

    with Store.open(f"sqlite:///{tmp_path}/x.db") as store:
        store.save([post(n) for n in range(1, 30)])
        event.listen(store._engine, "before_cursor_execute", note)
        store.save([mirrored(40), mirrored(1)])
        store.save([mirrored(1, body=text(77))])
        event.remove(store._engine, "before_cursor_execute", note)
        assert len(asked) > 10
        with store._engine.connect() as connection:
            plans = [row.detail for statement, parameters in asked
                     for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
    assert [plan for plan in plans if plan.startswith("SCAN")] == []
