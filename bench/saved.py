"""Saved pages whose truth is known: a folder with `manifest.json`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lxml import html

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

@dataclass(frozen=True, kw_only=True, slots=True)
class SavedPage:
    """One saved page."""

    slug: str
    """Its name."""
    kind: str
    """What it is: `post`, `mobile`, `other-post`."""
    blog: str
    """Whose page it is; figures are means over blogs, so that a blog with many pages counts as one."""
    file: Path
    """The page, UTF-8."""
    url: str
    """Where it came from."""
    fetched: str
    """When it was saved: ISO 8601, UTC."""
    size: int
    """Bytes."""
    truth: dict[str, Any]
    """What a reader of the page knows: the manifest's `ground_truth`."""
    text: str | None
    """The whole text of the body; None where nobody wrote it down."""

    def order(self) -> dict[str, str]:
        """What an extractor is told of it."""
        return {"file": str(self.file), "url": self.url, "fetched": self.fetched}


def load(folder: Path, kinds: Collection[str]) -> list[SavedPage]:
    """The pages of *kinds* with known truth, in the manifest's order."""
    entries = json.loads((folder / "manifest.json").read_text("utf-8"))["pages"]
    return [_page(folder, entry) for entry in entries if entry["kind"] in kinds and entry.get("ground_truth")]


def _page(folder: Path, entry: dict[str, Any]) -> SavedPage:
    file, truth = (folder / entry["file"]).resolve(), entry["ground_truth"]
    text = folder / entry["gt_text"] if entry.get("gt_text") else None
    return SavedPage(
        slug=entry["slug"], kind=entry["kind"], blog=entry["blog"], file=file, truth=truth,
        url=truth.get("url") or _own_address(file) or f"https://{entry['blog']}/{entry['slug']}",
        fetched=f"{entry['saved']}T12:00:00+00:00", size=file.stat().st_size,
        text=text.read_text("utf-8") if text and text.is_file() else None,
    )  # fmt: skip


def _own_address(file: Path) -> str | None:
    root = html.document_fromstring(file.read_bytes(), parser=html.HTMLParser(encoding="utf-8", huge_tree=True))
    found = root.xpath("//link[@rel='canonical']/@href | //meta[@property='og:url']/@content")
    return next((str(url) for url in found if url.startswith("http")), None)
