"""Posts of one store in another, on both databases: who they are and when they were stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from exported_posts import DAY, hostile_posts, made

from pipelines.post import Picture
from pipelines.store import Kept, Store

LATER = DAY + timedelta(days=30)


def take(store: Store, *posts: Kept, taken: set[tuple[str, str]] | None = None) -> list[str]:
    return [saved.outcome for saved in store.exchange.take_in(posts, LATER, set() if taken is None else taken)]


def known(store: Store, source: str = "dal") -> list[Kept]:
    return list(store.exchange.kept(source))


def plain(number: int, text: str = "글", **values: object) -> Kept:
    post = made(number, f"제목 {number}", f"<p>{text}</p>", **values)
    aliases = tuple(sorted(post.aliases, key=lambda alias: (not alias.startswith("id:"), alias)))
    return Kept(post=replace(post, aliases=aliases))


def test_whole_posts_come_and_come_again(store_url: str) -> None:
    posts = [Kept(post=post) for post in hostile_posts()]
    posts[2] = replace(posts[2], gone=DAY, deleted=DAY + timedelta(days=2))
    posts[3] = replace(posts[3], gone=DAY)
    with Store.open(store_url) as store:
        assert set(take(store, *posts)) == {"new"}
        found = known(store)
        assert {kept.post.guid: replace(kept.post, aliases=()) for kept in found} == {
            kept.post.guid: replace(kept.post, aliases=()) for kept in posts}
        assert [kept.post.dated for kept in found] == sorted(kept.post.dated for kept in posts)
        assert [kept.deleted for kept in found if kept.deleted] == [DAY + timedelta(days=2)]
        before = store.publications.changes()
        assert set(take(store, *found)) == {"unchanged"}
        assert known(store) == found
        assert store.publications.changes() == before  # no feed is rendered for it


def test_what_is_known_here_is_never_set_back(store_url: str) -> None:
    first, second = plain(1), plain(2)
    with Store.open(store_url) as store:
        take(store, first, second)
        store.save([replace(plain(1, "고친 글").post, first_seen=DAY + timedelta(days=1))], hold=False)
        for days in (1, 3):
            store.gone("dal", second.post.guid, DAY + timedelta(days=days), 410)
        before = known(store)
        assert take(store, first, second) == ["older", "unchanged"]
        assert take(store, replace(first, gone=DAY, deleted=DAY)) == ["unchanged"]
        assert known(store) == before


def test_a_newer_version_is_an_edit_of_its_own_date(store_url: str) -> None:
    with Store.open(store_url) as store:
        take(store, plain(1), plain(2))
        newer, by_hand = plain(1, "고친 글", updated=DAY + timedelta(days=5)), plain(2, "손으로 고친 글")
        assert take(store, newer, by_hand) == ["edited", "edited"]
        dates = {kept.post.url: kept.post.updated for kept in known(store)}
        assert dates == {"https://dal.tistory.com/1": DAY + timedelta(days=5), "https://dal.tistory.com/2": LATER}
        history = store.history("dal", plain(1).post.guid)
        assert history is not None
        assert len(history.edits) == 1


def test_no_guid_changes_its_owner(store_url: str) -> None:
    mine, other = plain(1), plain(2)
    thief = replace(other, post=replace(other.post, guid=mine.post.guid))
    with Store.open(store_url) as store:
        taken: set[tuple[str, str]] = set()
        assert take(store, mine, thief, mine, taken=taken) == ["new", "another", "twice"]
        assert take(store, replace(thief, post=replace(thief.post, source="evil"))) == ["another"]
        assert take(store, replace(mine, post=replace(mine.post, source="category"))) == ["new"]
        assert take(store, replace(mine, post=replace(mine.post, guid="tag:x,2026:1"))) == ["unchanged"]
        assert [kept.post for kept in known(store)] == [mine.post]
        assert not known(store, "evil")


def test_addresses_that_only_the_other_store_knows_are_learnt(store_url: str) -> None:
    url = "https://blog.kakaocdn.net/dna/a/b/c/img.png?expires=1798728399&signature=y"
    body = f'<p><img src="{url.replace("&", "&amp;")}"></p>'
    with Store.open(store_url) as store:
        take(store, replace(plain(1), post=made(1, "그림", body)))
        learnt = Picture(url=url, expires=made(1, "그림", body).pictures[0].expires, lasting="https://x.kr/lasting.png")
        post = made(1, "그림", body, pictures=(learnt,))
        assert take(store, Kept(post=replace(post, aliases=(*post.aliases, "at:old.kr/1")))) == ["unchanged"]
        (found,) = known(store)
        assert found.post.pictures == (learnt,)
        assert "at:old.kr/1" in found.post.aliases
        assert found.post.updated is None
