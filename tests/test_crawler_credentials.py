"""What a source file sends along: where it never goes, and where it is never seen."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import files, moafeed
from odd_site import BODY, LISTING, PAGES, village
from small_site import site

from crawler.manners.politeness import is_own_server

CANARY = "canary-7f3a"
SECRETS = {"MOAFEED_SID": CANARY, "MOAFEED_WORD": CANARY}
REQUEST = '[request]\ncookies = { sid = "${SID}" }\nheaders = { X-Key = "${WORD}" }\n'


def test_a_redirect_takes_no_secret_along(tmp_path: Path) -> None:
    """Neither to another host nor to another port of this one, which is another server."""
    with site({"/read?no=1": PAGES["/read?no=1"]}) as other, site({}, host="127.0.0.2") as far:
        pages = PAGES | {
            "/": PAGES["/"].replace("</table>", '<tr class="row"><td><a href="/read?no=2">2</a></td></tr></table>'),
            "/read?no=1": (302, {"Location": f"{other.url}/read?no=1"}, ""),
            "/read?no=2": (302, {"Location": f"{far.url}/read?no=2"}, ""),
        }
        with village(tmp_path, LISTING + BODY + REQUEST, pages) as it:
            moafeed("crawl", cwd=tmp_path, code=None, secrets=SECRETS)
            own = [each for path, each in zip(it.site.asked, it.site.headers, strict=True) if path != "/robots.txt"]
        assert all(each["cookie"] == f"sid={CANARY}" and each["x-key"] == CANARY for each in own)
        assert "/read?no=1" in other.asked
        assert not any(CANARY in str(each) for each in (*other.headers, *far.headers))


def test_a_redirect_within_the_site_keeps_them(tmp_path: Path) -> None:
    pages = PAGES | {"/read?no=1": (302, {"Location": "/entry/1"}, ""), "/entry/1": PAGES["/read?no=1"]}
    with village(tmp_path, LISTING + BODY + REQUEST, pages) as it:
        moafeed("crawl", cwd=tmp_path, secrets=SECRETS)
        assert it.site.headers[it.site.asked.index("/entry/1")]["cookie"] == f"sid={CANARY}"


@pytest.mark.parametrize(
    ("url", "home", "is_own"),
    [
        ("https://a.example/x", "https://a.example/", True),
        ("https://www.a.example/x", "https://a.example/", True),
        ("https://a.example/x", "http://a.example/", True),
        ("http://a.example/x", "https://a.example/", False),
        ("https://a.example:8443/x", "https://a.example/", False),
        ("https://b.a.example/x", "https://a.example/", False),
        ("https://a.example.org/", "https://a.example/", False),
    ],
)
def test_which_server_is_the_sources_own(url: str, home: str, *, is_own: bool) -> None:
    assert is_own_server(url, home) == is_own


def test_no_secret_is_ever_seen(tmp_path: Path) -> None:
    """Neither in what commands print, not even at length, nor in a file that they write."""
    proxy = 'proxy = "http://me:${WORD}@127.0.0.1:9"\n'
    with village(tmp_path, LISTING + BODY + REQUEST) as it:
        for command in ("update --now -v", "record x", "status", "status --json", "runs --json", "preview x -v",
                        "explain x", "list", "check x"):  # fmt: skip
            ran = moafeed(*command.split(), cwd=tmp_path, secrets=SECRETS)
            assert CANARY not in str(ran), command
        assert CANARY in str(it.site.headers)
        file = tmp_path / "sources" / "x.toml"
        file.write_text(file.read_text("utf-8") + proxy, encoding="utf-8")
        assert CANARY not in str(moafeed("update", "--now", "-v", cwd=tmp_path, code=1, secrets=SECRETS))
    moafeed("check", "x", cwd=tmp_path)  # which asks nobody, and so needs no secret
    assert not [name for name, content in files(tmp_path).items() if CANARY.encode() in content]


def test_a_secret_that_is_not_there_stops_its_source_before_anything_is_asked(tmp_path: Path) -> None:
    with village(tmp_path, LISTING + BODY + REQUEST) as it:
        said = moafeed("crawl", cwd=tmp_path, code=1, secrets={"WORD": CANARY}).err
        assert "its source file names ${SID}, so set the environment variable MOAFEED_SID" in said
        assert it.site.asked == []
        said = moafeed("crawl", cwd=tmp_path, code=1, secrets=SECRETS | {"MOAFEED_SID": f"{CANARY}\n"}).err
        assert "the environment variable MOAFEED_SID holds a line end" in said
        assert CANARY not in said
        moafeed("build", cwd=tmp_path)  # which asks nobody


def test_a_secret_in_clear_is_a_warning(tmp_path: Path) -> None:
    toml = '[request]\ncookies = { sid = "abc-1" }\nheaders = { Authorization = "abc-2", Accept = "*/*" }\n'
    with village(tmp_path, f'{toml}proxy = "http://me:abc-3@127.0.0.1:9"\n'):
        told = moafeed("list", cwd=tmp_path).err
    assert told.count("is a secret in clear; write \"${NAME}\" there") == 3
    assert 'sources/x.toml: "request.cookies.sid" is a secret in clear' in told
    assert "abc-" not in told
