"""The parts of a Jekyll export that are pure: names, front matter, the layout of a body, the closing line."""

from __future__ import annotations

import json
import unicodedata
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import yaml
from feeds_bodies import BODIES
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html

from feeds.exports import EXPORTS, Blog, ExportError, Library, load_export
from feeds.exports.jekyll import data, write
from feeds.exports.jekyll.document import document
from feeds.exports.jekyll.layout import lay_out
from feeds.exports.jekyll.markdown import body_html
from feeds.exports.jekyll.names import Heading, name_posts
from feeds.exports.jekyll.scalars import block, scalar
from feeds.exports.jekyll.slug import LONGEST_SLUG, same_file_key, slug
from feeds.publish import PublishError
from pipelines.body import clean
from pipelines.normalise import normalise
from pipelines.post import Post, RawPost, xml_safe
from pipelines.site import Site

SHARED = Path(__file__).resolve().parents[2] / "shared"
NOW = datetime(2026, 11, 24, tzinfo=UTC)
BASE = "https://dal.tistory.com/7"
SITE = Site(source="dal", title="달 & <별>", home="https://dal.tistory.com/", platform="tistory")
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60).map(xml_safe)


def post(content: str = "<p>글</p>", **values: object) -> Post:
    raw = RawPost(source="dal", page_url=BASE, fetched=NOW, key="tistory:1:7", title="제목", content_html=content)
    made = normalise(raw)
    return Post(**{name: getattr(made, name) for name in made.__dataclass_fields__} | values)


def written(made: Post, closing: str = "") -> str:
    return document(made, Blog(site=SITE, zone="Asia/Seoul", closing=closing)).text


def body(text: str) -> str:
    return text.partition("\n---\n")[2].strip("\n")


def laid_out(content: str) -> str:
    return "\n\n".join(piece.text for piece in lay_out(clean(content, BASE)))


def test_formats_are_found() -> None:
    assert load_export("jekyll").themes == ("alembic",)
    assert all(callable(load_export(name).write) for name in EXPORTS.names())


# --- names -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("title", "expected"), [
    ("한미일 산업장관회의, 공급망·협력 “논의”", "한미일-산업장관회의-공급망-협력-논의"),
    ("Hello,   World!  C++ & Rust", "hello-world-c-rust"),
    ("../../etc/passwd", "etc-passwd"),
    (".git", "git"),
    ("--help", "help"),
    (unicodedata.normalize("NFD", "봄 산책"), "봄-산책"),
    ("a\u202egnp.exe", "agnp-exe"),
    ("CON", "con-post"),
    ("हिन्दी में", "हिन्दी-में"),
    ("👍🏽", "7"),
    ("", "7"),
    ("\u3164\u200b", "7"),
])
def test_slugs(title: str, expected: str) -> None:
    assert slug(title, "tag:dal.tistory.com,2026:tistory:1:7") == expected


@given(st.text(max_size=400))
def test_a_slug_is_always_a_plain_name(title: str) -> None:
    made = slug(title, "tag:x,2026:/")
    assert made
    assert len(made.encode()) <= LONGEST_SLUG
    assert made[0] not in "-."
    assert made == unicodedata.normalize("NFC", made)
    assert all(unicodedata.category(sign)[0] in "LMN" for sign in made.replace("-", ""))


def heading(title: str, number: int, day: date = date(2026, 6, 1)) -> Heading:
    seen = NOW.replace(hour=number % 24)
    return Heading(key=("dal", f"tag:dal.tistory.com,2026:tistory:1:{number}"), title=title, day=day, first_seen=seen)


def test_of_two_that_want_one_name_the_first_seen_gets_it_for_ever() -> None:
    first, second = heading("봄", 1), heading("봄", 2)
    names = name_posts([second, first], {}, ())
    assert names[first.key] == "2026-06-01-봄"
    assert names[second.key].startswith("2026-06-01-봄-")
    assert len(names[second.key]) == len("2026-06-01-봄-") + 8
    renamed = heading("여름", 1, date(2027, 1, 1))
    assert name_posts([renamed, second], names, ()) == names
    assert name_posts([heading("봄", 3)], names, ["2026-06-01-BOM"])[heading("봄", 3).key] not in names.values()


def test_one_guid_in_three_sources_gets_three_names() -> None:
    ones = [Heading(key=(source, "g"), title="봄", day=date(2026, 6, 1), first_seen=NOW) for source in "abc"]
    assert len({same_file_key(name) for name in name_posts(ones, {}, ()).values()}) == 3


def test_names_of_hostile_titles_are_distinct_and_stay_in_the_folder(tmp_path: Path) -> None:
    vectors = SHARED / "vectors" / "titles_slugs.json"
    if not vectors.exists():
        pytest.skip("the vectors are not here")
    rows = json.loads(vectors.read_text(encoding="utf-8"))
    headings = [heading(row["input"], number) for number, row in enumerate(rows)]
    files = [f"{name}.md" for name in name_posts(headings, {}, ()).values()]
    assert len({same_file_key(file) for file in files}) == len(rows)
    for file in files:
        assert len(file.encode()) <= 255
        assert (tmp_path / file).resolve().parent == tmp_path.resolve()
        (tmp_path / file).touch()
    assert len(list(tmp_path.iterdir())) == len(rows)


# --- front matter ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "expected"), [
    ("한미일 회의, 3국 협력", "한미일 회의, 3국 협력"),
    ("a: b", "'a: b'"),
    ("it's: here", "'it''s: here'"),
    ("it's here", "it's here"),
    ("2024", "'2024'"), ("1e3", "'1e3'"), ("1,000", "'1,000'"), ("12:30", "'12:30'"), ("2024-06-28", "'2024-06-28'"),
    ("2024-99-99", "'2024-99-99'"), ("2024년 결산", "2024년 결산"),
    ("yes", "'yes'"), ("null", "'null'"), ("~", "'~'"), (":symbol", "':symbol'"), ("- item", "'- item'"),
    ("#1", "'#1'"), ("C# 이야기", "C# 이야기"), ("끝 # 아님", "'끝 # 아님'"), ("[목록] 하나", "'[목록] 하나'"),
    ("", "''"), (" 앞", "' 앞'"), ("👍🏽", "👍🏽"), ("\x7f", '"\\x7f"'), ("a\nb", '"a\\nb"'),
])
def test_scalars(text: str, expected: str) -> None:
    assert scalar(text) == expected


@given(TEXTS)
def test_every_text_is_read_back_byte_for_byte(text: str) -> None:
    assert yaml.safe_load(f"title: {scalar(text)}\n") == {"title": text}
    assert yaml.safe_load(f"- {scalar(text, '- ')}\n") == [text]
    found = yaml.safe_load(f"excerpt: {block(text)}\n---\n".split("\n---\n")[0] + "\n")["excerpt"]
    assert found.removesuffix("\n") == text or found == text


@pytest.mark.parametrize("text", ["---", "# 제목", "- 하나", "a: b", "끝 ", "'따옴표'", "\ta"[1:], "{{ x }}"])
def test_a_line_folds_as_it_is(text: str) -> None:
    assert block(text) == f">\n  {text}"


@pytest.mark.parametrize("text", ["", " 앞", "\t앞", "두\n줄"])
def test_what_folding_cannot_carry_is_quoted(text: str) -> None:
    assert not block(text).startswith(">")


def test_five_keys_in_their_order() -> None:
    made = post(title="봄: 산책", categories=("News", "a: b"), excerpt="하나.", feature_text="둘.", image="https://x/a.png")
    assert written(made).startswith(
        "---\ntitle: '봄: 산책'\ncategories:\n  - News\n  - 'a: b'\nexcerpt: >\n  하나.\nfeature_text: >\n  둘.\n"
        "image: 'https://x/a.png'\n---\n"
    )
    bare = written(post(excerpt="", feature_text=""))
    assert bare.startswith("---\ntitle: 제목\ncategories: []\nexcerpt: ''\nfeature_text: ''\n---\n")


# --- the body --------------------------------------------------------------------------------------------------------


def test_blocks_lists_and_tables_are_laid_out() -> None:
    content = (
        '<p>하나<br>둘</p><hr><ul><li>가<ul><li>나</li></ul></li><li>다</li></ul>'
        "<table><tr><td>1</td><td><p>a</p><p>b</p></td></tr></table>"
        "<table><thead><tr><th>h</th></tr></thead><tbody><tr><td>2</td></tr></tbody></table>"
    )
    assert laid_out(content) == (
        "<p>하나<br />둘</p>\n\n<hr />\n\n<ul>\n<li>가\n<ul>\n<li>나</li>\n</ul>\n</li>\n<li>다</li>\n</ul>\n\n"
        "<table>\n  <tr>\n    <td>1</td>\n    <td><p>a</p><p>b</p></td>\n  </tr>\n</table>\n\n"
        "<table>\n  <thead>\n    <tr>\n      <th>h</th>\n    </tr>\n  </thead>\n"
        "  <tbody>\n    <tr>\n      <td>2</td>\n    </tr>\n  </tbody>\n</table>"
    )


def test_code_stays_as_it_is() -> None:
    code = "<pre><code>def f():\n\n    return  1\n\n\n</code></pre>"
    assert laid_out(f"<blockquote>{code}</blockquote>{code}").count(code) == 2


def test_what_cleaning_adds_is_left_out() -> None:
    made = laid_out('<p><img src="/a.png" alt="a"> <a href="/b" rel="dofollow">b</a> <a href="/c">c</a>&nbsp;</p>')
    assert made == (
        '<p><img src="https://dal.tistory.com/a.png" alt="a" /> '
        '<a href="https://dal.tistory.com/b" rel="dofollow">b</a> <a href="https://dal.tistory.com/c">c</a>&nbsp;</p>'
    )


LIQUID = "{{ site.title }} {% raw %} {{{% endraw %} {% include x %}"


@pytest.mark.parametrize("content", [
    f"<p>{LIQUID}</p>", f"<pre>{LIQUID}</pre>", LIQUID, f'<p><img src="/a.png" alt="{LIQUID}"></p>',
    f"<ul><li>{LIQUID}</li></ul>",
])
def test_liquid_finds_no_token(content: str) -> None:
    made = laid_out(content)
    assert "{{" not in made
    assert "{%" not in made
    assert "".join(lxml_html.fromstring(f"<div>{made}</div>").itertext()).strip() in {LIQUID, ""}
    assert clean(made, BASE) == clean(content, BASE).replace("\n", "") or "<ul>" in made


@pytest.mark.parametrize("text", [
    "- 하나", "# 제목", "1. 하나", "2024. 6. 28", "*별* _밑줄_ `코드`", "| 가 | 나 |", "[글](주소)", "$$x$$", "...",
    "--", '"따옴표"', "{: .class}", ": 뜻", "> 인용", "+ 더하기", "===", "~~~",
])
def test_markdown_finds_nothing_in_a_bare_line(text: str) -> None:
    made = laid_out(lxml_html.tostring(_element(text), encoding="unicode")[len("<div>"):-len("</div>")])
    rendered = lxml_html.fromstring(body_html(made))
    assert rendered.tag == "p"
    assert len(rendered) == 0
    assert rendered.text == text


def _element(text: str) -> lxml_html.HtmlElement:
    node = lxml_html.Element("div")
    node.text = text
    return node


@given(st.lists(BODIES, max_size=5).map("".join))
def test_what_is_laid_out_is_read_back_and_laid_out_the_same(content: str) -> None:
    once = clean(content, BASE)
    if clean(once, BASE) != once:
        return  # not what is asked here
    made = laid_out(once)
    assert laid_out(made) == made
    text = ["".join("".join(lxml_html.fromstring(f"<div>{x}</div>").itertext()).split()) for x in (once, made)]
    assert text[0] == text[1]


# --- lead image and closing line -------------------------------------------------------------------------------------


def test_a_lead_image_stands_above_the_body_once() -> None:
    image = "https://x.example/a.png?b=1&c=2"
    line = '<p><img src="https://x.example/a.png?b=1&amp;c=2" alt="" /></p>'
    assert body(written(post("<p>글</p>", image=image))) == f"{line}\n\n<p>글</p>"
    own = '<p>글</p><p><img src="https://x.example/a.png?b=1&amp;c=2" alt="새"></p>'
    assert body(written(post(own, image=image))).count("<img") == 1


CLOSING = '생생한 뉴스, <a href="{home}" rel="dofollow">{host}</a>'
WRITTEN = '생생한 뉴스, <a href="https://dal.tistory.com" rel="dofollow">dal.tistory.com</a>'


def test_the_closing_line_stands_right_below_the_last_block() -> None:
    assert body(written(post(), CLOSING)) == f"<p>글</p>\n{WRITTEN}"
    assert body(written(post("글"), CLOSING)) == f"글\n\n<p>{WRITTEN}</p>"


def test_its_values_are_escaped() -> None:
    made = body(written(post(title='<b>"제목"'), '<p><a href="{url}" title="{title}">{site}</a></p>'))
    link = lxml_html.fromstring(made.split("\n\n")[1])[0]
    assert link.text == "달 & <별>"
    assert link.get("title") == '<b>"제목"'
    assert link.get("href") == BASE


@pytest.mark.parametrize("end", [
    f'<p>출처: <a href="{BASE}">여기</a></p>', 'more at <a href="http://dal.tistory.com">달</a>', f"<p>글</p>{WRITTEN}",
    f'<p><a href="{BASE}/">원문</a></p><p>&nbsp;</p>',
])
def test_a_body_that_leads_back_gets_no_second_one(end: str) -> None:
    assert "뉴스" not in body(written(post(f"<p>글</p>{end}"), CLOSING)).replace(WRITTEN, "")


@pytest.mark.parametrize("end", [
    '<p><a href="https://other.example/">여기</a></p>', f'<p>{"긴 글 " * 80}<a href="{BASE}">여기</a></p>', "<p>글</p>",
    f'<ul><li><a href="{BASE}">목록</a></li></ul>',
])
def test_any_other_end_gets_one(end: str) -> None:
    assert body(written(post(f"<p>글</p>{end}"), CLOSING)).endswith(WRITTEN)


def test_an_imported_post_keeps_the_closing_line_it_came_with() -> None:
    end = '생생한 뉴스, <a href="https://qoogle.example" rel="dofollow">qoogle.example</a>'
    assert body(written(post(f"<p>글</p>{end}"), CLOSING)).endswith(WRITTEN + "</p>")
    assert body(written(post(f"<p>글</p>{end}", aliases=("id:jekyll:dal.kr/a",)), CLOSING)) == f"<p>글</p>\n{end}"


# --- the data file ---------------------------------------------------------------------------------------------------


def test_the_data_file_is_yaml_too_and_comes_back(tmp_path: Path) -> None:
    made = post(title="x", author="\u2028\ufeff\x85👍🏽", tags=("a: b",))
    whole = data.Data(posts={"2026-01-01-x": data.record_of(made)}, sites={"dal": SITE})
    raw = data.render(whole)
    assert yaml.safe_load(raw.decode()) == json.loads(raw)  # Jekyll reads it as YAML
    (tmp_path / "_data").mkdir()
    (tmp_path / "_data/moafeed.json").write_bytes(raw)
    assert data.load(tmp_path) == whole


@pytest.mark.parametrize("text", [
    "", "{", "[]", "[" * 100_000, '{"posts": {"../x": {}}, "sites": {}}', '{"posts": {"a": 3}, "sites": {}}',
    '{"posts": {"a": {"guid": 3}}, "sites": {}}', '{"posts": {"a": {"class": "x"}}, "sites": {}}',
    '{"posts": {"a": {"source": "a", "guid": "g", "url": "u", "first_seen": "2026-01-01T00:00:00"}}, "sites": {}}',
])
def test_a_data_file_that_no_export_wrote_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "_data").mkdir()
    (tmp_path / "_data/moafeed.json").write_text(text, encoding="utf-8")
    with pytest.raises(ExportError, match="is broken"):
        data.load(tmp_path)


def test_no_data_file_is_no_data(tmp_path: Path) -> None:
    assert data.load(tmp_path) == data.Data(posts={}, sites={})


# --- the folder ------------------------------------------------------------------------------------------------------


def library(*posts: Post) -> Library:
    return Library(blogs={"dal": Blog(site=SITE, zone="Asia/Seoul", closing="")}, posts=lambda: iter(posts))


def content(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("name", ["_posts", "_data", "_data/moafeed.json"])
def test_nothing_is_written_through_a_link(tmp_path: Path, name: str) -> None:
    out, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    write(out, library(post()), None)
    (out / name).rename(elsewhere)
    (out / name).symlink_to(elsewhere)
    before = content(tmp_path)
    with pytest.raises((PublishError, ExportError), match="symbolic link"):
        write(out, library(post(title="새 제목")), None)
    assert content(tmp_path) == before


def test_a_broken_data_file_stops_before_anything_is_renamed(tmp_path: Path) -> None:
    write(tmp_path, library(post()), None)
    (tmp_path / "_data/moafeed.json").write_text("{", encoding="utf-8")
    before = content(tmp_path)
    with pytest.raises(ExportError, match="is broken"):
        write(tmp_path, library(post(title="새 제목")), None)
    assert content(tmp_path) == before


def test_a_run_that_was_killed_between_data_and_posts_is_made_good(tmp_path: Path) -> None:
    write(tmp_path, library(post()), None)
    whole = content(tmp_path)
    (tmp_path / "_posts/2026-11-24-제목.md").unlink()
    assert write(tmp_path, library(post()), None).written == 1
    assert content(tmp_path) == whole


def test_posts_that_are_not_exported_now_keep_their_files_and_names(tmp_path: Path) -> None:
    write(tmp_path, library(post()), None)
    done = write(tmp_path, library(post(guid="tag:x,2026:2")), None)
    assert (done.written, done.unchanged) == (1, 0)
    assert len(data.load(tmp_path).posts) == len(list((tmp_path / "_posts").iterdir())) == 2
    assert write(tmp_path, library(post(), post(guid="tag:x,2026:2")), None).unchanged == 2


def test_a_hostile_data_file_leads_nowhere(tmp_path: Path) -> None:
    write(tmp_path / "out", library(post()), None)
    file = tmp_path / "out/_data/moafeed.json"
    for name in ("../evil", "..", ".hidden", "a/b", "x" * 300):
        file.write_text(json.dumps({"posts": {name: {}}, "sites": {}}), encoding="utf-8")
        with pytest.raises(ExportError):
            write(tmp_path / "out", library(post()), None)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
