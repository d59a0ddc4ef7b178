"""Body HTML made clean: every block becomes what it means, and nothing of a post is lost."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote, urljoin

import pytest
from lxml import etree, html

from pipelines.body import clean
from pipelines.body.images import lead_image, original
from pipelines.excerpt import plain_text

SHARED = Path(__file__).resolve().parents[2] / "shared"
BASE = "https://blog.example/12"
IMAGE = "https://blog.kakaocdn.net/dn/abc/def/ghi/img.png"
THUMB = f"//img1.daumcdn.net/thumb/R1280x0/?scode=mtistory2&fname={quote(IMAGE, safe='')}"


def body(text: str) -> html.HtmlElement:
    return html.fragment_fromstring(clean(text, BASE), create_parent="main")


def sources(text: str) -> list[str]:
    return body(text).xpath(".//img/@src")


# --- nothing lost ---------------------------------------------------------------------------------------------------

def test_the_seed_post_comes_through_with_nothing_lost():
    seed = SHARED / "seed" / "post.md"
    if not seed.exists():
        pytest.skip("needs the shared folder with the seed post")
    written = seed.read_text("utf-8").split("---", 2)[2]
    before, after = html.fragment_fromstring(written, create_parent="main"), body(written)

    def told(root: html.HtmlElement) -> list[tuple[str, str, dict[str, str]]]:
        return [(e.tag, " ".join((e.text or "").split()), dict(e.attrib)) for e in root.iter() if e.tag != "tbody"]

    assert plain_text(clean(written, BASE)) == plain_text(written)
    for was, now in zip(told(before), told(after), strict=True):
        assert was[:2] == now[:2]
        for name, value in was[2].items():
            assert value in now[2][name], (was, name)


@pytest.mark.parametrize("kept", [
    '<h2 data-ke-size="size26">제목</h2>',
    '<p data-ke-size="size16">본문 <b>굵게</b> <i>기울여</i> <u>밑줄</u> <s>지움</s></p>',
    '<p style="text-align: center;"><span style="color: #1a5490; background-color: #f6e199;">색</span></p>',
    '<ul data-ke-list-type="disc" style="list-style-type: disc;"><li>하나</li></ul>',
    '<blockquote data-ke-style="style2">인용</blockquote>',
    '<hr data-ke-type="horizontalRule" data-ke-style="style6">',
    '<table data-ke-align="alignLeft" data-ke-style="style12" style="width: 100%;" border="1"></table>',
    '<table><tbody><tr><td colspan="2" style="width: 50%; height: 17px;">칸</td></tr></tbody></table>',
    '<ol start="3"><li>셋</li></ol>',
    "<p>첫째<br>둘째</p>",
    "<p><ruby>漢<rt>한</rt></ruby> H<sub>2</sub>O</p>",
])
def test_plain_blocks_stay_as_they_are(kept):
    assert clean(kept, BASE) == kept.replace(' style="list-style-type: disc;"', "")


# --- the editor's blocks --------------------------------------------------------------------------------------------

@pytest.mark.parametrize("markup", [
    f'<p><figure class="imageblock alignCenter"><span data-url="{IMAGE}"><img src="{THUMB}"></span></figure></p>',
    f'<figure class="imageblock"><span><img src="/loader.svg" srcset="{THUMB}"></span></figure>',
    f'<p><span class="imageblock"><img src="{THUMB}"></span></p>',
    f'<p><img src="data:image/gif;base64,R0lGOD" data-src="{IMAGE}"></p>',
    f'<img class="lazy" src="/img/blank.gif" data-original="{IMAGE}">',
    f'<img data-lazy-src="{IMAGE}">',
    f'<img src="data:," data-srcset="{IMAGE} 800w, https://x.example/small.png 200w">',
    f'<img srcset="https://x.example/small.png 1x, {IMAGE} 2x">',
    f'<picture><source srcset="{IMAGE}"><img></picture>',
    f'<img src="/lazy/placeholder.png"><noscript><img src="{IMAGE}"></noscript>',
    f'<amp-img src="{IMAGE}" width="300" height="200"></amp-img>',
    f'<p><a href="{IMAGE}"><img src="{IMAGE}"></a></p>',
])
def test_an_image_is_shown_by_its_original(markup):
    assert sources(markup) == [IMAGE]


def test_an_image_block_becomes_a_figure_with_its_size_words_and_caption():
    figure = body(
        '<p><figure class="imageblock alignCenter" data-origin-width="1000" data-origin-height="600">'
        f'<span data-url="{IMAGE}" data-alt="산 풍경"><img src="{THUMB}" onerror="x()"></span>'
        "<figcaption>정상에서</figcaption></figure></p>"
    )
    assert [child.tag for child in figure] == ["figure"], "no empty paragraph around it"
    image = figure.find(".//img")
    assert (image.get("alt"), image.get("width"), image.get("height")) == ("산 풍경", "1000", "600")
    assert figure.findtext(".//figcaption") == "정상에서"


def test_an_image_block_of_the_old_editor_keeps_its_caption():
    address = "http://cfile7.uf.tistory.com/image/AB"
    figure = body(f'<div class="imageblock center"><img src="{address}"><p class="cap1">역 앞</p></div>')
    assert figure.find("figure/img").get("src") == address
    assert figure.findtext("figure/figcaption") == "역 앞"


def test_a_grid_keeps_every_image_in_order():
    assert sources(
        '<figure class="imagegridblock"><div class="image-container">'
        '<span data-url="https://x.example/1.png"><img src="t"></span>'
        '<span data-url="https://x.example/2.png"><img src="t"></span></div></figure>'
    ) == ["https://x.example/1.png", "https://x.example/2.png"]


def test_a_slide_keeps_images_without_its_buttons():
    slide = body(
        '<figure class="imageslideblock"><div class="image-wrap"><img src="/1.png"><img src="/2.png"></div>'
        '<span class="btn btn-prev">이전</span><div class="mark"></div><figcaption>둘</figcaption></figure>'
    )
    assert slide.xpath(".//img/@src") == ["https://blog.example/1.png", "https://blog.example/2.png"]
    assert slide.text_content().strip() == "둘"


def test_words_beside_a_figure_in_one_paragraph_stay_around_it():
    assert plain_text(clean("<p>앞<figure class=imageblock><img src=/a.png></figure>뒤</p>", BASE)) == "앞\n뒤"


def test_a_link_card_becomes_a_link_with_description_and_host():
    card = body(
        '<figure data-ke-type="opengraph" data-og-title="문서 &ndash; 안내" data-og-description="처음 읽을 글"'
        ' data-og-host="docs.example" data-og-source-url="https://docs.example/a?x=1&amp;y=2">'
        '<a href="https://docs.example/"><div class="og-image" style="background-image:url(x)">&nbsp;</div>'
        '<div class="og-text"><p class="og-title">문서</p></div></a></figure>'
    )
    link = card.find(".//a")
    assert (link.get("href"), link.text) == ("https://docs.example/a?x=1&y=2", "문서 – 안내")
    assert plain_text(etree.tostring(card, encoding="unicode")) == "문서 – 안내\n처음 읽을 글\ndocs.example"


WATCH = "https://www.youtube.com/watch?v=abcdefghijk"
KAKAO = "https://play-tv.kakao.com/embed/player/cliplink/1"


@pytest.mark.parametrize(("markup", "address", "title"), [
    (f'<figure data-ke-type="video" data-video-url="{WATCH}" data-video-title="노래"></figure>', WATCH, "노래"),
    (f'<figure data-ke-type="video"><iframe src="{KAKAO}"></iframe><figcaption>말</figcaption></figure>', KAKAO, "말"),
    ('<p><iframe src="//www.youtube-nocookie.com/embed/abcdefghijk?rel=0" title="강연"></iframe></p>', WATCH, "강연"),
    ('<object><embed src="http://www.youtube.com/v/abcdefghijk&amp;hl=ko"></object>', WATCH, WATCH),
    ('<video><source src="/a/my%20film.mp4"></video>', "https://blog.example/a/my%20film.mp4", "my film.mp4"),
])
def test_a_video_becomes_a_link_to_where_it_plays(markup, address, title):
    link = body(markup).find(".//a")
    assert (link.get("href"), link.text) == (address, title)


def test_what_stands_beside_an_old_flash_video_stays():
    assert plain_text(clean('<p>앞 <embed src="/movie.swf"> 뒤</p>', BASE)) == "앞 뒤"


@pytest.mark.parametrize(("frame", "text"), [
    ("/proxy/plusmapViewer.php?id=1&mapGb=V", "지도"), ("https://www.google.com/maps/embed?pb=x", "지도"),
    ("https://map.kakao.com/?itemId=1", "지도"), ("https://docs.google.com/forms/d/e/1/viewform", None),
    ("https://codepen.io/a/embed/b", None), ("https://www.slideshare.net/slideshow/embed_code/1", None),
])
def test_what_an_author_puts_in_a_frame_becomes_a_link(frame, text):
    (link,) = html.fromstring(clean(f'<p>앞</p><iframe src="{frame}"></iframe><p>뒤</p>', BASE)).iter("a")
    assert link.get("href") == urljoin(BASE, frame)
    assert link.text == (text or urljoin(BASE, frame))


@pytest.mark.parametrize("frame", ["https://ads.example/banner", "javascript:alert(1)", ""])
def test_other_frames_go(frame):
    assert clean(f'<p>앞</p><iframe src="{frame}">대신</iframe><p>뒤</p>', BASE) == "<p>앞</p><p>뒤</p>"


@pytest.mark.parametrize("markup", [
    '<pre data-ke-type="codeblock" data-ke-language="python" class="python" id="code_1"><code>{}</code></pre>',
    '<pre class="hljs python"><code>{}</code></pre>',
    '<pre><code class="hljs language-python">{}</code></pre>',
    '<pre data-ke-language="Python">{}</pre>',
])
def test_code_keeps_its_lines_and_says_its_language(markup):
    code = "if a &lt; b:\n\tprint(1)\n\n    # 끝"
    block = body(markup.format(code)).find("pre")
    assert block.text_content() == "if a < b:\n\tprint(1)\n\n    # 끝"
    assert block.xpath("descendant-or-self::*/@class") == ["language-python"]


def test_folded_text_of_both_eras_can_be_read():
    new = (
        '<div data-ke-type="moreLess" data-text-more="정답 보기" data-text-less="닫기">'
        '<a class="btn-toggle-moreless">정답 보기</a><div class="moreless-content"><p>42</p></div></div>'
    )
    old = (
        '<button class="btn_more" id="more98_0">정답 보기</button><div class="moreless_content" style="display: none;">'
        '<button type="button" class="btn_less"><span>접기</span></button><p>42</p></div>'
    )
    for markup in (new, old):
        assert clean(markup, BASE) == (
            '<details data-ke-type="moreLess"><summary>정답 보기</summary><p>42</p></details>'
        )


def test_a_file_box_becomes_a_link_with_name_and_size():
    box = body(
        '<p><figure class="fileblock"><a href="/f/1?attach=1&knm=a.pdf"><div class="image"></div><div class="desc">'
        '<div class="filename"><span class="name">보고서.pdf</span></div><div class="size">0.10MB</div></div></a>'
        "</figure></p>"
    )
    assert box.find(".//a").get("href") == "https://blog.example/f/1?attach=1&knm=a.pdf"
    assert box.text_content() == "보고서.pdf 0.10MB"


def test_an_emoticon_is_a_picture():
    address = "https://t1.daumcdn.net/keditor/emoticon/friends1/large/001.gif"
    block = f'<figure data-ke-type="emoticon" data-emoticon-src="{address}">'
    assert sources(f'{block}<img src="{address}" width="150"></figure>') == [address]
    assert sources(f"{block}</figure>") == [address]


def test_the_colour_of_a_font_tag_stays():
    assert clean('<font color="#ff0000" size="3">빨강</font>', BASE) == '<span style="color: #ff0000;">빨강</span>'


def test_one_empty_line_stays_and_a_run_of_them_becomes_one():
    blank = '<p data-ke-size="size16">&nbsp;</p>'
    assert clean(f"<p>가</p>{blank}<p>나</p>", BASE) == f"<p>가</p>{blank}<p>나</p>"
    assert clean(f"<p>가</p>{blank}\n{blank}<p><br></p><p></p><p>나</p>", BASE).count("<p") == 3


# --- links and images -----------------------------------------------------------------------------------------------

def test_addresses_become_absolute_and_percent_encoded():
    page = body(
        '<a href="/entry/한글 글?a=b#c">가</a><a href="//x.example/y">나</a><a href="mailto:a@b.example">다</a>'
        '<img src="그림.png">'
    )
    assert page.xpath(".//a/@href") == [
        "https://blog.example/entry/%ED%95%9C%EA%B8%80%20%EA%B8%80?a=b#c", "https://x.example/y", "mailto:a@b.example",
    ]
    assert page.xpath(".//img/@src") == ["https://blog.example/%EA%B7%B8%EB%A6%BC.png"]


@pytest.mark.parametrize("href", [
    "javascript:alert(1)", "java\tscript:alert(1)", " \x01javascript:x", "data:text/html,x", "vbscript:x",
    "file:///etc/passwd", "ftp://x.example/", "http://[", "", "&#106;avascript:x", "https://a&quot;b/",
])
def test_a_link_to_nowhere_becomes_its_text(href):
    assert clean(f'<p><a href="{href}">읽기</a></p>', BASE) == "<p>읽기</p>"


def test_what_an_author_says_of_a_link_stays():
    link = body('<a href="/x" rel="sponsored evil" target="_blank">가</a>').find("a")
    assert (link.get("rel"), link.get("target")) == ("sponsored noopener noreferrer", None)


@pytest.mark.parametrize("pixel", [
    '<img src="https://x.example/c.gif" width="1" height="1">', '<img src="https://x.example/c.gif" width=0>',
    '<img src="https://x.example/c.gif" style="width:1px;height:1px">',
    '<img src="https://www.google-analytics.com/collect?v=1">',
])
def test_tracking_pixels_go(pixel):
    assert sources(pixel) == []


@pytest.mark.parametrize(("thumb", "expected"), [
    ("https:" + THUMB, IMAGE),
    (THUMB, IMAGE),
    (THUMB.replace("img1", "i1"), IMAGE),
    ("https://img1.daumcdn.net/thumb/C148x148/?fname=http%3A%2F%2Fcfile1.uf.tistory.com%2Fimage%2FAB&scode=mtistory2",
     "http://cfile1.uf.tistory.com/image/AB"),
    (f"https://img1.daumcdn.net/thumb/R750x0/?scode=mtistory2&fname={IMAGE}?a=1&b=2", f"{IMAGE}?a=1&b=2"),
    ("https://img1.daumcdn.net/thumb/R750x0/?fname=https%253A%252F%252Fx.example%252Fa.png", "https://x.example/a.png"),
    (IMAGE, IMAGE),
    ("https://x.example/thumb/?fname=https://y.example/z.png",
    "https://x.example/thumb/?fname=https://y.example/z.png"),
])
def test_the_original_behind_a_thumbnail(thumb, expected):
    assert original(thumb) == expected


@pytest.mark.parametrize(("named", "content", "expected"), [
    (THUMB, "", IMAGE),
    ("/own.png", "", "https://blog.example/own.png"),
    (None, f'<p><img src="{IMAGE}"></p>', IMAGE),
    ("https://t1.daumcdn.net/tistory_admin/static/images/openGraph/opengraph.png", f'<img src="{IMAGE}">', IMAGE),
    ("https://t1.daumcdn.net/tistory_admin/static/images/no-image-v1.png", "<p>글</p>", None),
    # A thumbnail whose inner address was damaged in a dump.
    ("https://img1.daumcdn.net/thumb/R800x0/?fname=https3A2F2Fx.example2Fa.png", f'<img src="{IMAGE}">', IMAGE),
    (None, f'<img src="/icon.png" width="40"><img src="{IMAGE}" width="640">', IMAGE),
    (None, '<figure data-ke-type="emoticon"><img src="/happy.gif"></figure>', None),
    (None, "<img src='https://t1.daumcdn.net/keditor/emoticon/niniz/large/001.gif' width=300>", None),
    ("data:image/png;base64,AA", "", None),
    ("", "", None),
])
def test_the_image_that_leads_a_post(named, content, expected):
    assert lead_image(named, content, BASE) == expected


@pytest.mark.parametrize(("written", "code"), [
    (('<pre><code><table class="hljs-ln"><tbody><tr><td class="hljs-ln-numbers">1</td><td>if a:</td></tr><tr>'
     '<td class="hljs-ln-numbers">2</td><td>    b()</td></tr></tbody></table></code></pre>'), "if a:\n    b()\n"),
    ("<pre><div>if a:</div><div>    b()</div></pre>", "if a:\n    b()\n"),
    ('<pre><ol><li>if a:</li><li>    <span class="kw">b</span>()</li></ol></pre>', "if a:\n    b()\n"),
    ("<pre><code>if a:\n    b()\n</code></pre>", "if a:\n    b()\n"),
])
def test_code_laid_out_by_a_highlighter_is_lines_of_text(written, code):
    (block,) = body(written).iter("pre")
    assert block.text_content() == code
    assert not list(block.iter("table", "td", "div", "ol", "li"))


@pytest.mark.parametrize(("names", "language"), [
    ("brush:java;", "java"), ("brush: c++; toolbar: false", "c++"), ("language-python hljs", "python"),
])
def test_the_language_of_code_in_every_spelling(names, language):
    assert f'class="language-{language}"' in clean(f'<pre class="{names}">x</pre>', BASE)


@pytest.mark.parametrize("text", [
    "<form name=f><p>앞</p><p>뒤</p></form>", "<nav>앞</nav><nav>뒤</nav>",
    "<fieldset><legend>앞</legend><p>뒤</p></fieldset>", "<menu>앞</menu><menu>뒤</menu>",
])
def test_blocks_of_other_times_stay_apart(text):
    assert plain_text(clean(text, BASE)).split() == ["앞", "뒤"]


def test_the_buttons_of_a_slide_go_whatever_they_are_made_of():
    slide = (
        '<figure class="imageslideblock"><div class="image-container"><span data-url="{0}"><img src="{0}"></span></div>'
        '<a class="btn btn-prev"><span>이전</span></a><a class="btn btn-next">다음</a><ul class="mark"><li>1</li></ul>'
        "<figcaption>설명</figcaption></figure>"
    )
    assert plain_text(clean(slide.format(IMAGE), BASE)) == "설명"
    elsewhere = '<p><span class="mark">형광</span> <a class="btn" href="/1">단추</a></p>'
    assert plain_text(clean(elsewhere, BASE)) == "형광 단추"


@pytest.mark.parametrize("flag", ['data-lazy="true"', 'data-original="1"', 'data-src="lazyload"'])
def test_a_flag_of_a_loader_is_no_address(flag):
    assert body(f'<img {flag} src="{IMAGE}">').xpath("//img/@src") == [IMAGE]


def test_a_line_drawn_as_a_picture_is_no_counter():
    assert body(f'<img src="{IMAGE}" width="700" height="1">').xpath("//img/@src") == [IMAGE]
    assert body(f'<img src="{IMAGE}" width="1" height="1">').xpath("//img") == []


def test_the_icon_of_an_old_file_leads_no_post():
    icon = '<img src="https://i1.daumcdn.net/cfs.tistory/v/0/blog/image/extension/zip.gif">'
    assert lead_image(None, clean(icon, BASE), BASE) is None


def test_a_frame_that_a_loader_holds_back_is_found():
    frame = '<iframe src="about:blank" data-src="https://www.youtube.com/embed/dQw4w9WgXcQ"></iframe>'
    assert body(frame).xpath("//a/@href") == ["https://www.youtube.com/watch?v=dQw4w9WgXcQ"]
