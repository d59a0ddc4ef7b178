"""The demo blog as one pure function: a path and its posts in, a whole HTTP answer out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from crawler.demo import dates, metadata
from crawler.demo.answer import HTML, PNG, TEXT, XML, Answer, file_answer, text_answer
from crawler.demo.listing import Listing, categories, category_path, in_category, listing, neighbours, tag_path
from crawler.demo.pictures import NAMES, picture, picture_path
from crawler.demo.post import DemoPost

_NOT_FOUND = 404
_FILES = {"rss": ("rss.xml", XML), "sitemap.xml": ("sitemap.xml", XML), "robots.txt": ("robots.txt", TEXT)}


def render(path: str, posts: Iterable[DemoPost], base_url: str) -> Answer:
    """Return what the blog answers to a GET of *path*; the same arguments give the same bytes.

    Args:
        path: path and query of the request, percent-encoded.
        posts: the blog's posts, in any order.
        base_url: where the blog lives, such as `https://name.tistory.com`.
    """
    parts = urlsplit(path)
    return _Blog(posts, base_url.rstrip("/")).answer(unquote(parts.path), parse_qs(parts.query))


class _Blog:
    def __init__(self, posts: Iterable[DemoPost], base_url: str) -> None:
        self.posts = sorted(posts, key=lambda post: (post.published, post.id), reverse=True)
        self.base_url = base_url

    def answer(self, path: str, query: dict[str, list[str]]) -> Answer:
        mobile = path == "/m" or path.startswith("/m/")
        path = path.removeprefix("/m") if mobile else path
        if post := self._post(path):
            return self._post_page(post, mobile=mobile)
        if shown := self._listing(path, _page_number(query)):
            return self._listing_page(shown)
        return self._other(path)

    def _post(self, path: str) -> DemoPost | None:
        return next((p for p in self.posts if path in {f"/{p.id}", f"/entry/{p.slug}"}), None)

    def _listing(self, path: str, page: int) -> Listing | None:
        kind, _, name = path.strip("/").partition("/")
        if not kind:
            return listing("index", "전체 글", "/", self.posts, page)
        if kind == "category":
            found = in_category(self.posts, name)
            address = category_path(name) if name else "/category"
            return listing("category", name or "분류 전체보기", address, found, page) if found else None
        if kind == "tag" and name:
            found = [post for post in self.posts if name in post.tags]
            return listing("tag", name, tag_path(name), found, page) if found else None
        return None

    def _post_page(self, post: DemoPost, *, mobile: bool) -> Answer:
        older, newer = neighbours(self.posts, post)
        same = [p for p in self.posts if p.category == post.category and p != post] if post.category else []
        values: dict[str, Any] = {
            "post": post,
            "body": Markup(post.html(self.base_url)),  # noqa: S704 - the blog's own text
            "canonical": self.base_url + post.path,
            "config": metadata.config(self.base_url, post.path, older, newer),
            "same_category": same[:5],
            "popular": self.posts[:3],
        }
        return self._page("mobile.html" if mobile else "post.html", **values)

    def _listing_page(self, shown: Listing) -> Answer:
        return self._page("listing.html", listing=shown, **self._top(shown.path))

    def _other(self, path: str) -> Answer:
        match path.strip("/").split("/"):
            case ["rss" | "sitemap.xml" | "robots.txt" as name]:
                template, content_type = _FILES[name]
                return self._page(template, content_type)
            case ["tag" | "guestbook" as kind]:
                return self._page("plain.html", kind=kind, **self._top(f"/{kind}"))
            case ["dn", name, *_, "img.png"] if name in NAMES:
                return file_answer(picture(name), PNG)
            case ["dn", *_, name] if name in _attachments():
                return file_answer(_attachments()[name], "application/octet-stream")
        return self._page("not_found.html", status=_NOT_FOUND, **self._top("/"))

    def _top(self, path: str) -> dict[str, Any]:
        # Not a slip: on category, tag and search pages Tistory's canonical is the blog's own address.
        return {"canonical": self.base_url, "config": metadata.config(self.base_url, path, None, None)}

    def _page(self, template: str, content_type: str = HTML, status: int = 200, **values: Any) -> Answer:
        known = {"base_url": self.base_url, "posts": self.posts, "categories": categories(self.posts)}
        return text_answer(_templates().get_template(template).render(**known | values), content_type, status)


def _page_number(query: dict[str, list[str]]) -> int:
    text = query.get("page", ["1"])[0]
    return max(1, int(text)) if text.isdecimal() else 1


def _tags(posts: Sequence[DemoPost]) -> list[str]:
    return sorted({tag for post in posts for tag in post.tags})


@cache
def _attachments() -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in (files("crawler.demo") / "files").iterdir()}


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=PackageLoader("crawler.demo"),
        autoescape=select_autoescape(["html", "xml"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":")}
    environment.globals |= {"blog": metadata, "picture_path": picture_path, "category_path": category_path,
                            "tag_path": tag_path, "all_tags": _tags}  # fmt: skip
    environment.filters |= {"article_date": dates.article_date, "list_date": dates.list_date,
                            "rss_date": dates.rss_date, "reg_date": dates.reg_date}  # fmt: skip
    return environment
