"""moafeed.toml and the folder around it: defaults, combined feeds, and nothing private shown to the world."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import moafeed
from hypothesis import given
from sqlalchemy import make_url
from toml_strategies import files

from crawler.schemas import workspace_schema
from crawler.source import Source
from crawler.workspace import NoWorkspaceError, Workspace, WorkspaceError, find_workspace, load_workspace


def workspace(folder: Path, text: str = "") -> Workspace:
    (folder / "moafeed.toml").write_text(text, encoding="utf-8")
    (folder / "moafeed.toml").chmod(0o600)
    return load_workspace(folder)


def refusal(folder: Path, text: str) -> str:
    with pytest.raises(WorkspaceError) as caught:
        workspace(folder, text)
    assert caught.value.exit_code == 2
    return str(caught.value)


# --- finding it ------------------------------------------------------------------------------------------------------


def test_found_from_any_folder_below(tmp_path: Path) -> None:
    workspace(tmp_path, 'title = "Mine"')
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    assert find_workspace(deep).config.title == "Mine"
    assert find_workspace(deep).folder == tmp_path


def test_a_sources_folder_alone_is_a_workspace_with_every_default(tmp_path: Path) -> None:
    (tmp_path / "sources").mkdir()
    found = find_workspace(tmp_path / "sources")
    assert found.folder == tmp_path
    assert found.sources_folder == tmp_path / "sources"
    assert found.output == tmp_path / "public"
    assert found.store_file == tmp_path / "state" / "moafeed.db"
    assert found.lock_file == tmp_path / "state" / "lock"
    assert found.recorded_folder == tmp_path / "recorded"
    assert found.config.base_url == "http://127.0.0.1:8000/"
    assert found.config.defaults.zone == "Asia/Seoul"
    assert found.config.feeds == {}


def test_none_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(NoWorkspaceError, match="No workspace here: run `moafeed init`") as caught:
        find_workspace(tmp_path)
    assert caught.value.exit_code == 2


# --- what it may say -------------------------------------------------------------------------------------------------


def test_every_key(tmp_path: Path) -> None:
    found = workspace(
        tmp_path,
        'title = "모아"\nbase_url = "https://feeds.example.org/blogs"\noutput = "/srv/feeds"\nstore = "posts.db"\n'
        'contact = "me@example.org"\n[defaults]\nzone = "UTC"\nlanguage = "ko"\nlimit = 9\nformats = ["atom"]\n'
        'delay = 2\n[feeds.all]\ntitle = "All"\ndescription = "Everything"\nsources = ["a*"]\nlimit = 3\n'
        'formats = ["rss"]\n[raw]\nkeep = false\nmegabytes = 5\n',
    )
    assert found.config.base_url == "https://feeds.example.org/blogs/"
    assert found.output == Path("/srv/feeds")
    assert found.config.feeds["all"].sources == ("a*",)
    assert (found.config.raw.keep, found.config.raw.megabytes) == (False, 5)


@pytest.mark.parametrize(
    ("store", "database"),
    [
        ("posts.db", "{folder}/posts.db"),
        ("a b%20#?.db", "{folder}/a b%20#?.db"),
        ("/var/lib/posts.db", "/var/lib/posts.db"),
        ("sqlite:///posts.db", "{folder}/posts.db"),
        ("sqlite:////var/lib/posts.db", "/var/lib/posts.db"),
        ("postgresql+psycopg://me@localhost/posts", "posts"),
    ],
)
def test_the_store_as_a_path_or_an_address(tmp_path: Path, store: str, database: str) -> None:
    url = make_url(workspace(tmp_path, f'store = "{store}"').store_url)
    assert url.database == database.format(folder=tmp_path)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('tilte = "A"', '/moafeed.toml, line 1: unknown key "tilte"; did you mean "title"?'),
        ('[default]\nzone = "UTC"', 'line 1: unknown key "default"; did you mean "defaults"?'),
        ('[defaults]\nzones = "UTC"', 'line 2: unknown key "zones"; did you mean "zone"?'),
        ('[feeds.all]\nsource = ["*"]', 'line 2: unknown key "source"; did you mean "sources"?'),
        ('[feeds."no name"]', 'line 1: "feeds.no name" is no usable name; letters, digits, - and _ make one'),
        ('[feeds.all]\nlimit = "x"', 'line 2: "feeds.all.limit" should be a whole number, not "x"; right would be'),
        ("[feeds]\nall = 3", 'line 2: "feeds.all" should be a table'),
        ("[[feeds]]\nx = 3", 'line 1: "feeds" should be a table'),
        ("[feeds.all]\nsources = []", '"feeds.all.sources" should have at least 1 item'),
        ('base_url = "feeds.example.org"', '"base_url" is no web address; it starts with https:// or http://'),
        ('base_url = "https://example.org/?a=1"', '"base_url" has a query'),
        ('output = "~/public"', '"output" is no path'),
        ('output = ""', '"output" is no path'),
        ('output = "."', '"output" holds files that are not for the public; give it a folder of its own'),
        ('output = ".."', '"output" holds files that are not for the public'),
        ('output = "state"', '"output" holds files that are not for the public'),
        ('output = "sources"', '"output" holds files that are not for the public'),
        ('store = "public/posts.db"', '"output" holds files that are not for the public'),
        ('store = "mysql://localhost/x"', '"store" names no known database; a path, sqlite:///PATH or postgresql'),
        ("store = 3", '"store" should be text in quotes; right would be store = "state/moafeed.db"'),
        ('contact = "me\\r\\nX-Evil: 1"', '"contact" is neither an e-mail address nor a web address'),
        ("[defaults]\ndelay = 0.0", '"defaults.delay" is out of range; 1 to 3600 seconds are allowed'),
        ("[raw]\nmegabytes = 0", 'line 2: "raw.megabytes" should be greater than or equal to 1, not 0; right would be'),
        ("[raw]\nkeep = 1", '"raw.keep" should be a valid boolean, not 1; right would be keep = true'),
        ("[raw]\nmegabyte = 9", 'line 2: unknown key "megabyte"; did you mean "megabytes"?'),
        ('[defaults]\nformats = ["pdf"]', '"defaults.formats" names "pdf", which is no format'),
    ],
)
def test_one_sentence_for_each_fault(tmp_path: Path, text: str, says: str) -> None:
    assert says in refusal(tmp_path, text)


@pytest.mark.parametrize("output", ["/etc", "/etc/feeds", "/usr/bin", "/usr", "/var", "/dev", "/home", "{home}",
                                    "{home}/..", "{link}"])  # fmt: skip
def test_a_folder_of_the_system_or_a_whole_home_is_no_output(
    tmp_path: Path, output: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, here = tmp_path / "people" / "me", tmp_path / "ws"
    for folder in (home, here):
        folder.mkdir(parents=True)
    monkeypatch.setenv("HOME", str(home))
    (here / "link").symlink_to("/etc")
    place = output.format(home=home, link=here / "link")
    text = f'output = "{place}"'
    assert '"output" is /' in (said := refusal(here, text))
    assert 'a folder that others need as it is; give it one of its own, such as "public"' in said
    ran = moafeed("build", cwd=here, code=2)
    assert ran.err == f"{said}\n"
    assert workspace(here, f'output = "{home}/public"').output == home / "public"


@pytest.mark.parametrize("output", ["/srv/feeds", "/var/www/html", "/usr/share/nginx/html", "/usr/local/www"])
def test_a_folder_of_a_web_server_is_an_output(tmp_path: Path, output: str) -> None:
    assert workspace(tmp_path, f'output = "{output}"').output == Path(output)


def test_an_output_that_leads_nowhere(tmp_path: Path) -> None:
    (tmp_path / "public").symlink_to(tmp_path / "public")
    with pytest.raises(WorkspaceError, match='"output" leads nowhere'):
        workspace(tmp_path, "")


@pytest.mark.parametrize(
    "text",
    [
        'store = "postgres://me:hunter2@db/x"',
        'store = ["postgresql://me:hunter2@db/x"]',
        'contact = "//me:hunter2@db/x y"',
        'base_url = "https://me:hunter2@db/"',
        'output = ["https://me:hunter2@db/"]',
    ],
)
def test_a_password_is_in_no_sentence(tmp_path: Path, text: str) -> None:
    assert "hunter2" not in refusal(tmp_path, text)


def test_a_password_needs_a_private_file_and_is_in_no_repr(tmp_path: Path) -> None:
    found = workspace(tmp_path, 'store = "postgresql+psycopg://me:hunter2@localhost/posts"')
    assert "hunter2" in found.store_url
    assert "hunter2" not in repr(found)
    (tmp_path / "moafeed.toml").chmod(0o644)
    with pytest.raises(WorkspaceError, match="everybody may read the file; run: chmod 600"):
        load_workspace(tmp_path)


# --- what holds for sources ------------------------------------------------------------------------------------------


def test_a_source_may_slow_a_crawl_down_but_never_speed_it_up(tmp_path: Path) -> None:
    found = workspace(tmp_path, "[defaults]\ndelay = 3\nlimit = 9\n")
    source = Source(name="x", url="https://example.com/")
    assert found.settle(source).request.delay == 3
    slow = Source.model_validate({"name": "x", "url": "https://example.com/", "request": {"delay": 8.0}, "limit": 2})
    fast = Source.model_validate({"name": "x", "url": "https://example.com/", "request": {"delay": 1.5}})
    assert (found.settle(slow).request.delay, found.settle(fast).request.delay) == (8, 3)
    assert (found.settle(slow).limit, found.settle(fast).limit) == (2, 9)
    assert found.settle(fast).formats == ("rss", "atom", "json")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[feeds.Blog]", '"feeds.Blog" has the name of a source, so both would write one file; rename it'),
        ('[feeds.all]\nsources = ["blgo"]', '"feeds.all.sources" names "blgo", which is no source; did you mean'),
    ],
)
def test_combined_feeds_that_cannot_be(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(WorkspaceError) as caught:
        workspace(tmp_path, text).check_feeds(["blog"])
    assert says in str(caught.value)


# --- schema and property ---------------------------------------------------------------------------------------------


def test_schema(golden: Callable[[str, object], None]) -> None:
    schema = workspace_schema()
    golden("moafeed.schema.json", schema)
    tables = [schema, *schema["$defs"].values()]
    assert all(field.get("description") for table in tables for field in table["properties"].values())


@given(files(list(workspace_schema()["properties"])))
def test_no_file_gives_anything_but_a_workspace_or_one_sentence(tmp_path_factory, text: str) -> None:
    folder = tmp_path_factory.mktemp("w")
    try:
        found = workspace(folder, text)
    except WorkspaceError as error:
        assert str(error).isprintable()  # noqa: PT017 - either outcome is right
    else:
        assert found.output.is_absolute()
        assert make_url(found.store_url).database
