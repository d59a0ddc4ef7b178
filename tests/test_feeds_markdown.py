"""Bodies as Markdown, read again by a Markdown parser that shares nothing with what wrote them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
import yaml
from command_line import SITES
from exported_posts import HOSTILE
from feeds_bodies import BODIES
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from lxml import html as lxml_html
from markdown_it import MarkdownIt

from crawler.recording import read_expected
from feeds.exports import Blog
from feeds.exports.markdown.body import markdown
from feeds.exports.markdown.document import document
from pipelines.body import clean
from pipelines.normalise import normalise
from pipelines.post import RawPost
from pipelines.site import Site

BASE = "https://dal.tistory.com/7"
NOW = datetime(2026, 11, 24, tzinfo=UTC)
SITE = Site(source="dal", title="달 & <별>", home="https://dal.tistory.com/", platform="tistory")
READER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def made(content: str) -> str:
    return markdown(clean(content, BASE))


def rendered(content: str) -> lxml_html.HtmlElement:
    """What a reader of the Markdown sees."""
    return lxml_html.fromstring(f"<div>{READER.render(made(content))}</div>")


def letters(tree: lxml_html.HtmlElement) -> str:
    """The text of a body and what its pictures say, in order, without white space."""
    said = ""
    for event, node in etree.iterwalk(tree, events=("start", "end")):
        said += (node.text or "") + node.get("alt", "") if event == "start" else (node.tail or "")
    return "".join(said.split())


def is_within(text: str, other: str) -> bool:
    """Whether all of *text* stands in *other*, in its order."""
    rest = iter(other)
    return all(sign in rest for sign in text)


def bodies() -> list[tuple[str, str]]:
    """Every body of the recorded sites, with its address."""
    found = [record for folder in sorted(SITES.iterdir()) for record in read_expected(folder)]
    return [(record["url"], record["content_html"]) for record in found]


# --- nothing is lost -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("url", "content"), bodies())
def test_all_words_pictures_and_links_of_the_recorded_sites_are_there(url: str, content: str) -> None:
    before, after = lxml_html.fromstring(f"<div>{content}</div>"), rendered(content)
    said = letters(after)
    for link in before.iter("a"):
        if link.find(".//div") is not None:  # Markdown has no link around blocks: its address stands after them
            said = said.replace(link.get("href", ""), "", 1)
    assert said == letters(before)
    for path in ("//a/@href", "//img/@src", "//img/@alt", "//pre//code/@class"):
        assert after.xpath(path) == before.xpath(path)
    kept = ("h1", "h2", "h3", "ul", "ol", "li", "pre", "table", "tr", "td", "th", "blockquote", "details", "summary")
    for tag in kept:
        assert len(after.findall(f".//{tag}")) >= len(before.findall(f".//{tag}")), tag


@given(st.lists(BODIES, max_size=5).map("".join))
def test_nothing_is_lost_of_any_body(content: str) -> None:
    before, after = lxml_html.fromstring(f"<div>{clean(content, BASE)}</div>"), rendered(content)
    assert is_within(letters(before), letters(after)), made(content)
    assert after.xpath("//img/@src") == before.xpath("//img/@src"), made(content)
    links = {link.get("href") for link in before.iter("a") if letters(link) or link.find(".//img") is not None}
    assert links <= set(after.xpath("//a/@href")), made(content)


# --- text that looks like Markdown -----------------------------------------------------------------------------------

SIGNS = st.text(st.sampled_from("*_`~#+-=:>|[](){}<>!\\&;$^%\"'.1 \n가aZ/@…“”"), max_size=25)
WRAPPED = [
    "<p>{}</p>", "<p>가<b>{}</b>나</p>", "<p><em>{}</em> <code>{}</code></p>", "<p>가<s>{}</s><b>{}</b><i>{}</i></p>",
    "<h2>{}</h2>", "<blockquote>{}</blockquote>", '<p><a href="/x_(1)">{}</a>가</p>', "<p>가<br>{}<br>{}</p>",
    "<table><tr><td>{}</td><td><b>{}</b></td></tr></table>", '<p><img src="/a.png" alt="{}" title="{}"></p>',
    "<details><summary>{}</summary>{}</details>", "<pre><code>{}\n\n{}</code></pre>",
    "<table><tr><td><p>{}</p></td><td><ul><li>{}</li></ul></td></tr></table>", "<dl><dt>{}</dt><dd>{}</dd></dl>",
    "<figure><img src='/a.png'><figcaption>{}</figcaption></figure>", "{}<p>글</p>{}",
    "<p>H<sub>{}</sub><u>{}</u></p>", "<ul><li>{}<ol><li>{}</li></ol>{}</li></ul>",
]


@given(st.sampled_from(WRAPPED), SIGNS)
def test_text_is_read_as_the_text_that_it_is(wrapped: str, text: str) -> None:
    written = text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    content = wrapped.replace("{}", written)
    before, after = lxml_html.fromstring(f"<div>{clean(content, BASE)}</div>"), rendered(content)
    assert letters(after) == letters(before), made(content)
    assert after.xpath("//a/@href") == before.xpath("//a/@href")
    for name in ("src", "alt"):
        first, second = ([" ".join(img.get(name, "").split()) for img in tree.iter("img")] for tree in (before, after))
        assert first == second


# --- blocks ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("content", "expected"), [
    ('<pre class="python language-python"><code>a\n\n  b ``` c</code></pre>', "````python\na\n\n  b ``` c\n````"),
    ("<table><thead><tr><th>가</th><th>나|</th></tr></thead><tbody><tr><td>1<br>2</td><td><p>3</p></td></tr></tbody></table>",
     "| 가 | 나\\| |\n| --- | --- |\n| 1<br>2 | 3 |"),
    ("<table><caption>표</caption><tr><td>1</td></tr></table>", "표\n\n|  |\n| --- |\n| 1 |"),
    ('<figure><img src="/a_(1).png" alt="가 [나]"><figcaption>설명</figcaption></figure>',
     "![가 \\[나\\]](https://dal.tistory.com/a_\\(1\\).png)\n\n설명"),
    ('<details><summary>더 &lt;보기&gt;</summary><p>글 <b>하나</b></p></details>',
     "<details>\n<summary>더 &lt;보기&gt;</summary>\n\n글 **하나**\n\n</details>"),
    ('<figure data-ke-type="opengraph" data-og-title="제목" data-og-url="//x.kr/a"></figure>',
     "[제목](https://x.kr/a)"),
    ("<ul><li>가<ol><li>나</li><li>다</li></ol></li><li><p>라</p><p>마</p></li></ul>",
     "- 가\n  1. 나\n  2. 다\n- 라\n\n  마"),
    ("<p>“<b>말</b>”이 <b>“말”</b>이</p>", "“**말**”이 <strong>“말”</strong>이"),
    ("<p>글 <b>“고침:”</b> 0.5MB 1.</p><p>1. 글</p>", "글 **“고침:”** 0.5MB 1.\n\n1\\. 글"),
    # What says nothing leaves no spaces that would add up to an indent, which is code.
    ("<p>가</p><blockquote></blockquote><ul><li></li></ul><b>나</b>", "가\n\n**나**"),
    ("<blockquote><p>가</p><p>나</p></blockquote><hr>", "> 가\n>\n> 나\n\n***"),
])
def test_each_block_in_its_form(content: str, expected: str) -> None:
    assert made(content) == expected


@pytest.mark.parametrize("cell", [
    '<td colspan="2">글</td>', "<td><p>가</p><p>나</p></td>", "<td><ul><li>가</li></ul></td>",
    "<td><pre>가\n\n\n나</pre></td>", "<td><code>a|b</code></td>", "<td>글</td><td>글</td>",
    "<td><table><tr><td>글</td></tr></table></td>",
])
def test_a_table_that_no_pipes_can_hold_stays_html(cell: str) -> None:
    content = f"<table><tr><td>1</td></tr><tr>{cell}</tr></table><p>*끝*</p>"
    written = made(content)
    assert written.startswith("<table")
    before, after = lxml_html.fromstring(f"<div>{clean(content, BASE)}</div>"), rendered(content)
    shape = [[(node.tag, "".join((node.text or "").split())) for node in tree.iter() if node.tag != "tbody"]
             for tree in (before, after)]
    assert shape[0] == shape[1]
    assert [pre.text for pre in after.iter("pre")] == [pre.text for pre in before.iter("pre")]


# --- the file --------------------------------------------------------------------------------------------------------


def written(content: str, closing: str = "", **values: object) -> tuple[dict[str, object], str]:
    raw = RawPost(source="dal", page_url=BASE, fetched=NOW, key="tistory:1:7", title="제목", content_html=content)
    post = replace(normalise(raw), **values)
    text = document(post, Blog(site=SITE, zone="Asia/Seoul", closing=closing)).text
    _, front, body = text.split("---\n", 2)
    return yaml.safe_load(front), body.strip("\n")


def test_front_matter_says_what_is_known() -> None:
    front, body = written(
        "<p>글</p>", title="봄: 'x' # {{ y }}", author="김달", published=NOW, updated=NOW + timedelta(days=1),
        categories=("여행", "a: b"), tags=("- c", "null"), image="https://x.kr/a.png", excerpt="첫 줄", language="ko",
    )
    zone = timezone(timedelta(hours=9))
    assert front == {
        "title": "봄: 'x' # {{ y }}", "author": "김달", "categories": ["여행", "a: b"], "tags": ["- c", "null"],
        "url": BASE,
        "guid": "tag:dal.tistory.com,2026:tistory:1:7", "image": "https://x.kr/a.png", "excerpt": "첫 줄",
        "language": "ko", "date": NOW.astimezone(zone), "updated": (NOW + timedelta(days=1)).astimezone(zone),
    }
    assert body == "글"
    assert set(written("", excerpt="", language=None)[0]) == {"title", "date", "url", "guid"}


@pytest.mark.parametrize("text", [
    *(title for title, _ in HOSTILE), "../../x", "\x7f\u202e", "$\\frac{1}{2}$", "긴" * 300,
])
def test_front_matter_gives_back_every_title(text: str) -> None:
    front, _ = written("<p>글</p>", title=text, categories=(text or "x",), tags=(text or "x",), author=text or None)
    assert (front["title"], front["categories"], front.get("author")) == (text, [text or "x"], text or None)


def test_the_closing_line_leads_back_once() -> None:
    closing = '출처: <a href="{url}">{site}</a>'
    line = f"출처: [달 & \\<별\\>]({BASE})"
    assert written("<p>글</p>", closing)[1] == f"글\n\n{line}"
    assert written(f'<p>글</p><p><a href="{BASE}">여기</a></p>', closing)[1] == f"글\n\n[여기]({BASE})"
