"""Posts with hostile titles and bodies in a store, for the tests of what is exported and imported."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from command_line import workspace

from pipelines.normalise import normalise
from pipelines.post import Post, RawPost
from pipelines.site import Site
from pipelines.store import Store

DAY = datetime(2026, 6, 1, 15, 30, tzinfo=UTC)  # past midnight in Seoul
HOSTILE = [
    ("{{ site.title }}", "<p>{{ page.url }} {% raw %}{% endraw %}</p><pre>{% include x %}\n\n\n{{{</pre>"),
    ("---", "--- 줄 ---<p>다음</p>끝 * _줄_ `코드`"),
    ("\"따옴표\" 'x': 둘 # 셋", '<p title="&quot;x&quot;">"하나" &amp;amp; &lt;b&gt;</p>'),
    ("👍🏽 봄", "<p>👩‍👩‍👧 😀</p>"),
    ("\u202eمرحبا\u202c بالعالم", '<p dir="rtl">مرحبا</p>'),
    ("긴 제목 " * 100, "<p>글</p>"),
    ("../../etc/passwd", "<ul><li>가<ul><li>나<ol><li>다</li></ol></li></ul></li><li></li></ul>"),
    ("같은 제목", "<table><thead><tr><th>h</th></tr></thead><tbody><tr><td>1<br>2</td></tr></tbody></table>"),
    ("같은 제목", "<details data-ke-type=\"moreLess\"><summary>더</summary>글<p>글</p><pre>a\n\nb</pre></details>"),
    ("null", '<figure><img src="/a.png" alt=""><figcaption>설명</figcaption></figure><p>&nbsp;</p>'),
    ("2026", '<blockquote><p>하나</p><p>둘</p></blockquote><p><a href="/x">글</a></p>끝'),
    ("", '<p>제목 없이</p><p><a href="https://dal.tistory.com/">달</a></p>'),
    ("그림만", '<p><img src="https://x.example/lead.png" alt=""></p>'),
    ("빈 글", ""),
]


def made(number: int, title: str, content: str, **values: object) -> Post:
    raw = RawPost(
        source="dal", page_url=f"https://dal.tistory.com/{number}", fetched=DAY + timedelta(minutes=number),
        key=f"tistory:1:{number}", title=title, content_html=content, published=(DAY - timedelta(days=3)).isoformat(),
        author="김달", tags=("봄", "a: b"), categories=("여행", "봄") if number % 2 else (),
        image=f"https://x.example/{number}.png" if number % 3 else None, addresses=(f"https://dal.kr/entry/{number}",),
    )
    return replace(normalise(raw), **values)


def hostile_posts() -> list[Post]:
    posts = [made(number, title, content) for number, (title, content) in enumerate(HOSTILE, 1)]
    posts[3] = replace(posts[3], excerpt="", feature_text="", updated=DAY + timedelta(days=9), published=None)
    posts[4] = replace(posts[4], excerpt=" 앞에 빈칸", feature_text="---")
    return posts


def stored(folder: Path, posts: list[Post], config: str = "", **sources: str) -> Path:
    here = workspace(folder, config, **sources)
    site = Site(source="dal", title="달 & 별", home="https://dal.tistory.com/", platform="tistory", language="ko")
    with Store.open(f"sqlite:///{folder}/state/moafeed.db") as store:
        store.save(posts)
        store.save_site(site)
    return here


def posts_of(here: Path, source: str = "dal") -> list[Post]:
    with Store.open(f"sqlite:///{here}/state/moafeed.db") as store:
        return list(store.each([source]))


def stats(folder: Path) -> dict[str, tuple[int, int]]:
    return {str(p): (p.stat().st_mtime_ns, p.stat().st_ino) for p in folder.rglob("*") if p.is_file()}
