"""Our extraction against the best known extractors, over saved pages whose truth is known: `make bench-extract`."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench import public
from bench.marks import Marks, judge
from bench.rivals.install import CannotInstallError, node_rivals, python_rivals
from bench.saved import SavedPage, load
from bench.table import OURS, lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "corpus"
RIVALS: dict[str, Callable[[], list[str]]] = {
    "trafilatura": python_rivals,
    "readability-lxml": python_rivals,
    "goose3": python_rivals,
    "newspaper4k": python_rivals,
    "@mozilla/readability": node_rivals,
    "defuddle": node_rivals,
}
TABLES = {
    "Tistory posts": ("post", "mobile"),
    "posts of other platforms": ("other-post",),
    "public pages that others chose": (public.KIND,),
}
BOUND = 4.0, 1.4
"""CPU ms that a page of 100 KB may cost us on a machine where the bare parse of it costs so many.

Ours is all from the bytes received to the finished Post, and to be rid of the page: encoding and limits, the parse,
which platform and what kind of page, every field, the body without junk, clean and sanitised, its excerpt, language
and digest. The bare parse is lxml.html's of the same bytes, told that they are UTF-8, and to be rid of the tree. Of
both the least of three rounds counts, after one that warms the caches; first all bare parses run, then all of ours.
The sums over pages are compared, so a large page weighs more.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    cli = argparse.ArgumentParser(prog="python -m bench.extract", description=__doc__)
    cli.add_argument("--data", type=Path, metavar="FOLDER", help="saved pages with a manifest.json")
    cli.add_argument("--public", type=Path, metavar="FOLDER",
                     help="public pages in a form of bench/public.py; without it some are fetched from the index")
    cli.add_argument("--rival", action="append", choices=RIVALS, metavar="NAME", help="only this one; repeatable")
    cli.add_argument("--no-rivals", action="store_true", help="ours alone, nothing is installed")
    cli.add_argument("--no-judge", action="store_true", help="only print: exit 0 also where ours is not ahead")
    cli.add_argument("--pages", action="store_true", help="also print what is wrong, page by page")
    options = cli.parse_args(arguments)
    folder = options.data or DATA
    if options.data and not (folder / "manifest.json").is_file():
        print(f"Nothing was measured: {folder} holds no manifest.json. Name a folder of saved pages with --data.")
        return 2
    rivals = [] if options.no_rivals else options.rival or list(RIVALS)
    pages, missing = _pages(folder, options.public)
    if not pages:
        print("Nothing was measured: there are no saved pages. Name a folder of them with --data or --public.")
        return 0
    found, bare, absent = _read_all(pages, rivals)
    absent += missing
    behind = list(_tables(pages, found, by_page=options.pages))
    within = _within_bound(pages, found[OURS], bare)
    for sentence in absent:
        print(sentence)
    return 0 if options.no_judge or (within and not behind and not absent) else 1


def _pages(folder: Path, public_folder: Path | None) -> tuple[list[SavedPage], list[str]]:
    """The pages to read, those of a manifest before the public ones; what could not be had."""
    is_there = (folder / "manifest.json").is_file()
    pages = load(folder, {kind for kinds in TABLES.values() for kind in kinds}) if is_there else []
    try:
        return pages + public.read(public_folder or public.downloaded()), []
    except CannotInstallError as error:
        return pages, [f"No public pages were measured: {error}"]


def _read_all(
    pages: Sequence[SavedPage], rivals: Sequence[str]
) -> tuple[dict[str, list[Marks]], list[float], list[str]]:
    """Every extractor's marks, ours first; CPU seconds of the bare parse of each page; which could not be had."""
    answers = _answers([sys.executable, "-m", "bench.ours"], pages)
    bare = [answer.pop("bare") for answer in answers]
    found, absent = {OURS: _marks(pages, answers)}, []
    for name in rivals:
        try:
            found[name] = _marks(pages, _answers([*RIVALS[name](), name], pages))
        except (CannotInstallError, subprocess.CalledProcessError) as error:
            absent.append(f"{name} was not measured: {error}")
    return found, bare, absent


def _answers(command: list[str], pages: Sequence[SavedPage]) -> list[dict[str, Any]]:
    orders = json.dumps([page.order() for page in pages])
    done = subprocess.run(command, input=orders, stdout=subprocess.PIPE, text=True, check=True, cwd=ROOT)
    return list(json.loads(done.stdout))


def _marks(pages: Sequence[SavedPage], answers: list[dict[str, Any]]) -> list[Marks]:
    offers = frozenset(field for answer in answers for field in answer)
    return [judge(page, answer, offers) for page, answer in zip(pages, answers, strict=True)]


def _tables(pages: Sequence[SavedPage], found: dict[str, list[Marks]], *, by_page: bool) -> Iterator[str]:
    """Print a table for each kind of page; give the lines in which ours is behind."""
    for title, kinds in TABLES.items():
        chosen = [number for number, page in enumerate(pages) if page.kind in kinds]
        if not chosen:
            continue
        some = [pages[number] for number in chosen]
        marks = {name: [all_of_them[number] for number in chosen] for name, all_of_them in found.items()}
        print(f"{len(some)} {title}, of {len({page.blog for page in some})} blogs; the rates are means over blogs\n")
        for line, is_behind in lines(some, marks):
            print(line)
            if is_behind:
                yield line
        print()
        if by_page:
            _print_pages(some, marks)


def _print_pages(pages: Sequence[SavedPage], found: dict[str, list[Marks]]) -> None:
    for name, marks in found.items():
        for page, mark in zip(pages, marks, strict=True):
            notes = [mark.error or "", mark.wrong, f"leaked: {', '.join(mark.leaked)}" if mark.leaked else ""]
            notes += [f"F1 {mark.f1:.2%}"] if mark.f1 is not None and mark.f1 < 1 else []
            notes += [f"{mark.extra_images} images too many"] if mark.extra_images else []
            if any(notes):
                print(f"{name}: {page.slug}: {'; '.join(filter(None, notes))}")
    print()


def _within_bound(pages: Sequence[SavedPage], marks: Sequence[Marks], bare: Sequence[float]) -> bool:
    """Print what reading Tistory posts costs beside the bare parse of the same bytes; tell whether it is little."""
    counted = [number for number, page in enumerate(pages) if page.kind in TABLES["Tistory posts"]]
    if not counted:
        return True
    size = sum(pages[number].size for number in counted) / 100_000
    own, parse = sum(marks[number].cpu for number in counted), sum(bare[number] for number in counted)
    most = BOUND[0] / BOUND[1]
    print(f"{1000 * own / size:.2f} ms of CPU for 100 KB of Tistory posts, {1000 * parse / size:.2f} ms for the bare "
          f"lxml parse of them: {own / parse:.2f} times as much, where {most:.2f} is the most allowed")  # fmt: skip
    return own / parse <= most


if __name__ == "__main__":
    sys.exit(main())
