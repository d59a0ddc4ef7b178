"""The language of a post: as declared, else as written."""

from __future__ import annotations

import pytest

from pipelines.language import language


@pytest.mark.parametrize(("declared", "expected"), [
    ("ko", "ko"), ("ko-KR", "ko-KR"), ("KO_kr", "ko-KR"), (" en ", "en"), ("zh-hant-tw", "zh-Hant-TW"), ("kr", "ko"),
])
def test_a_declared_language_in_its_usual_case(declared, expected):
    assert language(declared, "") == expected


@pytest.mark.parametrize("declared", [None, "", "und", "korean", "k", "ko;q=1", "<ko>", "[##_lang_##]"])
def test_what_declares_nothing_leaves_it_to_the_script(declared):
    assert language(declared, "오늘은 날씨가 좋다") == "ko"
    assert language(declared, "plain words") is None


@pytest.mark.parametrize(("text", "expected"), [
    ("오늘 산에 갔다", "ko"),
    ("Spring Boot 3.2 with PostgreSQL: @Transactional 설정 방법과 주의할 점을 정리한다", "ko"),
    ("今日は山へ行きました", "ja"),
    ("今天我们去了山上", "zh"),
    ("大韓民國의 헌법은 무엇인가", "ko"),
    ("Сегодня мы пошли в горы", None),
    ("We went to the mountains; they call it 산 there, as everybody knows by now", None),
    ("", None), ("1234 !?", None),
])
def test_the_script_tells(text, expected):
    assert language(None, text) == expected


def test_a_template_made_in_english_does_not_make_a_korean_post_english():
    assert language("en", "스킨은 영어이지만 글은 한국어다") == "ko"
    assert language("en", "A post about 김치 and nothing else") == "en"
    assert language("ko", "今天我们去了山上") == "ko"
    assert language("ko-KR", "今日は山へ行きました") == "ja"
