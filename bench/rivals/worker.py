"""Reads pages with one Python rival, in the rivals' own environment: `python -m bench.rivals.worker NAME < pages`."""

# ruff: noqa: PLC0415  # each process loads only its own rival
from __future__ import annotations

import json
import logging
import re
import sys
from typing import TYPE_CHECKING, Any

from bench.rounds import measure, orders

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_HANGUL = re.compile(r"[가-힣]")


def trafilatura() -> Callable[[bytes, Mapping[str, str]], dict[str, Any]]:
    from trafilatura import extract_with_metadata

    # Asked for the time of day too: by default it gives none.
    dates = {"original_date": True, "outputformat": "%Y-%m-%dT%H:%M:%S%z"}

    def read(body: bytes, page: Mapping[str, str]) -> dict[str, Any]:
        found = extract_with_metadata(
            body.decode("utf-8", "replace"), url=page["url"], output_format="html", include_comments=False,
            include_images=True, include_links=True, include_formatting=True, date_extraction_params=dates,
        )  # fmt: skip
        if found is None:
            return {"error": "found no post"}
        return {
            "title": found.title, "author": found.author, "date": found.date, "tags": found.tags or [],
            "image": found.image, "html": found.text,
        }  # fmt: skip

    return read


def readability_lxml() -> Callable[[bytes, Mapping[str, str]], dict[str, Any]]:
    from readability import Document

    def read(body: bytes, page: Mapping[str, str]) -> dict[str, Any]:
        document = Document(body.decode("utf-8", "replace"), url=page["url"])
        # `summary` changes the tree: its documentation wants everything else asked first.
        title, author = document.short_title(), document.author()
        html = document.summary(html_partial=True, keep_all_images=True)
        return {"title": title, "author": author, "html": html}

    return read


def goose3() -> Callable[[bytes, Mapping[str, str]], dict[str, Any]]:
    from goose3 import Goose
    from goose3.text import StopWordsKorean

    plain = {"enable_image_fetching": False}
    goose, korean = Goose(plain), Goose(plain | {"stopwords_class": StopWordsKorean})
    readers: dict[str, Goose] = {}  # it has to be told that a text is Korean, else it finds none

    def read(body: bytes, page: Mapping[str, str]) -> dict[str, Any]:
        text = body.decode("utf-8", "replace")
        if page["file"] not in readers:  # looked at in the pass that is thrown away
            readers[page["file"]] = korean if len(_HANGUL.findall(text)) > len(text) / 200 else goose
        found = readers[page["file"]].extract(raw_html=text, url=page["url"])
        return {
            "title": found.title, "author": ", ".join(found.authors), "date": found.publish_date,
            "tags": list(found.tags), "image": (found.opengraph or {}).get("image"), "text": found.cleaned_text,
            "html": found.top_node_raw_html or "",
        }  # fmt: skip

    return read


def newspaper4k() -> Callable[[bytes, Mapping[str, str]], dict[str, Any]]:
    import newspaper

    def read(body: bytes, page: Mapping[str, str]) -> dict[str, Any]:
        text = body.decode("utf-8", "replace")
        settings = newspaper.Config()
        settings.fetch_images = False
        settings.language = "en"  # for Korean it wants data from the internet
        article = newspaper.Article(page["url"], config=settings)
        article.download(input_html=text)
        article.parse()
        return {
            "title": article.title, "author": ", ".join(article.authors),
            "date": article.publish_date.isoformat() if article.publish_date else None,
            "tags": sorted(article.tags or ()), "image": article.top_image, "text": article.text,
            "html": article.article_html or "",
        }  # fmt: skip

    return read


RIVALS = {
    "trafilatura": trafilatura, "readability-lxml": readability_lxml, "goose3": goose3, "newspaper4k": newspaper4k,
}  # fmt: skip


def main() -> None:
    logging.disable(logging.CRITICAL)
    json.dump(measure(RIVALS[sys.argv[1]](), orders()), sys.stdout)


if __name__ == "__main__":
    main()
