"""The JSON that Tistory writes into its pages: T.config, the tiara object, JSON-LD."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from crawler.demo.pictures import picture_path
from crawler.demo.post import DemoPost

BLOG_ID = 9900127
TITLE, NAME, AUTHOR = "느린솔의 동네 기록", "slowsol", "느린솔"
DESCRIPTION = "걷고, 굽고, 고치는 이야기를 천천히 적습니다."
NO_IMAGE = "https://t1.daumcdn.net/tistory_admin/static/images/openGraph/opengraph.png"
_CONTEXT = "http://schema.org"


def thumbnail(url: str, size: str = "R800x0") -> str:
    """Return the address of a thumbnail of *url* as Tistory writes it: the original is inside, percent-encoded."""
    return f"https://img1.daumcdn.net/thumb/{size}/?scode=mtistory2&fname={quote(url, safe='')}"


def lead_image(post: DemoPost, base_url: str, size: str = "R800x0") -> str:
    """Return the address that the page of *post* names as its picture."""
    return thumbnail(base_url + picture_path(post.image), size) if post.image else NO_IMAGE


def config(base_url: str, path: str, older: DemoPost | None, newer: DemoPost | None) -> dict[str, Any]:
    """Return `T.config` of the page at *path*; *older* and *newer* are a post's neighbours."""
    return {
        "TOP_SSL_URL": "https://www.tistory.com",
        "PREVIEW": False,
        "ROLE": "guest",
        "PREV_PAGE": older.path if older else "",
        "NEXT_PAGE": newer.path if newer else "",
        "BLOG": {"id": BLOG_ID, "name": NAME, "title": TITLE, "isDormancy": False, "nickName": AUTHOR},
        "LOGIN_URL": f"https://www.tistory.com/auth/login/?redirectUrl={base_url}{path}",
        "DEFAULT_URL": base_url,
        "USER": {"name": None, "homepage": None, "id": 0, "profileImage": None},
        "IS_LOGIN": False,
        "PHASE": "prod",
        "ROLE_GROUP": "visitor",
    }


def category_id(category: str | None) -> int:
    """Return a number for *category*, as Tistory numbers them; 0 for none."""
    return 1_000_000 + sum(category.encode()) if category else 0


def entry_info(post: DemoPost) -> dict[str, Any]:
    """Return `T.entryInfo` (pages since August 2025)."""
    return {
        "entryId": post.id,
        "isAuthor": False,
        "categoryId": category_id(post.category),
        "categoryLabel": post.category,
    }


def tiara(post: DemoPost) -> dict[str, Any]:
    """Return the object of Tistory's statistics, the one place that holds category path and tags together."""
    entry = {
        "entryId": str(post.id),
        "entryTitle": post.title,
        "entryType": "POST",
        "categoryName": post.category,
        "categoryId": str(category_id(post.category)),
        "author": str(BLOG_ID),
        "authorNickname": AUTHOR,
        "blogNmae": TITLE,  # sic: Tistory's spelling
        "image": "",  # a Kakao picture key on Tistory; these pictures are the blog's own
        "plink": post.path,
        "tags": list(post.tags),
    }
    properties = {"blogId": str(BLOG_ID), "entryId": str(post.id), "role": "guest"}
    return {"svcDomain": "user.tistory.com", "section": "글뷰", "trackPage": "글뷰_보기", "page": "글뷰",
            "key": f"{BLOG_ID}-{post.id}", "customProps": properties, "entry": entry}  # fmt: skip


def posting(post: DemoPost, base_url: str) -> dict[str, Any]:
    """Return the JSON-LD of a post."""
    url, size = base_url + post.path, {"width": "800px", "height": "800px"}
    return {
        "@context": _CONTEXT,
        "@type": "BlogPosting",
        "mainEntityOfPage": {"@id": url, "name": None},
        "url": url,
        "headline": post.title,
        "description": post.summary,
        "author": {"@type": "Person", "name": AUTHOR, "logo": None},
        "image": {"@type": "ImageObject", "url": lead_image(post, base_url)} | size,
        "datePublished": post.published.isoformat(),
        "dateModified": post.edited.isoformat(),
        "publisher": {"@type": "Organization", "name": "TISTORY",
                      "logo": {"@type": "ImageObject", "url": NO_IMAGE} | size},
    }  # fmt: skip


def category_list(posts: Sequence[DemoPost], base_url: str) -> dict[str, Any]:
    """Return the JSON-LD of a category page, which lists its posts under a surprising type."""
    items = [
        {"@type": "ListItem", "position": place, "item": {"@id": base_url + post.path, "name": post.title}}
        for place, post in enumerate(posts, start=1)
    ]
    return {"@context": _CONTEXT, "@type": "BreadcrumbList", "itemListElement": items}


def website(base_url: str) -> dict[str, Any]:
    """Return the JSON-LD of every other listing."""
    return {"@context": _CONTEXT, "@type": "WebSite", "url": f"{base_url}/", "name": None, "alternateName": TITLE}
