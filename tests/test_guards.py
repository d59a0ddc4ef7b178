"""The invariants of the house: each is one search over the code, so that nobody has to remember them."""

from __future__ import annotations

import ast
import re
import subprocess
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest
from scrapy.utils.misc import load_object

from crawler import settings
from crawler.imports import IMPORTS
from crawler.source import load_sources
from feeds.exports import EXPORTS

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("crawler", "feeds", "pipelines")
FILES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))

# What may stand only where: a pattern over the code (without comments and docstrings), and the files or folders.
ONLY_IN = {
    "the clock": (r"\bdatetime\.now\b|\btime\.time(_ns)?\b|\butcnow\b|\.today\(\)|\bnow\(UTC\)",
                  ["crawler/spider.py", "crawler/recording/replay.py"]),  # the second notes when pages were saved
    "the environment": (r"\benviron\b|\bgetenv\b", ["crawler/settings.py"]),
    "SQL": (r"\bimport (sqlalchemy|alembic|sqlite3)|from (sqlalchemy|alembic|sqlite3)\b|SELECT .* FROM|INSERT INTO",
            ["pipelines/store/"]),
    "feedgen": (r"\bimport feedgen|from feedgen\b", ["feeds/generator.py"]),
    "the making of a Post": (r"(?<![\w.])Post\(", ["pipelines/normalise.py", "pipelines/store/"]),
    "selectors": (r"\.(xpath|css|cssselect)\(|\b(XPath|CSSSelector)\(",
                  ["crawler/page.py", "crawler/document.py", "crawler/selecting.py", "crawler/stripping.py",
                   "crawler/platforms/"]),
    "anything but GET and HEAD": (r"\bFormRequest\b|\bJsonRequest\b|(method=|\.request\()'(POST|PUT|PATCH|DELETE)",
                                  ["feeds/websub.py"]),  # word to a hub is publishing, and no blog ever gets it
    "random": (r"\bimport (random|secrets|uuid)\b|from (random|secrets|uuid)\b", []),
    "a naive clock": (r"\butcnow\b|\butcfromtimestamp\b", []),
}  # fmt: skip
LONGEST_FILE = 300
LONGEST_FUNCTION = 50
CATCH_ALL_NAMES = {"utils.py", "helpers.py", "common.py", "base.py", "constants.py", "misc.py"}


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_bytes(), filename=str(path))


@cache
def code(path: Path) -> str:
    """The file's code alone: `ast` keeps no comments, and texts that stand by themselves are docstrings."""
    module = ast.parse(path.read_bytes())
    for node in ast.walk(module):
        for name in ("body", "orelse", "finalbody"):
            block = getattr(node, name, None)
            if isinstance(block, list):
                setattr(node, name, [s for s in block if not _is_text(s)] or [ast.Pass()])
    return ast.unparse(ast.fix_missing_locations(module))


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


# --- where things stand ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ONLY_IN)
def test_stands_only_where_the_house_says(what: str) -> None:
    pattern, places = ONLY_IN[what]
    elsewhere = [path for path in FILES if not any(relative(path).startswith(place) for place in places)]
    found = [
        f"{relative(path)}: {line.strip()}"
        for path in elsewhere
        for line in code(path).splitlines()
        if re.search(pattern, line)
    ]
    assert not found, f"{what} may stand only in {', '.join(places) or 'no file'}:\n" + "\n".join(found)


def test_the_search_sees_what_it_looks_for() -> None:
    """A rule whose pattern finds nothing even where it is allowed guards nothing."""
    for what in ("the environment", "SQL", "feedgen", "selectors", "the making of a Post", "the clock"):
        pattern, places = ONLY_IN[what]
        allowed = [path for path in FILES if any(relative(path).startswith(place) for place in places)]
        assert any(re.search(pattern, code(path)) for path in allowed), what


# --- style -----------------------------------------------------------------------------------------------------------


def test_no_file_is_longer_than_one_idea() -> None:
    long = {relative(p): n for p in FILES if (n := len(p.read_bytes().splitlines())) > LONGEST_FILE}
    assert not long, f"over {LONGEST_FILE} lines; split: {long}"


def test_no_function_is_longer_than_a_screen() -> None:
    long = [
        f"{relative(path)}: {node.name}"
        for path in FILES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION
    ]
    assert not long


def test_every_file_is_named_after_its_idea() -> None:
    assert not [relative(path) for path in FILES if path.name in CATCH_ALL_NAMES]


def test_no_error_is_swallowed_whole() -> None:
    swallowed = [
        f"{relative(path)}, line {node.lineno}"
        for path in FILES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ExceptHandler) and _catches_all(node.type) and _does_nothing(node.body)
    ]
    assert not swallowed


def _catches_all(caught: ast.expr | None) -> bool:
    return caught is None or (isinstance(caught, ast.Name) and caught.id in {"Exception", "BaseException"})


def _does_nothing(body: list[ast.stmt]) -> bool:
    return all(isinstance(statement, ast.Pass | ast.Continue) or _is_ellipsis(statement) for statement in body)


def _is_ellipsis(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def test_tests_are_flat() -> None:
    """A folder tests/crawler would hide the package of that name from the tests."""
    assert not [name for name in PACKAGES if (ROOT / "tests" / name).exists()]
    assert not list((ROOT / "tests").glob("**/__init__.py"))


# --- what is named exists --------------------------------------------------------------------------------------------


def setting_paths(value: object) -> set[str]:
    if isinstance(value, dict):
        return {path for item in (*value, *value.values()) for path in setting_paths(item)}
    if isinstance(value, list | tuple):
        return {path for item in value for path in setting_paths(item)}
    return {value} if isinstance(value, str) and re.fullmatch(r"(\w+\.)+[A-Z]\w+", value) else set()


SETTING_PATHS = sorted(setting_paths({name: getattr(settings, name) for name in dir(settings) if name.isupper()}))


@pytest.mark.parametrize("path", SETTING_PATHS)
def test_every_class_a_setting_names_can_be_imported(path: str) -> None:
    assert callable(load_object(path))


def readme_commands() -> set[tuple[str, str]]:
    readme = ROOT / "README.md"
    text = readme.read_text(encoding="utf-8") if readme.exists() else ""
    blocks = re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return {found for block in blocks for found in re.findall(r"\b(moafeed|make|scrapy) ([a-z][\w-]*)", block)}


def test_every_command_in_the_readme_exists() -> None:
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    commands = {path.stem.rstrip("_").replace("_", "-") for path in (ROOT / "crawler" / "commands").glob("*.py")}
    known = {"make": targets, "moafeed": commands, "scrapy": {"list", "crawl", "shell"}}
    assert not {f"{tool} {name}" for tool, name in readme_commands() if name not in known[tool]}


def test_every_export_and_import_is_in_the_readme_and_in_the_help() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for command, registry in (("export", EXPORTS), ("import", IMPORTS)):
        told = import_module(f"crawler.commands.{command.replace('import', 'import_')}").HELP
        for name, summary in registry.summaries().items():
            assert f"moafeed {command} {name} " in readme
            assert f"- `{name}`: {summary}" in told
            assert summary.endswith(".")


def test_every_source_loads() -> None:
    loaded = load_sources(ROOT / "sources")
    assert not loaded.errors
    assert loaded.sources


# --- what is checked in ----------------------------------------------------------------------------------------------


def tracked() -> list[Path]:
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listing = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    if listing.returncode:
        pytest.skip("not a git checkout")
    paths = (ROOT / name for name in listing.stdout.decode().split("\0") if name)
    return [path for path in paths if path.is_file()]


@pytest.mark.parametrize(
    "words",
    [
        ("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"), ("deb.debian", "org"),
    ],
)  # fmt: skip
def test_no_file_names_a_package_registry(words: tuple[str, str]) -> None:
    host = ".".join(words).encode()
    assert not [relative(path) for path in tracked() if host in path.read_bytes()]


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_locks_hold_versions_and_hashes_only(lock: str) -> None:
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    wanted = re.compile(r"[a-z0-9-]+(\[[a-z0-9,-]+\])?==[\w.]+( ; .+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?")
    assert not [line for line in lines if not wanted.fullmatch(line)]


def test_the_locks_agree() -> None:
    def pins(lock: str) -> set[str]:
        # Each names the extras that its own people need.
        return set(re.findall(r"^([\w-]+)\S*(==\S+)", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE))

    assert pins("requirements.lock") <= pins("requirements-dev.lock")
