"""Which posts exist: what a blog's own feed, sitemap and lists say, read without network, store or clock."""

from __future__ import annotations

from crawler.discovery.feed import feed_posts, is_feed, read_feed
from crawler.discovery.feed_page import FeedPage
from crawler.discovery.found import Found, found_in_list, listing_mark
from crawler.discovery.sitemap import Sitemap, read_sitemap
from crawler.discovery.sitemap_posts import posts_in
from crawler.discovery.unchanged import fingerprint

__all__ = [
    "FeedPage", "Found", "Sitemap", "feed_posts", "fingerprint", "found_in_list", "is_feed", "listing_mark", "posts_in",
    "read_feed", "read_sitemap",
]
