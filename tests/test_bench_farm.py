"""The farm that polls are measured against answers as blogs do, and counts every request."""

from __future__ import annotations

import gzip
import time
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPResponse

import pytest
from lxml import etree

from bench.farm import RunningFarm, host, number_of, running_farm
from bench.farm_blog import PLAIN, SHOWN, Blog
from crawler.decode import decode
from crawler.discovery import feed_posts

BLOGS = 120


@pytest.fixture(scope="module")
def started() -> Iterator[RunningFarm]:
    with running_farm(BLOGS) as farm:
        yield farm


@pytest.fixture
def farm(started: RunningFarm) -> Iterator[RunningFarm]:
    started.forget()
    yield started
    started.answers("honest")


def get(farm: RunningFarm, number: int, path: str, **headers: str) -> tuple[HTTPResponse, bytes]:
    connection = HTTPConnection(host(number), farm.port, timeout=10)
    connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answered = connection.getresponse()
    body = answered.read()
    connection.close()
    return answered, body


def blog(number: int) -> Blog:
    return Blog(number=number, home="http://blog.example")


def test_every_blog_has_an_address_of_its_own() -> None:
    numbers = [*range(2000), 62_499, 62_500, 100_000]
    assert len({host(number) for number in numbers}) == len(numbers)
    assert [number_of(host(number)) for number in numbers] == numbers
    assert "127.0.0.1" not in map(host, numbers)


def test_half_give_validators_and_a_tenth_is_in_other_encodings_in_both_halves() -> None:
    blogs = [blog(number) for number in range(1000)]
    mixed = [each for each in blogs if each.encoding != PLAIN]
    assert sum(each.has_validators for each in blogs) == 500
    assert len(mixed) == 100
    assert {(each.encoding.codec, each.encoding.header, each.has_validators) for each in mixed} == {
        (codec, header, given)
        for codec, header in (("euc-kr", "euc-kr"), ("cp949", "euc-kr"), ("utf-8", "euc-kr"), ("cp949", "utf-8"))
        for given in (True, False)
    }


@pytest.mark.parametrize("number", [number for number in range(BLOGS) if blog(number).encoding != PLAIN] + [2])
def test_a_blog_in_any_encoding_can_be_read(farm: RunningFarm, number: int) -> None:
    answered, feed = get(farm, number, "/rss")
    assert blog(number).title in decode(feed, answered.headers.get_content_charset())
    assert 16_000 < len(feed) < 25_000
    found = feed_posts(feed, farm.home(number))
    assert [post.url for post in found] == [f"{farm.home(number)}{100 + SHOWN - back}" for back in range(SHOWN)]
    answered, page = get(farm, number, "/101")
    assert blog(number).title in decode(page, answered.headers.get_content_charset())
    assert get(farm, number, "/rss", Accept_Encoding="gzip")[0].headers["Content-Encoding"] == "gzip"


def test_validators_are_answered_with_304_and_only_those(farm: RunningFarm) -> None:
    whole, body = get(farm, 2, "/rss")
    tag, date = whole.headers["ETag"], whole.headers["Last-Modified"]
    by_tag, by_date = {"If_None_Match": tag}, {"If_Modified_Since": date}
    for headers in (by_tag, by_date, by_tag | by_date):
        answered, nothing = get(farm, 2, "/rss", **headers)
        assert (answered.status, nothing) == (304, b"")
    assert get(farm, 2, "/rss", If_None_Match='"other"', If_Modified_Since=date)[1] == body
    assert get(farm, 2, "/rss")[1] == body, "a quiet feed with validators has the same bytes"


def test_a_feed_without_validators_tells_the_time_of_the_request_and_nothing_else_changes(farm: RunningFarm) -> None:
    answered, first = get(farm, 3, "/rss")
    assert not {"ETag", "Last-Modified"} & set(answered.headers)
    time.sleep(1.1)
    second = get(farm, 3, "/rss", If_None_Match='"3-5"', If_Modified_Since="Tue, 01 Dec 2099 00:00:00 GMT")[1]
    dates = [etree.fromstring(feed).findtext("channel/pubDate") for feed in (first, second)]
    assert parsedate_to_datetime(dates[0]) < parsedate_to_datetime(dates[1])
    assert first.replace(dates[0].encode(), b"") == second.replace(dates[1].encode(), b"")


def test_pages_name_the_feed_and_the_posts(farm: RunningFarm) -> None:
    front = get(farm, 2, "/")[1].decode()
    assert f'type="application/rss+xml" title="느린 기록 2" href="{farm.home(2)}rss"' in front
    assert f'href="/{100 + SHOWN}"' in front
    assert f"<loc>{farm.home(2)}101</loc>" in get(farm, 2, "/sitemap.xml")[1].decode()
    assert "Disallow: /manage" in get(farm, 2, "/robots.txt")[1].decode()
    assert [get(farm, 2, path)[0].status for path in ("/100", f"/{101 + SHOWN}", "/entry/x")] == [404] * 3


def test_it_counts_and_takes_orders(farm: RunningFarm) -> None:
    whole = get(farm, 4, "/rss")[0]
    get(farm, 4, "/rss", If_None_Match=whole.headers["ETag"])
    get(farm, 5, "/")
    counts = farm.counts()
    assert counts["requests"] == 3
    assert counts["blogs"] == {"4": {"/rss": 2}, "5": {"/": 1}}
    assert counts["statuses"] == {"200": 2, "304": 1}
    farm.forget()
    assert farm.counts()["requests"] == 0


def test_a_new_post_moves_the_validators_of_that_blog_alone(farm: RunningFarm) -> None:
    tags = {number: get(farm, number, "/rss")[0].headers["ETag"] for number in (6, 8)}
    farm.publish(6)
    assert [get(farm, number, "/rss", If_None_Match=tags[number])[0].status for number in (6, 8)] == [200, 304]
    assert feed_posts(get(farm, 6, "/rss")[1], "")[0].url == f"{farm.home(6)}{101 + SHOWN}"
    assert get(farm, 6, f"/{101 + SHOWN}")[0].status == 200


def test_it_can_answer_304_to_everything_or_to_nothing(farm: RunningFarm) -> None:
    tag = get(farm, 4, "/rss")[0].headers["ETag"]
    farm.answers("always")
    assert [get(farm, number, "/rss")[0].status for number in (3, 4)] == [304, 304]
    farm.answers("never")
    assert get(farm, 4, "/rss", If_None_Match=tag)[0].status == 200


def test_what_it_packs_is_whole(farm: RunningFarm) -> None:
    assert gzip.decompress(get(farm, 4, "/rss", Accept_Encoding="gzip")[1]) == get(farm, 4, "/rss")[1]
