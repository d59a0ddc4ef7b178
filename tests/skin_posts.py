"""Posts whose truth is known: what their author wrote, beside what Tistory's editors made of it."""

# ruff: noqa: E501 - markup reads best as one block to a line.

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from html import escape

KST = timezone(timedelta(hours=9))
BLOG_TITLE = "느린 우체국"
NO_IMAGE = "this.onerror=null; this.src='//t1.daumcdn.net/tistory_admin/static/images/no-image-v1.png'; this.srcset='//t1.daumcdn.net/tistory_admin/static/images/no-image-v1.png';"


@dataclass(frozen=True)
class Block:
    """One block of the editor, and what a reader of it must find."""

    html: str
    """Markup; `⟦full KEY⟧` and `⟦thumb KEY⟧` stand for a picture's addresses, which depend on the era."""
    says: tuple[str, ...] = ()
    """Its texts in order; one that begins with `?` may be left out (cards, captions of videos, buttons)."""
    shows: tuple[tuple[str, str], ...] = ()
    """Its pictures: key (an address, or `A/B/C/name` at Kakao's) and alternative text."""
    keeps: tuple[str, ...] = ()
    """What the cleaned HTML must still hold, letter by letter."""


@dataclass(frozen=True, kw_only=True)
class Written:
    """One post of the blog."""

    name: str
    number: int
    title: str
    blocks: tuple[Block, ...]
    category: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    slug: str = ""
    """The `/entry/` name where the blog uses such; the title made simple otherwise."""
    published: datetime | None = None
    """None: on the day the page is fetched."""
    updated: datetime | None = None
    """None: never edited."""
    lead: str | None = None
    """Key of the lead picture."""
    og_image: str = "lead"
    """What `og:image` says: `lead`, `default` (Tistory's own picture), or `none`."""
    old: bool = False
    """Written in the old editor, so that every era can serve it."""

    @property
    def html(self) -> str:
        return "\n".join(block.html for block in self.blocks)

    @property
    def says(self) -> tuple[str, ...]:
        return tuple(text for block in self.blocks for text in block.says)

    @property
    def shows(self) -> tuple[tuple[str, str], ...]:
        return tuple(picture for block in self.blocks for picture in block.shows)

    @property
    def keeps(self) -> tuple[str, ...]:
        return tuple(text for block in self.blocks for text in block.keeps)

    def at(self, fetched: datetime) -> datetime:
        """When it was published, seen from a page fetched then."""
        return self.published or fetched.replace(hour=0, minute=3, second=9)


def said(text: str, tag: str = "p", attributes: str = ' data-ke-size="size16"') -> Block:
    return Block(f"<{tag}{attributes}>{text}</{tag}>", (text,))


def old(text: str) -> Block:
    return Block(f'<p style="text-align: justify;"><span style="font-size: 11pt;">{text}</span></p>', (text,))


SPACER = Block('<p data-ke-size="size16">&nbsp;</p>')
OLD_SPACER = Block('<p style="text-align: justify;"><br /></p>')


def image(key: str, alt: str = "", caption: str = "", *, on_img: bool = True, align: str = "alignCenter") -> Block:
    """An image of the new editor; older pages tell its text on the span alone."""
    told = f' alt="{alt}"' if alt and on_img else ""
    under = f"<figcaption>{caption}</figcaption>" if caption else ""
    return Block(
        f'<p><figure class="imageblock {align}" data-ke-mobileStyle="widthOrigin" data-filename="a.png" data-origin-width="900" data-origin-height="600">'
        f'<span data-url="⟦full {key}⟧" data-phocus="⟦full {key}⟧" data-alt="{alt or "null"}"><img src="⟦full {key}⟧" srcset="⟦thumb {key}⟧" '
        f'onerror="{NO_IMAGE}" loading="lazy" width="900" height="600" data-filename="a.png" data-origin-width="900" data-origin-height="600"{told}/></span>{under}</figure>\n</p>',
        (caption,) if caption else (), ((key, alt),),
    )  # fmt: skip


def cfile(address: str, width: int = 600) -> str:
    return f'<img src="{address}" style="max-width:100%;height:auto" width="{width}" height="400" filename="DSC_0012.jpg" filemime="image/jpeg" />'


def grid(*pictures: tuple[str, str]) -> Block:
    cells = "".join(
        f'<span data-url="⟦full {key}⟧" data-phocus="⟦full {key}⟧" data-alt="{alt}" style="width: 49.4%; margin-right: 10px;" data-widthpercent="50" data-is-animation="false" data-origin-width="800" data-origin-height="600">'
        f'<img src="⟦full {key}⟧" srcset="⟦thumb {key}⟧" onerror="{NO_IMAGE}" width="800" height="600" alt="{alt}"/></span>' for key, alt in pictures
    )
    return Block(f'<figure class="imagegridblock">\n  <div class="image-container">{cells}</div>\n</figure>', (), pictures)


def slide(caption: str, *pictures: tuple[str, str]) -> Block:
    wraps = "".join(
        f'<span class="image-wrap{" selected" if not number else ""}" data-url="⟦full {key}⟧" data-phocus="⟦full {key}⟧" data-alt="{alt}"><img src="⟦full {key}⟧" srcset="⟦thumb {key}⟧" width="700" height="500" alt="{alt}"/></span>'
        for number, (key, alt) in enumerate(pictures)
    )
    html = (
        f'<figure class="imageslideblock alignCenter" data-image-count="{len(pictures)}"><div class="image-container">{wraps}<span class="btn btn-prev"><span class="ico-blog ico-prev">이전</span></span><span class="btn btn-next"><span class="ico-blog ico-next">다음</span></span></div>'
        f'<div class="mark">{"<span data-index=0>0</span>" * len(pictures)}</div><figcaption>{caption}</figcaption></figure>'
    )
    return Block(html, (caption,), pictures)


def card(address: str, title: str, about: str, host: str) -> Block:
    html = (
        f'<figure id="og_1612000000000" contenteditable="false" data-ke-type="opengraph" data-ke-align="alignCenter" data-og-type="website" data-og-title="{title}" data-og-description="{about}" data-og-host="{host}" data-og-source-url="{address}" data-og-url="{address}" data-og-image="https://scrap.kakaocdn.net/dn/x/y/z/img.jpg?width=1200&amp;height=630">'
        f'<a href="{address}" target="_blank" rel="noopener" data-source-url="{address}"><div class="og-image" style="background-image: url(\'https://scrap.kakaocdn.net/dn/x/y/z/img.jpg\');">&nbsp;</div>'
        f'<div class="og-text"><p class="og-title" data-ke-size="size16">{title}</p><p class="og-desc" data-ke-size="size16">{about}</p><p class="og-host" data-ke-size="size16">{host}</p></div></a></figure>'
    )
    return Block(html, (f"?{title}", f"?{about}", f"?{host}"), (), (f'href="{address}"',))


def video(host: str, address: str, embedded: str, title: str, caption: str) -> Block:
    html = (
        f'<figure data-ke-type="video" data-ke-style="alignCenter" data-video-host="{host}" data-video-url="{address}" data-video-thumbnail="https://scrap.kakaocdn.net/dn/v/w/x/img.jpg" data-video-width="860" data-video-height="484" data-ke-mobilestyle="widthContent" data-video-title="{title}" data-original-url="" style="width: 860px;">'
        f'<div class="video-wrap"><iframe src="{embedded}" width="860" height="484" frameborder="" allowfullscreen="true"></iframe></div><figcaption>{caption}</figcaption></figure>'
    )
    return Block(html, (f"?{title}", f"?{caption}"), (), (address,))


def code(language: str, source: str) -> Block:
    html = f'<pre id="code_1612000000001" class="{language}" data-ke-language="{language}" data-ke-type="codeblock"><code>{escape(source, quote=False)}</code></pre>'
    return Block(html, (source,), (), (f"language-{language}",))


def folded(more: str, less: str, *inside: Block) -> Block:
    html = f'<div data-ke-type="moreLess" data-text-more="{more}" data-text-less="{less}"><a class="btn-toggle-moreless">{more}</a>\n<div class="moreless-content">\n' + "\n".join(b.html for b in inside) + "\n</div>\n</div>"
    return Block(html, (f"?{more}", *(t for b in inside for t in b.says)), tuple(p for b in inside for p in b.shows))


def folded_long_ago(number: int, more: str, *inside: Block) -> Block:
    html = (
        f'<div><p class="moreless_fold"></p><button type="button" id="more{number}_0" class="btn_more" onclick="toggleMoreLess(this, \'{number}_0\', \'{more}\', \'접기\'); return false;">{more}</button>'
        f'<div id="content{number}_0" class="moreless_content" style="display: none;"><button type="button" id="less{number}_0" class="btn_less">접기</button>' + "".join(b.html for b in inside) + "</div></div>"
    )
    return Block(html, (f"?{more}", *(t for b in inside for t in b.says)), tuple(p for b in inside for p in b.shows))


A, B, C = "http://cfile7.uf.tistory.com/image/23411A4252F0A1B2", "http://cfile30.uf.tistory.com/original/2741", "https://t1.daumcdn.net/cfile/tistory/99A4C3375B0D2E1F"
SOURCE = "def 보내기(편지: str) -> None:\n    if 편지 < \"가\" and len(편지) > 3:\n        print(f\"<p>{편지}</p>\")  # 두 칸\n\n\n\treturn None"
QUERY = "SELECT a\n  FROM b\n WHERE a <> 'x' && 1;"

OLD_EDITOR = Written(
    name="old_editor", number=41, title="담장 위 고양이", category=("여행", "골목"), tags=("담장", "고양이"), slug="담장-위-고양이", old=True, lead=A,
    published=datetime(2014, 3, 5, 22, 41, 7, tzinfo=KST), updated=datetime(2014, 3, 6, 7, 15, 30, tzinfo=KST),
    blocks=(
        old("골목 끝 담장에 고양이가 앉아 있었다. 한참을 서로 바라보았다."), OLD_SPACER,
        Block(f'<p style="text-align: center; clear: none; float: none;"><span class="imageblock" style="display: inline-block; width: 600px; height: auto; max-width: 100%">{cfile(A)}</span></p>', (), ((A, ""),)),
        Block(f'<div class="imageblock center" style="text-align: center; clear: both;">{cfile(B, 500)}<p class="cap1">해 질 무렵의 담장</p></div>', ("해 질 무렵의 담장",), ((B, ""),)),
        Block(f'<div class="imageblock dual" style="text-align: center;"><table cellspacing="5" cellpadding="0" border="0" style="margin: 0 auto;"><tr><td>{cfile(A + "1", 300)}<p class="cap1">왼쪽</p></td><td>{cfile(A + "2", 300)}<p class="cap1">오른쪽</p></td></tr></table></div>',
              ("왼쪽", "오른쪽"), ((A + "1", ""), (A + "2", ""))),
        Block('<div class="txc-textbox" style="border: 1px solid #ccc; padding: 10px;"><p>상자 안에 적은 말</p></div>', ("상자 안에 적은 말",)),
        Block('<blockquote class="tx-quote-tistory"><p>조용한 것이 오래간다.</p></blockquote>', ("조용한 것이 오래간다.",), (), ("<blockquote",)),
        Block('<p><font color="#ff0000" face="돋움">빨간 글씨</font>와 <b>굵은 글씨</b>, <a href="http://example.org/a?b=1&amp;c=2" target="_blank">바깥 고리</a></p>', ("빨간 글씨와", "굵은 글씨", ",", "바깥 고리"), (), ("<b>굵은 글씨</b>", "http://example.org/a?b=1&amp;c=2")),
        Block('<hr class="tx-hr-border-1" />', (), (), ("<hr",)),
        folded_long_ago(41, "뒷이야기 펼치기", old("접어 둔 이야기도 본문이다."), old("두 번째 줄.")),
        Block('<p><iframe width="560" height="315" src="https://www.youtube.com/embed/oldVideo_01" frameborder="0" allowfullscreen=""></iframe></p>', ("?https://www.youtube.com/watch?v=oldVideo_01",), (), ("oldVideo_01",)),
        Block('<ul style="list-style-type: disc;"><li><p>첫째</p></li><li><p>둘째</p></li></ul>', ("첫째", "둘째"), (), ("<li>",)),
    ),
)  # fmt: skip
HTML_TITLE = Written(
    name="html_title", number=42, title="<div> 안의 a < b && \"큰\" '작은' &amp; 그대로", category=("Q&A", "읽고／쓰고"), tags=("C++", "R&D"), slug="div-안의-a-b", old=True, og_image="default",
    published=datetime(2015, 11, 30, 0, 0, 0, tzinfo=KST),
    blocks=(old("제목에 꺾쇠가 있어도 글은 글이다."), Block("<p>본문의 &lt;div&gt; 와 5 &lt; 7 &amp;&amp; 참</p>", ("본문의<div>와5<7&&참",))),
)  # fmt: skip
EMOJI = Written(
    name="emoji", number=43, title="🌧️ 비 오는 날 :: 느린 우체국", slug="🌧️-비-오는-날", tags=tuple(f"꼬리표{n}" for n in range(1, 21)), old=True, lead=C,
    published=datetime(2013, 7, 15, 13, 5, 59, tzinfo=KST), updated=datetime(2016, 1, 2, 3, 4, 5, tzinfo=KST),
    blocks=(old("창밖에 비가 온다 👨‍👩‍👧‍👦 그리고 ☕."), Block(f'<p style="text-align: center;"><span class="imageblock">{cfile(C, 720)}</span></p>', (), ((C, ""),)), old("끝.")),
)  # fmt: skip
NAMESAKE = Written(
    name="namesake", number=44, title=BLOG_TITLE, category=("일상",), tags=("일상",), slug="느린-우체국", old=True, og_image="none", lead=C + "9",
    published=datetime(2012, 12, 31, 23, 59, 58, tzinfo=KST),
    blocks=(old("우체국 이름을 그대로 제목으로 삼았다."), Block(f"<p>{cfile(C + '9', 800)}</p>", (), ((C + "9", ""),)), old("편지는 느리게 간다.")),
)  # fmt: skip
PICTURES = Written(
    name="pictures", number=45, title="사진 모음", category=("여행",), tags=("사진",), slug="사진-모음", lead="bA1/btqP1/pp_1/img.png",
    published=datetime(2016, 5, 6, 0, 30, 1, tzinfo=KST),
    blocks=(
        image("bA1/btqP1/pp_1/img.png", "우체통 앞", "빨간 우체통"), said("사진 사이의 글."), image("bA1/btqP2/pp-2/img.jpg", "골목 고양이", on_img=False, align="floatLeft"),
        image("bA1/btqP3/pp3/img.gif"), SPACER, grid(("bA2/btqG1/gg1/img.jpg", "격자 하나"), ("bA2/btqG2/gg2/img.jpg", "격자 둘")),
        slide("넘겨 보는 사진", ("bA3/btqS1/ss1/img.jpg", ""), ("bA3/btqS2/ss2/img.jpg", "둘째 장")),
        Block('<figure class="imageblock alignCenter" data-origin-width="500" data-origin-height="300"><a href="https://example.net/map" target="_blank" title="지도로"><img src="⟦full bA4/btqL1/ll1/img.png⟧" srcset="⟦thumb bA4/btqL1/ll1/img.png⟧" width="500" height="300" alt="지도"/></a></figure>', (), (("bA4/btqL1/ll1/img.png", "지도"),), ("https://example.net/map",)),
        said("마지막 줄."),
    ),
)  # fmt: skip
EMBEDS = Written(
    name="embeds", number=46, title="붙임 모음", category=("도구", "편집기"), tags=("카드", "영상", "파일"), slug="붙임-모음", lead="bB1/btqE1/ee1/img.jpg",
    published=datetime(2016, 6, 7, 12, 0, 0, tzinfo=KST), updated=datetime(2016, 8, 9, 10, 11, 12, tzinfo=KST),
    blocks=(
        said("붙임을 늘어놓는다."), image("bB1/btqE1/ee1/img.jpg", "책상"), card("https://example.org/page?id=7", "다른 곳의 글", "다른 곳에서 가져온 설명", "example.org"), said("카드 다음 글."),
        video("youtube", "https://www.youtube.com/watch?v=abcDEF_-123", "https://www.youtube.com/embed/abcDEF_-123", "느린 노래", "노래 한 곡"),
        video("kakaotv", "https://play-tv.kakao.com/embed/player/cliplink/400123456", "https://play-tv.kakao.com/embed/player/cliplink/400123456?service=daum_tistory", "카카오 영상", ""),
        Block('<p><iframe src="https://player.vimeo.com/video/76979871" width="640" height="360"></iframe></p>', ("?https://player.vimeo.com/video/76979871",), (), ("76979871",)),
        Block('<p><figure class="fileblock" data-ke-align="alignCenter"><a href="https://blog.kakaocdn.net/dn/fF1/btqF1/ff1/tfile.pdf?attach=1&amp;knm=tfile.pdf" class=""><div class="image"></div><div class="desc"><div class="filename"><span class="name">편지지.pdf</span></div><div class="size">0.12MB</div></div></a></figure></p>',
              ("편지지.pdf", "?(", "?0.12MB", "?)"), (), ("tfile.pdf?attach=1",)),
        Block('<figure data-ke-type="emoticon" data-ke-align="alignCenter" data-emoticon-type="niniz" data-emoticon-name="006" data-emoticon-isanimation="false" data-emoticon-src="https://t1.daumcdn.net/keditor/emoticon/niniz/large/006.gif"><img src="https://t1.daumcdn.net/keditor/emoticon/niniz/large/006.gif" width="150" /></figure>', (), (("https://t1.daumcdn.net/keditor/emoticon/niniz/large/006.gif", "*"),)),
        Block('<iframe data-ke-type="map" src="/proxy/plusmapViewer.php?id=map_1&amp;mapGB=V" width="640" height="480"></iframe>', ("?지도",)),
        Block('<div data-ke-type="html"><!-- 직접 적은 것 --><div class="memo" onclick="steal()"><em>직접 적은</em> HTML 상자</div></div>', ("직접 적은", "HTML 상자"), (), ("<em>직접 적은</em>",)),
        Block('<figure contenteditable="false" data-ke-type="contentSearch" data-cs-kind="book" data-cs-title="느린 책"><a href="https://search.example/book/1"><div class="cs-text"><p>느린 책</p></div></a></figure>', ("?느린 책",)),
        said("붙임 끝."),
    ),
)  # fmt: skip
CODE = Written(
    name="code", number=47, title="코드와 표", category=("도구",), tags=("도구", "Python"), slug="코드와-표", og_image="default",
    published=datetime(2016, 9, 1, 9, 9, 9, tzinfo=KST),
    blocks=(
        said("큰 제목", "h2", ' data-ke-size="size26"'), Block('<p data-ke-size="size18">한 줄 <code>a &lt; b</code> 코드와 <span style="color: #ee2323;">색</span>, <s>지운 말</s></p>', ("한 줄", "a < b", "코드와", "색", ",", "지운 말"), (), ("<code>a &lt; b</code>",)),
        code("python", SOURCE), said("작은 제목", "h4", ' data-ke-size="size20"'), code("sql", QUERY),
        Block('<blockquote data-ke-style="style1"><span style="font-family: \'Noto Serif KR\';">인용 하나</span></blockquote>\n<blockquote data-ke-style="style3">인용 셋<br />둘째 줄</blockquote>', ("인용 하나", "인용 셋", "둘째 줄"), (), ("<blockquote",)),
        Block('<hr contenteditable="false" data-ke-type="horizontalRule" data-ke-style="style6" />', (), (), ("<hr",)),
        Block('<ol style="list-style-type: decimal;" data-ke-list-type="decimal">\n<li>하나\n<ul style="list-style-type: circle;" data-ke-list-type="circle">\n<li>하나의 안</li>\n</ul>\n</li>\n<li>둘</li>\n</ol>', ("하나", "하나의 안", "둘"), (), ("<ol", "<ul", "<li>하나의 안</li>")),
        Block('<table style="border-collapse: collapse; width: 100%;" border="1" data-ke-align="alignLeft" data-ke-style="style12"><tbody><tr><td style="width: 50%;" colspan="2">넓은 칸</td></tr><tr><td>왼 칸</td><td>오른 칸</td></tr></tbody></table>', ("넓은 칸", "왼 칸", "오른 칸"), (), ("<table", 'colspan="2"', "<td>오른 칸</td>")),
    ),
)  # fmt: skip
FOLDED = Written(
    name="folded", number=48, title="접은 글", category=("여행", "골목"), slug="접은-글", lead="bC1/btqM1/mm1/img.png",
    published=datetime(2016, 9, 2, 15, 6, 3, tzinfo=KST), updated=datetime(2016, 9, 2, 15, 6, 4, tzinfo=KST),
    blocks=(
        SPACER, said("펼치기 전의 글."), folded("더 보고 싶으면", "닫기", said("접힌 첫 줄."), image("bC1/btqM1/mm1/img.png", "접힌 사진"), SPACER, folded("한 겹 더", "닫기", said("두 겹 안의 글."))),
        SPACER, SPACER, Block('<p data-ke-size="size16" style="display: none;">숨겨 둔 글도 글쓴이의 것.</p>', ("?숨겨 둔 글도 글쓴이의 것.",)), said("펼친 다음의 글."), SPACER,
    ),
)  # fmt: skip
PICTURE_ONLY = Written(
    name="picture_only", number=49, title="말 없는 사진", category=("일상",), slug="말-없는-사진", lead="bD1/btqO1/oo1/img.jpg",
    published=datetime(2016, 9, 3, 11, 59, 59, tzinfo=KST), blocks=(image("bD1/btqO1/oo1/img.jpg"),),
)  # fmt: skip
EMPTY = Written(
    name="empty", number=50, title="아직 빈 글", slug="아직-빈-글", old=True, og_image="default",
    published=datetime(2016, 9, 4, 0, 59, 59, tzinfo=KST), blocks=(Block("<p>&nbsp;</p>"),),
)  # fmt: skip
LIKE_JUNK = Written(
    name="like_junk", number=52, title="'일상' 카테고리의 글 목록을 정리하며", category=("일상",), tags=("카테고리 없음", "댓글"), slug="목록을-정리하며", old=True, og_image="default",
    published=datetime(2016, 9, 5, 18, 0, 0, tzinfo=KST),
    blocks=(
        old("공유하기 단추를 없앴다. 구독하기도."), Block("<h3>관련글</h3>", ("관련글",)), Block("<h4>'일상' 카테고리의 다른 글</h4>", ("'일상' 카테고리의 다른 글",)),
        Block('<table><tbody><tr><th><a href="/44">느린 우체국</a> <span>(0)</span></th><td>2012.12.31</td></tr></tbody></table>', ("느린 우체국", "(0)", "2012.12.31"), (), ("/44",)),
        old("반응형"), old("728x90"), old("저작자표시 비영리 변경금지"), old("보호되어 있는 글입니다."), old("댓글 3"), Block('<p>TAG <a href="/tag/%EC%9D%BC%EC%83%81">일상</a>, Related Articles</p>', ("TAG", "일상", ", Related Articles")),
        old("2016. 9. 1. 10:00 에 적은 것, by 남"), Block('<div class="memo related-note"><p>수정 삭제 비공개로 변경</p></div>', ("수정 삭제 비공개로 변경",)),
    ),
)  # fmt: skip
TODAY = Written(
    name="today", number=53, title="오늘의 편지", category=("일상",), tags=("오늘",), slug="오늘의-편지", old=True, og_image="default", blocks=(old("오늘 아침에 적는다."), old("오늘 안에 부친다.")),
)  # fmt: skip
PROTECTED = Written(
    name="protected", number=51, title="잠가 둔 편지", category=("여행",), slug="잠가-둔-편지", old=True, og_image="default",
    published=datetime(2016, 9, 4, 20, 0, 0, tzinfo=KST), blocks=(old("잠긴 본문은 페이지에 없다."),),
)  # fmt: skip

POSTS = (TODAY, LIKE_JUNK, EMPTY, PICTURE_ONLY, FOLDED, CODE, EMBEDS, PICTURES, HTML_TITLE, OLD_EDITOR, EMOJI, NAMESAKE)
"""Every public post, the newest first."""
