"""The front matter of a post: five keys, in the order and style that the theme Alembic documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .scalars import block, quoted, scalar

if TYPE_CHECKING:
    from pipelines.post import Post


def front_matter(post: Post) -> str:
    """Return title, categories, excerpt, feature_text and image between two lines of hyphens; no image, no key."""
    lines = ["---", f"title: {scalar(post.title)}", *_categories(post.categories)]
    lines += [f"excerpt: {block(post.excerpt)}", f"feature_text: {block(post.feature_text)}"]
    if post.image:
        lines.append(f"image: {quoted(post.image)}")
    return "\n".join([*lines, "---", ""])


def _categories(categories: tuple[str, ...]) -> list[str]:
    if not categories:
        return ["categories: []"]
    return ["categories:", *(f"  - {scalar(name, '- ')}" for name in categories)]
