"""Charset: which encoding a page is read in."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.adapters.page.source.charset import decode_html


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        (codecs.BOM_UTF8 + "é".encode(), "text/html; charset=iso-8859-1", "é"),
        (codecs.BOM_UTF16_LE + "é".encode("utf-16-le"), None, "é"),
        ("é".encode("cp1251", "replace") + b"\xe9", "text/html; charset=windows-1251", "?й"),
        (b"\x93q\x94", "text/html; charset=ISO-8859-1", "“q”"),
        (b"\x80", 'text/html; charset="latin1"', "€"),
        (b'<meta charset="windows-1250">\xb9', "text/html", '<meta charset="windows-1250">ą'),
        ("日本".encode("shift_jis"), "text/html;charset=x-sjis", "日本"),
        ("中文".encode("gbk"), "text/html; charset=gb2312", "中文"),
        ("中文".encode("gbk"), "text/html; charset=x-gbk", "中文"),
        ("한국".encode("cp949"), "text/html; charset=windows-949", "한국"),
        ("é".encode(), None, "é"),
        (b"caf\xe9", None, "café"),
        (b"caf\xe9", "text/html; charset=utf-8", "caf\ufffd"),
        (b"caf\xe9", "text/html; charset=hex", "café"),
        (b"caf\xe9", "text/html; charset=no-such-thing", "café"),
        (b"", None, ""),
    ],
)
def test_decoding(body: bytes, content_type: str | None, text: str) -> None:
    assert decode_html(body, content_type) == text


@pytest.mark.parametrize(
    "declaration",
    [
        '<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-2">',
        "<META HTTP-EQUIV=content-type CONTENT='text/html;charset=ISO-8859-2'>",
        "<meta charset=iso-8859-2>",
        '<?xml version="1.0" encoding="iso-8859-2"?>',
    ],
)
def test_declarations_in_the_page(declaration: str) -> None:
    body = f"{declaration}<p>zażółć</p>".encode("iso-8859-2")
    assert "zażółć" in decode_html(body, "text/html")


def test_a_declaration_far_down_does_not_count() -> None:
    body = b"<head>" + b" " * 4100 + b'<meta charset="windows-1251">\xe9'
    assert decode_html(body, None).endswith("é")


def test_a_saved_page_may_be_utf8_whatever_it_declares() -> None:
    body = '<meta charset="iso-8859-1"><p>für</p>'.encode()
    assert "für" in decode_html(body, None)


def test_a_page_cannot_declare_utf16_in_ascii() -> None:
    assert decode_html('<meta charset="utf-16">ü'.encode(), None).endswith("ü")


@given(st.binary(max_size=300), st.none() | st.text(max_size=40))
def test_no_bytes_and_no_header_can_make_it_fail(body: bytes, content_type: str | None) -> None:
    assert isinstance(decode_html(body, content_type), str)


@given(
    st.sampled_from(sorted({c for c in codecs.__dict__ if c.startswith("BOM_UTF")})), st.binary()
)
def test_odd_rests_after_a_mark_are_replaced(mark: str, rest: bytes) -> None:
    assert isinstance(decode_html(getattr(codecs, mark) + rest, None), str)
