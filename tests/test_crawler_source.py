"""Source files: what three lines are enough for, and one clear sentence for every way to get them wrong."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from toml_strategies import files

from crawler.schemas import source_schema
from crawler.source import Source, SourceError, load_source, load_sources

URL = 'url = "https://example.tistory.com/"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "sources").mkdir()
    return tmp_path / "sources"


def write(folder: Path, text: str | bytes, name: str = "x.toml") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def refusal(path: Path) -> str:
    with pytest.raises(SourceError) as caught:
        load_source(path)
    assert caught.value.exit_code == 2
    return str(caught.value)


# --- what is right ---------------------------------------------------------------------------------------------------


def test_one_line_is_enough(folder: Path) -> None:
    source = load_source(write(folder, 'url = "https://example.tistory.com"', "my-blog.toml"))
    assert (source.name, source.url, source.host) == ("my-blog", "https://example.tistory.com/", "example.tistory.com")
    assert (source.title, source.platform, source.limit, source.pages) == (None, None, None, 3)
    assert source.feature_text == "excerpt"


def test_every_key(folder: Path) -> None:
    text = URL + (
        'title = "티스토리  공지"\nplatform = "tistory"\nlanguage = "ko"\nzone = "Asia/Tokyo"\nauthor = "모아"\n'
        'feature_text = "summary"\nformats = ["atom", "atom", "json"]\nlimit = 7\npages = 5\n[request]\ndelay = 9\n'
    )
    source = load_source(write(folder, text))
    assert source.title == "티스토리 공지"
    assert source.formats == ("atom", "json")
    assert source.request.delay == 9.0


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("HTTPS://Example.COM", "https://example.com/"),
        ("https://example.com:443/a#top", "https://example.com/a"),
        ("http://127.0.0.1:8000/", "http://127.0.0.1:8000/"),
        ("http://[::1]:80/", "http://[::1]/"),
        ("https://example.com/category/요리?page=1", "https://example.com/category/%EC%9A%94%EB%A6%AC?page=1"),
        ("https://example.com/category/%EC%9A%94", "https://example.com/category/%EC%9A%94"),
        ("https://한글.example/", "https://xn--bj0bj06e.example/"),
    ],
)
def test_the_address_is_brought_to_one_form(folder: Path, written: str, kept: str) -> None:
    assert load_source(write(folder, f'url = "{written}"')).url == kept


def test_a_byte_order_mark_and_windows_line_ends_are_accepted(folder: Path) -> None:
    assert load_source(write(folder, b"\xef\xbb\xbf" + URL.encode() + b'title = "A"\r\nlimit = 3\r\n')).limit == 3


def test_a_hangul_name_is_kept_in_composed_form(folder: Path) -> None:
    path = write(folder, URL, unicodedata.normalize("NFD", "한글-블로그") + ".toml")
    assert load_source(path).name == "한글-블로그"


def test_a_source_cannot_change(folder: Path) -> None:
    with pytest.raises(ValidationError, match="frozen"):
        load_source(write(folder, URL)).title = "other"  # type: ignore[misc]


def test_a_source_without_a_file() -> None:
    assert Source(name="preview", url="https://example.com/").path is None


# --- what is wrong, and what it says ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            '# my blog\n\nulr = "https://example.com/"\n',
            'sources/x.toml, line 3: unknown key "ulr"; did you mean "url"?',
        ),
        (URL + "spider = 'os.system'\n", 'line 2: unknown key "spider"; known are author, clean, closing, '),
        (URL + "\n[request]\n# slow\ndely = 3\n", 'line 5: unknown key "dely"; did you mean "delay"?'),
        (URL + "request.dely = 3\n", 'line 2: unknown key "dely"; did you mean "delay"?'),
        ('title = "A"\n', 'x.toml: the key "url" is missing; add a line such as url = "https://example.tistory.com/"'),
        ("", 'the key "url" is missing'),
        ("# nothing\n", 'the key "url" is missing'),
        (
            URL + 'title = """\nlimit = "x"\n"""\nlimit = "ten"\n',
            'line 5: "limit" should be a whole number, not "ten"; right would be limit = 40',
        ),
        (URL + "limit = true\n", '"limit" should be a whole number, not true'),
        (URL + "limit = 501\n", '"limit" should be less than or equal to 500, not 501'),
        (URL + "limit = 0\n", '"limit" should be greater than or equal to 1, not 0'),
        (URL + "pages = 51\n", '"pages" should be less than or equal to 50, not 51'),
        (URL + "title = 5\n", '"title" should be text in quotes, not 5; right would be title = "My blog"'),
        (URL + "title = ' '\n", '"title" is empty'),
        (URL + 'title = "a\\u001b[2J"\n', '"title" is empty or holds control characters'),
        (URL + 'platform = "tistry"\n',
         'line 2: "platform" is no platform; did you mean "tistory"? Known are blogger, '),
        (URL + 'platform = "os"\n', '"platform" is no platform; known are blogger, '),
        (URL + 'zone = "Asia/Soul"\n', '"zone" is no time zone; did you mean "Asia/Seoul"?'),
        (URL + 'zone = "../../etc/passwd"\n', '"zone" is no time zone; right would be one such as Asia/Seoul'),
        (URL + 'zone = "Asia"\n', '"zone" is no time zone'),
        (URL + 'zone = "a\\u0000b"\n', '"zone" is no time zone'),
        (URL + 'language = "korean language"\n', '"language" is no language tag (BCP 47)'),
        (URL + 'formats = "rss"\n', '"formats" should be a list, not "rss"; right would be formats = ["rss", "atom", '),
        (URL + 'formats = ["rss", "rs"]\n', '"formats" names "rs", which is no format; did you mean "rss"?'),
        (URL + "formats = []\n", '"formats" is empty; name at least one of atom, json, rss'),
        (URL + 'formats = [1]\n', '"formats" should be text in quotes, not 1'),
        (URL + 'feature_text = "x"\n', "\"feature_text\" should be 'excerpt' or 'summary', not \"x\""),
        (URL + "request = 3\n", '"request" should be a table'),
        (URL + "[request]\ndelay = 0.2\n", '"request.delay" is out of range; 1 to 3600 seconds are allowed: it may'),
        (URL + "[request]\ndelay = nan\n", '"request.delay" is out of range'),
        (URL + 'title = "a"\ntitle = "b"\n', "line 3: not valid TOML at column 12: cannot overwrite a value"),
        ("url = https://example.com/\n", "line 1: not valid TOML at column 7: invalid value; text stands in quotes"),
        ("url", "line 1: not valid TOML"),
        ('url = "https://example.com/\n', "line 1"),
        (URL + "x = " + "[" * 9000, "brackets within brackets"),
        (URL + "limit = " + "9" * 5000, "a number is too long"),
        ("name = 'x'\n" + URL, 'line 1: unknown key "name"'),
        ("path = '/etc/passwd'\n" + URL, 'line 1: unknown key "path"'),
        ('"u\\nl" = 1\n', 'unknown key "u\\nl"'),
    ],
)
def test_one_sentence_for_each_fault(folder: Path, text: str, says: str) -> None:
    sentence = refusal(write(folder, text))
    assert says in sentence
    assert sentence.isprintable()
    assert len(sentence) < 400


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.com",
        "ftp://example.com/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://",
        "https:///path",
        "https://exa mple.com/",
        "https://example.com:99999/",
        "https://example.com:port/",
        "https://[::1/",
        "https://a\\\\b.com/",
        "https://example..com" + "/é" * 2 + "\\u0000",
        "https://" + "a" * 2000,
    ],
)
def test_what_is_no_web_address_is_refused(folder: Path, url: str) -> None:
    assert '"url"' in refusal(write(folder, f'url = "{url}"'))


def test_a_password_is_refused_and_never_shown(folder: Path) -> None:
    sentence = refusal(write(folder, 'url = "https://me:hunter2@example.com/"'))
    assert "holds a user name" in sentence
    assert "hunter2" not in sentence
    assert "hunter2" not in refusal(write(folder, 'url = ["https://me:hunter2@example.com/"]'))


@pytest.mark.parametrize(
    ("name", "says"),
    [
        (".hidden.toml", "the file's name is no usable name; letters, digits, - and _ make one"),
        ("a b.toml", "is no usable name"),
        ("a.b.toml", "is no usable name"),
        ("-x.toml", "is no usable name"),
        ("가" * 34 + ".toml", "is too long a name; 100 bytes is the most"),
        ("x.json", 'a source file ends with ".toml"; rename it to x.toml'),
    ],
)
def test_a_file_name_that_cannot_be_a_source(folder: Path, name: str, says: str) -> None:
    assert says in refusal(write(folder, URL, name))


def test_a_missing_file(folder: Path) -> None:
    assert refusal(folder / "x.toml") == "sources/x.toml: no such file"


def test_text_that_is_not_utf_8_names_the_line(folder: Path) -> None:
    sentence = refusal(write(folder, URL.encode() + 'title = "블로그"\n'.encode("cp949")))
    assert sentence == "sources/x.toml, line 2: not UTF-8 text; save it as UTF-8"


def test_a_file_of_ten_megabytes_is_not_read(folder: Path) -> None:
    path = write(folder, URL)
    os.truncate(path, 10 * 2**20)
    assert "longer than 1 MiB" in refusal(path)


def test_links_may_not_leave_the_folder(folder: Path) -> None:
    outside = write(folder.parent, URL, "secret.toml")
    (folder / "x.toml").symlink_to(outside)
    assert "a link that leads out of sources" in refusal(folder / "x.toml")
    (folder / "loop.toml").symlink_to(folder / "loop.toml")
    assert "cannot be read" in refusal(folder / "loop.toml")
    (folder / "dangling.toml").symlink_to(folder / "nowhere.toml")
    assert "no such file" in refusal(folder / "dangling.toml")


def test_what_is_no_regular_file_is_never_opened(folder: Path) -> None:
    os.mkfifo(folder / "pipe.toml")  # reading it would wait for ever
    (folder / "folder.toml").mkdir()
    assert "not a file" in refusal(folder / "pipe.toml")
    assert "not a file" in refusal(folder / "folder.toml")


# --- a folder of them ------------------------------------------------------------------------------------------------


def test_a_missing_folder_holds_no_source(tmp_path: Path) -> None:
    loaded = load_sources(tmp_path / "sources")
    assert (loaded.sources, loaded.errors) == ((), ())


def test_one_broken_file_stops_only_itself(folder: Path) -> None:
    write(folder, 'url = "https://b.example/"', "b.toml")
    write(folder, 'url = "https://a.example/"', "a.toml")
    write(folder, "url = 'blog'", "broken.toml")
    write(folder, "notes", "README.txt")
    (folder / ".#a.toml").symlink_to("me@host.123")  # Emacs' lock of a file being edited
    loaded = load_sources(folder)
    assert [source.name for source in loaded.sources] == ["a", "b"]
    assert [str(error) for error in loaded.errors] == [
        'sources/broken.toml, line 1: "url" is no web address; it starts with https:// or http://, then the host'
    ]
    assert loaded.names == {"a", "b", "broken"}


def test_two_sources_with_one_address_name_each_other(folder: Path) -> None:
    write(folder, 'url = "https://www.example.com/"', "a.toml")
    write(folder, 'url = "http://example.com"', "b.toml")
    write(folder, 'url = "https://other.example/"', "c.toml")
    loaded = load_sources(folder)
    assert [source.name for source in loaded.sources] == ["c"]
    assert [str(error) for error in loaded.errors] == [
        "sources/a.toml: has the same url as sources/b.toml; delete one of them",
        "sources/b.toml: has the same url as sources/a.toml; delete one of them",
    ]


@pytest.mark.parametrize(
    ("one", "other"), [("Blog.toml", "blog.toml"), ("한글.toml", unicodedata.normalize("NFD", "한글.toml"))]
)
def test_two_names_that_some_disks_take_for_one(folder: Path, one: str, other: str) -> None:
    write(folder, 'url = "https://a.example/"', one)
    write(folder, 'url = "https://b.example/"', other)
    if len(list(folder.iterdir())) == 1:
        pytest.skip("this disk takes them for one itself")
    loaded = load_sources(folder)
    assert loaded.sources == ()
    assert all("has the same name as" in str(error) for error in loaded.errors)
    assert len(loaded.errors) == 2


# --- schema and properties -------------------------------------------------------------------------------------------


def test_schema(golden: Callable[[str, object], None]) -> None:
    schema = source_schema()
    golden("source.schema.json", schema)
    assert all(field.get("description") for field in schema["properties"].values())
    assert "name" not in schema["properties"]


@given(files(list(source_schema()["properties"])) | st.text(max_size=80), st.sampled_from(["", URL]))
def test_no_file_gives_anything_but_a_source_or_one_sentence(tmp_path_factory, text: str, start: str) -> None:
    path = write(tmp_path_factory.mktemp("s"), start + text.encode("utf-8", "replace").decode())
    loaded = load_sources(path.parent)
    for source in loaded.sources:
        assert source.url.startswith("http")
    for error in loaded.errors:
        assert str(error).isprintable()
        assert str(error).startswith(f"{path.parent.name}/x.toml")
        assert error.line is None or 1 <= error.line <= path.read_bytes().count(b"\n") + 1
    assert len(loaded.sources) + len(loaded.errors) == 1


@given(st.text(max_size=30), st.text(max_size=30))
def test_an_address_in_its_form_stays_in_it(host: str, path: str) -> None:
    try:
        source = Source(name="x", url=f"https://{host}.example/{path}")
    except ValidationError:
        return
    assert source.url.isascii()
    assert Source(name="x", url=source.url).url == source.url


def test_no_source_takes_the_place_of_the_list_of_feeds(tmp_path: Path) -> None:
    (tmp_path / "index.toml").write_text(URL, encoding="utf-8")
    with pytest.raises(SourceError, match=r"index\.html"):
        load_source(tmp_path / "index.toml")
