"""What the store knows of publications: which sources changed, what was shown, what died; on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from feeds_fixtures import post

from pipelines.store import Store
from pipelines.store.publications import Publication

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def test_a_source_changes_only_when_a_feed_may_show_it(store_url: str) -> None:
    first, other = post(guid="tag:a,2026:1"), replace(post(guid="tag:b,2026:1"), source="zzz")
    with Store.open(store_url) as store:
        assert store.publications.changes() == {}
        store.save([first, other])
        before = store.publications.changes()
        assert set(before) == {first.source, "zzz"}
        store.save([replace(first, first_seen=NOW)])
        assert store.publications.changes() == before  # read again, nothing new
        store.save([replace(first, title="고친 제목", digest="2")])
        after = store.publications.changes()
        assert after[first.source] > before[first.source]
        assert after["zzz"] == before["zzz"]
        store.gone(first.source, first.guid, NOW, 404)
        assert store.publications.changes() == after  # missing once is no news
        assert store.gone(first.source, first.guid, NOW + timedelta(days=2), 404) == "deleted"
        assert store.publications.changes()[first.source] > after[first.source]


def test_what_was_published_is_kept(store_url: str) -> None:
    one = Publication(name="하나", key="k", documents={"하나.rss": [1, 2]}, shown={"entries": [["g", "s"]]})
    with Store.open(store_url) as store:
        store.publications.put([one, replace(one, name="둘")])
        store.publications.put([replace(one, key="k2", held={"why": "많다"})])
    with Store.open(store_url) as store:
        assert store.publications.shown(["하나", "셋"]) == {"하나": {"entries": [["g", "s"]]}}
        known = store.publications.all()
        assert store.publications.names() == {"하나", "둘"}
        assert (known["하나"].key, known["하나"].held, known["둘"].key) == ("k2", {"why": "많다"}, "k")


def test_places_and_the_dead(store_url: str) -> None:
    posts = [replace(post(guid=f"tag:a,2026:{n}"), published=NOW + timedelta(days=n)) for n in range(8)]
    posts = [replace(each, url=f"https://a.example/{n}", aliases=(f"a.example/{n}",)) for n, each in enumerate(posts)]
    source = posts[0].source
    with Store.open(store_url) as store:
        store.save(posts)
        store.gone(source, posts[3].guid, NOW + timedelta(days=30), 410)
        store.gone(source, posts[3].guid, NOW + timedelta(days=32), 410)
        shelf = store.publications
        assert [place.guid for place in shelf.places(source)] == [each.guid for each in posts]
        assert [place.guid for place in shelf.places(source) if place.deleted] == [posts[3].guid]
        assert [place.guid for place in shelf.places(source, 3)] == [each.guid for each in posts[-3:]]
        number = shelf.last_number()
        assert shelf.grown(source, number) == (8, frozenset())
        store.save([replace(posts[0], guid="tag:late", url="https://a.example/late", aliases=("a.example/late",),
                            published=NOW - timedelta(days=9), content_html="<p>다른 글</p>", digest="z")])  # fmt: skip
        assert shelf.grown(source, number) == (9, frozenset({"tag:late"}))
        assert [each.guid for each in shelf.at(source, [posts[2].guid, posts[3].guid, posts[5].guid])] == [
            posts[5].guid, posts[2].guid]  # fmt: skip
        assert shelf.deleted([source], NOW, 5) == [(posts[3].guid, NOW + timedelta(days=32))]
        assert shelf.deleted([source], NOW + timedelta(days=4), 5) == []
