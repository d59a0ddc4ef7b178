"""The formats: their documents byte by byte, the rules of each, and how an outsider adds one."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from feeds_fixtures import Shelf, combined, documents, feed, post, posts
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

import feeds.formats
from feeds.formats import FormatError, load_formats
from feeds.server import make_server
from pipelines.post import Enclosure, xml_safe

HERE = Path(__file__).parent
ATOM_RULES = etree.RelaxNG(etree.parse(HERE / "atom.rng"))
FEEDS = {
    "bori": feed(),
    "all": combined(hub="https://hub.example.org/"),
    "empty": feed(name="empty", description="", icon=None),
}


def _posts_of(name: str) -> list:
    mint = post(9, source="mint", guid="tag:mint.example.org,2026:1", language="en", image=None)
    return {"bori": posts(3), "all": [mint, *posts(2)], "empty": []}[name]


@pytest.mark.parametrize("form", ["rss", "atom", "json"])
@pytest.mark.parametrize("name", FEEDS)
def test_documents_are_the_golden_ones(name: str, form: str, request: pytest.FixtureRequest):
    made = load_formats()[form]
    golden = HERE / "golden" / f"feed-{name}{made.suffix}"
    document = made.render(FEEDS[name], _posts_of(name))
    missing = not golden.exists()
    if missing or request.config.getoption("--update-golden", default=False):
        golden.write_bytes(document)
    assert not missing, f"{golden} was missing and is written now: look at it, then run again"
    assert document.decode() == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", FEEDS)
def test_atom_obeys_rfc_4287(name: str):
    document = etree.fromstring(load_formats()["atom"].render(FEEDS[name], _posts_of(name)))
    assert ATOM_RULES.validate(document), ATOM_RULES.error_log


def test_the_grammar_finds_faults():
    document = etree.fromstring(load_formats()["atom"].render(feed(), posts()))
    entry = document.find("{*}entry")
    entry.remove(entry.find("{*}updated"))
    assert not ATOM_RULES.validate(document)


@pytest.mark.parametrize("name", FEEDS)
def test_json_feed_obeys_its_version_1_1(name: str):
    document = json.loads(load_formats()["json"].render(FEEDS[name], _posts_of(name)))
    assert document["version"] == "https://jsonfeed.org/version/1.1"
    assert document["title"]
    assert document["feed_url"] == FEEDS[name].url(".json")
    assert len(document["items"]) == len(_posts_of(name))
    for item in document["items"]:
        assert isinstance(item["id"], str)
        assert ("content_html" in item) != ("content_text" in item)
        assert datetime.fromisoformat(item["date_published"]).tzinfo
        assert all(set(author) <= {"name", "url", "avatar"} for author in item["authors"])
        assert all(isinstance(media["size_in_bytes"], int) for media in item.get("attachments", []))
        assert set(item) <= {
            *("id", "url", "title", "summary", "image", "date_published", "date_modified", "authors", "tags"),
            *("language", "attachments", "content_html", "content_text", "_source"),
        }


def test_all_formats_hold_the_same_list_under_the_same_ids():
    rss, atom = (etree.fromstring(load_formats()[name].render(feed(), posts(5))) for name in ("rss", "atom"))
    items = json.loads(load_formats()["json"].render(feed(), posts(5)))["items"]
    expected = [item.guid for item in posts(5)]
    assert [found.text for found in rss.iterfind(".//guid")] == expected
    assert [found.text for found in atom.iterfind("{*}entry/{*}id")] == expected
    assert [item["id"] for item in items] == expected


def test_addresses_are_percent_encoded_once():
    assert feed(name="보리 노트", base_url="https://e.org/%ED%95%9C/").url(".rss") == (
        "https://e.org/%ED%95%9C/%EB%B3%B4%EB%A6%AC%20%EB%85%B8%ED%8A%B8.rss"
    )


_BUILD = """
import hashlib, os, sys, tempfile, time
from pathlib import Path
from feeds_fixtures import Shelf, combined, feed, posts, post
from feeds import archive
from feeds.build import build
archive.PAGE = 5
for os.environ["TZ"] in sys.argv[1:]:
    time.tzset()
    shelf = Shelf([*posts(12), post(70, source="mint", guid="tag:mint.example.org,2026:1")])
    with tempfile.TemporaryDirectory() as folder:
        build(shelf, [feed(limit=4), combined()], Path(folder), "t", most=1000)
        made = {path.name: path.read_bytes() for path in Path(folder).iterdir()}
    assert {"bori.page-1.json", "bori.page-2.json"} < made.keys()
    print(hashlib.sha256(repr(sorted(made.items())).encode()).hexdigest())
"""


def test_same_posts_same_bytes_in_every_process():
    zones = (("UTC", "Asia/Seoul", "America/St_Johns"), ("Pacific/Kiritimati", "Europe/London"))
    languages = ("C", "C.UTF-8", "ko_KR.UTF-8", "tr_TR.UTF-8")
    kinds = [(str(seed), zones[seed % 2], languages[seed // 2]) for seed in range(8)] + [("random", ("",), "POSIX")]
    running = [
        subprocess.Popen(
            [sys.executable, "-c", _BUILD, *some],
            cwd=HERE,
            env=os.environ | {"PYTHONHASHSEED": seed, "TZ": some[0], "LC_ALL": language},
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed, some, language in kinds
    ]
    sums = [line for process in running for line in process.communicate()[0].split()]
    assert [process.returncode for process in running] == [0] * 9
    assert len(sums) == 5 * 4 + 1
    assert len(sums[0]) == 64
    assert len(set(sums)) == 1


_TEXT = st.text(st.characters(), max_size=60)


@settings(max_examples=60, deadline=None)
@given(title=_TEXT, excerpt=_TEXT, body=_TEXT, tag=_TEXT, length=st.integers(-5, 5))
def test_no_text_breaks_a_document(title: str, excerpt: str, body: str, tag: str, length: int):
    media = Enclosure(url="https://e.org/1.mp3", type="audio/mpeg", length=length)
    words = {"title": title, "excerpt": excerpt, "content_html": body, "author": tag}
    wild = replace(post(1), **words, tags=(tag,), enclosures=(media,))
    made = {name: form.render(feed(title=title), [wild, post(2)]) for name, form in load_formats().items()}
    assert len(etree.fromstring(made["rss"]).findall(".//item")) == 2
    atom = etree.fromstring(made["atom"])
    assert ATOM_RULES.validate(atom), ATOM_RULES.error_log
    item = json.loads(made["json"])["items"][1]
    if xml_safe(title):
        assert atom.findall(".//{*}entry")[1].findtext("{*}title") == item["title"] == xml_safe(title)


PLAIN = '''
"""One line a post."""
suffix = ".txt"
media_type = "text/plain"

def render(feed, posts):
    return "".join(f"{post.title}\\n" for post in posts).encode()
'''


@pytest.fixture
def added_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A format as one new file in the folder of formats."""
    monkeypatch.setattr(feeds.formats, "__path__", [*feeds.formats.__path__, str(tmp_path)])
    yield tmp_path / "plain.py"
    sys.modules.pop("feeds.formats.plain", None)
    vars(feeds.formats).pop("plain", None)


def test_a_new_format_is_one_new_file(added_file: Path, tmp_path: Path):
    added_file.write_text(PLAIN, encoding="utf-8")
    made = documents(Shelf(posts(2)), [feed(formats=("rss", "plain"))])
    assert sorted(made) == ["bori.rss", "bori.txt"]
    assert made["bori.txt"].decode().startswith("2번째 기록")
    with make_server(tmp_path, "127.0.0.1", 0) as server:
        assert server.media_types[".txt"] == "text/plain"


def test_a_new_format_is_an_entry_point_of_any_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "outsider_format.py").write_text(PLAIN, encoding="utf-8")
    info = tmp_path / "outsider-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: outsider\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text("[moafeed.formats]\nlines = outsider_format\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    made = documents(Shelf(posts(2)), [feed(formats=("lines",))])
    assert made["bori.txt"].decode().count("\n") == 2
    sys.modules.pop("outsider_format")


def test_only_the_house_s_formats_without_additions():
    assert {name: (form.suffix, form.media_type) for name, form in load_formats().items()} == {
        "atom": (".atom", "application/atom+xml"),
        "json": (".json", "application/feed+json"),
        "rss": (".rss", "application/rss+xml"),
    }


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("suffix = '.txt'", "'plain' lacks `media_type`"),
        (PLAIN.replace(".txt", ".rss"), "'rss' (.rss) clashes with 'plain'"),
        (PLAIN.replace(".txt", "txt"), "begin with a dot"),
    ],
)
def test_a_format_that_cannot_be_used_is_named(added_file: Path, code: str, told: str):
    added_file.write_text(code, encoding="utf-8")
    with pytest.raises(FormatError) as caught:
        load_formats()
    assert told in str(caught.value)


def test_an_unknown_format_is_named_with_those_there_are():
    with pytest.raises(FormatError, match="'bori' asks for the format 'rdf'; there are: atom, json, rss"):
        documents(Shelf(posts(1)), [feed(formats=("rdf",))])


def test_ids_do_not_depend_on_the_feed():
    alone = load_formats()["json"].render(feed(), posts(1))
    together = load_formats()["json"].render(combined(), posts(1))
    assert json.loads(alone)["items"][0]["id"] == json.loads(together)["items"][0]["id"]
    assert hashlib.sha256(alone).digest() != hashlib.sha256(together).digest()
