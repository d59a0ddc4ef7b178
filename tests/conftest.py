"""What several test modules share: golden files, how hard the property tests try, both kinds of store."""

from __future__ import annotations

import gc
import json
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import postgres_server
import pytest
from hypothesis import HealthCheck, settings

GOLDEN = Path(__file__).parent / "golden"

# Two busy cores make any deadline a lottery; in CI a red run must be red again when somebody looks.
settings.register_profile("moafeed", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.register_profile("ci", settings.get_profile("moafeed"), derandomize=True)
settings.register_profile("soak", settings.get_profile("moafeed"), max_examples=5000)
settings.load_profile("ci" if os.environ.get("CI") else "moafeed")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write what the code says now into tests/golden")


def pytest_configure() -> None:
    """Ctrl-C reaches what tests start, also where a shell started the tests in the background, with it ignored."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(optionalhook=True)  # xdist's
def pytest_xdist_auto_num_workers() -> int:
    """Half as many workers again as cores: many tests wait for processes, answers and disks."""
    cores = os.cpu_count() or 1
    return cores + (cores + 1) // 2


def pytest_collection_finish() -> None:
    """What was collected stays to the end: to look through it for garbage again and again doubles some tests' time."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, object], None]:
    """Compare a value (text, bytes, or what JSON can hold) with tests/golden/NAME.

    A missing file is written and the test fails once, so that somebody reads what was written.
    """
    update = request.config.getoption("--update-golden")

    def compare(name: str, value: object) -> None:
        path = GOLDEN / name
        actual = _bytes(value)
        if update:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(actual)
            return
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(actual)
            pytest.fail(f"golden/{name} was missing and is written now; read it, then run the test again")
        hint = f"golden/{name} differs; if the change is meant: pytest --update-golden, then read the diff"
        assert actual.decode("utf-8", "replace") == path.read_bytes().decode("utf-8", "replace"), hint

    return compare


@pytest.fixture(scope="session")
def postgres() -> Iterator[postgres_server.PostgresServer]:
    """A real PostgreSQL server; each worker of xdist that needs one has its own."""
    with postgres_server.running() as server:
        yield server


@pytest.fixture
def postgres_url(postgres: postgres_server.PostgresServer) -> str:
    """The SQLAlchemy URL of an empty PostgreSQL database."""
    return postgres.emptied()


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The SQLAlchemy URL of a store that is not there yet: each test that asks for it runs on both kinds."""
    if request.param == "postgresql":
        url: str = request.getfixturevalue("postgres_url")
        return url
    return f"sqlite:///{tmp_path}/state/moafeed.db"


def _bytes(value: object) -> bytes:
    if isinstance(value, bytes):
        return value
    text = value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False) + "\n"
    return text.encode()
