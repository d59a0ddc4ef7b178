"""One post, one guid, for ever: whatever a blog does to addresses, titles, dates and texts, and however a run ends."""

from __future__ import annotations

import random
import shutil
import tempfile
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

import pytest
from empty_store import copied
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from pipelines.digest import digest
from pipelines.identity import aliases, mint
from pipelines.post import Post, RawPost
from pipelines.store import Store

BEGUN = datetime(2026, 3, 1, 3, 4, 5, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
STYLES = {
    "number": "/{number}", "entry": "/entry/{slug}", "dated": "/{date:%Y/%m/%d}/{slug}/", "query": "/?p={number}",
    "page": "/posts/{slug}.html",
}


@lru_cache(maxsize=4096)
def body(seed: int, edits: int = 0, words: int = 300) -> str:
    roll = random.Random(seed)
    text = ["".join(roll.choices("가나다라마바사아자차카타파하고는을이도에", k=3)) for _ in range(words)]
    for edit in range(edits if words else 0):
        text[random.Random(edit).randrange(words)] = "고침"
    return f'<p>{" ".join(text)}</p><p><img src="https://pictures.example/{seed}.png"></p>'


@dataclass(kw_only=True)
class Entry:
    """A post as its author sees it."""

    number: int
    slug: str
    title: str
    published: datetime | None
    seed: int
    edits: int = 0
    words: int = 300
    there: bool = True


@dataclass(kw_only=True)
class Blog:
    """A blog as its visitors see it."""

    with_ids: bool
    domain: str = "dal.example"
    scheme: str = "https"
    style: str = "number"
    entries: list[Entry] = field(default_factory=list)

    def address(self, entry: Entry) -> str:
        path = STYLES[self.style].format(number=entry.number, slug=entry.slug, date=entry.published or BEGUN)
        return f"{self.scheme}://{self.domain}{path}"

    def read(self, entry: Entry, at: datetime) -> Post:
        """What a crawl at that time makes of a post's page."""
        url, content = self.address(entry), body(entry.seed, entry.edits, entry.words)
        key = f"tistory:7:{entry.number}" if self.with_ids else None
        raw = RawPost(source="dal", page_url=url, fetched=at, key=key)
        return Post(
            source="dal", guid=mint(raw, url, entry.published or at), url=url, title=entry.title, content_html=content,
            published=entry.published, first_seen=at, digest=digest(entry.title, content), aliases=aliases(raw, url),
        )

    def page_of(self, post: Post) -> int:
        """The number of the entry whose text a stored post has."""
        (number,) = (e.number for e in self.entries if f"/{e.seed}.png" in post.content_html)
        return number


def blog_of(count: int, *, with_ids: bool, precision: timedelta = timedelta(seconds=1)) -> Blog:
    """A blog whose dates are printed to the second, to the minute or to the day."""
    # Never at second 0: such a date may as well be one of a page that prints minutes.
    dates = [BEGUN + n * timedelta(hours=9, minutes=7) for n in range(count)]
    zero = datetime(2026, 1, 1, tzinfo=UTC)
    printed = [zero + (at - zero) // precision * precision for at in dates]
    return Blog(with_ids=with_ids, entries=[
        Entry(number=n, slug=f"first-{n}", title=f"글 {n}", published=at, seed=n) for n, at in enumerate(printed)
    ])


# --- a hundred posts, each thing that may change, then all of it ------------------------------------------------------


def slug(blog: Blog) -> None:
    for entry in blog.entries:
        entry.slug = f"second-{entry.number}"


def style(blog: Blog) -> None:
    blog.style = "dated"


def domain(blog: Blog) -> None:
    blog.domain = "www.moon.example"


def scheme(blog: Blog) -> None:
    blog.scheme = "http"


def title(blog: Blog) -> None:
    for entry in blog.entries:
        entry.title = f"새로 지은 제목 {entry.number}"


def edit(blog: Blog) -> None:
    for entry in blog.entries:
        entry.edits += 1


CHANGES = (slug, style, domain, scheme, title, edit)


def crawled(store: Store, blog: Blog, at: datetime, batch: int = 50) -> list[str]:
    """The guid of each post of *blog*, after a crawl of it that stores *batch* posts at a time."""
    posts = [blog.read(entry, at) for entry in blog.entries if entry.there]
    return [s.guid for n in range(0, len(posts), batch) for s in store.save(posts[n : n + batch])]


@pytest.fixture
def store(tmp_path: Path):
    with Store.open(copied(tmp_path)) as opened:
        yield opened


@pytest.mark.parametrize("kind", ["with ids", "without ids"])
def test_a_hundred_posts_are_a_hundred_posts_whatever_changes(store: Store, kind: str) -> None:
    blog = blog_of(100, with_ids=kind == "with ids")
    blog.style = "entry"
    guids = crawled(store, blog, BEGUN)
    assert len(set(guids)) == 100
    for number, change in enumerate(CHANGES, 1):
        change(blog)
        assert crawled(store, blog, BEGUN + number * DAY) == guids, change.__name__
    blog.domain, blog.scheme, blog.style = "third.example", "https", "query"
    for entry in blog.entries:
        entry.slug, entry.title, entry.edits = f"third-{entry.number}", f"셋째 {entry.number}", entry.edits + 1
    assert crawled(store, blog, BEGUN + 9 * DAY, batch=7) == guids
    assert store.counts() == {"dal": 100}
    assert {p.url for p in store.newest(["dal"], 100)} == {blog.address(entry) for entry in blog.entries}


@pytest.mark.parametrize(("precision", "changes", "kept"), [
    (timedelta(minutes=1), (slug, domain, edit), "all"),
    (timedelta(minutes=1), (slug, domain, title), "all"),
    (timedelta(minutes=1), (slug, domain, title, edit), "none"),
    (DAY, (slug, domain), "all"),
    (DAY, (slug, domain, title), "all"),
    (DAY, (slug, domain, title, edit), "none"),
], ids=lambda value: "+".join(c.__name__ for c in value) if isinstance(value, tuple) else str(value))
def test_without_ids_the_less_a_page_says_of_its_date_the_less_may_change(
    store: Store, precision: timedelta, changes: tuple[object, ...], kept: str
) -> None:
    """Where neither id nor address nor title is left and the date names but a day, an edited text may be any post."""
    blog = blog_of(20, with_ids=False, precision=precision)
    guids = crawled(store, blog, BEGUN)
    blog.style = "entry"
    for change in changes:
        change(blog)  # type: ignore[operator]
    again = crawled(store, blog, BEGUN + DAY)
    assert len(set(guids) & set(again)) == (20 if kept == "all" else 0)
    assert len(set(again)) == 20  # never two in one


def test_a_blog_that_changes_its_platform_keeps_its_posts(store: Store) -> None:
    blog = blog_of(10, with_ids=True)
    guids = crawled(store, blog, BEGUN)
    domain(blog)
    posts = [blog.read(entry, BEGUN + DAY) for entry in blog.entries]
    moved = [replace(p, aliases=(f"id:wordpress:moon.example:{n + 500}", *p.aliases[1:])) for n, p in enumerate(posts)]
    assert [saved.guid for saved in store.save(moved)] == guids


# --- what must never become one post ----------------------------------------------------------------------------------


def notice(number: int, at: datetime | None, **changes: object) -> Entry:
    """A notice with the title of every other one, and nearly its text."""
    return replace(Entry(number=number, slug=f"n{number}", title="주간 공지", published=at, seed=1, edits=number),
                   **changes)  # type: ignore[arg-type]


TWINS = {
    "every week": (notice(1, BEGUN), notice(2, BEGUN + 7 * DAY)),
    "every morning, a minute early": (notice(1, BEGUN), notice(2, BEGUN + DAY - timedelta(minutes=1))),
    "twice a day": (notice(1, BEGUN), notice(2, BEGUN + 6 * HOUR)),
    "no dates": (notice(1, None), notice(2, None)),
    "the same second, other texts": (notice(1, BEGUN), notice(2, BEGUN, seed=2)),
    "imported on one day, pictures without a text": (
        notice(1, BEGUN.replace(minute=0, second=0), words=2, title="사진"),
        notice(2, BEGUN.replace(minute=0, second=0), words=2, title="사진", seed=2),
    ),
    "imported on one day, other titles": (
        notice(1, BEGUN.replace(minute=0, second=0)), notice(2, BEGUN.replace(minute=0, second=0), title="월간 공지"),
    ),
    "no title, no text": (
        notice(1, BEGUN.replace(second=0), words=0, title=""), notice(2, BEGUN.replace(second=0), words=0, title="",
                                                                      seed=2),
    ),
}


@pytest.mark.parametrize("name", TWINS)
def test_two_posts_that_are_alike_stay_two(store: Store, name: str) -> None:
    """Also where the second is read weeks after the first, which is read no more."""
    blog = Blog(with_ids=False, entries=list(TWINS[name]))
    first, second = blog.entries
    guids = [store.save([blog.read(entry, at)])[0].guid for entry, at in ((first, BEGUN), (second, BEGUN + 9 * DAY))]
    assert len(set(guids)) == 2
    assert crawled(store, blog, BEGUN + 20 * DAY) == guids
    assert {p.url for p in store.newest(["dal"], 9)} == {blog.address(first), blog.address(second)}


def test_a_post_that_is_read_beside_its_twin_is_not_the_twin(store: Store) -> None:
    """The very same text, title and date at two addresses of which both answer: two posts, also in two batches."""
    blog = Blog(with_ids=False, entries=[notice(1, BEGUN, edits=0), notice(2, BEGUN, edits=0)])
    first, second = (blog.read(entry, BEGUN) for entry in blog.entries)
    assert len({saved.guid for saved in store.save([first, second])}) == 2
    other = Blog(with_ids=False, domain="moon.example", entries=[notice(5, BEGUN + DAY, edits=0, seed=9)])
    third = other.read(other.entries[0], BEGUN)
    store.save([third])
    twin = replace(third, url=third.url + "0", aliases=(third.aliases[0] + "0",))
    assert store.save([twin], beside={("dal", alias) for alias in third.aliases})[0].outcome == "new"


def test_two_ids_of_one_blog_are_two_posts_however_alike(store: Store) -> None:
    blog = Blog(with_ids=True, entries=[notice(1, BEGUN, edits=0), notice(2, BEGUN, edits=0)])
    guids = {store.save([blog.read(entry, BEGUN)])[0].guid for entry in blog.entries}
    assert len(guids) == 2


# --- the life of a blog against a plain dict --------------------------------------------------------------------------


class Life(RuleBasedStateMachine):
    """What an author does between crawls; `owners` says which post each guid was first given to."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="moafeed-life-"))
        self.url = copied(self.folder)
        self.owners: dict[str, int] = {}
        self.now = BEGUN
        self.edits_since = 0
        self.open()

    def open(self) -> None:
        self.store = Store.open(self.url)

    def teardown(self) -> None:
        self.store.close()
        shutil.rmtree(self.folder)

    @initialize(with_ids=st.booleans(), style=st.sampled_from(sorted(STYLES)))
    def begin(self, *, with_ids: bool, style: str) -> None:
        self.blog = Blog(with_ids=with_ids, style=style)
        self.post(3)

    def there(self) -> list[Entry]:
        return [entry for entry in self.blog.entries if entry.there]

    def pick(self, at: int) -> Entry:
        return self.there()[at % len(self.there())]

    # What an author does.

    @rule(count=st.integers(1, 3))
    def post(self, count: int) -> None:
        for _ in range(count):
            n = len(self.blog.entries)
            date = BEGUN + n * timedelta(hours=5, minutes=7, seconds=1)
            self.blog.entries.append(Entry(number=n, slug=f"s{n}", title="공지" if n % 2 else f"글 {n}",
                                           published=date, seed=n))

    @rule(at=st.integers(0, 99), titled=st.booleans())
    def edit(self, at: int, *, titled: bool) -> None:
        if self.edits_since >= 2:
            self.crawl(0, 50)
        self.edits_since += 1
        self.pick(at).edits += 1
        if titled:
            self.pick(at).title += "!"

    @rule(at=st.integers(0, 99))
    def change_slug(self, at: int) -> None:
        self.pick(at).slug += "x"

    @rule(style=st.sampled_from(sorted(STYLES)))
    def change_permalinks(self, style: str) -> None:
        self.blog.style = style

    @rule(domain=st.sampled_from(["dal.example", "www.dal.example", "moon.example"]), scheme=st.sampled_from(
        ["http", "https"]))
    def change_domain(self, domain: str, scheme: str) -> None:
        self.blog.domain, self.blog.scheme = domain, scheme

    @rule(at=st.integers(0, 99), days=st.integers(-30, 30))
    def change_date(self, at: int, days: int) -> None:
        """With its address as it was: who changes both without an id has written another post."""
        self.crawl(0, 50)
        entry, style = self.pick(at), self.blog.style
        self.blog.style = "number" if style == "dated" else style
        self.crawl(0, 50)
        entry.published = (entry.published or BEGUN) + days * DAY
        self.crawl(0, 50)
        self.blog.style = style
        entry.published = self.stored()[entry.number].published  # what is stored is what may be looked for later

    @rule(at=st.integers(0, 99))
    def rewrite(self, at: int) -> None:
        """Cut to a third: believed when it is read twice."""
        self.crawl(0, 50)
        entry = self.pick(at)
        entry.words = 300 if entry.words == 100 else 100
        self.crawl(0, 50)
        self.crawl(0, 50)
        assert digest("", self.stored()[entry.number].content_html) == digest("", body(
            entry.seed, entry.edits, entry.words))

    @precondition(lambda self: len(self.there()) > 1)
    @rule(at=st.integers(0, 99))
    def delete(self, at: int) -> None:
        entry = self.pick(at)
        entry.there = False
        guid = next((guid for guid, number in self.owners.items() if number == entry.number), None)
        if guid is None:
            self.blog.entries[entry.number] = replace(entry, seed=-1 - entry.number)  # nobody has seen it
            return
        answers = [self.store.gone("dal", guid, self.now + n * DAY, 404) for n in range(4)]
        assert answers[-1] == "deleted"
        assert guid not in {p.guid for p in self.store.newest(["dal"], 999)}

    @rule(at=st.integers(0, 99))
    def restore(self, at: int) -> None:
        gone = [entry for entry in self.blog.entries if not entry.there and entry.seed >= 0]
        if gone:
            gone[at % len(gone)].there = True

    # What we do.

    @rule(shuffle=st.integers(0, 5), batch=st.integers(1, 20))
    def crawl(self, shuffle: int, batch: int) -> None:
        self.now += 2 * HOUR
        entries = random.Random(shuffle).sample(self.there(), len(self.there()))
        seen: set[tuple[str, str]] = set()
        for n in range(0, len(entries), batch):
            posts = [self.blog.read(entry, self.now) for entry in entries[n : n + batch]]
            for entry, saved in zip(entries[n : n + batch], self.store.save(posts, beside=seen), strict=True):
                assert self.owners.setdefault(saved.guid, entry.number) == entry.number
            seen |= {("dal", alias) for post in posts for alias in post.aliases}
        self.edits_since = 0
        assert {p.url for p in self.stored().values()} == {self.blog.address(entry) for entry in self.there()}

    @rule(in_the_middle=st.booleans())
    def crash(self, *, in_the_middle: bool) -> None:
        if in_the_middle:
            posts = [self.blog.read(entry, self.now) for entry in self.there()]
            with pytest.raises(Exception, match="naive"):
                self.store.save([*posts, replace(posts[0], aliases=("at:nowhere",), title="x", digest="x",
                                                 published=datetime(2026, 1, 1))])
        self.open()  # the old one is left as it is

    def stored(self) -> dict[int, Post]:
        return {self.owners[p.guid]: p for p in self.store.newest(["dal"], 999)}

    @invariant()
    def every_post_is_stored_once(self) -> None:
        """None lost, none doubled, none with the text of another."""
        found = list(self.store.each(["dal"], deleted=True))
        assert sorted(p.guid for p in found) == sorted(self.owners)
        assert len(set(self.owners.values())) == len(self.owners)
        for post in found:
            assert f"/{self.owners[post.guid]}.png" in post.content_html


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=15, stateful_step_count=15)
