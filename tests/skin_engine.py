"""A small Tistory: renders skins in the official skin language, wrapped as its servers did in three eras.

The language (`<s_name>` groups, `[##_name_##]` values) is the one of Tistory's skin documentation. What the server adds
around it (head, body containers, buttons, scripts) follows saved pages. Everything that is not the author's own text
holds the word 잡동사니, so that a test sees at once what leaked.
"""

# ruff: noqa: E501 - markup reads best as one block to a line.

from __future__ import annotations

import json
import re
from collections import ChainMap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from html import escape, unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from skin_posts import BLOG_TITLE, KST, POSTS, Written

SKINS = Path(__file__).parent / "skins"
JUNK = "잡동사니"
AUTHOR = "문담 & <우체부>"
DEFAULT_PICTURE = "https://t1.daumcdn.net/tistory_admin/static/images/openGraph/opengraph.png"
EXPIRES = 1782831599  # 2026-06-30 23:59:59 in Korea
NEW = '<img alt="N" src="https://tistory1.daumcdn.net/tistory_admin/blogs/image/category/new_ico_5.gif" style="vertical-align:middle;padding-left:2px;"/>'


@dataclass(frozen=True, kw_only=True)
class Era:
    """When a page was fetched: that, not the post's age, decides its form."""

    name: str
    fetched: datetime
    margin: bool = False
    """The blog's option "paragraph margin": the class that takes the margins away is missing."""

    @property
    def letter(self) -> str:
        return self.name[0]

    @property
    def year(self) -> int:
        return self.fetched.year


@dataclass(frozen=True, kw_only=True)
class Blog:
    """One blog: a skin, and the settings its owner chose."""

    skin: str
    number: int
    host: str = ""
    slugs: bool = False
    related: bool = True
    """The plugin that lists the category's other posts below each post."""
    category_shown: bool = True
    tags_shown: bool = True
    lazy: bool = False
    loose_script: bool = False
    """The scripts' objects are printed as a browser would, without quotes around names."""

    @property
    def tistory(self) -> str:
        return f"{self.skin}-post.tistory.com"

    def home(self, era: Era) -> str:
        return f"{'http' if era.letter == 'A' else 'https'}://{self.host or self.tistory}"

    def path(self, post: Written) -> str:
        return "/entry/" + quote(post.slug) if self.slugs else f"/{post.number}"


@dataclass(frozen=True, kw_only=True)
class Page:
    """What is asked of the blog."""

    kind: str
    """`post`, `protected`, `private`, `notice`, `index`, `cover`, `list`, `tags`, `guestbook`."""
    path: str
    title: str = ""
    posts: tuple[Written, ...] = ()
    number: int = 1
    last: int = 1
    body_id: str = ""

    @property
    def single(self) -> bool:
        return self.kind in {"post", "protected", "private", "notice"}


# --- the skin language -----------------------------------------------------------------------------------------------

_TOKEN = re.compile(r"<(/?)s_([\w-]+)([^>]*)>|\[##_([\w-]+)_##\]")
Node = Any


@cache
def parsed(skin: str) -> list[Node]:
    text, end = (SKINS / skin / "skin.html").read_text("utf-8"), 0
    root: list[Node] = []
    stack: list[tuple[str, list[Node]]] = [("", root)]
    for found in _TOKEN.finditer(text):
        inside = stack[-1][1]
        inside.append(text[end : found.start()])
        end = found.end()
        if found[4]:
            inside.append(("value", found[4]))
        elif not found[1]:
            children: list[Node] = []
            inside.append(("group", found[2], found[3], children))
            stack.append((found[2], children))
        elif stack.pop()[0] != found[2]:
            raise ValueError(f"{skin}: </s_{found[2]}> closes another group")
    root.append(text[end:])
    return root


def rendered(nodes: Iterable[Node], scope: ChainMap[str, Any]) -> str:
    return "".join(node if isinstance(node, str) else _token(node, scope) for node in nodes)


def _token(node: Node, scope: ChainMap[str, Any]) -> str:
    if node[0] == "value":
        return str(scope[node[1]])
    _, name, attributes, children = node
    if option := re.fullmatch(r"(if|not)_var_(.+)", name):
        if f"var_{option[2]}" not in scope:  # an option the skin does not define stays as it is written
            return f"<s_{name}>{rendered(children, scope)}</s_{name}>"
        return rendered(children, scope) if bool(scope[f"var_{option[2]}"]) == (option[1] == "if") else ""
    value = scope[f"s_{name}"]
    if named := re.search(r"name=['\"]([\w-]+)", attributes):
        value = value == named[1]
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "".join(rendered(children, scope.new_child(item)) for item in value)
    return rendered(children, scope) if value else ""


# --- pictures and dates ----------------------------------------------------------------------------------------------


def picture(key: str, era: Era) -> str:
    """The address of a picture as pages of the era give it: signed since mid 2025."""
    if "://" in key:
        return key
    if era.year < 2021:
        return f"https://k.kakaocdn.net/dn/{key}"
    if era.year < 2026:
        return f"https://blog.kakaocdn.net/dn/{key}"
    first, second, _, name = key.split("/")
    query = f"credential=yqXZ&expires={EXPIRES}&allow_ip=&allow_referer=&signature={first}%2Fz{second}%3D"
    return f"https://blog.kakaocdn.net/dna/{first}/{second}/AAAAAAAAAAAA{second}/{name}?{query}"


def lasting(key: str) -> str:
    return key if "://" in key else f"https://blog.kakaocdn.net/dn/{key}"


def thumb(key: str, era: Era, size: str = "R1280x0") -> str:
    whole = picture(key, era)
    return f"https://img1.daumcdn.net/thumb/{size}/?scode=mtistory2&fname={quote(whole, safe='')}"


def with_pictures(html: str, era: Era, *, lazy: bool = False) -> str:
    html = re.sub(r"⟦full ([^⟧]+)⟧", lambda found: picture(found[1], era), html)
    html = re.sub(r"⟦thumb ([^⟧]+)⟧", lambda found: thumb(found[1], era), html)
    if lazy:
        html = re.sub(r'<img src="([^"]+)"', r'<img src="https://tistory1.daumcdn.net/tistory/1/skin/images/loader.svg" data-src="\1"', html)
        html = html.replace(' srcset="', ' data-srcset="').replace("<img ", '<img class="lazyload" ')
    return html


def article_date(at: datetime, era: Era) -> str:
    if era.year < 2020:
        return f"{at:%Y.%m.%d %H:%M}"
    return f"{at.year}. {at.month}. {at.day}. {at:%H:%M}"


def list_date(at: datetime, era: Era) -> str:
    return f"{at:%H:%M:%S}" if at.date() == era.fetched.date() else f"{at:%Y.%m.%d}"


def plain(post: Written) -> str:
    text = " ".join(unescape(re.sub(r"<[^>]+>", " ", post.html)).replace("\xa0", " ").split())
    return "보호되어 있는 글입니다." if post.name == "protected" else text


def summary(post: Written) -> str:
    text = plain(post)
    return text if len(text) < 120 else text[:120] + ".."


def category_link(post: Written) -> str:
    return "/category" + "".join("/" + quote(part, safe="") for part in post.category)


# --- what the server prints around the text --------------------------------------------------------------------------


def ads(place: str, era: Era) -> str:
    google = '<ins class="adsbygoogle" style="display:block" data-ad-client="ca-pub-1">잡동사니 광고</ins><script>(adsbygoogle = window.adsbygoogle || []).push({});</script>'
    if era.letter == "A":
        return f'<div class="tt_adsense_{place}" style="margin: 5px auto;">{google}</div>'
    kakao = '<ins class="kakao_ad_area" style="display:none;" data-ad-unit="DAN-1">잡동사니 728x90</ins>'
    return f'<div class="revenue_unit_wrap"><div class="revenue_unit_item adsense responsive"><div class="revenue_unit_info">반응형 잡동사니</div>{google}{kakao}</div></div>'


def buttons(post: Written, blog: Blog, era: Era, visibility: str = "public") -> str:
    image = thumb(post.lead, era, "R800x0") if post.lead and post.og_image == "lead" else DEFAULT_PICTURE
    share = ""
    if era.letter != "A":
        share = (
            f'<div class="wrap_btn wrap_btn_share"><button type="button" class="btn_post sns_btn btn_share" data-thumbnail-url="{escape(image)}" data-title="{escape(post.title)}" data-description="{escape(summary(post))}" data-profile-name="{escape(AUTHOR)}" data-pc-url="{blog.home(era)}{blog.path(post)}" data-blog-title="{BLOG_TITLE}"><span class="ico_postbtn ico_share">공유하기 잡동사니</span></button><div class="layer_post" id="tistorySnsLayer"></div></div>'
            f'<div class="wrap_btn wrap_btn_etc" data-entry-id="{post.number}" data-entry-visibility="{visibility}" data-category-visibility="public"><button type="button" class="btn_post btn_etc2"><span class="ico_postbtn ico_etc">게시글 관리 잡동사니</span></button></div><button type="button" class="btn_menu_toolbar btn_subscription">구독하기 잡동사니</button>'
        )  # fmt: skip
    support = '<div data-tistory-react-app="SupportButton">응원하기 잡동사니</div>' if era.letter == "C" else ""
    like = (
        f'<div class="postbtn_like"><script>window.ReactionButtonType = "reaction"; window.ReactionReqBody = {{ entryId: {post.number} }}</script>'
        f'<div class="wrap_btn" id="reaction-{post.number}" data-tistory-react-app="Reaction"><button class="btn_post like_btn uoc-icon"><span class="txt_like uoc-text">공감 잡동사니</span></button></div>{share}</div>'
    )  # fmt: skip
    licence = '<a href="https://creativecommons.org/licenses/by-nc-nd/4.0/deed.ko" target="_blank" class="link_ccl" rel="license"><span class="ico_postbtn ico_ccl1">저작자표시 잡동사니</span><span class="screen_out">(새창열림)</span></a>'
    rdf = "<!-- <rdf:RDF><Work rdf:about=\"\"><p>잡동사니</p></Work></rdf:RDF> -->"
    if era.letter == "A":
        return f'<div class="container_postbtn">{like}</div><div class="entry-ccl" style="clear: both; text-align: right;">{licence}</div>\n{rdf}'
    return f'<div class="container_postbtn #post_button_group">{like}<div class="postbtn_ccl" data-ccl-type="1">{licence}</div>\n{rdf}\n{support}</div>'


def other_posts(post: Written, era: Era) -> str:
    if not post.category:
        return ""
    links = [f'<a href="/category/{"/".join(quote(p, safe="") for p in post.category[: n + 1])}">{escape(part)}</a>' for n, part in enumerate(post.category)]
    rows = [("곁다리 잡동사니", 31, "2016.01.02"), ("오늘 잡동사니", 32, "15:13:02")]
    if era.letter != "C":  # the post itself stands among them
        rows.append((post.title, post.number, list_date(post.at(era.fetched), era)))
    table = "".join(f'<tr><th><a href="/{n}?category=7"{" class=current" if n == post.number else ""}>{escape(t)}</a>&nbsp;&nbsp;<span>(0)</span></th><td>{d}</td></tr>' for t, n, d in rows)
    return f"<!-- PostListinCategory - START -->\n<div class=\"another_category another_category_color_gray\"><h4>'{'&nbsp;&gt;&nbsp;'.join(links)}' 카테고리의 다른 글 <i>잡동사니</i></h4><table>{table}</table></div>\n<!-- PostListinCategory - END -->"


def plugins(era: Era) -> str:
    share = '<div class="tt-plugin tt-share-entry-with-sns tt-sns-icon-alignment-center"><iframe src="//www.facebook.com/plugins/like.php"></iframe><a href="#">트위터 잡동사니</a></div>'
    fake = """<script>var copied = '<pre data-ke-type="codeblock"><code>잡동사니</code></pre><div class="contents_style"><p>잡동사니</p></div>';</script><style>.잡동사니 { color: red }</style><noscript><img src="https://잡동사니.example/x.gif"/>잡동사니</noscript>"""
    if era.letter == "A":
        box = '<div id="daumSearchBox"><div id="daumLogo">다음 잡동사니</div><form action="http://search.daum.net/search"><input name="q" id="show_q" value="잡동사니"/></form></div>'
        return f'{share}<div class="ExifInfo">Canon EOS 잡동사니 | Center-weighted average</div>{box}{fake}'
    return share + fake


def described(post: Written, blog: Blog, era: Era, *, alone: bool = True, visibility: str = "public") -> str:
    """`[##_article_rep_desc_##]`: the text and what the server puts around it."""
    text = with_pictures(post.html, era, lazy=blog.lazy)
    related = other_posts(post, era) if alone and blog.related else ""
    after = plugins(era) + ads("bottom", era) + buttons(post, blog, era, visibility) + related
    names = [] if era.margin else ["tt_article_useless_p_margin"]
    names += ["contents_style"] if era.year >= 2021 else []
    if era.letter == "A" or not names:
        return ads("top", era) + text + after
    if era.letter == "B":
        return f'<div class="{" ".join(names)}">{ads("top", era)}{text}{after}</div>'
    system = "            <!-- System - START -->\n\n<!-- System - END -->\n"
    return f'{system}{ads("top", era)}<div class="{" ".join(names)}">{text}</div>\n{system}{after}<div data-tistory-react-app="NaverAd">잡동사니</div>'


def comments(post: Written, era: Era) -> str:
    """`[##_comment_group_##]`: an app since 2022, a form of the server's before."""
    number = post.number
    card = '<div class="tt_box_namecard"><div class="tt_cont"><strong>잡동사니 명함</strong></div></div>'
    if era.letter == "C":
        form = '<form style="margin: 0px;"><div class="tt-area-write"><input type="text" title="이름"><input type="password" title="비밀번호" maxlength="12"></div></form>'
        said = '<ul class="tt-list-reply"><li class="tt-item-reply"><a class="tt-link-user" href="https://guest.tistory.com">손님 잡동사니</a><p class="tt_desc">댓글 잡동사니</p><span class="tt_date">2026. 6. 9. 11:22</span></li></ul>'
        return f'<div data-tistory-react-app="Namecard">{card}</div><div id="entry{number}Comment"><div data-tistory-react-app="Comment"><div class="tt-comment-cont">{said}{form}</div></div></div>'
    item = f'<li id="comment9{number}"><div class="rp_general"><span class="name">손님 잡동사니</span><span class="date">2016.09.30 11:22</span><p>댓글 잡동사니</p></div></li>'
    form = f'<form method="post" action="/comment/add/{number}" onsubmit="return false"><input type="text" name="name"><input type="password" name="password" id="password"><textarea name="comment"></textarea></form>'
    return f'{card}<div id="entry{number}Comment"><div class="comments"><ol>{item}</ol>{form}</div></div>'


# --- values of the skin language -------------------------------------------------------------------------------------


def for_entry(post: Written, blog: Blog, era: Era, page: Page) -> dict[str, Any]:
    at, link = post.at(era.fetched), blog.path(post)
    label = "/".join(post.category) or "카테고리 없음"
    lead = picture(post.lead, era) if post.lead else ""
    owner = page.kind == "private"
    tags = ", ".join(f'<a href="/tag/{quote(tag, safe="")}" rel="tag">{escape(tag)}</a>' for tag in post.tags)
    related = [("곁다리 잡동사니", "/31?category=7", "2016.01.02"), ("오늘 잡동사니", "/32?category=7", "11:21:47")]
    others = [
        {"article_related_rep_type": "text_type", "article_related_rep_link": url, "article_related_rep_title": title, "article_related_rep_date": date, "s_article_related_rep_thumbnail": False}
        for title, url, date in related
    ]
    around = [{f"article_{way}_{name}": value for name, value in (("link", f"/{n}"), ("title", f"{way} 잡동사니"), ("type", "text_type"), ("date", "2016.01.02"))} for way, n in (("prev", 31), ("next", 32))]
    return {
        "article_rep_id": post.number, "article_rep_link": link, "article_rep_title": escape(post.title), "article_rep_category": escape(label), "article_rep_category_link": category_link(post),
        "article_rep_date": article_date(at, era), "article_rep_simple_date": list_date(at, era), "article_rep_author": escape(AUTHOR), "article_rep_summary": escape(summary(post)), "article_rep_rp_cnt": 1, "article_rep_rp_link": f"toggle({post.number})",
        "article_rep_desc": described(post, blog, era, alone=page.single, visibility="private" if owner else "public"),
        "s_article_rep_thumbnail": bool(post.lead), "article_rep_thumbnail_url": f"https://img1.daumcdn.net/thumb/R750x0/?scode=mtistory2&fname={lead}", "article_rep_thumbnail_raw_url": lasting(post.lead) if post.lead else "",
        "s_permalink_article_rep": page.single, "s_index_article_rep": not page.single, "s_tag_label": bool(post.tags) and page.single, "tag_label_rep": tags, "s_rp_count": True, "s_rp": page.single, "s_ad_div": owner,
        "s_ad_m_link": f"/manage/post/{post.number}", "s_ad_m_onclick": "edit()", "s_ad_s1_label": "비공개 잡동사니", "s_ad_s2_label": "공개로 변경 잡동사니", "s_ad_s2_onclick": "show()", "s_ad_t_onclick": "track()", "s_ad_d_onclick": "remove()",
        "s_article_related": bool(post.category) and page.single, "s_article_related_rep": others, "s_article_prev": around[:1] if page.single else (), "s_article_next": around[1:] if page.single else (), "comment_group": comments(post, era) if page.single else "",
        "article_password": f"entry{post.number}password", "article_dissolve": f"reloadEntry({post.number});",
        **{f"notice_rep_{name}": value for name, value in (("link", page.path if page.kind == "notice" else "/notice/7"), ("title", escape(post.title)), ("date", article_date(at, era)), ("author", AUTHOR))}, "notice_rep_desc": described(post, blog, era, alone=False),
        "s_rp_input_form": True, "s_rp_member": True, "s_rp_guest": True, "rp_input_name": "name", "guest_name": "", "rp_input_password": "password", "rp_admin_check": "", "rp_input_homepage": "homepage", "guest_homepage": "", "rp_input_is_secret": "secret", "rp_input_comment": "comment", "rp_onclick_submit": f"addComment(this, {post.number})",
        "s_rp_container": True, "s_rp_rep": [{"rp_rep_id": f"comment9{post.number}", "rp_rep_class": "rp_general", "rp_rep_name": "손님 잡동사니", "rp_rep_date": "2016.09.30 11:22", "rp_rep_desc": "댓글 잡동사니", "rp_rep_link": f"{link}#comment9{post.number}"}],
    }  # fmt: skip


def for_list(post: Written, blog: Blog, era: Era) -> dict[str, Any]:
    at = post.at(era.fetched)
    new = NEW if at.date() == era.fetched.date() else ""
    told = {
        "link": blog.path(post), "title": escape(post.title) + new, "title_text": escape(post.title), "regdate": list_date(at, era), "category": escape("/".join(post.category) or "카테고리 없음"), "category_link": category_link(post),
        "rp_cnt": "" if post.number % 2 else "(1)", "author": escape(AUTHOR), "summary": escape(summary(post)), "thumbnail": thumb(post.lead, era, "R750x0") if post.lead else "", "thumbnail_url": lasting(post.lead) if post.lead else "",
    }  # fmt: skip
    return {f"list_rep_{name}": value for name, value in told.items()} | {"s_list_rep_thumbnail": bool(post.lead)}


def for_cover(post: Written, blog: Blog, era: Era) -> dict[str, Any]:
    at = post.at(era.fetched)
    told = {"title": escape(post.title), "url": blog.path(post), "summary": escape(summary(post)), "category": escape("/".join(post.category) or "카테고리 없음"), "category_url": category_link(post), "date": article_date(at, era), "simple_date": list_date(at, era), "comment_count": 1, "thumbnail": thumb(post.lead, era, "R750x0") if post.lead else ""}
    return {f"cover_item_{name}": value for name, value in told.items()} | {"s_cover_item_article_info": True, "s_cover_item_not_article_info": False, "s_cover_item_thumbnail": bool(post.lead)}


CUSTOM = {"cover_item_title": "바깥 잡동사니", "cover_item_url": "https://www.example.org/1", "cover_item_summary": "손으로 적은 것", "s_cover_item_article_info": False, "s_cover_item_not_article_info": True, "s_cover_item_thumbnail": False}


def for_sidebar(blog: Blog, era: Era) -> dict[str, Any]:
    recent = [{"rctps_rep_link": blog.path(p), "rctps_rep_title": escape(p.title), "rctps_rep_rp_cnt": "(1)", "rctps_rep_author": escape(AUTHOR), "rctps_rep_date": list_date(p.at(era.fetched), era), "s_rctps_rep_thumbnail": False} for p in POSTS[:3]]
    popular = [{"rctps_rep_link": f"/{n}", "rctps_rep_title": f"인기 잡동사니 {n}", "rctps_rep_rp_cnt": "", "rctps_rep_author": escape(AUTHOR), "rctps_rep_date": "2016.01.02", "s_rctps_rep_thumbnail": False} for n in (31, 32)]
    items = "".join(f'<li class=""><a href="/category/{quote(c, safe="")}" class="link_item"> {escape(c)} <span class="c_cnt">(3)</span> {NEW}</a><ul class="sub_category_list"><li class=""><a href="/category/{quote(c, safe="")}/{quote(s, safe="")}" class="link_sub_item"> {escape(s)} <span class="c_cnt">(1)</span></a></li></ul></li>' for c, s in (("여행", "골목"), ("Q&A", "읽고／쓰고"), ("도구", "편집기")))
    tree = f'<ul class="tt_category"><li class=""><a href="/category" class="link_tit"> 분류 전체보기 <span class="c_cnt">(13)</span></a><ul class="category_list">{items}</ul></li></ul>'
    days = "".join(f'<td class="cal_day"><a href="/archive/201609{d:02}">{d}</a></td>' for d in (1, 2, 3))
    return {
        "s_rctps_rep": recent, "s_rctps_popular_rep": popular, "s_rctrp_rep": [{"rctrp_rep_link": f"/31#comment{n}", "rctrp_rep_desc": "댓글 잡동사니", "rctrp_rep_name": "손님", "rctrp_rep_time": "2016.09.30"} for n in (901, 902)], "s_rct_notice": True,
        "s_rct_notice_rep": [{"notice_rep_link": "/notice/7", "notice_rep_title": "알림 잡동사니"}], "category": f'<table class="tree">{tree}</table>', "category_list": tree, "s_random_tags": [{"tag_link": "/tag/x", "tag_name": "잡동사니", "tag_class": "cloud3"}],
        "s_archive_rep": [{"archive_link": f"/archive/2016{m:02}", "archive_date": f"2016/{m:02}", "archive_count": "(2)"} for m in (9, 8)], "calendar": f'<table class="tt-calendar"><caption class="cal_month"><a href="/archive/201608">«</a> <a href="/archive/201609">2016/09</a></caption><tr>{days}</tr></table>',
        "count_total": 1234, "count_today": 5, "count_yesterday": 6, "s_sidebar": True, "s_sidebar_element": True,
    }  # fmt: skip


def for_paging(blog: Blog, era: Era, page: Page) -> dict[str, Any]:
    """A post's page has them too: there they lead to other posts."""
    base = page.path.partition("?")[0]
    relative = era.letter == "B" and base == "/"

    def to(number: int) -> str:
        return f"/{30 + number}" if page.single else f"{'' if relative else base}?page={number}"

    shown = sorted({n for n in (1, page.number - 1, page.number, page.number + 1, page.number + 2, page.last) if 0 < n <= page.last})
    reps: list[dict[str, str]] = []
    for before, number in zip([0, *shown], shown, strict=False):
        if number - before > 1:
            reps.append({"paging_rep_link": "", "paging_rep_link_num": "<span>···</span>"})
        reps.append({"paging_rep_link": f'href="{to(number)}"', "paging_rep_link_num": f'<span{" class=selected" if number == page.number else ""}>{number}</span>'})
    more, less = page.number < page.last, page.number > 1
    return {
        "s_paging": page.kind not in {"tags", "cover"}, "s_paging_rep": reps, "prev_page": f'href="{to(page.number - 1)}"' if less else "", "next_page": f'href="{to(page.number + 1)}"' if more else "",
        "no_more_prev": "" if less else "no-more-prev", "no_more_next": "" if more else "no-more-next",
    }  # fmt: skip


def scope(blog: Blog, era: Era, page: Page) -> ChainMap[str, Any]:
    own = {post.name: for_entry(post, blog, era, page) for post in page.posts}
    entries = [own[post.name] for post in page.posts if post.name != "protected"]
    listed = [for_list(post, blog, era) for post in page.posts]
    covers: list[dict[str, Any]] = []
    if page.kind == "cover":
        items = [for_cover(post, blog, era) for post in page.posts]
        covers = [{"s_cover": name, "cover_title": f"{name} 표지", "cover_url": "/category", "s_cover_url": True, "s_cover_item": chosen} for name, chosen in (("featured", [CUSTOM, *items[:2]]), ("list", items))]
    guests = [{"guest_rep_id": "guest1", "guest_rep_class": "guest_general", "guest_rep_name": "손님", "guest_rep_date": "2016.09.30 11:22", "guest_rep_desc": "안녕하세요 /31 잡동사니"}]
    search = {"search_name": "search", "search_text": "", "search_onclick_submit": "try{window.location.href='/search/'+looseURIEncode(document.getElementsByName('search')[0].value)}catch(e){}"}
    return ChainMap({
        "title": BLOG_TITLE, "page_title": escape(page.title), "desc": "느리게 가는 편지를 적습니다.", "blogger": escape(AUTHOR), "image": "https://tistory1.daumcdn.net/tistory/1/attach/logo", "blog_image": '<img src="https://tistory1.daumcdn.net/tistory/1/attach/logo" alt="블로그 이미지"/>',
        "blog_link": blog.home(era) + "/", "rss_url": blog.home(era) + "/rss", "taglog_link": "/tag", "guestbook_link": "/guestbook", "owner_url": blog.home(era) + "/manage", "body_id": page.body_id, "revenue_list_upper": ads("top", era), "revenue_list_lower": ads("bottom", era),
        "blog_menu": '<ul><li class="t_menu_home first"><a href="/" target="">홈</a></li><li class="t_menu_category"><a href="/category/%EC%9D%BC%EC%83%81">일상</a></li><li class="t_menu_link"><a href="/33">소개 잡동사니</a></li><li class="t_menu_guestbook last"><a href="/guestbook">방명록</a></li></ul>',
        "s_t3": True, "s_search": True, **search, "s_article_rep": entries if page.kind in {"post", "private", "index"} or (page.kind == "list" and blog.skin == "odd") else (), "s_article_protected": [own["protected"]] if page.kind == "protected" else (), "s_page_rep": (),
        "s_notice_rep": list(own.values()) if page.kind == "notice" else [for_entry(NOTICE, blog, era, page)] if page.kind == "index" and page.number == 1 else (), "s_list": page.kind == "list", "s_list_rep": listed, "s_list_empty": not listed, "s_list_image": False, "list_image": "",
        "list_conform": escape(page.title), "list_count": len(listed), "list_description": "글 목록", "list_style": "list", "s_cover_group": page.kind == "cover", "s_cover_rep": covers, "s_tag": page.kind == "tags", "s_tag_rep": [{"tag_link": f"/tag/{quote(t, safe='')}", "tag_class": "cloud4", "tag_name": escape(t)} for t in ("고양이", "C++")],
        "s_guest": page.kind == "guestbook", "guestbook_group": '<div data-tistory-react-app="Comment"></div>', "s_guest_input_form": True, "s_guest_member": True, "s_guest_form": True, "guest_input_name": "name", "guest_input_password": "password", "guest_textarea_body": "comment", "guest_onclick_submit": "write()", "s_guest_container": True, "s_guest_rep": guests,
        "var_sidebar": True, "var_scroll": False, "var_color": "#345", **for_sidebar(blog, era), **for_paging(blog, era, page),
    })  # fmt: skip


NOTICE = replace(POSTS[-1], name="notice", number=7, title="알림 잡동사니", category=(), tags=(), slug="알림")


# --- the head --------------------------------------------------------------------------------------------------------


def _meta(name: str, content: str, kind: str = "property") -> str:
    return f'<meta {kind}="{name}" content="{escape(content)}"/>'


def shared_metas(blog: Blog, era: Era, page: Page, post: Written | None) -> list[str]:
    hidden = page.kind == "private"
    about = summary(post) if post else "느리게 가는 편지를 적습니다."
    image = "" if hidden or (post and post.og_image == "none") else DEFAULT_PICTURE
    if image and post and post.lead and post.og_image == "lead" and page.kind == "post":
        image = thumb(post.lead, era, "R800x0")
    title = post.title if post else page.title
    lines = [_meta("description", about, "name"), _meta("og:type", "article" if post else "website")]
    if post:
        lines.append(_meta("og:url", blog.home(era) + page.path))
    elif era.letter == "C" and page.kind != "list":
        lines.append(_meta("og:url", blog.home(era)))
    if post and era.letter == "C":
        lines.append(_meta("og.article.author", AUTHOR))
    lines.append(_meta("og:site_name", BLOG_TITLE))
    lines += [] if hidden else [_meta("og:title", title)]
    lines += [_meta("by", AUTHOR, "name")] if post and not hidden else []
    lines += [_meta("og:description", about)] + ([_meta("og:image", image)] if image else [])
    lines += [_meta("twitter:card", "summary_large_image", "name"), _meta("twitter:site", "@TISTORY", "name"), _meta("twitter:title", title, "name"), _meta("twitter:description", about, "name")]
    return lines


def entry_metas(blog: Blog, era: Era, page: Page, post: Written) -> list[str]:
    at, home = post.at(era.fetched), blog.home(era)
    edited, path = post.updated or at, page.path
    numeric = f"{home}/notice/{post.number}" if page.kind == "notice" else f"{home}/{post.number}"
    clock = f"{at:%Y%m%d%I%M%S}" if era.letter == "C" else f"{at:%Y%m%d%H%M%S}"
    plink = f'<meta content="{numeric}" property="dg:plink" content="{numeric}"/>' if era.letter == "C" else _meta("dg:plink", home + path)
    lines = [plink, _meta("title", post.title, "name"), _meta("article:media_name", BLOG_TITLE, "name"), _meta("article:mobile_url", f"{home}/m{path}"), _meta("article:pc_url", home + path), _meta("article:mobile_view_url", f"https://{blog.tistory}/m{path}"), _meta("article:pc_view_url", f"https://{blog.tistory}{path}")]
    lines += [_meta("article:section", "'국내여행'"), _meta("article:txid", f"{blog.number}_{post.number}"), _meta("article:published_time", at.isoformat()), _meta("og:regDate", clock), _meta("article:modified_time", edited.isoformat())]
    return lines if page.kind != "private" else []


def _json(value: object, era: Era) -> str:
    return json.dumps(value, separators=(",", ":")).replace("/", "\\/") if era.letter != "C" else json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def json_ld(blog: Blog, era: Era, page: Page, post: Written | None) -> str:
    home = blog.home(era)
    data: dict[str, Any]
    if post:
        at, edited = post.at(era.fetched), post.updated or post.at(era.fetched)
        form = "%Y%m%dT%H:%M:%S+09:00" if era.letter != "C" else "%Y-%m-%dT%H:%M:%S" if era.year < 2024 else "%Y-%m-%dT%H:%M:%S+09:00"
        data = {"@context": "http://schema.org", "@type": "BlogPosting", "mainEntityOfPage": {"@id": home + page.path, "name": None}, "url": home + page.path, "headline": post.title, "description": summary(post), "author": {"@type": "Person", "name": AUTHOR}, "image": {"@type": "ImageObject", "url": DEFAULT_PICTURE, "width": "800px", "height": "800px"},
                "datePublished": at.strftime(form), "dateModified": edited.strftime(form), "publisher": {"@type": "Organization", "name": "TISTORY", "logo": {"@type": "ImageObject", "url": DEFAULT_PICTURE}}}  # fmt: skip
    elif page.body_id == "tt-body-category" and era.letter != "A":
        kind = "ItemList" if era.year < 2020 else "BreadcrumbList"
        items = [{"@type": "ListItem", "position": n, "item": {"@id": (home if era.letter == "C" else "") + blog.path(p), "name": p.title}} for n, p in enumerate(page.posts, era.letter != "C")]
        data = {"@context": "http://schema.org", "@type": kind, "itemListElement": items}
    elif era.year < 2020:
        data = {"@context": "http://schema.org", "@type": "ItemList", "itemListElement": [{"@type": "ListItem", "position": 1, "item": {"@id": "/category", "name": "Post List"}}]}
    else:
        data = {"@context": "http://schema.org", "@type": "WebSite", "url": "/", "potentialAction": {"@type": "SearchAction", "target": "/search/{search_term_string}", "query-input": "required name=search_term_string"}}
    return f'<!-- BEGIN STRUCTURED_DATA -->\n<script type="application/ld+json">\n    {_json(data, era)}\n</script>\n<!-- END STRUCTURED_DATA -->'


def scripts(blog: Blog, era: Era, page: Page, post: Written | None) -> tuple[str, str]:
    """Scripts of the head, and the one at the end of the body (2020 on)."""
    own = f'window.TistoryBlog = {{\n    basePath: "",\n    url: "{blog.home(era)}",\n    tistoryUrl: "https://{blog.tistory}",\n    token: "x+y/z=="\n}};\nvar servicePath = "";\nvar blogURL = "";'
    if era.letter == "A":
        return f"<script>{own}</script>", ""
    role = "owner" if page.kind == "private" else "guest"
    config = {"TOP_SSL_URL": "https://www.tistory.com", "PREVIEW": False, "ROLE": role, "PREV_PAGE": "/31" if post else "", "NEXT_PAGE": "/32" if post else "", "BLOG": {"id": blog.number, "name": blog.tistory.split(".")[0], "title": BLOG_TITLE, "nickName": AUTHOR}, "DEFAULT_URL": blog.home(era), "USER": {"name": None, "id": None}}
    lines = [f"if (!window.T) {{ window.T = {{}} }}\nwindow.T.config = {_json(config, era)};"]
    if era.year >= 2026:
        info = {"entryId": post.number, "isAuthor": role == "owner", "categoryId": 7, "categoryLabel": "/".join(post.category) or None} if post else None
        text = _json(info, era)
        if blog.loose_script and info:
            text = "{\n" + "".join(f"    {name}: {_json(value, era)},\n" for name, value in info.items()) + "}"
        lines.append(f"window.T.entryInfo = {text};")
    if era.year < 2020:
        return f"<script>{chr(10).join([*lines, own])}</script>", ""
    entry: object = []
    if post:
        label = (post.category[-1] if era.letter == "B" else "/".join(post.category)) if post.category else "카테고리 없음"
        entry = {"entryId": str(post.number), "entryTitle": post.title, "entryType": "NOTICE" if page.kind == "notice" else "POST", "categoryName": label, "categoryId": "7", "serviceCategoryName": "국내여행", "author": "99", "authorNickname": AUTHOR, "blogNmae": BLOG_TITLE, "image": "kage@" + post.lead.rsplit("/", 1)[0] if post.lead and "://" not in post.lead else None, "plink": page.path, "tags": list(post.tags)}
    tiara = {"svcDomain": "user.tistory.com", "section": "글뷰" if post else "홈", "page": "글뷰" if post else "홈", "key": f"{blog.number}-{post.number}" if post else str(blog.number), "customProps": {"blogId": str(blog.number), "role": role}, "entry": entry}
    return f"<script>{chr(10).join([*lines, own])}</script>", f'<script type="text/javascript">window.tiara = {_json(tiara, era)}</script>'


ASSETS = {"A": "http://s1.daumcdn.net/cfs.tistory/blog/style/", "B": "https://t1.daumcdn.net/tistory_admin/assets/blog/0f1e/blogs/style/", "C": "https://tistory1.daumcdn.net/tistory_admin/userblog/userblog-0f1e2d/static/style/"}


def heads(blog: Blog, era: Era, page: Page) -> tuple[str, str]:
    """What stands before the skin's own head, and what after it."""
    post = page.posts[0] if page.single else None
    canonical = f'<link rel="canonical" href="{blog.home(era)}{page.path if post else ""}"/>'
    metas = shared_metas(blog, era, page, post) + (entry_metas(blog, era, page, post) if post else [])
    style, script = f'<link rel="stylesheet" type="text/css" href="{ASSETS[era.letter]}content.css"/>', scripts(blog, era, page, post)[0]
    data = json_ld(blog, era, page, post)
    if era.letter == "A":
        return "", "\n".join([style, *metas, canonical, data if post else "", script])
    if era.letter == "B":
        return "\n".join([style, "<!-- BEGIN OPENGRAPH -->", canonical, *metas, "<!-- END DAUMAPP -->", data]), "\n".join([style, script])
    return "\n".join([script, style, *metas]), "\n".join([canonical, data, style])


def served(blog: Blog, era: Era, page: Page) -> bytes:
    """The page as the server sends it."""
    html = rendered(parsed(blog.skin), scope(blog, era, page))
    before, after = heads(blog, era, page)
    post = page.posts[0] if page.single else None
    html = re.sub(r"<head[^>]*>", lambda found: found[0] + "\n" + before, html, count=1)
    html = html.replace("</head>", after + "\n</head>", 1)
    html = html.replace("</body>", scripts(blog, era, page, post)[1] + "\n</body>", 1)
    return html.encode()


def served_mobile(blog: Blog, era: Era, post: Written) -> bytes:
    """The mobile view of a post: no skin at all."""
    page = Page(kind="post", path=blog.path(post), title=post.title, posts=(post,))
    before, after = heads(blog, era, page)
    at, tags = post.at(era.fetched), "".join(f'<a href="/m/tag/{quote(t, safe="")}" class="link_tag">#{escape(t)}</a>' for t in post.tags)
    folder = f'<a href="/m{category_link(post)}" class="txt_category">{escape("/".join(post.category) or "카테고리 없음")}</a>'
    return f"""<!DOCTYPE html><html lang="ko"><head>{before}<title>{escape(post.title)}</title>{after}</head><body id="tt-body-page"><div id="kakaoWrap">
<div id="kakaoHead"><h1><a href="/m" class="link_logo">{BLOG_TITLE}</a></h1></div><div id="kakaoContent" role="main"><div id="cMain"><div id="mArticle" class="wrap_blogview"><div class="section_blogview">
<div class="blogview_tit">{folder}<h2 class="tit_blogview">{escape(post.title)}</h2><cite class="by_blog">by <span class="txt_by">{escape(AUTHOR)}</span></cite></div><div class="blogview_info"><time class="txt_date">{at.year}. {at.month}. {at.day}. {at:%H:%M}</time></div>
<div class="blogview_content useless_p_margin">{ads("top", era)}{with_pictures(post.html, era)}<div class="list_tag">{tags}</div>{buttons(post, blog, era)}</div></div>
<div class="viewpaging_wrap"><a href="/m/31" class="link_prev">이전 잡동사니</a><a href="/m/32">다음 잡동사니</a></div><div class="section_relation"><h3>이 블로그 인기 글</h3><a href="/m/31">인기 잡동사니</a></div>{comments(post, era)}
</div></div></div></div>{scripts(blog, era, page, post)[1]}</body></html>""".encode()


ERAS = (
    Era(name="A-2016", fetched=datetime(2016, 10, 4, 12, tzinfo=KST)),
    Era(name="B-2019", fetched=datetime(2019, 11, 20, 12, tzinfo=KST)),
    Era(name="B-2019-margin", fetched=datetime(2019, 11, 20, 12, tzinfo=KST), margin=True),
    Era(name="B-2021", fetched=datetime(2021, 5, 22, 12, tzinfo=KST)),
    Era(name="C-2023-margin", fetched=datetime(2023, 3, 22, 12, tzinfo=KST), margin=True),
    Era(name="C-2026", fetched=datetime(2026, 6, 10, 12, tzinfo=KST)),
    Era(name="C-2026-margin", fetched=datetime(2026, 6, 10, 12, tzinfo=KST), margin=True),
)
BLOGS = (
    Blog(skin="one", number=1001),
    Blog(skin="odyssey", number=1002, slugs=True),
    Blog(skin="bookclub", number=1003, host="post.slow-letters.example"),
    Blog(skin="whatever", number=1004),
    Blog(skin="poster", number=1005, loose_script=True),
    Blog(skin="hello", number=1006, slugs=True, lazy=True, related=False),
    Blog(skin="tatter", number=1007),
    Blog(skin="odd", number=1008, related=False, category_shown=False, tags_shown=False, lazy=True),
)
