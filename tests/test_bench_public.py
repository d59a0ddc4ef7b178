"""The bench reads public pages in the forms that others publish them in."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

import pytest

from bench import public
from bench.marks import judge
from bench.ours import read

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TEXT = "".join(f"<p>{n}번째 문단은 담장과 창, 그리고 그 사이의 바람에 관한 긴 이야기로 이어진다.</p>" for n in range(6))
IMAGE = "<img src='https://a.example/wall.png'>"
PAGE = f"<html lang='ko'><title>담장</title><body><article><h1>담장</h1>{TEXT}{IMAGE}</article></body></html>"


def of_a_benchmark(folder: Path) -> None:
    (folder / "html").mkdir()
    (folder / "html" / "wall.html.gz").write_bytes(gzip.compress(PAGE.encode()))
    truth = {"wall": {"articleBody": TEXT.replace("<p>", "").replace("</p>", "\n"), "url": "https://a.example/wall"}}
    (folder / "ground-truth.json").write_text(json.dumps(truth), "utf-8")


def of_a_reader_view(folder: Path) -> None:
    place = folder / "test-pages" / "wall"
    place.mkdir(parents=True)
    (place / "source.html").write_text(PAGE, "utf-8")
    (place / "expected.html").write_text(f"<div>{TEXT}{IMAGE}</div>", "utf-8")


def of_recorded_pages(folder: Path) -> None:
    place = folder / "a.example" / "wall"
    place.mkdir(parents=True)
    (place / "raw.html").write_text(PAGE, "utf-8")
    (place / "expected.html").write_text(f"{TEXT}{IMAGE}", "utf-8")
    told = {"url": "https://a.example/wall", "fetched_at_utc": "2026-03-04T10:00:00Z"}
    (place / "meta.json").write_text(json.dumps(told), "utf-8")


@pytest.mark.parametrize("form", [of_a_benchmark, of_a_reader_view, of_recorded_pages])
def test_a_page_that_is_read_whole_has_every_mark(
    form: Callable[[Path], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(public, "ROOM", tmp_path / "room")
    form(tmp_path)
    (page,) = public.read(tmp_path)
    marks = judge(page, read(page.file.read_bytes(), page.order()) | {"cpu": 0.0}, frozenset({"title", "date"}))
    assert (page.slug, marks.f1, marks.title, marks.extra_images) == ("wall", 1, None, 0)
    half = judge(page, {"html": TEXT[: len(TEXT) // 2], "cpu": 0.0}, frozenset())
    assert half.f1 is not None
    assert 0.5 < half.f1 < 0.9


def test_a_folder_without_pages_holds_none(tmp_path: Path) -> None:
    assert public.read(tmp_path) == []
