"""A small Tistory-shaped blog of our own, for tests, recordings and a first look without touching anybody's site."""

from crawler.demo.answer import Answer
from crawler.demo.blog import render
from crawler.demo.post import DemoPost, demo_posts
from crawler.demo.server import DemoBlog

__all__ = ["Answer", "DemoBlog", "DemoPost", "demo_posts", "render"]
