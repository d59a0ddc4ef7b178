"""Bytes to text: every row is a page some Korean server sends."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.decode import decode, known

TEXT = "뷁과 똠방각하: 오늘은 펲시콜라를 마셨다. 날씨가 맑고 바람이 차다."
PLAIN = "<html><head>{meta}<title>제목</title></head><body><p>" + TEXT + "</p></body></html>"


def page(encoding: str, label: str | None = None, *, late: int = 0) -> bytes:
    meta = ("<!-- " + "x" * late + " -->" if late else "") + (f'<meta charset="{label}">' if label else "")
    return PLAIN.format(meta=meta).encode(encoding)


@pytest.mark.parametrize(
    ("body", "header"),
    [
        pytest.param(page("utf-8"), None, id="utf-8, nothing said"),
        pytest.param(page("utf-8"), "utf-8", id="utf-8, said"),
        pytest.param(codecs.BOM_UTF8 + page("utf-8"), "euc-kr", id="byte order mark before the header"),
        pytest.param(page("utf-16"), None, id="utf-16 with its mark"),
        pytest.param(codecs.BOM_UTF16_BE + page("utf-16-be"), None, id="utf-16, big end first"),
        pytest.param(page("utf-16-le"), "utf-16le", id="utf-16 by the header"),
        pytest.param(page("utf-8", "utf-16"), None, id="utf-8 that calls itself utf-16"),
        pytest.param(page("utf-8", "euc-kr"), None, id="utf-8 that calls itself euc-kr"),
        pytest.param(page("utf-8"), "euc-kr", id="utf-8 under an euc-kr header"),
        pytest.param(page("utf-8", "utf-8"), "ISO-8859-1", id="utf-8 under a Latin-1 header"),
        pytest.param(page("cp949", "euc-kr"), None, id="cp949 as euc-kr"),
        pytest.param(page("cp949"), "euc-kr", id="cp949 under an euc-kr header"),
        pytest.param(page("cp949", "euc-kr"), "ISO-8859-1", id="the page's word before a Latin-1 header"),
        pytest.param(page("cp949", "euc-kr"), "utf-8", id="cp949 under a utf-8 header"),
        pytest.param(page("cp949"), "utf-8", id="cp949, header says utf-8, page says nothing"),
        pytest.param(page("cp949"), None, id="cp949, nothing said"),
        pytest.param(page("cp949"), "ISO-8859-1", id="cp949, Latin-1 header, page says nothing"),
        pytest.param(page("cp949", "windows-949"), None, id="windows-949"),
        pytest.param(page("cp949", "x-windows-949"), None, id="x-windows-949"),
        pytest.param(page("cp949", "ksc_5601"), None, id="ksc_5601"),
        pytest.param(page("cp949", "ks_c_5601-1987"), None, id="ks_c_5601-1987"),
        pytest.param(page("cp949", "ms949"), None, id="ms949"),
        pytest.param(page("cp949", "euc-kr", late=20_000), None, id="declared 20 KB into the head"),
        pytest.param(page("cp949", "made-up-8"), None, id="unknown name"),
        pytest.param(page("utf-8", "utf-7"), "utf-7", id="utf-7 is never believed"),
        pytest.param(page("utf-8"), "utf\x00-8", id="NUL in the name"),
    ],
)
def test_the_text_is_right(body: bytes, header: str | None) -> None:
    assert TEXT in decode(body, header)


def test_one_bad_byte_costs_one_character() -> None:
    spoiled = page("utf-8").replace("날씨".encode(), "날씨".encode() + b"\xff", 1)
    assert decode(spoiled).replace("\ufffd", "").count(TEXT) == 1
    assert decode(spoiled).count("\ufffd") == 1


def test_a_cut_page_keeps_its_text() -> None:
    whole = page("utf-8")
    assert "날씨가" in decode(whole[: whole.index("차다".encode()) + 1])


def test_seven_bit_text_is_read_when_declared() -> None:
    assert "오늘은 맑다" in decode('<meta charset="iso-2022-kr"><p>오늘은 맑다</p>'.encode("iso-2022-kr"))
    assert "天気" in decode('<meta charset="iso-2022-jp"><p>天気</p>'.encode("iso-2022-jp"))


def test_latin_pages_stay_latin() -> None:
    body = "<meta charset=iso-8859-1><p>Un été à Séoul, déjà vu; garçon, Noël et après.</p>".encode("cp1252")
    assert "été à Séoul" in decode(body, "ISO-8859-1")


def test_japanese_and_chinese_labels_are_believed() -> None:
    assert "東京の天気" in decode("<meta charset=shift_jis><p>東京の天気</p>".encode("shift_jis"))
    assert "今天天气" in decode("<meta charset=gb2312><p>今天天气很好</p>".encode("gbk"))


@pytest.mark.parametrize("label", ["utf-7", "base64", "rot13", "hex", "nope", "", None, "한글", "\x00"])
def test_names_that_are_no_page_encoding(label: str | None) -> None:
    assert known(label) is None


@given(st.binary(max_size=400), st.sampled_from([None, "utf-8", "euc-kr", "iso-8859-1", "utf-16", "iso-2022-kr", "x"]))
def test_any_bytes_become_text_that_can_be_written(body: bytes, header: str | None) -> None:
    assert decode(body, header).encode("utf-8") is not None


@given(st.text(alphabet=st.characters(min_codepoint=0x20, exclude_categories=["Cs"])))
def test_utf8_comes_back_unchanged(text: str) -> None:
    assert decode(("a" + text).encode("utf-8"), "euc-kr") == "a" + text
